"""What profit sharing publishes; `yuan` is the amount for people."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class ReceiverChanged(Fact, frozen=True):
    """WeChat has to hear of a receiver: somebody new, another name, or nobody any more."""

    kind: ClassVar[str] = "sharing.receiver_changed"
    receiver_id: UUID


class PaymentHeld(Fact, frozen=True):
    """A payment that was placed for sharing came: WeChat holds it until it is shared and the rest set free."""

    kind: ClassVar[str] = "sharing.payment_held"
    charge_id: UUID
    attempt_id: UUID


class _OfSplit(Fact, frozen=True):
    split_id: UUID
    attempt_id: UUID
    charge_id: UUID
    subject_id: UUID

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.subject_id, self.charge_id)


class SplitBegun(_OfSplit, frozen=True):
    """Shares were promised; `request` counts from 1."""

    kind: ClassVar[str] = "sharing.begun"
    zh: ClassVar[str] = "发起分账 ¥{yuan}"
    en: ClassVar[str] = "Sharing ¥{yuan} out"
    yuan: str
    request: int


class SharePaid(_OfSplit, frozen=True):
    """A receiver got a share."""

    kind: ClassVar[str] = "sharing.paid"
    zh: ClassVar[str] = "已分账给 {label} ¥{yuan}"
    en: ClassVar[str] = "¥{yuan} shared with {label}"
    share_id: UUID
    label: str
    amount_fen: int
    yuan: str


class SplitStuck(_OfSplit, frozen=True):
    """A person has to look: somebody got no share, or WeChat would not share at all."""

    kind: ClassVar[str] = "sharing.stuck"
    zh: ClassVar[str] = "分账需要人工处理：{problem}"
    en: ClassVar[str] = "Sharing needs a person: {problem}"
    problem: str


class SplitResumed(_OfSplit, frozen=True):
    """Somebody decided: what failed is shared once more, or given up."""

    kind: ClassVar[str] = "sharing.resumed"


class SplitDone(_OfSplit, frozen=True):
    """Nothing of this payment is held any more."""

    kind: ClassVar[str] = "sharing.done"
    zh: ClassVar[str] = "分账完成，剩余资金已解冻"
    en: ClassVar[str] = "Sharing done, the rest is set free"


class ReturnAsked(_OfSplit, frozen=True):
    """A share is asked back because of a refund; `tries` 2 and above: under a new number after a failure."""

    kind: ClassVar[str] = "sharing.return_asked"
    zh: ClassVar[str] = "退款前向 {label} 追回分账 ¥{yuan}"
    en: ClassVar[str] = "¥{yuan} asked back of {label} before the refund"
    return_id: UUID
    label: str
    yuan: str
    tries: int


class ReturnFailed(_OfSplit, frozen=True):
    """A share did not come back: a person decides, the refund waits."""

    kind: ClassVar[str] = "sharing.return_failed"
    zh: ClassVar[str] = "向 {label} 追回分账 ¥{yuan} 失败：{problem}"
    en: ClassVar[str] = "¥{yuan} did not come back from {label}: {problem}"
    return_id: UUID
    label: str
    yuan: str
    problem: str


class ReturnsEnded(_OfSplit, frozen=True):
    """Nothing stands between a refund and WeChat any more, as far as shares are concerned."""

    kind: ClassVar[str] = "sharing.returns_ended"
    refund_id: UUID


class SharesOwed(_OfSplit, frozen=True):
    """A refund was closed after its shares had come back: they are the receivers' still, and a person decides."""

    kind: ClassVar[str] = "sharing.owed"
    zh: ClassVar[str] = "退款未成功，已追回的分账 ¥{yuan} 需要人工处理"
    en: ClassVar[str] = "The refund came to nothing, and ¥{yuan} of shares had come back for it: a person decides"
    refund_id: UUID
    yuan: str


class SharesSettled(_OfSplit, frozen=True):
    """Somebody said what became of shares that came back in vain."""

    kind: ClassVar[str] = "sharing.settled"
    zh: ClassVar[str] = "已追回的分账 ¥{yuan}：{how_zh}（{note}）"
    en: ClassVar[str] = "¥{yuan} of shares that had come back: {how_en} ({note})"
    refund_id: UUID
    yuan: str
    how_zh: str
    how_en: str
    note: str
