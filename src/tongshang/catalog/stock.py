"""Stock: held when an order is placed, used when it is paid, released when it is closed. Never oversold.

What can be bought is what is on hand, less what is reserved, less what is kept back (safety). Every change of what is
on hand goes through the ledger (`stocks/`): `app.move_stock` and `app.sell_stock` write the movement in the same
statement. Rows are always locked in the order of their ids, so that two orders of the same goods wait for each other
instead of embracing.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.ids import NIL

SELL = "select app.sell_stock($1, $2, $3)"
RELEASE = "select app.release_stock($1, $2, $3, 'released')"
PLACE = NIL
"""The place where everybody's goods lie until he has others: nobody has to look its id up."""
HERE = f"'{PLACE}'"
"""The same, as statements that read the online shop's stock say it."""
USED = """select array(select variant_id from stock_hold
  where merchant_id = $1 and holder_id = $2 and state = 'used')"""
MOVE = "select app.move_stock($1, $2, $3, $4, $5, $6, $7)"
FREE = """select variant_id, on_hand - reserved - safety as left from stock
where merchant_id = $1 and variant_id = any($2) and place_id = $3 order by variant_id for update"""
CHANGED = "select app.shelf_changed($1, $2)"


class Kind(StrEnum):
    """Why stock moved."""

    START = "start"
    SALE = "sale"
    RETURN = "return"
    CORRECTION = "correction"
    COUNT = "count"
    IMPORT = "import"


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """What a movement says of itself: its kind, what it came from, who did it, and his words."""

    kind: Kind = Kind.CORRECTION
    subject: UUID | None = None
    staff: UUID | None = None
    note: str = ""


CORRECTED = Why()


class Reserved(Refused):
    """Unpaid orders hold more than that; the stock cannot be set below what they hold."""

    code, status, zh = "stock.reserved", 409, "未付款订单占用了库存，不能低于占用数量。"


class _Free(msgspec.Struct, frozen=True):
    variant_id: UUID
    left: int


async def locked(tx: Tx, *, variants: Sequence[UUID], place: UUID = PLACE) -> dict[UUID, int]:
    """Say how many of each variant can be bought, and keep it so until the commit."""
    return {row.variant_id: max(0, row.left) for row in await tx.all(_Free, FREE, tx.merchant, variants, place)}


async def use(tx: Tx, *, holders: Sequence[UUID]) -> list[UUID]:
    """Sell what some hold or were promised; say for whom nothing was left. Harmless when repeated."""
    missed: list[UUID] = await tx.value(SELL, tx.merchant, tx.now, holders)
    return missed


async def release(tx: Tx, *, holders: Sequence[UUID]) -> None:
    """Give what some hold back to the shelf; harmless when repeated."""
    await tx.run(RELEASE, tx.merchant, tx.now, holders)


async def move(tx: Tx, *, items: Mapping[UUID, int], why: Why, place: UUID = PLACE) -> None:
    """Add to what is on hand, or take from it; refuses to go below what unpaid orders hold."""
    await _moved(tx, [{"variant_id": variant, "quantity": more} for variant, more in items.items()], why, place)


async def put_back(tx: Tx, *, items: Mapping[UUID, int], holder: UUID | None = None) -> None:
    """Put sold goods back on the shelf, as after the refund of something never sent.

    Of a `holder` only what was taken from the shelf for it comes back.
    """
    if holder is not None and items:
        used = await tx.value(USED, tx.merchant, holder)
        items = {variant: count for variant, count in items.items() if variant in used}
    await move(tx, items=items, why=Why(kind=Kind.RETURN, subject=holder))


async def set_on_hand(tx: Tx, *, counts: Mapping[UUID, int], why: Why = CORRECTED, place: UUID = PLACE) -> None:
    """Set what is on hand; refuses to go below what unpaid orders hold."""
    await _moved(tx, [{"variant_id": variant, "target": count} for variant, count in counts.items()], why, place)


async def _moved(tx: Tx, moves: Sequence[Mapping[str, object]], why: Why, place: UUID) -> None:
    if not moves:
        return
    moves = [{**one, "place_id": place} for one in moves]
    refused = await tx.value(MOVE, tx.merchant, tx.now, moves, why.kind, why.subject, why.staff, why.note[:200])
    if refused:
        raise Reserved(variant=refused[0])


async def changed(tx: Tx, *, products: Sequence[UUID]) -> None:
    """Let every process's next read of these products, and of lists, see a change made in this transaction."""
    await tx.run(CHANGED, tx.merchant, list(products))


async def left(tx: Tx, *, variants: Sequence[UUID], place: UUID = PLACE) -> dict[UUID, int]:
    """Say how many of each variant can be bought."""
    counts = await tx.value(
        """select coalesce(jsonb_object_agg(variant_id, greatest(0, on_hand - reserved - safety)), '{}'::jsonb)
        from stock where merchant_id = $1 and variant_id = any($2) and place_id = $3""",
        tx.merchant,
        list(variants),
        place,
    )
    return {UUID(variant): count for variant, count in counts.items()}
