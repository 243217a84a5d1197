"""`tongshang check`: look through an install, merchant by merchant, and say what does not agree.

Each merchant is seen as it was at one moment, so it can be run while shops sell. What is held in memory does not grow
with the data: sums are made by the database, files and secrets are gone through some at a time.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from uuid import UUID

import msgspec

from tongshang.app.holdings import DIRECTORIES, FILES
from tongshang.app.standing import standing
from tongshang.app.terminal import Stop, say
from tongshang.app.world import make_world
from tongshang.catalog.stocks import checks as stock_checks
from tongshang.media import checks as media_checks
from tongshang.payments import checks as payment_checks
from tongshang.platform import migrate, schema
from tongshang.platform.checks import MOST, Check, still
from tongshang.platform.clock import SystemClock
from tongshang.platform.config import Settings
from tongshang.platform.db import Tx
from tongshang.platform.ids import NIL
from tongshang.platform.secrets import Unsealable
from tongshang.platform.world import World
from tongshang.trade import checks as trade_checks
from tongshang.wallet import checks as wallet_checks

SOME = 200
MERCHANTS = "select merchant_id, name, slug from merchant where merchant_id > $1 order by merchant_id limit $2"
ROLES = """select array(select rolname::text from pg_roles
where rolname = any($1) and not rolsuper and not rolbypassrls order by 1)"""
POLICIES = """select array(select tablename::text from pg_policies where schemaname = 'public'
  and policyname = 'own_merchant' and roles = '{tongshang_app}' and qual is not null and with_check is not null)"""
SEALED = "select {column} as sealed from {table} where merchant_id = '{merchant}' and {column} is not null"


class Merchant(msgspec.Struct, frozen=True):
    """A merchant to look through."""

    merchant_id: UUID
    name: str
    slug: str


class Wrong(msgspec.Struct, frozen=True):
    """A check that found something: whose, which check, and what."""

    merchant: str
    check: Check
    found: list[str]


PROVIDER = Merchant(NIL, "服务商 provider", "-")


def of_merchants() -> list[Check]:
    """List what must be true of every merchant."""
    return [
        *payment_checks.checks,
        *trade_checks.checks,
        *stock_checks.checks,
        *wallet_checks.checks,
        *media_checks.checks(FILES),
        Check("secrets", "密钥与凭证都能用主密钥解开", "every secret opens with the master key", _secrets),
    ]


async def _secrets(tx: Tx) -> list[str]:
    found: list[str] = []
    async with tx.world.database.system.acquire() as connection:
        sealed = [(table.name, column) for table in await schema.tables(connection) for column in table.sealed]
    for table, column in sealed:
        bad = 0
        async for rows in tx.stream(SEALED.format(table=table, column=column, merchant=tx.merchant)):
            bad += sum(not _opens(tx, f"{table}.{column}", row["sealed"]) for row in rows)
        if bad:
            found.append(f"{table}.{column}: {bad}")
    return found[:MOST]


def _opens(tx: Tx, place: str, sealed: bytes) -> bool:
    try:
        tx.unseal(place, sealed)
    except Unsealable:
        return False
    return True


async def _apart(tx: Tx) -> list[str]:
    """Name tables without forced row-level security or without its policy, and roles that may too much."""
    async with tx.world.database.system.acquire() as connection:
        tables = await schema.tables(connection)
    roles: list[str] = await tx.value(ROLES, list(migrate.ROLES))
    closed: list[str] = await tx.value(POLICIES)
    open_ = [t.name for t in tables if t.name not in DIRECTORIES and not (t.secured and t.name in closed)]
    return (open_ + sorted(set(migrate.ROLES) - set(roles)))[:MOST]


APART = Check("apart", "商户隔离（行级安全与角色）完好", "row-level security and its roles are in force", _apart)


async def look(
    world: World, *, only: str = "", progress: Callable[[Merchant, Sequence[Wrong]], None] = lambda *_: None
) -> list[Wrong]:
    """Check the install and every merchant, or the one of a shop's address; give what was found."""
    wrong = await _of_one(world, PROVIDER, [APART, *of_merchants()])
    progress(PROVIDER, wrong)
    async for merchant in merchants(world):
        if only in ("", merchant.slug):
            of_one = await _of_one(world, merchant, of_merchants())
            progress(merchant, of_one)
            wrong += of_one
    return wrong


async def merchants(world: World) -> AsyncIterator[Merchant]:
    """Give every merchant of the install, some read at a time."""
    some, last = SOME, NIL
    while some == SOME:
        async with world.system_tx() as tx:
            found = await tx.all(Merchant, MERCHANTS, last, SOME)
        for merchant in found:
            yield merchant
            last = merchant.merchant_id
        some = len(found)


async def _of_one(world: World, merchant: Merchant, checks: Sequence[Check]) -> list[Wrong]:
    async with world.tx(merchant.merchant_id) as tx:
        await still(tx)
        looked = [(check, await check.find(tx)) for check in checks]
    return [Wrong(merchant.name, check, found) for check, found in looked if found]


def told(merchant: Merchant, wrong: Sequence[Wrong]) -> None:
    """Print what was found of a merchant: one line when all is well."""
    say(f"  {'✗' if wrong else '✓'} {merchant.name} ({merchant.slug})")
    for one in wrong:
        many = f"{MOST}+" if len(one.found) == MOST else len(one.found)
        say(f"      {one.check.zh}：不符 {many} 处 / not so in {many}: {one.check.en}")
        say(f"        {', '.join(one.found)}")


def main(settings: Settings, *, only: str = "") -> None:
    """Check everything and print it; raises Stop when anything is wrong."""
    wrong = asyncio.run(_main(settings, only))
    if wrong:
        names = sorted({one.check.name for one in wrong})
        raise Stop(f"有 {len(wrong)} 项不符：{'、'.join(names)}。", f"{len(wrong)} things do not agree.")
    say("全部相符 / everything agrees")


async def _main(settings: Settings, only: str) -> list[Wrong]:
    with standing(settings) as dsn:
        world = await make_world(settings, dsn, clock=SystemClock())
        try:
            return await look(world, only=only, progress=told)
        finally:
            await world.close()
