"""Fans over HTTP: the console's list, the store's log-in, me and consent."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from litestar.datastructures import Cookie
from litestar.response import Redirect

from tongshang.fans import consents, login, people, queries, sessions
from tongshang.fans.access import Shopper
from tongshang.fans.model import Fan
from tongshang.fans.queries import FanView
from tongshang.fans.sync import routes as sync_routes
from tongshang.fans.tags import routes as tags_routes
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.paging import Page
from tongshang.platform.web import AnyRequest, world_of
from tongshang.tenancy import merchants
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import jsapi, pages
from tongshang.wechat.jsapi import JsConfig
from weixin.errors import BadMessage, WeixinError
from weixin.products.mp import PROFILE_SCOPE

ANYBODY = {"anonymous": True}
BROWSER = "ts_browser"


class Me(msgspec.Struct):
    """What the store shows of its visitor."""

    id: UUID
    nickname: str | None
    avatar: str | None
    subscribed: bool
    has_profile: bool


class TicketGiven(msgspec.Struct, forbid_unknown_fields=True):
    """The one-time ticket from the page's address."""

    ticket: str


class SessionMade(msgspec.Struct):
    """A bearer token, and whose it is."""

    token: str
    fan: Me


class ConsentState(msgspec.Struct):
    """The text that counts now with its version, and a visitor's last answer with the version it was given to."""

    version: str
    accepted: bool
    at: datetime | None
    text: str
    answered_version: str | None = None


class ConsentAnswer(msgspec.Struct, forbid_unknown_fields=True):
    """An answer to a version of the privacy text."""

    version: str
    accepted: bool


@get("/fans", operation_id="list_fans", opt={"role": Role.CLERK})
async def list_fans(
    who: Staff,
    q: str = "",
    subscribed: bool | None = None,
    blocked: bool | None = None,
    tag: UUID | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> Page[FanView]:
    """List fans, newest first, by nickname, remark or openid, and by tag."""
    async with who.tx() as tx:
        return await queries.listed(tx, q=q, subscribed=subscribed, blocked=blocked, tag=tag, after=after, limit=limit)


@get("/fans/{fan_id:uuid}", operation_id="get_fan", opt={"role": Role.CLERK})
async def get_fan(who: Staff, fan_id: UUID) -> dict[str, Any]:
    """Show a fan: profile, consents, timeline, and what higher contexts add (phone, recent_orders)."""
    async with who.tx() as tx:
        found = await queries.profile(tx, fan_id=fan_id)
    document: dict[str, Any] = msgspec.to_builtins(found)
    defaults: dict[str, Any] = {"phone": None, "recent_orders": []}
    return {**defaults, **document.pop("more"), **document.pop("fan"), **document}


@post("/sessions", operation_id="begin_session", opt=ANYBODY, status_code=200)
async def begin_session(who: Shopper, data: TicketGiven) -> SessionMade:
    """Change the ticket from the log-in page for a bearer token, once."""
    async with who.tx() as tx:
        token, fan_id = await sessions.begin(tx, ticket=data.ticket)
        fan = await people.get(tx, fan_id=fan_id)
    return SessionMade(token, _me(fan))


@delete("/sessions/current", operation_id="end_session")
async def end_session(who: Shopper) -> None:
    """Log out."""
    async with who.tx() as tx:
        await sessions.end(tx, token=who.token or "")


@get("/me", operation_id="get_shopper")
async def get_shopper(who: Shopper) -> Me:
    """Say who is logged in."""
    async with who.tx() as tx:
        return _me(await people.get(tx, fan_id=who.fan))


@get("/consent", operation_id="get_consent", opt=ANYBODY)
async def get_consent(who: Shopper) -> ConsentState:
    """Show the privacy text and the visitor's last answer to it."""
    async with who.tx() as tx:
        return await _consent(tx, who.fan_id)


@put("/consent", operation_id="put_consent")
async def put_consent(who: Shopper, data: ConsentAnswer) -> ConsentState:
    """Agree to the privacy text, or take that back."""
    async with who.tx() as tx:
        await consents.record(tx, fan_id=who.fan, version=data.version, accepted=data.accepted)
        return await _consent(tx, who.fan_id)


async def _consent(tx: Tx, fan_id: UUID | None) -> ConsentState:
    text = await consents.privacy(tx)
    last = await consents.latest(tx, fan_id=fan_id) if fan_id else None
    if last is None:
        return ConsentState(text.version, False, None, text.text)
    return ConsentState(text.version, last.accepted, last.at, text.text, last.version)


@get("/js-config", operation_id="get_js_config", opt=ANYBODY)
async def get_js_config(who: Shopper, url: str) -> JsConfig:
    """Sign a page of the shop for WeChat's JS-SDK."""
    return await jsapi.config(who.world, who.merchant, url=url)


@get("/s/{shop:str}/login", operation_id="store_login", include_in_schema=False)
async def store_login(request: AnyRequest, shop: str) -> Redirect:
    """Send a visitor to WeChat's log-in: silently, or (after a tap) asking for name and picture."""
    # "scope" and "next" are taken by hand: a parameter called scope would be the framework's.
    asked = request.query_params
    world = world_of(request)
    merchant = await merchants.by_slug(world, shop)
    browser = request.cookies.get(BROWSER, "")
    if len(browser) != 32:
        browser = f"{world.rng.getrandbits(128):032x}"
    page = await login.begin(
        world,
        merchant,
        browser=browser,
        next_page=login.safe_next(shop, asked.get("next", "")),
        profile=asked.get("scope") == PROFILE_SCOPE,
    )
    cookie = Cookie(
        BROWSER, path="/", value=browser, max_age=3600, httponly=True, samesite="lax", secure=not world.settings.local
    )
    return Redirect(page, cookies=[cookie], headers={"cache-control": "no-store"})


@get("/wechat/oauth/callback", operation_id="oauth_callback", include_in_schema=False)
async def oauth_callback(request: AnyRequest) -> Response[Any]:
    """Take a visitor back from WeChat's log-in."""
    world = world_of(request)
    state, code = (request.query_params.get(name, "") for name in ("state", "code"))
    try:
        page = await login.come_back(world, state=state, code=code, browser=request.cookies.get(BROWSER, ""))
    except login.UnknownLogin as refusal:
        return pages.page(403, "登录已失效", refusal.sentence("zh"), refusal.sentence("en"))
    except (WeixinError, BadMessage, Refused):
        return pages.page(502, "登录未完成", "微信暂时没有响应，请返回重试。", "WeChat did not answer; please go back.")
    return Redirect(page, headers={"cache-control": "no-store", "referrer-policy": "no-referrer"})


def _me(fan: Fan) -> Me:
    return Me(fan.id, fan.nickname, fan.avatar, fan.subscribed, fan.nickname is not None)


console = [list_fans, get_fan, *sync_routes.console, *tags_routes.console]
store = [begin_session, end_session, get_shopper, get_consent, put_consent, get_js_config]
public = [store_login, oauth_callback]
