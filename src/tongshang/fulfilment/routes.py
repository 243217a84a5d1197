"""Shipping from the console, and verifying codes on an assistant's phone."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import get, put

from tongshang.fulfilment import bringing, pickups, shipments
from tongshang.fulfilment.model import UNDO_BY_MANAGER_WITHIN, UNDO_WITHIN
from tongshang.fulfilment.pickups import Pickup, Place
from tongshang.platform.db import Tx
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.trade import orders, search, views
from tongshang.trade.parts import progress
from tongshang.trade.parts.model import Fulfilment
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


class PickupLine(msgspec.Struct):
    """What to hand out."""

    title: str
    options: list[str]
    quantity: int
    picture: Any


class PickupView(msgspec.Struct):
    """An order at the counter."""

    order_id: UUID
    number: str
    state: str
    code: str
    buyer: str
    lines: list[PickupLine]
    total_fen: int
    paid_at: datetime | None
    verified_at: datetime | None
    undoable: bool = False
    """Whether whoever asks may still take it back that it was handed out."""


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


@get("/pickups/{code:str}", operation_id="get_pickup", opt={"role": Role.ASSISTANT})
async def get_pickup(who: Staff, code: str) -> PickupView:
    """Show what a code stands for, before anything is handed out."""
    async with who.tx() as tx:
        return await _shown(tx, await pickups.by_code(tx, code=code), who)


@put("/pickups/{code:str}/verification", operation_id="verify_pickup", opt={"role": Role.ASSISTANT})
async def verify_pickup(who: Staff, code: str) -> PickupView:
    """Use a code up; the second time is refused."""
    async with who.tx() as tx:
        return await _shown(tx, await pickups.verify(tx, code=code, staff=who.id), who)


@put("/pickups/{code:str}/reversal", operation_id="undo_pickup", opt={"role": Role.ASSISTANT})
async def undo_pickup(who: Staff, code: str) -> PickupView:
    """Take a mistaken hand-over back, within its time."""
    async with who.tx() as tx:
        return await _shown(tx, await pickups.undo(tx, code=code, staff=who.id, within=_within(who)), who)


def _within(who: Staff) -> timedelta:
    return UNDO_BY_MANAGER_WITHIN if who.may(Role.MANAGER) else UNDO_WITHIN


async def _shown(tx: Tx, pickup: Pickup, who: Staff) -> PickupView:
    order = await orders.get(tx, order=pickup.order_id)
    view = (await views.many(tx, found=[order]))[0]
    names = await search.fan_names(tx, ids=[order.fan_id])
    lines = await _to_hand_out(tx, order.id, view)
    return PickupView(
        order.id, view.number, view.state, pickup.code, names.get(order.fan_id, ""), lines, order.total_fen,
        order.paid_at, pickup.verified_at,
        pickup.verified_at is not None and not order.refunded_fen and tx.now - pickup.verified_at <= _within(who),
    )  # fmt: skip


async def _to_hand_out(tx: Tx, order: UUID, view: OrderView) -> list[PickupLine]:
    """Say what goes across the counter: everything, or of an order of several parts what is picked up."""
    parts = (await progress.of_orders(tx, orders=[order])).get(order)
    if parts is None:
        return [
            PickupLine(line.title, line.options, line.quantity - line.refunded_quantity, line.picture)
            for line in view.lines
        ]
    lines = {line.id: line for line in view.lines}
    items = [item for part in parts if part.fulfilment == Fulfilment.PICKUP for item in part.items]
    return [
        PickupLine(
            item.title, item.options, item.quantity - lines[item.line_id].refunded_quantity * item.per_piece,
            lines[item.line_id].picture,
        )
        for item in items
    ]  # fmt: skip


console = [
    ship_order, set_out_with_order, bring_order, get_pickup_place, put_pickup_place, get_pickup, verify_pickup,
    undo_pickup,
]  # fmt: skip
