"""What a platform may ask about the accounts that authorized it.

Official pages: developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/ThirdParty/Account_Authorization/
api_get_authorizer_info.html and siblings, read 2026-09. Both spellings of the option paths are answered (sources
disagree).
"""

from typing import Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account, Authorization
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.open import grants
from wxsandbox.open.component_api import CODES, DATE, Text, caller, func_info
from wxsandbox.routes import Route
from wxsandbox.validate import read

API = "api.weixin.qq.com"
PAGES = "https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/ThirdParty/Account_Authorization"
OPTIONS = {
    "location_report": ("0", "1", "2"),
    "voice_recognize": ("0", "1"),
    "customer_service": ("0", "1"),
}
OPTION_CODES = {**CODES, "option_name": 61012, "option_value": 61013}


class OfAuthorizer(msgspec.Struct):
    """A body that names platform and account."""

    component_appid: Text
    authorizer_appid: Text


class Page(msgspec.Struct):
    """Body of api_get_authorizer_list."""

    component_appid: Text
    offset: Annotated[int, msgspec.Meta(ge=0)]
    count: Annotated[int, msgspec.Meta(ge=1, le=500)]


class GetOption(msgspec.Struct):
    """Body of get_authorizer_option; the current page leaves the appids out and takes the account's own token."""

    option_name: Text
    component_appid: str = ""
    authorizer_appid: str = ""


class SetOption(msgspec.Struct):
    """Body of set_authorizer_option; appids as in GetOption."""

    option_name: Text
    option_value: str | int
    component_appid: str = ""
    authorizer_appid: str = ""


async def authorizer_info(call: Call) -> Any:
    """Describe an authorized account; never contains an access token."""
    body = read(call.body, OfAuthorizer, CODES)
    component = caller(call, body.component_appid)
    account, grant = granted(call, component.id, body.authorizer_appid)
    return {
        "authorizer_info": describe(call, account),
        "authorization_info": {
            "authorizer_appid": account.appid,
            "authorizer_refresh_token": grant.refresh_token,
            "func_info": func_info(grant.func_ids),
        },
    }


def granted(call: Call, component: str, appid: str) -> tuple[Account, Authorization]:
    """Find an account and its grant; raises 40013 and 61003."""
    account = call.box.state.table(Account).get(appid)
    if account is None:
        raise WxError(40013)
    call.appid = appid
    grant = grants.active(call.box, component, appid)
    if grant is None:
        raise WxError(61003)
    return account, grant


def describe(call: Call, account: Account) -> dict[str, Any]:
    """Write an account as the page documents it; MiniProgramInfo only for mini programs."""
    info: dict[str, Any] = {
        "nick_name": account.nick_name,
        "head_img": account.head_img,
        "service_type_info": {"id": account.service_type if account.kind == "official" else 0},
        "verify_type_info": {"id": account.verify_type},
        "user_name": account.user_name,
        "alias": account.alias,
        "qrcode_url": call.url("mp.weixin.qq.com", f"/cgi-bin/showqrcode?ticket=account-{account.appid}"),
        "principal_name": account.principal_name,
        "signature": account.signature,
        "idc": 1,
        "business_info": {"open_store": 0, "open_scan": 0, "open_pay": 1, "open_card": 0, "open_shake": 0},
        "register_type": 0,
        "account_status": 1,
        "basic_config": {"is_phone_configured": True, "is_email_configured": True},
    }
    if account.kind == "mini":
        domains = ("Request", "WsRequest", "Upload", "Download", "Biz", "UDP", "TCP")
        info["MiniProgramInfo"] = {
            "network": {name + "Domain": [] for name in domains},
            "categories": [],
            "visit_status": 0,
        }
    return info


async def authorizer_list(call: Call) -> Any:
    """List the accounts that authorized this platform."""
    body = read(call.body, Page, {**CODES, "count": 40170, "offset": 40097})
    component = caller(call, body.component_appid)
    rows = [g for g in call.box.state.table(Authorization).by("component", component.id) if g.active]
    chosen = rows[body.offset : body.offset + body.count]
    return {
        "total_count": len(rows),
        "list": [
            {"authorizer_appid": g.appid, "refresh_token": g.refresh_token, "auth_time": g.auth_time} for g in chosen
        ],
    }


def whose(call: Call, body: GetOption | SetOption) -> Account:
    """Find the account of an option: named by the body, or by its own token. Raises 40013, 61003, 61014."""
    if not body.authorizer_appid:
        return tokens.account_call(call)
    return granted(call, caller(call, body.component_appid).id, body.authorizer_appid)[0]


async def get_option(call: Call) -> Any:
    """Read a setting of an account."""
    body = read(call.body, GetOption, OPTION_CODES)
    account = whose(call, body)
    if body.option_name not in OPTIONS:
        raise WxError(61012)
    return {
        "authorizer_appid": account.appid,
        "option_name": body.option_name,
        "option_value": account.options[body.option_name],
    }


async def set_option(call: Call) -> Any:
    """Change a setting of an account."""
    body = read(call.body, SetOption, OPTION_CODES)
    account = whose(call, body)
    if body.option_name not in OPTIONS:
        raise WxError(61012)
    if str(body.option_value) not in OPTIONS[body.option_name]:
        raise WxError(61013)
    account.options = {**account.options, body.option_name: str(body.option_value)}
    call.box.state.table(Account).put(account)
    return OK


def route(path: str, handler: Any, body: Any, page: str, *errors: int) -> Route:
    """Declare one call."""
    return Route(
        API, "POST", f"/cgi-bin/component/{path}", handler, f"{PAGES}/{page}.html", DATE, body,
        (47001, 44002, 40001, 40013, 42001, 61014, *errors),
    )  # fmt: skip


ROUTES = (
    route("api_get_authorizer_info", authorizer_info, OfAuthorizer, "api_get_authorizer_info", 61003),
    route("api_get_authorizer_list", authorizer_list, Page, "api_get_authorizer_list", 40170),
    route("get_authorizer_option", get_option, GetOption, "api_get_authorizer_option", 61003, 61012),
    route("api_get_authorizer_option", get_option, GetOption, "api_get_authorizer_option", 61003, 61012),
    route("set_authorizer_option", set_option, SetOption, "api_set_authorizer_option", 61003, 61012, 61013),
    route("api_set_authorizer_option", set_option, SetOption, "api_set_authorizer_option", 61003, 61012, 61013),
)
