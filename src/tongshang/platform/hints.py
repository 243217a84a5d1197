"""Hints between processes that there may be jobs: sent after a commit, on another connection, and never counted on.

(NOTIFY within a business transaction would line all commits up; the workers poll anyway.)
"""

import asyncio
from collections.abc import Callable

import structlog

from tongshang.platform.db import AWAY, Database

CHANNEL = "tongshang_jobs"
APART_SECONDS = 0.1
AGAIN_SECONDS = 1.0
log = structlog.get_logger("hints")


class Hints:
    """Tells other processes of new jobs, at most ten times a second (`world.wakers.append(hints.tell)`)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._told = asyncio.Event()

    def tell(self) -> None:
        """Say that there may be jobs; returns at once."""
        self._told.set()

    async def send(self) -> None:
        """Send what is told, until cancelled."""
        while True:
            await self._told.wait()
            self._told.clear()
            try:
                await self._database.system.fetchval("select pg_notify($1, '')", CHANNEL)
            except AWAY as error:
                log.info("hints.not_sent", error=repr(error))
            await asyncio.sleep(APART_SECONDS)


async def listen(database: Database, wake: Callable[[], None]) -> None:
    """Call `wake` at every hint, until cancelled; a connection that breaks is opened again."""
    while True:
        try:
            async with database.system.acquire() as connection:
                gone = asyncio.Event()
                connection.add_termination_listener(lambda _, gone=gone: gone.set())
                await connection.add_listener(CHANNEL, lambda *_: wake())
                await gone.wait()
        except AWAY as error:
            log.info("hints.not_heard", error=repr(error))
            await asyncio.sleep(AGAIN_SECONDS)
