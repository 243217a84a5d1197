"""The database read back: tables made by the migrations of then are filled in one transaction."""

import gzip
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg

from tongshang.app.backup.manifest import Damaged, Kept, Manifest
from tongshang.platform import schema
from tongshang.platform.schema import Table

OURS = """
select array(select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname in ('public', 'app') and c.relname !~ '^_?yoyo' order by 1)"""
MIGHTY = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
DAYS = "select app.journal_days($1, $2, 36500)"


async def filled(dsn: str) -> str:
    """Name a table of a database that has rows, or give nothing; tables that are empty do not count."""
    connection = await asyncpg.connect(dsn)
    look = connection.transaction()
    try:
        await look.start()
        tables: Sequence[str] = await connection.fetchval(OURS)
        if not await connection.fetchval(MIGHTY):
            await _force(connection, tables, "no force")  # else its own rows are hidden from the owner
        for name in tables:
            if await connection.fetchval(f"select exists (select 1 from {name})"):
                return name
        return ""
    finally:
        await look.rollback()
        await connection.close()


async def load(dsn: str, folder: Path, manifest: Manifest, *, progress: Callable[[str, int], None]) -> None:
    """Fill an empty, migrated database from a backup's tables, all or nothing; raises Damaged."""
    connection = await asyncpg.connect(dsn)
    try:
        tables = await schema.tables(connection)
        kept = {one.name: one for one in manifest.tables}
        if {table.name: sorted(table.names) for table in tables} != {n: sorted(k.columns) for n, k in kept.items()}:
            raise Damaged("数据表与其迁移记录不符", "its tables are not those of its migrations")
        async with connection.transaction():
            secured = [] if await connection.fetchval(MIGHTY) else [t.name for t in tables if t.secured]
            await _force(connection, secured, "no force")
            await connection.execute(f"truncate {', '.join(table.name for table in tables)}")
            if manifest.journal:
                first, last = (date.fromisoformat(day) for day in manifest.journal)
                await connection.fetchval(DAYS, first, (last - first).days)
            for table in tables:
                await _fill(connection, table, kept[table.name], folder / "tables" / f"{table.name}.gz")
                progress(table.name, kept[table.name].rows)
            await _force(connection, secured, "force")
        await connection.execute("analyze")
    finally:
        await connection.close()


async def _force(connection: Any, tables: Sequence[str], how: str) -> None:
    """Have a table's owner under row-level security, or not: COPY does not fill a table under it."""
    for name in tables:
        await connection.execute(f"alter table {name} {how} row level security")


async def _fill(connection: Any, table: Table, kept: Kept, path: Path) -> None:
    with gzip.open(path) as file:
        done: str = await connection.copy_to_table(table.name, schema_name="public", columns=kept.columns, source=file)
    if int(done.split()[-1]) != kept.rows:
        raise Damaged(f"{table.name} 的行数不符", f"{table.name} has not as many rows as it had")
