"""The box: one simulated WeChat, everything it knows and does in one value."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import aiohttp

from wxsandbox import deliveries
from wxsandbox.clock import Clock
from wxsandbox.faults import Faults
from wxsandbox.journal import Journal
from wxsandbox.routes import Due, Part, Router
from wxsandbox.scheduler import Scheduler
from wxsandbox.state import State, Table

FLUSH_SECONDS = 0.25
FEED_LIMIT = 1000
# The last event of every feed.
END: dict[str, Any] = {"kind": "end"}


class Box:
    """State, clock, timed work, callbacks, faults, journal and routes of one simulator."""

    def __init__(self, parts: Sequence[Part], *, data_dir: Path | None, clock: Clock, seed: int) -> None:
        """Put the parts together; nothing runs yet. Must be called inside a running event loop."""
        self.parts = tuple(parts)
        self.state = State(data_dir, seed=seed)
        self.clock = clock
        if kept := self.state.meta.get("clock"):
            clock.load(kept)
        self.url = ""
        self.dues: dict[str, Due] = {"deliver": deliveries.deliver}
        self.couriers: dict[str, deliveries.Courier] = {}
        for part in parts:
            self.dues |= part.dues
            self.couriers |= part.couriers
        self.router = Router(route for part in parts for route in part.routes)
        self.journal = Journal(self.state)
        self.faults = Faults(self.state)
        self.scheduler = Scheduler(self, self.state, clock, self.dues)
        self.http: aiohttp.ClientSession
        self._feeds: dict[str, set[asyncio.Queue[dict[str, Any]]]] = {}
        self._lanes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def dice(self) -> Any:
        """Return the source of everything that looks random."""
        return self.state.dice

    def table(self, kind: type[Any]) -> Table[Any]:
        """Return the table of a kind of row."""
        return self.state.table(kind)

    async def start(self) -> None:
        """Begin to run timed work; parts may greet the world (tickets are pushed)."""
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=128, resolver=LoopbackResolver()))
        self._tasks = [asyncio.create_task(self.scheduler.run()), asyncio.create_task(self._flush())]
        for part in self.parts:
            if part.start:
                await part.start(self)
        self.keep_clock()
        self.state.commit()

    async def stop(self) -> None:
        """Stop running and put everything on disk."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.scheduler.stop()
        await self.http.close()
        self.journal.flush()
        self.state.close()

    def keep_clock(self) -> None:
        """Remember how the clock stands, for a restart."""
        self.state.set_meta("clock", self.clock.dump())

    def lane(self, name: str) -> asyncio.Lock:
        """Return the lock behind which callbacks of one kind to one receiver queue."""
        lock = self._lanes.get(name)
        if lock is None:
            lock = self._lanes[name] = asyncio.Lock()
        return lock

    def subscribe(self, person: str) -> "asyncio.Queue[dict[str, Any]]":
        """Hear of everything that happens on a person's phone ("*" for everybody's)."""
        feed: asyncio.Queue[dict[str, Any]] = asyncio.Queue(FEED_LIMIT)
        self._feeds.setdefault(person, set()).add(feed)
        return feed

    def unsubscribe(self, person: str, feed: "asyncio.Queue[dict[str, Any]]") -> None:
        """Stop listening."""
        self._feeds.get(person, set()).discard(feed)

    def publish(self, person: str, event: dict[str, Any]) -> None:
        """Tell a person's phones what happened; a listener that does not keep up misses events."""
        for name in (person, "*"):
            for feed in self._feeds.get(name, ()):
                if not feed.full():
                    feed.put_nowait({"person": person, **event})

    def publish_all(self, event: dict[str, Any]) -> None:
        """Tell every phone that is on what concerns whoever it is."""
        for name in [name for name in self._feeds if name != "*"]:
            self.publish(name, event)

    def end_feeds(self) -> None:
        """Let every event stream come to its end: the simulator stops."""
        for feeds in self._feeds.values():
            for feed in feeds:
                if feed.full():
                    feed.get_nowait()
                feed.put_nowait(END)

    async def _flush(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            self.journal.flush()


class LoopbackResolver(aiohttp.ThreadedResolver):
    """Resolves every *.localhost to this machine; other names as the system does."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
        """Return the addresses of a host."""
        if host == "localhost" or host.endswith(".localhost"):
            host = "127.0.0.1"
        return await super().resolve(host, port, family)
