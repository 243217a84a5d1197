"""A world of one's own: a fresh database, a clock that stands still, seeded randomness, and real HTTP."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
from argon2 import PasswordHasher
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar

from tongshang.app.web import app_for
from tongshang.app.world import make_world
from tongshang.platform.clock import Clock, ManualClock
from tongshang.platform.config import Settings, WeChatBases
from tongshang.platform.world import World
from tongshang.tenancy import merchants, passwords, staff
from tongshang.tenancy.model import Role
from wxsandbox.pay import crypto

START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
# What makes guessing slow makes tests slow: here a hash costs next to nothing, and names its own cost as ever.
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
# A new RSA key costs 36 ms and reading it 30 more: the simulators of one run hand these out in turn.
KEYS = cycle([crypto.new_key() for _ in range(12)])
crypto.new_key = lambda: next(KEYS)


def simulator_bases(url: str) -> WeChatBases:
    """Where WeChat's hosts are when a simulator at `url` stands for them."""
    hosts = ("api.weixin.qq.com", "open.weixin.qq.com", "mp.weixin.qq.com", "api.mch.weixin.qq.com", "res.wx.qq.com")
    return WeChatBases(*(f"{url}/{host}" for host in hosts))


@asynccontextmanager
async def open_world(
    database_url: str,
    var: Path,
    *,
    clock: Clock | None = None,
    wx: WeChatBases | None = None,
    port: int = 8000,
    seed: int = 1,
) -> AsyncIterator[World]:
    """Open a world on a database, and close it."""
    settings = Settings(
        database_url=database_url,
        var=var,
        port=port,
        public_url=f"http://localhost:{port}",
        console_url=f"http://127.0.0.1:{port}",
        wx=wx or simulator_bases("http://127.0.0.1:9"),
        kuaidi_url=(wx.api.removesuffix("api.weixin.qq.com") if wx else "http://127.0.0.1:9/") + "poll.kuaidi100.com",
    )
    clock = clock or ManualClock(START)
    world = await make_world(settings, database_url, clock=clock, rng=random.Random(seed))
    try:
        yield world
    finally:
        await world.close()


def free_port() -> int:
    """Find a port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Applications that serve nobody just now: one takes half a second to build, and knows its world only as its state.
IDLE: list[Litestar] = []
SERVED: dict[int, Litestar] = {}
"""Who serves on which port."""


@asynccontextmanager
async def serving(world: World, port: int) -> AsyncIterator[str]:
    """Serve a world's application over real HTTP, in this loop."""
    app = IDLE.pop() if IDLE else app_for(world)
    app.state.world = world
    SERVED[port] = app
    async with serving_app(app, port) as url:
        yield url
    del SERVED[port], app.state.world
    IDLE.append(app)


@asynccontextmanager
async def serving_app(app: Any, port: int) -> AsyncIterator[str]:
    """Serve any application over real HTTP, in this loop."""
    server = Server(app, port=port, interface=Interfaces.ASGI, log_enabled=False)
    task = asyncio.create_task(server.serve())
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as session:
        for _ in range(1000):
            try:
                async with session.get(f"{url}/health/live"):
                    break
            except aiohttp.ClientError:
                await asyncio.sleep(0.004)
    try:
        yield url
    finally:
        server.stop()
        await task


class Browser:
    """A console user's browser: keeps cookies, sends the header and origin that the console's pages send."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __call__(self, method: str, path: str, json: Any = None, **kwargs: Any) -> tuple[int, Any]:
        """Send a request; give status and the decoded answer."""
        headers = {"x-requested-with": "tongshang", "origin": self.url, **kwargs.pop("headers", {})}
        async with self.session.request(method, self.url + path, json=json, headers=headers, **kwargs) as answer:
            body = await answer.read()
            is_json = "json" in answer.content_type
            return answer.status, (await answer.json(content_type=None) if is_json and body else body)

    async def log_in(self, login: str, password: str = PASSWORD, totp: str = "") -> None:
        """Log in, or fail the test."""
        status, answer = await self(
            "POST", "/api/console/session", {"login": login, "password": password, "totp": totp}
        )
        assert status == 200, answer

    async def close(self) -> None:
        """Close the browser."""
        await self.session.close()


async def make_merchant(world: World, *, slug: str = "tea", name: str = "云上茶园") -> UUID:
    """Take a merchant on, with an active owner whose log-in is `owner@{slug}`."""
    merchant = UUID(int=world.rng.getrandbits(128))
    async with world.tx(merchant) as tx:
        await merchants.create(tx, name=name, slug=slug)
    await make_staff(world, merchant, login=f"owner@{slug}", role=Role.OWNER)
    return merchant


async def make_staff(world: World, merchant: UUID, *, login: str, role: Role) -> UUID:
    """Invite somebody and let him accept."""
    member = UUID(int=world.rng.getrandbits(128))
    async with world.tx(merchant) as tx:
        token = await staff.invite(tx, staff_id=member, login=login, name=login.split("@")[0], role=role)
    _, invite, secret = token.split(".")
    async with world.tx(merchant) as tx:
        await staff.accept(tx, invite_id=UUID(invite), secret=secret, password=PASSWORD, name="")
    return member
