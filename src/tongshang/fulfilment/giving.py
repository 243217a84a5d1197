"""Giving codes out when an order is paid, showing them to their buyer, and taking back what he has not looked at."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.catalog.kinds import codes
from tongshang.catalog.kinds.codes import Shown
from tongshang.fulfilment.facts import CodesGiven, CodesSeen
from tongshang.fulfilment.tickets.issue import NotReturnable
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound
from tongshang.platform.jobs import Again
from tongshang.trade import orders
from tongshang.trade.parts import breaking, progress
from tongshang.trade.parts.model import Fulfilment, Item, P

WAITING = """select array(select p.order_id from order_part p
  join orders o on o.merchant_id = p.merchant_id and o.id = p.order_id
  where p.merchant_id = $1 and p.fulfilment = 'virtual' and p.state = 'waiting' and o.state in ('paid', 'shipped')
    and p.items @> jsonb_build_array(jsonb_build_object('variant_id', $2::text)) order by o.number)"""
SECONDS = 1
"""Until another order that is being given its codes has them."""


class CodeShown(msgspec.Struct, frozen=True):
    """A code as an order's page lists it: never its words."""

    id: UUID
    line_id: UUID
    hint: str
    given_at: datetime | None
    revealed_at: datetime | None


async def give(tx: Tx, *, order: UUID) -> None:
    """Give an order what codes it is owed, as many as there are; the part is done when none is owed. Repeatable."""
    head = await orders.locked(tx, order=order)
    parts = [part for part in await progress.of_order(tx, order=head) if part.fulfilment == Fulfilment.VIRTUAL]
    if not parts or parts[0].state != P.WAITING or head.paid_at is None:
        return
    lines = {line.id: line for line in await orders.lines(tx, order=order)}
    has, given, owed = await codes.given(tx, order=order), 0, 0
    for item in parts[0].items:
        missing = breaking.left_of(item, lines) - has[item.line_id, item.variant_id]
        if missing <= 0:
            continue
        got = await codes.give(tx, variant=item.variant_id, order=order, line=item.line_id, count=missing)
        if got < missing and await codes.free(tx, variant=item.variant_id) > 0:
            raise Again(SECONDS)  # somebody else holds them this moment, and may let them go
        given, owed = given + got, owed + missing - got
    if given:
        await tx.emit(CodesGiven(order, head.fan_id, head.number, given))
    if not owed:
        await progress.finish(tx, order=order, how=Fulfilment.VIRTUAL)


async def waiting(tx: Tx, *, variant: UUID) -> list[UUID]:
    """List the paid orders that wait for codes of a variant, first placed first."""
    found: list[UUID] = await tx.value(WAITING, tx.merchant, str(variant))
    return found


async def of_order(tx: Tx, *, order: UUID) -> list[CodeShown]:
    """List an order's codes without their words."""
    return [
        CodeShown(one.id, one.line_id, one.hint, one.given_at, one.revealed_at)
        for one in await codes.of_order(tx, order=order)
        if one.line_id is not None
    ]


async def read(tx: Tx, *, order: UUID, fan: UUID) -> list[Shown]:
    """Read one's own codes that one has looked at before."""
    await orders.get(tx, order=order, fan=fan)
    return await codes.read(tx, order=order)


async def reveal(tx: Tx, *, order: UUID, fan: UUID) -> list[Shown]:
    """Show the buyer his codes; from now on they count as used. Looking again is looking at the same."""
    head = await orders.locked(tx, order=order)
    if head.fan_id != fan:
        raise NotFound
    if await codes.reveal(tx, order=order):
        await tx.emit(CodesSeen(order, fan, head.number))
    return await codes.read(tx, order=order)


async def take_back(tx: Tx, *, order: UUID, items: Sequence[tuple[Item, int]], anyway: bool) -> dict[UUID, int]:
    """Put codes back on the shelf that nobody has looked at; raises NotReturnable for others, unless `anyway`."""
    back: dict[UUID, int] = {}
    has = await codes.given(tx, order=order)
    for item, count in items:
        owed = max(0, count - has[item.line_id, item.variant_id])  # never given, so never to be given
        wanted = count - owed
        if wanted and not anyway and item.terms.get("refund") == "never":
            raise NotReturnable(title=item.title)
        freed = await codes.take_back(tx, order=order, line=item.line_id, variant=item.variant_id, count=wanted)
        if freed < wanted and not anyway:
            raise NotReturnable(title=item.title)
        back[item.variant_id] = back.get(item.variant_id, 0) + owed + freed
    return back
