"""How many of the found goods there are of each category, tag and price, with the other filters as they are."""

from typing import Any
from uuid import UUID

import msgspec

from tongshang.catalog.search.asking import Asked
from tongshang.catalog.search.finding import QUERY, Filter
from tongshang.platform.db import Tx

MOST = 5_000
LADDER = (0, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000)
"""Where bands of prices may begin, in fen."""
MOST_BANDS = 4
# A filter's own counts leave it out: who has chosen red still sees how many blue ones there are.
COUNTS = """with found as materialized (
  select category_id, tags, low_fen, in_stock, ($3::uuid is null or category_id = $3) as c,
    ($4 = '' or $4 = any(tags)) as t, low_fen between $5 and $6 as p, (not $7 or in_stock) as s
  from product_search where merchant_id = $1 and %s limit $8)
select
  (select coalesce(jsonb_object_agg(category_id, n), '{}'::jsonb) from (select category_id, count(*) as n from found
    where t and p and s and category_id is not null group by 1) x) as categories,
  (select coalesce(jsonb_object_agg(tag, n), '{}'::jsonb) from (select tag, count(*) as n
    from found, unnest(tags) as tag where c and p and s group by 1 order by 2 desc, 1 limit 20) x) as tags,
  (select coalesce(jsonb_object_agg(step, n), '{}'::jsonb) from (select width_bucket(low_fen, $9::bigint[]) as step,
    count(*) as n from found where c and t and s group by 1) x) as steps,
  (select count(*)::integer from found where c and t and p and in_stock) as in_stock,
  (select count(*)::integer from found where c and t and p and s) as total,
  (select count(*)::integer from found) as seen"""
NAMES = """select coalesce(jsonb_object_agg(id, name), '{}'::jsonb) from category
where merchant_id = $1 and id = any($2)"""


class Choice(msgspec.Struct, frozen=True):
    """Something to filter by: its value, its name, and how many there are."""

    value: str
    name: str
    count: int


class Band(msgspec.Struct, frozen=True):
    """Prices from `least_fen` to `most_fen` (None: no end), and how many there are."""

    least_fen: int
    most_fen: int | None
    count: int


class Filters(msgspec.Struct, frozen=True):
    """What found goods can be filtered by; with `more`, there are too many to count them all."""

    categories: list[Choice]
    tags: list[Choice]
    prices: list[Band]
    in_stock: int
    total: int
    more: bool


NOTHING = Filters([], [], [], 0, 0, False)


class _Counts(msgspec.Struct, frozen=True):
    categories: dict[str, int]
    tags: dict[str, int]
    steps: dict[str, int]
    in_stock: int
    total: int
    seen: int


async def count(tx: Tx, *, asked: Asked | None, wanted: Filter) -> Filters:
    """Count the found goods by what they can be filtered by; of very many only some are looked at."""
    query = asked.every if asked else ""
    found = await tx.one(
        _Counts, COUNTS % (QUERY if query else "$2 = ''"), tx.merchant, query, *wanted.args, MOST, LADDER
    )
    names: dict[str, Any] = await tx.value(NAMES, tx.merchant, [UUID(one) for one in found.categories])
    by_count = sorted(found.categories.items(), key=lambda one: (-one[1], one[0]))
    tags = sorted(found.tags.items(), key=lambda one: (-one[1], one[0]))
    return Filters(
        [Choice(one, names[one], n) for one, n in by_count if one in names],
        [Choice(one, one, n) for one, n in tags],
        bands({int(step): n for step, n in found.steps.items()}),
        found.in_stock,
        found.total,
        found.seen >= MOST,
    )


def bands(steps: dict[int, int]) -> list[Band]:
    """Join the ladder's steps into a few bands of about as many goods each; `steps` counts from 1."""
    whole = sum(steps.values())
    found: list[Band] = []
    least, held, left = 0, 0, whole
    for step in sorted(steps):
        held, left = held + steps[step], left - steps[step]
        if left and (held * MOST_BANDS < whole or len(found) == MOST_BANDS - 1):
            continue
        most = LADDER[step] - 1 if left and step < len(LADDER) else None
        found.append(Band(least, most, held))
        least, held = (most or 0) + 1, 0
    return found
