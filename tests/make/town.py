"""A town: the platform and WeChat's simulator over real HTTP, in one process, on one shared clock.

Nothing is put into the database: the provider takes a merchant on, the owner accepts the invitation and sets the shop
up in the console, people follow and buy with their phones. Only the provider himself is there from the start.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import wxsandbox
from make import worlds
from make.places import ACCOUNT, COMPONENT, Place, introduce, seat_provider, take_on
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.ids import NIL
from tongshang.platform.work import Worker, settle
from tongshang.platform.world import World
from tongshang.tenancy import staff
from tongshang.tenancy.model import Role
from wxsandbox.client import Sandbox
from wxsandbox.pay import merchants, notices

START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
__all__ = ["ACCOUNT", "COMPONENT", "Town", "found", "tell"]
NEXT_JOB = "select min(due_at) from job where parked_at is null and due_at > $1"
TAKEN = "select exists (select 1 from job where parked_at is null and leased_until > now())"
HAIR = 0.001  # a job is due when the clock is past its microsecond, and floats are coarser than that


class SharedClock:
    """The simulator's clock, read in the same process."""

    def __init__(self, box: wxsandbox.Box) -> None:
        self.box = box

    def now(self) -> datetime:
        """Say the world's time, in UTC."""
        return datetime.fromtimestamp(self.box.clock.now(), UTC)


@dataclass(kw_only=True)
class Town(Place):
    """The two sides, who works there, and the time."""

    world: World
    box: wxsandbox.Box

    @property
    def now(self) -> datetime:
        """Say what time it is, in UTC."""
        return self.world.clock.now()

    @property
    def today(self) -> str:
        """Say which day it is in Shanghai."""
        return self.now.astimezone(SHANGHAI).date().isoformat()

    async def settle(self) -> None:
        """Let every callback that is due arrive, and every job that is due be done, until both sides are quiet."""
        for _ in range(60):
            assert await self.box.scheduler.settle()
            await Worker(self.world, name="duties").duties()
            if not await settle(self.world) and not await self._at_work():
                return
        raise AssertionError("the two sides wake each other for ever")

    async def _at_work(self) -> bool:
        """Wait for the job that a worker beside us has taken, if there is one; it may bring more."""
        if not self.world.wakers:
            return False
        found = False
        for _ in range(200):
            async with self.world.system_tx() as tx:
                if not await tx.value(TAKEN):
                    return found
            found = True
            await asyncio.sleep(0.02)
        return False  # somebody fell with it

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

    async def heard(self, kind: str) -> list[dict[str, Any]]:
        """List the callbacks of a kind that the simulator made, newest first."""
        return await self.sandbox.journal(kind="callback", name=kind, limit=200)


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
        async with world.tx(NIL) as tx:
            token = await staff.invite(tx, staff_id=tx.new_id(), login="admin", name="平台", role=Role.PROVIDER)
        provider = await seat_provider(url, token, world.clock.now())
        public_url = world.settings.public_url
        await introduce(public_url, sandbox, provider)
        merchant, owner = await take_on(url, provider)
        admin = await sandbox.person("admin", nickname="管理员")
        town = Town(
            world=world, box=box, url=url, public_url=public_url, sandbox=sandbox, provider=provider, owner=owner,
            admin=admin, merchant=merchant,
        )  # fmt: skip
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
