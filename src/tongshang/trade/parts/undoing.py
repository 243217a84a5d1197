"""Undoing parts of an order whose money is promised back: what was not handed over yet goes back on the shelf."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.trade import orders
from tongshang.trade.model import Order, OrderLine, S
from tongshang.trade.parts import progress
from tongshang.trade.parts.model import Fulfilment, Item, OrderPart, P
from tongshang.trade.seams import HANDOVERS

TRAVELS = (Fulfilment.EXPRESS, Fulfilment.LOCAL, Fulfilment.PICKUP)


async def undo(
    tx: Tx, *, order: Order, lines: Sequence[OrderLine], pieces: Mapping[UUID, int], whole: bool, anyway: bool
) -> Counter[UUID]:
    """Take pieces of lines (as they were before) out of an order, and say what of which variant goes on the shelf.

    `whole` means that no money of the order is left: then nothing at all is owed any more, as when all its pieces are
    taken out and only freight is kept. Whoever handed things out may refuse to take them back, unless the merchant
    wants it `anyway`. Of an order that is sent in parts, what waits is undone first; when nothing waits any more, it
    is on its way.
    """
    parts = (await progress.of_orders(tx, orders=[order.id])).get(order.id, [])
    left = {line.id: line.quantity - line.refunded_quantity for line in lines}
    gone = dict(left) if whole and order.state == S.PAID else dict(pieces)
    waits = {line.id: max(0, line.unsent) for line in lines}
    whole = whole or _all_gone(left, gone)
    begun = order.state == S.PAID and any(line.sent for line in lines)
    if not parts:
        if order.state != S.PAID:
            return Counter()
        if whole and not begun:
            await orders.cancel_paid(tx, order=order.id, reason="refunded")
        elif begun and (whole or _all_gone(waits, gone)):
            await progress.all_sent(tx, order=order.id)
        variants = {line.id: line.variant_id for line in lines}
        back: Counter[UUID] = Counter()
        for line, count in gone.items():
            back[variants[line]] += min(count, waits[line])
        return +back
    return await _undo_parts(tx, order, parts, left, gone, waits if begun else None, whole, anyway)


async def _undo_parts(
    tx: Tx, order: Order, parts: Sequence[OrderPart], left: Mapping[UUID, int], gone: Mapping[UUID, int],
    waits: Mapping[UUID, int] | None, whole: bool, anyway: bool,
) -> Counter[UUID]:  # fmt: skip
    """Undo pieces part by part; `waits` says what waits to be sent where some parcels are out already."""
    back: Counter[UUID] = Counter()
    for part in parts:
        pieces = gone
        if waits is not None and part.fulfilment == Fulfilment.EXPRESS:
            pieces = {line: min(count, waits[line]) for line, count in gone.items()}
        items = [(item, pieces.get(item.line_id, 0) * item.per_piece) for item in part.items]
        back += await _back(tx, order, part, [(item, count) for item, count in items if count], anyway)
    ended = [
        part.fulfilment
        for part in parts
        if (whole or all(left[item.line_id] == gone.get(item.line_id, 0) for item in part.items))
        and (waits is None or part.fulfilment != Fulfilment.EXPRESS)
    ]
    if waits is not None:
        express = {item.line_id for part in parts if part.fulfilment == Fulfilment.EXPRESS for item in part.items}
        if whole or _all_gone({line: waits[line] for line in express}, gone):
            await progress.all_sent(tx, order=order.id)
    elif whole and order.state == S.PAID and all(part.state in (P.WAITING, P.DROPPED) for part in parts):
        await orders.cancel_paid(tx, order=order.id, reason="refunded")
    await progress.drop(tx, order=order.id, hows=ended)
    return back


def _all_gone(waits: Mapping[UUID, int], gone: Mapping[UUID, int]) -> bool:
    return all(count <= gone.get(line, 0) for line, count in waits.items())


async def _back(
    tx: Tx, order: Order, part: OrderPart, items: Sequence[tuple[Item, int]], anyway: bool
) -> Counter[UUID]:
    """Say what goes back on the shelf when so much of a part is undone."""
    back: Counter[UUID] = Counter()
    if part.fulfilment in TRAVELS:
        if part.state == P.WAITING:
            for item, count in items:
                back[item.variant_id] += count
        return back
    for source in tx.world.at(HANDOVERS) if items else []:
        for variant, count in (await source.take_back(tx, order=order.id, items=items, anyway=anyway)).items():
            back[variant] += count
    return back
