"""A town: the platform and WeChat's simulator over real HTTP, in one process, on one shared clock.

Nothing is put into the database: the provider takes a merchant on, the owner accepts the invitation and sets the shop
up in the console, people follow and buy with their phones. Only the provider himself is there from the start.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyotp

import wxsandbox
from make import worlds
from make.townsfolk import Customer, Desk
from tongshang.payments.model import Mode
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.ids import NIL
from tongshang.platform.work import Worker, settle
from tongshang.platform.world import World
from tongshang.tenancy.model import Role
from wxsandbox.client import Phone, Sandbox
from wxsandbox.pay import merchants, notices

START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
COMPONENT, ACCOUNT = "wxc0c0c0c0c0c0c0c0", "wxa1a1a1a1a1a1a1a1"
TOKEN, AES_KEY = "platformtoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
NEXT_JOB = "select min(due_at) from job where parked_at is null and due_at > $1"
HAIR = 0.001  # a job is due when the clock is past its microsecond, and floats are coarser than that


class SharedClock:
    """The simulator's clock, read in the same process."""

    def __init__(self, box: wxsandbox.Box) -> None:
        self.box = box

    def now(self) -> datetime:
        """Say the world's time, in UTC."""
        return datetime.fromtimestamp(self.box.clock.now(), UTC)


@dataclass
class Town:
    """The two sides, who works there, and the time."""

    world: World
    url: str
    box: wxsandbox.Box
    sandbox: Sandbox
    provider: Desk
    owner: Desk
    admin: Phone
    merchant: str
    mchid: str = ""

    @property
    def now(self) -> datetime:
        """Say what time it is, in UTC."""
        return self.world.clock.now()

    @property
    def today(self) -> str:
        """Say which day it is in Shanghai."""
        return self.now.astimezone(SHANGHAI).date().isoformat()

    def at(self, path: str) -> str:
        """Give the address of a page of the platform's, as WeChat and phones know it."""
        return f"{self.world.settings.public_url}{path}"

    async def settle(self) -> None:
        """Let every callback that is due arrive, and every job that is due be done, until both sides are quiet."""
        for _ in range(60):
            assert await self.box.scheduler.settle()
            await Worker(self.world, name="duties").duties()
            if not await settle(self.world):
                return
        raise AssertionError("the two sides wake each other for ever")

    async def advance(self, **delta: float) -> None:
        """Let world time pass on both sides, stopping wherever a job or a callback becomes due on the way."""
        await self.until(self.now + timedelta(**delta))

    async def until(self, moment: datetime) -> None:
        """Let world time pass until a moment."""
        await self.settle()
        while True:
            async with self.world.system_tx() as tx:
                due: datetime | None = await tx.value(NEXT_JOB, tx.now)
            if due is None or due >= moment:
                break
            await self.box.scheduler.advance_to(due.timestamp() + HAIR)
            await self.settle()
        await self.box.scheduler.advance_to(moment.timestamp())
        await self.settle()

    async def next_morning(self) -> str:
        """Sleep until the next day's bills have been made; give the day they are about."""
        day = self.now.astimezone(SHANGHAI)
        morning = day.replace(hour=10, minute=35, second=0, microsecond=0) + timedelta(days=1)
        await self.until(morning)
        return day.date().isoformat()

    async def stuck_jobs(self) -> list[str]:
        """List what the workers gave up on, or are failing at."""
        async with self.world.system_tx() as tx:
            said = "select array(select kind || ': ' || last_error from job where last_error is not null)"
            return list(await tx.value(said))

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

    async def heard(self, kind: str) -> list[dict[str, Any]]:
        """List the callbacks of a kind that the simulator made, newest first."""
        return await self.sandbox.journal(kind="callback", name=kind, limit=200)

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


async def provider_desk(world: World, url: str) -> Desk:
    """Seat the provider, with his second factor turned on."""
    await worlds.make_staff(world, NIL, login="admin", role=Role.PROVIDER)
    browser = worlds.Browser(url)
    await browser.log_in("admin")
    desk = Desk(browser)
    secret = (await desk("GET", "/me/totp"))["secret"]
    await desk("PUT", "/me/totp", {"secret": secret, "code": pyotp.TOTP(secret).at(world.clock.now())})
    return desk


async def introduce(world: World, sandbox: Sandbox, provider: Desk) -> None:
    """Make the platform and WeChat known to each other, as the provider does on both sides."""
    public = world.settings.public_url
    made = await sandbox.component(
        COMPONENT,
        token=TOKEN,
        aes_key=AES_KEY,
        event_url=f"{public}/wechat/component/{COMPONENT}/ticket",
        message_url=f"{public}/wechat/messages/$APPID$",
        dev_domain="localhost",
    )
    keys = {"appid": COMPONENT, "secret": made["secret"], "token": TOKEN, "aes_key": AES_KEY}
    await provider("PUT", "/provider/component", keys)
    await provider("POST", "/provider/component/ticket-request")


@asynccontextmanager
async def found(database_url: str, var: Path) -> AsyncIterator[Town]:
    """Found a town: the component introduced, a merchant taken on whose owner is at the console; no shop yet."""
    port = worlds.free_port()
    async with (
        wxsandbox.serve(start=START) as box,
        Sandbox(box.url) as sandbox,
        worlds.open_world(
            database_url, var, clock=SharedClock(box), wx=worlds.simulator_bases(box.url), port=port
        ) as world,
        worlds.serving(world, port) as url,
    ):
        provider = await provider_desk(world, url)
        await introduce(world, sandbox, provider)
        merchant = str(uuid4())
        asked = {"name": "云上茶园", "slug": "tea", "owner_login": "owner@tea", "owner_name": "茶园主"}
        invited = await provider("PUT", f"/merchants/{merchant}", asked)
        owner = await accept(url, invited["invite_url"])
        await sandbox.account(ACCOUNT, nick_name="云上茶园", oauth_domain="localhost")
        admin = await sandbox.person("admin", nickname="管理员")
        town = Town(world, url, box, sandbox, provider, owner, admin, merchant)
        await town.settle()
        try:
            yield town
        finally:
            for desk in (provider, owner):
                await desk.close()
            await admin.close()


def tell(town: Town, resource: dict[str, Any], *, event: str = "TRANSACTION.SUCCESS") -> None:
    """Have WeChat Pay say something in a notice that is well sealed and well signed, whether it is true or not."""
    what = "refund-notice" if event.startswith("REFUND") else "notice"
    address = town.at(f"/wechat/pay/{town.merchant.replace('-', '')}/{what}")
    notices.send(town.box, merchants.one(town.box, town.mchid), event=event, url=address, resource=resource)
