"""Nothing is forgotten when an install is kept or a merchant goes: every table and column of bytes has its word."""

import asyncpg

from tongshang.app.holdings import DIRECTORIES, FILES, NO_FILES, STAYS, carried
from tongshang.platform import schema


async def test_every_table_is_carried_or_said_to_stay(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        tables = await schema.tables(connection)
    finally:
        await connection.close()
    names = {table.name for table in tables}
    assert names - {table.name for table in carried(tables)} == set(STAYS), "say why in app/holdings.py"
    assert all(STAYS.values())
    assert {table.name for table in tables if not table.secured} == DIRECTORIES
    placed = [table.name for table in tables]
    assert placed.index("charge") < placed.index("refund") < placed.index("refund_attempt")
    sealed = {f"{table.name}.{name}" for table in tables for name in table.sealed}
    bytes_of = {f"{t.name}.{c.name}" for t in tables for c in t.columns if c.type == "bytea"}
    named = {f"{table}.{column}" for table, column in FILES.items()}
    assert bytes_of - sealed - named - NO_FILES == set(), "say in app/holdings.py whether it names a kept file"
    assert named <= bytes_of
