"""What payments publishes. `yuan` is the amount for people; `subject_id` is whatever the charge was opened for."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class ChargeOpened(Fact, frozen=True):
    """A payer may pay now."""

    kind: ClassVar[str] = "charge.opened"
    zh: ClassVar[str] = "发起收款 ¥{yuan}"
    en: ClassVar[str] = "Payment of ¥{yuan} asked for"
    charge_id: UUID
    subject_id: UUID
    amount_fen: int
    yuan: str

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.subject_id, self.charge_id)


class ChargePaid(Fact, frozen=True):
    """The money is there: said by a signed notice or by WeChat's answer, never by the browser."""

    kind: ClassVar[str] = "charge.paid"
    zh: ClassVar[str] = "收款成功 ¥{yuan}，交易单号 {transaction_id}"
    en: ClassVar[str] = "Paid ¥{yuan}, transaction {transaction_id}"
    charge_id: UUID
    subject_id: UUID
    amount_fen: int
    yuan: str
    transaction_id: str
    paid_at: datetime

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.subject_id, self.charge_id)


class RechargePaid(Fact, frozen=True):
    """As ChargePaid, of what is paid ahead: nothing was sold yet."""

    kind: ClassVar[str] = "charge.recharge_paid"
    zh: ClassVar[str] = "储值收款成功 ¥{yuan}，交易单号 {transaction_id}"
    en: ClassVar[str] = "Paid ¥{yuan} ahead, transaction {transaction_id}"
    charge_id: UUID
    subject_id: UUID
    amount_fen: int
    yuan: str
    transaction_id: str
    paid_at: datetime

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.subject_id, self.charge_id)


class ChargeClosed(Fact, frozen=True):
    """Nobody can pay any more, WeChat says so: what was held for the payer may be given back."""

    kind: ClassVar[str] = "charge.closed"
    zh: ClassVar[str] = "收款已关闭（{reason}）"
    en: ClassVar[str] = "Payment closed ({reason})"
    charge_id: UUID
    subject_id: UUID
    reason: str

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.subject_id, self.charge_id)


class ChargeClosing(Fact, frozen=True):
    """Somebody cancelled a charge that may be under way at WeChat: it has to be closed there first."""

    kind: ClassVar[str] = "charge.closing"
    zh: ClassVar[str] = "正在关闭收款"
    en: ClassVar[str] = "Closing the payment"
    charge_id: UUID
    subject_id: UUID

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.subject_id, self.charge_id)


class ChargeRefused(Fact, frozen=True):
    """WeChat Pay would not take the order; the payer was told to try again."""

    kind: ClassVar[str] = "charge.refused"
    zh: ClassVar[str] = "微信支付拒绝下单：{code} {message}"
    en: ClassVar[str] = "WeChat Pay refused the order: {code} {message}"
    charge_id: UUID
    subject_id: UUID
    code: str
    message: str

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.subject_id, self.charge_id)


class StrayPayment(Fact, frozen=True):
    """Money came for a charge already paid, or already closed; its refund is promised in the same commit."""

    kind: ClassVar[str] = "charge.stray"
    zh: ClassVar[str] = "收到多余付款 ¥{yuan}，已自动退回"
    en: ClassVar[str] = "An extra payment of ¥{yuan} came and is being refunded"
    charge_id: UUID
    subject_id: UUID
    attempt_id: UUID
    refund_id: UUID
    amount_fen: int
    yuan: str
    transaction_id: str

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.subject_id, self.charge_id)


class AttemptLeft(Fact, frozen=True):
    """A charge was paid by another attempt while this one could still be paid: it must be closed at WeChat."""

    kind: ClassVar[str] = "charge.attempt_left"
    zh: ClassVar[str] = "另一笔待支付单需关闭"
    en: ClassVar[str] = "Another open attempt has to be closed"
    charge_id: UUID
    attempt_id: UUID

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.charge_id,)


class _OfRefund(Fact, frozen=True):
    refund_id: UUID
    charge_id: UUID
    subject_id: UUID
    origin: str
    amount_fen: int
    yuan: str

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.subject_id, self.charge_id)


class RefundRequested(_OfRefund, frozen=True):
    """A refund is promised; `number` 2 and above: promised once more after WeChat closed it."""

    kind: ClassVar[str] = "refund.requested"
    zh: ClassVar[str] = "申请退款 ¥{yuan}"
    en: ClassVar[str] = "Refund of ¥{yuan} requested"
    number: int


class RefundSettled(_OfRefund, frozen=True):
    """The money is back with the payer."""

    kind: ClassVar[str] = "refund.settled"
    zh: ClassVar[str] = "退款成功 ¥{yuan}"
    en: ClassVar[str] = "Refunded ¥{yuan}"


class RefundStalled(_OfRefund, frozen=True):
    """A person has to look: the payer's account takes no money, or the merchant's has none."""

    kind: ClassVar[str] = "refund.stalled"
    zh: ClassVar[str] = "退款 ¥{yuan} 需要人工处理：{problem}"
    en: ClassVar[str] = "The refund of ¥{yuan} needs a person: {problem}"
    problem: str


class RefundClosed(_OfRefund, frozen=True):
    """WeChat Pay will not carry this refund out; the promise is released and may be made again."""

    kind: ClassVar[str] = "refund.closed"
    zh: ClassVar[str] = "退款 ¥{yuan} 已关闭：{problem}"
    en: ClassVar[str] = "The refund of ¥{yuan} was closed: {problem}"
    problem: str


class CodeScanned(Fact, frozen=True):
    """Somebody's payment code was scanned, and the password is awaited: what does not end soon is called off."""

    kind: ClassVar[str] = "charge.code_scanned"
    zh: ClassVar[str] = "已扫付款码，等待顾客输入密码"
    en: ClassVar[str] = "A payment code was scanned; the password is awaited"
    charge_id: UUID
    attempt_id: UUID

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.charge_id,)


class OfflinePaid(Fact, frozen=True):
    """Staff took money by hand: who, how and why."""

    kind: ClassVar[str] = "charge.offline_paid"
    zh: ClassVar[str] = "{staff} 登记线下收款 ¥{yuan}：{note}"
    en: ClassVar[str] = "{staff} recorded ¥{yuan} received offline: {note}"
    charge_id: UUID
    subject_id: UUID
    amount_fen: int
    yuan: str
    method: str
    staff: str
    note: str

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.subject_id, self.charge_id)


class OfflineReturned(Fact, frozen=True):
    """Staff gave money back by hand: who, how and why."""

    kind: ClassVar[str] = "refund.offline_returned"
    zh: ClassVar[str] = "{staff} 登记线下退款 ¥{yuan}：{note}"
    en: ClassVar[str] = "{staff} recorded ¥{yuan} given back offline: {note}"
    refund_id: UUID
    charge_id: UUID
    subject_id: UUID
    amount_fen: int
    yuan: str
    method: str
    staff: str
    note: str

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.subject_id, self.charge_id)


class NoticeSuspicious(Fact, frozen=True):
    """A well-signed notice or answer does not agree with what we asked for: nothing was done, a person looks."""

    kind: ClassVar[str] = "pay.suspicious"
    zh: ClassVar[str] = "支付通知与订单不一致：{problem}"
    en: ClassVar[str] = "A payment notice disagrees with the order: {problem}"
    number: str
    problem: str
    charge_id: UUID | None = None

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.charge_id,) if self.charge_id else ()


class CertificatesDue(Fact, frozen=True):
    """WeChat Pay's certificates have to be fetched again."""

    kind: ClassVar[str] = "pay.certificates_due"
    account_id: UUID


class BillDue(Fact, frozen=True):
    """A day's bill has to be fetched and compared; `force` fetches anew what is kept."""

    kind: ClassVar[str] = "bill.due"
    zh: ClassVar[str] = "对账 {day}"
    en: ClassVar[str] = "Reconcile {day}"
    day: date
    force: bool = False


class BillCompared(Fact, frozen=True):
    """A day's bill was compared with our books; `differences` are those still open."""

    kind: ClassVar[str] = "bill.compared"
    zh: ClassVar[str] = "{day} 对账完成，差异 {differences} 笔"
    en: ClassVar[str] = "{day} reconciled, {differences} differences"
    day: date
    state: str
    differences: int


class DifferenceResolved(Fact, frozen=True):
    """A person settled a difference."""

    kind: ClassVar[str] = "bill.difference_resolved"
    zh: ClassVar[str] = "差异已处理：{action} {note}"
    en: ClassVar[str] = "Difference resolved: {action} {note}"
    difference_id: UUID
    day: date
    action: str
    note: str

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.difference_id,)
