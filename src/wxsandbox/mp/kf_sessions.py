"""Sessions at the customer-service desk: who talks to whom, who waits, and what was said.

Official pages: developers.weixin.qq.com/doc/offiaccount/Customer_Service/Session_control.html,
Obtain_chat_transcript.html, 2026-09.
"""

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.mp.kf import CODES, DAY, ERRORS, SETS, OfAccount, Talk, found
from wxsandbox.mp.messages import push
from wxsandbox.people import Chat, Fan, fan_by_openid
from wxsandbox.routes import Route
from wxsandbox.validate import read, read_query

if TYPE_CHECKING:
    from wxsandbox.box import Box

TALKS = f"{PAGES}/Customer_Service/Session_control.html"
RECORDS = f"{PAGES}/Customer_Service/Obtain_chat_transcript.html"
WAITING = 100


class OfPerson(msgspec.Struct):
    """Query of getsession."""

    openid: Text


class Session(msgspec.Struct):
    """Body of kfsession/create and close."""

    kf_account: Text
    openid: Text


class Range(msgspec.Struct):
    """Body of getmsglist; unix seconds, at most a day apart."""

    starttime: int
    endtime: int
    msgid: int = 1
    number: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 10_000


def person(box: "Box", account: Account, openid: str) -> Fan:
    """Find who talks; raises 40003."""
    one = fan_by_openid(box, account.appid, openid)
    if one is None:
        raise WxError(40003)
    return one


async def create(call: Call) -> Any:
    """Hand a person to an account that is at the desk."""
    account = tokens.account_call(call, *SETS)
    body, box = read(call.body, Session, CODES), call.box
    kf, one = found(box, account, body.kf_account), person(call.box, account, body.openid)
    if not kf.wx:
        raise WxError(65402)
    if not kf.online:
        raise WxError(65415)
    table = box.state.table(Talk)
    known = table.get(f"{account.appid}:{body.openid}")
    if known is not None and known.kf and known.kf != kf.name:
        raise WxError(65414)
    begin(box, account, one, kf.name)
    return OK


def begin(box: "Box", account: Account, one: Fan, kf: str) -> None:
    """Put a person into somebody's hands, or (no account) into the line."""
    table, key = box.state.table(Talk), f"{account.appid}:{one.openid}"
    known = table.get(key)
    table.put(
        Talk(id=key, appid=account.appid, openid=one.openid, kf=kf, at=box.clock.seconds(), seq=box.state.next("talk"))
    )
    if kf and (known is None or known.kf != kf):
        push(box, account, one, "event", {"Event": "kf_create_session", "KfAccount": kf})


async def close(call: Call) -> Any:
    """End a session."""
    account = tokens.account_call(call, *SETS)
    body, box = read(call.body, Session, CODES), call.box
    kf, one = found(box, account, body.kf_account), person(call.box, account, body.openid)
    known = box.state.table(Talk).get(f"{account.appid}:{body.openid}")
    if known is None or known.kf != kf.name:
        raise WxError(65413)
    box.state.table(Talk).delete(known.id)
    push(box, account, one, "event", {"Event": "kf_close_session", "KfAccount": kf.name, "CloseType": "KF"})
    return OK


async def get_session(call: Call) -> Any:
    """Say who talks to a person."""
    account = tokens.account_call(call, *SETS)
    openid = read_query(call.query, OfPerson, CODES).openid
    person(call.box, account, openid)
    known = call.box.state.table(Talk).get(f"{account.appid}:{openid}")
    if known is None or not known.kf:
        return {"createtime": 0, "kf_account": ""}
    return {"createtime": known.at, "kf_account": known.kf}


async def sessions(call: Call) -> Any:
    """List an account's sessions."""
    account = tokens.account_call(call, *SETS)
    kf = found(call.box, account, read_query(call.query, OfAccount, CODES).kf_account)
    rows = [talk for talk in call.box.state.table(Talk).by("appid", account.appid) if talk.kf == kf.name]
    return {"sessionlist": [{"createtime": talk.at, "openid": talk.openid} for talk in rows]}


async def waiting(call: Call) -> Any:
    """List who waits, longest first."""
    account = tokens.account_call(call, *SETS)
    rows = [talk for talk in call.box.state.table(Talk).by("appid", account.appid) if not talk.kf]
    rows.sort(key=lambda talk: (talk.at, talk.seq))
    cases = [{"latest_time": talk.at, "openid": talk.openid} for talk in rows[:WAITING]]
    return {"count": len(rows), "waitcaselist": cases}


async def records(call: Call) -> Any:
    """Give what was said between people and the account's customer service, within a day."""
    account = tokens.account_call(call, *SETS)
    body = read(call.body, Range, CODES)
    if body.endtime <= body.starttime:
        raise WxError(65416)
    if body.endtime - body.starttime > DAY:
        raise WxError(65417)
    lines = [
        chat
        for chat in call.box.state.table(Chat).by("appid", account.appid)
        if chat.seq >= body.msgid and body.starttime <= chat.at <= body.endtime
        and (chat.who == "person" or chat.via == "custom")
    ]  # fmt: skip
    lines.sort(key=lambda chat: chat.seq)
    part = lines[: body.number]
    fans = {one.person: one.openid for one in call.box.state.table(Fan).by("appid", account.appid)}
    rows = [
        {
            "openid": fans.get(chat.person, ""), "opercode": 2003 if chat.who == "person" else 2002,
            "text": str(chat.content.get("text", f"[{chat.kind}]")), "time": int(chat.at), "worker": "",
        }
        for chat in part
    ]  # fmt: skip
    return {"recordlist": rows, "number": len(rows), "msgid": part[-1].seq + 1 if part else body.msgid}


TALK = "/customservice/kfsession"
ROUTES = (
    Route(API, "POST", f"{TALK}/create", create, TALKS, DATE, Session, (*ERRORS, 40003, 65401, 65402, 65414, 65415)),
    Route(API, "POST", f"{TALK}/close", close, TALKS, DATE, Session, (*ERRORS, 40003, 65401, 65413)),
    Route(API, "GET", f"{TALK}/getsession", get_session, TALKS, DATE, OfPerson, (*ERRORS, 40003)),
    Route(API, "GET", f"{TALK}/getsessionlist", sessions, TALKS, DATE, OfAccount, (*ERRORS, 65401)),
    Route(API, "GET", f"{TALK}/getwaitcase", waiting, TALKS, DATE, None, ERRORS),
    Route(API, "POST", "/customservice/msgrecord/getmsglist", records, RECORDS, DATE, Range, (*ERRORS, 65416, 65417)),
)
