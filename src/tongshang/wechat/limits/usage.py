"""Counting calls: per account, API, Shanghai day and minute; what would be too many is not sent at all."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
import structlog

from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.world import World
from tongshang.wechat.limits.model import LIMITS, counted, minute_of, next_day, rest_until
from weixin.errors import TOO_MANY, Unreachable, WeixinError

# One statement: nothing comes back when the call would be one too many, or while WeChat wants rest.
SPEND = """
insert into wechat_usage as u (merchant_id, appid, api, day, used, minute, minute_used)
values ($1, $2, $3, $4, 1, $5, 1)
on conflict (merchant_id, appid, api, day) do update set used = u.used + 1, minute = $5,
  minute_used = case when u.minute = $5 then u.minute_used + 1 else 1 end
where (u.resting_until is null or u.resting_until <= $6)
  and (coalesce(u.known_limit, $7) is null or u.used < coalesce(u.known_limit, $7))
  and ($8::integer is null or u.minute <> $5 or u.minute_used < $8)
returning used"""
# What WeChat told of an account goes on from day to day.
TOLD = """select known_limit from wechat_usage
where merchant_id = $1 and appid = $2 and api = $3 and day < $4 order by day desc limit 1"""
CARRY = """update wechat_usage set known_limit = $5
where merchant_id = $1 and appid = $2 and api = $3 and day = $4 and known_limit is null"""
ONE = """select api, used, minute, minute_used, resting_until, known_limit, refused, asked_at from wechat_usage
where merchant_id = $1 and appid = $2 and api = $3 and day = $4"""
TODAY = """select api, used, minute, minute_used, resting_until, known_limit, refused, asked_at from wechat_usage
where merchant_id = $1 and appid = $2 and day = $3 order by used desc, api"""
REST = """
insert into wechat_usage as u (merchant_id, appid, api, day, minute, resting_until, refused)
values ($1, $2, $3, $4, $5, $6, 1)
on conflict (merchant_id, appid, api, day) do update set refused = u.refused + 1,
  resting_until = greatest(u.resting_until, $6)"""
SINCE = """select coalesce(sum(used - refused), 0)::integer from wechat_usage
where merchant_id = $1 and appid = $2 and api = any($3) and day >= $4"""
ASK = """update wechat_usage set asked_at = $5
where merchant_id = $1 and appid = $2 and api = $3 and day = $4 and asked_at is null"""
LEARN = """
insert into wechat_usage as u (merchant_id, appid, api, day, used, minute, known_limit)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (merchant_id, appid, api, day) do update set used = $5, known_limit = $7"""
ANEW = """update wechat_usage set used = 0, minute_used = 0, resting_until = null
where merchant_id = $1 and appid = $2 and day = $3 and api <> all($4) and ($5 = '' or api = $5)"""
# Kept a little longer than a month: how often quotas were cleared is counted by months.
FORGET = "delete from wechat_usage where merchant_id = any(select merchant_id from merchant) and day < $1"
KEPT_FOR = timedelta(days=40)
# As long as somebody may be asking WeChat what it allows; the others come again instead of giving the day up.
ASKING = timedelta(seconds=10)
log = structlog.get_logger("limits")


class Throttled(Unreachable):
    """WeChat would refuse this call for its number, so it was not made; `retry_at` says when it may be."""

    def __init__(self, errcode: int, *, api: str, retry_at: datetime, now: datetime, ours: bool = False) -> None:
        """Say how long to wait, in seconds from now; `ours`: by our own count, and WeChat may allow more."""
        self.api, self.ours = api, ours
        self.retry_at = retry_at
        wait = max(1.0, (retry_at - now).total_seconds())
        words = f"quota of {api} is used up until {retry_at:%Y-%m-%d %H:%M}Z"
        super().__init__(words, errcode=errcode, retry_after_seconds=wait)


class Used(msgspec.Struct, frozen=True):
    """How much of an API an account has used today."""

    api: str
    used: int
    minute: datetime
    minute_used: int
    resting_until: datetime | None
    known_limit: int | None
    refused: int
    asked_at: datetime | None = None


def day_of(moment: datetime) -> date:
    """Give the day that quotas count by."""
    return moment.astimezone(SHANGHAI).date()


async def spend(world: World, merchant: UUID, *, appid: str, api: str) -> None:
    """Count a call before it is made; raises Throttled when it would be one too many."""
    if not counted(api):
        return
    limit = LIMITS.get(api)
    per_day, per_minute = (limit.per_day, limit.per_minute) if limit else (None, None)
    async with world.hot_tx(merchant) as tx:
        day, minute = day_of(tx.now), minute_of(tx.now)
        count = await tx.value(SPEND, merchant, appid, api, day, minute, tx.now, per_day, per_minute)
        if count == 1 and (told := await tx.value(TOLD, merchant, appid, api, day)) is not None:
            await tx.run(CARRY, merchant, appid, api, day, told)
        if count is not None:
            return
        used, now = await tx.one(Used, ONE, merchant, appid, api, day), tx.now
    most = used.known_limit if used.known_limit is not None else per_day
    if used.resting_until is not None and used.resting_until > now:
        short = used.resting_until <= minute + timedelta(minutes=1)
        raise Throttled(45011 if short else 45009, api=api, retry_at=used.resting_until, now=now)
    if most is not None and used.used >= most:
        if used.asked_at is not None and now - used.asked_at < ASKING:
            raise Throttled(45011, api=api, retry_at=used.asked_at + ASKING, now=now)
        raise Throttled(45009, api=api, retry_at=next_day(now), now=now, ours=used.asked_at is None)
    raise Throttled(45011, api=api, retry_at=minute + timedelta(minutes=1), now=now)


async def heard(world: World, merchant: UUID, *, appid: str, api: str, error: WeixinError) -> None:
    """Leave an API of an account alone for a while when WeChat said that it was called too often."""
    if error.errcode not in TOO_MANY or isinstance(error, Throttled):
        return
    async with world.hot_tx(merchant) as tx:
        until = rest_until(tx.now, errcode=error.errcode, errmsg=error.errmsg)
        await tx.run(REST, merchant, appid, api, day_of(tx.now), minute_of(tx.now), until)
    log.warning("quota.used_up", appid=appid, api=api, until=until.isoformat())


async def today(tx: Tx, *, appid: str) -> list[Used]:
    """List what an account has called today, the most called first."""
    return await tx.all(Used, TODAY, tx.merchant, appid, day_of(tx.now))


async def learn(tx: Tx, *, appid: str, api: str, daily_limit: int, used: int) -> None:
    """Keep what WeChat itself counts and allows; zero means that it does not say."""
    known = daily_limit if daily_limit > 0 else None
    await tx.run(LEARN, tx.merchant, appid, api, day_of(tx.now), max(0, used), minute_of(tx.now), known)


async def may_ask(tx: Tx, *, appid: str, api: str) -> bool:
    """Say whether it is for the caller to ask WeChat what it allows of an API: one asks, once a day."""
    return bool(await tx.run(ASK, tx.merchant, appid, api, day_of(tx.now), tx.now))


async def done_this_month(tx: Tx, *, appid: str, apis: Sequence[str]) -> int:
    """Count the calls of some APIs since the month began that WeChat did not refuse."""
    count: int = await tx.value(SINCE, tx.merchant, appid, list(apis), day_of(tx.now).replace(day=1))
    return count


async def anew(tx: Tx, *, appid: str, besides: Sequence[str], api: str = "") -> None:
    """Count one API, or all but some, from zero: the quotas were cleared."""
    await tx.run(ANEW, tx.merchant, appid, day_of(tx.now), list(besides), api)


async def forget(world: World) -> None:
    """Forget the counts of past months."""
    async with world.system_tx() as tx:
        await tx.run(FORGET, day_of(tx.now - KEPT_FOR))
