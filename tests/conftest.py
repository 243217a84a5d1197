"""What every ring shares: a real PostgreSQL, and fresh databases in it."""

import os
from collections.abc import Iterator
from itertools import count

import pytest

import databases
from tongshang.platform.pgserver import Server

_numbers = count(1)


@pytest.fixture(scope="session")
def pg() -> Iterator[Server]:
    """The throw-away server that all runs share."""
    with databases.shared_server() as server:
        yield server


def template_database(dsn: str) -> None:
    """Fill a new, empty database with everything that all tests need: the migrations."""


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


@pytest.fixture
def database_url(pg: Server, template: str) -> Iterator[str]:
    """The owner's DSN of a fresh, migrated database of one's own."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    yield databases.create(pg, name, template=template)
    databases.drop(pg, name)
