"""What a refund puts back on the shelf, foretold from how its order stands before; the audit compares."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.trade import orders, refunds
from tongshang.trade.parts import progress

if TYPE_CHECKING:
    from storm.scene import Scene


TICKETS = "select line_id, variant_id, state, used from ticket where merchant_id = $1 and order_id = $2"


@dataclass(frozen=True)
class _Ticket:
    line_id: UUID
    variant_id: UUID
    state: str
    used: int


class Owed(NamedTuple):
    """What a piece of a line is made of, how many pieces of the line were not sent yet, where that matters, and how
    many of this went back without their bundle."""

    variant: UUID
    each: int
    waiting: int | None = None
    apart: int = 0


@dataclass(frozen=True)
class Before:
    """An order before a refund: its state, what a piece of each line puts back, pieces left, refunds known."""

    order: UUID
    state: str
    owed: dict[UUID, list["Owed"]]
    left: dict[UUID, int]
    known: set[UUID]
    fresh: Counter[tuple[UUID, UUID]] | None
    """Tickets that nobody has used, by line and variant; None where none were issued yet."""
    out: dict[UUID, int]
    """Pieces of each line that went out in parcels and were not refunded."""
    gifts: dict[UUID, tuple[UUID, int]]
    """Gifts that wait to be handed over: with which line they came, and how many pieces."""


async def look(tx: Tx, *, order: UUID) -> Before:
    """Look at an order, and keep everybody else off it until the commit."""
    head = await orders.locked(tx, order=order)
    lines = await orders.lines(tx, order=order)
    owed: dict[UUID, list[Owed]] = {line.id: [] for line in lines}
    waits = {line.id: max(0, line.unsent) for line in lines}
    begun = head.state == "paid" and any(line.sent for line in lines)
    written = (await progress.of_orders(tx, orders=[order])).get(order)
    for part in written or []:
        if part.fulfilment == "ticket" or part.state == "waiting":
            for item in part.items:
                most = waits[item.line_id] if begun and part.fulfilment == "express" else None
                owed[item.line_id].append(Owed(item.variant_id, item.per_piece, most, item.apart))
    if written is None and head.state == "paid":
        owed = {line.id: [Owed(line.variant_id, 1, waits[line.id])] for line in lines}
    left = {line.id: line.quantity - line.refunded_quantity for line in lines}
    known = {one.id for one in await refunds.of_order(tx, order=order)}
    tickets = await tx.all(_Ticket, TICKETS, tx.merchant, order)
    fresh = Counter((one.line_id, one.variant_id) for one in tickets if one.state == "valid" and not one.used)
    handed = {item.line_id for part in written or [] if part.state != "waiting" for item in part.items}
    out = {line.id: line.sent - line.sent_back for line in lines}
    gifts = {
        line.id: (line.parent_id, waits[line.id])
        for line in lines
        if line.gift and line.parent_id and waits[line.id] and line.id not in handed and head.state == "paid"
    }
    return Before(order, head.state, owed, left, known, fresh if tickets else None, out, gifts)


async def foretell(
    tx: Tx, scene: "Scene", before: Before, *, refund: UUID, pieces: Mapping[UUID, int], came: bool = False,
    apart: tuple[UUID, UUID] | None = None,
) -> None:  # fmt: skip
    """Write down what a refund that was promised just now puts back; one that was there before is left alone.

    Whoever comes first under an id holds the order: of several tries the last one to get here is the one that counts.
    `came`: the pieces are among those that went out. `apart`: one of this goes, and leaves its bundle behind.
    """
    now = {one.id for one in await refunds.of_order(tx, order=before.order)}
    if refund in before.known or refund not in now:
        return
    # With the last fen goes whatever is left, gifts too.
    whole = before.state == "paid" and (await orders.get(tx, order=before.order)).refund == "all"
    back: Counter[UUID] = Counter()
    for line, count in (before.left if whole else _with_gifts(before, pieces)).items():
        kept = min(pieces.get(line, 0), before.out[line]) if came and not whole else 0
        for one in before.owed[line]:
            most = one.each * (count if one.waiting is None else min(count - kept, one.waiting))
            if one.apart:  # broken bundles go first
                has = before.left[line] * one.each - one.apart
                most = has - min(has, (before.left[line] - count) * one.each)
            fresh = before.fresh if one.variant in scene.tickets else None
            back[one.variant] += most if fresh is None else min(most, fresh[line, one.variant])
    if apart and not whole:
        back[apart[1]] += 1 if before.fresh is None else min(1, before.fresh[apart])
    scene.put_back[refund] = dict(back)


def _with_gifts(before: Before, pieces: Mapping[UUID, int]) -> dict[UUID, int]:
    """Add the gifts that go because nothing is left of what they came with."""
    found = dict(pieces)
    for gift, (parent, waits) in before.gifts.items():
        if pieces.get(parent) and pieces[parent] == before.left[parent]:
            found[gift] = max(waits, pieces.get(gift, 0))
    return found
