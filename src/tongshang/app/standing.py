"""A database for a command: the one that is there, or the embedded server, started for as long as it takes."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import psycopg

from tongshang.app.terminal import Stop
from tongshang.platform import postgres
from tongshang.platform.config import Settings
from tongshang.platform.pgserver import PostgresError, at


@contextmanager
def standing(settings: Settings) -> Iterator[str]:
    """Give the owner's DSN; a server that was not running before does not run afterwards.

    Raises Stop, in one sentence, for what the database says no to.
    """
    try:
        if settings.database_url:
            yield settings.database_url
        else:
            yield from _embedded(settings)
    except (asyncpg.PostgresError, psycopg.Error, PostgresError) as error:
        said = str(error).strip().splitlines()[0]
        raise Stop(f"数据库拒绝了：{said}", f"The database said no: {said}") from error


def _embedded(settings: Settings) -> Iterator[str]:
    server = at(settings.var / "pg")
    if server.data.exists() and server.answers():
        yield server.dsn
        return
    server = postgres.ensure(settings.var / "pg")
    try:
        yield server.dsn
    finally:
        postgres.stop(server)
