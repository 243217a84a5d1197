"""What every ring shares: a real PostgreSQL, and fresh databases in it."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest

import databases
from make import worlds
from tongshang.platform.migrate import migrate
from tongshang.platform.pgserver import Server
from tongshang.platform.world import World

ROLES_PASSWORD = "never asked for on a trusted socket"


@pytest.fixture(scope="session")
def pg() -> Iterator[Server]:
    """The throw-away server that all runs share."""
    with databases.shared_server() as server:
        yield server


def template_database(dsn: str) -> None:
    """Fill a new, empty database with everything that all tests need: the migrations."""
    migrate(dsn, password=ROLES_PASSWORD)


@pytest.fixture(scope="session")
def template(pg: Server) -> str:
    """The name of a migrated database to copy; made once per state of the migrations, kept between runs."""
    name = f"template_{databases.migrations_digest()}"
    with databases.locked(pg, "template"):
        if not databases.exists(pg, name):
            databases.drop(pg, f"{name}_new")
            template_database(databases.create(pg, f"{name}_new"))
            # A template that was only half made never gets the name that others look for.
            pg.psql(f'alter database "{name}_new" rename to "{name}"')
    return name


@pytest.fixture(scope="session")
def copy(pg: Server, template: str) -> Iterator[str]:
    """The owner's DSN of this process's database."""
    name = f"test_{os.getpid()}"
    yield databases.create(pg, name, template=template)
    databases.drop(pg, name)


@pytest.fixture
def database_url(copy: str) -> str:
    """The owner's DSN of a migrated database of one's own, with nothing in it."""
    databases.empty(copy)
    return copy


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A world of one's own: fresh database, manual clock, seeded randomness."""
    async with worlds.open_world(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def merchant(world: World) -> UUID:
    """A merchant with an active owner (`owner@tea`)."""
    return await worlds.make_merchant(world)


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    """The world's platform, served over real HTTP."""
    async with worlds.serving(world, worlds.free_port()) as served:
        yield served


@pytest.fixture
async def browser(url: str) -> AsyncIterator[worlds.Browser]:
    """A browser on the console, not logged in."""
    opened = worlds.Browser(url)
    yield opened
    await opened.close()


@pytest.fixture
async def owner(browser: worlds.Browser, merchant: UUID) -> worlds.Browser:
    """The merchant's owner, logged in."""
    await browser.log_in("owner@tea")
    return browser
