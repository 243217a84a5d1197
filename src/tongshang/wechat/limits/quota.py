"""Asking WeChat about quotas: what it counts itself, clearing its counts, and what became of one request."""

from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.wechat import accounts, calls
from tongshang.wechat.journal import masking
from tongshang.wechat.limits import usage
from tongshang.wechat.limits.model import CLEARS, CLEARS_PER_MONTH, LIMITS, Limit
from weixin.client import Client
from weixin.products.mp import quota


class NoClearsLeft(Refused):
    """The quotas were cleared {most} times this month, which is all WeChat allows."""

    code, status, zh = "wechat.no_clears_left", 409, "本月清零次数（{most} 次）已用完，下月 1 日恢复。"


class ApiUsage(msgspec.Struct, frozen=True):
    """One API's use of today: our count, its limit, the source of the limit and the day it was read."""

    api: str
    zh: str
    en: str
    used: int
    limit: int | None
    per_minute: int | None
    refused: int
    resting_until: datetime | None
    source: str | None
    read_on: str | None
    # Whether the limit was told by WeChat for this account, not taken from its page.
    told: bool


class UsageView(msgspec.Struct, frozen=True):
    """What an account has used today, and how often its quotas may still be cleared this month."""

    appid: str
    items: list[ApiUsage]
    clears_left: int


class RequestView(msgspec.Struct, frozen=True):
    """A request as WeChat remembers it, masked."""

    invoked_at: int
    cost_ms: int
    url: str
    request: str
    response: str


async def today(world: World, merchant: UUID) -> UsageView:
    """Show what the merchant's account has used today; raises NoAccount."""
    async with world.tx(merchant) as tx:
        account = await accounts.current(tx)
        used = await usage.today(tx, appid=account.appid)
        cleared = await usage.done_this_month(tx, appid=account.appid, apis=CLEARS)
        now = tx.now
    return UsageView(account.appid, [_view(one, now) for one in used], max(0, CLEARS_PER_MONTH - cleared))


async def learn(world: World, merchant: UUID, *, api: str) -> None:
    """Ask WeChat what it allows and counts of one API, and go by that from now on."""
    found = await calls.ask(world, merchant, lambda client, token: quota.get(client, token=token, path=api))
    async with world.tx(merchant) as tx:
        account = await accounts.current(tx)
        await usage.learn(tx, appid=account.appid, api=api, daily_limit=found.daily_limit, used=found.used)


async def clear(world: World, merchant: UUID, *, api: str = "") -> None:
    """Have WeChat count one API, or all of them, from zero again.

    Raises NoClearsLeft, and WeixinError 48006 when others used them up, 76003 for an API there is not.
    """
    async with world.tx(merchant) as tx:
        account = await accounts.current(tx)
        if await usage.done_this_month(tx, appid=account.appid, apis=CLEARS) >= CLEARS_PER_MONTH:
            raise NoClearsLeft(most=CLEARS_PER_MONTH)

    async def ask(client: Client, token: str) -> None:
        if api:
            await quota.clear_one(client, token=token, path=api)
        else:
            await quota.clear(client, token=token, appid=account.appid)

    await calls.ask(world, merchant, ask)
    async with world.tx(merchant) as tx:
        await usage.anew(tx, appid=account.appid, besides=CLEARS, api=api)


async def request(world: World, merchant: UUID, *, rid: str) -> RequestView:
    """Look up at WeChat what was asked and answered under a rid."""
    found = await calls.ask(world, merchant, lambda client, token: quota.request(client, token=token, rid=rid))
    asked, answered = (masking.body(text.encode()) for text in (found.request_body, found.response_body))
    return RequestView(found.invoke_time, found.cost_ms, found.url.partition("?")[0], asked, answered)


def _view(used: usage.Used, now: datetime) -> ApiUsage:
    limit: Limit | None = LIMITS.get(used.api)
    resting = used.resting_until if used.resting_until and used.resting_until > now else None
    most = used.known_limit if used.known_limit is not None else limit.per_day if limit else None
    return ApiUsage(
        used.api, limit.zh if limit else used.api, limit.en if limit else used.api, used.used, most,
        limit.per_minute if limit else None, used.refused, resting, limit.source if limit else None,
        limit.read_on if limit else None, used.known_limit is not None,
    )  # fmt: skip
