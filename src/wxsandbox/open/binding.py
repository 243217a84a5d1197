"""Open Platform accounts made and bound by API: one UnionID for the people of all accounts under one.

Official pages: developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/account/create.html and siblings,
read 2026-09. A binding made on the website (an `open_appid` given to an account) cannot be undone here (89003).
"""

from typing import Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.routes import Route
from wxsandbox.validate import read

API = "api.weixin.qq.com"
PAGES = "https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/account"
DATE = "2026-09"
SETS = (24, 25)
MOST = 100
Text = Annotated[str, msgspec.Meta(min_length=1)]
CODES = {"appid": 40013, "open_appid": 40013}
WORDS = {
    89000: "account has bound open", 89001: "not same contractor", 89002: "open not exists",
    89003: "open is not created by api", 89004: "open account bind limit",
}  # fmt: skip


class OpenAccount(msgspec.Struct, kw_only=True):
    """An Open Platform account that an API made."""

    id: str
    principal_name: str


class OfAccount(msgspec.Struct):
    """A body that names the account."""

    appid: Text


class Pair(msgspec.Struct):
    """A body that names both."""

    appid: Text
    open_appid: Text


def wrong(code: int) -> WxError:
    """Make one of this family's errors."""
    return WxError(code, WORDS[code])


def own(call: Call, appid: str) -> Account:
    """Find the account of the token; the body must name the same (40013)."""
    account = tokens.account_call(call, *SETS)
    if account.appid != appid:
        raise WxError(40013)
    return account


def made(call: Call, account: Account, open_appid: str) -> OpenAccount:
    """Find an Open Platform account that an API made for the same contractor; raises 89003, 89001."""
    found = call.box.table(OpenAccount).get(open_appid)
    if found is None:
        raise wrong(89003)
    if found.principal_name != account.principal_name:
        raise wrong(89001)
    return found  # type: ignore[no-any-return]


async def create(call: Call) -> Any:
    """Make one and bind the account to it."""
    account = own(call, read(call.body, OfAccount, CODES).appid)
    if account.open_appid:
        raise wrong(89000)
    new = OpenAccount(id="wx" + call.box.dice.hex(16), principal_name=account.principal_name)
    call.box.table(OpenAccount).put(new)
    account.open_appid = new.id
    call.box.table(Account).put(account)
    return {"open_appid": new.id, **OK}


async def bind(call: Call) -> Any:
    """Bind the account to one that exists."""
    body = read(call.body, Pair, CODES)
    account = own(call, body.appid)
    if account.open_appid:
        raise wrong(89000)
    target = made(call, account, body.open_appid)
    if sum(one.open_appid == target.id for one in call.box.table(Account)) >= MOST:
        raise wrong(89004)
    account.open_appid = target.id
    call.box.table(Account).put(account)
    return OK


async def unbind(call: Call) -> Any:
    """Undo the account's binding."""
    body = read(call.body, Pair, CODES)
    account = own(call, body.appid)
    if account.open_appid != body.open_appid:
        raise wrong(89002)
    made(call, account, body.open_appid)
    account.open_appid = ""
    call.box.table(Account).put(account)
    return OK


async def get(call: Call) -> Any:
    """Say what the account is bound to."""
    account = own(call, read(call.body, OfAccount, CODES).appid)
    if not account.open_appid:
        raise wrong(89002)
    return {"open_appid": account.open_appid, **OK}


async def have(call: Call) -> Any:
    """Say whether the account is bound."""
    account = tokens.account_call(call, *SETS)
    return {"have_open": bool(account.open_appid), **OK}


def route(name: str, handler: Any, body: Any, *errors: int) -> Route:
    """Declare one call."""
    codes = (40001, 41001, 42001, 44002, 47001, 61007, *errors)
    return Route(API, "POST", f"/cgi-bin/open/{name}", handler, f"{PAGES}/{name}.html", DATE, body, codes)


ROUTES = (
    route("create", create, OfAccount, 40013, 89000),
    route("bind", bind, Pair, 40013, 89000, 89001, 89003, 89004),
    route("unbind", unbind, Pair, 40013, 89001, 89002, 89003),
    route("get", get, OfAccount, 40013, 89002),
    route("have", have, None),
)
