"""The database of a history: a copy in the server that all tests share, or a server of one's own that may be killed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import psycopg

import databases
from tongshang.platform import postgres
from tongshang.platform.migrate import migrate
from tongshang.platform.pgserver import Server

# What was said to be committed has left the processes, so that it survives whoever kills them.
HONEST = "synchronous_commit = on\n"
CUT = """select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and application_name like 'tongshang-%'"""
# Leases are measured in real time, of which a storm has little: whoever died holding one is given up for dead here.
LAPSED = tuple(
    f"update {table} set leased_until = now() - interval '1 second' where leased_until > now()"
    for table in ("inbox_bucket", "wechat_token", "duty", "job")
)


@dataclass(frozen=True)
class Shelter:
    """Where a history's database is; with a server of one's own, it can be killed."""

    dsn: str
    server: Server | None = None

    async def strike(self) -> None:
        """Kill the server with signal 9 and have it started again, or end every connection of the platform's."""
        await asyncio.to_thread(self._kill if self.server else self._cut)

    async def lapse(self) -> None:
        """Let all leases run out."""
        await asyncio.to_thread(self._run, *LAPSED)

    def _cut(self) -> None:
        self._run(CUT)

    def _kill(self) -> None:
        assert self.server is not None
        self.forget()
        leader = psutil.Process(int((self.server.data / "postmaster.pid").read_text().split()[0]))
        for process in [leader, *leader.children(recursive=True)]:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                pass
        postgres.ensure(self.server.root, throwaway=True, binaries=self.server.bin)

    def forget(self) -> None:
        """Let the connection go that empties the database."""
        if emptier := databases.EMPTIERS.pop(self.dsn, None):
            emptier.close()

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            for sql in statements:
                connection.execute(sql)


@contextmanager
def own() -> Iterator[Shelter]:
    """Start a server of one's own, with a migrated database, and remove it."""
    with databases.open_folder("storm") as root:
        (root / "local.conf").write_text(HONEST)
        server = postgres.ensure(root, throwaway=True, binaries=databases.places()[1])
        try:
            made = Shelter(databases.create(server, "storm"), server)
            migrate(made.dsn, password="never asked for on a trusted socket")
            yield made
            made.forget()
        finally:
            postgres.stop(server)
