"""Every story happens on a street of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from make import streets
from make.streets import Customer, Street


@pytest.fixture
async def street(database_url: str, tmp_path: Path) -> AsyncIterator[Street]:
    """A shop that is ready to sell, with WeChat around it."""
    async with streets.opened(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def ann(street: Street) -> AsyncIterator[Customer]:
    """Somebody who has followed and come in."""
    customer = await street.customer("ann")
    yield customer
    await customer.phone.close()
