"""Bringing a merchant in: everything in one transaction under its own row-level security, ended only by equal sums."""

import asyncio
import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import asyncpg
import msgspec

from tongshang.app import checking
from tongshang.app.holdings import carried
from tongshang.app.moving import archive, sums
from tongshang.app.moving.archive import Damaged, Manifest, Newer, Rows
from tongshang.platform import schema
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Refused
from tongshang.platform.passphrases import Carrier, carrier
from tongshang.platform.schema import Table
from tongshang.platform.world import World
from tongshang.tenancy import audit

SOME = 500
OF_FILES = ("pictures", "files")
KNOWN = "select exists (select 1 from merchant where merchant_id = $1)"
COMPONENTS = "select array(select appid from component where merchant_id is not null)"
WITHDRAW = """update account set state = 'withdrawn', withdrawn_at = $2
where merchant_id = $1 and mode = 'component' and state = 'authorized' and not component_appid = any($3)
returning appid"""
RELEASE = "update account_directory set active = false where merchant_id = $1 and appid = any($2)"
SLUG = "update merchant set slug = $2 where merchant_id = $1"
SHOP_SLUG = "update shop_slug set slug = $2 where merchant_id = $1"
CHANGED = "select app.shelf_changed($1, '{}')"


class Known(Refused):
    """This merchant is here already ({name}); nothing is written over."""

    code, status, zh = "archive.merchant_known", 409, "商户“{name}”已在本站，不会覆盖。"


class Taken(Refused):
    """{what} of this merchant is taken by another one here."""

    code, status, zh = "archive.taken", 409, "该商户的{what_zh}已被本站的其他商户使用。"


class Unequal(Refused):
    """What was brought in does not agree with the archive: {what}. Nothing was kept."""

    code, status, zh = "archive.unequal", 409, "导入后的数据与文件不一致：{what}。没有保留任何数据。"


TAKEN = {
    "shop_slug_pk": ("店铺地址（可用 --slug 换一个）", "The shop's address (--slug gives it another)"),
    "staff_login_pk": ("员工登录名", "A log-in name"),
    "account_directory_pk": ("公众号", "An Official Account"),
    "registration_directory_pk": ("小程序注册", "A registration under way"),
}


@dataclass(frozen=True)
class Brought:
    """A merchant that was brought in."""

    merchant: UUID
    manifest: Manifest
    withdrawn: list[str]
    """Accounts that have to be authorized again, because their third-party platform is not this install's."""
    lost: list[str]
    """Files that were missing or damaged already where the merchant came from."""


@dataclass(frozen=True)
class _Way:
    """What is the same for every row: who the merchant was, who it is, and what opens its secrets."""

    manifest: Manifest
    merchant: UUID
    carrier: Carrier

    def renamed(self, line: bytes) -> bytes:
        """Put the merchant's new id where its old one stands, wherever that is."""
        old = UUID(self.manifest.merchant_id)
        if old == self.merchant:
            return line
        for was, now in ((str(old), str(self.merchant)), (old.hex, self.merchant.hex)):
            line = line.replace(was.encode(), now.encode())
        return line


async def bring_in(
    world: World, path: Path, *, passphrase: str, merchant: UUID | None = None, slug: str = "",
    tell: Callable[[str], None] = lambda line: None,
) -> Brought:  # fmt: skip
    """Bring the merchant of an archive in, under its own id or another; all or nothing.

    Raises Damaged, OtherPassphrase, Newer, Known, Taken, Unequal.
    """
    manifest = await asyncio.to_thread(archive.verify, path)
    key = await asyncio.to_thread(carrier, passphrase, bytes.fromhex(manifest.salt))
    archive.open_seal(manifest, key)
    way = _Way(manifest, merchant or UUID(manifest.merchant_id), key)
    tell(f"· 校验 / hashes: {len(manifest.tables)} 张表 / tables, {manifest.files} 个文件 / files")
    async with world.database.system.acquire() as connection:
        tables = {table.name: table for table in carried(await schema.tables(connection))}
    _fits(manifest, tables)
    async with world.system_tx() as tx:
        components = await tx.value(COMPONENTS)
    try:
        async with world.tx(way.merchant) as tx:
            await tx.run("set local idle_in_transaction_session_timeout = 0")
            if await tx.value(KNOWN, tx.merchant):
                raise Known(name=manifest.name)
            await _read(tx, way, tables, path, tell)
            lost = await _compare(tx, way, tables)
            withdrawn = await _settle_in(tx, slug, components)
            tell("· 核对一致 / all sums agree")
    except asyncpg.UniqueViolationError as error:
        raise _taken(error) from None
    return Brought(way.merchant, manifest, withdrawn, lost)


def _fits(manifest: Manifest, tables: Mapping[str, Table]) -> None:
    """Refuse an archive with something that this release has no place for."""
    for one in manifest.tables:
        if one.name not in tables:
            raise Newer(what=one.name)
        if more := sorted(set(one.columns) - set(tables[one.name].names)):
            raise Newer(what=f"{one.name}.{more[0]}")


def _taken(error: asyncpg.UniqueViolationError) -> Refused:
    for constraint, (zh, en) in TAKEN.items():
        if violates(error, constraint):
            return Taken(what=en, what_zh=zh)
    return Damaged(what=str(error.constraint_name))


async def _read(tx: Tx, way: _Way, tables: Mapping[str, Table], path: Path, tell: Callable[[str], None]) -> None:
    """Insert every row, and put every file where it belongs; files that come to nothing are only a little disk."""
    rows, root = {one.name: one for one in way.manifest.tables}, tx.world.settings.var / "media" / way.merchant.hex
    with archive.members(path) as found:
        for name, body in found:
            if name.startswith("tables/"):
                table = tables[name.removeprefix("tables/").removesuffix(".jsonl.gz")]
                await _rows(tx, way, table, rows[table.name], body)
            elif name.startswith("media/"):
                await asyncio.to_thread(_keep, root / name.removeprefix("media/"), body)
    tell(f"· 数据 / rows: {sum(one.rows for one in way.manifest.tables)}")


async def _rows(tx: Tx, way: _Way, table: Table, said: Rows, body: IO[bytes]) -> None:
    columns = ", ".join(said.columns)
    values = ", ".join(_value(table, name) for name in said.columns)
    sql = (
        f"insert into {table.name} ({columns}) select {values} from jsonb_populate_recordset(null::{table.name}, $1) r"
    )
    with gzip.open(body) as lines:
        while some := await asyncio.to_thread(_some, tx, way, table, lines):
            await tx.run(sql, msgspec.Raw(b"[" + b",".join(some) + b"]"))


def _value(table: Table, name: str) -> str:
    """Say how a column is read: JSON's null is no value, but where there must be one it was JSON's null."""
    (column,) = (column for column in table.columns if column.name == name)
    return f"coalesce(r.{name}, 'null'::jsonb)" if column.type == "jsonb" and column.needed else f"r.{name}"


def _some(tx: Tx, way: _Way, table: Table, lines: Iterator[bytes]) -> list[bytes]:
    """Read some rows as they are to be inserted: sealed values go under this install's master key."""
    some = [way.renamed(line.rstrip(b"\n")) for line in islice(lines, SOME)]
    return [_sealed(tx, way, table, msgspec.json.decode(line)) for line in some] if table.sealed else some


def _sealed(tx: Tx, way: _Way, table: Table, row: dict[str, Any]) -> bytes:
    for name in table.sealed:
        if row.get(name) is not None:
            place = f"{table.name}.{name}"
            row[name] = "\\x" + tx.seal(place, way.carrier.open(place, bytes.fromhex(row[name][2:]))).hex()
    return msgspec.json.encode(row)


def _keep(path: Path, body: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    with draft.open("wb") as file:
        while piece := body.read(archive.PIECE):
            file.write(piece)
    draft.replace(path)


async def _compare(tx: Tx, way: _Way, tables: Mapping[str, Table]) -> list[str]:
    """Have every count and sum be what it was, and every check find nothing; only name the files that are lost.

    What was in the archive is here, by its hashes: a file that is not was lost before, and must not keep the rest back.
    """
    wrong = []
    for said in way.manifest.tables:
        rows, of_columns = await sums.of_table(tx, tables[said.name])
        if rows != said.rows or any(of_columns[name] != fen for name, fen in said.sums.items()):
            wrong.append(said.name)
    now = await sums.named(tx)
    wrong += [name for name, value in way.manifest.sums.items() if now.get(name) != value]
    found = {check.name: await check.find(tx) for check in checking.of_merchants()}
    wrong += [name for name, what in found.items() if what and name not in OF_FILES]
    if wrong:
        raise Unequal(what=", ".join(wrong[:5]))
    return [one for name in OF_FILES for one in found[name]]


async def _settle_in(tx: Tx, slug: str, components: list[str]) -> list[str]:
    """Do what is different here: another address, accounts of another third-party platform, an index to be made."""
    if slug:
        await tx.run(SLUG, tx.merchant, slug)
        await tx.run(SHOP_SLUG, tx.merchant, slug)
    rows: list[Any] = await tx.all(_Account, WITHDRAW, tx.merchant, tx.now, components)
    withdrawn = [row.appid for row in rows]
    await tx.run(RELEASE, tx.merchant, withdrawn)
    await tx.run(CHANGED, tx.merchant)
    await audit.record(
        tx, staff_id=None, staff_name="命令行 / command line", action="import_merchant", target={}, request="", ip=""
    )
    return withdrawn


class _Account(msgspec.Struct, frozen=True):
    appid: str
