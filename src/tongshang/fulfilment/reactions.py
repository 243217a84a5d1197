"""What fulfilment does when an order is paid."""

from tongshang.fulfilment import pickups
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.trade.facts import OrderPaid

reactions = Reactions("fulfilment")


@reactions.inside(OrderPaid)
async def make_pickup_code(tx: Tx, fact: OrderPaid) -> None:
    """An order to be picked up needs a code."""
    if fact.delivery == "pickup":
        await pickups.make_code(tx, order=fact.order_id)
