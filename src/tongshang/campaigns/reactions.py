"""What campaigns do when orders are paid or come to nothing."""

from collections.abc import Sequence

from tongshang.campaigns import coupons
from tongshang.campaigns.promotions import claims as uses
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.trade.facts import OrderClosed, OrderPaid

reactions = Reactions("campaigns")


@reactions.together(OrderPaid)
async def use_coupon(tx: Tx, facts: Sequence[OrderPaid]) -> None:
    """The order is paid: its coupon is used up."""
    await coupons.use(tx, orders=[fact.order_id for fact in facts])


@reactions.inside(OrderClosed)
async def return_coupon(tx: Tx, fact: OrderClosed) -> None:
    """The order came to nothing: its coupon goes back to its owner."""
    await coupons.undo(tx, order=fact.order_id)


@reactions.together(OrderClosed)
async def return_promotions(tx: Tx, facts: Sequence[OrderClosed]) -> None:
    """The orders came to nothing: what they took of promotions can be had again."""
    await uses.give_back(tx, orders=[fact.order_id for fact in facts])
