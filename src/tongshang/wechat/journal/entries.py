"""Writing what came: pushes of WeChat, or of somebody pretending to be WeChat, and what became of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx

PLACE = "wechat_journal.raw_sealed"
LATEST = """select id, at, appid, name as kind, openid, state, times from wechat_journal
where merchant_id = $1 and direction = 'in' order by at desc limit $2"""
ADD = """insert into wechat_journal (merchant_id, id, at, direction, appid, name, openid, state, raw_sealed)
select $1, r.id, r.at, 'in', r.appid, r.kind, r.openid, r.state, r.raw
from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
  as r(id, at, appid, kind, openid, state, raw)
on conflict (merchant_id, at, id) do nothing returning id"""
REFUSED = """
insert into wechat_journal as j (merchant_id, id, at, direction, appid, name, state)
values ($1, $2, $3, 'in', $4, '', $5)
on conflict (merchant_id, at, id) do update set times = j.times + 1"""


class Entry(msgspec.Struct, frozen=True):
    """One push; `at` is when it came first, and with `id` its key: a repeat has both the same."""

    id: UUID
    at: datetime
    appid: str
    kind: str
    openid: str
    state: str
    times: int = 1
    # The decrypted document as it came, to be read again; None where it cannot be or need not be.
    raw: bytes | None = None


async def record(tx: Tx, entries: Sequence[Entry]) -> set[UUID]:
    """Write pushes down; give those that were not there yet, which alone may have effects."""
    columns = [[getattr(one, name) for one in entries] for name in ("id", "at", "appid", "kind", "openid", "state")]
    sealed = [None if one.raw is None else tx.seal(PLACE, one.raw) for one in entries]
    new = await tx.all(Known, ADD, tx.merchant, *columns, sealed)
    return {row.id for row in new}


async def refused(tx: Tx, *, appid: str, state: str) -> None:
    """Count a push that was not WeChat's; one line a minute, so that a flood of them stays small."""
    minute = int(tx.now.timestamp()) // 60
    same = blake2b(f"{appid}\0{state}\0{minute}".encode(), digest_size=16)
    at = datetime.fromtimestamp(minute * 60, UTC)
    await tx.run(REFUSED, tx.merchant, UUID(bytes=same.digest()), at, appid, state)


async def latest(tx: Tx, *, limit: int = 50) -> list[Entry]:
    """List the last pushes, newest first."""
    return await tx.all(Entry, LATEST, tx.merchant, limit)


class Known(msgspec.Struct, frozen=True):
    """A push by its key."""

    id: UUID
