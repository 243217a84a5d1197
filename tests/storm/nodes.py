"""Two processes of one platform, each a world of its own on the same database; each may be killed at any moment.

A kill does to a process what the operating system does: its connections are gone in the middle of whatever they did,
what it held in memory is lost, nothing is tidied up, and another process comes in its place.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from make import worlds
from make.tills import Shop
from storm.shelter import Shelter
from tongshang.app.world import make_world
from tongshang.platform.db import AWAY
from tongshang.platform.pool import Pool
from tongshang.platform.work import Worker
from tongshang.platform.world import World

NODES = 2


@dataclass
class Node:
    """One process: its world, where it serves, its connections, and the workers it runs."""

    world: World
    port: int
    lines: list[Any] = field(default_factory=list)
    workers: set[str] = field(default_factory=set)


class Nodes:
    """The processes, who kills them, and who comes in their place."""

    def __init__(self, shop: Shop, shelter: Shelter, seed: int) -> None:
        self.shop, self.shelter, self.rng = shop, shelter, random.Random(f"{seed}/nodes")
        self.all: list[Node] = []
        self.killed = 0

    def add(self, world: World, port: int) -> None:
        """Have one more process."""
        self.all.append(Node(world, port, lines=_tapped(world)))

    async def sweep(self, nth: int, name: str) -> None:
        """Be a worker of a process for a moment; a kill ends it where it stands."""
        node = self.all[nth]
        world, name = node.world, f"{nth} {name}"
        node.workers.add(name)
        try:
            await Worker(world, name=name).sweep()
        except AWAY:
            pass  # what it held is freed by the next one of its place
        except Exception:
            if world is node.world:
                raise

    async def kill(self, nth: int) -> None:
        """Kill a process in the middle of whatever it does; another one takes its place."""
        node = self.all[nth]
        dead, lines = node.world, node.lines
        fresh = await make_world(dead.settings, dead.settings.database_url, clock=dead.clock, rng=self._dice())
        node.world, node.lines = fresh, _tapped(fresh)
        worlds.SERVED[node.port].state.world = fresh
        if nth == 0:
            self.shop.world = fresh
        dead.closing.clear()  # nobody has time to write anything down
        for line in lines:
            line.terminate()
        await asyncio.gather(*(pool.close() for pool in _pools(dead)), dead.transport.close())

    async def strike(self, what: str, seconds: float) -> None:
        """Kill something after a moment."""
        await asyncio.sleep(seconds)
        await (self.shelter.strike() if what == "database" else self.kill(int(what)))
        self.killed += 1

    async def recover(self) -> None:
        """Let the next workers of every place free what those before them held, and all leases run out."""
        for node in self.all:
            for name in sorted(node.workers):
                await _insist(Worker(node.world, name=name).take_over)
        await self.shelter.lapse()

    def _dice(self) -> random.Random:
        return random.Random(self.rng.getrandbits(64))


async def _insist(act: Callable[[], Awaitable[Any]]) -> None:
    """Do something again while connections are found dead, as a worker does that comes back."""
    while True:
        try:
            await act()
        except AWAY:
            await asyncio.sleep(0.01)
        else:
            return


def _pools(world: World) -> list[Pool]:
    return [world.database.app, world.database.system, world.database.inbox]


def _tapped(world: World) -> list[Any]:
    """Remember every connection a world makes, so that they can be cut."""
    lines: list[Any] = []
    for pool in _pools(world):
        lines += pool._idle
        connect = pool._connect

        async def tapped(connect: Any = connect, lines: list[Any] = lines) -> Any:
            lines.append(await connect())
            return lines[-1]

        pool._connect = tapped
    return lines


@asynccontextmanager
async def standing(shop: Shop, shelter: Shelter, *, seed: int) -> AsyncIterator[Nodes]:
    """Have the shop's own process and another one, until the end of the storm."""
    first, nodes = shop.world, Nodes(shop, shelter, seed)
    nodes.add(first, first.settings.port)
    async with AsyncExitStack() as stack:
        for _ in range(NODES - 1):
            port = worlds.free_port()
            more = {"public_url": f"http://localhost:{port}", "console_url": f"http://127.0.0.1:{port}"}
            settings = replace(first.settings, port=port, **more)
            world = await make_world(settings, settings.database_url, clock=first.clock, rng=nodes._dice())
            await stack.enter_async_context(worlds.serving(world, port))
            nodes.add(world, port)
        try:
            yield nodes
        finally:
            for node in nodes.all:
                if node.world is not first:
                    await node.world.close()
