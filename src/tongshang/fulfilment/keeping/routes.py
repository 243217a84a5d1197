"""Goods that wait to be picked up: the merchant's list, the assistant's counter, and more time for whoever is late."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.params import Parameter

from tongshang.fulfilment import pickups
from tongshang.fulfilment.keeping import deadlines, shown
from tongshang.fulfilment.keeping.shown import KeptView
from tongshang.fulfilment.model import UNDO_BY_MANAGER_WITHIN, UNDO_WITHIN, K
from tongshang.fulfilment.pickups import Pickup
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import cursor, limit_of, read_cursor
from tongshang.platform.web import AnyRequest, language_of
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.trade import orders, search, views
from tongshang.trade.parts import progress
from tongshang.trade.parts.model import Fulfilment
from tongshang.trade.views import OrderView


class KeptPage(msgspec.Struct):
    """Pickups, where the next page starts, how many there are of each state and were handed out today."""

    items: list[KeptView]
    next: str | None
    counts: dict[str, int]


class Extension(msgspec.Struct, forbid_unknown_fields=True):
    """For how many days from today the goods are kept."""

    days: int


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
    stands: str
    """Waiting, verified, expired or refunded."""
    until: datetime | None
    """When the goods are kept no longer; None: never."""
    why: str | None
    """Why they are not handed out now, if they are not."""
    undoable: bool = False
    """Whether whoever asks may still take it back that it was handed out."""
    extendable: bool = False
    """Whether whoever asks may keep them for longer."""


@get("/pickups", operation_id="list_pickups")
async def list_pickups(
    who: Staff,
    section: Annotated[str, Parameter(query="state")] = "",
    q: str = "",
    after: str | None = None,
    limit: int | None = None,
) -> KeptPage:
    """List pickups, newest first; `q` is a code or an order's number."""
    if section and section not in {*K}:
        raise Invalid(field="state", problem=section)
    most = limit_of(limit, default=20)
    at, last = read_cursor(after, datetime, UUID) if after else (None, None)
    before = (at, last) if at and last else None
    async with who.tx() as tx:
        found = await shown.listed(tx, section=section, text=q, before=before, limit=most)
        counts = await shown.counts(tx)
    more = len(found) > most
    return KeptPage(found[:most], cursor(found[most - 1].created_at, found[most - 1].id) if more else None, counts)


@get("/pickups/{code:str}", operation_id="get_pickup", opt={"role": Role.ASSISTANT})
async def get_pickup(request: AnyRequest, who: Staff, code: str) -> PickupView:
    """Show what a code stands for, before anything is handed out."""
    async with who.tx() as tx:
        return await _shown(tx, await pickups.by_code(tx, code=code), who, language_of(request))


@put("/pickups/{code:str}/verification", operation_id="verify_pickup", opt={"role": Role.ASSISTANT})
async def verify_pickup(request: AnyRequest, who: Staff, code: str) -> PickupView:
    """Use a code up; the second time is refused, and so is one whose time is up."""
    async with who.tx() as tx:
        return await _shown(tx, await pickups.verify(tx, code=code, staff=who.id), who, language_of(request))


@put("/pickups/{code:str}/reversal", operation_id="undo_pickup", opt={"role": Role.ASSISTANT})
async def undo_pickup(request: AnyRequest, who: Staff, code: str) -> PickupView:
    """Take a mistaken hand-over back, within its time."""
    async with who.tx() as tx:
        undone = await pickups.undo(tx, code=code, staff=who.id, within=_within(who))
        return await _shown(tx, undone, who, language_of(request))


@put("/orders/{order_id:uuid}/pickup/deadline", operation_id="extend_pickup", opt={"role": Role.CLERK})
async def extend_pickup(who: Staff, order_id: UUID, data: Extension) -> OrderView:
    """Keep an order's goods for longer, whether their time is up or not; the code is good again."""
    async with who.tx() as tx:
        await deadlines.extend(tx, order=order_id, days=data.days, staff=who.id)
        return await views.for_merchant(tx, order=await orders.get(tx, order=order_id))


def _within(who: Staff) -> timedelta:
    return UNDO_BY_MANAGER_WITHIN if who.may(Role.MANAGER) else UNDO_WITHIN


async def _shown(tx: Tx, pickup: Pickup, who: Staff, language: str) -> PickupView:
    order = await orders.get(tx, order=pickup.order_id)
    view = (await views.many(tx, found=[order]))[0]
    names = await search.fan_names(tx, ids=[order.fan_id])
    lines = await _to_hand_out(tx, order.id, view)
    refusal = pickups.why_not(pickup, order, tx.now)
    open_ = refusal is None or isinstance(refusal, pickups.Expired)
    return PickupView(
        order.id, view.number, view.state, pickup.code, names.get(order.fan_id, ""), lines, order.total_fen,
        order.paid_at, pickup.verified_at, pickup.stands(tx.now), pickup.due_at,
        refusal.sentence(language) if refusal else None,
        pickup.verified_at is not None and not order.refunded_fen and tx.now - pickup.verified_at <= _within(who),
        open_ and pickup.due_at is not None and who.may(Role.CLERK),
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


console = [list_pickups, get_pickup, verify_pickup, undo_pickup, extend_pickup]
