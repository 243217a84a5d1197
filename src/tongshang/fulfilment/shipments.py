"""Parcels: what was handed to which carrier under which number."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.fulfilment.facts import ParcelSent
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Mismatch
from tongshang.trade import orders
from tongshang.trade.model import S
from tongshang.trade.orders import NotExpress
from tongshang.trade.parts import progress

NUMBER = re.compile(r"[A-Za-z0-9-]{4,40}")
COLUMNS = "id, order_id, company, number, shipped_at"
ONE = f"select {COLUMNS} from shipment where merchant_id = $1 and id = $2"
OF_ORDER = f"select {COLUMNS} from shipment where merchant_id = $1 and order_id = $2 order by shipped_at, id"


@dataclass(frozen=True)
class Shipment:
    """A parcel."""

    id: UUID
    order_id: UUID
    company: str
    number: str
    shipped_at: datetime


async def send(tx: Tx, *, shipment: UUID, order: UUID, company: str, number: str) -> Shipment:
    """Hand a parcel of an order over; the first makes the order shipped. Asking twice is asking once."""
    company, number = well_formed(company, number)
    found = await orders.locked(tx, order=order)
    if known := await _known(tx, shipment, order, company, number):
        return known
    if found.delivery != "express":
        raise NotExpress
    if found.state != S.SHIPPED:
        await orders.mark_shipped(tx, order=order)
        await progress.send(tx, order=order)
    return await _hand_over(tx, Shipment(shipment, order, company, number, tx.now))


async def send_again(tx: Tx, *, shipment: UUID, order: UUID, company: str, number: str) -> Shipment:
    """Hand over a parcel that replaces what came back; the order stays where it stands. Asking twice is asking once."""
    company, number = well_formed(company, number)
    await orders.locked(tx, order=order)
    if known := await _known(tx, shipment, order, company, number):
        return known
    return await _hand_over(tx, Shipment(shipment, order, company, number, tx.now))


def well_formed(company: str, number: str) -> tuple[str, str]:
    """Give a carrier and a number as they are kept, or refuse them."""
    company, number = company.strip(), number.replace(" ", "")
    if not 1 <= len(company) <= 30:
        raise Invalid(field="company", problem="1-30")
    if not NUMBER.fullmatch(number):
        raise Invalid(field="number", problem="A-Z 0-9 -, 4-40")
    return company, number


async def _known(tx: Tx, shipment: UUID, order: UUID, company: str, number: str) -> Shipment | None:
    known = await tx.first(Shipment, ONE, tx.merchant, shipment)
    if known and (known.order_id, known.company, known.number) != (order, company, number):
        raise Mismatch
    return known


async def _hand_over(tx: Tx, parcel: Shipment) -> Shipment:
    await tx.insert("shipment", parcel)
    await tx.emit(ParcelSent(parcel.order_id, parcel.id, parcel.company, parcel.number))
    return parcel


async def of_order(tx: Tx, *, order: UUID) -> list[Shipment]:
    """List an order's parcels, first sent first."""
    return await tx.all(Shipment, OF_ORDER, tx.merchant, order)
