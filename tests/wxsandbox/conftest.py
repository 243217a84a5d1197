"""The stage of the simulator's own tests."""

from collections.abc import AsyncIterator

import pytest

from make.platforms import Stage, staged


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as set_up:
        yield set_up
