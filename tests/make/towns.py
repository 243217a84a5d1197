"""A town: a platform and a simulator over real HTTP, one standing clock for both, a component, a shop, a person."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import wxsandbox
from make.worlds import START, Browser, free_port, make_merchant, open_world, serving, simulator_bases
from tongshang.platform.clock import ManualClock
from tongshang.platform.ids import NIL
from tongshang.platform.work import settle
from tongshang.platform.world import World
from tongshang.wechat import components
from tongshang.wechat.journal import outgoing
from wxsandbox.client import Page, Phone, Sandbox

COMPONENT = "wxc0c0c0c0c0c0c0c0"
ACCOUNT = "wxa1a1a1a1a1a1a1a1"
TOKEN, AES_KEY = "platformtoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@dataclass
class Town:
    """Everything a story needs."""

    world: World
    url: str
    box: wxsandbox.Box
    sandbox: Sandbox
    merchant: UUID
    owner: Browser
    alice: Phone
    secret: str

    async def settle(self) -> None:
        """Let every callback arrive, every reaction finish and every line of the journal be written."""
        for _ in range(20):
            await self.sandbox.settle()
            if not await settle(self.world):
                break
        await outgoing.flushed(self.world)

    async def advance(self, **delta: float) -> None:
        """Let world time pass, on both sides."""
        step = timedelta(**delta)
        assert isinstance(self.world.clock, ManualClock)
        self.world.clock.advance(step)
        await self.sandbox.advance(step.total_seconds())

    async def promise(self) -> dict[str, Any]:
        """Start an authorization in the console; give its links."""
        status, links = await self.owner("PUT", f"/api/console/wechat/authorizations/{uuid4()}")
        assert status == 200, links
        return dict(links)

    async def authorize(self, appid: str = ACCOUNT) -> None:
        """Authorize an account from the console by the PC link, and let it settle."""
        links = await self.promise()
        back = await self.alice.authorize(links["pc_url"], appid)
        page = await self.alice.open(back)
        assert page.status == 200, page.text
        await self.settle()

    def at(self, path: str) -> str:
        """Give the address of a page of ours."""
        return f"{self.world.settings.public_url}{path}"

    async def fans(self, query: str = "") -> list[dict[str, Any]]:
        """List fans as the console does."""
        status, page = await self.owner("GET", f"/api/console/fans{query}")
        assert status == 200, page
        return list(page["items"])

    async def fan(self) -> dict[str, Any]:
        """Show the newest fan as the console does."""
        status, found = await self.owner("GET", f"/api/console/fans/{(await self.fans())[0]['id']}")
        assert status == 200, found
        return dict(found)

    async def go_in(self, phone: Phone) -> str | None:
        """Open the store's log-in; give the ticket that the browser came back with."""
        return ticket_of(await phone.open(self.at("/s/tea/login")))

    async def log_in(self, phone: Phone) -> dict[str, str]:
        """Log in to the store; give the headers of the session."""
        ticket = await self.go_in(phone)
        status, made = await self.store(phone, "POST", "/sessions", {"ticket": ticket})
        assert status == 200, made
        return {"authorization": f"Bearer {made['token']}"}

    async def store(
        self, phone: Phone, method: str, path: str, json: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Call the store's API from somebody's browser."""
        page = await phone.request(method, self.at(f"/api/store/tea{path}"), json=json, headers=headers)
        return page.status, page.json() if page.body else None

    async def calls(self, path: str) -> int:
        """Count the calls that reached the simulator."""
        return sum(path in line["url"] for line in await self.sandbox.journal(limit=500))


def ticket_of(page: Page) -> str | None:
    """Take the log-in ticket out of the address a browser ended at."""
    _, mark, ticket = page.url.partition("login_ticket=")
    return ticket if mark else None


@asynccontextmanager
async def founded(database_url: str, var: Path, *, seed: int = 1) -> AsyncIterator[Town]:
    """Found a town: the component configured on both sides, its ticket received, an owner logged in."""
    port = free_port()
    async with (
        wxsandbox.serve(start=START) as box,
        Sandbox(box.url) as sandbox,
        open_world(database_url, var, wx=simulator_bases(box.url), port=port, seed=seed) as world,
        serving(world, port) as url,
    ):
        merchant = await make_merchant(world)
        platform = world.settings.public_url
        made = await sandbox.component(
            COMPONENT,
            token=TOKEN,
            aes_key=AES_KEY,
            event_url=f"{platform}/wechat/component/{COMPONENT}/ticket",
            message_url=f"{platform}/wechat/messages/$APPID$",
            dev_domain="localhost",
            ticket_on=False,
        )
        async with world.tx(NIL) as tx:
            await components.configure(tx, appid=COMPONENT, secret=made["secret"], token=TOKEN, aes_key=AES_KEY)
        await components.request_ticket(world)
        await sandbox.account(ACCOUNT, nick_name="云上茶园", oauth_domain="localhost")
        alice = await sandbox.person("alice", nickname="小爱")
        owner = Browser(url)
        town = Town(world, url, box, sandbox, merchant, owner, alice, made["secret"])
        try:
            await owner.log_in("owner@tea")
            await town.settle()
            yield town
        finally:
            await alice.close()
            await owner.close()
