"""A thousand refunds a minute (REFUNDS of them, for MINUTES), at WeChat's own limits, and none stuck.

Every minute begins with a thousand refunds asked for at once in the console, two of each order: WeChat wants the second
a minute after the first, takes 150 requests a second, and answers 429 to the rest; the simulator does the same. What
is measured is how long until the payer has his money, and what it costs.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from itertools import cycle
from uuid import UUID, uuid4

from bench import shop as shops
from bench.buying import checkout
from bench.client import Client
from bench.shop import Shop
from bench.stage import Stage, staged
from make.worlds import Browser

REFUNDS, MINUTES = int(os.environ.get("REFUNDS", "1000")), int(os.environ.get("MINUTES", "2"))
PARTS, BUYERS, DESKS = 2, 32, 8
PATIENCE_SECONDS = 150
"""How long after the last was asked for all have to be there: a second part waits a minute at least."""
LOGIN, PASSWORD = "tea", "bench-only-1234"
LINES = "select order_id, id, paid_fen from order_line where order_id = any($1)"
SETTLED = "select count(*) from refund where state = 'settled'"
STUCK = "select count(*) from job where parked_at is not null or last_error is not null"
WAITED = """select extract(epoch from r.settled_at - r.asked_at)::float8 as seconds,
  row_number() over (partition by r.attempt_id order by n.sent_at) as part
from refund r join refund_attempt n on n.merchant_id = r.merchant_id and n.refund_id = r.id"""
BOOKED = "select count(*) from posting where kind = 'refund_settled'"
GIVEN = "select sum(refunded_fen) from charge_attempt"
CASH = """select sum(case when debit = 'cash_at_wechat' then amount_fen else -amount_fen end) from posting
where 'cash_at_wechat' in (debit, credit)"""


async def run() -> dict[str, float]:
    """Sell, ask for refunds minute by minute, and wait until every payer has his money."""
    async with staged() as stage:
        shop = await shops.opened(stage)
        await shops.stocked(shop, count=20, variants=1)
        await shops.peopled(shop, BUYERS)
        orders = await _sold(shop, REFUNDS * MINUTES // PARTS)
        lines = await _lines(stage, orders)
        await stage.drained(now=True)
        await stage.known()
        before, began = stage.spent(), time.perf_counter()
        asking = 0.0
        for nth in range(MINUTES):
            some = lines[nth * (REFUNDS // PARTS) : (nth + 1) * (REFUNDS // PARTS)]
            await asyncio.sleep(max(0.0, began + 60 * nth - time.perf_counter()))
            started = time.perf_counter()
            await _ask(stage, some)
            asking += time.perf_counter() - started
        asked = time.perf_counter()
        await _all_settled(stage, len(lines) * PARTS)
        ended = time.perf_counter()
        spent = stage.spent() - before
        return await _figures(stage, len(lines) * PARTS, asking) | {
            "refunds_minutes_asking": float(MINUTES),
            "refunds_seconds_after_the_last": round(ended - asked, 1),
            "refunds_cpu_ms": round(spent.platform / (len(lines) * PARTS) * 1000, 2),
            "refunds_cpu_ms_worker": round(spent.worker / (len(lines) * PARTS) * 1000, 2),
        }


async def _figures(stage: Stage, count: int, asking: float) -> dict[str, float]:
    """Compare both sides, and say how long it took."""
    assert not await stage.value(STUCK), "a refund is stuck"
    assert await stage.value(BOOKED) == count
    async with stage.world.database.system.acquire() as connection:
        waited = [(row["part"], row["seconds"]) for row in await connection.fetch(WAITED)]
    first, second = (sorted(seconds for part, seconds in waited if part == nth) for nth in (1, 2))
    cash = await stage.value(CASH)
    assert cash == await stage.value("select sum(paid_fen) from charge_attempt") - await stage.value(GIVEN)
    return {
        "refunds": float(count),
        "refunds_stuck": 0.0,
        "refunds_asked_per_second": round(count / asking, 1),
        "refunds_first_p50_seconds": round(first[len(first) // 2], 1),
        "refunds_first_p99_seconds": round(first[len(first) * 99 // 100], 1),
        "refunds_second_p50_seconds": round(second[len(second) // 2], 1),
        "refunds_second_p99_seconds": round(second[len(second) * 99 // 100], 1),
    }


async def _sold(shop: Shop, count: int) -> list[UUID]:
    """Sell something so many times, each order paid as any is."""
    left, orders = iter(range(count)), list[UUID]()
    goods = cycle([variants[0] for _, variants in shop.goods])

    async def buy(buyer: shops.Buyer) -> None:
        async with Client(shop.stage.port, token=buyer.token) as client, Client(shop.stage.sandbox_port) as box:
            for _ in left:
                outcome = await checkout(shop, client, box, buyer, next(goods))
                assert outcome.order is not None, outcome.refused
                orders.append(outcome.order)

    await asyncio.gather(*(buy(buyer) for buyer in shop.buyers))
    await shop.stage.drained(now=True)
    return orders


async def _lines(stage: Stage, orders: Sequence[UUID]) -> list[tuple[UUID, UUID, int]]:
    async with stage.world.database.system.acquire() as connection:
        return [tuple(row) for row in await connection.fetch(LINES, orders)]


async def _ask(stage: Stage, lines: Sequence[tuple[UUID, UUID, int]]) -> None:
    """Ask for two parts of each order in the console, at several desks at once."""
    todo = iter([(order, line, fen // PARTS) for order, line, fen in lines for _ in range(PARTS)])

    async def desk() -> None:
        clerk = Browser(f"http://127.0.0.1:{stage.port}")
        try:
            await clerk.log_in(LOGIN, PASSWORD)
            for order, line, fen in todo:
                asked = {"lines": [{"line_id": str(line), "quantity": 0, "amount_fen": fen}], "reason": "退差价"}
                status, answer = await clerk("PUT", f"/api/console/orders/{order}/refunds/{uuid4()}", asked)
                assert status == 202, answer
        finally:
            await clerk.close()

    await asyncio.gather(*(desk() for _ in range(DESKS)))


async def _all_settled(stage: Stage, count: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (done := await stage.value(SETTLED)) < count:
            assert not await stage.value(STUCK), f"{done} of {count} settled, and then one got stuck"
            await asyncio.sleep(0.5)
