"""A street: a town whose shop is ready to sell, set up over HTTP as its owner would, and people who buy there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from make.shops import png
from make.towns import ACCOUNT, Town, founded
from tongshang.platform.clock import SHANGHAI, ManualClock
from tongshang.platform.work import Worker
from wxsandbox.client import Phone

MORNING = timedelta(hours=10, minutes=5)


@dataclass
class Street:
    """The town, and what its shop sells."""

    town: Town
    tea: str
    cup: str
    coupon: str
    code_url: str
    mchid: str

    async def console(self, method: str, path: str, body: Any = None) -> Any:
        """Do something in the console that is not refused."""
        status, answer = await self.town.owner(method, f"/api/console{path}", body)
        assert status < 300, (method, path, answer)
        return answer

    async def orders(self, query: str = "") -> list[dict[str, Any]]:
        """List orders as the console does."""
        return list((await self.console("GET", f"/orders{query}"))["items"])

    async def order(self, order: str) -> dict[str, Any]:
        """Show an order as the console does."""
        return dict(await self.console("GET", f"/orders/{order}"))

    async def next_morning(self) -> str:
        """Turn the clock to five past ten of the next day, do the day's duties; give the day that is billed."""
        assert isinstance(self.town.world.clock, ManualClock)
        now = self.town.world.clock.now().astimezone(SHANGHAI)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        await self.town.advance(seconds=(midnight + timedelta(days=1) + MORNING - now).total_seconds())
        await self.town.settle()
        await Worker(self.town.world, name="morning").duties()
        await self.town.settle()
        return now.date().isoformat()

    async def stock(self, product_title: str) -> int:
        """Say how many of a product can be bought."""
        found = [p for p in (await self.console("GET", "/products"))["items"] if p["title"] == product_title]
        return int(found[0]["stock"])

    async def customer(self, name: str) -> "Customer":
        """Let somebody scan the counter's code, follow, and open the store from the welcome."""
        phone = await self.town.sandbox.person(name, nickname=name)
        await phone.scan(text=self.code_url)
        await self.town.settle()
        return Customer(self, phone, await self.town.log_in(phone))


@dataclass
class Customer:
    """Somebody in the store, inside WeChat."""

    street: Street
    phone: Phone
    session: dict[str, str]

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Call the store's API; give status and answer."""
        return await self.street.town.store(self.phone, method, path, body, self.session)

    async def do(self, method: str, path: str, body: Any = None) -> Any:
        """Do something in the store that is not refused."""
        status, answer = await self.ask(method, path, body)
        assert status < 300, (method, path, answer)
        return answer

    async def agree(self) -> None:
        """Agree to the privacy text."""
        version = (await self.do("GET", "/consent"))["version"]
        await self.do("PUT", "/consent", {"version": version, "accepted": True})

    async def move_in(self) -> str:
        """Agree to the privacy text and keep an address; give its id."""
        await self.agree()
        address = str(uuid4())
        where = {
            "name": "小爱",
            "phone": "13800138000",
            "region": ["浙江省", "杭州市"],
            "detail": "龙井路 1 号",
        }
        await self.do("PUT", f"/addresses/{address}", where)
        return address

    async def quote(self, **wanted: Any) -> dict[str, Any]:
        """Ask what it would cost."""
        return dict(await self.do("POST", "/quote", wanted))

    async def place(self, **wanted: Any) -> dict[str, Any]:
        """Quote and order, at the price that was shown."""
        quote = await self.quote(**wanted)
        asked = {**wanted, "quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
        return dict(await self.do("PUT", f"/orders/{uuid4()}", asked))

    async def buy_now(self, variant: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
        """Order one thing at once, to be picked up."""
        wanted = {"from": {"variant_id": variant, "quantity": quantity}, "delivery": "pickup", **more}
        return await self.place(**wanted)

    async def bill(self, order: str) -> dict[str, str]:
        """Have what the cashier needs."""
        return dict(await self.do("POST", f"/orders/{order}/payment"))

    async def pay(self, order: str) -> None:
        """Pay in WeChat's cashier, and let everybody hear of it."""
        paid = await self.phone.pay(await self.bill(order))
        assert paid["result"] == "ok", paid
        await self.street.town.settle()

    async def see(self, order: str, *, confirm: bool = False) -> dict[str, Any]:
        """Look at one's order."""
        return dict(await self.do("GET", f"/orders/{order}" + ("?confirm=1" if confirm else "")))

    async def wallet(self) -> int:
        """Say what is in the wallet, in fen."""
        return int((await self.street.town.sandbox.call("GET", f"/people/{self.phone.name}/wallet"))["balance_fen"])


@asynccontextmanager
async def opened(database_url: str, var: Path) -> AsyncIterator[Street]:
    """Open a street: account authorized, keys uploaded, goods on the shelf, welcome and codes written."""
    async with founded(database_url, var) as town:
        await town.settle()
        await town.authorize()
        street = Street(town, "", "", str(uuid4()), "", "")
        await _keys(street)
        await _goods(street)
        await _words(street)
        yield street


async def _keys(street: Street) -> None:
    made = await street.town.sandbox.merchant(appids=[ACCOUNT], mode="public_key", refund_seconds=5)
    street.mchid = made["mchid"]
    account = {"mode": "direct", "mchid": made["mchid"], "appid": ACCOUNT, "serial": made["serial"]}
    await street.console("PUT", "/pay-account", {**account, "public_key_id": made["public_key_id"]})
    keys = {"private_key_pem": made["private_pem"], "apiv3_key": made["apiv3_key"]}
    public = {"public_key_pem": made["platform_public_pem"], "public_key_id": made["public_key_id"]}
    await street.console("PUT", "/pay-account/keys", keys | public)


async def _goods(street: Street) -> None:
    form = aiohttp.FormData()
    form.add_field("file", png(), filename="tea.png", content_type="image/png")
    browser = street.town.owner
    headers = {"x-requested-with": "tongshang"}
    async with browser.session.post(f"{browser.url}/api/console/media", data=form, headers=headers) as answer:
        assert answer.status == 201, await answer.text()
        picture = (await answer.json())["id"]
    street.tea, street.cup = str(uuid4()), str(uuid4())
    for title, variant, fen in (("明前龙井", street.tea, 9_900), ("白瓷盖碗", street.cup, 6_900)):
        one = {"id": variant, "options": [], "price_fen": fen, "stock": 5}
        product = {"title": title, "pictures": [picture], "variants": [one], "state": "on"}
        await street.console("PUT", f"/products/{uuid4()}", product)
    await street.console("PUT", "/shop/freight", {"flat_fen": 800, "free_over_fen": 20_000})
    place = {"place": "体验店", "address": "龙井路 88 号", "hours": "9:00-21:00", "phone": "057187000000"}
    await street.console("PUT", "/shop/pickup", {"enabled": True, **place})


async def _words(street: Street) -> None:
    coupon = {"name": "新客立减", "minus_fen": 1_000, "min_spend_fen": 5_000, "total": 100}
    await street.console("PUT", f"/coupons/{street.coupon}", coupon)
    welcome = {"enabled": True, "text": "欢迎来到云上茶园", "link_title": "进店逛逛", "coupon_id": street.coupon}
    await street.console("PUT", "/welcome", welcome)
    code = f"/scene-codes/{uuid4()}"
    made = await street.console("PUT", code, {"name": "收银台", "scene": "counter", "permanent": True})
    await street.town.settle()
    street.code_url = made["url"]
