"""One message to many: accepted at once, sent by and by, its result pushed.

Official page: developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html,
2026-09. Deleting makes the pages of articles and the films unreadable; the cards stay in people's chats, as the page
says. A fault on "mass" with the effect `verdict` and data {"status": "err(20001)"} makes jobs end otherwise.
"""

from typing import Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp import mass
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.mp.mass import MASS_SET, SPEEDS, Job, Speed
from wxsandbox.mp.tags import Tag
from wxsandbox.people import Fan, Person, fan, fan_by_openid
from wxsandbox.routes import Route
from wxsandbox.validate import convert, read

PAGE = f"{PAGES}/Message_Management/Batch_Sends_and_Originality_Checks.html"
KEY_BYTES, KEY_SECONDS = 64, 86_400
LEAST, MOST = 2, 10_000
A_DAY, A_MINUTE, PREVIEWS_BY_NAME = 100, 60, 100
CODES = {"msgtype": 40008, "touser": 40031, "filter": 40097, "msg_id": 40204, "speed": 45083, "article_idx": 40060}


class Filter(msgspec.Struct):
    """To whom sendall sends."""

    is_to_all: bool = False
    tag_id: int | None = None


class SendAll(msgspec.Struct):
    """Body of mass/sendall, without the part named by msgtype."""

    filter: Filter
    msgtype: Text
    clientmsgid: str = ""
    send_ignore_reprint: int = 0


class Send(msgspec.Struct):
    """Body of mass/send, without the part named by msgtype."""

    touser: list[str]
    msgtype: Text
    clientmsgid: str = ""
    send_ignore_reprint: int = 0


class Preview(msgspec.Struct):
    """Body of mass/preview; the WeChat name wins."""

    msgtype: Text
    touser: str = ""
    towxname: str = ""


class Ask(msgspec.Struct):
    """Body of mass/get."""

    msg_id: int | str


class Delete(msgspec.Struct):
    """Body of mass/delete."""

    msg_id: int | str = 0
    article_idx: Annotated[int, msgspec.Meta(ge=0)] = 0
    url: str = ""


class SetSpeed(msgspec.Struct):
    """Body of mass/speed/set."""

    speed: int


async def sendall(call: Call) -> Any:
    """Send to all followers, or to those of a tag."""
    account = tokens.account_call(call, MASS_SET)
    whole = read(call.body, dict[str, Any], {})
    body = convert(whole, SendAll, CODES)
    people = [one for one in call.box.state.table(Fan).by("appid", account.appid) if one.subscribed]
    if not body.filter.is_to_all:
        tag = body.filter.tag_id
        if tag is None or call.box.state.table(Tag).get(f"{account.appid}:{tag}") is None:
            raise WxError(45159)
        people = [one for one in people if tag in one.tags]
    return take(call, account, whole, people, body.clientmsgid, bool(body.send_ignore_reprint))


async def send(call: Call) -> Any:
    """Send to a list of people."""
    account = tokens.account_call(call, MASS_SET)
    whole = read(call.body, dict[str, Any], {})
    body = convert(whole, Send, CODES)
    openids = list(dict.fromkeys(body.touser))
    if len(openids) < LEAST:
        raise WxError(40130)
    if len(openids) > MOST:
        raise WxError(40032)
    found = [fan_by_openid(call.box, account.appid, openid) for openid in openids]
    people = [one for one in found if one is not None]
    if not people:
        raise WxError(40031)
    return take(call, account, whole, people, body.clientmsgid, bool(body.send_ignore_reprint))


def take(call: Call, account: Account, whole: dict[str, Any], people: list[Fan], key: str, ignore: bool) -> Any:
    """Take a job on, unless its key is known, its message wrong or the quota used up."""
    box, now = call.box, call.box.clock.now()
    jobs = box.state.table(Job)
    mine = jobs.by("appid", account.appid)
    if len(key.encode()) > KEY_BYTES:
        raise WxError(45067)
    if key and (known := next((j for j in mine if j.key == key and now - j.at < KEY_SECONDS), None)):
        known.repeats = [at for at in known.repeats if now - at < A_MINUTE] + [now]
        jobs.put(known)
        if len(known.repeats) > 2:
            raise WxError(45066)
        again = {"errcode": 45065, "errmsg": WxError(45065).errmsg, "msg_id": int(known.id)}
        return again | ({"msg_data_id": known.data_id} if known.data_id else {})
    if sum(now - j.at < A_MINUTE for j in mine) >= A_MINUTE:
        raise WxError(45011)
    day = [j for j in mine if mass.day(j.at) == mass.day(now)]
    if len(day) >= A_DAY:
        raise WxError(45009)
    message = mass.message_of(call, account.appid, whole)
    allowed = [one for one in people if mass.may_have(box, account, one)]
    if people and not allowed:
        raise WxError(45028)
    seq = box.state.next("mass")
    job = Job(
        id=str(1_000_000_000 + seq), seq=seq, appid=account.appid, key=key, at=now, kind=whole["msgtype"],
        message=message, people=[one.person for one in people], ignore_reprint=ignore,
        data_id=2_650_000_000 + seq if whole["msgtype"] == "mpnews" else 0,
    )  # fmt: skip
    jobs.put(job)
    box.scheduler.at(now + mass.seconds_for(box, account.appid, len(people)), "mass.finish", id=job.id)
    answer = {"errcode": 0, "errmsg": "send job submission success", "msg_id": int(job.id)}
    return answer | ({"msg_data_id": job.data_id} if job.data_id else {})


async def preview(call: Call) -> Any:
    """Show a message to one person; by WeChat name a hundred times a day."""
    account = tokens.account_call(call, MASS_SET)
    box = call.box
    whole = read(call.body, dict[str, Any], {})
    body = convert(whole, Preview, {**CODES, "touser": 40003})
    one = None
    if body.towxname:
        mass.count_preview(box, account.appid, PREVIEWS_BY_NAME)
        known = box.state.table(Person).get(body.towxname)
        one = fan(box, known.id, account.appid) if known else None
    elif body.touser:
        one = fan_by_openid(box, account.appid, body.touser)
    if one is None or not one.subscribed:
        raise WxError(40132 if body.towxname else 40003)
    message = mass.message_of(call, account.appid, whole)
    seq = box.state.next("mass")
    mass.show_to(box, account, one.person, whole["msgtype"], message, via="preview")
    return {"errcode": 0, "errmsg": "preview success", "msg_id": 1_000_000_000 + seq}


async def state(call: Call) -> Any:
    """Say how a job is doing."""
    account = tokens.account_call(call, MASS_SET)
    job = job_of(call, account.appid, read(call.body, Ask, CODES).msg_id)
    return {"msg_id": int(job.id), "msg_status": job.state}


async def delete(call: Call) -> Any:
    """Make the articles or the film of a job unreadable; other messages cannot be taken back."""
    account = tokens.account_call(call, MASS_SET)
    body = read(call.body, Delete, CODES)
    job = job_of(call, account.appid, body.msg_id)
    if job.state not in ("SEND_SUCCESS", "DELETE") or job.kind not in ("mpnews", "mpvideo"):
        raise WxError(40204)
    pages = job.pages
    if job.kind == "mpnews" and body.article_idx > len(pages):
        raise WxError(40060)
    mass.unpublish(call.box, job, body.article_idx)
    return OK


async def get_speed(call: Call) -> Any:
    """Give the level of speed."""
    account = tokens.account_call(call, MASS_SET)
    known = call.box.state.table(Speed).get(account.appid) or Speed(account.appid)
    return {"speed": known.level, "realspeed": SPEEDS[known.level]}


async def set_speed(call: Call) -> Any:
    """Set the level of speed, 0 to 4."""
    account = tokens.account_call(call, MASS_SET)
    level = read(call.body, SetSpeed, CODES).speed
    if not 0 <= level < len(SPEEDS):
        raise WxError(45083)
    call.box.state.table(Speed).put(Speed(account.appid, level))
    return OK


def job_of(call: Call, appid: str, msg_id: int | str) -> Job:
    """Find a job; raises 40204."""
    job = call.box.state.table(Job).get(str(msg_id))
    if job is None or job.appid != appid:
        raise WxError(40204)
    return job


ERRORS = (40001, 41001, 42001, 61007)
SENDING = (40007, 40008, 44004, 45002, 45009, 45011, 45028, 45065, 45066, 45067, 47001)
DUES = {"mass.finish": mass.finish}
ROUTES = (
    Route(API, "POST", "/cgi-bin/message/mass/sendall", sendall, PAGE, DATE, SendAll, (*ERRORS, *SENDING, 45159)),
    Route(
        API, "POST", "/cgi-bin/message/mass/send", send, PAGE, DATE, Send, (*ERRORS, *SENDING, 40031, 40032, 40130),
    ),
    Route(
        API, "POST", "/cgi-bin/message/mass/preview", preview, PAGE, DATE, Preview,
        (*ERRORS, 40003, 40007, 40008, 40132, 45009),
    ),
    Route(API, "POST", "/cgi-bin/message/mass/get", state, PAGE, DATE, Ask, (*ERRORS, 40204)),
    Route(API, "POST", "/cgi-bin/message/mass/delete", delete, PAGE, DATE, Delete, (*ERRORS, 40060, 40204)),
    Route(API, "POST", "/cgi-bin/message/mass/speed/get", get_speed, PAGE, DATE, None, ERRORS),
    Route(API, "POST", "/cgi-bin/message/mass/speed/set", set_speed, PAGE, DATE, SetSpeed, (*ERRORS, 45083)),
)  # fmt: skip
