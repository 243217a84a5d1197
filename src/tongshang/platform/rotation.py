"""Rotating the master key: every sealed value is opened and sealed anew, row by row, while the platform runs.

A sealed column is called `*_sealed` and is bound to "table.column:merchant"; that is how it is found and opened.
Compare-and-set on the old value: what changes meanwhile is sealed under the new key by whoever changed it.
"""

from uuid import UUID

import msgspec

from tongshang.platform.world import World

BATCH = 200
COLUMNS = """select table_name, column_name from information_schema.columns
where table_schema = 'public' and column_name like '%\\_sealed' and data_type = 'bytea' order by 1, 2"""


class _Column(msgspec.Struct, frozen=True):
    table_name: str
    column_name: str


class _Row(msgspec.Struct, frozen=True):
    merchant_id: UUID
    sealed: bytes


async def reseal(world: World) -> dict[str, int]:
    """Seal everything under the current key; say how many values of each column were sealed anew."""
    async with world.system_tx() as tx:
        columns = await tx.all(_Column, COLUMNS)
    return {f"{c.table_name}.{c.column_name}": await _column(world, c.table_name, c.column_name) for c in columns}


async def _column(world: World, table: str, column: str) -> int:
    """Reseal one column, batch by batch; each batch is a transaction of its own."""
    # The first eight bytes of a sealed value are its key's id.
    select = f"""select merchant_id, {column} as sealed from {table}
        where {column} is not null and substring({column} from 1 for 8) <> $1 limit $2"""
    update = f"update {table} set {column} = $3 where merchant_id = $1 and {column} = $2"
    total = 0
    while True:
        async with world.system_tx() as tx:
            rows = await tx.all(_Row, select, world.secrets.current.encode(), BATCH)
            for row in rows:
                place = f"{table}.{column}:{row.merchant_id}"
                plain = world.secrets.open(row.sealed, bound_to=place)
                await tx.run(update, row.merchant_id, row.sealed, world.secrets.seal(plain, bound_to=place))
        total += len(rows)
        if len(rows) < BATCH:
            return total
