"""Merchant delivery: the shop's own people set out with an order, and hand it over. No carrier, no number."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.fulfilment.facts import OrderBrought, OrderSetOut
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.trade import orders
from tongshang.trade.model import Delivery, Order, S
from tongshang.trade.parts import progress

PHONE = re.compile(r"[0-9 -]{0,20}")
COLUMNS = "order_id, courier, phone, sent_at, sent_by, delivered_at, delivered_by"
OF_ORDER = f"select {COLUMNS} from local_delivery where merchant_id = $1 and order_id = $2"
ARRIVED = """update local_delivery set delivered_at = $3, delivered_by = $4
where merchant_id = $1 and order_id = $2 and delivered_at is null"""


class NotLocal(Refused):
    """The shop does not deliver this order itself."""

    code, status, zh = "order.not_local", 409, "该订单不是商家配送订单。"


@dataclass(frozen=True)
class Bringing:
    """Who brings an order, since when, and when it arrived."""

    order_id: UUID
    courier: str
    phone: str
    sent_at: datetime
    sent_by: UUID
    delivered_at: datetime | None = None
    delivered_by: UUID | None = None


async def set_out(tx: Tx, *, order: UUID, courier: str, phone: str, staff: UUID) -> Bringing:
    """Record that somebody is on the way with an order. Asking again is asking once."""
    courier, phone = courier.strip(), phone.strip()
    if len(courier) > 20:
        raise Invalid(field="courier", problem="≤ 20")
    if not PHONE.fullmatch(phone):
        raise Invalid(field="phone", problem="digits, ≤ 20")
    found = await _locked(tx, order)
    if known := await of_order(tx, order=order):
        return known
    await orders.mark_shipped(tx, order=order)
    await progress.send(tx, order=order)
    made = Bringing(order, courier, phone, tx.now, staff)
    await tx.insert("local_delivery", made)
    await tx.emit(OrderSetOut(found.id, found.fan_id, found.number, courier, phone))
    return made


async def arrive(tx: Tx, *, order: UUID, staff: UUID) -> None:
    """Record that an order was handed over at the door: with that it is complete. Harmless when repeated."""
    found = await _locked(tx, order)
    if found.state == S.COMPLETED:
        return
    await progress.receive(tx, order=order)
    if await tx.run(ARRIVED, tx.merchant, order, tx.now, staff):
        await tx.emit(OrderBrought(found.id, found.fan_id, found.number, staff))


async def of_order(tx: Tx, *, order: UUID) -> Bringing | None:
    """Say who brings an order, if somebody has set out with it."""
    return await tx.first(Bringing, OF_ORDER, tx.merchant, order)


async def _locked(tx: Tx, order: UUID) -> Order:
    found = await orders.locked(tx, order=order)
    if found.delivery != Delivery.LOCAL:
        raise NotLocal
    return found
