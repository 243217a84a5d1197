"""The sale that peers were measured with: one SKU, 100 in stock, 500 buyers at once, each from cart to paid."""

import asyncio
import time
from collections import Counter

from bench import shop as shops
from bench.buying import Outcome, checkout
from bench.client import Client
from bench.shop import Buyer, Shop
from bench.stage import Stage, staged

STOCK, BUYERS = 100, 500
COUNTS = {
    "rush_sold": "select count(*) from orders where paid_at is not null",
    "rush_unpaid_orders": "select count(*) from orders where paid_at is null",
    "rush_left": "select sum(on_hand) from stock where variant_id = $1",
    "rush_still_held": "select sum(reserved) from stock where variant_id = $1",
    "rush_buyers_twice": "select count(*) from (select 1 from orders group by fan_id having count(*) > 1) t",
    "rush_postings": "select count(*) from posting where kind = 'payment'",
}


async def run() -> dict[str, float]:
    """Hold the sale and count in the database what became of it."""
    async with staged() as stage:
        shop = await shops.opened(stage)
        await shops.stocked(shop, count=1, stock=STOCK, variants=1)
        await shops.peopled(shop, BUYERS)
        await stage.drained()
        return await _sale(stage, shop)


async def _sale(stage: Stage, shop: Shop) -> dict[str, float]:
    gate = asyncio.Event()
    clients = [Client(stage.port, token=buyer.token) for buyer in shop.buyers]
    for client in clients:
        await client.__aenter__()
    variant = shop.goods[0][1][0]
    answers: list[float] = []

    async def buy(buyer: Buyer, client: Client) -> Outcome:
        await gate.wait()
        async with Client(stage.sandbox_port) as box:
            outcome = await checkout(shop, client, box, buyer, variant)
        answers.append(time.perf_counter())
        return outcome

    tasks = [asyncio.create_task(buy(*pair)) for pair in zip(shop.buyers, clients, strict=True)]
    await asyncio.sleep(0.1)
    before, started = stage.spent(), time.perf_counter()
    gate.set()
    outcomes = await asyncio.gather(*tasks)
    await stage.drained(now=True)
    spent = stage.spent() - before
    for client in clients:
        await client.__aexit__(None, None, None)
    told = Counter(outcome.refused for outcome in outcomes if outcome.refused)
    print("  refusals:", dict(told))
    found = {}
    for name, sql in COUNTS.items():
        found[name] = float(await stage.value(sql, *([variant] if "$1" in sql else [])))
    return {
        **found,
        "rush_told_paid": float(sum(outcome.order is not None for outcome in outcomes)),
        "rush_told_sold_out": float(told["basket.sold_out"]),
        "rush_payments_tried_again": float(sum(outcome.tried_again for outcome in outcomes)),
        "rush_seconds_to_last_answer": round(max(answers) - started, 2),
        "rush_cpu_seconds": round(spent.platform, 2),
    }
