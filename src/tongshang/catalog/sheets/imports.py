"""Sheets brought in: kept, looked through without changing anything, and applied product by product.

Both go in small transactions and count as they go, so that progress shows, a stop loses nothing, and going on repeats
nothing: an item's own state says whether it is done, and turns in the transaction that writes the goods.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.catalog.sheets.facts import SheetBrought, SheetConfirmed
from tongshang.catalog.sheets.parsing import Problem
from tongshang.catalog.sheets.plans import Change
from tongshang.media import blobs
from tongshang.platform.db import Tx
from tongshang.platform.errors import Mismatch, Refused
from tongshang.platform.world import World

COLUMNS = """id, state, name, digest, rows, products, good, done, refused, skip_bad, problem, staff_name, asked_at,
ended_at"""
ONE = f"select {COLUMNS} from product_sheet where merchant_id = $1 and id = $2"
LIST = f"select {COLUMNS} from product_sheet where merchant_id = $1 order by asked_at desc, id desc limit 30"
ADD = """insert into product_sheet (merchant_id, id, state, name, digest, staff_name, asked_at)
values ($1, $2, 'checking', $3, $4, $5, $6) on conflict do nothing"""
CONFIRM = """update product_sheet set state = 'applying', skip_bad = $3 where merchant_id = $1 and id = $2
  and state = 'checked'"""
DROP = """update product_sheet set state = 'dropped', ended_at = $3 where merchant_id = $1 and id = $2
  and state in ('checking', 'checked')"""
ITEMS = """select nth, product_id as id, title, rows, state, fresh, problems, changes from product_sheet_item
where merchant_id = $1 and sheet_id = $2 and ($3 = '' or state = $3) and nth > $4 order by nth limit $5"""
TALLY = """select coalesce(jsonb_object_agg(state, n), '{}'::jsonb) from (
  select state, count(*)::integer as n from product_sheet_item where merchant_id = $1 and sheet_id = $2 group by 1) s"""


class NotReady(Refused):
    """This sheet is not waiting to be applied."""

    code, status, zh = "sheet.not_ready", 409, "这份表格不在等待导入的状态。"


class HasBadRows(Refused):
    """{bad} goods in this sheet have problems. Mend them, or say that they are to be left out."""

    code, status, zh = "sheet.has_bad_rows", 409, "表格中有 {bad} 件商品有问题，请修改后重新上传，或选择跳过它们。"


class Sheet(msgspec.Struct, frozen=True):
    """A sheet, and how far it has come."""

    id: UUID
    state: str
    name: str
    digest: bytes
    rows: int
    products: int
    good: int
    done: int
    refused: int
    skip_bad: bool
    problem: dict[str, str] | None
    staff_name: str
    asked_at: datetime
    ended_at: datetime | None


class Item(msgspec.Struct, frozen=True):
    """A product of a sheet: its rows, what is wrong, what would change."""

    nth: int
    id: UUID
    title: str
    rows: list[int]
    state: str
    fresh: bool
    problems: list[Problem]
    changes: list[Change]


async def bring(world: World, merchant: UUID, *, data: bytes) -> bytes:
    """Keep the file of a sheet; give what it is known by. The row that names it comes afterwards."""
    return await blobs.keep(world, merchant, data=data)


async def add(tx: Tx, *, sheet: UUID, name: str, digest: bytes, by: str) -> Sheet:
    """Take a sheet in, to be looked through; the same file under the same id is the same sheet."""
    if await tx.run(ADD, tx.merchant, sheet, name[:100], digest, by, tx.now):
        await tx.emit(SheetBrought(sheet))
    found = await get(tx, sheet=sheet)
    if found.digest != digest:
        raise Mismatch
    return found


async def get(tx: Tx, *, sheet: UUID) -> Sheet:
    """Give a sheet, or raise NotFound."""
    return await tx.one(Sheet, ONE, tx.merchant, sheet)


async def listed(tx: Tx) -> list[Sheet]:
    """List the latest sheets, newest first."""
    return await tx.all(Sheet, LIST, tx.merchant)


async def tally(tx: Tx, *, sheet: UUID) -> dict[str, Any]:
    """Count a sheet's products by what is known of them."""
    found: dict[str, Any] = await tx.value(TALLY, tx.merchant, sheet)
    return found


async def items(tx: Tx, *, sheet: UUID, state: str, after: int, limit: int) -> list[Item]:
    """List a sheet's products in its order; one more than asked for tells that there are more."""
    return await tx.all(Item, ITEMS, tx.merchant, sheet, state, after, limit + 1)


async def confirm(tx: Tx, *, sheet: UUID, skip_bad: bool) -> Sheet:
    """Have a sheet applied that was looked through; with something wrong in it, only where that is to be left out."""
    found = await get(tx, sheet=sheet)
    if found.state in ("applying", "done") and found.skip_bad == skip_bad:
        return found  # the second click of a double click
    bad = (await tally(tx, sheet=sheet)).get("bad", 0)
    if found.state == "checked" and bad and not skip_bad:
        raise HasBadRows(bad=bad)
    if not await tx.run(CONFIRM, tx.merchant, sheet, skip_bad):
        raise NotReady
    await tx.emit(SheetConfirmed(sheet))
    return await get(tx, sheet=sheet)


async def drop(tx: Tx, *, sheet: UUID) -> None:
    """Put a sheet aside that was not applied."""
    await get(tx, sheet=sheet)
    if not await tx.run(DROP, tx.merchant, sheet, tx.now):
        raise NotReady
