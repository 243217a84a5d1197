"""Where a shop is run and visited, near or far: a platform and a simulator, reached over HTTP alone."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import pyotp

from make import worlds
from make.townsfolk import Customer, Desk
from tongshang.payments.model import Mode
from tongshang.tenancy.model import Role
from wxsandbox.client import Phone, Sandbox

COMPONENT, ACCOUNT = "wxc0c0c0c0c0c0c0c0", "wxa1a1a1a1a1a1a1a1"
TOKEN, AES_KEY = "platformtoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@dataclass(kw_only=True)
class Place(ABC):
    """The platform as its provider, a merchant's owner and the public reach it, and WeChat beside it."""

    url: str
    public_url: str
    sandbox: Sandbox
    provider: Desk
    owner: Desk
    admin: Phone
    merchant: str
    mchid: str = ""

    @abstractmethod
    async def settle(self) -> None:
        """Let what is under way come to its end."""

    def at(self, path: str) -> str:
        """Give the address of a page of the platform's, as WeChat and phones know it."""
        return f"{self.public_url}{path}"

    async def links(self) -> dict[str, Any]:
        """Start an authorization in the console; give its links."""
        return dict(await self.owner("PUT", f"/wechat/authorizations/{uuid4()}"))

    async def authorize(self, appid: str = ACCOUNT) -> None:
        """Have the account's administrator agree at the PC link, and come back to us."""
        back = await self.admin.authorize((await self.links())["pc_url"], appid)
        page = await self.admin.open(back)
        assert page.status == 200, page.text
        await self.settle()

    async def connect_pay(self, **more: Any) -> None:
        """Open a merchant number at WeChat Pay, and enter its numbers and keys in the console."""
        made = await self.sandbox.merchant(name="云上茶园", appids=[ACCOUNT], **more)
        self.mchid = made["mchid"]
        numbers = {name: made[name] for name in ("mchid", "serial", "public_key_id")}
        await self.owner("PUT", "/pay-account", {"mode": Mode.DIRECT, "appid": ACCOUNT, **numbers})
        keys = {"private_key_pem": made["private_pem"], "apiv3_key": made["apiv3_key"]}
        await self.owner("PUT", "/pay-account/keys", {**keys, "public_key_pem": made["platform_public_pem"]})

    async def hire(self, login: str, role: Role) -> Desk:
        """Invite somebody to the staff; he accepts and is logged in."""
        made = await self.owner("PUT", f"/staff/{uuid4()}", {"login": login, "name": login, "role": role})
        return await accept(self.url, made["invite_url"])

    async def person(self, name: str) -> Customer:
        """Meet somebody with a phone, who has never heard of the shop."""
        return Customer(self.at("/s/tea"), self.at("/api/store/tea"), await self.sandbox.person(name, nickname=name))

    async def order(self, order: str) -> dict[str, Any]:
        """Show an order as the console does."""
        return dict(await self.owner("GET", f"/orders/{order}"))

    async def balances(self) -> dict[str, int]:
        """Read the ledger's balances; they must agree with the postings, and add up to nothing."""
        shown = await self.owner("GET", "/ledger/balances")
        assert shown["agrees"]
        assert sum(item["balance_fen"] for item in shown["items"]) == 0
        return {item["account"]: item["balance_fen"] for item in shown["items"] if item["balance_fen"]}


async def accept(url: str, invite_url: str) -> Desk:
    """Accept an invitation in a fresh browser."""
    browser = worlds.Browser(url)
    token = invite_url.rpartition("/")[2]
    status, answer = await browser("POST", f"/api/console/invites/{token}", {"password": worlds.PASSWORD})
    assert status == 200, answer
    return Desk(browser)


async def seat_provider(url: str, invite_url: str, now: datetime) -> Desk:
    """Seat the provider, who turns his second factor on."""
    desk = await accept(url, invite_url)
    secret = (await desk("GET", "/me/totp"))["secret"]
    await desk("PUT", "/me/totp", {"secret": secret, "code": pyotp.TOTP(secret).at(now)})
    return desk


async def introduce(public_url: str, sandbox: Sandbox, provider: Desk) -> None:
    """Make the platform and WeChat known to each other, as the provider does on both sides."""
    made = await sandbox.component(
        COMPONENT,
        token=TOKEN,
        aes_key=AES_KEY,
        event_url=f"{public_url}/wechat/component/{COMPONENT}/ticket",
        message_url=f"{public_url}/wechat/messages/$APPID$",
        dev_domain="localhost",
    )
    keys = {"appid": COMPONENT, "secret": made["secret"], "token": TOKEN, "aes_key": AES_KEY}
    await provider("PUT", "/provider/component", keys)
    await provider("POST", "/provider/component/ticket-request")
    await sandbox.account(ACCOUNT, nick_name="云上茶园", oauth_domain="localhost")


async def take_on(url: str, provider: Desk) -> tuple[str, Desk]:
    """Take a merchant on, whose owner accepts the invitation; gives the merchant's id and the owner."""
    merchant = str(uuid4())
    asked = {"name": "云上茶园", "slug": "tea", "owner_login": "owner@tea", "owner_name": "茶园主"}
    invited = await provider("PUT", f"/merchants/{merchant}", asked)
    return merchant, await accept(url, invited["invite_url"])
