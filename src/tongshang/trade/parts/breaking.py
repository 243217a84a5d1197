"""Bundles of which a part goes back by itself: what is left of each item, what its pieces are worth. Pure but `write`.

An item's `apart` counts pieces that went without their bundle. Whole bundles that go are broken ones first; a bundle
all of whose parts went one by one is a whole one that went.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound, Refused
from tongshang.platform.money import Fen
from tongshang.trade.model import OrderLine
from tongshang.trade.parts.model import Fulfilment, Item, OrderPart, P

Key = tuple[UUID, UUID]
TRAVELS = (Fulfilment.EXPRESS, Fulfilment.LOCAL, Fulfilment.PICKUP)
WRITE = "update order_part set items = $4 where merchant_id = $1 and order_id = $2 and fulfilment = $3"


class TravelsTogether(Refused):
    """A bundle's goods are sent together: refund the whole bundle before it goes, or this part after it arrived."""

    code, status = "refund.travels_together", 409
    zh = "套装中的商品一起发出：发货前请整套退款，送达后可单独退其中一件。"


@dataclass
class Taken:
    """What goes of an order's items while the parts of a refund are worked out one after the other."""

    items: dict[Key, tuple[OrderPart, Item]]
    bundles: dict[UUID, int]
    """Pieces of each line that are left."""
    apart: dict[Key, int]
    fen: dict[UUID, Fen]
    """Money of each line that is left."""
    gone: Counter[Key] = field(default_factory=Counter)
    whole: Counter[UUID] = field(default_factory=Counter)
    """Bundles that are whole ones gone now, because their last part went."""

    def left(self, key: Key) -> int:
        """Say how many pieces of an item are left."""
        return self.bundles[key[0]] * self.items[key][1].per_piece - self.apart[key]


def begin(lines: Sequence[OrderLine], parts: Sequence[OrderPart]) -> Taken:
    """Begin with an order as it stands."""
    items = {(item.line_id, item.variant_id): (part, item) for part in parts for item in part.items}
    left = {line.id: line.quantity - line.refunded_quantity for line in lines}
    money = {line.id: line.paid_fen - line.refunded_fen for line in lines}
    return Taken(items, left, {key: item.apart for key, (_, item) in items.items()}, money)


def take_whole(taken: Taken, *, line: UUID, count: int) -> None:
    """Take whole pieces of a line, broken ones first."""
    keys = [key for key in taken.items if key[0] == line]
    before = {key: taken.left(key) for key in keys}
    taken.bundles[line] -= count
    for key in keys:
        most = taken.bundles[line] * taken.items[key][1].per_piece
        stays = min(before[key], most)
        taken.gone[key] += before[key] - stays
        taken.apart[key] = most - stays


def take_apart(taken: Taken, *, line: UUID, variant: UUID, count: int) -> Fen:
    """Take pieces of one item without their bundle, and say what they are worth: the last ones, all that is left.

    Raises NotFound for what is no such item, TravelsTogether for goods that wait to be handed over.
    """
    key = (line, variant)
    if key not in taken.items:
        raise NotFound
    part, item = taken.items[key]
    if part.fulfilment in TRAVELS and part.state == P.WAITING:
        raise TravelsTogether
    before = item.quantity - taken.left(key)
    worth = item.paid_fen * (before + count) // item.quantity - item.paid_fen * before // item.quantity
    taken.gone[key] += count
    taken.apart[key] += count
    keys = [one for one in taken.items if one[0] == line]
    if whole := min(taken.apart[one] // taken.items[one][1].per_piece for one in keys):
        taken.bundles[line] -= whole
        taken.whole[line] += whole
        for one in keys:
            taken.apart[one] -= whole * taken.items[one][1].per_piece
    left = taken.fen[line]
    return min(worth, left) if taken.bundles[line] else left


async def write(tx: Tx, *, order: UUID, taken: Taken) -> None:
    """Keep what went apart with the items it is part of."""
    found: dict[Fulfilment, list[Item]] = {}
    changed: set[Fulfilment] = set()
    for key, (part, item) in taken.items.items():
        found.setdefault(part.fulfilment, []).append(msgspec.structs.replace(item, apart=taken.apart[key]))
        if taken.apart[key] != item.apart:
            changed.add(part.fulfilment)
    for how in sorted(changed):
        await tx.run(WRITE, tx.merchant, order, how, found[how])


def left_of(item: Item, lines: Mapping[UUID, OrderLine]) -> int:
    """Say how many pieces of an item are left of an order's lines as they stand."""
    line = lines[item.line_id]
    return (line.quantity - line.refunded_quantity) * item.per_piece - item.apart
