"""The worker process: reactions and duties, until a signal says stop."""

import asyncio
import fcntl
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import uvloop

from tongshang.app.web import database_url
from tongshang.app.world import make_world
from tongshang.platform import hints, log
from tongshang.platform.config import Settings
from tongshang.platform.work import Worker


async def work(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what is in hand is finished first."""
    with place_of(settings.var) as place:
        world = await make_world(settings, database_url(settings))
        worker = Worker(world, name=f"{socket.gethostname()}:{place}")
        world.wakers.append(worker.wake)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.stop)
        listening = asyncio.create_task(hints.listen(world.database, worker.wake))
        try:
            await worker.take_over()
            await worker.run()
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await world.close()


@contextmanager
def place_of(var: Path) -> Iterator[str]:
    """Take the first place of a worker in this folder that nobody holds, and name it.

    The kernel frees the place of a process that was killed, so whoever comes next has the same name, and knows
    that what is leased under it is nobody's any more.
    """
    folder = var / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        with (folder / f"{number}.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                number += 1
                continue
            yield f"{sha256(bytes(var.resolve())).hexdigest()[:6]}:{number}"
            return


def main(settings: Settings) -> None:
    """Run the worker process."""
    log.configure(json=settings.json_logs)
    uvloop.run(work(settings))
