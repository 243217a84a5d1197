"""What of an order's tickets, services and codes could still be given back by the terms they were sold under."""

from collections import Counter
from uuid import UUID

from tongshang.catalog.kinds import terms
from tongshang.fulfilment import giving
from tongshang.fulfilment.model import COLUMNS, T, Ticket
from tongshang.platform.db import Tx
from tongshang.trade.parts import progress
from tongshang.trade.parts.breaking import TRAVELS
from tongshang.trade.parts.model import Fulfilment, Item

OF_ORDER = f"select {COLUMNS} from ticket where merchant_id = $1 and order_id = $2"
OPEN = {"anytime": (T.VALID, T.EXPIRED), "unexpired": (T.VALID,), "never": ()}


async def pieces(tx: Tx, *, order: UUID) -> dict[UUID, int]:
    """Say, of each line something of which does not travel, how many of its pieces are as good as new."""
    parts = (await progress.of_orders(tx, orders=[order])).get(order, [])
    items = [item for part in parts if part.fulfilment not in TRAVELS for item in part.items]
    if not items:
        return {}
    tickets = await tx.all(Ticket, OF_ORDER, tx.merchant, order)
    seen: Counter[UUID] = Counter(
        code.line_id for code in await giving.of_order(tx, order=order) if code.revealed_at is not None
    )
    found: dict[UUID, int] = {}
    for item in items:
        # What went back by itself is no reason to keep the rest of its bundle.
        count = (_fresh(item, tickets, seen[item.line_id]) + item.apart) // item.per_piece
        found[item.line_id] = min(count, found.get(item.line_id, count))
    return found


def _fresh(item: Item, tickets: list[Ticket], seen: int) -> int:
    if item.kind == Fulfilment.VIRTUAL:
        return 0 if item.terms.get("refund") == "never" else max(0, item.quantity - item.apart - seen)
    rule = terms.visits(item.terms).refund
    mine = [one for one in tickets if one.line_id == item.line_id and one.variant_id == item.variant_id]
    if not tickets:  # paid a moment ago: nothing was issued yet
        return 0 if rule == "never" else item.quantity - item.apart
    fresh = [one for one in mine if one.state in OPEN[rule]]
    if item.kind == Fulfilment.SERVICE:
        return sum(one.uses - one.used for one in fresh)
    return sum(1 for one in fresh if not one.used)
