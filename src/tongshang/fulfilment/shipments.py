"""Parcels: what was handed to which carrier under which number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.fulfilment.facts import ParcelSent
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Mismatch
from tongshang.trade import orders
from tongshang.trade.model import Delivery
from tongshang.trade.orders import NotExpress
from tongshang.trade.parts import sending
from tongshang.trade.parts.sending import Pieces

NUMBER = re.compile(r"[A-Za-z0-9-]{4,40}")
COLUMNS = "id, order_id, company, number, shipped_at, whole"
ONE = f"select {COLUMNS} from shipment where merchant_id = $1 and id = $2"
OF_ORDER = f"select {COLUMNS} from shipment where merchant_id = $1 and order_id = $2 order by shipped_at, id"
INSIDE = "select shipment_id, line_id, quantity from shipment_line where merchant_id = $1 and order_id = $2"
PACK = """insert into shipment_line (merchant_id, shipment_id, line_id, order_id, quantity)
select $1, $2, x.line_id, $3, x.quantity from jsonb_to_recordset($4::jsonb) as x(line_id uuid, quantity integer)"""


@dataclass(frozen=True)
class Shipment:
    """A parcel."""

    id: UUID
    order_id: UUID
    company: str
    number: str
    shipped_at: datetime
    whole: bool = True
    """Sent as all that was left, without choosing."""


class _Inside(msgspec.Struct, frozen=True):
    shipment_id: UUID
    line_id: UUID
    quantity: int


async def send(
    tx: Tx, *, shipment: UUID, order: UUID, company: str, number: str, pieces: Sequence[Pieces] | None = None
) -> Shipment:
    """Hand a parcel with pieces of an order over, or with all that waits; the last one makes the order shipped.

    Asking twice is asking once; raises TooManySent for more than what waits.
    """
    company, number = well_formed(company, number)
    found = await orders.locked(tx, order=order)
    asked = Shipment(shipment, order, company, number, tx.now, whole=pieces is None)
    if known := await _known(tx, asked):
        if pieces is not None and {one.line_id: one.quantity for one in pieces} != (
            await contents(tx, order=order)
        ).get(shipment):
            raise Mismatch
        return known
    if found.delivery != Delivery.EXPRESS:
        raise NotExpress
    inside = await sending.send(tx, order=found, wanted=pieces)
    await _hand_over(tx, asked)
    if inside:
        await tx.run(PACK, tx.merchant, shipment, order, inside)
    return asked


async def send_again(tx: Tx, *, shipment: UUID, order: UUID, company: str, number: str) -> Shipment:
    """Hand over a parcel that replaces what came back; the order stays where it stands. Asking twice is asking once."""
    company, number = well_formed(company, number)
    await orders.locked(tx, order=order)
    asked = Shipment(shipment, order, company, number, tx.now)
    if known := await _known(tx, asked):
        return known
    return await _hand_over(tx, asked)


def well_formed(company: str, number: str) -> tuple[str, str]:
    """Give a carrier and a number as they are kept, or refuse them."""
    company, number = company.strip(), number.replace(" ", "")
    if not 1 <= len(company) <= 30 or not company.isprintable():
        raise Invalid(field="company", problem="1-30")
    if not NUMBER.fullmatch(number):
        raise Invalid(field="number", problem="A-Z 0-9 -, 4-40")
    return company, number


async def _known(tx: Tx, asked: Shipment) -> Shipment | None:
    known = await tx.first(Shipment, ONE, tx.merchant, asked.id)
    if known and replace(known, shipped_at=asked.shipped_at) != asked:
        raise Mismatch
    return known


async def _hand_over(tx: Tx, parcel: Shipment) -> Shipment:
    await tx.insert("shipment", parcel)
    await tx.emit(ParcelSent(parcel.order_id, parcel.id, parcel.company, parcel.number))
    return parcel


async def of_order(tx: Tx, *, order: UUID) -> list[Shipment]:
    """List an order's parcels, first sent first."""
    return await tx.all(Shipment, OF_ORDER, tx.merchant, order)


async def contents(tx: Tx, *, order: UUID) -> dict[UUID, dict[UUID, int]]:
    """Say of each of an order's parcels how many pieces of which line are in it; others are not in the answer."""
    found: dict[UUID, dict[UUID, int]] = {}
    for one in await tx.all(_Inside, INSIDE, tx.merchant, order):
        found.setdefault(one.shipment_id, {})[one.line_id] = one.quantity
    return found
