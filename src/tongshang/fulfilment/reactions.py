"""What fulfilment does when an order is paid, shipped or refunded."""

from tongshang.fulfilment import pickups, telling
from tongshang.fulfilment.facts import ParcelSent
from tongshang.messages.conversations import contacts
from tongshang.messages.notices.model import Occasion
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.trade.facts import OrderPaid, OrderRefunded

reactions = Reactions("fulfilment")


@reactions.inside(OrderPaid)
async def make_pickup_code(tx: Tx, fact: OrderPaid) -> None:
    """An order to be picked up needs a code."""
    if fact.delivery == "pickup":
        await pickups.make_code(tx, order=fact.order_id)


@reactions.inside(OrderPaid)
async def tell_paid(tx: Tx, fact: OrderPaid) -> None:
    """Tell the buyer that the money came; WeChat lets the account write for two days after that."""
    await contacts.keep(tx, fan_id=fact.fan_id, kind="pay", at=tx.now)
    await telling.tell(tx, order=fact.order_id, occasion=Occasion.PAID, subject=fact.order_id)


@reactions.inside(ParcelSent)
async def tell_shipped(tx: Tx, fact: ParcelSent) -> None:
    """Tell the buyer who brings the parcel, under which number."""
    await telling.tell(
        tx, order=fact.order_id, occasion=Occasion.SHIPPED, subject=fact.shipment_id, company=fact.company,
        parcel=fact.parcel_number,
    )  # fmt: skip


@reactions.inside(OrderRefunded)
async def tell_refunded(tx: Tx, fact: OrderRefunded) -> None:
    """Tell the buyer that money went back."""
    await telling.tell(
        tx, order=fact.order_id, occasion=Occasion.REFUNDED, subject=fact.refund_id or fact.order_id,
        amount_fen=fact.amount_fen or None,
    )  # fmt: skip
