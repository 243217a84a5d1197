"""Which variants' stock an order is taken from: its lines' own, or, of a bundle, that of its parts. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
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


def short(lines: Sequence[PricedLine], goods: Goods, left: Mapping[UUID, int]) -> tuple[PricedLine, int] | None:
    """Say which line cannot be had, and how many of it are left; together lines may need more than there is."""
    lacking = {variant for variant, count in taken(lines, goods).items() if left.get(variant, 0) < count}
    for line in lines if lacking else []:
        each = _pieces(line, goods, 1)
        if lacking & set(each):
            return line, min(left.get(variant, 0) // count for variant, count in each.items())
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
