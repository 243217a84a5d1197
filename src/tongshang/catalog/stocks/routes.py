"""The stock pages of the console."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, put
from litestar.params import Parameter

from tongshang.catalog.stock import Why
from tongshang.catalog.stocks import counting, levels, moves
from tongshang.catalog.stocks.counting import CountLine, Sheet
from tongshang.catalog.stocks.levels import Level
from tongshang.catalog.stocks.moves import Move
from tongshang.platform.db import Tx
from tongshang.platform.paging import Page, cursor, limit_of, page_of, read_cursor
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role


class Adjusted(msgspec.Struct, forbid_unknown_fields=True):
    """Pieces that came or (below zero) went, and why."""

    quantity: int
    note: str


class KeptBack(msgspec.Struct, forbid_unknown_fields=True):
    """How many are kept back, and from how few left on to warn (null: as everybody)."""

    safety: int
    warn_at: int | None = None


class CountAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A new count."""

    note: str = ""


class Counted(msgspec.Struct, forbid_unknown_fields=True):
    """How many there are; null: forget it."""

    counted: int | None


class CountView(msgspec.Struct):
    """A count with its lines."""

    sheet: Sheet
    lines: list[CountLine]


@get("/stock", operation_id="list_stock")
async def list_stock(
    who: Staff,
    q: str = "",
    section: Annotated[str, Parameter(query="state")] = "",
    after: str | None = None,
    limit: int | None = None,
) -> Page[Level]:
    """List what there is; `state` is low or out for what wants attention."""
    most = limit_of(limit)
    start = read_cursor(after, UUID)[0] if after else None
    async with who.tx() as tx:
        found = await levels.listed(tx, text=q, section=section, after=start, limit=most)
    return page_of(found, most, lambda level: (level.variant_id,))


@get("/stock/moves", operation_id="list_stock_moves")
async def list_stock_moves(
    who: Staff,
    variant: UUID | None = None,
    kind: str = "",
    after: str | None = None,
    limit: int | None = None,
) -> Page[Move]:
    """List movements, of one variant or of all, newest first."""
    most = limit_of(limit)
    async with who.tx() as tx:
        if variant is not None:
            before = read_cursor(after, int)[0] if after else None
            found = await moves.of_variant(tx, variant=variant, kind=kind, before=before, limit=most)
        else:
            since = read_cursor(after, datetime, UUID, int) if after else None
            found = await moves.latest(tx, kind=kind, before=since, limit=most)
    shown = found[:most]
    last = shown[-1] if len(found) > most else None
    if last is None:
        return Page(shown, None)
    return Page(shown, cursor(last.nth) if variant is not None else cursor(last.at, last.variant_id, last.nth))


@put("/stock/{variant_id:uuid}/adjustment", operation_id="adjust_stock", opt={"role": Role.MANAGER})
async def adjust_stock(who: Staff, variant_id: UUID, data: Adjusted) -> Level:
    """Add pieces or take some away, with the reason why."""
    async with who.tx() as tx:
        await levels.adjust(tx, variant=variant_id, more=data.quantity, why=Why(staff=who.id, note=data.note.strip()))
        return await levels.one(tx, variant=variant_id)


@put("/stock/{variant_id:uuid}/safety", operation_id="keep_stock_back", opt={"role": Role.MANAGER})
async def keep_stock_back(who: Staff, variant_id: UUID, data: KeptBack) -> Level:
    """Keep some back from the online shop, and say when to warn."""
    async with who.tx() as tx:
        await levels.keep_back(tx, variant=variant_id, safety=data.safety, warn_at=data.warn_at)
        return await levels.one(tx, variant=variant_id)


@get("/stock/counts", operation_id="list_stock_counts")
async def list_stock_counts(who: Staff) -> list[Sheet]:
    """List the last counts."""
    async with who.tx() as tx:
        return await counting.sheets(tx)


@get("/stock/counts/{count_id:uuid}", operation_id="get_stock_count")
async def get_stock_count(who: Staff, count_id: UUID) -> CountView:
    """Show a count with its lines."""
    async with who.tx() as tx:
        return await _shown(tx, count_id)


@put("/stock/counts/{count_id:uuid}", operation_id="start_stock_count")
async def start_stock_count(who: Staff, count_id: UUID, data: CountAsked) -> CountView:
    """Begin a count under one's own id."""
    async with who.tx() as tx:
        await counting.start(tx, count=count_id, note=data.note, staff=who.id)
        return await _shown(tx, count_id)


@put("/stock/counts/{count_id:uuid}/lines/{variant_id:uuid}", operation_id="put_stock_count_line")
async def put_stock_count_line(who: Staff, count_id: UUID, variant_id: UUID, data: Counted) -> CountView:
    """Write down how many there are of a variant."""
    async with who.tx() as tx:
        await counting.put(tx, count=count_id, variant=variant_id, counted=data.counted, staff=who.id)
        return await _shown(tx, count_id)


@put("/stock/counts/{count_id:uuid}/posting", operation_id="post_stock_count", opt={"role": Role.MANAGER})
async def post_stock_count(who: Staff, count_id: UUID) -> CountView:
    """Move the differences."""
    async with who.tx() as tx:
        await counting.post(tx, count=count_id, staff=who.id)
        return await _shown(tx, count_id)


@delete("/stock/counts/{count_id:uuid}", operation_id="drop_stock_count", status_code=200)
async def drop_stock_count(who: Staff, count_id: UUID) -> CountView:
    """End a count without moving anything."""
    async with who.tx() as tx:
        await counting.drop(tx, count=count_id, staff=who.id)
        return await _shown(tx, count_id)


async def _shown(tx: Tx, count: UUID) -> CountView:
    return CountView(*await counting.sheet(tx, count=count))


console = [
    list_stock, list_stock_moves, adjust_stock, keep_stock_back, list_stock_counts, get_stock_count, start_stock_count,
    put_stock_count_line, post_stock_count, drop_stock_count,
]  # fmt: skip
