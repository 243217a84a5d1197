"""The embedded server: races, crashes, strangers' lock files, and places where it must refuse."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

import databases
from tongshang.platform import pgserver, postgres
from tongshang.platform.pgserver import PostgresError, Server


@pytest.fixture
def folder() -> Iterator[Path]:
    with databases.open_folder("pg") as path:
        yield path


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    started = postgres.ensure(folder / "pg", binaries=databases.places()[1])
    yield started
    postgres.stop(started)


def postmaster(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def kill_all(server: Server) -> None:
    """Kill the postmaster and everything that it started, at once."""
    leader = postmaster(server)
    for pid in [leader, *children(leader)]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


async def test_it_keeps_the_dialects_promises(server: Server) -> None:
    connection = await asyncpg.connect(server.dsn)
    try:
        assert await connection.fetchval("show data_checksums") == "on"
        assert await connection.fetchval("show fsync") == "on"
        assert await connection.fetchval("show timezone") == "UTC"
        assert await connection.fetchval("show server_encoding") == "UTF8"
        collation = "select datcollate from pg_database where datname = current_database()"
        assert await connection.fetchval(collation) == "C.UTF-8"
    finally:
        await connection.close()


def test_six_processes_race_to_one_server(folder: Path) -> None:
    binaries = databases.places()[1]
    script = (
        "import sys; from pathlib import Path; from tongshang.platform import postgres\n"
        "server = postgres.ensure(Path(sys.argv[1]), binaries=Path(sys.argv[2]))\n"
        "print(server.psql('select pg_postmaster_start_time()'))"
    )
    command = [sys.executable, "-c", script, str(folder / "pg"), str(binaries)]
    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    started = [racer.communicate(timeout=90)[0].strip() for racer in racers]
    postgres.stop(pgserver.at(folder / "pg", binaries=binaries))
    assert [racer.returncode for racer in racers] == [0] * 6
    assert len(set(started)) == 1
    assert started[0]


async def test_kill_nine_loses_no_acknowledged_row(server: Server) -> None:
    server.psql("create table promise (n bigint primary key)", "tongshang")
    acknowledged: list[int] = []
    enough = asyncio.Event()

    async def write(first: int) -> None:
        connection = await asyncpg.connect(server.dsn)
        try:
            for n in range(first, first + 1_000_000):
                await connection.execute("insert into promise values ($1)", n)
                acknowledged.append(n)
                if len(acknowledged) == 400:
                    enough.set()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
            connection.terminate()

    writers = [asyncio.create_task(write(k * 1_000_000)) for k in range(4)]
    await enough.wait()
    kill_all(server)
    await asyncio.gather(*writers)
    again = await asyncio.to_thread(postgres.ensure, server.root, binaries=server.bin)
    kept = {int(n) for n in again.psql("select n from promise", "tongshang").split()}
    assert len(acknowledged) >= 400
    assert set(acknowledged) <= kept


def test_a_lock_file_that_names_a_stranger_is_cleared(server: Server) -> None:
    postgres.stop(server)
    # As after a container's restart: the pid in the file now belongs to somebody else, namely to us.
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    again = postgres.ensure(server.root, binaries=server.bin, timeout_seconds=20)
    assert again.psql("select 1") == "1"


def test_a_lock_file_that_names_a_zombie_is_cleared(server: Server) -> None:
    postgres.stop(server)
    zombie = subprocess.Popen(["/bin/true"])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    (server.data / "postmaster.pid").write_text(f"{zombie.pid}\n{server.data}\n")
    again = postgres.ensure(server.root, binaries=server.bin, timeout_seconds=20)
    zombie.wait()
    assert again.psql("select 1") == "1"


def test_a_second_start_finds_the_first(server: Server) -> None:
    before = postmaster(server)
    assert postgres.ensure(server.root, binaries=server.bin) == server
    assert postmaster(server) == before


def test_prepare_stops_one_left_in_the_background(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BINDIR", str(server.bin))
    assert postgres.prepare(server.root) == server
    assert not server.answers()


def test_data_of_another_major_version_is_refused_in_one_sentence(server: Server) -> None:
    postgres.stop(server)
    (server.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresError, match="is not data of PostgreSQL"):
        postgres.ensure(server.root, binaries=server.bin)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has this trouble")
def test_root_in_a_closed_home_is_told_and_nothing_is_opened(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o700)
    with pytest.raises(PostgresError, match="cannot enter"):
        postgres.ensure(home / "project" / "pg", binaries=databases.places()[1])
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_long_path_gets_a_short_socket(folder: Path) -> None:
    deep = folder / "a-project-in-a-folder-with-a-name-that-somebody-thought-about-for-a-long-time-indeed"
    described = pgserver.at(deep)
    assert len(f"{described.run}/.s.PGSQL.5432.lock") < 107
    assert described.run != described.root / "run"
