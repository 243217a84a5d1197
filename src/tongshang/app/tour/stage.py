"""What the person at the terminal sees of the tour, and how long things take: sentences, pauses, waiting."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tongshang.app.terminal import say
from tongshang.app.tour.hands import NotDone

T = TypeVar("T")


class Stage:
    """Speaks before each step; `pace` is in seconds, `ask` says whether somebody is there to press Enter."""

    def __init__(self, *, pace: float, ask: bool) -> None:
        self.pace, self.ask = pace, ask
        self.number = 0
        self.now = ("", "")

    async def step(self, zh: str, en: str) -> None:
        """Say what happens next, and leave time to look there."""
        self.number += 1
        self.now = (zh, en)
        say(f"\n{self.number:2}. {zh}\n    {en}")
        await asyncio.sleep(self.pace)

    def told(self, zh: str, en: str) -> None:
        """Say what came of it."""
        say(f"    → {zh} / {en}")

    async def enter(self, zh: str, en: str) -> None:
        """Wait for Enter where somebody is there, otherwise for as long as a step."""
        if not self.ask:
            await asyncio.sleep(self.pace)
            return
        say(f"\n  {zh} / {en}")
        pressed = asyncio.Event()
        loop = asyncio.get_running_loop()
        # Not a thread that reads: that one would outlive Ctrl-C.
        loop.add_reader(sys.stdin, pressed.set)
        try:
            await pressed.wait()
            sys.stdin.readline()
        finally:
            loop.remove_reader(sys.stdin)


async def until(what: str, ask: Callable[[], Awaitable[T | None]], *, seconds: float = 60) -> T:
    """Ask again until there is something; raises NotDone naming `what` when nothing comes in time."""
    try:
        async with asyncio.timeout(seconds):
            while (found := await ask()) is None:  # noqa: ASYNC110  (what we wait for is in another process)
                await asyncio.sleep(0.3)
            return found
    except TimeoutError:
        raise NotDone(f"{what}: {seconds:.0f} s") from None


def yuan(fen: int) -> str:
    """Write an amount as people read it."""
    return f"¥{fen // 100}.{fen % 100:02d}"
