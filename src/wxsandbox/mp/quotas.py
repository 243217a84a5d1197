"""Looking up and clearing quotas, and looking up a request by its rid.

Official pages: developers.weixin.qq.com/doc/offiaccount/openApi/get_api_quota.html, clear_quota.html and
get_rid_info.html, read 2026-11. The sources disagree whether clear_quota/v2 takes its fields in the query or the body:
both are read.
"""

from typing import Annotated, Any

import msgspec

from wxsandbox import quotas, tokens
from wxsandbox.accounts import Account, Component
from wxsandbox.control.world import HOST
from wxsandbox.errors import OK, NotFound, WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import API
from wxsandbox.routes import Route
from wxsandbox.validate import control, read

DATE = "2026-11"
PAGES = "https://developers.weixin.qq.com/doc/offiaccount/openApi"
Text = Annotated[str, msgspec.Meta(min_length=1)]
CODES = {"appid": 40013, "cgi_path": 76003, "rid": 76001, "appsecret": 40125, "component_appid": 40013}
TOKEN_ERRORS = (40001, 40014, 41001, 42001, 61015)


class ForPath(msgspec.Struct):
    """A body that names an API."""

    cgi_path: Text


class OfAppid(msgspec.Struct):
    """Body of clear_quota."""

    appid: Text


class ForRid(msgspec.Struct):
    """Body of rid/get."""

    rid: Text


class BySecret(msgspec.Struct):
    """Fields of clear_quota/v2."""

    appid: Text
    appsecret: Text


class ByComponentSecret(msgspec.Struct):
    """Fields of component/clear_quota/v2."""

    appid: Text
    component_appid: Text
    appsecret: Text


class Set(msgspec.Struct):
    """What the control plane allows an account of one API."""

    path: str
    daily: int | None = None
    per_minute: int | None = None


async def get_quota(call: Call) -> Any:
    """Say how much of an API is allowed, used and left today."""
    account = tokens.account_call(call)
    path = read(call.body, ForPath, CODES).cgi_path
    if path.startswith("/sns/"):
        raise WxError(76022)
    if not path.startswith("/") or not call.box.router.methods(API, path):
        raise WxError(76003)
    daily, per_minute = quotas.allowed(call.box, account.appid, path)
    row = quotas.used(call.box, account.appid, path)
    answer: dict[str, Any] = {
        "errcode": 0,
        "errmsg": "ok",
        "quota": {"daily_limit": daily or 0, "used": row.count, "remain": max(0, (daily or 0) - row.count)},
    }
    if per_minute is not None:
        answer["rate_limit"] = {"call_count": per_minute, "refresh_second": 60}
    return answer


async def clear_one(call: Call) -> Any:
    """Clear the count of one API."""
    account = tokens.account_call(call)
    quotas.clear(call.box, account.appid, read(call.body, ForPath, CODES).cgi_path)
    return OK


async def clear_all(call: Call) -> Any:
    """Clear all counts of the account that the token is of."""
    account = tokens.account_call(call)
    if read(call.body, OfAppid, CODES).appid != account.appid:
        raise WxError(40013)
    quotas.clear(call.box, account.appid)
    return OK


def fields(call: Call, kind: type[Any]) -> Any:
    """Read fields from the query, or else from the body."""
    if "appid" in call.query:
        return read(msgspec.json.encode(dict(call.query)), kind, CODES)
    return read(call.body, kind, CODES)


async def clear_by_secret(call: Call) -> Any:
    """Clear all counts of an account with its secret, without a token."""
    asked = fields(call, BySecret)
    account = call.box.state.table(Account).get(asked.appid)
    if account is None:
        raise WxError(40013)
    if account.secret != asked.appsecret:
        raise WxError(40125)
    call.appid = asked.appid
    quotas.clear(call.box, asked.appid)
    return OK


async def clear_by_component(call: Call) -> Any:
    """Clear the counts of an authorized account, or of the component itself, with the component's secret."""
    asked = fields(call, ByComponentSecret)
    component = call.box.state.table(Component).get(asked.component_appid)
    if component is None or (asked.appid != component.id and call.box.state.table(Account).get(asked.appid) is None):
        raise WxError(40013)
    if component.secret != asked.appsecret:
        raise WxError(40125)
    call.appid = asked.appid
    quotas.clear(call.box, asked.appid)
    return OK


async def get_rid(call: Call) -> Any:
    """Show the request that was answered with this rid; another account's is not shown."""
    account = tokens.account_call(call)
    rid = read(call.body, ForRid, CODES).rid
    mine = [e for e in call.box.journal.search(words=f"rid: {rid}", kind="call") if e.appid == account.appid]
    if not mine:
        raise WxError(76001)
    found = mine[-1]
    return {
        "errcode": 0,
        "errmsg": "ok",
        "request": {
            "invoke_time": int(found.at),
            "cost_in_ms": round(found.ms),
            "request_url": found.url.partition("?")[0],
            "request_body": found.request,
            "response_body": found.response,
            "client_ip": call.address,
        },
    }


async def set_quota(call: Call) -> Any:
    """Allow an account more or less of one API than usual."""
    appid = call.params["appid"]
    if call.box.state.table(Account).get(appid) is None:
        raise NotFound(appid)
    asked = control(call.body, Set)
    row = quotas.Quota(id=f"{appid}:{asked.path}", daily=asked.daily, per_minute=asked.per_minute)
    return call.box.table(quotas.Quota).put(row)


def route(path: str, handler: Any, body: Any, page: str, *errors: int) -> Route:
    """Declare one call."""
    return Route(API, "POST", path, handler, f"{PAGES}/{page}.html", DATE, body, (44002, 47001, *errors))


ROUTES = (
    route("/cgi-bin/openapi/quota/get", get_quota, ForPath, "get_api_quota", 76003, 76022, *TOKEN_ERRORS),
    route("/cgi-bin/openapi/quota/clear", clear_one, ForPath, "clear_api_quota", 48006, 76003, *TOKEN_ERRORS),
    route("/cgi-bin/clear_quota", clear_all, OfAppid, "clear_quota", 40013, 48006, *TOKEN_ERRORS),
    route("/cgi-bin/clear_quota/v2", clear_by_secret, BySecret, "clearQuotaByAppSecret", 40013, 40125, 48006),
    route("/cgi-bin/component/clear_quota/v2", clear_by_component, ByComponentSecret,
          "clearComponentQuotaByAppSecret", 40013, 40125, 48006),
    route("/cgi-bin/openapi/rid/get", get_rid, ForRid, "get_rid_info", 76001, *TOKEN_ERRORS),
    Route(HOST, "PUT", "/accounts/{appid}/quotas", set_quota, body=Set),
)  # fmt: skip
