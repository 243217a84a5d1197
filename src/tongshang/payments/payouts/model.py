"""The nouns of pay-outs and their life cycle; pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tongshang.platform.machine import Machine
from tongshang.platform.money import Fen


class Face(StrEnum):
    """How the person sees it: as a transfer, or as a red packet with a blessing."""

    TRANSFER = "transfer"
    RED_PACKET = "red_packet"


class PayoutState(StrEnum):
    """Where a pay-out stands."""

    PROMISED = "promised"
    SENT = "sent"
    STALLED = "stalled"
    WAITING = "waiting"
    TAKING = "taking"
    CANCELING = "canceling"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELED = "canceled"


S = PayoutState
# Whatever we heard last, WeChat may tell the end: a notice overtakes the answer to our own call.
OPEN = (S.PROMISED, S.SENT, S.STALLED, S.WAITING, S.TAKING, S.CANCELING)
PAYOUT = Machine(
    start=S.PROMISED,
    moves={
        # Marked before it is sent; the same number may always be sent again.
        "send": {S.PROMISED: S.SENT, S.SENT: S.SENT, S.STALLED: S.SENT},
        # WeChat refused it and does not know its number: a person mends what is wrong and goes on, or calls it off.
        "stall": {S.SENT: S.STALLED},
        # The money is set aside; the person has a day.
        "wait": {S.PROMISED: S.WAITING, S.SENT: S.WAITING, S.STALLED: S.WAITING, S.WAITING: S.WAITING},
        "take": {S.PROMISED: S.TAKING, S.SENT: S.TAKING, S.STALLED: S.TAKING, S.WAITING: S.TAKING,
                 S.CANCELING: S.TAKING},
        # Asked for; only WeChat's word ends it, for the person may be faster.
        "call_off": {S.SENT: S.CANCELING, S.WAITING: S.CANCELING},
        # Never at WeChat, or WeChat says it is called off.
        "drop": dict.fromkeys(OPEN, S.CANCELED),
        "settle": dict.fromkeys(OPEN, S.PAID),
        "fail": dict.fromkeys(OPEN, S.FAILED),
        "expire": dict.fromkeys(OPEN, S.EXPIRED),
    },
)  # fmt: skip
ENDED = frozenset({S.PAID, S.FAILED, S.EXPIRED, S.CANCELED})


@dataclass(frozen=True)
class Payout:
    """One pay-out: who gets what and why, and how far it is."""

    id: UUID
    round_id: UUID | None
    account_id: UUID
    fan_id: UUID
    appid: str
    openid: str
    face: Face
    reason: str
    origin: str
    subject_id: UUID
    amount_fen: Fen
    remark: str
    report: dict[str, str]
    name_sealed: bytes | None = field(repr=False)
    state: PayoutState
    problem: str
    wx_state: str
    wx_bill_no: str | None
    package: str = field(repr=False)
    tries: int
    promised_at: datetime
    sent_at: datetime | None
    locked_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None

    @property
    def number(self) -> str:
        """The out_bill_no."""
        return self.id.hex


@dataclass(frozen=True)
class Round:
    """What staff sent at once, with the same words; `amount_fen` is what each gets."""

    id: UUID
    face: Face
    reason: str
    amount_fen: Fen
    people: int
    remark: str
    report: dict[str, str]
    fan_ids: list[UUID]
    staff_id: UUID
    staff_name: str
    sent_at: datetime
