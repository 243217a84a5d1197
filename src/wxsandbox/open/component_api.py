"""The platform's own tokens and codes.

Official pages: developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/ThirdParty/token/, 2026-09.
"""

from typing import Annotated, Any

import msgspec

from wxsandbox import crypto, tokens
from wxsandbox.accounts import Account, Component
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.open import grants
from wxsandbox.open.grants import AuthCode, PreAuthCode
from wxsandbox.open.tickets import TICKET_SECONDS, push_ticket
from wxsandbox.routes import Route
from wxsandbox.validate import read

API = "api.weixin.qq.com"
PAGES = "https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/ThirdParty/token"
DATE = "2026-09"
Text = Annotated[str, msgspec.Meta(min_length=1)]
CODES = {
    "component_appid": 40013,
    "component_secret": 41004,
    "component_appsecret": 41004,
    "component_verify_ticket": 61006,
    "authorization_code": 61009,
    "authorizer_appid": 40013,
    "authorizer_refresh_token": 61023,
}


class StartPush(msgspec.Struct):
    """Body of api_start_push_ticket."""

    component_appid: Text
    component_secret: Text


class ComponentToken(msgspec.Struct):
    """Body of api_component_token."""

    component_appid: Text
    component_appsecret: Text
    component_verify_ticket: Text


class OfComponent(msgspec.Struct):
    """A body that only names the platform."""

    component_appid: Text


class QueryAuth(msgspec.Struct):
    """Body of api_query_auth."""

    component_appid: Text
    authorization_code: Text


class AuthorizerToken(msgspec.Struct):
    """Body of api_authorizer_token."""

    component_appid: Text
    authorizer_appid: Text
    authorizer_refresh_token: Text


def known_component(call: Call, appid: str, secret: str) -> Component:
    """Find a platform by appid and secret; raises 40013 and 40125."""
    component = call.box.state.table(Component).get(appid)
    if component is None:
        raise WxError(40013)
    call.appid = appid
    welcome(call, component)
    if not crypto.same(component.secret, secret):
        raise WxError(40125)
    return component


def welcome(call: Call, component: Component) -> None:
    """Look whether the caller's address may speak for a platform; raises 61004."""
    if component.ip_whitelist and call.address not in component.ip_whitelist:
        raise WxError(61004)


def caller(call: Call, appid: str) -> Component:
    """Check the component token of a call and that the body names the same platform; raises 40013."""
    component = tokens.component_call(call)
    if component.id != appid:
        raise WxError(40013)
    welcome(call, component)
    return component


async def start_push_ticket(call: Call) -> Any:
    """Push a component_verify_ticket now and every 10 minutes."""
    body = read(call.body, StartPush, CODES)
    push_ticket(call.box, known_component(call, body.component_appid, body.component_secret))
    return OK


async def component_token(call: Call) -> Any:
    """Exchange the ticket for a component_access_token."""
    body = read(call.body, ComponentToken, CODES)
    component = known_component(call, body.component_appid, body.component_appsecret)
    known = ((component.ticket, component.ticket_at), (component.last_ticket, component.last_ticket_at))
    made_at = next((at for ticket, at in known if ticket and crypto.same(ticket, body.component_verify_ticket)), None)
    if made_at is None:
        raise WxError(61006)
    if call.box.clock.now() > made_at + TICKET_SECONDS:
        raise WxError(61005)
    token = tokens.issue(call.box, "component", component.id)
    return {"component_access_token": token.id, "expires_in": tokens.LIFETIME}


async def create_preauthcode(call: Call) -> Any:
    """Issue a pre_auth_code for an authorization link."""
    body = read(call.body, OfComponent, CODES)
    component = caller(call, body.component_appid)
    codes = call.box.state.table(PreAuthCode)
    now = call.box.clock.now()
    for old in codes.by("component", component.id):
        if old.expires_at + 3600 < now:
            codes.delete(old.id)
    code = PreAuthCode(
        id="preauthcode@@@" + call.box.dice.text(64), seq=call.box.state.next("preauth"),
        component=component.id, expires_at=now + component.pre_auth_seconds,
    )  # fmt: skip
    codes.put(code)
    return {"pre_auth_code": code.id, "expires_in": component.pre_auth_seconds}


async def query_auth(call: Call) -> Any:
    """Exchange an authorization_code for the account's tokens; one use."""
    body = read(call.body, QueryAuth, CODES)
    component = caller(call, body.component_appid)
    codes = call.box.state.table(AuthCode)
    code = codes.get(body.authorization_code)
    if code is None or code.component != component.id or code.used:
        raise WxError(61009)
    if call.box.clock.now() >= code.expires_at:
        raise WxError(61010)
    grant = grants.active(call.box, component.id, code.appid)
    if grant is None:
        raise WxError(61003)
    code.used = True
    codes.put(code)
    token = grants.issue(call.box, grant)
    return {
        "authorization_info": {
            "authorizer_appid": code.appid,
            "authorizer_access_token": token.id,
            "expires_in": tokens.LIFETIME,
            "authorizer_refresh_token": grant.refresh_token,
            "func_info": func_info(grant.func_ids),
        }
    }


async def authorizer_token(call: Call) -> Any:
    """Refresh an account's token with the refresh token."""
    body = read(call.body, AuthorizerToken, CODES)
    component = caller(call, body.component_appid)
    if call.box.state.table(Account).get(body.authorizer_appid) is None:
        raise WxError(40013)
    grant = grants.active(call.box, component.id, body.authorizer_appid)
    if grant is None:
        raise WxError(61003)
    if not crypto.same(grant.refresh_token, body.authorizer_refresh_token):
        raise WxError(61023)
    call.appid = grant.appid
    token = grants.issue(call.box, grant)
    return {
        "authorizer_access_token": token.id,
        "expires_in": tokens.LIFETIME,
        "authorizer_refresh_token": grant.refresh_token,
    }


def func_info(func_ids: list[int]) -> list[dict[str, Any]]:
    """Write permission sets as WeChat lists them."""
    return [{"funcscope_category": {"id": id}} for id in func_ids]


def route(path: str, handler: Any, body: Any, page: str, *errors: int) -> Route:
    """Declare one component call."""
    return Route(
        API, "POST", f"/cgi-bin/component/{path}", handler, f"{PAGES}/{page}.html", DATE, body,
        (47001, 44002, 40013, 61004, *errors),
    )  # fmt: skip


ROUTES = (
    route("api_start_push_ticket", start_push_ticket, StartPush, "api_start_push_ticket", 41004, 40125),
    route(
        "api_component_token", component_token, ComponentToken, "component_access_token",
        41004, 40125, 61005, 61006,
    ),
    route("api_create_preauthcode", create_preauthcode, OfComponent, "pre_auth_code", 40001, 41001, 42001, 61014),
    route("api_query_auth", query_auth, QueryAuth, "authorization_info", 40001, 42001, 61003, 61009, 61010),
    route("api_authorizer_token", authorizer_token, AuthorizerToken, "api_authorizer_token", 40001, 61003, 61023),
)  # fmt: skip
