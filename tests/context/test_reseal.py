"""A new master key: every secret of a town full of business moves to it, whatever the table, and still opens."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from make.tenants import Tenants, two_merchants
from tongshang.platform import secrets
from tongshang.platform.rotation import reseal

COLUMNS = """select c.table_name || '.' || c.column_name as name from information_schema.columns c
join pg_class t on t.relname = c.table_name and t.relnamespace = 'public'::regnamespace and not t.relispartition
where c.table_schema = 'public' and c.column_name like '%\\_sealed' order by 1"""
FULL = "select count(*) from {table} where {column} is not null"


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Tenants]:
    async with two_merchants(database_url, tmp_path) as opened:
        yield opened


@pytest.mark.slow
async def test_everything_sealed_moves_to_the_new_key(stage: Tenants, database_url: str) -> None:
    world = stage.town.world
    world.secrets = secrets.add_key(world.settings.keys_path)
    done = await reseal(world)
    connection = await asyncpg.connect(database_url)
    try:
        there = [row["name"] for row in await connection.fetch(COLUMNS)]
        assert set(done) == set(there)
        for name in there:
            table, _, column = name.partition(".")
            assert done[name] == await connection.fetchval(FULL.format(table=table, column=column)), name
    finally:
        await connection.close()
    moved = {name for name, count in done.items() if count}
    assert moved >= {"refresh_token.token_sealed", "wechat_token.value_sealed", "pay_account.private_key_sealed",
                     "component.secret_sealed", "staff.totp_sealed", "wechat_journal.raw_sealed"}  # fmt: skip
    assert set((await reseal(world)).values()) == {0}
    # Under the new key alone the town goes on: an order is paid for, and WeChat is asked.
    current = world.secrets.current
    world.secrets = secrets.Secrets({current: bytes.fromhex(_key(world.settings.keys_path, current))}, current)
    await stage.do("GET", "/wechat/permissions")
    await stage.town.advance(hours=3)
    await stage.town.settle()


def _key(path: Path, kid: str) -> str:
    return str(json.loads(path.read_text())["keys"][kid])
