"""The callback journal: what WeChat, or somebody pretending to be WeChat, sent us, and what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.world import World

LATEST = """select id, at, appid, kind, openid, state, times from callback
where merchant_id = $1 order by at desc limit $2"""
ADD = """insert into callback (merchant_id, id, at, appid, kind, openid, state)
select $1, r.id, r.at, r.appid, r.kind, r.openid, 'received'
from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[]) as r(id, at, appid, kind, openid)
on conflict (merchant_id, id) do nothing returning id"""
REFUSED = """
insert into callback as c (merchant_id, id, at, appid, kind, openid, state) values ($1, $2, $3, $4, '', '', $5)
on conflict (merchant_id, id) do update set times = c.times + 1, at = $3"""
# Across merchants, some at a time, so that no lock is held for long.
FORGET = """delete from callback where (merchant_id, id) in
  (select merchant_id, id from callback where at < $1 order by at limit 10000)"""
KEPT_FOR = timedelta(days=30)


class Entry(msgspec.Struct, frozen=True):
    """One push."""

    id: UUID
    at: datetime
    appid: str
    kind: str
    openid: str
    state: str
    times: int = 1


async def record(tx: Tx, entries: Sequence[Entry]) -> set[UUID]:
    """Write pushes down; give those that were not there yet, which alone may have effects."""
    columns = [[getattr(entry, name) for entry in entries] for name in ("id", "at", "appid", "kind", "openid")]
    new = await tx.all(Known, ADD, tx.merchant, *columns)
    return {row.id for row in new}


async def refused(tx: Tx, *, appid: str, state: str) -> None:
    """Count a push that was not WeChat's; one line a minute, so that a flood of them stays small."""
    minute = int(tx.now.timestamp()) // 60
    same = blake2b(f"{appid}\0{state}\0{minute}".encode(), digest_size=16)
    await tx.run(REFUSED, tx.merchant, UUID(bytes=same.digest()), tx.now, appid, state)


async def latest(tx: Tx, *, limit: int = 50) -> list[Entry]:
    """List the last pushes, newest first."""
    return await tx.all(Entry, LATEST, tx.merchant, limit)


async def forget(world: World) -> None:
    """Forget pushes of a month ago."""
    async with world.system_tx() as tx:
        await tx.run(FORGET, tx.now - KEPT_FOR)


class Known(msgspec.Struct, frozen=True):
    """A push by its key."""

    id: UUID
