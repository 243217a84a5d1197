"""Exports of a merchant: asked for, written in the background, there for a day, then gone."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec

from tongshang.app.moving.facts import ExportAsked
from tongshang.app.moving.writing import Wanted, whole
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Again
from tongshang.platform.passphrases import Carrier
from tongshang.platform.secrets import Unsealable
from tongshang.platform.world import World

KEEP = timedelta(hours=24)
AGAIN_SECONDS = 20
KEY = "merchant_export.key_sealed"
COLUMNS = """id, state, asked_by, by_provider, rows_all, rows_done, files_done, bytes, encode(sha256, 'hex') as sha256,
  problem, asked_at, ended_at, expires_at"""
LIST = f"select {COLUMNS} from merchant_export where merchant_id = $1 order by asked_at desc, id desc limit 20"
ONE = f"select {COLUMNS} from merchant_export where merchant_id = $1 and id = $2"
ADD = """insert into merchant_export (merchant_id, id, state, salt, key_sealed, asked_by, by_provider, asked_at)
values ($1, $2, 'asked', $3, $4, $5, $6, $7)"""
# Whoever moves the lease from free to his own writes; the fence tells him when it is his no more.
TAKE = """update merchant_export set state = 'writing', fence = fence + 1, rows_done = 0, files_done = 0,
  leased_until = now() + interval '60 seconds'
where merchant_id = $1 and id = $2 and state in ('asked', 'writing') and (leased_until is null or leased_until < now())
returning fence, salt, key_sealed"""
GOES_ON = """update merchant_export set rows_all = $4, rows_done = $5, files_done = $6,
  leased_until = now() + interval '60 seconds'
where merchant_id = $1 and id = $2 and fence = $3 and state = 'writing'"""
READY = """update merchant_export set state = 'ready', key_sealed = null, leased_until = null, bytes = $4, sha256 = $5,
  ended_at = $6, expires_at = $7 where merchant_id = $1 and id = $2 and fence = $3 and state = 'writing'"""
FAILED = """update merchant_export set state = 'failed', key_sealed = null, leased_until = null, problem = $4,
  ended_at = $5 where merchant_id = $1 and id = $2 and fence = $3 and state = 'writing'"""
DROP = """update merchant_export set state = 'gone', key_sealed = null, leased_until = null, fence = fence + 1,
  ended_at = coalesce(ended_at, $3) where merchant_id = $1 and id = $2 and state <> 'gone'"""
OVER = """select merchant_id, id from merchant_export
where merchant_id is not null and state = 'ready' and expires_at <= $1 limit 200"""


class Busy(Refused):
    """An export is being written already; wait for it, or call it off."""

    code, status, zh = "export.busy", 409, "已有一份导出正在进行，请等它完成或先取消。"


class Over(Refused):
    """This export is not there (any more): files are kept for 24 hours."""

    code, status, zh = "export.over", 410, "这份导出文件已不在：只保留 24 小时。"


class Export(msgspec.Struct, frozen=True):
    """An export, how far it is, and until when its file is there."""

    id: UUID
    state: str
    asked_by: str
    by_provider: bool
    rows_all: int
    rows_done: int
    files_done: int
    bytes: int
    sha256: str | None
    problem: str
    asked_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None


class _Taken(msgspec.Struct, frozen=True):
    fence: int
    salt: bytes
    key_sealed: bytes


class _Over(msgspec.Struct, frozen=True):
    merchant_id: UUID
    id: UUID


class _Lost(Exception):
    """Somebody else writes this export, or nobody wants it any more."""


def place(world: World, merchant: UUID, export: UUID) -> Path:
    """Say where an export's file lies."""
    return world.settings.var / "exports" / merchant.hex / f"{export.hex}.tar"


async def ask(tx: Tx, *, export: UUID, carrier: Carrier, salt: bytes, by: str, by_provider: bool) -> Export:
    """Have the merchant written out; asking twice under one id is asking once. Raises Busy."""
    if known := await tx.first(Export, ONE, tx.merchant, export):
        return known
    try:
        await tx.run(ADD, tx.merchant, export, salt, tx.seal(KEY, carrier.key), by, by_provider, tx.now)
    except asyncpg.UniqueViolationError as error:
        if violates(error, "merchant_export_one_at_a_time"):
            raise Busy from None
        raise
    await tx.emit(ExportAsked(export))
    return await get(tx, export=export)


async def get(tx: Tx, *, export: UUID) -> Export:
    """Give an export, or raise NotFound."""
    return await tx.one(Export, ONE, tx.merchant, export)


async def listed(tx: Tx) -> list[Export]:
    """List the latest exports."""
    return await tx.all(Export, LIST, tx.merchant)


async def file_of(tx: Tx, *, export: UUID) -> tuple[Path, Export]:
    """Say where the file of an export is; raises NotFound, or Over when it is not there any more."""
    found, path = await get(tx, export=export), place(tx.world, tx.merchant, export)
    if (
        found.state != "ready"
        or found.expires_at is None
        or found.expires_at <= tx.now
        or not await asyncio.to_thread(path.exists)
    ):
        raise Over
    return path, found


async def drop(tx: Tx, *, export: UUID) -> None:
    """Call an export off, or take its file away before its time; harmless when repeated, NotFound for a strange one."""
    await get(tx, export=export)
    await tx.run(DROP, tx.merchant, export, tx.now)
    path = place(tx.world, tx.merchant, export)
    tx.after_commit.append(lambda: path.unlink(missing_ok=True))


async def drop_old(world: World) -> None:
    """Take away the files whose time is over."""
    async with world.system_tx() as tx:
        over = await tx.all(_Over, OVER, tx.now)
    for one in over:
        async with world.tx(one.merchant_id) as tx:
            await drop(tx, export=one.id)


async def work(world: World, merchant: UUID, *, export: UUID) -> None:
    """Write an export that was asked for; raises Again while somebody else does."""
    async with world.tx(merchant) as tx:
        taken = await tx.first(_Taken, TAKE, merchant, export)
        if taken is None:
            known = await tx.first(Export, ONE, merchant, export)
            if known is None or known.state not in ("asked", "writing"):
                return
            raise Again(AGAIN_SECONDS)
        carrier = Carrier(tx.unseal(KEY, taken.key_sealed))

    async def tell(rows_all: int, rows: int, files: int) -> None:
        async with world.tx(merchant) as tx:
            if not await tx.run(GOES_ON, merchant, export, taken.fence, rows_all, rows, files):
                raise _Lost

    target = place(world, merchant, export)
    try:
        wanted = Wanted(world, merchant, carrier, taken.salt)
        digest, size = await whole(wanted, target.with_suffix(f".{taken.fence}.part"), target, tell)
    except _Lost:
        return
    except (Unsealable, OSError) as error:
        async with world.tx(merchant) as tx:
            await tx.run(FAILED, merchant, export, taken.fence, str(error)[:200], tx.now)
        return
    async with world.tx(merchant) as tx:
        done = await tx.run(READY, merchant, export, taken.fence, size, digest, tx.now, tx.now + KEEP)
    if not done:
        await asyncio.to_thread(target.unlink, True)
