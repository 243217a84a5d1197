"""Every story happens on a street of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from make import streets
from make.streets import Customer, Street
from make.town import Town
from make.town import found as founding
from make.townsfolk import Customer as Visitor
from make.townshop import Shop, open_shop


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
async def lily(shop: Shop) -> AsyncIterator[Visitor]:
    """Somebody who walked into the store without following."""
    customer = await shop.stranger("lily")
    yield customer
    await customer.close()
