"""The nouns of profit sharing and their life cycles; pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from tongshang.platform.machine import Machine
from tongshang.platform.money import Fen


class ReceiverKind(StrEnum):
    """What a receiver's account is, in WeChat's words."""

    MERCHANT = "MERCHANT_ID"
    PERSON = "PERSONAL_OPENID"
    SUB_PERSON = "PERSONAL_SUB_OPENID"


class Relation(StrEnum):
    """What a receiver is to the merchant, in WeChat's words."""

    SERVICE_PROVIDER = "SERVICE_PROVIDER"
    STORE = "STORE"
    STAFF = "STAFF"
    STORE_OWNER = "STORE_OWNER"
    PARTNER = "PARTNER"
    HEADQUARTER = "HEADQUARTER"
    BRAND = "BRAND"
    DISTRIBUTOR = "DISTRIBUTOR"
    USER = "USER"
    SUPPLIER = "SUPPLIER"
    CUSTOM = "CUSTOM"


class Purpose(StrEnum):
    """What a share is to the merchant: the provider's fee, or a partner's part."""

    PLATFORM_FEE = "platform_fee"
    PARTNER = "partner"


class Base(StrEnum):
    """What a rule's part is of: what was paid, or what is left of it after WeChat's fee."""

    PAID = "paid"
    NET = "net"


class ReceiverState(StrEnum):
    """Where a receiver stands at WeChat."""

    ADDING = "adding"
    ACTIVE = "active"
    REFUSED = "refused"
    REMOVING = "removing"
    REMOVED = "removed"


V = ReceiverState
RECEIVER = Machine(
    start=V.ADDING,
    moves={
        "accept": {V.ADDING: V.ACTIVE},
        "refuse": {V.ADDING: V.REFUSED},
        # Another name or relation: told to WeChat once more.
        "change": {V.ACTIVE: V.ADDING, V.REFUSED: V.ADDING, V.ADDING: V.ADDING},
        "remove": {V.ADDING: V.REMOVING, V.ACTIVE: V.REMOVING, V.REFUSED: V.REMOVING},
        "forget": {V.REMOVING: V.REMOVED},
    },
)


class SplitState(StrEnum):
    """Where the sharing of a payment stands."""

    WAITING = "waiting"
    SPLITTING = "splitting"
    STUCK = "stuck"
    RELEASING = "releasing"
    DONE = "done"


S = SplitState
SPLIT = Machine(
    start=S.WAITING,
    moves={
        "share": {S.WAITING: S.SPLITTING},
        # WeChat refused, or a receiver got nothing: a person decides, or the end of the thirty days.
        "stall": {S.SPLITTING: S.STUCK},
        "again": {S.STUCK: S.SPLITTING},
        # Nobody else gets anything any more: the rest is set free.
        "release": {S.WAITING: S.RELEASING, S.SPLITTING: S.RELEASING, S.STUCK: S.RELEASING},
        # Straight from waiting when all of it was refunded: there is nothing left to set free.
        "end": {S.WAITING: S.DONE, S.RELEASING: S.DONE},
    },
)


class ShareState(StrEnum):
    """Where one receiver's part stands."""

    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    DROPPED = "dropped"


H = ShareState
SHARE = Machine(
    start=H.OPEN,
    moves={
        "pay": {H.OPEN: H.PAID},
        "fail": {H.OPEN: H.FAILED},
        "again": {H.FAILED: H.OPEN},
        # Given up: it stays the merchant's.
        "drop": {H.FAILED: H.DROPPED},
    },
)


class ReturnState(StrEnum):
    """Where a share that was asked back stands."""

    ASKED = "asked"
    FAILED = "failed"
    RETURNED = "returned"
    LEFT = "left"


T = ReturnState
RETURN = Machine(
    start=T.ASKED,
    moves={
        "arrive": {T.ASKED: T.RETURNED},
        "fail": {T.ASKED: T.FAILED},
        # Under a new number.
        "again": {T.FAILED: T.ASKED},
        # It stays with the receiver, the merchant bears it: somebody said so, or WeChat takes nothing back there.
        "leave": {T.ASKED: T.LEFT, T.FAILED: T.LEFT},
    },
)


class Rule(msgspec.Struct, frozen=True):
    """How much a receiver gets, as it was agreed when somebody paid."""

    receiver_id: UUID
    purpose: Purpose
    per_myriad: int
    base: Base


@dataclass(frozen=True)
class Receiver:
    """Somebody who gets a part; `name_shown` is what may be seen of the sealed name."""

    id: UUID
    account_id: UUID
    kind: ReceiverKind
    account: str
    name_sealed: bytes | None = field(repr=False)
    name_shown: str
    relation: Relation
    custom_relation: str
    label: str
    purpose: Purpose
    per_myriad: int
    base: Base
    state: ReceiverState
    problem: str
    added_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Split:
    """What is shared of one payment."""

    id: UUID
    attempt_id: UUID
    charge_id: UUID
    subject_id: UUID
    state: SplitState
    rules: list[Rule]
    cap_per_myriad: int
    paid_fen: Fen
    base_fen: Fen | None
    unwound_fen: Fen
    requests: int
    rest_id: UUID | None
    problem: str
    due_at: datetime
    held_until: datetime
    opened_at: datetime
    releasing_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Share:
    """One receiver's part of a split; `planned_fen` is what it was before any refund made it smaller."""

    id: UUID
    split_id: UUID
    receiver_id: UUID
    request_id: UUID
    position: int
    purpose: Purpose
    per_myriad: int
    base: Base
    amount_fen: Fen
    state: ShareState
    problem: str
    asked_back_fen: Fen
    returned_fen: Fen
    left_fen: Fen
    promised_at: datetime
    paid_at: datetime | None
    planned_fen: Fen

    @property
    def there_fen(self) -> Fen:
        """What is with the receiver, and was not asked back yet."""
        kept = self.amount_fen - self.asked_back_fen - self.returned_fen - self.left_fen
        return kept if self.state is ShareState.PAID else 0


@dataclass(frozen=True)
class Request:
    """One request at WeChat."""

    id: UUID
    split_id: UUID
    number: int
    state: str
    wx_order_id: str | None
    sent_at: datetime | None
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Return:
    """A share asked back because of a refund."""

    id: UUID
    share_id: UUID
    split_id: UUID
    refund_id: UUID
    amount_fen: Fen
    number_id: UUID
    tries: int
    state: ReturnState
    problem: str
    sent_at: datetime | None
    asked_at: datetime
    returned_at: datetime | None
    ended_at: datetime | None
