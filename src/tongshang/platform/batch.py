"""Group commit: hot writes of one merchant gather while the last batch is in flight, and go down as one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from uuid import UUID

import asyncpg

if TYPE_CHECKING:
    from tongshang.platform.db import Tx
    from tongshang.platform.world import World

Q = TypeVar("Q")
A = TypeVar("A")


class Batcher(Generic[Q, A]):
    """Gathers questions per key and asks them together.

    `run(key, questions)` answers each question in order, with a value or with an exception to raise. It must
    commit before it returns; nobody is answered before that. A `run` that raises answers everybody in the batch so.
    """

    def __init__(
        self, run: Callable[[Any, Sequence[Q]], Awaitable[Sequence[A | Exception]]], *, most: int = 200
    ) -> None:
        self._run = run
        self._most = most
        self._waiting: dict[Hashable, deque[tuple[Q, asyncio.Future[A]]]] = {}
        self._busy: dict[Hashable, asyncio.Task[None]] = {}

    async def ask(self, key: Hashable, question: Q) -> A:
        """Ask one question; the answer comes with the batch it travelled in."""
        future: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, deque()).append((question, future))
        if key not in self._busy:
            self._busy[key] = asyncio.create_task(self._drain(key))
        # A caller who goes away takes his future with him, never the others' batch: that is a task of its own.
        return await future

    async def _drain(self, key: Hashable) -> None:
        waiting = self._waiting[key]
        try:
            while waiting:
                batch = [waiting.popleft() for _ in range(min(len(waiting), self._most))]
                await self._answer(key, batch)
        finally:
            del self._busy[key]
            del self._waiting[key]

    async def _answer(self, key: Hashable, batch: list[tuple[Q, "asyncio.Future[A]"]]) -> None:
        try:
            answers: Sequence[A | Exception] = await self._run(key, [question for question, _ in batch])
        except Exception as error:  # noqa: BLE001 - handed to everybody who waits
            answers = [error] * len(batch)
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)


def gathered(
    world: "World", name: str, act: Callable[["Tx", Sequence[Q]], Awaitable[Sequence[A | Exception]]]
) -> Batcher[Q, A]:
    """Give this process's batcher called `name`: `act` runs in one transaction for what gathered of one merchant.

    When that transaction breaks as a whole, each question gets one of its own.
    """

    async def run(merchant: UUID, batch: Sequence[Q]) -> Sequence[A | Exception]:
        try:
            async with world.hot_tx(merchant) as tx:
                return await act(tx, batch)
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as away:
            return [away] * len(batch)
        except Exception as error:  # noqa: BLE001 - one of them: each will tell by itself
            if len(batch) == 1:
                return [error]
        return [(await run(merchant, [one]))[0] for one in batch]

    key = ("batcher", name)
    if key not in world.shelf:
        world.shelf[key] = Batcher(run)
    return cast(Batcher[Q, A], world.shelf[key])
