"""The console's pages about WeChat: the account, its authorization and health; the platform's keys."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post, put

from tongshang.platform.ids import NIL
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import accounts, clients, components
from tongshang.wechat.authorization import promises
from tongshang.wechat.authorization.promises import Links
from tongshang.wechat.journal import entries
from tongshang.wechat.model import PERMISSIONS, Account, AccountState
from tongshang.wechat.vault import ahead
from tongshang.wechat.vault.ahead import Health
from weixin.products import mp

MANAGER = {"role": Role.MANAGER}
PROVIDER = {"provider": True}
COUNT = "select component_appid as appid, count(*) as authorized from account_directory where active group by 1"


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


class ComponentAsked(msgspec.Struct, forbid_unknown_fields=True):
    """The keys of the third-party platform, as open.weixin.qq.com shows them."""

    appid: str
    secret: str
    token: str
    aes_key: str


class OwnAsked(ComponentAsked, forbid_unknown_fields=True):
    """The keys of an account that is connected without the platform."""


class ComponentView(msgspec.Struct):
    """A component with the addresses to enter at WeChat."""

    appid: str
    ticket_at: datetime | None
    ticket_asked_at: datetime | None
    ticket_ok: bool
    event_url: str
    message_url: str
    authorized: int


class Authorized(msgspec.Struct):
    """How many accounts authorized a component."""

    appid: str | None
    authorized: int


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


@put("/wechat/authorizations/{promise_id:uuid}", operation_id="put_authorization", opt=MANAGER)
async def put_authorization(who: Staff, promise_id: UUID) -> Links:
    """Start an authorization: a link for a computer, and one (also as a QR code) for the phone."""
    async with who.tx():
        pass  # audited before anything is asked of WeChat
    return await promises.promise(who.world, who.merchant, promise_id)


@post("/wechat/ticket-request", operation_id="request_ticket", opt=MANAGER, status_code=202)
async def request_ticket(who: Staff) -> None:
    """Ask WeChat for the platform's ticket when it does not come."""
    async with who.tx():
        pass
    await components.request_ticket(who.world)


@put("/wechat/own-account", operation_id="put_own_account", opt={"role": Role.OWNER})
async def put_own_account(who: Staff, data: OwnAsked) -> WeChatView:
    """Connect an account by its own AppID and secret; refused when WeChat does not know them."""
    client = clients.client(who.world, who.merchant, data.appid)
    await mp.stable_token(client, appid=data.appid, secret=data.secret)
    async with who.tx() as tx:
        await accounts.connect_own(tx, appid=data.appid, secret=data.secret, token=data.token, aes_key=data.aes_key)
    return await _shown(who)


async def _shown(who: Staff) -> WeChatView:
    async with who.world.tx(who.merchant) as tx:
        account = await accounts.current(tx)
        health = await ahead.health(tx, appid=account.appid)
    return WeChatView(None, _account(account, health), [])


@get("/provider/components", operation_id="list_components", opt=PROVIDER)
async def list_components(who: Staff) -> list[ComponentView]:
    """List the third-party platforms, the one in use first, with the addresses WeChat must be told."""
    return await _components(who)


async def _components(who: Staff) -> list[ComponentView]:
    async with who.system_tx() as tx:
        counts = {row.appid: row.authorized for row in await tx.all(Authorized, COUNT)}
    base = who.world.settings.public_url
    return [
        ComponentView(
            status.appid,
            status.ticket_at,
            status.ticket_asked_at,
            status.ticket_ok,
            f"{base}/wechat/component/{status.appid}/ticket",
            f"{base}/wechat/messages/$APPID$",
            counts.get(status.appid, 0),
        )
        for status in await components.statuses(who.world)
    ]


@put("/provider/component", operation_id="put_component", opt=PROVIDER)
async def put_component(who: Staff, data: ComponentAsked) -> list[ComponentView]:
    """Set the third-party platform's keys; the secrets are never shown again."""
    async with who.tx(NIL) as tx:
        await components.configure(tx, appid=data.appid, secret=data.secret, token=data.token, aes_key=data.aes_key)
    return await _components(who)


@post("/provider/component/ticket-request", operation_id="provider_request_ticket", opt=PROVIDER, status_code=202)
async def provider_request_ticket(who: Staff) -> None:
    """Ask WeChat for the platform's ticket when it does not come."""
    async with who.tx(NIL):
        pass
    await components.request_ticket(who.world)


def _account(account: Account, health: Health) -> AccountView:
    granted = set(account.permissions)
    named = [PermissionView(p.id, p.zh, p.en, p.id in granted, p.needed) for p in PERMISSIONS]
    known = {p.id for p in PERMISSIONS}
    more = [PermissionView(i, f"权限集 {i}", f"Permission set {i}", True, False) for i in sorted(granted - known) if i]
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
        [*named, *more],
        health,
    )


def _callback(line: entries.Entry) -> CallbackView:
    kind, _, event = line.kind.partition(".")
    return CallbackView(line.id, line.at, kind, event or None, line.openid or None, line.state, line.times)


console = [get_wechat, put_authorization, request_ticket, put_own_account, list_components, put_component,
           provider_request_ticket]  # fmt: skip
