"""The worker process: reactions and duties, until a signal says stop."""

import asyncio
import os
import signal
import socket

import uvloop

from tongshang.app.web import database_url
from tongshang.app.world import make_world
from tongshang.platform import log
from tongshang.platform.config import Settings
from tongshang.platform.work import Worker


async def work(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what is in hand is finished first."""
    world = await make_world(settings, database_url(settings))
    worker = Worker(world, name=f"{socket.gethostname()}:{os.getpid()}")
    world.wakers.append(worker.wake)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)
    try:
        await worker.run()
    finally:
        await world.close()


def main(settings: Settings) -> None:
    """Run the worker process."""
    log.configure(json=settings.json_logs)
    uvloop.run(work(settings))
