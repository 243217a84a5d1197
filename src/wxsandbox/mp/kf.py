"""WeChat's customer-service desk: accounts and invitations; who is at it.

Official pages: developers.weixin.qq.com/doc/offiaccount/Customer_Service/Customer_Service_Management.html,
2026-09.
"""

import re
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.mp.uploads import format_of, read_form
from wxsandbox.routes import Route
from wxsandbox.validate import control, read, read_query

if TYPE_CHECKING:
    from wxsandbox.box import Box

SETS = (6,)
PAGE = f"{PAGES}/Customer_Service/Customer_Service_Management.html"
MOST, DAY = 100, 86_400
INVITE_SECONDS = 7 * DAY
SHAPE = re.compile(r"[A-Za-z0-9_]{1,10}@[\w-]+")
CODES = {"kf_account": 65401, "nickname": 65403, "invite_wx": 65409, "openid": 40003, "endtime": 65416, "number": 65416}


class Kf(msgspec.Struct, kw_only=True):
    """A customer-service account of an official account; `wx` is who is bound, `invited` who is asked."""

    id: str  # appid:kf_account
    appid: str
    name: str
    kf_id: str
    nick: str
    head: str = ""
    wx: str = ""
    invited: str = ""
    invite_until: float = 0.0
    status: str = ""  # waiting, rejected, expired
    online: bool = False
    seq: int = 0


class Talk(msgspec.Struct, kw_only=True):
    """A person at the desk: with somebody, or (no account) waiting."""

    id: str  # appid:openid
    appid: str
    openid: str
    kf: str
    at: int
    seq: int = 0


class Named(msgspec.Struct):
    """Body of kfaccount/add and update; `password` is of the old desk."""

    kf_account: Text
    nickname: Annotated[str, msgspec.Meta(min_length=1, max_length=16)]
    password: str = ""


class Invite(msgspec.Struct):
    """Body of inviteworker."""

    kf_account: Text
    invite_wx: Text


class OfAccount(msgspec.Struct):
    """Query of what is about one account."""

    kf_account: Text


class Seat(msgspec.Struct):
    """Control plane: the invited person accepts or declines, comes to the desk or leaves it."""

    kf_account: str
    accepts: bool | None = None
    online: bool | None = None


def found(box: "Box", account: Account, name: str) -> Kf:
    """Find an account of the desk; raises 65401."""
    kf = box.state.table(Kf).get(f"{account.appid}:{name}")
    if kf is None:
        raise WxError(65401)
    return kf


def desk(box: "Box", appid: str) -> list[Kf]:
    """List the desk, oldest first."""
    return sorted(box.state.table(Kf).by("appid", appid), key=lambda kf: kf.seq)


async def add(call: Call) -> Any:
    """Add an account."""
    account = tokens.account_call(call, *SETS)
    body, table = read(call.body, Named, CODES), call.box.state.table(Kf)
    if not SHAPE.fullmatch(body.kf_account):
        raise WxError(65404)
    key = f"{account.appid}:{body.kf_account}"
    if table.get(key):
        raise WxError(65406)
    if len(desk(call.box, account.appid)) >= MOST:
        raise WxError(65405)
    seq = call.box.state.next("kf")
    kf_id = str(1000 + seq)
    table.put(Kf(id=key, appid=account.appid, name=body.kf_account, kf_id=kf_id, nick=body.nickname, seq=seq))
    return OK


async def update(call: Call) -> Any:
    """Rename an account."""
    account = tokens.account_call(call, *SETS)
    body = read(call.body, Named, CODES)
    kf = found(call.box, account, body.kf_account)
    kf.nick = body.nickname
    call.box.state.table(Kf).put(kf)
    return OK


async def invite(call: Call) -> Any:
    """Ask somebody to answer under an account."""
    account = tokens.account_call(call, *SETS)
    body = read(call.body, Invite, CODES)
    kf, now = found(call.box, account, body.kf_account), call.box.clock.now()
    if kf.wx:
        raise WxError(65412)
    if kf.status == "waiting" and kf.invite_until > now:
        raise WxError(65411 if kf.invited != body.invite_wx else 65408)
    kf.invited, kf.invite_until, kf.status = body.invite_wx, now + INVITE_SECONDS, "waiting"
    call.box.state.table(Kf).put(kf)
    return OK


async def drop(call: Call) -> Any:
    """Remove an account; those it talks to wait again."""
    account = tokens.account_call(call, *SETS)
    kf = found(call.box, account, read_query(call.query, OfAccount, CODES).kf_account)
    call.box.state.table(Kf).delete(kf.id)
    for talk in call.box.state.table(Talk).by("appid", account.appid):
        if talk.kf == kf.name:
            call.box.state.table(Talk).delete(talk.id)
    return OK


async def head(call: Call) -> Any:
    """Take a picture."""
    account = tokens.account_call(call, *SETS)
    kf = found(call.box, account, read_query(call.query, OfAccount, CODES).kf_account)
    if format_of(read_form(call).data) != "jpeg":
        raise WxError(40005)
    kf.head = f"http://mmbiz.qpic.cn/kf/{kf.kf_id}/0"
    call.box.state.table(Kf).put(kf)
    return OK


async def listed(call: Call) -> Any:
    """List the accounts."""
    account = tokens.account_call(call, *SETS)
    rows = []
    for kf in desk(call.box, account.appid):
        row: dict[str, Any] = {
            "kf_account": kf.name, "kf_headimgurl": kf.head, "kf_id": kf.kf_id, "kf_nick": kf.nick,
        }  # fmt: skip
        if kf.wx:
            row["kf_wx"] = kf.wx
        elif kf.invited:
            late = kf.status == "waiting" and kf.invite_until <= call.box.clock.now()
            status = "expired" if late else kf.status
            row |= {"invite_wx": kf.invited, "invite_expire_time": int(kf.invite_until), "invite_status": status}
        rows.append(row)
    return {"kf_list": rows}


async def online(call: Call) -> Any:
    """List who is at the desk."""
    account = tokens.account_call(call, *SETS)
    talks = call.box.state.table(Talk).by("appid", account.appid)
    rows = [
        {"kf_account": kf.name, "status": 1, "kf_id": kf.kf_id, "accepted_case": sum(t.kf == kf.name for t in talks)}
        for kf in desk(call.box, account.appid)
        if kf.online
    ]
    return {"kf_online_list": rows}


def queue(box: "Box", appid: str, openid: str, wanted: str) -> str:
    """Put a person into the hands of the one wanted, or of the first at the desk; gives whose, or "" for the line."""
    free = [kf.name for kf in desk(box, appid) if kf.online and (not wanted or kf.name == wanted)]
    table, key = box.state.table(Talk), f"{appid}:{openid}"
    known = table.get(key)
    if known is not None and known.kf:
        return ""
    taken = free[0] if free else ""
    table.put(Talk(id=key, appid=appid, openid=openid, kf=taken, at=box.clock.seconds(), seq=box.state.next("talk")))
    return taken


async def seat(call: Call) -> Any:
    """Have the invited person answer the invitation, come, or go."""
    asked = control(call.body, Seat)
    table = call.box.state.table(Kf)
    kf = table.get(f"{call.params['appid']}:{asked.kf_account}")
    if kf is None:
        raise WxError(65401)
    if asked.accepts is not None:
        kf.wx, kf.status = (kf.invited, "") if asked.accepts else ("", "rejected")
    if asked.online is not None:
        kf.online = asked.online and bool(kf.wx)
    return table.put(kf)


ERRORS = (40001, 41001, 42001, 47001, 61007)
KF = "/customservice/kfaccount"
ROUTES = (
    Route(API, "POST", f"{KF}/add", add, PAGE, DATE, Named, (*ERRORS, 65401, 65403, 65404, 65405, 65406)),
    Route(API, "POST", f"{KF}/update", update, PAGE, DATE, Named, (*ERRORS, 65401, 65403)),
    Route(API, "POST", f"{KF}/inviteworker", invite, PAGE, DATE, Invite, (*ERRORS, 65401, 65408, 65409, 65411, 65412)),
    Route(API, "GET", f"{KF}/del", drop, PAGE, DATE, OfAccount, (*ERRORS, 65401)),
    Route(API, "POST", f"{KF}/del", drop, PAGE, DATE, OfAccount, (*ERRORS, 65401)),
    Route(API, "POST", f"{KF}/uploadheadimg", head, PAGE, DATE, OfAccount, (*ERRORS, 40005, 41005, 44001, 65401)),
    Route(API, "GET", "/cgi-bin/customservice/getkflist", listed, PAGE, DATE, None, ERRORS),
    Route(API, "GET", "/cgi-bin/customservice/getonlinekflist", online, PAGE, DATE, None, ERRORS),
    Route("_sandbox", "POST", "/accounts/{appid}/desk", seat, body=Seat),
)
