"""Which variants' stock an order is taken from: its lines' own, or, of a bundle, that of its parts. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from tongshang.trade.model import BasketLine, PricedLine
from tongshang.trade.parts.model import pieces

Goods = Mapping[UUID, BasketLine]


def taken(lines: Sequence[PricedLine], goods: Goods) -> Counter[UUID]:
    """Count the pieces of each variant that lines need."""
    found: Counter[UUID] = Counter()
    for line in lines:
        found.update(_pieces(line, goods, line.quantity))
    return found


class Short(NamedTuple):
    """A line that cannot be had: how many of it the lines before it leave, and how many there are without these."""

    line: PricedLine
    left: int
    alone: int

    def said(self) -> dict[str, Any]:
        """Say it as SoldOut does."""
        line = self.line
        return {"title": line.title, "variant": line.variant_id, "left": self.left, "alone": self.alone}


def short(lines: Sequence[PricedLine], goods: Goods, left: Mapping[UUID, int]) -> Short | None:
    """Say which line cannot be had, if there is one: together lines may need more than there is."""
    rest = Counter(left)
    for line in lines:
        each = _pieces(line, goods, 1)
        room, alone = (min(some.get(one, 0) // count for one, count in each.items()) for some in (rest, left))
        if room < line.quantity:
            return Short(line, max(0, room), alone)
        rest.subtract(_pieces(line, goods, line.quantity))
    return None


def held(lines: Sequence[PricedLine], goods: Goods) -> Counter[UUID]:
    """Count the pieces that are held at once; what is taken only when it is paid is not."""
    found: Counter[UUID] = Counter()
    for line in lines:
        if not _later(line, goods):
            found.update(_pieces(line, goods, line.quantity))
    return found


def rows(order: UUID, lines: Sequence[PricedLine], goods: Goods) -> list[dict[str, Any]]:
    """Say what an order holds, or hopes for until it is paid, as app.keep_orders takes it.

    A variant of which one line is held and another one hoped for is held.
    """
    now = held(lines, goods)
    return [
        {"order_id": order, "variant_id": variant, "quantity": count, "state": "held" if variant in now else "open"}
        for variant, count in taken(lines, goods).items()
    ]


def _later(line: PricedLine, goods: Goods) -> bool:
    known = goods.get(line.variant_id)
    return known is not None and known.deduct == "paying" and not known.terms.get("presale")


def _pieces(line: PricedLine, goods: Goods, quantity: int) -> Counter[UUID]:
    known = goods.get(line.variant_id)
    return pieces(known, quantity) if known else Counter({line.variant_id: quantity})
