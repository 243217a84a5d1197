"""The database: three pools of one server, and the transaction that every verb is given.

A `Tx` is connection + merchant + now + randomness. Begin and the merchant's setting go down in one round
trip; facts emitted in it go down just before the commit; time stands still in it.
"""

import asyncio
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import asyncpg
import msgspec

from tongshang.platform import rows
from tongshang.platform.errors import NotFound
from tongshang.platform.facts import Fact, Pending, shared_jobs
from tongshang.platform.ids import NIL
from tongshang.platform.pool import Pool

if TYPE_CHECKING:
    from tongshang.platform.world import World

K = TypeVar("K")


SETTINGS = {
    "citus.propagate_set_commands": "local",
    "search_path": "public",
    # Every statement is by key. A plan made while a table was empty must be good when it is full.
    "enable_seqscan": "off",
    "jit": "off",
    # A statement is one core's work: helpers start later than most answers are there, and others need the cores.
    "max_parallel_workers_per_gather": "0",
}


LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
)
"""What is raised on a connection that is no good any more."""

AWAY = (OSError, *LOST)
"""What is raised when the database is not there (any more); it may be back in a moment."""


async def prepare(connection: Any) -> None:
    """Teach a connection how jsonb is read and written."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda data: msgspec.json.decode(data[1:]),
    )


@dataclass
class Database:
    """One pool per role: requests (one merchant at a time), the system (all merchants), the inbox."""

    app: Pool
    system: Pool
    inbox: Pool

    @classmethod
    async def open(cls, dsn: str, *, password: str, size: int = 10) -> "Database":
        """Connect as the three roles, and refuse to serve as a superuser."""

        async def connect(role: str) -> Any:
            connection = await asyncpg.connect(
                dsn,
                user=f"tongshang_{role}",
                password=password,
                statement_cache_size=512,
                server_settings={**SETTINGS, "application_name": f"tongshang-{role}"},
            )
            await prepare(connection)
            return connection

        pools = [Pool(partial(connect, role), size=most) for role, most in (("app", size), ("system", 4), ("inbox", 6))]
        database = cls(*pools)
        async with database.app.acquire() as connection:
            mighty = await connection.fetchval(
                "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
            )
        if mighty:  # closing waits for every connection, so not while we hold one
            await database.close()
            raise RuntimeError("refusing to serve as a superuser: row-level security would not hold")
        return database

    async def close(self) -> None:
        """Close all connections."""
        for pool in (self.app, self.system, self.inbox):
            await pool.close()


async def refuse_superuser(connection: Any) -> None:
    """Refuse to serve on a connection for which row-level security would not hold."""
    if await connection.fetchval("select rolsuper or rolbypassrls from pg_roles where rolname = current_user"):
        raise RuntimeError("refusing to serve as a superuser: row-level security would not hold")


class CommitFailed(Exception):
    """Nothing of the transaction was kept."""


class Tx:
    """One merchant's transaction; the first argument of every verb."""

    __slots__ = ("_connection", "_pending", "after_commit", "merchant", "now", "rng", "world")

    def __init__(self, world: "World", connection: Any, merchant: UUID, now: datetime) -> None:
        self.world = world
        self.merchant = merchant
        self.now = now
        self.rng: random.Random = world.rng
        self._connection = connection
        self._pending: list[Pending] = []
        self.after_commit: list[Any] = []

    def new_id(self) -> UUID:
        """Make an id that sorts by time, and within this process by order."""
        return self.world.ids.new(self.now)

    def token(self, size: int = 32) -> str:
        """Make an unguessable URL-safe token of `size` random bytes, as hex."""
        return f"{self.rng.getrandbits(size * 8):0{size * 2}x}"

    def seal(self, place: str, plain: bytes) -> bytes:
        """Encrypt for a column; `place` is "table.column_sealed", so that key rotation finds and re-seals it."""
        return self.world.secrets.seal(plain, bound_to=f"{place}:{self.merchant}")

    def unseal(self, place: str, sealed: bytes) -> bytes:
        """Decrypt what `seal` made for the same column of the same merchant."""
        return self.world.secrets.open(sealed, bound_to=f"{place}:{self.merchant}")

    async def first(self, kind: type[K], sql: str, *args: Any) -> K | None:
        """Fetch the first row as `kind`, or None."""
        record = await self._connection.fetchrow(sql, *args)
        return None if record is None else rows.load(kind, record)

    async def one(self, kind: type[K], sql: str, *args: Any) -> K:
        """Fetch the first row as `kind`, or raise NotFound."""
        if (found := await self.first(kind, sql, *args)) is None:
            raise NotFound
        return found

    async def all(self, kind: type[K], sql: str, *args: Any) -> list[K]:
        """Fetch all rows, each as `kind`."""
        return [rows.load(kind, record) for record in await self._connection.fetch(sql, *args)]

    async def value(self, sql: str, *args: Any) -> Any:
        """Fetch the first column of the first row, or None."""
        return await self._connection.fetchval(sql, *args)

    async def run(self, sql: str, *args: Any) -> int:
        """Run a statement and say how many rows it changed."""
        status: str = await self._connection.execute(sql, *args)
        tail = status.rsplit(" ", 1)[-1]
        return int(tail) if tail.isdigit() else 0

    async def run_many(self, sql: str, args: Sequence[Sequence[Any]]) -> None:
        """Run a statement for many argument lists in one round trip."""
        if args:
            await self._connection.executemany(sql, args)

    async def stream(self, sql: str, *, some: int = 500) -> AsyncIterator[list[Any]]:
        """Give the rows of a statement some at a time; a cursor takes no arguments, so they are written into it."""
        name = f"stream_{self.new_id().hex}"
        await self._connection.execute(f"declare {name} no scroll cursor for {sql}")
        while found := await self._connection.fetch(f"fetch {some} from {name}"):
            yield found
        await self._connection.execute(f"close {name}")

    async def insert(self, table: str, row: Any) -> None:
        """Insert a dataclass or Struct; its fields are the columns, and merchant_id is added."""
        sql, args = rows.insert(table, row)
        await self._connection.execute(sql, self.merchant, *args)

    async def emit(self, fact: Fact) -> UUID:
        """Publish a fact: it and the jobs of its reactions are written in this same commit."""
        pending = Pending(self.new_id(), fact)
        self._pending.append(pending)
        return pending.id

    async def flush(self) -> None:
        """Send emitted facts down (done by the commit; earlier only where a reader in the same tx needs them)."""
        if self._pending:
            batch, self._pending = self._pending, []
            kinds = Counter(type(item.fact) for item in batch)
            data = [item.row(self, alone=kinds[type(item.fact)] == 1) for item in batch]
            shared = shared_jobs(self, batch) if len(kinds) < len(batch) else []
            await self._connection.execute("select app.emit($1, $2, $3, $4)", self.merchant, self.now, data, shared)
            if any(job["due_at"] <= self.now for item in data for job in item["jobs"]):
                self.after_commit.append(self.world.wake)


KEEP_PLANS = "; set local plan_cache_mode = force_generic_plan"
"""What is asked with arrays is otherwise planned anew each time, for as many rows as there are just now."""


class Opened:
    """A transaction as an `async with` block: it commits when the block ends, and rolls back when that raises.

    (A class and no generator, as are the pool's two doors: every request opens one, and generators cost more.)
    """

    __slots__ = ("_connection", "_merchant", "_pool", "_settings", "_tx", "_world")

    def __init__(self, world: "World", pool: Pool, merchant: UUID, scoped: bool, hot: bool) -> None:
        self._world = world
        self._pool = pool
        self._merchant = merchant
        self._settings = (f"; set local app.merchant_id = '{merchant}'" if scoped else "") + (KEEP_PLANS if hot else "")

    async def __aenter__(self) -> Tx:
        """Begin, and name the merchant, in one round trip."""
        self._connection = connection = await self._pool.take()
        self._tx = Tx(self._world, connection, self._merchant, self._world.clock.now())
        try:
            await connection.execute("begin" + self._settings)
        except BaseException as error:
            await self._undo(error)
            self._tell_lost(error)
            raise
        return self._tx

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit, then tell whoever waits for the commit; or roll back."""
        if error is not None:
            await self._undo(error)
            self._tell_lost(error)
            return
        connection = self._connection
        try:
            await self._tx.flush()
            # A transaction that broke inside and was carried on commits as "ROLLBACK", without an error.
            if await connection.execute("commit") != "COMMIT":
                raise CommitFailed("the transaction had failed before its commit")
        except BaseException as failed:
            await self._undo(failed)
            self._tell_lost(failed)
            raise
        self._pool.give(connection)
        for call in self._tx.after_commit:
            call()

    def _tell_lost(self, error: BaseException) -> None:
        """Tell a connection that went between two steps of a statement, where the driver slips, from our own bugs."""
        if isinstance(error, AttributeError) and self._connection.is_closed():
            raise asyncpg.InterfaceError("the connection was lost in a statement") from error

    async def _undo(self, error: BaseException) -> None:
        connection = self._connection
        try:
            if isinstance(error, LOST):
                connection.terminate()  # it takes no rollback any more, and the server does it by itself
            elif not connection.is_closed():
                await connection.execute("rollback")
        finally:
            if isinstance(error, asyncio.CancelledError):
                connection.terminate()  # a query may still be under way in it
            self._pool.give(connection)


def begin(world: "World", pool: Pool, merchant: UUID, *, scoped: bool = True, hot: bool = False) -> Opened:
    """Open a transaction for a merchant; commit when the block ends, roll back when it raises."""
    return Opened(world, pool, merchant, scoped, hot)


def violates(error: asyncpg.PostgresError, constraint: str) -> bool:
    """Say whether a database error is the breach of this constraint, on one server or on Citus.

    On a Citus worker the name carries a shard suffix and the structured field is empty, so the message is read.
    """
    if getattr(error, "constraint_name", None) == constraint:
        return True
    return re.search(rf'"{re.escape(constraint)}(_\d{{6,}})?"', str(error)) is not None


__all__ = ["NIL", "Database", "Tx", "begin", "violates"]
