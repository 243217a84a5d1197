"""Checkouts by logged-in people, from the cart line to paid, with every reaction done.

With PROMOTED=1 three promotions bear on every order and each is paid with a coupon; the figures then begin with
`promoted_`, so that both can be compared. With WALLET=1 each order is paid from stored value and by WeChat together
(`wallet_`), and both halves are found in the ledger.
"""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from itertools import cycle
from uuid import UUID

from bench import deals, purses
from bench import shop as shops
from bench.buying import REQUESTS, checkout
from bench.client import Client
from bench.shop import Buyer
from bench.stage import Stage, staged

PRODUCTS, SECONDS, WARM = 200, 30, 4
# As many at once as keep the machine busy; fewer make smaller sets, and each order then costs more.
BUYERS = int(os.environ.get("CHECKOUT_BUYERS", "96"))
# With coupons, so many people take turns as the buyers: each has a few pieces, as people do, and none runs out of them.
PEOPLE = 1920
PAID = "select count(*) from orders where paid_at is not null and id = any($1)"
POSTED = "select count(distinct charge_id) from posting where kind = 'payment' and charge_id = any($1)"
# What is put off for later (closing what was never paid, looking after a lost notice) is done now and counted, too.
HASTEN = "update job set due_at = least(due_at, now()) where parked_at is null"


async def run() -> dict[str, float]:
    """Let buyers order one after the other for half a minute, then wait until nothing is left to do."""
    async with staged() as stage:
        shop = await shops.opened(stage)
        await shops.stocked(shop, count=PRODUCTS, variants=1)
        promoted, stored = bool(os.environ.get("PROMOTED")), bool(os.environ.get("WALLET"))
        await shops.peopled(shop, max(PEOPLE, BUYERS) if promoted else BUYERS)
        if promoted:
            await deals.declared(shop)
        if stored:
            await purses.filled(shop)
        await stage.drained()
        buying = _Buying(shop, best=promoted, stored_fen=purses.EACH_FEN if stored else 0)
        await buying.all_for(WARM)
        await _everything(stage)
        await stage.known()
        buying.orders.clear()
        buying.seconds.clear()
        before, started = stage.spent(), time.perf_counter()
        await buying.all_for(SECONDS)
        seconds = time.perf_counter() - started
        await _everything(stage)
        spent = stage.spent() - before
        await buying.close()
        count = len(buying.orders)
        assert await stage.value(PAID, buying.orders) == count, "an order was not paid"
        assert await stage.value(POSTED, buying.orders) == count, "a payment is not in the ledger"
        if stored:
            taken = await stage.value(purses.TAKEN, buying.orders)
            assert taken == count * purses.EACH_FEN, f"{taken} fen were taken from balances"
        took = sorted(buying.seconds)
        figures = {
            "checkouts": float(count),
            "checkouts_per_second": round(count / seconds, 1),
            "cpu_ms_per_checkout": round(spent.platform / count * 1000, 2),
            "checkout_cpu_ms_web": round(spent.web / count * 1000, 2),
            "checkout_cpu_ms_worker": round(spent.worker / count * 1000, 2),
            "checkout_cpu_ms_database": round(spent.database / count * 1000, 2),
            "checkout_cpu_ms_simulator": round(spent.simulator / count * 1000, 2),
            "checkout_cpu_ms_generator": round(spent.generator / count * 1000, 2),
            "checkout_requests": float(REQUESTS),
            "checkout_p50_ms": round(took[count // 2] * 1000, 1),
            "checkout_p99_ms": round(took[count * 99 // 100] * 1000, 1),
        }
        mark = "promoted_" * promoted + "wallet_" * stored
        return {f"{mark}{key}": value for key, value in figures.items()}


async def _everything(stage: Stage) -> None:
    await stage.drained(now=True)
    async with stage.world.database.system.acquire() as connection:
        await connection.execute(HASTEN)
    await stage.drained()


class _Buying:
    """The buyers, each with connections of their own and one order at a time."""

    def __init__(self, shop: shops.Shop, *, best: bool, stored_fen: int) -> None:
        self.shop, self.best, self.stored_fen = shop, best, stored_fen
        self.rng = random.Random(7)
        self.orders: list[UUID] = []
        self.seconds: list[float] = []
        stage = shop.stage
        self.lines = [
            (cycle(shop.buyers[nth::BUYERS]), Client(stage.port), Client(stage.sandbox_port)) for nth in range(BUYERS)
        ]

    async def all_for(self, seconds: float) -> None:
        """Let everybody buy until the time is over; what was begun is finished."""
        until = time.perf_counter() + seconds
        await asyncio.gather(*(self._one(*line, until) for line in self.lines))

    async def _one(self, people: Iterator[Buyer], client: Client, box: Client, until: float) -> None:
        while (started := time.perf_counter()) < until:
            buyer = next(people)
            client.speak_for(buyer.token)
            variant = self.rng.choice(self.shop.goods)[1][0]
            outcome = await checkout(self.shop, client, box, buyer, variant, best=self.best, stored_fen=self.stored_fen)
            assert outcome.order is not None, outcome.refused
            self.orders.append(outcome.order)
            self.seconds.append(time.perf_counter() - started)

    async def close(self) -> None:
        """Let the connections go."""
        for _, client, box in self.lines:
            await client.__aexit__(None, None, None)
            await box.__aexit__(None, None, None)
