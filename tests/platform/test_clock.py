"""A followed clock outlives the one it follows."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import wxsandbox
from make.worlds import free_port, simulator_bases
from tongshang.app.world import make_clock
from tongshang.platform.clock import FollowedClock
from tongshang.platform.config import Settings
from weixin.transport import Transport

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def follows(clock: FollowedClock, moment: datetime) -> None:
    """Wait until a clock shows a moment, or fail the test."""
    async with asyncio.timeout(10):
        while abs(clock.now() - moment) > timedelta(hours=1):  # noqa: ASYNC110  (a clock has no event to wait for)
            await asyncio.sleep(0.05)


async def test_a_clock_is_followed_again_when_it_comes_back(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://localhost:{port}"
    settings = Settings(wx=simulator_bases(url), clock_url=f"{url}/_sandbox/clock", public_url="http://localhost:1")
    async with Transport() as transport:
        # The platform may be started first: its clock is its own until there is one to follow.
        clock = await make_clock(settings, transport)
        assert isinstance(clock, FollowedClock)
        clock._every = 0.05
        for moment in (LONG_AGO, LONG_AGO + timedelta(days=400)):
            async with wxsandbox.serve(port=port, start=moment):
                await follows(clock, moment)
            await asyncio.sleep(0.2)  # it is away for a while
        clock.stop()
