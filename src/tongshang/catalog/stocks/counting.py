"""Counting what is there while people go on buying: start, count, look at the differences, post them.

A line remembers what should have been there at the moment it was counted: what is on hand by the books, and what was
paid but not sent yet, which nobody owns any more and which lies there still. Posting moves the difference between the
two, not the number that was counted: what was sold since then stays sold, and what waits to be sent is not sold twice.
"""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from tongshang.catalog import stock
from tongshang.catalog.kinds import keeping
from tongshang.catalog.stock import PLACE, Kind, Why
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.platform.world import Seam

SHEETS = """
select c.id, c.state, c.note, c.started_at, c.ended_at, s.name as started_by,
  count(l.variant_id)::integer as lines,
  coalesce(sum(l.counted - l.expected), 0)::integer as difference,
  (count(*) filter (where l.counted <> l.expected))::integer as differing
from stock_count c
left join stock_count_line l on l.merchant_id = c.merchant_id and l.count_id = c.id
left join staff s on s.merchant_id = c.merchant_id and s.id = c.started_by
where c.merchant_id = $1"""
LIST = f"{SHEETS} group by c.merchant_id, c.id, s.name order by c.started_at desc limit 50"
ONE = f"{SHEETS} and c.id = $2 group by c.merchant_id, c.id, s.name"
LINES = """
select l.variant_id as id, l.variant_id, l.expected, l.unsent, l.counted, l.counted_at, p.title, v.options, v.sku_code,
  s.name as counted_by
from stock_count_line l join variant v on v.merchant_id = l.merchant_id and v.id = l.variant_id
join product p on p.merchant_id = v.merchant_id and p.id = v.product_id
left join staff s on s.merchant_id = l.merchant_id and s.id = l.counted_by
where l.merchant_id = $1 and l.count_id = $2 order by l.counted_at desc, l.variant_id"""
OPEN = "select id from stock_count where merchant_id = $1 and place_id = $2 and state = 'open'"
START = """insert into stock_count (merchant_id, id, state, note, started_by, started_at, place_id)
values ($1, $2, 'open', $3, $4, $5, $6) on conflict do nothing"""
LOCK = "select state, place_id from stock_count where merchant_id = $1 and id = $2 for update"
# The row is locked, so that no sale comes between what the books say and what is written down of it.
COUNT = """
with s as (select on_hand from stock where merchant_id = $1 and variant_id = $3 and place_id = $7 for update)
insert into stock_count_line (merchant_id, count_id, variant_id, expected, unsent, counted, counted_by, counted_at)
select $1, $2, v.id, coalesce((select on_hand from s), 0) + $8, $8, $4, $5, $6 from variant v
where v.merchant_id = $1 and v.id = $3 and not v.gone
on conflict (merchant_id, count_id, variant_id) do update
set expected = excluded.expected, unsent = excluded.unsent, counted = excluded.counted,
  counted_by = excluded.counted_by, counted_at = excluded.counted_at"""
FORGET = "delete from stock_count_line where merchant_id = $1 and count_id = $2 and variant_id = $3"
END = "update stock_count set state = $3, ended_by = $4, ended_at = $5 where merchant_id = $1 and id = $2"


class Unsent(Protocol):
    """Something that knows what was sold and has not left yet."""

    async def __call__(self, tx: Tx, variant: UUID) -> int:
        """Say how many pieces of a variant are paid and still lie in the shop."""
        ...


UNSENT: Seam[Unsent] = Seam("unsent")


class OtherCount(Refused):
    """Another count is open. Post or drop it first."""

    code, status, zh = "count.other_open", 409, "还有一张盘点单未完成，请先过账或作废。"


class CountEnded(Refused):
    """This count has been posted or dropped; nothing of it can be changed."""

    code, status, zh = "count.ended", 409, "该盘点单已过账或作废，不能再修改。"


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A count: how many lines it has, in how many of them pieces are missing or too many."""

    id: UUID
    state: str
    note: str
    started_at: datetime
    started_by: str | None
    ended_at: datetime | None
    lines: int
    differing: int
    difference: int


class CountLine(msgspec.Struct, frozen=True, kw_only=True):
    """A counted variant: what should have been there (of it, paid and not sent: `unsent`), and what was there."""

    id: UUID
    variant_id: UUID
    title: str
    options: list[str]
    sku_code: str
    expected: int
    unsent: int
    counted: int
    counted_at: datetime
    counted_by: str | None


class _Held(msgspec.Struct, frozen=True):
    state: str
    place_id: UUID


async def sheets(tx: Tx) -> list[Sheet]:
    """List the last counts."""
    return await tx.all(Sheet, LIST, tx.merchant)


async def sheet(tx: Tx, *, count: UUID) -> tuple[Sheet, list[CountLine]]:
    """Show a count."""
    return await tx.one(Sheet, ONE, tx.merchant, count), await tx.all(CountLine, LINES, tx.merchant, count)


async def start(tx: Tx, *, count: UUID, note: str, staff: UUID, place: UUID = PLACE) -> None:
    """Begin a count of a place, under the caller's own id; there is one at a time."""
    if len(note) > 100:
        raise Invalid(field="note", problem="≤ 100")
    if not await tx.run(START, tx.merchant, count, note.strip(), staff, tx.now, place) and (
        await tx.value(OPEN, tx.merchant, place) != count
    ):
        raise OtherCount


async def put(tx: Tx, *, count: UUID, variant: UUID, counted: int | None, staff: UUID) -> None:
    """Write down how many there are of a variant; counting again replaces it, None forgets it."""
    place = await _open(tx, count)
    if counted is None:
        await tx.run(FORGET, tx.merchant, count, variant)
        return
    if not 0 <= counted <= 1_000_000:
        raise Invalid(field="counted", problem="0-1000000")
    await keeping.refuse_by_hand(tx, variant=variant)
    unsent = await _unsent(tx, variant) if place == PLACE else 0
    if not await tx.run(COUNT, tx.merchant, count, variant, counted, staff, tx.now, place, unsent):
        raise NotFound


async def _unsent(tx: Tx, variant: UUID) -> int:
    """Count what is paid and not sent; its stock is locked first, so that no payment comes between the two."""
    await stock.locked(tx, variants=[variant])
    return sum([await ask(tx, variant) for ask in tx.world.at(UNSENT)])


async def post(tx: Tx, *, count: UUID, staff: UUID) -> None:
    """Move the differences; refuses as a whole where unpaid orders hold more than would be left."""
    place = await _open(tx, count)
    kept, lines = await sheet(tx, count=count)
    items = {line.variant_id: line.counted - line.expected for line in lines if line.counted != line.expected}
    await stock.move(tx, items=items, place=place, why=Why(kind=Kind.COUNT, subject=count, staff=staff, note=kept.note))
    await tx.run(END, tx.merchant, count, "posted", staff, tx.now)


async def drop(tx: Tx, *, count: UUID, staff: UUID) -> None:
    """End a count without moving anything."""
    await _open(tx, count)
    await tx.run(END, tx.merchant, count, "dropped", staff, tx.now)


async def _open(tx: Tx, count: UUID) -> UUID:
    """Keep a count from ending until the commit, and say of which place it is."""
    found = await tx.first(_Held, LOCK, tx.merchant, count)
    if found is None:
        raise NotFound
    if found.state != "open":
        raise CountEnded
    return found.place_id
