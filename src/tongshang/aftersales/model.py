"""Cases and their life cycle."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from tongshang.platform.machine import Machine


class Kind(StrEnum):
    """What is wanted."""

    REFUND_ONLY = "refund_only"
    RETURN = "return_and_refund"
    EXCHANGE = "exchange"
    SELLER = "seller_initiated"


class S(StrEnum):
    """Where a case stands."""

    ASKED = "asked"
    AGREED = "agreed"
    RETURNING = "returning"
    RECEIVED = "received"
    REPLACED = "replaced"
    REFUNDING = "refunding"
    REFUSED = "refused"
    ARBITRATION = "arbitration"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


CASE = Machine(
    start=S.ASKED,
    moves={
        # Saying yes: to a refund at once, or to goods that have to come back first. A merchant may give in later, too.
        "promise": {S.ASKED: S.REFUNDING, S.REFUSED: S.REFUNDING, S.RETURNING: S.REFUNDING, S.RECEIVED: S.REFUNDING,
                    S.ARBITRATION: S.REFUNDING},
        "agree": {S.ASKED: S.AGREED, S.REFUSED: S.AGREED, S.ARBITRATION: S.AGREED},
        "refuse": {S.ASKED: S.REFUSED, S.RETURNING: S.REFUSED},
        "send": {S.AGREED: S.RETURNING, S.RETURNING: S.RETURNING},
        "check in": {S.AGREED: S.RECEIVED, S.RETURNING: S.RECEIVED},
        "replace": {S.RECEIVED: S.REPLACED},
        "finish": {S.REPLACED: S.DONE},
        "settle": {S.REFUNDING: S.DONE},
        "withdraw": {S.ASKED: S.WITHDRAWN, S.AGREED: S.WITHDRAWN, S.REFUSED: S.WITHDRAWN},
        "call": {S.ASKED: S.ARBITRATION, S.REFUSED: S.ARBITRATION, S.RETURNING: S.ARBITRATION,
                 S.RECEIVED: S.ARBITRATION},
        # Nobody sent anything, or nobody called the provider in time; or the provider finds for the merchant.
        "close": {S.AGREED: S.CLOSED, S.REFUSED: S.CLOSED, S.ARBITRATION: S.CLOSED},
        # The pieces' money went back by another way.
        "overtake": {S.ASKED: S.CLOSED, S.AGREED: S.CLOSED, S.RETURNING: S.CLOSED, S.RECEIVED: S.CLOSED,
                     S.REFUSED: S.CLOSED, S.ARBITRATION: S.CLOSED},
    },
)  # fmt: skip

HOLDS = (S.ASKED, S.AGREED, S.RETURNING, S.RECEIVED, S.REPLACED, S.REFUSED, S.ARBITRATION)
"""In these states a case holds its pieces: no other case may be about them."""

ENDED = (S.DONE, S.WITHDRAWN, S.CLOSED)


class Actor(StrEnum):
    """Who did something in a case."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    PROVIDER = "provider"
    CLOCK = "clock"


class By(msgspec.Struct, frozen=True):
    """Who does something, and how he is called there."""

    actor: Actor
    name: str = ""


BUYER, CLOCK = By(Actor.BUYER), By(Actor.CLOCK)


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """Pieces of an order's line in a case, as they were bought, and what they are worth."""

    line_id: UUID
    product_id: UUID
    variant_id: UUID
    title: str
    options: list[str]
    picture_id: UUID | None
    kind: str
    quantity: int
    amount_fen: int
    wanted_id: UUID | None = None
    """Of an exchange, the variant that is wanted instead; None for the same."""
    wanted: list[str] = []


@dataclass(frozen=True)
class Case:
    """A row of aftersale."""

    id: UUID
    number: int
    order_id: UUID
    fan_id: UUID
    kind: Kind
    state: S
    reason: str
    words: str
    pictures: list[UUID]
    lines: list[CaseLine]
    asked: dict[str, Any]
    worth_fen: int
    freight_fen: int
    amount_fen: int
    offer_fen: int | None
    refund_id: UUID
    by_staff: UUID | None
    asked_at: datetime
    moved_at: datetime
    due_at: datetime | None
    moves: int
    ended_at: datetime | None
    ended_because: str
    return_to: dict[str, Any] | None
    parcel_company: str
    parcel_number: str
    checked_at: datetime | None
    condition: str
    replacement_id: UUID | None
    called_by: str | None
    called_at: datetime | None
    ruled_for: str | None
    ruled_at: datetime | None
    ruling: str
    note: str

    @property
    def returns(self) -> bool:
        """Say whether goods have to come back."""
        return self.kind in (Kind.RETURN, Kind.EXCHANGE)


@dataclass(frozen=True)
class Entry:
    """One thing that happened, or was said, in a case."""

    id: UUID
    case_id: UUID
    nth: int
    at: datetime
    actor: Actor
    actor_name: str
    what: str
    words: str
    pictures: list[UUID]
    data: dict[str, Any]


COLUMNS = """id, number, order_id, fan_id, kind, state, reason, words, pictures, lines, asked, worth_fen, freight_fen,
amount_fen, offer_fen, refund_id, by_staff, asked_at, moved_at, due_at, moves, ended_at, ended_because, return_to,
parcel_company, parcel_number, checked_at, condition, replacement_id, called_by, called_at, ruled_for, ruled_at, ruling,
note"""
ONE = f"select {COLUMNS} from aftersale where merchant_id = $1 and id = $2"
ENTRIES = """select id, case_id, nth, at, actor, actor_name, what, words, pictures, data from aftersale_entry
where merchant_id = $1 and case_id = $2 order by nth"""
