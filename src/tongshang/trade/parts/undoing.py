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

    `whole` means that no money of the order is left: then nothing at all is owed any more. Whoever handed things
    out may refuse to take them back, unless the merchant wants it `anyway`.
    """
    parts = (await progress.of_orders(tx, orders=[order.id])).get(order.id, [])
    left = {line.id: line.quantity - line.refunded_quantity for line in lines}
    gone = dict(left) if whole and order.state == S.PAID else dict(pieces)
    if not parts:
        if order.state != S.PAID:
            return Counter()
        if whole:
            await orders.cancel_paid(tx, order=order.id, reason="refunded")
        variants = {line.id: line.variant_id for line in lines}
        back: Counter[UUID] = Counter()
        for line, count in gone.items():
            back[variants[line]] += count
        return +back
    return await _undo_parts(tx, order, parts, left, gone, whole, anyway)


async def _undo_parts(
    tx: Tx, order: Order, parts: Sequence[OrderPart], left: Mapping[UUID, int], gone: Mapping[UUID, int],
    whole: bool, anyway: bool,
) -> Counter[UUID]:  # fmt: skip
    back: Counter[UUID] = Counter()
    for part in parts:
        items = [(item, gone.get(item.line_id, 0) * item.per_piece) for item in part.items]
        back += await _back(tx, order, part, [(item, count) for item, count in items if count], anyway)
    ended = [
        part.fulfilment
        for part in parts
        if whole or all(left[item.line_id] == gone.get(item.line_id, 0) for item in part.items)
    ]
    if whole and order.state == S.PAID and all(part.state in (P.WAITING, P.DROPPED) for part in parts):
        await orders.cancel_paid(tx, order=order.id, reason="refunded")
    await progress.drop(tx, order=order.id, hows=ended)
    return back


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
