"""The world: what every transaction and reaction of one process shares, made once and passed along."""

import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, TypeVar
from uuid import UUID

from tongshang.platform.clock import Clock
from tongshang.platform.config import Settings
from tongshang.platform.db import Database, Tx, begin
from tongshang.platform.facts import Registry
from tongshang.platform.ids import NIL, Ids
from tongshang.platform.secrets import Secrets
from weixin.transport import Transport

T = TypeVar("T")


class Seam(Generic[T]):
    """A place where a lower context asks higher ones in the same breath; `app/contexts.py` fills it."""

    def __init__(self, name: str) -> None:
        self.name = name


class World:
    """Database, clock, randomness, secrets, the HTTP client and everybody's reactions."""

    def __init__(
        self,
        *,
        settings: Settings,
        database: Database,
        clock: Clock,
        rng: random.Random,
        secrets: Secrets,
        registry: Registry,
        transport: Transport,
    ) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.rng = rng
        self.ids = Ids(rng)
        self.secrets = secrets
        self.registry = registry
        self.transport = transport
        self.wakers: list[Callable[[], None]] = []
        self.closing: list[Callable[[], Awaitable[None]]] = []
        """What must be written down before the connections are let go."""
        self._seams: dict[Any, list[Any]] = {}
        self.shelf: dict[Any, Any] = {}
        """Per-process things that contexts keep parsed or gathered (keys, batchers), by their own key."""

    def tx(self, merchant: UUID) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction of one merchant, under the request role."""
        return begin(self, self.database.app, merchant)

    def hot_tx(self, merchant: UUID) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction of one merchant whose statements are all by key: they are planned once for all."""
        return begin(self, self.database.app, merchant, hot=True)

    def system_tx(self) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction across merchants, under the system's own role. Grep for this: each use is a crossing."""
        return begin(self, self.database.system, NIL)

    def inbox_tx(self) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction on the callback inbox, under its own narrow role."""
        return begin(self, self.database.inbox, NIL, scoped=False, hot=True)

    def wake(self) -> None:
        """Hint to whoever waits for jobs that there may be some; only ever called after a commit."""
        for waker in self.wakers:
            waker()

    def fill(self, seam: Seam[T], items: Sequence[T]) -> None:
        """Fill a seam."""
        self._seams[seam] = list(items)

    def at(self, seam: Seam[T]) -> list[T]:
        """List what fills a seam."""
        return self._seams.get(seam, [])

    async def close(self) -> None:
        """Write down what is still gathered, then let go of connections."""
        for finish in self.closing:
            await finish()
        await self.transport.close()
        await self.database.close()
