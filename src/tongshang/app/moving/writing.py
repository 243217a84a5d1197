"""Writing an archive: every carried table of one merchant as it was at one moment, then the files, then the sums."""

import asyncio
import gzip
import os
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec

from tongshang.app.backup.files import below
from tongshang.app.holdings import STAYING_JOBS, carried
from tongshang.app.moving import sums
from tongshang.app.moving.archive import FORMAT, KNOWN, KNOWN_AT, Manifest, Out, Rows, hashed
from tongshang.platform import schema
from tongshang.platform.checks import still
from tongshang.platform.db import Tx
from tongshang.platform.passphrases import Carrier
from tongshang.platform.schema import Table
from tongshang.platform.world import World
from tongshang.tenancy import merchants

LEASES = ("leased_until", "locked_by")
"""Who holds a row just now is nobody's business elsewhere."""
SPOOL = 16 << 20
Tell = Callable[[int, int, int], Awaitable[None]]


@dataclass(frozen=True)
class Wanted:
    """Whose archive, under which key, made of which salt."""

    world: World
    merchant: Any
    carrier: Carrier
    salt: bytes


async def nobody(rows_all: int, rows: int, files: int) -> None:
    """Tell nobody how far it is."""


async def write(wanted: Wanted, file: IO[bytes], *, tell: Tell = nobody) -> Manifest:
    """Write a merchant into a file; `tell` is given how many rows there are, and how many rows and files are done."""
    world, progress = wanted.world, _Progress(tell)
    with tempfile.TemporaryFile() as listed:
        out = Out(file, listed)
        async with world.database.system.acquire() as connection:
            tables = carried(await schema.tables(connection))
        async with world.tx(wanted.merchant) as tx:
            await still(tx)
            merchant = await merchants.get(tx)
            counted = [(table, *await sums.of_table(tx, table, _less(table))) for table in tables]
            progress.rows_all = sum(rows for _, rows, _ in counted)
            for table in tables:
                await _table(wanted, tx, table, out, progress)
            totals = await sums.named(tx)
        # Files come second: a row always has its files.
        files, size = await _files(wanted, out, progress)
        made = Manifest(
            format=FORMAT, merchant_id=str(wanted.merchant), name=merchant.name, slug=merchant.slug,
            made_at=f"{world.clock.now():%Y-%m-%dT%H:%M:%SZ}", salt=wanted.salt.hex(),
            check=wanted.carrier.seal(KNOWN_AT, KNOWN).hex(),
            tables=[Rows(table.name, table.names, rows, of) for table, rows, of in counted],
            sums=totals, files=files, bytes=size, listed="",
        )  # fmt: skip
        await asyncio.to_thread(out.close, made, wanted.carrier)
    await progress.say(last=True)
    return made


async def whole(wanted: Wanted, draft: Path, target: Path, tell: Tell = nobody) -> tuple[bytes, int]:
    """Write an archive under another name until it is whole, for its owner's eyes only; give SHA-256 and length."""
    file = await asyncio.to_thread(_opened, draft)
    try:
        with file:
            await write(wanted, file, tell=tell)
            digest = await asyncio.to_thread(_ended, file)
            size = file.tell()
        os.replace(draft, target)
    except BaseException:
        os.unlink(draft)
        raise
    return digest, size


def _opened(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # of a turn that was killed
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def _ended(file: IO[bytes]) -> bytes:
    """Have a file on disk for good, and read its hash."""
    file.flush()
    os.fsync(file.fileno())
    return hashed(file)


def _less(table: Table) -> str:
    """Say which rows of a table stay behind."""
    if table.name != "job":
        return ""
    return "".join(f" and kind not like '{kind}'" for kind in STAYING_JOBS)


def _sql(tx: Tx, table: Table) -> str:
    picked = ", ".join(
        f"null::{column.type} as {column.name}" if column.name in LEASES and not column.needed else column.name
        for column in table.columns
    )
    rows = f"select {picked} from {table.name} where merchant_id = '{tx.merchant}'{_less(table)}"
    return f"select to_jsonb(x)::text as line from ({rows}) x"


async def _table(wanted: Wanted, tx: Tx, table: Table, out: Out, progress: "_Progress") -> None:
    with tempfile.SpooledTemporaryFile(max_size=SPOOL) as body:
        with gzip.GzipFile(filename="", fileobj=body, mode="wb", compresslevel=4, mtime=0) as packed:
            async for rows in tx.stream(_sql(tx, table)):
                await asyncio.to_thread(packed.write, _lines(wanted, tx, table, [row["line"] for row in rows]))
                progress.rows += len(rows)
                await progress.say()
        await asyncio.to_thread(out.add, f"tables/{table.name}.jsonl.gz", body)


def _lines(wanted: Wanted, tx: Tx, table: Table, lines: Sequence[str]) -> bytes:
    """Give lines as they are written: what is sealed is taken out of the master key's hands."""
    if not table.sealed:
        return "".join(f"{line}\n" for line in lines).encode()
    return b"".join(_carried(wanted, tx, table, msgspec.json.decode(line)) + b"\n" for line in lines)


def _carried(wanted: Wanted, tx: Tx, table: Table, row: dict[str, Any]) -> bytes:
    for name in table.sealed:
        if row[name] is not None:
            place = f"{table.name}.{name}"
            plain = tx.unseal(place, bytes.fromhex(row[name][2:]))
            row[name] = "\\x" + wanted.carrier.seal(place, plain).hex()
    return msgspec.json.encode(row)


async def _files(wanted: Wanted, out: Out, progress: "_Progress") -> tuple[int, int]:
    root, many, whole = wanted.world.settings.var / "media", 0, 0
    for path in below(root, wanted.merchant.hex):
        size = await asyncio.to_thread(
            _file, out, root / path, "media/" + path.relative_to(wanted.merchant.hex).as_posix()
        )
        many, whole = many + (size >= 0), whole + max(0, size)
        progress.files = many
        await progress.say()
    return many, whole


def _file(out: Out, path: Path, name: str) -> int:
    try:
        with path.open("rb") as body:
            return out.add(name, body)
    except FileNotFoundError:
        return -1  # dropped meanwhile, after the last row that named it


class _Progress:
    """Tells how far it is, once a second and at the end."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._clock = tell, asyncio.get_running_loop().time
        self._last, self.rows_all, self.rows, self.files = self._clock(), 0, 0, 0

    async def say(self, *, last: bool = False) -> None:
        """Tell, if it is time."""
        if last or self._clock() - self._last >= 1:
            self._last = self._clock()
            await self._tell(self.rows_all, self.rows, self.files)
