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


def rows(orders: Mapping[UUID, tuple[Sequence[PricedLine], Goods]]) -> list[dict[str, Any]]:
    """Say what is held for orders as app.write_orders takes it; nothing where each holds just its lines."""
    products = {part.variant_id: part.product_id for _, goods in orders.values() for x in goods.values()
                for part in x.parts}  # fmt: skip
    if not products:
        return []
    return [
        {"order_id": order, "variant_id": variant, "product_id": products.get(variant), "quantity": count}
        for order, (lines, goods) in orders.items()
        for variant, count in taken(lines, goods).items()
    ]


def _pieces(line: PricedLine, goods: Goods, quantity: int) -> Counter[UUID]:
    known = goods.get(line.variant_id)
    return pieces(known, quantity) if known else Counter({line.variant_id: quantity})
