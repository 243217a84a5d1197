"""A database for a command: the one that is there, or the embedded server, started for as long as it takes."""

from collections.abc import Iterator
from contextlib import contextmanager

from tongshang.platform import postgres
from tongshang.platform.config import Settings
from tongshang.platform.pgserver import at


@contextmanager
def standing(settings: Settings) -> Iterator[str]:
    """Give the owner's DSN; a server that was not running before does not run afterwards."""
    if settings.database_url:
        yield settings.database_url
        return
    root = settings.var / "pg"
    server = at(root)
    if server.data.exists() and server.answers():
        yield server.dsn
        return
    server = postgres.ensure(root)
    try:
        yield server.dsn
    finally:
        postgres.stop(server)
