"""Migrations: one linear history of hand-written SQL, run statement by statement by yoyo.

The three roles get a password derived from the master key, so that no second secret has to be kept; an
embedded server trusts its socket and never asks for it.
"""

from collections.abc import Collection
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql
from yoyo import get_backend, read_migrations

FOLDER = Path(__file__).resolve().parents[3] / "migrations"
ROLES = ("tongshang_app", "tongshang_system", "tongshang_inbox")


def yoyo_url(dsn: str) -> str:
    """Say a libpq URL the way yoyo wants it (psycopg 3; a socket folder is its unix_socket)."""
    parts = urlsplit(dsn)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    # Without the path, an owner called app would create every table in the schema of that name.
    query["options"] = "-c search_path=public -c lock_timeout=4s"
    return urlunsplit(("postgresql+psycopg", parts.netloc, parts.path, urlencode(query, quote_via=quote), ""))


def migrate(dsn: str, *, password: str, folder: Path = FOLDER, only: Collection[str] | None = None) -> int:
    """Bring the database up to date and set the roles' passwords; say how many migrations were applied.

    `only` names the migrations to stop at, as an older release had them.
    """
    backend = get_backend(yoyo_url(dsn))
    try:
        return _apply(backend, folder, only)
    finally:
        backend.connection.close()
        set_passwords(dsn, password)


def known(folder: Path = FOLDER) -> list[str]:
    """List the names of all migrations, in their order."""
    return [one.id for one in read_migrations(str(folder))]


def _apply(backend: Any, folder: Path, only: Collection[str] | None) -> int:
    with backend.lock():
        wanted = read_migrations(str(folder)).filter(lambda one: only is None or one.id in only)
        todo = backend.to_apply(wanted)
        with redirect_stdout(StringIO()):  # yoyo prints the rows that a migration's selects return
            backend.apply_migrations(todo)
    return len(todo)


def set_passwords(dsn: str, password: str) -> None:
    """Let the three roles log in with the derived password."""
    with psycopg.connect(dsn, autocommit=True) as admin:
        for role in ROLES:
            admin.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(password)))
