"""Followers, as an account may ask about them.

Official page: developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html,
2026-09.
"""

from typing import Annotated, Any, Literal

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.people import Fan, fan_by_openid, unionid_of
from wxsandbox.routes import Route
from wxsandbox.validate import read, read_query

USER_SET = 2
PAGE_SIZE = 10_000
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
        "country": "", "headimgurl": "", "subscribe_time": one.subscribe_time, "remark": one.remark, "groupid": 0,
        "tagid_list": [], "subscribe_scene": one.scene, "qr_scene": one.qr_scene, "qr_scene_str": one.qr_scene_str,
    }  # fmt: skip
    if unionid := unionid_of(call.box, one.person, account.open_appid):
        shown["unionid"] = unionid
    return shown


async def get(call: Call) -> Any:
    """List followers' openids, 10,000 a page."""
    account = tokens.account_call(call, USER_SET)
    fans = [f.openid for f in call.box.state.table(Fan).by("appid", account.appid) if f.subscribed]
    after = call.query.get("next_openid", "")
    if after and after not in fans:
        raise WxError(40003)
    start = fans.index(after) + 1 if after else 0
    page = fans[start : start + PAGE_SIZE]
    answer: dict[str, Any] = {"total": len(fans), "count": len(page), "next_openid": page[-1] if page else ""}
    if page:
        answer["data"] = {"openid": page}
    return answer


ERRORS = (40001, 40003, 41001, 42001, 61007)
ROUTES = (
    Route(
        API, "GET", "/cgi-bin/user/info", info,
        f"{PAGES}/User_Management/Get_users_basic_information_UnionID.html", DATE, InfoQuery, (*ERRORS, 41009),
    ),
    Route(
        API, "POST", "/cgi-bin/user/info/batchget", batchget,
        f"{PAGES}/User_Management/Get_users_basic_information_UnionID.html", DATE, InfoBatch, (*ERRORS, 40032, 47001),
    ),
    Route(
        API, "GET", "/cgi-bin/user/get", get, f"{PAGES}/User_Management/Getting_a_User_List.html", DATE, None, ERRORS,
    ),
)  # fmt: skip
