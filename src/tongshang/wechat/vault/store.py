"""How a token is kept: its value under the fence it was fetched with, and the lease of whoever fetches the next.

The lease is taken by compare-and-set (nobody fetched since we looked) and is measured by the database's own
clock; expiry is world time. A holder whose lease lapsed finds a higher fence and overwrites nothing.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.secrets import Unsealable
from weixin.tokens import Token

LEASE_SECONDS = 20

READ = """select value_sealed, value_fence, expires_at, refresh_at, fence, failed_fence, last_error
from wechat_token where merchant_id = $1 and kind = $2 and appid = $3"""
TAKE = """
insert into wechat_token as t (merchant_id, kind, appid, fence, leased_until)
values ($1, $2, $3, 1, now() + $5 * interval '1 second')
on conflict (merchant_id, kind, appid) do update set fence = t.fence + 1, leased_until = excluded.leased_until
where (t.leased_until is null or t.leased_until < now()) and t.value_fence is not distinct from $4
returning fence"""
PUT = """update wechat_token set value_sealed = $5, value_fence = $4, fetched_at = $6, expires_at = $7, refresh_at = $8,
  leased_until = null, last_error = null where merchant_id = $1 and kind = $2 and appid = $3 and fence = $4"""
# After a failure the lease rests for a moment: many who ask in vain must not become a storm.
FAIL = """update wechat_token set leased_until = now() + interval '500 milliseconds', failed_fence = $4,
  failed_at = $5, last_error = $6
where merchant_id = $1 and kind = $2 and appid = $3 and fence = $4"""
GIVEN = """
insert into wechat_token as t
  (merchant_id, kind, appid, fence, value_sealed, value_fence, fetched_at, expires_at, refresh_at)
values ($1, $2, $3, 1, $4, 1, $5, $6, $7)
on conflict (merchant_id, kind, appid) do update set fence = t.fence + 1, value_fence = t.fence + 1,
  value_sealed = $4, fetched_at = $5, expires_at = $6, refresh_at = $7, leased_until = null, last_error = null"""
# WeChat carries out one forced renewal in 30 seconds, and 20 a day (of Shanghai); beyond that it answers 45009.
# https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/getStableAccessToken.html (2026-11)
FORCE = """update wechat_token set forced_at = $4,
  forced_today = case when forced_at >= $5 then forced_today + 1 else 1 end
where merchant_id = $1 and kind = $2 and appid = $3 and (forced_at is null or forced_at <= $6)
  and (forced_at is null or forced_at < $5 or forced_today < $7)"""
FORCED_AT = "select forced_at from wechat_token where merchant_id = $1 and kind = $2 and appid = $3"
FORCE_PAUSE, FORCED_PER_DAY = timedelta(seconds=30), 20
VOID = """update wechat_token set fence = fence + 1, leased_until = null, value_sealed = null, expires_at = null,
  refresh_at = null where merchant_id = $1 and appid = $2"""


class Kind(StrEnum):
    """What the vault keeps."""

    COMPONENT = "component"
    AUTHORIZER = "authorizer"
    OWN = "own"
    JSAPI = "jsapi"


class Forcing(StrEnum):
    """Whether a renewal may be forced: it may not be when one was lately, or too many were today."""

    YES = "yes"
    LATELY = "lately"
    NO = "no"


@dataclass(frozen=True)
class Key:
    """Which token: whose, of which kind, for which AppID."""

    merchant: UUID
    kind: Kind
    appid: str


@dataclass(frozen=True)
class Kept:
    """A token from the vault; `fence` names it without showing it."""

    value: str = field(repr=False)
    fence: int
    expires_at: datetime
    refresh_at: datetime


@dataclass(frozen=True)
class Row:
    """A token as it is kept."""

    value_sealed: bytes | None
    value_fence: int | None
    expires_at: datetime | None
    refresh_at: datetime | None
    fence: int
    failed_fence: int | None
    last_error: str | None


NOTHING = Row(None, None, None, None, 0, None, None)


async def read(tx: Tx, key: Key) -> Row:
    """Look at a token and its lease."""
    return await tx.first(Row, READ, key.merchant, key.kind, key.appid) or NOTHING


def kept(tx: Tx, row: Row) -> Kept | None:
    """Open the value, if there is one; one that no key opens any more is fetched anew, as if there were none."""
    if row.value_sealed is None or row.value_fence is None or row.expires_at is None or row.refresh_at is None:
        return None
    try:
        value = tx.unseal("wechat_token.value_sealed", row.value_sealed).decode()
    except Unsealable:
        return None
    return Kept(value, row.value_fence, row.expires_at, row.refresh_at)


async def take(tx: Tx, key: Key, *, seen: int | None) -> int | None:
    """Take the lease if it is free and the value is still the one seen; give the fence to fetch under."""
    fence: int | None = await tx.value(TAKE, key.merchant, key.kind, key.appid, seen, LEASE_SECONDS)
    return fence


async def put(tx: Tx, key: Key, *, fence: int, token: Token, asked_at: datetime) -> Kept | None:
    """Keep what was fetched; None when the lease lapsed and somebody else has it."""
    new = _lives(token, fence, asked_at)
    done = await tx.run(
        PUT, key.merchant, key.kind, key.appid, fence, _seal(tx, token), asked_at, new.expires_at, new.refresh_at
    )
    return new if done else None


async def fail(tx: Tx, key: Key, *, fence: int, error: str) -> None:
    """Give the lease back and say why there is no new token."""
    await tx.run(FAIL, key.merchant, key.kind, key.appid, fence, tx.now, error[:300])


async def force(tx: Tx, key: Key) -> Forcing:
    """Count a forced renewal, unless WeChat would not carry it out."""
    midnight = tx.now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    pause = tx.now - FORCE_PAUSE
    if await tx.run(FORCE, key.merchant, key.kind, key.appid, tx.now, midnight, pause, FORCED_PER_DAY):
        return Forcing.YES
    last: datetime | None = await tx.value(FORCED_AT, key.merchant, key.kind, key.appid)
    return Forcing.LATELY if last is not None and last > pause else Forcing.NO


async def given(tx: Tx, key: Key, *, token: Token, asked_at: datetime) -> None:
    """Keep a token that came without being fetched here; whoever fetches one meanwhile is fenced off."""
    new = _lives(token, 0, asked_at)
    await tx.run(GIVEN, key.merchant, key.kind, key.appid, _seal(tx, token), asked_at, new.expires_at, new.refresh_at)


async def void(tx: Tx, *, appid: str) -> None:
    """Forget the values of an account's tokens: it withdrew."""
    await tx.run(VOID, tx.merchant, appid)


def _seal(tx: Tx, token: Token) -> bytes:
    return tx.seal("wechat_token.value_sealed", token.value.encode())


def _lives(token: Token, fence: int, asked_at: datetime) -> Kept:
    asked = int(asked_at.timestamp())
    return Kept(
        token.value,
        fence,
        datetime.fromtimestamp(token.expires_at(asked), UTC),
        datetime.fromtimestamp(token.refresh_at(asked), UTC),
    )
