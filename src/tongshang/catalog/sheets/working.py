"""The work on sheets, in the background: looking through, and applying, some products at a time."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec

from tongshang.catalog import products
from tongshang.catalog.model import ProductAsked
from tongshang.catalog.sheets import imports, parsing, plans, workbooks
from tongshang.catalog.sheets.parsing import Goods, Problem
from tongshang.catalog.sheets.plans import Plan
from tongshang.catalog.sheets.workbooks import Unreadable
from tongshang.media import blobs
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Again
from tongshang.platform.world import World

SOME = 20
# After so many, the job is given back for a moment: its lease stays young, and others get their turn.
AT_A_TIME = 100
LOCK = "select state from product_sheet where merchant_id = $1 and id = $2 for update"
KNOWN = "select count(*) from product_sheet_item where merchant_id = $1 and sheet_id = $2"
SAID = """select coalesce(jsonb_object_agg(product_id, rows -> 0), '{}'::jsonb) from product_sheet_item
where merchant_id = $1 and sheet_id = $2 and product_id = any($3)"""
ADD = """insert into product_sheet_item (merchant_id, sheet_id, nth, product_id, title, rows, state, fresh, problems,
  changes, doc, seen) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"""
COUNT = """update product_sheet set rows = $3, products = products + $4, good = good + $5
where merchant_id = $1 and id = $2"""
CHECKED = """update product_sheet set state = 'checked', rows = $3, problem = $4
where merchant_id = $1 and id = $2 and state = 'checking'"""
UNREADABLE = """update product_sheet set state = 'unreadable', problem = $3, ended_at = $4
where merchant_id = $1 and id = $2 and state = 'checking'"""
NEXT = """select nth, product_id, rows, title, doc, seen from product_sheet_item
where merchant_id = $1 and sheet_id = $2 and state = 'good' order by nth limit 1 for update"""
MARK = """update product_sheet_item set state = $4, problems = $5
where merchant_id = $1 and sheet_id = $2 and nth = $3 and state = 'good'"""
PROGRESS = "update product_sheet set done = done + $3, refused = refused + $4 where merchant_id = $1 and id = $2"
DONE = (
    "update product_sheet set state = 'done', ended_at = $3 where merchant_id = $1 and id = $2 and state = 'applying'"
)
WHY = workbooks.WHY | {
    "empty": ("表格里没有商品", "there are no goods in the sheet"),
    "columns_twice": ("有两列的名称相同，请删除多余的一列", "two columns have one name; please remove one of them"),
    "no_columns": ("没有找到“商品名称”这一列，请使用模板", "there is no column Name; please use the template"),
}


PARSED = "sheet being read"


class _Rehearsed(Exception):
    """Rolls a rehearsal back."""


class _Next(msgspec.Struct, frozen=True):
    nth: int
    product_id: UUID
    rows: list[int]
    title: str
    doc: ProductAsked
    seen: int


async def look_through(world: World, merchant: UUID, *, sheet: UUID) -> None:
    """Say of every product of a sheet what would become of it; changes no goods. Goes on where it was stopped."""
    async with world.tx(merchant) as tx:
        found = await imports.get(tx, sheet=sheet)
        known = await tx.value(KNOWN, merchant, sheet)
    if found.state != "checking":
        return
    try:
        goods, unknown, rows = await _parsed(world, merchant, found.digest)
    except Unreadable as unreadable:
        zh, en = WHY[unreadable.why]
        async with world.tx(merchant) as tx:
            await tx.run(UNREADABLE, merchant, sheet, {"code": unreadable.why, "zh": zh, "en": en}, tx.now)
        return
    for start in range(known, len(goods), SOME):
        if start - known >= AT_A_TIME:
            raise Again(0)
        planned = await rehearsed(world, merchant, goods[start : start + SOME])
        async with world.tx(merchant) as tx:
            if await tx.value(LOCK, merchant, sheet) != "checking" or await tx.value(KNOWN, merchant, sheet) != start:
                return  # put aside meanwhile, or somebody else is at it
            await _keep(tx, sheet, start, await _once(tx, sheet, planned), rows)
    world.shelf.pop(PARSED, None)
    async with world.tx(merchant) as tx:
        await tx.run(CHECKED, merchant, sheet, rows, _left_out(unknown))


def _left_out(unknown: Sequence[str]) -> dict[str, str] | None:
    """Say which columns are not read, so that nobody waits for what was in them."""
    if not unknown:
        return None
    names = "、".join(one[:20] for one in unknown[:10])
    zh, en = f"这些列无法识别，不会导入：{names}", f"These columns are not known and left out: {names}"
    return {"code": "unknown_columns", "zh": zh, "en": en}


Parsed = tuple[list[Goods], list[str], int]


async def _parsed(world: World, merchant: UUID, digest: bytes) -> Parsed:
    """Read a file into products, or take what was read for the turn before this one; one file is kept at a time."""
    kept: dict[tuple[UUID, bytes], Parsed] = world.shelf.setdefault(PARSED, {})
    if (merchant, digest) not in kept:
        kept.clear()
        data = await blobs.read(world, merchant, digest=digest)
        kept[merchant, digest] = await asyncio.to_thread(parsing.goods, data)
    return kept[merchant, digest]


async def rehearsed(world: World, merchant: UUID, some: Sequence[Goods]) -> list[Plan]:
    """Plan products and write each down in a transaction that is rolled back: what it refuses is a problem."""
    async with world.tx(merchant) as tx:
        planned = await plans.plan(tx, some=some)
    return [await _rehearsed(world, merchant, plan) for plan in planned]


async def _rehearsed(world: World, merchant: UUID, plan: Plan) -> Plan:
    """Rehearse one product by itself: whoever writes goods holds the shop's shelf, and buyers wait for that."""
    if plan.state != "good" or plan.asked is None:
        return plan
    try:
        async with world.tx(merchant) as tx:
            await products.put(tx, product=plan.product_id, asked=plan.asked, seen=plan.seen)
            raise _Rehearsed
    except _Rehearsed:
        return plan
    except Refused as refused:
        return msgspec.structs.replace(plan, problems=[*plan.problems, plans.refusal(plan.places, refused)])


async def _written(tx: Tx, product: UUID, asked: ProductAsked, seen: int) -> Refused | None:
    """Write a product down whole, or not at all; give what was said no to."""
    await tx.run("savepoint one")
    try:
        await products.put(tx, product=product, asked=asked, seen=seen)
    except Refused as refused:
        await tx.run("rollback to savepoint one")
        return refused
    await tx.run("release savepoint one")
    return None


async def _once(tx: Tx, sheet: UUID, planned: Sequence[Plan]) -> list[Plan]:
    """Refuse goods that rows further up speak of already, apart from these: only the first could be written."""
    said: dict[str, int] = await tx.value(SAID, tx.merchant, sheet, [one.product_id for one in planned])
    found = []
    for one in planned:
        above = said.setdefault(str(one.product_id), one.rows[0])
        if above != one.rows[0]:
            zh, en = (
                f"与第 {above} 行是同一商品，请放在相邻的行",
                f"the same goods as in row {above}; put them together",
            )
            told = [*one.problems, parsing.problem(one.rows[0], "title", zh, en)]
            one = msgspec.structs.replace(one, problems=told)
        found.append(one)
    return found


async def _keep(tx: Tx, sheet: UUID, start: int, planned: Sequence[Plan], rows: int) -> None:
    rows_of = [
        (
            tx.merchant, sheet, nth, one.product_id, one.title, one.rows, one.state, one.fresh, one.problems[:50],
            one.changes, one.asked if one.state == "good" else None, one.seen,
        )
        for nth, one in enumerate(planned, start)
    ]  # fmt: skip
    await tx.run_many(ADD, rows_of)
    good = sum(one.state == "good" for one in planned)
    await tx.run(COUNT, tx.merchant, sheet, rows, len(planned), good)


async def apply(world: World, merchant: UUID, *, sheet: UUID) -> None:
    """Write the good products of a confirmed sheet down; each once, whatever stops or repeats this.

    Each in a transaction of its own: two products in one would hold the shop's shelf while waiting for the other's
    stock, against the order in which buyers' orders take both.
    """
    for _ in range(AT_A_TIME):
        async with world.tx(merchant) as tx:
            if await tx.value(LOCK, merchant, sheet) != "applying":
                return
            one = await tx.first(_Next, NEXT, merchant, sheet)
            if one is None:
                await tx.run(DONE, merchant, sheet, tx.now)
                return
            refused = await _apply_one(tx, sheet, one)
            await tx.run(PROGRESS, merchant, sheet, int(not refused), int(refused))
    raise Again(0)


async def _apply_one(tx: Tx, sheet: UUID, one: _Next) -> bool:
    """Write one product down and mark it; say whether it was refused."""
    refused = await _written(tx, one.product_id, one.doc, one.seen)
    problems: list[Problem] = [plans.refusal(one.rows, refused)] if refused else []
    await tx.run(MARK, tx.merchant, sheet, one.nth, "refused" if refused else "done", problems)
    return refused is not None
