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
ENDLESS = 1_000_000


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
        self._going: dict[Hashable, tuple[int, float]] = {}
        """How many travel in the batch that is in flight, and since when (the loop's time)."""
        self._pace: dict[Hashable, float] = {}

    def backlog(self, key: Hashable) -> int:
        """Count who waits for an answer, those in flight included."""
        return len(self._waiting.get(key, ())) + (self._going[key][0] if key in self._going else 0)

    def pace(self, key: Hashable) -> float | None:
        """Say how many seconds an answer takes in a full batch, by those there were; None: there was none yet."""
        return self._pace.get(key)

    def room(self, key: Hashable, *, seconds: float) -> int:
        """Say how many more could be answered within `seconds`; as many as fit into one batch may always gather.

        A batch that has been under way for longer than that tells more than any before it did.
        """
        pace, going = self._pace.get(key), self._going.get(key)
        most = int(seconds / pace) if pace else ENDLESS
        if going is not None and asyncio.get_running_loop().time() - going[1] > seconds:
            most = 0
        return max(most, self._most) - self.backlog(key)

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
                began = asyncio.get_running_loop().time()
                self._going[key] = (len(batch), began)
                await self._answer(key, batch)
                self._learn(key, len(batch), (asyncio.get_running_loop().time() - began) / len(batch))
        finally:
            del self._busy[key]
            self._going.pop(key, None)
            del self._waiting[key]

    def _learn(self, key: Hashable, size: int, each: float) -> None:
        """Remember how long an answer takes. Few in a batch cost more apiece: that is news only when it is less."""
        known = self._pace.get(key)
        if size == self._most or (known is not None and each < known):
            self._pace[key] = each if known is None else (known + each) / 2

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
    return cast("Batcher[Q, A]", world.shelf[key])
