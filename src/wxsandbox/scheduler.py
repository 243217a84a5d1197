"""Work that is due at a world time: kept as rows, run when the clock says so, at least once across a kill."""

import asyncio
import heapq
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from wxsandbox.clock import Clock
from wxsandbox.state import State

if TYPE_CHECKING:
    from wxsandbox.box import Box
    from wxsandbox.routes import Due

AT_ONCE = 64
LOG = logging.getLogger("wxsandbox")


class Timer(msgspec.Struct):
    """One piece of work and the moment it is due (unix seconds, world time)."""

    id: str
    seq: int
    at: float
    kind: str
    args: dict[str, Any]


class Scheduler:
    """Runs timers in the order they are due, many at once when due together."""

    def __init__(self, box: "Box", state: State, clock: Clock, dues: "Mapping[str, Due]") -> None:
        """Take up the timers that an earlier process left."""
        self._box, self._state, self._clock, self._dues = box, state, clock, dues
        self.timers = state.table(Timer)
        self._heap: list[tuple[float, int, str]] = []
        self._flying: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._turning = asyncio.Lock()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.rebuild()

    def rebuild(self) -> None:
        """Order the timers anew, after the state was replaced."""
        self._heap = [(timer.at, timer.seq, timer.id) for timer in self.timers]
        heapq.heapify(self._heap)
        self._wake.set()

    def at(self, moment: float, kind: str, **args: Any) -> Timer:
        """Have `kind` done at a world time (unix seconds); survives a restart once committed."""
        assert kind in self._dues, kind
        seq = self._state.next("timer")
        timer = self.timers.put(Timer(str(seq), seq, moment, kind, args))
        heapq.heappush(self._heap, (moment, seq, timer.id))
        self._wake.set()
        return timer

    def cancel(self, timer_id: str) -> None:
        """Call work off; an unknown id is no error."""
        self.timers.delete(timer_id)

    def due_next(self) -> float | None:
        """Return when the next timer is due, or None."""
        while self._heap and self._heap[0][2] not in self.timers.rows:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    async def run(self) -> None:
        """Run for ever: what is due now, then wait for the clock or for news."""
        while True:
            self._wake.clear()
            self._launch()
            following = self.due_next()
            pause = None
            if following is not None and not self._clock.frozen:
                pause = max(0.0, following - self._clock.now())
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)

    async def settle(self, patience_seconds: float = 60.0) -> bool:
        """Wait until nothing is due and nothing is under way; False if that did not come about in time."""
        end = asyncio.get_running_loop().time() + patience_seconds
        while asyncio.get_running_loop().time() < end:
            self._launch()
            flying = [task for task in self._flying if task is not asyncio.current_task()]
            if not flying:
                return True
            await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED, timeout=1.0)
        return False

    async def advance_to(self, target: float) -> None:
        """Turn the clock forward, stopping at every due time on the way to do what is due then."""
        async with self._turning:
            self._clock.heading = target
            await self.settle()
            while (following := self.due_next()) is not None and following <= target:
                self._clock.set(max(self._clock.now(), following))
                await self.settle()
            self._clock.set(max(target, self._clock.now()) if self._clock.frozen else target)
            self._clock.heading = 0.0
            await self.settle()
            self._wake.set()

    def poke(self) -> None:
        """Look at the clock again: it was turned or frozen."""
        self._wake.set()

    async def stop(self) -> None:
        """Stop what is under way; it is still in the state and runs again after a restart."""
        for task in list(self._flying):
            task.cancel()
        await asyncio.gather(*self._flying, return_exceptions=True)

    def _launch(self) -> None:
        while (following := self.due_next()) is not None and following <= self._clock.now() + 1e-6:
            timer = self.timers.rows[heapq.heappop(self._heap)[2]]
            task = asyncio.create_task(self._do(timer))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)

    async def _do(self, timer: Timer) -> None:
        async with self._slots:
            if timer.id not in self.timers.rows:
                return
            try:
                await self._dues[timer.kind](self._box, timer.args)
            except Exception:  # the edge: one bad job must not stop the others
                LOG.exception("timer %s %s", timer.kind, timer.args)
            # Only now: a kill in the middle runs it again, as a delivery that comes twice would.
            self.timers.delete(timer.id)
            self._state.commit()
