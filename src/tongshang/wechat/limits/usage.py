"""Counting calls: per account, API, Shanghai day and minute; what would be too many is not sent at all."""

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
ONE = """select api, used, minute, minute_used, resting_until, known_limit, refused from wechat_usage
where merchant_id = $1 and appid = $2 and api = $3 and day = $4"""
TODAY = """select api, used, minute, minute_used, resting_until, known_limit, refused from wechat_usage
where merchant_id = $1 and appid = $2 and day = $3 order by used desc, api"""
REST = """
insert into wechat_usage as u (merchant_id, appid, api, day, minute, resting_until, refused)
values ($1, $2, $3, $4, $5, $6, 1)
on conflict (merchant_id, appid, api, day) do update set refused = u.refused + 1,
  resting_until = greatest(u.resting_until, $6)"""
SINCE = """select coalesce(sum(used - refused), 0)::integer from wechat_usage
where merchant_id = $1 and appid = $2 and api = $3 and day >= $4"""
LEARN = """
insert into wechat_usage as u (merchant_id, appid, api, day, used, minute, known_limit)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (merchant_id, appid, api, day) do update set used = $5, known_limit = $7"""
ANEW = """update wechat_usage set used = 0, minute_used = 0, resting_until = null
where merchant_id = $1 and appid = $2 and day = $3 and api <> $4"""
# Kept a little longer than a month: how often quotas were cleared is counted by months.
FORGET = "delete from wechat_usage where merchant_id = any(select merchant_id from merchant) and day < $1"
KEPT_FOR = timedelta(days=40)
log = structlog.get_logger("limits")


class Throttled(Unreachable):
    """WeChat would refuse this call for its number, so it was not made; `retry_at` says when it may be."""

    def __init__(self, errcode: int, *, api: str, retry_at: datetime, now: datetime) -> None:
        """Say how long to wait, in seconds from now."""
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
        if await tx.value(SPEND, merchant, appid, api, day, minute, tx.now, per_day, per_minute) is not None:
            return
        used, now = await tx.one(Used, ONE, merchant, appid, api, day), tx.now
    most = used.known_limit if used.known_limit is not None else per_day
    if used.resting_until is not None and used.resting_until > now:
        short = used.resting_until <= minute + timedelta(minutes=1)
        raise Throttled(45011 if short else 45009, api=api, retry_at=used.resting_until, now=now)
    if most is not None and used.used >= most:
        raise Throttled(45009, api=api, retry_at=next_day(now), now=now)
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


async def done_this_month(tx: Tx, *, appid: str, api: str) -> int:
    """Count the calls of an API since the month began that WeChat did not refuse."""
    count: int = await tx.value(SINCE, tx.merchant, appid, api, day_of(tx.now).replace(day=1))
    return count


async def anew(tx: Tx, *, appid: str, besides: str) -> None:
    """Count from zero, but for one API: the quotas were cleared."""
    await tx.run(ANEW, tx.merchant, appid, day_of(tx.now), besides)


async def forget(world: World) -> None:
    """Forget the counts of past months."""
    async with world.system_tx() as tx:
        await tx.run(FORGET, day_of(tx.now - KEPT_FOR))
