"""Every process is killed in the middle of business, one after the other: nothing that was acknowledged is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import aiohttp
import pytest

from make import houses
from make.houses import Outside, until
from make.places import ACCOUNT
from make.townsfolk import Customer
from make.townshop import TEA_FEN, Shop, open_shop
from wxsandbox.client import SandboxError

T = TypeVar("T")
BROKEN = (aiohttp.ClientError, OSError, TimeoutError, SandboxError)
STOCK, BUYERS, MORE_ORDERS = 500, 4, 3


class Away(OSError):
    """The platform answered that something is broken inside."""


async def insist(act: Callable[[], Awaitable[T]]) -> T:
    """Do something again and again until it is answered, as people and browsers do."""
    while True:
        try:
            async with asyncio.timeout(10):
                return await act()
        except BROKEN:
            await asyncio.sleep(0.1)


@dataclass
class Buyer:
    """Somebody who buys one tea after another, and remembers what he was told."""

    shop: Shop[Outside]
    who: Customer
    purse: int
    placed: dict[str, int] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the store until it answers; a refusal fails the story."""

        async def once() -> Any:
            status, answer = await self.who.ask(method, path, body)
            if status >= 500:
                raise Away(str(answer))
            assert status < 300, (method, path, status, answer)
            return answer

        return await insist(once)

    async def buy(self) -> None:
        """Order under one id, however often it takes, and pay in the cashier."""
        wanted = {"from": {"variant_id": self.shop.tea, "quantity": 1}, "delivery": "pickup"}
        quote = await self.ask("POST", "/quote", wanted)
        asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
        order = await self.ask("PUT", f"/orders/{uuid4()}", asked)
        self.placed[order["id"]] = order["total_fen"]
        bill = await self.ask("POST", f"/orders/{order['id']}/payment")
        done = await insist(lambda: self.who.phone.pay(bill))
        # An answer that was killed on its way is asked for again, and then it is: paid already.
        assert done["result"] == "ok" or "已支付" in done["message"], done
        self.paid.add(order["id"])

    async def go_on(self, until_closing: asyncio.Event) -> None:
        """Buy until the shop closes for the night."""
        while not until_closing.is_set():
            await self.buy()


async def everything(shop: Shop[Outside]) -> dict[str, dict[str, Any]]:
    """List all orders as the console does."""
    found, after = {}, ""
    while True:
        page = await shop.town.owner("GET", f"/orders?limit=50{after}")
        found |= {order["id"]: order for order in page["items"]}
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


async def refund(shop: Shop[Outside], buyer: Buyer) -> None:
    """Promise one of somebody's paid orders back."""
    order = next(iter(buyer.paid))
    assert (await buyer.ask("GET", f"/orders/{order}?confirm=true"))["state"] == "paid"
    line = (await shop.town.order(order))["lines"][0]["id"]
    asked = {"lines": [{"line_id": line, "quantity": 1}], "reason": "不想要了"}
    await shop.town.owner("PUT", f"/orders/{order}/refunds/{uuid4()}", asked)


async def kill_each(shop: Shop[Outside], buyers: list[Buyer], ann: Customer) -> None:
    """Kill one part after the other while people buy; Ann follows while nobody works."""
    house = shop.town.house
    for victim in ("worker", "platform", "postgres", "sandbox"):
        enough = sum(len(one.paid) for one in buyers) + MORE_ORDERS
        await until(lambda enough=enough: _paid(buyers, enough))
        if victim == "worker":
            await refund(shop, max(buyers, key=lambda one: len(one.paid)))
        house.kill(victim)
        if victim == "worker":
            await ann.phone.scan(text=shop.code_url)
            assert await shop.town.sandbox.settle()  # the platform has answered for it, and nobody works it off
        await until(house.answers)


async def _paid(buyers: list[Buyer], enough: int) -> bool:
    return sum(len(one.paid) for one in buyers) >= enough


async def check(shop: Shop[Outside], buyers: list[Buyer]) -> None:
    """Hold what people were told against what the shop, the ledger and WeChat know."""
    known = await everything(shop)
    placed = {order: total for one in buyers for order, total in one.placed.items()}
    paid = {order for one in buyers for order in one.paid}
    assert set(known) == set(placed)
    assert {order: known[order]["total_fen"] for order in placed} == placed
    back = {order for order in known if known[order]["refund"] == "all"}
    assert len(back) == 1
    assert {order for order in known if known[order]["paid_at"]} == paid
    for one in buyers:
        spent = sum(placed[order] for order in one.paid - back)
        assert one.purse - await one.who.money() == spent
    kept = TEA_FEN * (len(paid) - 1)
    assert (await shop.town.balances())["cash_at_wechat"] == kept
    assert await shop.stock(shop.tea) == STOCK - len(paid) + 1
    fees = round(TEA_FEN * 0.006) * (len(paid) - 1)
    assert (await shop.town.sandbox.merchant_now(shop.town.mchid))["balance_fen"] == kept - fees


@pytest.mark.slow
async def test_whatever_is_killed_nothing_that_was_acknowledged_is_lost() -> None:
    async with houses.standing() as house, houses.moved_in(house) as place, AsyncExitStack() as phones:
        shop = await open_shop(place, stock=STOCK)
        ann, *people = [await shop.stranger(name) for name in ("ann", *(f"buyer{n}" for n in range(BUYERS)))]
        for one in (ann, *people):
            phones.push_async_callback(one.close)
        buyers = [Buyer(shop, one, await one.money()) for one in people]
        closing = asyncio.Event()
        shopping = [asyncio.create_task(one.go_on(closing)) for one in buyers]
        try:
            await kill_each(shop, buyers, ann)
        finally:
            closing.set()
            ended = await asyncio.gather(*shopping, return_exceptions=True)
        assert ended == [None] * BUYERS
        assert len(await ann.phone.until(ACCOUNT, 1, seconds=30)) == 1
        # What a dead worker held is taken up when its lease is over; notices that met a dead platform come again.
        for _ in range(2):
            await place.sandbox.advance(300)
            await asyncio.sleep(1.5)
            await place.settle()
        await check(shop, buyers)
        (welcome,) = await ann.phone.chat(ACCOUNT)
        assert "新客立减" in welcome["content"]["text"]
