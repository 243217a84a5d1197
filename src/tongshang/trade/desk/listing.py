"""The list of orders, newest first, and how many wait at each stage."""

import heapq
from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.trade.desk.filters import Filters, where
from tongshang.trade.model import COLUMNS, Order

# By number, for an order's id is the customer's own and says nothing about when. The page's numbers come first: what a
# name or a customer has thousands of is then put in order by an index alone, and only a page of orders is read whole.
LIST = """select {columns} from orders o where o.merchant_id = $1 and o.number = any(array(
  select o.number from orders o where o.merchant_id = $1{where} order by o.number desc limit {limit}))
order by o.number desc"""
NUMBER = "select number from orders where merchant_id = $1 and id = $2"
MOST_COUNTED = 1000
"""Beyond this many a tab says "999+": counting millions would cost more than anybody learns from it."""
COUNT = """select jsonb_build_object(
  'unpaid', (select count(*) from (select 1 from orders where merchant_id = $1 and state = 'unpaid' limit $2) o),
  'deposit', (select count(*) from (select 1 from orders where merchant_id = $1 and state = 'deposit' limit $2) o),
  'to_ship', (select count(*) from (select 1 from orders
    where merchant_id = $1 and state = 'paid' and delivery = 'express' limit $2) o),
  'to_deliver', (select count(*) from (select 1 from orders
    where merchant_id = $1 and state = 'paid' and delivery = 'local' limit $2) o),
  'to_use', (select count(*) from (select 1 from orders
    where merchant_id = $1 and state = 'paid' and delivery = 'none' limit $2) o),
  'to_pick_up', (select count(*) from (select 1 from orders
    where merchant_id = $1 and state = 'paid' and delivery = 'pickup' limit $2) o),
  'paid', (select count(*) from (select 1 from orders where merchant_id = $1 and state = 'paid' limit $2) o),
  'shipped', (select count(*) from (select 1 from orders where merchant_id = $1 and state = 'shipped' limit $2) o))"""


async def orders(tx: Tx, *, filters: Filters, before: UUID | None, limit: int) -> list[Order]:
    """List orders, newest first; one more than asked for tells that there are more."""
    start = None if before is None else await tx.value(NUMBER, tx.merchant, before)
    return await _page(tx, filters, start, limit + 1)


async def after(tx: Tx, *, filters: Filters, number: int | None, limit: int) -> list[Order]:
    """List the orders that were placed before the one of this number (None: from the newest on)."""
    return await _page(tx, filters, number, limit)


async def counts(tx: Tx) -> dict[str, int]:
    """Count the orders that somebody still has to do with, by stage, each up to 1000."""
    found: dict[str, int] = await tx.value(COUNT, tx.merchant, MOST_COUNTED)
    return found


async def _page(tx: Tx, filters: Filters, below: int | None, limit: int) -> list[Order]:
    """Read a page; what can be meant in several ways is read in each of them, and put together."""
    several: list[list[Order]] = []
    for one in await where(tx, filters):
        if below is not None:
            one.add("o.number < {}", below)
        sql = LIST.format(columns=COLUMNS, where=one, limit=one.take(limit))
        several.append(await tx.all(Order, sql, *one.args))
    merged = heapq.merge(*several, key=lambda order: -order.number)
    return list({order.id: order for order in merged}.values())[:limit]
