"""Shipping from the console, by parcel or by the shop's own people, and where goods are picked up."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, put

from tongshang.fulfilment import bringing, pickups, shipments
from tongshang.fulfilment.pickups import Place
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.trade import orders, views
from tongshang.trade.parts.sending import Pieces
from tongshang.trade.views import OrderView


class Parcel(msgspec.Struct, forbid_unknown_fields=True):
    """A carrier and a number, and what is in the parcel: all that waits, unless lines are given."""

    company: str
    number: str
    lines: list[Pieces] | None = None


class ParcelView(msgspec.Struct):
    """A parcel that was sent."""

    id: UUID
    company: str
    number: str
    at: datetime


class SetOut(msgspec.Struct, forbid_unknown_fields=True):
    """Who brings it, and how to call him."""

    courier: str = ""
    phone: str = ""


@put("/orders/{order_id:uuid}/shipments/{shipment_id:uuid}", operation_id="ship_order")
async def ship_order(who: Staff, order_id: UUID, shipment_id: UUID, data: Parcel) -> ParcelView:
    """Hand a parcel to a carrier."""
    async with who.tx() as tx:
        parcel = await shipments.send(
            tx, shipment=shipment_id, order=order_id, company=data.company, number=data.number, pieces=data.lines
        )
    return ParcelView(parcel.id, parcel.company, parcel.number, parcel.shipped_at)


@put("/orders/{order_id:uuid}/delivery", operation_id="set_out_with_order")
async def set_out_with_order(who: Staff, order_id: UUID, data: SetOut) -> OrderView:
    """Say that somebody of the shop is on the way with an order."""
    async with who.tx() as tx:
        await bringing.set_out(tx, order=order_id, courier=data.courier, phone=data.phone, staff=who.id)
        return await views.for_merchant(tx, order=await orders.get(tx, order=order_id))


@put("/orders/{order_id:uuid}/delivery/arrival", operation_id="bring_order")
async def bring_order(who: Staff, order_id: UUID) -> OrderView:
    """Say that an order was handed over at the door."""
    async with who.tx() as tx:
        await bringing.arrive(tx, order=order_id, staff=who.id)
        return await views.for_merchant(tx, order=await orders.get(tx, order=order_id))


@get("/shop/pickup", operation_id="get_pickup_place")
async def get_pickup_place(who: Staff) -> Place:
    """Say where goods are picked up."""
    async with who.tx() as tx:
        return await pickups.place(tx)


@put("/shop/pickup", operation_id="put_pickup_place", opt={"role": Role.MANAGER})
async def put_pickup_place(who: Staff, data: Place) -> Place:
    """Say where goods are picked up from now on."""
    async with who.tx() as tx:
        await pickups.set_place(tx, place=data)
        return await pickups.place(tx)


console = [ship_order, set_out_with_order, bring_order, get_pickup_place, put_pickup_place]
