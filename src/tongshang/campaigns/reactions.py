"""What campaigns do when orders are paid or come to nothing."""

from tongshang.campaigns import coupons
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.trade.facts import OrderClosed, OrderPaid

reactions = Reactions("campaigns")


@reactions.inside(OrderPaid)
async def use_coupon(tx: Tx, fact: OrderPaid) -> None:
    """The order is paid: its coupon is used up."""
    await coupons.use(tx, order=fact.order_id)


@reactions.inside(OrderClosed)
async def return_coupon(tx: Tx, fact: OrderClosed) -> None:
    """The order came to nothing: its coupon goes back to its owner."""
    await coupons.undo(tx, order=fact.order_id)
