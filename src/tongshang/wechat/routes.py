"""The console's pages about WeChat: the account, its health, and what WeChat last pushed."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post

from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import accounts, components
from tongshang.wechat.authorization.sets import BASIC, NAMED, named
from tongshang.wechat.journal import entries
from tongshang.wechat.model import Account, AccountState
from tongshang.wechat.vault import ahead
from tongshang.wechat.vault.ahead import Health

MANAGER = {"role": Role.MANAGER}


class PermissionView(msgspec.Struct):
    """A permission set, and whether the account granted it."""

    id: int
    name: str
    name_en: str
    granted: bool
    needed: bool


class AccountView(msgspec.Struct):
    """The merchant's Official Account."""

    appid: str
    mode: str
    nick_name: str
    head_img: str
    user_name: str
    principal_name: str
    service_type: int
    verify_type: int
    state: AccountState
    authorized_at: datetime
    permissions: list[PermissionView]
    token: Health


class CallbackView(msgspec.Struct):
    """One line of the callback journal."""

    id: UUID
    at: datetime
    kind: str
    event: str | None
    openid: str | None
    state: str
    times: int


class WeChatView(msgspec.Struct):
    """Everything the console shows about WeChat."""

    component: components.Status | None
    account: AccountView | None
    callbacks: list[CallbackView]


@get("/wechat", operation_id="get_wechat", opt=MANAGER)
async def get_wechat(who: Staff) -> WeChatView:
    """Show the platform's ticket, the merchant's account, its token's health and the last callbacks."""
    known = await components.statuses(who.world)
    async with who.tx() as tx:
        account = await accounts.latest(tx)
        health = await ahead.health(tx, appid=account.appid) if account else None
        lines = await entries.latest(tx)
    view = _account(account, health) if account and health else None
    return WeChatView(known[0] if known else None, view, [_callback(line) for line in lines])


@post("/wechat/ticket-request", operation_id="request_ticket", opt=MANAGER, status_code=202)
async def request_ticket(who: Staff) -> None:
    """Ask WeChat for the platform's ticket when it does not come."""
    async with who.tx():
        pass
    await components.request_ticket(who.world)


def _account(account: Account, health: Health) -> AccountView:
    granted = set(account.permissions)
    sets = [named(id) for id in [*NAMED, *sorted(id for id in granted - set(NAMED) if id > 0)]]
    shown = [PermissionView(one.id, one.zh, one.en, one.id in granted, one.id in BASIC) for one in sets]
    return AccountView(
        account.appid,
        account.mode,
        account.nick_name,
        account.head_img,
        account.user_name,
        account.principal_name,
        account.service_type,
        account.verify_type,
        account.state,
        account.authorized_at,
        shown,
        health,
    )


def _callback(line: entries.Entry) -> CallbackView:
    kind, _, event = line.kind.partition(".")
    return CallbackView(line.id, line.at, kind, event or None, line.openid or None, line.state, line.times)


console = [get_wechat, request_ticket]
