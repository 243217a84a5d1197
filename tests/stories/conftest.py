"""Every story happens in a town of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from make.town import Town
from make.town import found as founding
from make.townsfolk import Customer
from make.townshop import Shop, open_shop


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """Platform and WeChat on one clock, and a merchant whose owner sits at an empty console."""
    async with founding(database_url, tmp_path) as made:
        yield made


@pytest.fixture
async def shop(town: Town) -> Shop:
    """A shop in town that is open for business."""
    return await open_shop(town)


@pytest.fixture
async def lily(shop: Shop) -> AsyncIterator[Customer]:
    """Somebody who walked into the store without following."""
    customer = await shop.stranger("lily")
    yield customer
    await customer.close()
