"""Undoing parts of an order whose money is promised back: what was not handed over yet goes back on the shelf."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.trade import orders
from tongshang.trade.model import Order, OrderLine, S
from tongshang.trade.parts import progress
from tongshang.trade.parts.breaking import TRAVELS, Key, Taken
from tongshang.trade.parts.model import Fulfilment, Item, OrderPart, P
from tongshang.trade.seams import HANDOVERS


async def undo(
    tx: Tx, *, order: Order, lines: Sequence[OrderLine], parts: Sequence[OrderPart], taken: Taken,
    pieces: Mapping[UUID, int], of_sent: Mapping[UUID, int], whole: bool, anyway: bool,
) -> Counter[UUID]:  # fmt: skip
    """Take pieces of lines (as they were before) out of an order, and say what of which variant goes on the shelf.

    `whole` means that no money of the order is left: then nothing at all is owed any more, as when all its pieces are
    taken out and only freight is kept. Whoever handed things out may refuse to take them back, unless the merchant
    wants it `anyway`. Of an order that is sent in parts, what waits is undone first, but for those pieces `of_sent`;
    when nothing waits any more, it is on its way.
    """
    left = {line.id: line.quantity - line.refunded_quantity for line in lines}
    everything = whole and order.state == S.PAID
    gone = dict(left) if everything else dict(pieces)
    away = gone if everything else {line: count - of_sent.get(line, 0) for line, count in gone.items()}
    waits = {line.id: max(0, line.unsent) for line in lines}
    whole = whole or _all_gone(left, gone)
    begun = order.state == S.PAID and any(line.sent for line in lines)
    if not parts:
        if order.state != S.PAID:
            return Counter()
        if whole and not begun:
            await orders.cancel_paid(tx, order=order.id, reason="refunded")
        elif begun and (whole or _all_gone(waits, away)):
            await progress.all_sent(tx, order=order.id)
        variants = {line.id: line.variant_id for line in lines}
        back: Counter[UUID] = Counter()
        for line, count in away.items():
            back[variants[line]] += min(count, waits[line])
        return +back
    before = {key: left[key[0]] * item.per_piece - item.apart for key, (_, item) in taken.items.items()}
    items = Counter(before) if everything else taken.gone
    ended = {key for key, count in before.items() if whole or items[key] >= count}
    if begun:
        travels = {key: min(items[key], min(away.get(key[0], 0), waits[key[0]]) * taken.items[key][1].per_piece)
                   for key, (part, _) in taken.items.items() if part.fulfilment == Fulfilment.EXPRESS}  # fmt: skip
        items = Counter({**items, **travels})
        whole = whole or _all_gone({line: waits[line] for line, _ in travels}, away)
    return await _undo_parts(tx, order, parts, items, ended, begun, whole, anyway)


async def _undo_parts(
    tx: Tx, order: Order, parts: Sequence[OrderPart], items: Mapping[Key, int], ended: set[Key], begun: bool,
    whole: bool, anyway: bool,
) -> Counter[UUID]:  # fmt: skip
    """Undo pieces part by part; where parcels went out already, `whole` means that no more of them will."""
    back: Counter[UUID] = Counter()
    for part in parts:
        counted = [(item, items.get((item.line_id, item.variant_id), 0)) for item in part.items]
        back += await _back(tx, order, part, [(item, count) for item, count in counted if count], anyway)
    over = [
        part.fulfilment
        for part in parts
        if all((item.line_id, item.variant_id) in ended for item in part.items)
        and (not begun or part.fulfilment != Fulfilment.EXPRESS)
    ]
    if begun and whole:
        await progress.all_sent(tx, order=order.id)
    elif not begun and whole and order.state == S.PAID and all(part.state in (P.WAITING, P.DROPPED) for part in parts):
        await orders.cancel_paid(tx, order=order.id, reason="refunded")
    await progress.drop(tx, order=order.id, hows=over)
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
