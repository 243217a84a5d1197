"""An install kept and brought back: checks, a backup, a restore at another place, and backups that are not whole."""

import gzip
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest

import databases
from make import worlds
from make.tenants import Tenants, two_merchants
from tongshang.app import checking
from tongshang.app.backup import manifest
from tongshang.app.backup.restoring import restore
from tongshang.app.backup.writing import write
from tongshang.app.terminal import Stop
from tongshang.platform import db, schema, secrets
from tongshang.platform.config import Settings
from tongshang.platform.pgserver import Server
from tongshang.platform.world import World

POLICIES = "select tablename, policyname, roles::text, qual, with_check from pg_policies order by 1, 2"


@pytest.fixture
def elsewhere(pg: Server) -> Iterator[str]:
    """An empty database of one's own, at another place."""
    name = f"test_{os.getpid()}_elsewhere"
    databases.drop(pg, name)
    yield databases.create(pg, name)
    databases.drop(pg, name)


@pytest.fixture(scope="module")
async def stage(copy: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tenants]:
    """One install with one of everything, which no test here changes."""
    databases.empty(copy)
    async with two_merchants(copy, tmp_path_factory.mktemp("here")) as opened:
        yield opened


@pytest.fixture
def here(stage: Tenants) -> World:
    """The world of that install."""
    return stage.town.world


async def rows_of(dsn: str) -> dict[str, str]:
    """Give every table's rows as one number, and the policies with them."""
    connection = await asyncpg.connect(dsn)
    try:
        found = {"policies": str(await connection.fetch(POLICIES))}
        for table in await schema.tables(connection):
            columns = ", ".join(f"x.{name}" for name in sorted(table.names))
            sql = f"select count(*) || md5(coalesce(string_agg(r::text, ',' order by r::text), '')) from (select {columns} from public.{table.name} x) r"  # noqa: E501
            found[table.name] = await connection.fetchval(sql)
        return found
    finally:
        await connection.close()


def files_of(settings: Settings) -> dict[str, bytes]:
    """Give every file that belongs to the install."""
    root = settings.var / "media"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def at(settings: Settings, var: Path) -> Settings:
    """Give the settings of another place that has the same keys."""
    (var / "keys").mkdir(parents=True)
    (var / "keys" / "master.json").write_bytes(settings.keys_path.read_bytes())
    return replace(settings, var=var)


async def test_a_backup_is_brought_back_whole_and_everything_agrees(
    stage: Tenants, here: World, copy: str, elsewhere: str, tmp_path: Path
) -> None:
    assert await checking.look(here) == []
    made = await write(here, copy, tmp_path / "kept")
    assert sum(one.rows for one in made.tables) > 500
    assert made.files == len(files_of(here.settings)) > 0
    assert not list((tmp_path / "kept").rglob("master.json"))
    there = at(here.settings, tmp_path / "there")
    assert await restore(there, elsewhere, tmp_path / "kept", manifest.read(tmp_path / "kept")) == []
    assert await rows_of(elsewhere) == await rows_of(copy)
    assert files_of(there) == files_of(here.settings)
    with pytest.raises(Stop, match="database is not empty"):
        await restore(there, elsewhere, tmp_path / "kept", made)
    async with worlds.open_world(elsewhere, there.var, clock=here.clock) as restored:
        async with restored.tx(stage.other) as tx:
            assert await tx.value("select count(*) from orders where merchant_id <> $1", stage.other) == 0
        async with restored.system_tx() as tx:
            assert await tx.value("select count(*) from orders where merchant_id = $1", stage.town.merchant) > 0


async def test_a_backup_that_is_not_whole_is_refused_in_one_sentence(
    here: World, copy: str, elsewhere: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    made = await write(here, copy, kept)

    async def refused(words: str, settings: Settings | None = None) -> None:
        with pytest.raises(Stop, match=words) as stop:
            await restore(settings or here.settings, elsewhere, kept, manifest.read(kept))
        assert len(str(stop.value).splitlines()) == 2  # a sentence in each language

    table = kept / "tables" / "merchant.gz"
    whole = table.read_bytes()
    table.write_bytes(whole[:-9])
    await refused(r"tables/merchant.gz is missing or changed")
    table.write_bytes(gzip.compress(gzip.decompress(whole).replace(b"active", b"actors")))
    await refused(r"tables/merchant.gz is missing or changed")
    table.unlink()
    await refused(r"tables/merchant.gz is missing or changed")
    table.write_bytes(whole)
    sums = kept / manifest.SUMS
    listed = sums.read_text()
    sums.write_text(listed.splitlines()[0] + "\n")
    await refused("SHA256SUMS is not what the manifest says")
    sums.write_text(listed)
    words = (kept / manifest.NAME).read_text()
    (kept / manifest.NAME).write_text(words.replace('"rows": 1', '"rows": 2', 1))
    await refused("does not bear the master key's seal")
    (kept / manifest.NAME).write_text(words[:100])
    await refused("manifest.json cannot be read")
    (kept / manifest.NAME).write_text(words)
    nobody = replace(here.settings, var=tmp_path / "nobody")
    await refused("Put the master key to", nobody)
    other = replace(here.settings, var=tmp_path / "other")
    async with worlds.open_world(copy, other.var):
        await refused("These are other master keys", other)
    with pytest.raises(Stop, match="is there already"):
        await write(here, copy, kept)
    assert not await _tables(elsewhere), "nothing was written"
    assert manifest.read(kept) == made


async def _tables(dsn: str) -> Any:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval("select count(*) from pg_tables where schemaname = 'public'")
    finally:
        await connection.close()


SPOILT = {
    "snapshots": "update ledger_snapshot set debit_fen = debit_fen + 1",
    "ledger": "update posting set debit = 'nowhere' where debit = 'fees'",
    "booked": "delete from posting where source_id in (select id from charge_attempt)",
    "charges": "update charge_attempt set transaction_id = transaction_id || 'x' where state = 'paid'",
    "refunds": "update refund set amount_fen = amount_fen + 1 where state <> 'closed'",
    "orders": "update orders set goods_fen = goods_fen + 1, total_fen = total_fen + 1",
    "paid": """update charge set state = 'open', paid_attempt_id = null, paid_at = null, transaction_id = null
      where state = 'paid'""",
    "tenders": "update orders set tendered_fen = 0",
    "order_refunds": "delete from order_refund_part; delete from order_refund",
    "refund_parts": "update order_refund_part set amount_fen = amount_fen + 1",
    "holds": "update stock_hold set holder_id = gen_random_uuid() where state = 'held'",
    "stock": "update stock set on_hand = on_hand + 1",
    "reserved": "update stock set reserved = on_hand where on_hand > reserved",
    "wallets": "update wallet set principal_fen = principal_fen + 1",
    "wallet_moves": "update wallet_move set principal_after_fen = principal_after_fen + 1",
    "stored_value": "delete from wallet_move; delete from wallet",
    "files": "update material set sha256 = sha256(sha256) where sha256 is not null",
}
"""What somebody with the database's own password could do, and which check tells; constraints are off meanwhile."""


async def test_each_check_finds_what_it_is_for(stage: Tenants, here: World, copy: str) -> None:
    missed = [name for name, sql in SPOILT.items() if name not in await _found_by(stage, copy, sql)]
    assert missed == []
    picture = min((here.settings.var / "media").rglob("*-320.webp"))
    whole = picture.read_bytes()
    picture.write_bytes(whole[:-1] + b"x")
    assert [one.check.name for one in await checking.look(here)] == ["pictures"]
    picture.write_bytes(whole)
    known = here.secrets
    here.secrets = secrets.load(tmp_keys(here.settings))
    assert {one.check.name for one in await checking.look(here)} == {"secrets"}
    here.secrets = known
    assert await checking.look(here, only="tea") == []
    assert set(SPOILT) | {"pictures", "secrets"} == {check.name for check in checking.of_merchants()}


def tmp_keys(settings: Settings) -> Path:
    """Name a file of master keys that is not there yet."""
    return settings.var / "keys" / "other.json"


async def _found_by(stage: Tenants, dsn: str, sql: str) -> set[str]:
    """Spoil something in a transaction that is rolled back, and say which checks see it there."""
    world = stage.town.world
    connection = await asyncpg.connect(dsn)
    await db.prepare(connection)
    spoilt = connection.transaction()
    await spoilt.start()
    try:
        await connection.execute("set local session_replication_role = replica")  # whom keys do not hold back
        await connection.execute(sql)
        tx = db.Tx(world, connection, stage.town.merchant, world.clock.now())
        return {check.name for check in checking.of_merchants() if await check.find(tx)}
    finally:
        await spoilt.rollback()
        await connection.close()
