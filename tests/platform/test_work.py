"""The worker's loop: duties go beside the jobs, and what is in hand is finished before it ends."""

import asyncio
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.platform.facts import Fact, Reactions, Registry
from tongshang.platform.work import Worker
from tongshang.platform.world import World


class Knocked(Fact, frozen=True):
    kind: ClassVar[str] = "test.knocked"


async def test_a_slow_duty_holds_no_job_up(world: World, merchant: UUID) -> None:
    reactions = Reactions("slow")
    begun, opened, go_on = (asyncio.Event() for _ in range(3))

    @reactions.every(timedelta(hours=1))
    async def ask_everybody(world: World, due: datetime) -> None:
        begun.set()
        await go_on.wait()

    @reactions.inside(Knocked)
    async def open_the_door(tx: Tx, fact: Knocked) -> None:
        opened.set()

    world.registry = Registry([reactions])
    worker = Worker(world, name="busy")
    running = asyncio.create_task(worker.run(poll_seconds=0.05))
    try:
        async with asyncio.timeout(30):
            await begun.wait()
            async with world.tx(merchant) as tx:
                await tx.emit(Knocked())
            await opened.wait()
        worker.stop()
        await asyncio.sleep(0.2)
        assert not running.done()
    finally:
        go_on.set()
        worker.stop()
        await running
    async with world.system_tx() as tx:
        assert await tx.value("select leased_until from duty where name = 'slow.ask_everybody'") is None
