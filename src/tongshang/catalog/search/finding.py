"""Finding goods: those whose title has all that was asked for come first, best sellers before others.

A query that few products answer is decided exactly: all of them are looked at. Of one that thousands answer, the best
of the order that is asked for are walked through until a page is full; its total is "so many, or more". Where the best
do not fill it, all that answer are put in order.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from tongshang.catalog.search import asking
from tongshang.catalog.search.asking import Asked
from tongshang.platform.db import Tx

MOST = 1_000
MOST_WALKED = 5_000
MOST_NEAR = 500
MOST_GLANCED = 500
MOST_REMEMBERED = 2_000
REMEMBERED = timedelta(minutes=5)
Sort = Literal["relevance", "sold", "price_up", "price_down", "new"]
ORDERS: dict[str, str] = {
    "relevance": "sold desc, product_id desc",
    "sold": "sold desc, product_id desc",
    "price_up": "low_fen, product_id",
    "price_down": "low_fen desc, product_id desc",
    "new": "created_at desc, product_id desc",
}
"""Orders there are indexes for."""
# Read once, and not for every row: a query is a text to the driver, and reading it takes longer than matching a row.
QUERY = "words @@ (select $2::text::tsquery)"
# "is true" keeps the planner from bringing in the index of prices, all of it, beside the words' own.
KEPT = """ and ($3::uuid is null or category_id = $3) and ($4 = '' or $4 = any(tags))
  and (low_fen between $5 and $6) is true and (not $7 or in_stock)"""
BROWSED, IN_CATEGORY = "$2 = '' and low_fen between $5 and $6", "$2 = '' and category_id = $3"
# What is looked at is limited, and sorted only then.
LOOKED = """with found as materialized (
  select product_id, sold, low_fen, created_at, {titled} as titled from product_search
  where merchant_id = $1 and {asked}{kept}{by} limit $9)
select (select count(*)::integer from found) as total,
  array(select product_id from found order by %s offset $10 limit $11) as ids"""
# The best of the order are taken before anything else is asked of them: so this is a walk, whatever the planner thinks.
BEST = """select array(select product_id from (
  select * from product_search where merchant_id = $1 order by %s limit $8) best
  where merchant_id = $1 and {asked}{kept} order by %s offset $9 limit $10)"""
ALL = """select array(select product_id from product_search where merchant_id = $1 and {asked}{kept}
  order by %s offset $8 limit $9)"""


class Way(NamedTuple):
    """The statements of one way to find: all that answer if they are few; among the best; all in order."""

    looked: str
    best: str
    all: str


def _way(asked: str, *, titled: str = "$8 = ''", by: str = "") -> Way:
    return Way(*(one.format(asked=asked, kept=KEPT, titled=titled, by=by) for one in (LOOKED, BEST, ALL)))


SEARCHING = _way(QUERY, titled="words @@ (select $8::text::tsquery)")
# Along the prices only so far as there are enough.
BROWSING = _way(BROWSED, by=" order by low_fen, product_id")
IN_A_CATEGORY = _way(IN_CATEGORY)._replace(best="")
NEAR = f"""select array(select product_id from (
  select product_id, sold, ts_rank('{{0.1, 0.2, 0.4, 1.0}}', words, (select $2::text::tsquery)) as rank
  from product_search where merchant_id = $1 and {QUERY} limit $3) x
  order by rank desc, sold desc, product_id desc limit $4)"""
POPULAR = """select array(select product_id from product_search where merchant_id = $1 and in_stock
  order by sold desc, product_id desc limit $2)"""


TITLES = """select p.id, p.title from product p join unnest($2::uuid[]) with ordinality as wanted (id, nth)
  on p.id = wanted.id where p.merchant_id = $1 and p.state = 'on' order by wanted.nth"""


class Title(msgspec.Struct, frozen=True):
    """A product by its name."""

    id: UUID
    title: str


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
    query = asking.both(asked.every if asked else "", asking.tagged(tx.merchant, wanted.tag))
    way = SEARCHING if query else IN_A_CATEGORY if wanted.category else BROWSING
    order, args, rows = ORDERS[sort], (tx.merchant, query, *wanted.args), (start, limit)
    many, question = _many(tx), (tx.merchant, query, wanted)
    # A tx's time may be turned back in a demo: then what was remembered is not believed either.
    if not timedelta(0) <= tx.now - many.get(question, tx.now - REMEMBERED) < REMEMBERED:
        looked = way.looked % (f"titled desc, {order}" if sort == "relevance" else order)
        found = await tx.one(_Exact, looked, *args, asked.title if asked else query, MOST + 1, *rows)
        if found.total <= MOST:
            many.pop(question, None)
            return Found(found.ids, found.total, False)
        many[question] = tx.now
        if len(many) > MOST_REMEMBERED:
            many.popitem(last=False)
    ids = await tx.value(way.best % (order, order), *args, MOST_WALKED, *rows) if way.best else []
    if len(ids) < limit:
        ids = await tx.value(way.all % order, *args, *rows)
    return Found(ids, MOST, True)


async def glance(tx: Tx, *, asked: Asked, limit: int) -> list[Title]:
    """Find a few goods for somebody who is still typing: best sellers with all of it in the title, where they fill it.

    How many there are in all is not asked for: for two letters that costs more than everything else.
    """
    args, rows = (tx.merchant, asked.title, *Filter().args), (0, limit)
    ids: list[UUID] = await tx.value(SEARCHING.best % (ORDERS["sold"], ORDERS["sold"]), *args, MOST_GLANCED, *rows)
    if len(ids) < limit:
        ids = (await find(tx, asked=asked, wanted=Filter(), limit=limit)).ids
    return await tx.all(Title, TITLES, tx.merchant, ids)


def _many(tx: Tx) -> OrderedDict[tuple[UUID, str, Filter], datetime]:
    """Give the questions this process knows to have many answers, and since when, so as not to count them again."""
    known: OrderedDict[tuple[UUID, str, Filter], datetime] = tx.world.shelf.setdefault(
        "searches of many", OrderedDict()
    )
    return known


class _Exact(msgspec.Struct, frozen=True):
    total: int
    ids: list[UUID]


async def near(tx: Tx, *, asked: Asked, limit: int) -> list[UUID]:
    """Find what comes near a query that found nothing: the most of its bigrams, or what is read alike."""
    found: list[UUID] = await tx.value(NEAR, tx.merchant, asked.near, MOST_NEAR, limit)
    return found


async def popular(tx: Tx, *, limit: int) -> Sequence[UUID]:
    """List what sells best and is in stock."""
    found: list[UUID] = await tx.value(POPULAR, tx.merchant, limit)
    return found
