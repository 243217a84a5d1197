"""Customers in the store over real HTTP, and a till where they really pay."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from make import shops, tills
from make.tills import Shop
from make.worlds import Browser
from tongshang.fans import people, sessions
from tongshang.fans.model import Source
from tongshang.platform.world import World

HOME = {"name": "小爱", "phone": "13800000001", "region": ["浙江", "杭州"], "detail": "龙井路二号"}


class Customer:
    """Somebody who is logged in to a store, and calls its API as the store's pages do."""

    def __init__(self, browser: Browser, fan: UUID, token: str, *, slug: str = "tea") -> None:
        self.browser, self.fan, self.slug = browser, fan, slug
        self.headers = {"authorization": f"Bearer {token}"}

    async def __call__(self, method: str, path: str, json: Any = None) -> tuple[int, Any]:
        """Ask; give status and answer."""
        return await self.browser(method, f"/api/store/{self.slug}{path}", json, headers=self.headers)

    async def do(self, method: str, path: str, json: Any = None) -> Any:
        """Ask for something that is not refused."""
        status, answer = await self(method, path, json)
        assert status < 300, (method, path, answer)
        return answer

    async def agree(self) -> None:
        """Agree to the privacy text."""
        version = (await self.do("GET", "/consent"))["version"]
        await self.do("PUT", "/consent", {"version": version, "accepted": True})

    async def address(self, **more: Any) -> str:
        """Keep an address, having agreed; give its id."""
        await self.agree()
        return str((await self.do("PUT", f"/addresses/{uuid4()}", HOME | more))["id"])

    async def order(self, order: UUID | None = None, **wanted: Any) -> dict[str, Any]:
        """Quote and order at once what is wanted; the cart unless `from` says otherwise."""
        quote = await self.do("POST", "/quote", wanted)
        asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
        return dict(await self.do("PUT", f"/orders/{order or uuid4()}", asked))

    async def buy(self, variant: UUID, quantity: int = 1, *, delivery: str = "pickup", **more: Any) -> dict[str, Any]:
        """Order one variant at once; an address is kept where one is needed."""
        if delivery == "express":
            more = {"address_id": await self.address()} | more
        source = {"variant_id": str(variant), "quantity": quantity}
        return await self.order(**{"from": source, "delivery": delivery, **more})


async def enter(
    world: World, merchant: UUID, browser: Browser, *, name: str = "lily", openid: str = "", slug: str = "tea"
) -> Customer:
    """Let somebody into the store, logged in."""
    async with world.tx(merchant) as tx:
        fan = await people.known(tx, appid=tills.APPID, openid=openid or f"o{name:0>27}", source=Source.STORE)
        return Customer(browser, fan.id, await sessions.give(tx, fan_id=fan.id), slug=slug)


@dataclass
class Till:
    """A shop where one can really pay: its owner in the console, one customer with a wallet."""

    shop: Shop
    owner: Browser
    lily: Customer

    async def console(self, method: str, path: str, json: Any = None) -> tuple[int, Any]:
        """Ask the console as its owner."""
        return await self.owner(method, f"/api/console{path}", json)

    async def do(self, method: str, path: str, json: Any = None) -> Any:
        """Ask the console for something that is not refused."""
        status, answer = await self.console(method, path, json)
        assert status < 300, (method, path, answer)
        return answer

    async def goods(self, **more: Any) -> UUID:
        """Put a product of one variant on the shelf; give the variant."""
        _, (variant,) = await shops.make_product(self.shop.world, self.shop.merchant, **more)
        return variant

    async def pay(self, order: str) -> None:
        """Pay an order at the cashier, and let everybody hear of it."""
        bill = await self.lily.do("POST", f"/orders/{order}/payment")
        assert (await self.shop.pay(bill))["result"] == "ok"
        await self.shop.settle()

    async def sold(self, variant: UUID, quantity: int = 1, **more: Any) -> dict[str, Any]:
        """Sell and have it paid; give the order as the console shows it."""
        order = await self.lily.buy(variant, quantity, **more)
        await self.pay(order["id"])
        return await self.look(order["id"])

    async def look(self, order: str) -> dict[str, Any]:
        """Read an order as the console shows it."""
        return dict(await self.do("GET", f"/orders/{order}"))

    async def stock(self, variant: UUID) -> tuple[int, int]:
        """Say how many are on hand, and how many of them unpaid orders hold."""
        (row,) = await self.shop.all(
            "select on_hand, reserved from stock where merchant_id = $1 and variant_id = $2", variant
        )
        return row["on_hand"], row["reserved"]


@asynccontextmanager
async def open_till(database_url: str, var: Path) -> AsyncIterator[Till]:
    """Open a shop with a pay account, an owner, and a customer with a wallet."""
    async with tills.open_shop(database_url, var) as shop:
        await shop.open_account()
        openid, owner = await shop.person("lily"), Browser(shop.url)
        try:
            await owner.log_in("owner@tea")
            await shop.settle()
            yield Till(shop, owner, await enter(shop.world, shop.merchant, owner, openid=openid))
        finally:
            await owner.close()
