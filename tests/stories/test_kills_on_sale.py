"""Parts are killed in the middle of a sale with a flash price, a promotion and a limit: nothing is counted twice."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from make import houses
from make.houses import Outside, until
from make.townsfolk import Customer
from make.townshop import TEA_FEN, Shop, open_shop
from stories.test_kills import Away, everything, insist

STOCK, BUYERS, EACH, FLASH, FLASH_FEN, USES, MINUS_FEN = 60, 4, 4, 6, 5_000, 7, 700


@dataclass
class Buyer:
    """Somebody who buys until the shop says that he has had his share."""

    shop: Shop[Outside]
    who: Customer
    had: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask the store until it answers, be that with a refusal."""

        async def once() -> tuple[int, Any]:
            status, answer = await self.who.ask(method, path, body)
            if status >= 500:
                raise Away(str(answer))
            return status, answer

        return await insist(once)

    async def buy(self) -> bool:
        """Order and pay one tea at the price that was shown; False when there is no more for him."""
        wanted = {"from": {"variant_id": self.shop.tea, "quantity": 1}, "delivery": "pickup"}
        _, quote = await self.ask("POST", "/quote", wanted)
        asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
        status, order = await self.ask("PUT", f"/orders/{uuid4()}", asked)
        if status != 200:
            self.refused.add(order["code"])
            return order["code"] != "basket.limit_person"
        _, bill = await self.ask("POST", f"/orders/{order['id']}/payment")
        done = await insist(lambda: self.who.phone.pay(bill))
        assert done["result"] == "ok" or "已支付" in done["message"], done
        self.had[order["id"]] = order["total_fen"]
        return True

    async def go_on(self) -> None:
        """Buy as long as there is something to be had."""
        while await self.buy():
            pass


async def declare(shop: Shop[Outside]) -> None:
    """Limit the tea to some a person, and put a flash price for a few and a reduction for a few more on."""
    owner, product = shop.town.owner, shop.products[shop.tea]
    known = await owner("GET", f"/products/{product}")
    variants = [
        {k: v for k, v in one.items() if k in ("id", "options", "price_fen", "stock")} for one in known["variants"]
    ]
    body = {"title": known["title"], "pictures": [one["id"] for one in known["pictures"]], "state": "on"}
    body |= {"options": known["options"], "variants": variants, "limit_person": EACH}
    await owner("PUT", f"/products/{product}", body)
    special = [{"variant_id": shop.tea, "price_fen": FLASH_FEN, "stock": FLASH}]
    for one in (
        {"kind": "flash", "specials": special, "stacks_with": ["promotions"]},
        {
            "kind": "full",
            "steps": [{"min_fen": 1_000, "minus_fen": MINUS_FEN}],
            "budget": USES,
            "stacks_with": ["flash"],
        },
    ):
        promotion = f"/promotions/{uuid4()}"
        await owner("PUT", promotion, {"name": "活动", **one})
        await owner("PUT", f"{promotion}/state", {"state": "on"})


@pytest.mark.slow
async def test_a_sale_counts_to_the_piece_whatever_is_killed() -> None:
    async with houses.standing() as house, houses.moved_in(house) as place, AsyncExitStack() as phones:
        shop = await open_shop(place, stock=STOCK)
        await declare(shop)
        buyers = [Buyer(shop, await shop.stranger(f"buyer{n}")) for n in range(BUYERS)]
        for one in buyers:
            phones.push_async_callback(one.who.close)
        shopping = [asyncio.create_task(one.go_on()) for one in buyers]
        for n, victim in enumerate(("platform", "worker", "postgres")):
            await until(lambda n=n: _bought(buyers, 3 * (n + 1)))
            house.kill(victim)
            await until(house.answers)
        await asyncio.gather(*shopping)
        for _ in range(2):
            await place.sandbox.advance(1_000)
            await asyncio.sleep(1.5)
            await place.settle()
        had = {order: fen for one in buyers for order, fen in one.had.items()}
        assert [len(one.had) for one in buyers] == [EACH] * BUYERS
        known = await everything(shop)
        assert {order for order, one in known.items() if one["paid_at"]} == set(had)
        assert all(one["state"] in ("paid", "closed") for one in known.values())
        off = [TEA_FEN - fen for fen in had.values()]
        assert sum(one >= TEA_FEN - FLASH_FEN for one in off) == FLASH
        assert sum(one % (TEA_FEN - FLASH_FEN) == MINUS_FEN for one in off) == USES
        assert await shop.stock(shop.tea) == STOCK - BUYERS * EACH


async def _bought(buyers: list[Buyer], enough: int) -> bool:
    return sum(len(one.had) for one in buyers) >= enough
