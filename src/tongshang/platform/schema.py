"""What tables there are, read from the database itself, so that a new table is kept and carried without a word.

In dependency order: a table comes after those it refers to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

COLUMNS = """
select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as secured, a.attname as column,
  format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as needed,
  has_table_privilege('tongshang_system', c.oid, 'select') as seen
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname !~ '^_?yoyo'
  and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by c.relname, a.attnum"""
REFERS = """
select f.conrelid::regclass::text as name, f.confrelid::regclass::text as to from pg_constraint f
where f.contype = 'f' and f.connamespace = 'public'::regnamespace and f.conparentid = 0"""


@dataclass(frozen=True)
class Column:
    """A column: its name, its type as PostgreSQL writes it, and whether it always has a value."""

    name: str
    type: str
    needed: bool


@dataclass(frozen=True)
class Table:
    """A table of ours. `secured` says that row-level security is forced, `seen` that the system's role reads it."""

    name: str
    columns: tuple[Column, ...]
    secured: bool
    seen: bool

    @property
    def names(self) -> list[str]:
        """List its columns by name."""
        return [column.name for column in self.columns]

    @property
    def of_merchants(self) -> bool:
        """Say whether its rows belong to merchants."""
        return "merchant_id" in self.names

    @property
    def sealed(self) -> list[str]:
        """List the columns that are sealed under the master key."""
        return [column.name for column in self.columns if column.name.endswith("_sealed") and column.type == "bytea"]


async def tables(connection: Any) -> list[Table]:
    """Read all tables of ours, each after those it refers to; whichever role asks."""
    found: dict[str, list[Any]] = {}
    for row in await connection.fetch(COLUMNS):
        found.setdefault(row["name"], []).append(row)
    refers: dict[str, set[str]] = {name: set() for name in found}
    for row in await connection.fetch(REFERS):
        if row["name"] != row["to"]:
            refers[row["name"]].add(row["to"])
    return [_table(name, found[name]) for name in _ordered(refers)]


def _table(name: str, rows: Sequence[Any]) -> Table:
    columns = tuple(Column(row["column"], row["type"], row["needed"]) for row in rows)
    return Table(name, columns, rows[0]["secured"], rows[0]["seen"])


def _ordered(refers: dict[str, set[str]]) -> list[str]:
    """Put names so that each comes after those it refers to, and otherwise by name."""
    left, done = dict(sorted(refers.items())), list[str]()
    while left:
        free = [name for name, to in left.items() if to <= set(done)]
        assert free, f"tables refer to each other in a circle: {sorted(left)}"
        done += free
        for name in free:
            del left[name]
    return done
