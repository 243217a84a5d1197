"""Finding goods: those whose title has all that was asked for come first, best sellers before others.

A query that few products answer is decided exactly: all of them are looked at. One that thousands answer is walked
through in the order that is asked for, until a page is full; its total is "so many, or more".
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from tongshang.catalog.search.asking import Asked
from tongshang.platform.db import Tx

MOST = 1_000
MOST_REMEMBERED = 2_000
Sort = Literal["relevance", "sold", "price_up", "price_down", "new"]
ORDERS: dict[str, str] = {
    "relevance": "sold desc, product_id desc",
    "sold": "sold desc, product_id desc",
    "price_up": "low_fen, product_id",
    "price_down": "low_fen desc, product_id desc",
    "new": "created_at desc, product_id desc",
}
"""Orders there are indexes for."""
KEPT = """ and ($3::uuid is null or category_id = $3) and ($4 = '' or $4 = any(tags))
  and low_fen between $5 and $6 and (not $7 or in_stock)"""
WHERE = "where merchant_id = $1 and words @@ $2::text::tsquery"
# What is looked at is limited, and sorted only then.
EXACT = f"""with found as materialized (
  select product_id, sold, low_fen, created_at, words @@ $8::text::tsquery as titled from product_search
  {WHERE}{KEPT} limit $9)
select (select count(*)::integer from found) as total,
  array(select product_id from found order by %s offset $10 limit $11) as ids"""
WALK = f"select array(select product_id from product_search {WHERE}{KEPT} order by %s offset $8 limit $9)"
BROWSE = f"""select array(select product_id from product_search
  where merchant_id = $1 and $2 = ''{KEPT} order by %s offset $8 limit $9)"""
COUNT = f"""select count(*)::integer from (select 1 from product_search
  where merchant_id = $1 and $2 = ''{KEPT} limit $8) x"""
NEAR = f"""select array(select product_id from (
  select product_id, sold, ts_rank('{{0.1, 0.2, 0.4, 1.0}}', words, $2::text::tsquery) as rank from product_search
  {WHERE} limit $3) x order by rank desc, sold desc, product_id desc limit $4)"""
POPULAR = """select array(select product_id from product_search where merchant_id = $1 and in_stock
  order by sold desc, product_id desc limit $2)"""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the found goods are wanted; an empty field means all."""

    category: UUID | None = None
    tag: str = ""
    least_fen: int = 0
    most_fen: int = 2**62
    in_stock: bool = False

    @property
    def args(self) -> tuple[object, ...]:
        """Give the arguments of the conditions."""
        return (self.category, self.tag, self.least_fen, self.most_fen, self.in_stock)


class Found(msgspec.Struct, frozen=True):
    """Products, in order, and how many there are in all (or `more` than that)."""

    ids: list[UUID]
    total: int
    more: bool


async def find(
    tx: Tx, *, asked: Asked | None, wanted: Filter, sort: Sort = "relevance", start: int = 0, limit: int
) -> Found:
    """Find goods; without a query, all that are on the shelf and not filtered out."""
    order, rows = ORDERS[sort], (start, limit)
    if asked is None:
        total = await tx.value(COUNT, tx.merchant, "", *wanted.args, MOST + 1)
        ids = await tx.value(BROWSE % order, tx.merchant, "", *wanted.args, *rows)
        return Found(ids, min(total, MOST), total > MOST)
    many = _many(tx)
    question = (tx.merchant, asked.every, wanted)
    if question not in many:
        exact = EXACT % (f"titled desc, {order}" if sort == "relevance" else order)
        args = (tx.merchant, asked.every, *wanted.args, asked.title, MOST + 1)
        found = await tx.one(_Exact, exact, *args, *rows)
        if found.total <= MOST:
            return Found(found.ids, found.total, False)
    ids = await tx.value(WALK % order, tx.merchant, asked.every, *wanted.args, *rows)
    many[question] = None
    many.move_to_end(question)
    if len(ids) < limit or len(many) > MOST_REMEMBERED:
        many.popitem(last=len(ids) < limit)  # fewer than there were: look at all of them next time
    return Found(ids, MOST, True)


def _many(tx: Tx) -> OrderedDict[tuple[UUID, str, Filter], None]:
    """Give the questions this process knows to have many answers, so that they need not be counted again."""
    known: OrderedDict[tuple[UUID, str, Filter], None] = tx.world.shelf.setdefault("searches of many", OrderedDict())
    return known


class _Exact(msgspec.Struct, frozen=True):
    total: int
    ids: list[UUID]


async def near(tx: Tx, *, asked: Asked, limit: int) -> list[UUID]:
    """Find what comes near a query that found nothing: the most of its bigrams, or what is read alike."""
    found: list[UUID] = await tx.value(NEAR, tx.merchant, asked.near, MOST, limit)
    return found


async def popular(tx: Tx, *, limit: int) -> Sequence[UUID]:
    """List what sells best and is in stock."""
    found: list[UUID] = await tx.value(POPULAR, tx.merchant, limit)
    return found
