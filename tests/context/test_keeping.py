"""An install kept and brought back: checks, a backup, a restore at another place, and backups that are not whole."""

import asyncio
import gzip
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

import databases
from make import worlds
from make.kept import SPOILT, at, files_of, found_by, of_merchant, rows_of, told_otherwise
from make.tenant_cases_moving import WORDS as MOVING_WORDS
from make.tenants import Tenants, two_merchants
from tongshang.app import checking, cli
from tongshang.app.backup import manifest
from tongshang.app.backup.restoring import restore
from tongshang.app.backup.writing import write
from tongshang.app.moving import archive, bringing, exports
from tongshang.app.moving.bringing import bring_in
from tongshang.app.terminal import Stop
from tongshang.platform import secrets
from tongshang.platform.config import Settings
from tongshang.platform.errors import Refused
from tongshang.platform.pgserver import Server
from tongshang.platform.world import World
from tongshang.tenancy import merchants
from tongshang.tenancy.model import Role

pytestmark = pytest.mark.slow
PASSPHRASE = MOVING_WORDS["passphrase"]


@pytest.fixture
def elsewhere(pg: Server) -> Iterator[str]:
    """An empty database of one's own, at another place."""
    name = f"test_{os.getpid()}_elsewhere"
    databases.drop(pg, name)
    yield databases.create(pg, name)
    databases.drop(pg, name)


@pytest.fixture
def other_install(pg: Server, template: str) -> Iterator[str]:
    """A migrated database of another install, with nothing in it."""
    name = f"test_{os.getpid()}_other"
    databases.drop(pg, name)
    yield databases.create(pg, name, template=template)
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


async def test_each_check_finds_what_it_is_for(
    stage: Tenants, here: World, copy: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    missed = [name for name, sql in SPOILT.items() if name not in await found_by(stage, copy, sql)]
    assert missed == []
    picture = min((here.settings.var / "media").rglob("*-320.webp"))
    whole = picture.read_bytes()
    picture.write_bytes(whole[:-1] + b"x")
    assert [one.check.name for one in await checking.look(here)] == ["pictures"]
    monkeypatch.setenv("DATABASE_URL", copy)
    monkeypatch.setenv("TONGSHANG_VAR", str(here.settings.var))
    with pytest.raises(SystemExit, match="1"):
        await asyncio.to_thread(cli.main, ["check"])
    told = capsys.readouterr()
    assert "图片文件齐全且内容相符：不符 1 处" in told.out
    assert "every picture's files are there and unchanged" in told.out
    assert picture.stem in told.out
    assert "1 things do not agree" in told.err
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


DIFFERS = {"account", "account_directory", "audit", "shelf_version"}
"""Where an install says something of its own about a merchant that was brought in."""


@pytest.fixture(scope="module")
async def exported(stage: Tenants, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first merchant's export, as its owner fetches it."""
    await stage.town.settle()
    path = f"/data-exports/{stage.fresh('export_to_fetch')}"
    assert (await stage.do("PUT", path, MOVING_WORDS))["state"] == "asked"
    await stage.town.settle()
    status, body = await stage.owner("GET", f"/api/console{path}/file")
    assert status == 200, body
    (shown,) = (one for one in await stage.do("GET", "/data-exports") if one["id"] == stage.has["export_to_fetch"])
    assert (shown["state"], shown["rows_done"], shown["bytes"]) == ("ready", shown["rows_all"], len(body))
    assert shown["sha256"] == hashlib.sha256(body).hexdigest()
    assert PASSPHRASE.encode() not in body
    file = tmp_path_factory.mktemp("exported") / "tea.tar"
    file.write_bytes(body)
    return file


@pytest.mark.parametrize("anew", [False, True], ids=["under its own id", "under another id"])
async def test_a_merchant_is_the_same_in_another_install(
    stage: Tenants, here: World, copy: str, exported: Path, other_install: str, tmp_path: Path, anew: bool
) -> None:
    merchant = stage.town.merchant
    id, slug, more = (UUID(int=5), "tea-two", {"merchant", "shop_slug"}) if anew else (merchant, "tea", set[str]())
    async with worlds.open_world(other_install, tmp_path / "there", clock=here.clock, seed=7) as there:
        done = await bring_in(there, exported, passphrase=PASSPHRASE, merchant=id, slug="tea-two" if anew else "")
        assert done.lost == []
        assert len(done.withdrawn) == 1  # its third-party platform is not this install's
        was, now = await of_merchant(here, copy, merchant), await of_merchant(there, other_install, id)
        assert {name for name, rows in was.items() if rows != now[name]} <= DIFFERS | more
        assert sum(map(len, was.values())) > 500
        assert files_of(there.settings, id) == files_of(here.settings, merchant)
        assert await checking.look(there) == []
        assert await merchants.by_slug(there, slug) == id
        with pytest.raises(bringing.Known):
            await bring_in(there, exported, passphrase=PASSPHRASE, merchant=id)
        with pytest.raises(bringing.Taken):
            await bring_in(there, exported, passphrase=PASSPHRASE, merchant=UUID(int=6), slug="tea-three")


async def test_an_archive_that_is_not_whole_or_not_equal_brings_nothing_in(
    stage: Tenants, here: World, exported: Path, other_install: str, tmp_path: Path
) -> None:
    file, whole = tmp_path / "tea.tar", await asyncio.to_thread(exported.read_bytes)
    async with worlds.open_world(other_install, tmp_path / "there", clock=here.clock) as there:

        async def refused(kind: type[Refused], body: bytes, words: str = PASSPHRASE) -> None:
            file.write_bytes(body)
            with pytest.raises(kind):
                await bring_in(there, file, passphrase=words)

        await refused(archive.OtherPassphrase, whole, "another passphrase")
        await refused(archive.Damaged, whole[: len(whole) // 2])
        await refused(archive.Damaged, whole[:-20_000])
        middle = whole.index(b"tables/orders.jsonl.gz") + 700
        await refused(archive.Damaged, whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        await refused(archive.Damaged, b"no archive at all")
        for name in ("stock_on_hand", "ledger_sales_fen"):
            await refused(bringing.Unequal, told_otherwise(whole, name, PASSPHRASE))
        async with there.system_tx() as tx:
            assert await tx.value("select count(*) from merchant where merchant_id is not null") == 0
    assert files_of(there.settings).keys() <= {f"{stage.town.merchant.hex}/{n}" for n in _names(here, stage)}


def _names(world: World, stage: Tenants) -> set[str]:
    return set(files_of(world.settings, stage.town.merchant))


async def test_an_export_is_for_its_owner_and_for_a_day(stage: Tenants, here: World, exported: Path) -> None:
    path = f"/api/console/data-exports/{stage.has['export_to_fetch']}/file"
    await worlds.make_staff(here, stage.town.merchant, login="manager@tea", role=Role.MANAGER)
    clerk = worlds.Browser(stage.town.url)
    try:
        await clerk.log_in("manager@tea")
        assert (await clerk("GET", path))[0] == (await clerk("GET", "/api/console/data-exports"))[0] == 403
        asked = await clerk("PUT", f"/api/console/data-exports/{stage.fresh('not_his')}", {"passphrase": PASSPHRASE})
        assert asked[0] == 403
    finally:
        await clerk.close()
    weak = await stage.owner("PUT", f"/api/console/data-exports/{stage.fresh('weak')}", {"passphrase": "short"})
    assert (weak[0], weak[1]["code"]) == (400, "export.weak_passphrase")
    audit = await stage.do("GET", "/audit?action=get_export_file")
    assert {"export_id": stage.has["export_to_fetch"]} in [one["target"] for one in audit["items"]]
    lying = exports.place(here, stage.town.merchant, UUID(stage.has["export_to_fetch"]))
    assert lying.stat().st_mode & 0o077 == 0
    await stage.town.advance(hours=25)
    assert (await stage.owner("GET", path))[0] == 410
    await exports.drop_old(here)
    assert not lying.exists()
    assert {one["state"] for one in await stage.do("GET", "/data-exports")} == {"gone"}
