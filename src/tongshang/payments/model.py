"""The nouns of payments and their life cycles; pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tongshang.platform.machine import Machine
from tongshang.platform.money import Fen


class Mode(StrEnum):
    """Who signs at WeChat Pay: the merchant, or a service provider in its name."""

    DIRECT = "direct"
    PARTNER = "partner"


class Purpose(StrEnum):
    """Why money is asked for."""

    SALE = "sale"
    TEST = "test"
    RECHARGE = "recharge"


class Way(StrEnum):
    """How somebody pays: within WeChat, by scanning, in a browser, by the code at a counter, or by hand."""

    JSAPI = "jsapi"
    NATIVE = "native"
    H5 = "h5"
    MICROPAY = "micropay"
    OFFLINE = "offline"


@dataclass(frozen=True)
class By:
    """What a way to pay needs to know: for H5 whose browser it is, at the counter the code on the screen."""

    way: Way
    payer_ip: str = ""
    auth_code: str = field(default="", repr=False)


class ChargeState(StrEnum):
    """Where a charge stands."""

    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    PAID = "paid"


CHARGE = Machine(
    start=ChargeState.OPEN,
    moves={
        # Somebody may still pay while we are asking WeChat to close: the money wins.
        "pay": {ChargeState.OPEN: ChargeState.PAID, ChargeState.CLOSING: ChargeState.PAID},
        "expire": {ChargeState.OPEN: ChargeState.CLOSING},
        # Only once WeChat has closed every attempt.
        "close": {ChargeState.CLOSING: ChargeState.CLOSED},
    },
)


class AttemptState(StrEnum):
    """Where one order at WeChat Pay stands."""

    ACTIVE = "active"
    CLOSED = "closed"
    PAID = "paid"
    STRAY = "stray"


ATTEMPT = Machine(
    start=AttemptState.ACTIVE,
    moves={
        # A notice may overtake the answer that said closed: the first success pays the charge, whichever attempt.
        "pay": {AttemptState.ACTIVE: AttemptState.PAID, AttemptState.CLOSED: AttemptState.PAID},
        "stray": {AttemptState.ACTIVE: AttemptState.STRAY, AttemptState.CLOSED: AttemptState.STRAY},
        "close": {AttemptState.ACTIVE: AttemptState.CLOSED},
    },
)


class RefundState(StrEnum):
    """Where a refund stands."""

    REQUESTED = "requested"
    SENT = "sent"
    ABNORMAL = "abnormal"
    SETTLED = "settled"
    CLOSED = "closed"


R = RefundState
REFUND = Machine(
    start=R.REQUESTED,
    moves={
        "send": {R.REQUESTED: R.SENT, R.SENT: R.SENT, R.ABNORMAL: R.SENT},
        # The notice may come before the answer to our own call, and twice.
        "settle": {R.REQUESTED: R.SETTLED, R.SENT: R.SETTLED, R.ABNORMAL: R.SETTLED},
        "stall": {R.REQUESTED: R.ABNORMAL, R.SENT: R.ABNORMAL},  # the payer's card is gone: a person decides
        # The promise is released.
        "close": {R.REQUESTED: R.CLOSED, R.SENT: R.CLOSED, R.ABNORMAL: R.CLOSED},
        # Promised once more: a new attempt with a new number.
        "again": {R.CLOSED: R.REQUESTED},
        # WeChat never will (a year is over, the payer's account is gone): given back by hand.
        "hand over": {R.CLOSED: R.SETTLED},
    },
)


class RefundOrigin(StrEnum):
    """Who wanted a refund: somebody above (of a sale, of what was paid ahead), or we ourselves."""

    ASKED = "asked"
    STRAY = "stray"
    TEST = "test"
    RECHARGE = "recharge"


@dataclass(frozen=True)
class Charge:
    """What is asked of a payer for a subject; what was paid and refunded is its paying attempt's."""

    id: UUID
    subject_id: UUID
    purpose: Purpose
    payer_openid: str
    description: str
    amount_fen: Fen
    state: ChargeState
    paid_attempt_id: UUID | None
    transaction_id: str | None
    reason: str
    opened_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Attempt:
    """One order at WeChat Pay; what was paid by hand has no account there.

    `code_url` is what a person scans or a browser goes to, by the way's kind. `sharing`: what is paid is held at
    WeChat, until parts of it went to others and the rest was set free.
    """

    id: UUID
    charge_id: UUID
    account_id: UUID | None
    kind: Way
    appid: str
    sp_appid: str
    payer_openid: str
    amount_fen: Fen
    state: AttemptState
    prepay_id: str
    code_url: str
    prepay_until: datetime | None
    transaction_id: str | None
    paid_fen: Fen
    refunded_fen: Fen
    opened_at: datetime
    paid_at: datetime | None
    closed_at: datetime | None
    sharing: bool

    @property
    def number(self) -> str:
        """The out_trade_no."""
        return self.id.hex


@dataclass(frozen=True)
class Refund:
    """Money promised back; `lines` are the asker's own words, kept and handed back."""

    id: UUID
    charge_id: UUID
    attempt_id: UUID
    subject_id: UUID
    origin: RefundOrigin
    amount_fen: Fen
    reason: str
    lines: list[Any]
    state: RefundState
    problem: str
    tries: int
    asked_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True)
class RefundAttempt:
    """One refund order at WeChat Pay."""

    id: UUID
    refund_id: UUID
    number: int
    state: str
    wx_refund_id: str | None
    sent_at: datetime | None
    accepted_at: datetime | None
    ended_at: datetime | None
    created_at: datetime

    @property
    def wx_number(self) -> str:
        """The out_refund_no."""
        return self.id.hex
