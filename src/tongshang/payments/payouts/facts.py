"""What pay-outs publish. `origin` and `subject_id` are the asker's own words, handed back."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class _OfPayout(Fact, frozen=True):
    payout_id: UUID
    fan_id: UUID
    subject_id: UUID
    origin: str
    face: str
    amount_fen: int
    yuan: str

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.fan_id, self.subject_id, self.payout_id)


class PayoutPromised(_OfPayout, frozen=True):
    """A pay-out is promised; `number` 2 and above: gone on with after a person mended what was wrong."""

    kind: ClassVar[str] = "payout.promised"
    zh: ClassVar[str] = "发起付款 ¥{yuan}"
    en: ClassVar[str] = "Pay-out of ¥{yuan} promised"
    number: int


class PayoutWaiting(_OfPayout, frozen=True):
    """WeChat holds the money for the person, who has a day to take it."""

    kind: ClassVar[str] = "payout.waiting"
    zh: ClassVar[str] = "¥{yuan} 待顾客收款"
    en: ClassVar[str] = "¥{yuan} waits to be taken"


class PayoutStalled(_OfPayout, frozen=True):
    """WeChat refused it, and no money moved: a person has to look."""

    kind: ClassVar[str] = "payout.stalled"
    zh: ClassVar[str] = "付款 ¥{yuan} 需要人工处理：{problem}"
    en: ClassVar[str] = "The pay-out of ¥{yuan} needs a person: {problem}"
    problem: str


class PayoutCalledOff(_OfPayout, frozen=True):
    """A person wants it back before it is taken: WeChat has to be told."""

    kind: ClassVar[str] = "payout.called_off"
    zh: ClassVar[str] = "撤销付款 ¥{yuan}"
    en: ClassVar[str] = "Pay-out of ¥{yuan} called off"


class PayoutPaid(_OfPayout, frozen=True):
    """The person has the money."""

    kind: ClassVar[str] = "payout.paid"
    zh: ClassVar[str] = "顾客已收款 ¥{yuan}"
    en: ClassVar[str] = "¥{yuan} taken"


class PayoutReturned(_OfPayout, frozen=True):
    """It ended without the person getting it (failed, expired, canceled): the money is the merchant's again."""

    kind: ClassVar[str] = "payout.returned"
    zh: ClassVar[str] = "付款 ¥{yuan} 未到账，款项已退回：{problem}"
    en: ClassVar[str] = "The pay-out of ¥{yuan} did not reach its person, the money is back: {problem}"
    state: str
    problem: str


class PayoutGrantAsked(Fact, frozen=True):
    """A merchant is asked to let its provider give its money away."""

    kind: ClassVar[str] = "payout.grant_asked"
    account_id: UUID


class PayoutGrantChanged(Fact, frozen=True):
    """Somebody answered, or time did: asked, invited, passed, rejected, expired or canceled."""

    kind: ClassVar[str] = "payout.grant_changed"
    account_id: UUID
    state: str
