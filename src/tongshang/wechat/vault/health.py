"""The health of an account's connection: its tokens and their history, the last exchanges, errors, quotas."""

from datetime import datetime
from typing import Any

import msgspec

from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.wechat.journal import search
from tongshang.wechat.journal.search import Asked, Line
from tongshang.wechat.limits import usage
from tongshang.wechat.model import Account, AccountState
from tongshang.wechat.vault import news
from tongshang.wechat.vault.news import News
from weixin.errors_table import Kind as ErrorKind
from weixin.errors_table import meaning

TOKENS = """select kind, fetched_at as refreshed_at, refresh_at, expires_at, last_error, failed_at from wechat_token
where merchant_id = $1 and appid = $2 order by kind"""
REFRESHES = """select version, source, created_at as at from refresh_token
where merchant_id = $1 and appid = $2 order by version desc limit 10"""
# 89002 to this question is how WeChat says that an account has no Open Platform account: an answer, not a failure.
ERRORS = """select errcode, count(*)::integer as count, max(at) as last_at from wechat_journal
where merchant_id = $1 and direction = 'out' and appid = $2 and at >= $3 and state not in ('received', 'done')
and (errcode, name) is distinct from (89002, 'POST /cgi-bin/open/get')
group by errcode order by 2 desc limit 5"""
REFRESHING = "POST /cgi-bin/component/api_authorizer_token"


class TokenView(msgspec.Struct):
    """A token or ticket of the account."""

    kind: str
    refreshed_at: datetime | None
    refresh_at: datetime | None
    expires_at: datetime | None
    last_error: str | None
    failed_at: datetime | None
    healthy: bool = False


class Refresh(msgspec.Struct):
    """A refresh token that was put in force: by a grant, a refresh or a recovery."""

    version: int
    source: str
    at: datetime


class ErrorView(msgspec.Struct):
    """An error of today, how often, and what it means."""

    errcode: int
    count: int
    last_at: datetime
    kind: ErrorKind
    zh: str
    en: str


class HealthView(msgspec.Struct):
    """All of it. `way_back` says what the merchant has to do: nothing, or `authorize` again."""

    appid: str
    state: AccountState
    way_back: str | None
    tokens: list[TokenView]
    refresh_tokens: list[Refresh]
    refreshes: list[Line]
    last_callback: Line | None
    last_call: Line | None
    calls_today: int
    failed_today: int
    errors: list[ErrorView]
    # What WeChat said of the account's verification, newest first.
    news: list[News] = []


class Counted(msgspec.Struct):
    """How often an errcode was answered."""

    errcode: int
    count: int
    last_at: datetime


async def of_account(tx: Tx, account: Account) -> HealthView:
    """Gather an account's health; its numbers are of this day in Shanghai."""
    appid = account.appid
    morning = tx.now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    tokens = await tx.all(TokenView, TOKENS, tx.merchant, appid)
    for token in tokens:
        token.healthy = token.last_error is None and token.expires_at is not None and token.expires_at > tx.now
    counted = await tx.all(Counted, ERRORS, tx.merchant, appid, morning)
    used = await usage.today(tx, appid=appid)
    return HealthView(
        appid=appid,
        state=account.state,
        way_back=way_back(account, tokens),
        tokens=tokens,
        refresh_tokens=await tx.all(Refresh, REFRESHES, tx.merchant, appid),
        refreshes=(await _latest(tx, appid=appid, name=REFRESHING, limit=10)),
        last_callback=next(iter(await _latest(tx, appid=appid, direction="in")), None),
        last_call=next(iter(await _latest(tx, appid=appid, direction="out")), None),
        calls_today=sum(one.used for one in used),
        failed_today=sum(one.count for one in counted),
        errors=[_explained(one) for one in counted],
        news=await news.latest(tx, appid=appid),
    )


def way_back(account: Account, tokens: list[TokenView]) -> str | None:
    """Say what only the merchant can do: authorize again, when the account withdrew or its refresh token is void."""
    if account.state is AccountState.WITHDRAWN:
        return "authorize"
    dead = (one.last_error for one in tokens if one.kind == "authorizer" and not one.healthy)
    return "authorize" if any(error and error.startswith(("61003", "61023", "42007")) for error in dead) else None


async def _latest(tx: Tx, *, limit: int = 1, **asked: Any) -> list[Line]:
    return (await search.find(tx, Asked(**asked), after=None, limit=limit)).items


def _explained(one: Counted) -> ErrorView:
    said = meaning(one.errcode)
    return ErrorView(one.errcode, one.count, one.last_at, said.kind, said.zh, said.en)
