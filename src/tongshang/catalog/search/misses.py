"""Queries that found nothing, counted by day, so that the merchant sees what people want. Who asked is not kept."""

import re
from datetime import date, timedelta

import msgspec

from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx

MOST_A_DAY = 500
LONGEST = 40
KEPT = timedelta(days=90)
PRIVATE = re.compile(r"\d{6,}|@")
"""What looks like a telephone number, a number of a document or an e-mail address is not written down."""
COUNT = """insert into search_miss (merchant_id, day, query, times)
select $1, $2, $3, 1 where (select count(*) from search_miss where merchant_id = $1 and day = $2) < $4
  or exists (select 1 from search_miss where merchant_id = $1 and day = $2 and query = $3)
on conflict (merchant_id, day, query) do update set times = search_miss.times + 1"""
LIST = """select query, sum(times)::integer as times, max(day) as last_day from search_miss
where merchant_id = $1 and day > $2 group by query order by 2 desc, 3 desc, 1 limit $3"""
FORGET = "delete from search_miss where merchant_id = $1 and day < $2"


class Miss(msgspec.Struct, frozen=True):
    """A query that found nothing: how often, and when last."""

    query: str
    times: int
    last_day: date


async def count(tx: Tx, *, query: str) -> None:
    """Count a query that found nothing."""
    query = " ".join(query.split())[:LONGEST].lower()
    if query and not PRIVATE.search(query):
        await tx.run(COUNT, tx.merchant, tx.now.astimezone(SHANGHAI).date(), query, MOST_A_DAY)


async def listed(tx: Tx, *, days: int, limit: int = 200) -> list[Miss]:
    """List what was looked for in vain in the last days, most often first."""
    since = tx.now.astimezone(SHANGHAI).date() - timedelta(days=days)
    return await tx.all(Miss, LIST, tx.merchant, since, limit)


async def forget(tx: Tx) -> None:
    """Forget what is older than a season."""
    await tx.run(FORGET, tx.merchant, tx.now.astimezone(SHANGHAI).date() - KEPT)
