"""What the simulator remembers: typed rows in memory, written through to SQLite before an answer leaves."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from wxsandbox.dice import Dice

SCHEMA = """
create table if not exists rows(kind text not null, id text not null, body blob not null, primary key(kind, id))
without rowid;
create table if not exists journal(id integer primary key, body blob not null);
create table if not exists snapshots(name text primary key, body blob not null);
"""
Row = TypeVar("Row", bound=msgspec.Struct)
Key = Callable[[Any], Any]


def row_id(row: Any) -> str:
    """Return the id of a row."""
    return str(row.id)


class DataInUse(Exception):
    """Another simulator works in this data directory."""


class Table(Generic[Row]):
    """All rows of one kind, by id and by the indexes asked for. Call `put` after every change of a row."""

    def __init__(self, state: "State", kind: type[Row]) -> None:
        """Begin empty."""
        self._state, self.kind, self.name = state, kind, kind.__name__
        self.rows: dict[str, Row] = {}  # for reading; change through put and delete
        self._indexes: dict[str, tuple[Key, dict[Any, dict[str, Row]], dict[str, Any]]] = {}

    def get(self, id: str) -> Row | None:
        """Return the row of this id, or None."""
        return self.rows.get(id)

    def put(self, row: Row) -> Row:
        """Keep a row, new or changed."""
        id = row_id(row)
        self.rows[id] = row
        for name in self._indexes:
            self._index(name, id, row)
        self._state.write(self.name, id, row)
        return row

    def delete(self, id: str) -> None:
        """Forget a row; an unknown id is no error."""
        if self.rows.pop(id, None) is None:
            return
        for _, places, keys in self._indexes.values():
            _take(places, keys.pop(id), id)
        self._state.write(self.name, id, None)

    def all(self) -> list[Row]:
        """Return every row, oldest first."""
        return list(self.rows.values())

    def by(self, field: str, value: Any) -> list[Row]:
        """Return the rows whose `field` has this value, through an index made when first asked."""
        if field not in self._indexes:
            self.index(field, lambda row: getattr(row, field))
        return list(self._indexes[field][1].get(value, {}).values())

    def index(self, name: str, key: Key) -> None:
        """Make an index over a computed key, to be read with `by(name, value)`."""
        self._indexes[name] = (key, {}, {})
        for id, row in self.rows.items():
            self._index(name, id, row)

    def load(self, row: Row) -> None:
        """Take up a row that is already on disk."""
        self.rows[row_id(row)] = row

    def clear(self) -> None:
        """Forget the rows in memory."""
        self.rows.clear()
        self._indexes.clear()

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        """Go through the rows, oldest first."""
        return iter(self.all())

    def _index(self, name: str, id: str, row: Row) -> None:
        key, places, keys = self._indexes[name]
        value = key(row)
        if id in keys and keys[id] != value:
            _take(places, keys[id], id)
        keys[id] = value
        places.setdefault(value, {})[id] = row


def _take(places: dict[Any, dict[str, Any]], key: Any, id: str) -> None:
    place = places[key]
    place.pop(id, None)
    if not place:
        del places[key]


class State:
    """Tables, counters, dice; the SQLite file under them when there is a data directory."""

    def __init__(self, data_dir: Path | None, *, seed: int = 1) -> None:
        """Open or create the file, and read what it holds."""
        self.data_dir = data_dir
        self._db: sqlite3.Connection | None = None
        self._tables: dict[str, Table[Any]] = {}
        self._raw: dict[str, list[bytes]] = {}
        self._pending: dict[tuple[str, str], msgspec.Struct | None] = {}
        self._encode = msgspec.json.Encoder().encode
        self._snapshots: dict[str, bytes] = {}
        self.meta: dict[str, Any] = {}
        self.dice = Dice(seed)
        if data_dir is not None:
            data_dir.mkdir(parents=True, exist_ok=True)
            self._open(data_dir / "sandbox.sqlite")

    def _open(self, path: Path) -> None:
        self._db = db = sqlite3.connect(path, timeout=1.0, isolation_level=None, check_same_thread=False)
        try:
            db.execute("pragma locking_mode=exclusive")
            db.execute("pragma journal_mode=wal")
        except sqlite3.OperationalError as locked:
            raise DataInUse(f"{path.parent} is in use by another simulator") from locked
        # A killed process loses nothing that reached the kernel; only a power cut could.
        db.execute("pragma synchronous=off")
        db.executescript(SCHEMA)
        for kind, id, body in db.execute("select kind, id, body from rows"):
            if kind == "_meta":
                self.meta[id] = msgspec.json.decode(body)
            else:
                self._raw.setdefault(kind, []).append(body)
        self._restore_dice()

    def _restore_dice(self) -> None:
        if kept := self.meta.get("dice"):
            self.dice.seed, self.dice.counter = kept

    def table(self, kind: type[Row]) -> Table[Row]:
        """Return the table of this kind of row; the kind's name is its name on disk."""
        name = kind.__name__
        if (table := self._tables.get(name)) is None:
            table = self._tables[name] = Table(self, kind)
            decoder = msgspec.json.Decoder(kind)
            loaded = [decoder.decode(body) for body in self._raw.pop(name, [])]
            for row in sorted(loaded, key=lambda row: getattr(row, "seq", 0)):
                table.load(row)
        return table

    def next(self, counter: str) -> int:
        """Count up a named counter, beginning with 1."""
        value = int(self.meta.get(counter, 0)) + 1
        self.set_meta(counter, value)
        return value

    def set_meta(self, name: str, value: Any) -> None:
        """Keep one small value that is no row."""
        self.meta[name] = value
        self._pending["_meta", name] = None

    def write(self, kind: str, id: str, row: msgspec.Struct | None) -> None:
        """Remember that a row changed (or, with None, went) since the last commit."""
        self._pending[kind, id] = row

    def commit(self) -> None:
        """Put on disk what changed. Called before every answer and every callback that changed anything."""
        if not self._pending:
            return
        pending, self._pending = self._pending, {}
        if self._db is None:
            return
        if self.meta.get("dice") != [self.dice.seed, self.dice.counter]:
            self.meta["dice"] = [self.dice.seed, self.dice.counter]
            pending["_meta", "dice"] = None
        puts, gone = [], []
        for (kind, id), row in pending.items():
            if kind == "_meta":
                puts.append((kind, id, self._encode(self.meta[id])))
            elif row is None:
                gone.append((kind, id))
            else:
                puts.append((kind, id, self._encode(row)))
        try:
            self._db.execute("begin")
            self._db.executemany("insert or replace into rows values (?,?,?)", puts)
            if gone:
                self._db.executemany("delete from rows where kind=? and id=?", gone)
            self._db.execute("commit")
        except sqlite3.Error:
            # A full disk: nothing is answered that could be forgotten; the next commit tries again.
            self._pending = {**pending, **self._pending}
            if self._db.in_transaction:
                self._db.execute("rollback")
            raise

    def append_journal(self, entries: list[tuple[int, bytes]], keep: int) -> None:
        """Put journal entries on disk and drop all but the last `keep`."""
        if self._db is None or not entries:
            return
        self._db.execute("begin")
        self._db.executemany("insert or replace into journal values (?,?)", entries)
        self._db.execute("delete from journal where id <= ?", (entries[-1][0] - keep,))
        self._db.execute("commit")

    def read_journal(self) -> list[bytes]:
        """Return the journal entries on disk, oldest first."""
        if self._db is None:
            return []
        return [body for (body,) in self._db.execute("select body from journal order by id")]

    def dump(self) -> bytes:
        """Write everything down as JSON."""
        rows = {name: list(table) for name, table in self._tables.items()}
        self.meta["dice"] = [self.dice.seed, self.dice.counter]
        raw = {name: [msgspec.Raw(body) for body in bodies] for name, bodies in self._raw.items()}
        return self._encode({"rows": rows | raw, "meta": self.meta})

    def replace(self, dumped: bytes | None) -> None:
        """Become what `dump` wrote, or empty with None."""
        kept: dict[str, Any] = msgspec.json.decode(dumped) if dumped else {"rows": {}, "meta": {}}
        for table in self._tables.values():
            for row in table.all():
                table.delete(row_id(row))
            table.clear()
        self._raw.clear()
        for name in self.meta:
            self._pending.pop(("_meta", name), None)
        if self._db is not None:
            self._pending.clear()
            self._db.execute("delete from rows")
        self.meta = dict(kept["meta"])
        for name in self.meta:
            self._pending["_meta", name] = None
        self._restore_dice()
        for name, rows in kept["rows"].items():
            for row in rows:
                if (known := self._tables.get(name)) is not None:
                    known.put(msgspec.convert(row, known.kind))
                else:
                    self._raw.setdefault(name, []).append(self._encode(row))
                    if self._db is not None:
                        self._db.execute("insert into rows values (?,?,?)", (name, str(row["id"]), self._encode(row)))
        self.commit()

    def save_snapshot(self, name: str) -> None:
        """Keep the present state under a name."""
        self._snapshots[name] = self.dump()
        if self._db is not None:
            self._db.execute("insert or replace into snapshots values (?,?)", (name, self._snapshots[name]))

    def snapshot(self, name: str) -> bytes | None:
        """Return a snapshot, or None."""
        if self._db is not None:
            found = self._db.execute("select body from snapshots where name=?", (name,)).fetchone()
            return found[0] if found else None
        return self._snapshots.get(name)

    def snapshots(self) -> list[str]:
        """Name the snapshots."""
        if self._db is not None:
            return [name for (name,) in self._db.execute("select name from snapshots order by name")]
        return sorted(self._snapshots)

    def close(self) -> None:
        """Commit and let go of the file."""
        self.commit()
        if self._db is not None:
            self._db.close()
            self._db = None
