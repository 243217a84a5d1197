"""Gathering what papers say, of up to a hundred orders at once."""

from collections.abc import Sequence
from uuid import UUID

from tongshang.fulfilment import shipments
from tongshang.fulfilment.papers import model
from tongshang.fulfilment.papers.model import Kind, Language, Paper
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound
from tongshang.tenancy import merchants
from tongshang.trade import orders, views
from tongshang.trade.model import COLUMNS, Order
from tongshang.trade.refunds import NotPaid

MOST = 100
MANY = f"select {COLUMNS} from orders where merchant_id = $1 and id = any($2) order by number"


async def of_orders(tx: Tx, *, ids: Sequence[UUID], kind: Kind, language: Language) -> list[Paper]:
    """Make a paper for each of some paid orders, by number."""
    if not 1 <= len(set(ids)) <= MOST:
        raise Invalid(field="orders", problem=f"1-{MOST}")
    found = await tx.all(Order, MANY, tx.merchant, list(ids))
    if len(found) != len(set(ids)):
        raise NotFound
    if any(order.paid_at is None for order in found):
        raise NotPaid
    lines = await views.lines_of(tx, ids=[order.id for order in found])
    shop, make = (await merchants.get(tx)).name, model.slip if kind == "slip" else model.receipt
    return [make(order, lines.get(order.id, []), shop=shop, language=language) for order in found]


async def of_parcel(tx: Tx, *, order: UUID, shipment: UUID, language: Language) -> Paper:
    """Make the packing slip of one parcel."""
    found = await orders.get(tx, order=order)
    parcel = next((one for one in await shipments.of_order(tx, order=order) if one.id == shipment), None)
    if parcel is None:
        raise NotFound
    inside = (await shipments.contents(tx, order=order)).get(shipment)
    lines = await orders.lines(tx, order=order)
    shop = (await merchants.get(tx)).name
    name = f"{parcel.company} {parcel.number}"
    return model.slip(found, lines, shop=shop, language=language, inside=inside, parcel=name)
