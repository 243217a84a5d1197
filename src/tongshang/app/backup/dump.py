"""The database written down: every table as COPY text, all of one moment, by the two roles that see all of it."""

import gzip
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tongshang.app.backup.manifest import Kept
from tongshang.platform import schema
from tongshang.platform.pool import Pool
from tongshang.platform.schema import Table
from tongshang.platform.world import World

BEGIN = "begin isolation level repeatable read, read only; set local idle_in_transaction_session_timeout = 0"
JOURNAL = "select array[min(at)::date::text, max(at)::date::text] from wechat_journal where merchant_id is not null"


async def dump(world: World, into: Path, *, progress: Callable[[str, int], None]) -> tuple[list[Kept], list[str]]:
    """Write all tables into an empty folder as NAME.gz; give them, and the journal's first and last day."""
    kept = []
    async with _moment(world.database.system) as (system, snapshot):
        days: list[str | None] = await system.fetchval(JOURNAL)
        async with _moment(world.database.inbox, snapshot) as (inbox, _):
            for table in await schema.tables(system):
                rows = await _copy(system if table.seen else inbox, table, into / f"{table.name}.gz")
                kept.append(Kept(table.name, table.names, rows))
                progress(table.name, rows)
    return kept, [day for day in days if day]


@asynccontextmanager
async def _moment(pool: Pool, snapshot: str = "") -> AsyncIterator[tuple[Any, str]]:
    """Open a transaction that sees one moment: its own, or the one another has exported."""
    async with pool.acquire() as connection:
        await connection.execute(f"{BEGIN}; set local enable_seqscan = on" if not snapshot else BEGIN)
        try:
            if snapshot:
                await connection.execute(f"set transaction snapshot '{snapshot}'")
            else:
                snapshot = await connection.fetchval("select pg_export_snapshot()")
            yield connection, snapshot
        finally:
            await connection.execute("rollback")


async def _copy(connection: Any, table: Table, path: Path) -> int:
    """Copy one table into a compressed file; give the number of its rows."""
    with path.open("xb") as raw:
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=3, mtime=0) as packed:

            async def keep(data: bytes) -> None:
                packed.write(data)

            columns = ", ".join(f'"{name}"' for name in table.names)
            done: str = await connection.copy_from_query(f'select {columns} from "{table.name}"', output=keep)
        raw.flush()
        os.fsync(raw.fileno())
    return int(done.split()[-1])
