"""The plans that PostgreSQL keeps for searches, which know no values: each reads the index it is meant to read."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from tongshang.catalog.search import filters, finding, lexemes
from tongshang.platform.db import SETTINGS

GOODS = 20_000
FILL = """insert into product_search
  (merchant_id, product_id, words, tags, low_fen, sold, in_stock, created_at, made)
select $1, gen_random_uuid(), format('''%1$s=a%2$s'':1A ''%1$s=b%3$s'':2B', $2::text, n % 7, n)::tsvector, '{}',
  100 + n, n % 1000, true, now(), 1 from generate_series(1, $3) n"""
ARGS = (None, "", 0, 2**62, False)
INDEXES = {"words", "sold", "price", "new", "category", "pk"}


@pytest.fixture
async def reader(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the platform has one, to a shop of many goods, that keeps plans at once."""
    owner = await asyncpg.connect(database_url)
    await owner.execute("set session_replication_role = replica")  # the goods themselves are not needed
    await owner.execute("set synchronous_commit = off")
    await owner.execute(FILL, UUID(int=1), lexemes.key(UUID(int=1)), GOODS)
    await owner.execute("analyze product_search")
    await owner.close()
    settings = {**SETTINGS, "plan_cache_mode": "force_generic_plan"}
    connection = await asyncpg.connect(database_url, user="tongshang_app", server_settings=settings)
    await connection.execute(f"select set_config('app.merchant_id', '{UUID(int=1)}', false)")
    yield connection
    await connection.close()


async def read(reader: asyncpg.Connection, sql: str, *args: object) -> set[str]:
    """Say which indexes a statement reads."""
    await reader.execute(f"prepare asked as {sql}")
    said = ", ".join("null" if one is None else "'" + _text(one).replace("'", "''") + "'" for one in args)
    plan = "\n".join(row[0] for row in await reader.fetch(f"explain execute asked ({said})"))
    await reader.execute("deallocate asked")
    return {name for name in INDEXES if f"product_search_{name}" in plan}


def _text(value: object) -> str:
    return "{" + ",".join(map(str, value)) + "}" if isinstance(value, tuple) else str(value)


async def test_each_search_reads_its_own_index_and_no_other(reader: asyncpg.Connection) -> None:
    shop, order = UUID(int=1), finding.ORDERS
    query = f"'{lexemes.key(shop)}=a1'"
    looked = (shop, query, *ARGS, query, 1_001, 0, 20)
    for sort in order.values():
        assert await read(reader, finding.SEARCHING.looked % f"titled desc, {sort}", *looked) == {"words"}
    for name, index in (("relevance", "sold"), ("price_up", "price"), ("price_down", "price"), ("new", "new")):
        best = finding.SEARCHING.best % (order[name], order[name])
        assert await read(reader, best, shop, query, *ARGS, 5_000, 0, 20) == {index}, name
        best = finding.BROWSING.best % (order[name], order[name])
        assert await read(reader, best, shop, "", *ARGS, 5_000, 0, 20) == {index}, name
    assert await read(reader, filters.COUNTS % finding.QUERY, shop, query, *ARGS, 5_000, filters.LADDER) == {"words"}
    assert await read(reader, finding.NEAR, shop, query, 500, 8) == {"words"}
    found = await reader.fetchrow(finding.SEARCHING.looked % order["sold"], *looked)
    assert (found["total"], len(found["ids"])) == (1_001, 20)
