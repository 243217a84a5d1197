"""Stock: held when an order is placed, used when it is paid, released when it is closed. Never oversold.

Every change is a compare-and-set whose condition the table's CHECKs say again. Rows are always locked in the
order of their ids, so that two orders of the same goods wait for each other instead of embracing.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused

USE = """
with used as (
  update stock_hold set state = 'used', at = $3 where merchant_id = $1 and holder_id = any($2) and state = 'held'
  returning variant_id, quantity),
each as (select variant_id, sum(quantity)::integer as quantity from used group by 1)
update stock set on_hand = on_hand - each.quantity, reserved = reserved - each.quantity
from each where stock.merchant_id = $1 and stock.variant_id = each.variant_id"""
RELEASE = """
with freed as (
  update stock_hold set state = 'released', at = $3 where merchant_id = $1 and holder_id = $2 and state = 'held'
  returning variant_id, quantity)
update stock set reserved = reserved - freed.quantity
from freed where stock.merchant_id = $1 and stock.variant_id = freed.variant_id"""
FREE = """select variant_id, on_hand - reserved as left from stock where merchant_id = $1 and variant_id = any($2)
order by variant_id for update"""
LOCK = """select variant_id from stock where merchant_id = $1 and variant_id in (
  select variant_id from stock_hold where merchant_id = $1 and holder_id = any($2))
order by variant_id for update"""
PUT_BACK = "update stock set on_hand = on_hand + $3 where merchant_id = $1 and variant_id = $2"
SET = "update stock set on_hand = $3 where merchant_id = $1 and variant_id = $2 and reserved <= $3"
START = "insert into stock (merchant_id, variant_id, on_hand) values ($1, $2, $3) on conflict do nothing"
CHANGED = "select app.shelf_changed($1, $2)"
HELD_PRODUCTS = """select array(select distinct v.product_id from stock_hold h
  join variant v on v.merchant_id = h.merchant_id and v.id = h.variant_id
  where h.merchant_id = $1 and h.holder_id = $2)"""
PRODUCTS = "select array(select distinct product_id from variant where merchant_id = $1 and id = any($2))"


class Reserved(Refused):
    """Unpaid orders hold more than that; the stock cannot be set below what they hold."""

    code, status, zh = "stock.reserved", 409, "未付款订单占用了库存，不能低于占用数量。"


class _Free(msgspec.Struct, frozen=True):
    variant_id: UUID
    left: int


async def locked(tx: Tx, *, variants: Sequence[UUID]) -> dict[UUID, int]:
    """Say how many of each variant can be bought, and keep it so until the commit."""
    return {row.variant_id: row.left for row in await tx.all(_Free, FREE, tx.merchant, variants)}


async def use(tx: Tx, *, holders: Sequence[UUID]) -> None:
    """Sell what some hold; harmless when repeated."""
    await tx.run(LOCK, tx.merchant, holders)
    await tx.run(USE, tx.merchant, holders, tx.now)


async def release(tx: Tx, *, holder: UUID) -> None:
    """Give what somebody holds back to the shelf; harmless when repeated."""
    await tx.run(LOCK, tx.merchant, [holder])
    if await tx.run(RELEASE, tx.merchant, holder, tx.now):
        await changed(tx, products=await tx.value(HELD_PRODUCTS, tx.merchant, holder))


async def put_back(tx: Tx, *, items: Mapping[UUID, int]) -> None:
    """Put sold goods back on the shelf, as after the refund of something never sent."""
    for variant, quantity in sorted(items.items()):
        await tx.run(PUT_BACK, tx.merchant, variant, quantity)
    await changed(tx, products=await tx.value(PRODUCTS, tx.merchant, list(items)))


async def set_on_hand(tx: Tx, *, counts: Mapping[UUID, int]) -> None:
    """Set counted stock; refuses to go below what unpaid orders hold."""
    for variant, count in sorted(counts.items()):
        await tx.run(START, tx.merchant, variant, 0)
        if not await tx.run(SET, tx.merchant, variant, count):
            raise Reserved(variant=variant)
    await changed(tx, products=await tx.value(PRODUCTS, tx.merchant, list(counts)))


async def changed(tx: Tx, *, products: Sequence[UUID]) -> None:
    """Let every process's next read of these products, and of lists, see a change made in this transaction."""
    await tx.run(CHANGED, tx.merchant, list(products))


async def left(tx: Tx, *, variants: Sequence[UUID]) -> dict[UUID, int]:
    """Say how many of each variant can be bought."""
    counts = await tx.value(
        """select coalesce(jsonb_object_agg(variant_id, on_hand - reserved), '{}'::jsonb) from stock
        where merchant_id = $1 and variant_id = any($2)""",
        tx.merchant,
        list(variants),
    )
    return {UUID(variant): count for variant, count in counts.items()}
