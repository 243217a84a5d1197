"""The world's clock. Stamps and due times come from here; only leases use the database's own now().

`SystemClock` is real time. `ManualClock` stands still until it is moved (tests). `FollowedClock` follows a
turnable clock over HTTP (the simulator's, in the demo) and is refused unless every WeChat base URL is loopback.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The business day. China keeps no daylight saving time since 1991, so the offset is a constant."""


class Clock(Protocol):
    """Whatever can say what time it is in the world."""

    def now(self) -> datetime:
        """Say the world's time, in UTC."""
        ...


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        """Say the world's time, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Say the world's time, in UTC."""
        return self._now

    def set(self, now: datetime) -> None:
        """Put the clock at `now`."""
        self._now = now

    def advance(self, delta: timedelta) -> None:
        """Move the clock forward."""
        self._now += delta


class FollowedClock:
    """Real time plus the offset of somebody else's clock, asked for five times a second."""

    def __init__(self, ask: Callable[[], Awaitable[datetime]], *, every_seconds: float = 0.2) -> None:
        self._ask = ask
        self._every = every_seconds
        self._offset = timedelta(0)
        self._following: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """Say the world's time, in UTC."""
        return datetime.now(UTC) + self._offset

    def start(self) -> None:
        """Follow from now on, until stopped; the clock keeps its task."""
        self._following = asyncio.create_task(self.follow())

    def stop(self) -> None:
        """Stop following; the last offset stays in force."""
        if self._following:
            self._following.cancel()

    async def follow_once(self) -> None:
        """Ask the followed clock now."""
        before = datetime.now(UTC)
        told = await self._ask()
        self._offset = told - (before + (datetime.now(UTC) - before) / 2)

    async def follow(self) -> None:
        """Ask the followed clock for ever; an answer that does not come leaves the last offset in force."""
        while True:
            try:
                await self.follow_once()
            except (OSError, ValueError, TimeoutError):
                pass
            await asyncio.sleep(self._every)


def shown_time(clock: Clock) -> datetime:
    """Say what a phone's own clock shows, by which one-time codes are made: a demo's may be turned, phones go on."""
    return datetime.now(UTC) if isinstance(clock, FollowedClock) else clock.now()


def business_day(moment: datetime) -> str:
    """Say the Shanghai calendar day of a moment, as YYYY-MM-DD."""
    return moment.astimezone(SHANGHAI).date().isoformat()
