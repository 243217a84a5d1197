"""Mini programs linked to an account: asked for by call, agreed to by both administrators on their phones.

Official pages: developers.weixin.qq.com/doc/oplatform/openApi/officalaccount-management/link-miniprogram/
api_getlinkminiprogram and siblings, read 2026-11. The pages list no error but the general ones; of the codes of this
family 89015 is known (linked already), and 40013 is what an appid that cannot be one gets.
"""

import re
from typing import Annotated, Any, Literal

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import OK, NotFound, WxError
from wxsandbox.http import Call
from wxsandbox.routes import Route
from wxsandbox.validate import control, read

API, HOST = "api.weixin.qq.com", "_sandbox"
PAGES = "https://developers.weixin.qq.com/doc/oplatform/openApi/officalaccount-management/link-miniprogram"
DATE = "2026-11"
SET = 33
APPID = re.compile(r"wx[0-9a-f]{16}")
LINKED, MINI_ASKED, REFUSED, ACCOUNT_ASKED = 1, 2, 3, 12
Text = Annotated[str, msgspec.Meta(min_length=1)]
CODES = {"appid": 40013, "notify_users": 40097, "show_profile": 40097}


class MiniLink(msgspec.Struct, kw_only=True):
    """A mini program of an account's list."""

    id: str  # account:mini program
    appid: str
    mini: str
    status: int = ACCOUNT_ASKED
    shown: bool = False
    seq: int = 0


class Wanted(msgspec.Struct):
    """Body of wxamplink."""

    appid: Text
    notify_users: Literal[0, 1]
    show_profile: Literal[0, 1]


class Unwanted(msgspec.Struct):
    """Body of wxampunlink."""

    appid: Text


class Decided(msgspec.Struct):
    """What the two administrators say."""

    agree: bool = True


async def listed(call: Call) -> Any:
    """List what is linked, or asked for."""
    account = tokens.account_call(call, SET)
    rows = sorted(call.box.table(MiniLink).by("appid", account.appid), key=lambda one: one.seq)
    items = [
        {
            "status": row.status, "username": f"gh_{row.mini[2:14]}", "appid": row.mini, "source": "SOURCE_NORMAL",
            "nickname": f"小程序 {row.mini[-4:]}", "selected": int(row.shown), "nearby_display_status": 0,
            "released": 1,
            "headimg_url": "", "func_infos": [{"status": 0, "id": 1, "name": "微信认证"},
                                              {"status": 0, "id": 2, "name": "微信支付"}],
            "copy_verify_status": 1, "email": f"{row.mini[-4:]}@example.com",
        }
        for row in rows
    ]  # fmt: skip
    return {**OK, "wxopens": {"items": items}}


async def link(call: Call) -> Any:
    """Ask for a link; it waits for the account's administrator, then the mini program's."""
    account, body = tokens.account_call(call, SET), read(call.body, Wanted, CODES)
    if not APPID.fullmatch(body.appid) or body.appid == account.appid:
        raise WxError(40013)
    table, key = call.box.table(MiniLink), f"{account.appid}:{body.appid}"
    known = table.get(key)
    if known is not None and known.status != REFUSED:
        raise WxError(89015)
    seq = call.box.state.next("mini_link")
    table.put(MiniLink(id=key, appid=account.appid, mini=body.appid, shown=body.show_profile == 1, seq=seq))
    return OK


async def unlink(call: Call) -> Any:
    """Undo a link; 40013 when there is none."""
    account, body = tokens.account_call(call, SET), read(call.body, Unwanted, CODES)
    key = f"{account.appid}:{body.appid}"
    if call.box.table(MiniLink).get(key) is None:
        raise WxError(40013)
    call.box.table(MiniLink).delete(key)
    return OK


async def decide(call: Call) -> Any:
    """Let whoever is asked next agree or refuse."""
    asked, table = control(call.body or b"{}", Decided), call.box.table(MiniLink)
    found = table.get(f"{call.params['appid']}:{call.params['mini']}")
    if found is None or call.box.table(Account).get(call.params["appid"]) is None:
        raise NotFound("nothing was asked for")
    found.status = REFUSED if not asked.agree else MINI_ASKED if found.status == ACCOUNT_ASKED else LINKED
    table.put(found)
    return {"status": found.status}


ERRORS = (40001, 41001, 42001, 61007)
ROUTES = (
    Route(API, "POST", "/cgi-bin/wxopen/wxamplinkget", listed, f"{PAGES}/api_getlinkminiprogram", DATE, None, ERRORS),
    Route(
        API, "POST", "/cgi-bin/wxopen/wxamplink", link, f"{PAGES}/api_linkminiprogram", DATE, Wanted,
        (*ERRORS, 40013, 40097, 47001, 89015),
    ),
    Route(
        API, "POST", "/cgi-bin/wxopen/wxampunlink", unlink, f"{PAGES}/api_unlinkminiprogram", DATE, Unwanted,
        (*ERRORS, 40013, 47001),
    ),
    Route(HOST, "POST", "/accounts/{appid}/mini-links/{mini}", decide, body=Decided),
)  # fmt: skip
