"""The flash sale: a minute of distinct, logged-in buyers at one SKU; then 10,000 pieces, one each, and 20,000 buyers.

FLASH_SECONDS, FLASH_BUYERS (of the second part; half as much is in stock), FLASH_WEB (web processes) make it smaller
where the machine is not ours alone.
"""

import os
import time

from bench import crowd
from bench import shop as shops
from bench.crowd import Crowd
from bench.stage import Stage, staged

SECONDS = int(os.environ.get("FLASH_SECONDS", "60"))
BUYERS = int(os.environ.get("FLASH_BUYERS", "20000"))
WEB = int(os.environ.get("FLASH_WEB", "1"))
# 200,000 pieces do not last a minute any more; nor may the buyers run out, for who asks again is answered for less.
STOCK, WARM, MOST_A_SECOND = 320_000, 4, 4_600
DRAIN_SECONDS = 60
ORDERS = "select count(*) from order_line where variant_id = $1"
# What every order has, like any other: its hold, its fact, and the clock that closes it.
WHOLE = """select count(*) from order_line l join orders o on o.merchant_id = l.merchant_id and o.id = l.order_id
join stock_hold h on h.merchant_id = l.merchant_id and h.holder_id = o.id and h.variant_id = l.variant_id
where l.variant_id = $1 and h.state = 'held'
  and exists (select 1 from fact_subject s where s.merchant_id = l.merchant_id and s.subject_id = o.id)"""
LEFT = "select on_hand - reserved from stock where variant_id = $1"
TWICE = """select count(*) from (
  select 1 from orders o join order_line l on l.merchant_id = o.merchant_id and l.order_id = o.id
  where l.variant_id = $1 group by o.fan_id having count(*) > 1) t"""


async def run() -> dict[str, float]:
    """Hold both sales, and count in the database what became of them."""
    async with staged(web_workers=WEB) as stage:
        shop = await shops.opened(stage)
        await shops.stocked(shop, count=1, stock=STOCK, variants=1)
        await shops.stocked(shop, count=1, stock=BUYERS // 2, variants=1, limit_person=1)
        await stage.drained()
        steady, scarce = (variants[0] for _, variants in shop.goods)
        people = MOST_A_SECOND * (SECONDS + WARM) + BUYERS
        await crowd.gathered(shop, people=people)
        found = await _steady(stage, await crowd.quoted(shop, steady))
        return found | await _scarce(stage, await crowd.quoted(shop, scarce), after=people - BUYERS)


async def _steady(stage: Stage, hall: Crowd) -> dict[str, float]:
    variant, warm = hall.variant, MOST_A_SECOND * WARM
    await hall.buy(first=1, buyers=warm, seconds=WARM)
    await stage.known()
    already, before = await stage.value(ORDERS, variant), stage.spent()
    told = await hall.buy(first=warm + 1, buyers=MOST_A_SECOND * SECONDS, seconds=SECONDS)
    ended = time.perf_counter()
    await stage.drained(within_seconds=DRAIN_SECONDS, now=True)
    drained, spent = time.perf_counter() - ended, stage.spent() - before
    made = await stage.value(ORDERS, variant) - already
    assert told.refused == told.broken == 0, told
    assert told.requests <= made <= told.requests + 256, f"{told.requests} were told, {made} were made"
    assert await stage.value(WHOLE, variant) == made + already, "an order lacks its hold or its fact"
    left = await stage.value(LEFT, variant)
    assert left == STOCK - made - already, f"{left} are left after {made} and {already}"
    return {
        "orders_per_second": round(told.requests / told.seconds, 1),
        "p50_ms": round(told.p50, 1),
        "p99_ms": round(told.p99, 1),
        "slowest_ms": round(told.most, 1),
        "drained_seconds": round(drained, 1),
        "flash_cpu_ms": round(spent.platform / made * 1000, 3),
        "flash_cpu_ms_web": round(spent.web / made * 1000, 3),
        "flash_cpu_ms_worker": round(spent.worker / made * 1000, 3),
        "flash_cpu_ms_database": round(spent.database / made * 1000, 3),
        "flash_cpu_ms_generator": round(told.generator_cpu / made * 1000, 3),
    }


async def _scarce(stage: Stage, hall: Crowd, *, after: int) -> dict[str, float]:
    variant = hall.variant
    # One each: everybody tries twice, under two ids. When all have, wrk knocks idly until the time is over.
    told = await hall.buy(first=after + 1, buyers=BUYERS, seconds=max(10, BUYERS // 400), asks=2)
    return {
        "sold": float(await stage.value(ORDERS, variant)),
        "stock": float(await stage.value(LEFT, variant)),
        "buyers_twice": float(await stage.value(TWICE, variant)),
        "told_no": float(told.refused),
    }
