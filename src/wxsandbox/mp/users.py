"""Followers, as an account may ask about them; remarks and the blacklist.

Official page: developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html,
2026-09.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.people import Fan, fan_by_openid, unionid_of
from wxsandbox.routes import Route
from wxsandbox.validate import read, read_query

USER_SET = 2
PAGE_SIZE = 10_000
REMARK_BELOW = 30
Lang = Literal["zh_CN", "zh_TW", "en"]


class InfoQuery(msgspec.Struct):
    """Query of user/info."""

    openid: Text
    lang: Lang = "zh_CN"


class InfoItem(msgspec.Struct):
    """One person asked about."""

    openid: Text
    lang: Lang = "zh_CN"


class InfoBatch(msgspec.Struct):
    """Body of user/info/batchget."""

    user_list: Annotated[list[InfoItem], msgspec.Meta(min_length=1, max_length=100)]


class Remark(msgspec.Struct):
    """Body of updateremark."""

    openid: Text
    remark: str


class Begin(msgspec.Struct):
    """Body of getblacklist."""

    begin_openid: str = ""


class Openids(msgspec.Struct):
    """Body of batchblacklist and batchunblacklist."""

    openid_list: Annotated[list[Text], msgspec.Meta(min_length=1, max_length=20)]


async def info(call: Call) -> Any:
    """Describe a follower; names and pictures have been empty since 2021."""
    account = tokens.account_call(call, USER_SET)
    query = read_query(call.query, InfoQuery, {"openid": 41009, "lang": 40097})
    return describe(call, account, query.openid, query.lang)


async def batchget(call: Call) -> Any:
    """Describe up to 100 followers."""
    account = tokens.account_call(call, USER_SET)
    codes = {"user_list": 40032, "openid": 40003, "lang": 40097}
    body = read(call.body, InfoBatch, codes)
    return {"user_info_list": [describe(call, account, item.openid, item.lang) for item in body.user_list]}


def describe(call: Call, account: Account, openid: str, lang: str) -> dict[str, Any]:
    """Write a follower as user/info does; raises 40003 for an openid of somebody else's account."""
    one = fan_by_openid(call.box, account.appid, openid)
    if one is None:
        raise WxError(40003)
    if not one.subscribed:
        return {"subscribe": 0, "openid": openid}
    shown = {
        "subscribe": 1, "openid": openid, "nickname": "", "sex": 0, "language": lang, "city": "", "province": "",
        "country": "", "headimgurl": "", "subscribe_time": one.subscribe_time, "remark": one.remark,
        "groupid": one.tags[0] if one.tags else 0, "tagid_list": one.tags, "subscribe_scene": one.scene,
        "qr_scene": one.qr_scene, "qr_scene_str": one.qr_scene_str,
    }  # fmt: skip
    if unionid := unionid_of(call.box, one.person, account.open_appid):
        shown["unionid"] = unionid
    return shown


async def get(call: Call) -> Any:
    """List followers' openids, 10,000 a page."""
    account = tokens.account_call(call, USER_SET)
    fans = [f.openid for f in call.box.state.table(Fan).by("appid", account.appid) if f.subscribed]
    return page_of(call, account, fans, call.query.get("next_openid", ""))


def page_of(call: Call, account: Account, openids: list[str], after: str) -> dict[str, Any]:
    """Cut a page of openids out of a list; raises 40003 for a starting place that is nobody of this account."""
    start = 0
    if after:
        try:
            start = openids.index(after) + 1
        except ValueError:
            # Who left between two pages is still a place in the list: those behind are the younger ones.
            known = fan_by_openid(call.box, account.appid, after)
            if known is None:
                raise WxError(40003) from None
            place = {f.openid: f.seq for f in call.box.state.table(Fan).by("appid", account.appid)}
            start = sum(place[one] <= known.seq for one in openids)
    page = openids[start : start + PAGE_SIZE]
    answer: dict[str, Any] = {"total": len(openids), "count": len(page), "next_openid": page[-1] if page else ""}
    if page:
        answer["data"] = {"openid": page}
    return answer


async def remark(call: Call) -> Any:
    """Note a name beside a follower."""
    account = tokens.account_call(call, USER_SET)
    body = read(call.body, Remark, {"openid": 40003, "remark": 40092})
    if len(body.remark) >= REMARK_BELOW:
        raise WxError(40092)
    one = everybody(call, account, [body.openid], stranger=40003)[0]
    one.remark = body.remark
    call.box.state.table(Fan).put(one)
    return OK


async def blacklist(call: Call) -> Any:
    """List who is blocked."""
    account = tokens.account_call(call, USER_SET)
    body = read(call.body, Begin, {"begin_openid": 40003})
    fans = [f.openid for f in call.box.state.table(Fan).by("appid", account.appid) if f.blocked]
    return page_of(call, account, fans, body.begin_openid)


async def block(call: Call) -> Any:
    """Put people on the blacklist: what they say does not arrive any more."""
    return _mark(call, blocked=True)


async def unblock(call: Call) -> Any:
    """Take people off the blacklist."""
    return _mark(call, blocked=False)


def _mark(call: Call, *, blocked: bool) -> Any:
    account = tokens.account_call(call, USER_SET)
    body = read(call.body, Openids, {"openid_list": 40032})
    for one in everybody(call, account, body.openid_list, stranger=49003):
        one.blocked = blocked
        call.box.state.table(Fan).put(one)
    return OK


def everybody(call: Call, account: Account, openids: Sequence[str], *, stranger: int) -> list[Fan]:
    """Find all these people, or raise: 40003 for what is no openid, `stranger` for one of another account."""
    found = []
    for openid in openids:
        if (one := fan_by_openid(call.box, account.appid, openid)) is None:
            raise WxError(stranger if call.box.state.table(Fan).by("openid", openid) else 40003)
        found.append(one)
    return found


ERRORS = (40001, 40003, 41001, 42001, 61007)
INFO = f"{PAGES}/User_Management/Get_users_basic_information_UnionID.html"
LIST = f"{PAGES}/User_Management/Getting_a_User_List.html"
NAMES = f"{PAGES}/User_Management/Configuring_user_notes.html"
BLOCKED = f"{PAGES}/User_Management/Manage_blacklist.html"
MEMBERS = "/cgi-bin/tags/members"
ROUTES = (
    Route(API, "GET", "/cgi-bin/user/info", info, INFO, DATE, InfoQuery, (*ERRORS, 41009)),
    Route(API, "POST", "/cgi-bin/user/info/batchget", batchget, INFO, DATE, InfoBatch, (*ERRORS, 40032, 47001)),
    Route(API, "GET", "/cgi-bin/user/get", get, LIST, DATE, None, ERRORS),
    Route(API, "POST", "/cgi-bin/user/info/updateremark", remark, NAMES, DATE, Remark, (*ERRORS, 40092, 47001)),
    Route(API, "POST", f"{MEMBERS}/getblacklist", blacklist, BLOCKED, DATE, Begin, (*ERRORS, 47001)),
    Route(API, "POST", f"{MEMBERS}/batchblacklist", block, BLOCKED, DATE, Openids, (*ERRORS, 40032, 49003)),
    Route(API, "POST", f"{MEMBERS}/batchunblacklist", unblock, BLOCKED, DATE, Openids, (*ERRORS, 40032, 49003)),
)
