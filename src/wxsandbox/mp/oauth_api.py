"""The web OAuth calls: code to token, refresh, profile; directly and through a third-party platform.

Official pages: developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html and
doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Official_Accounts/official_account_website_authorization.html,
read 2026-09.
"""

from typing import Any

from wxsandbox import crypto, tokens
from wxsandbox.accounts import Account, Component
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp import oauth
from wxsandbox.mp.base import API, DATE
from wxsandbox.mp.oauth import OAuthCode, WebToken
from wxsandbox.mp.oauth_pages import PAGE
from wxsandbox.open import grants
from wxsandbox.people import Person, unionid_of
from wxsandbox.routes import Route

COMPONENT_PAGE = (
    "https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/"
    "Official_Accounts/official_account_website_authorization.html"
)
MISSING = {"appid": 41002, "secret": 41004, "code": 41008, "refresh_token": 41003, "component_appid": 41018}


def need(call: Call, *names: str) -> list[str]:
    """Return parameters that must be there; raises the code of the missing one."""
    for name in names:
        if not call.query.get(name):
            raise WxError(MISSING[name])
    return [call.query[name] for name in names]


def grant_type(call: Call, expected: str) -> None:
    """Check grant_type; raises 40002."""
    if call.query.get("grant_type") != expected:
        raise WxError(40002)


def account(call: Call, appid: str) -> Account:
    """Find the account; raises 40013."""
    found = call.box.state.table(Account).get(appid)
    if found is None:
        raise WxError(40013)
    call.appid = appid
    return found


def component(call: Call, appid: str) -> Component:
    """Check the component token of a sns call; raises 41021, 42006 and 61003."""
    token = call.query.get("component_access_token", "")
    try:
        found = tokens.good(call.box, token, missing=41021)
    except WxError as wrong:
        raise WxError(42006) if wrong.errcode == 42001 else wrong from None
    if found.kind != "component" or found.appid != call.query["component_appid"]:
        raise WxError(61014 if found.kind != "component" else 40013)
    platform = call.box.state.table(Component).get(found.appid)
    if platform is None:
        raise WxError(61011)
    if grants.active(call.box, platform.id, appid) is None:
        raise WxError(61003)
    return platform


def redeem(call: Call, value: str, appid: str, component_appid: str) -> dict[str, Any]:
    """Exchange a code; raises 40029 unknown, 40163 used, 42003 expired."""
    codes = call.box.state.table(OAuthCode)
    code = codes.get(value)
    if code is None or code.appid != appid or code.component != component_appid:
        raise WxError(40029)
    if code.used:
        raise WxError(40163)
    if call.box.clock.now() >= code.expires_at:
        raise WxError(42003)
    code.used = True
    codes.put(code)
    return view(call, oauth.issue_token(call.box, code), with_union=True)


def view(call: Call, token: WebToken, *, with_union: bool = False) -> dict[str, Any]:
    """Write a web token as WeChat does."""
    answer: dict[str, Any] = {
        "access_token": token.id,
        "expires_in": max(1, int(token.expires_at - call.box.clock.now())),
        "refresh_token": token.refresh_token,
        "openid": token.openid,
        "scope": token.scope,
    }
    if token.snapshot and with_union:
        answer["is_snapshotuser"] = 1
    elif with_union and (unionid := union_of(call, token)):
        answer["unionid"] = unionid
    return answer


def union_of(call: Call, token: WebToken) -> str | None:
    """Return the unionid behind a web token, if the account belongs to an open-platform account."""
    found = call.box.state.table(Account).get(token.appid)
    return unionid_of(call.box, token.person, found.open_appid) if found and not token.snapshot else None


async def access_token(call: Call) -> Any:
    """Exchange a code for a web token, with the account's own secret."""
    appid, secret, code = need(call, "appid", "secret", "code")
    grant_type(call, "authorization_code")
    if not crypto.same(account(call, appid).secret, secret):
        raise WxError(40125)
    return redeem(call, code, appid, "")


async def component_access_token(call: Call) -> Any:
    """Exchange a code for a web token, through the third-party platform."""
    appid, code, _ = need(call, "appid", "code", "component_appid")
    grant_type(call, "authorization_code")
    account(call, appid)
    return redeem(call, code, appid, component(call, appid).id)


def refreshed(call: Call, appid: str, value: str, component_appid: str) -> dict[str, Any]:
    """Extend a web token that lives, issue a new one after its end; raises 40030, 42002."""
    webs = call.box.state.table(WebToken)
    token = next(iter(webs.by("refresh_token", value)), None)
    if token is None or token.appid != appid or token.component != component_appid:
        raise WxError(40030)
    now = call.box.clock.now()
    if now >= token.refresh_until:
        raise WxError(42002)
    if now >= token.expires_at:
        webs.delete(token.id)
        token.id = f"{token.id[:3]}{call.box.dice.text(90)}"
    token.expires_at = now + tokens.LIFETIME
    webs.put(token)
    return view(call, token)


async def refresh_token(call: Call) -> Any:
    """Refresh a web token."""
    appid, value = need(call, "appid", "refresh_token")
    grant_type(call, "refresh_token")
    account(call, appid)
    return refreshed(call, appid, value, "")


async def component_refresh_token(call: Call) -> Any:
    """Refresh a web token through the third-party platform."""
    appid, value, _ = need(call, "appid", "refresh_token", "component_appid")
    grant_type(call, "refresh_token")
    account(call, appid)
    return refreshed(call, appid, value, component(call, appid).id)


def web_token(call: Call) -> WebToken:
    """Check a web token and its openid; raises 41001, 40001, 42001, 41009, 40003."""
    value = call.query.get("access_token", "")
    if not value:
        raise WxError(41001)
    token = call.box.state.table(WebToken).get(value)
    if token is None:
        raise WxError(40001)
    call.appid = token.appid
    if call.box.clock.now() >= token.expires_at:
        raise WxError(42001)
    if not call.query.get("openid"):
        raise WxError(41009)
    if call.query["openid"] != token.openid:
        raise WxError(40003)
    return token


async def userinfo(call: Call) -> Any:
    """Return nickname and picture; needs scope snsapi_userinfo (48001)."""
    token = web_token(call)
    if "snsapi_userinfo" not in token.scope:
        raise WxError(48001)
    person = call.box.state.table(Person).get(token.person)
    nickname = "微信用户" if token.snapshot or person is None else person.nickname
    image = call.url("thirdwx.qlogo.cn", f"/mmopen/{token.person}/132")
    answer: dict[str, Any] = {
        "openid": token.openid, "nickname": nickname, "sex": 0, "language": "", "city": "", "province": "",
        "country": "", "headimgurl": "" if token.snapshot else image, "privilege": [],
    }  # fmt: skip
    if unionid := union_of(call, token):
        answer["unionid"] = unionid
    return answer


async def auth(call: Call) -> Any:
    """Say whether a web token is good for an openid."""
    web_token(call)
    return OK


SNS = (40002, 40013, 41002)
ROUTES = (
    Route(
        API, "GET", "/sns/oauth2/access_token", access_token, PAGE, DATE, None,
        (*SNS, 40029, 40125, 40163, 41004, 41008, 42003),
    ),
    Route(API, "GET", "/sns/oauth2/refresh_token", refresh_token, PAGE, DATE, None, (*SNS, 40030, 41003, 42002)),
    Route(
        API, "GET", "/sns/oauth2/component/access_token", component_access_token, COMPONENT_PAGE, DATE, None,
        (*SNS, 40029, 40163, 41008, 41018, 41021, 42003, 42006, 61003),
    ),
    Route(
        API, "GET", "/sns/oauth2/component/refresh_token", component_refresh_token, COMPONENT_PAGE, DATE, None,
        (*SNS, 40030, 41003, 41018, 41021, 42002, 42006, 61003),
    ),
    Route(API, "GET", "/sns/userinfo", userinfo, PAGE, DATE, None, (40001, 40003, 41001, 41009, 42001, 48001)),
    Route(API, "GET", "/sns/auth", auth, PAGE, DATE, None, (40001, 40003, 41001, 41009, 42001)),
)  # fmt: skip
