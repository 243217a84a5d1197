"""The people of a town: who sits at the console, and who buys with a phone."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp

from make.worlds import Browser
from wxsandbox.client import Page, Phone

HOME = {"name": "王小爱", "phone": "13800138000", "region": ["浙江省", "杭州市", "西湖区"], "detail": "龙井路 1 号"}


class Desk:
    """Somebody at the console."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    async def __call__(self, method: str, path: str, json: Any = None, **more: Any) -> Any:
        """Do something that is not refused; give the answer."""
        status, answer = await self.ask(method, path, json, **more)
        assert status < 300, (method, path, status, answer)
        return answer

    async def ask(self, method: str, path: str, json: Any = None, **more: Any) -> tuple[int, Any]:
        """Ask for something; give status and answer."""
        return await self.browser(method, f"/api/console{path}", json, **more)

    async def refused(self, method: str, path: str, json: Any = None) -> tuple[int, str]:
        """Ask for something that must be refused; give status and code."""
        status, answer = await self.ask(method, path, json)
        assert status >= 400, (method, path, answer)
        return status, answer["code"]

    async def upload(self, picture: bytes) -> str:
        """Upload a picture; give its id."""
        form = aiohttp.FormData()
        form.add_field("file", picture, filename="picture.png", content_type="image/png")
        return str((await self("POST", "/media", data=form))["id"])

    async def close(self) -> None:
        """Close the browser."""
        await self.browser.close()


@dataclass
class Customer:
    """Somebody with a phone, and with the store's page open once they have gone in."""

    store: str
    api: str
    phone: Phone
    headers: dict[str, str] = field(default_factory=dict)

    async def open(self, **query: str) -> Page:
        """Go through WeChat's log-in, as the store's page makes the browser do; give where the browser ended."""
        words = "&".join(f"{name}={value}" for name, value in query.items())
        return await self.phone.open(f"{self.store}/login{'?' + words if words else ''}")

    async def enter(self) -> None:
        """Open the store and change the ticket in the address for a session."""
        page = await self.open()
        _, mark, ticket = page.url.partition("login_ticket=")
        assert mark, page.url
        made = await self("POST", "/sessions", {"ticket": ticket})
        self.headers = {"authorization": f"Bearer {made['token']}"}

    async def ask(self, method: str, path: str, json: Any = None) -> tuple[int, Any]:
        """Call the store's API from the phone's browser; give status and answer."""
        page = await self.phone.request(method, f"{self.api}{path}", json=json, headers=self.headers)
        return page.status, page.json() if page.body else None

    async def __call__(self, method: str, path: str, json: Any = None) -> Any:
        """Do something that is not refused; give the answer."""
        status, answer = await self.ask(method, path, json)
        assert status < 300, (method, path, status, answer)
        return answer

    async def refused(self, method: str, path: str, json: Any = None) -> tuple[int, str]:
        """Ask for something that must be refused; give status and code."""
        status, answer = await self.ask(method, path, json)
        assert status >= 400, (method, path, answer)
        return status, answer["code"]

    async def agree(self, *, accepted: bool = True) -> None:
        """Answer the privacy text as it stands."""
        version = (await self("GET", "/boot"))["shop"]["privacy_version"]
        await self("PUT", "/consent", {"version": version, "accepted": accepted})

    async def address(self) -> str:
        """Agree to the privacy text and leave an address; give its id."""
        await self.agree()
        return str((await self("PUT", f"/addresses/{uuid4()}", HOME))["id"])

    async def quote(self, **wanted: Any) -> dict[str, Any]:
        """Ask what something would cost; gives the body of an order at that price."""
        quote = await self("POST", "/quote", wanted)
        return {**wanted, "quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}

    async def order(self, **wanted: Any) -> dict[str, Any]:
        """Order at the price that was shown."""
        return dict(await self("PUT", f"/orders/{uuid4()}", await self.quote(**wanted)))

    async def buy(self, variant: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
        """Order one thing at once, to be picked up unless said otherwise."""
        wanted = {"from": {"variant_id": variant, "quantity": quantity}, "delivery": "pickup", **more}
        return await self.order(**wanted)

    async def bill(self, order: dict[str, Any]) -> dict[str, str]:
        """Ask to pay: what the page hands to the cashier."""
        return dict(await self("POST", f"/orders/{order['id']}/payment"))

    async def pay(self, order: dict[str, Any]) -> None:
        """Pay at the cashier with the right password."""
        paid = await self.phone.pay(await self.bill(order))
        assert paid["result"] == "ok", paid

    async def see(self, order: dict[str, Any], *, confirm: bool = False) -> dict[str, Any]:
        """Look at one's order; `confirm` as the page does when the cashier says ok and no notice came."""
        return dict(await self("GET", f"/orders/{order['id']}{'?confirm=true' if confirm else ''}"))

    async def money(self) -> int:
        """Count what is in the wallet, in fen."""
        wallet = await self.phone.sandbox.call("GET", f"/people/{self.phone.name}/wallet")
        return int(wallet["balance_fen"])

    async def close(self) -> None:
        """Put the phone away."""
        await self.phone.close()
