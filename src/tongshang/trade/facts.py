"""What trade publishes."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class _OrderFact(Fact, frozen=True):
    order_id: UUID
    fan_id: UUID
    number: int
    total_fen: int

    def subjects(self) -> tuple[UUID, ...]:
        """List the order and the fan."""
        return (self.order_id, self.fan_id)


class OrderPlaced(_OrderFact, frozen=True):
    """Somebody placed an order; it holds its stock until it is paid or closed."""

    kind: ClassVar[str] = "order.placed"
    zh: ClassVar[str] = "提交订单 {number}"
    en: ClassVar[str] = "Placed order {number}"


class OrderPaid(_OrderFact, frozen=True):
    """WeChat says the order is paid."""

    kind: ClassVar[str] = "order.paid"
    zh: ClassVar[str] = "订单 {number} 已付款"
    en: ClassVar[str] = "Order {number} was paid"
    delivery: str = ""


class DepositPaid(_OrderFact, frozen=True):
    """The deposit of a presale is there: the goods are kept until the balance is paid."""

    kind: ClassVar[str] = "order.deposit_paid"
    zh: ClassVar[str] = "订单 {number} 已付定金 ¥{deposit_yuan}，尾款 ¥{balance_yuan}"
    en: ClassVar[str] = "Deposit of ¥{deposit_yuan} paid for order {number}, ¥{balance_yuan} to come"
    deposit_fen: int
    balance_fen: int
    opens_at: datetime


class BalanceOpened(_OrderFact, frozen=True):
    """From now on the balance of a presale can be paid."""

    kind: ClassVar[str] = "order.balance_opened"
    zh: ClassVar[str] = "订单 {number} 可以付尾款了：¥{balance_yuan}"
    en: ClassVar[str] = "The balance of order {number} can be paid: ¥{balance_yuan}"
    balance_fen: int
    pay_by: datetime


class OrderMissed(_OrderFact, frozen=True):
    """The order was paid, but of goods that are only taken when paid nothing was left: its money goes back."""

    kind: ClassVar[str] = "order.missed"
    zh: ClassVar[str] = "订单 {number} 付款时已售罄，将自动退款"
    en: ClassVar[str] = "Order {number} was paid when nothing was left; the money goes back"


class OrderShipped(_OrderFact, frozen=True):
    """The merchant handed the goods to a carrier."""

    kind: ClassVar[str] = "order.shipped"
    zh: ClassVar[str] = "订单 {number} 已发货"
    en: ClassVar[str] = "Order {number} was shipped"


class OrderCompleted(_OrderFact, frozen=True):
    """The customer has the goods."""

    kind: ClassVar[str] = "order.completed"
    zh: ClassVar[str] = "订单 {number} 已完成"
    en: ClassVar[str] = "Order {number} is complete"


class OrderClosed(_OrderFact, frozen=True):
    """The order came to nothing; its stock is back on the shelf."""

    kind: ClassVar[str] = "order.closed"
    zh: ClassVar[str] = "订单 {number} 已关闭"
    en: ClassVar[str] = "Order {number} was closed"
    reason: str = ""
    coupon_id: UUID | None = None


class OrderRefundAsked(_OrderFact, frozen=True):
    """The merchant promised money back."""

    kind: ClassVar[str] = "order.refund_asked"
    zh: ClassVar[str] = "订单 {number} 发起退款 ¥{amount_yuan}"
    en: ClassVar[str] = "Refund of ¥{amount_yuan} asked for order {number}"
    refund_id: UUID | None = None
    amount_fen: int = 0


class OrderRefunded(_OrderFact, frozen=True):
    """Money came back to the customer."""

    kind: ClassVar[str] = "order.refunded"
    zh: ClassVar[str] = "订单 {number} 退款 ¥{amount_yuan} 已到账"
    en: ClassVar[str] = "¥{amount_yuan} refunded for order {number}"
    refund_id: UUID | None = None
    amount_fen: int = 0
