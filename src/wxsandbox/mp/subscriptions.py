"""Subscription notices: the library, an account's templates, and sending to those who said yes.

Official page: developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html, 2026-09. What people answer to
the prompts, and the one-time page, are in `consents`.
"""

import re
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp import consents
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.mp.messages import push
from wxsandbox.mp.templates import Mini, Value, filled
from wxsandbox.people import fan_by_openid, show
from wxsandbox.routes import Route
from wxsandbox.validate import read, read_query

if TYPE_CHECKING:
    from wxsandbox.box import Box

SETS = (18, 89)
PAGE = f"{PAGES}/Subscription_Messages/api.html"
MOST = 25
CATEGORIES = {307: "食品饮料", 616: "公交"}
# tid: (title, type 2 one-time or 3 long-term, category, fields as (name, example, rule)).
LIBRARY: dict[int, tuple[str, int, int, tuple[tuple[str, str, str], ...]]] = {
    401: ("订单支付成功通知", 2, 307, (
        ("订单编号", "NO20260901001", "character_string"), ("商品名称", "明前龙井", "thing"),
        ("支付金额", "￥99.00", "amount"), ("支付时间", "2026年9月1日 10:00", "time"),
    )),
    402: ("订单发货通知", 2, 307, (
        ("订单编号", "NO20260901001", "character_string"), ("快递公司", "顺丰", "thing"),
        ("快递单号", "SF1002003", "character_string"), ("商品名称", "明前龙井", "thing"),
    )),
    403: ("退款成功通知", 2, 307, (
        ("订单编号", "NO20260901001", "character_string"), ("退款金额", "￥99.00", "amount"),
        ("退款时间", "2026年9月1日 10:00", "time"),
    )),
    99: ("公交到站提醒", 3, 616, (("站点", "西湖", "thing"), ("到站时间", "10:00", "time"))),
}  # fmt: skip
# What a value of a kind may be (47003 otherwise).
RULES = {
    "thing": re.compile(r".{1,20}", re.S), "number": re.compile(r"-?\d{1,32}(\.\d+)?"),
    "letter": re.compile(r"[A-Za-z]{1,32}"), "symbol": re.compile(r".{1,5}"),
    "character_string": re.compile(r"[\x20-\x7e]{1,32}"), "time": re.compile(r".{1,60}"),
    "date": re.compile(r".{1,60}"), "amount": re.compile(r"[^\d]?\d{1,10}(\.\d+)?元?"),
    "phone_number": re.compile(r"[\d+()-]{1,17}"), "car_number": re.compile(r".{1,8}"),
    "name": re.compile(r".{1,20}"), "phrase": re.compile(r"[一-鿿]{1,5}"),
}  # fmt: skip
CODES = {
    "tid": 200014, "kidList": 200020, "sceneDesc": 200021, "priTmplId": 20001, "start": 200016, "limit": 200017,
    "ids": 200018, "touser": 40003, "template_id": 40037, "data": 47003, "value": 47003,
}  # fmt: skip


class NoticeTemplate(msgspec.Struct, kw_only=True):
    """A notice template an account has taken."""

    id: str  # priTmplId
    appid: str
    tid: int
    title: str
    content: str
    example: str
    type: int
    scene: str
    seq: int = 0


class Add(msgspec.Struct):
    """Body of addtemplate."""

    tid: Text | int
    kidList: Annotated[list[int], msgspec.Meta(min_length=2, max_length=5)]
    sceneDesc: Annotated[str, msgspec.Meta(max_length=15)] = ""


class Drop(msgspec.Struct):
    """Body of deltemplate."""

    priTmplId: Text


class Titles(msgspec.Struct):
    """Query of getpubtemplatetitles."""

    ids: Text
    start: Text
    limit: Text


class Of(msgspec.Struct):
    """Query of getpubtemplatekeywords."""

    tid: Text


class Send(msgspec.Struct):
    """Body of subscribe/bizsend."""

    touser: Text
    template_id: Text
    data: dict[str, Value]
    page: str = ""
    miniprogram: Mini | None = None


async def categories(call: Call) -> Any:
    """List the account's categories."""
    tokens.account_call(call, *SETS)
    return {**OK, "data": [{"id": number, "name": name} for number, name in CATEGORIES.items()]}


async def titles(call: Call) -> Any:
    """List the library's templates of some categories."""
    tokens.account_call(call, *SETS)
    for name, code in (("ids", 200018), ("start", 200016), ("limit", 200017)):
        if not call.query.get(name):
            raise WxError(code)
    query = read_query(call.query, Titles, CODES)
    if not query.start.isdigit():
        raise WxError(200016)
    if not query.limit.isdigit() or not 1 <= int(query.limit) <= 30:
        raise WxError(200017)
    if not all(one.isdigit() for one in query.ids.split(",")):
        raise WxError(200019)
    wanted = {int(one) for one in query.ids.split(",")}
    rows = [
        {"tid": tid, "title": title, "type": kind, "categoryId": str(category)}
        for tid, (title, kind, category, _) in LIBRARY.items()
        if category in wanted
    ]
    start = int(query.start)
    return {**OK, "count": len(rows), "data": rows[start : start + int(query.limit)]}


async def keywords(call: Call) -> Any:
    """List the fields of a template of the library."""
    tokens.account_call(call, *SETS)
    _, _, _, fields = in_library(read_query(call.query, Of, {"tid": 200014}).tid)
    rows = [
        {"kid": n + 1, "name": name, "example": example, "rule": rule} for n, (name, example, rule) in enumerate(fields)
    ]
    return {**OK, "count": len(rows), "data": rows}


def in_library(tid: str | int) -> tuple[str, int, int, tuple[tuple[str, str, str], ...]]:
    """Find a template of the library; raises 200014."""
    found = LIBRARY.get(int(tid)) if str(tid).isdigit() else None
    if found is None:
        raise WxError(200014)
    return found


async def add(call: Call) -> Any:
    """Take a template with some of its fields, in the order given."""
    account = tokens.account_call(call, *SETS)
    body = read(call.body, Add, CODES)
    title, kind, _, fields = in_library(body.tid)
    table = call.box.state.table(NoticeTemplate)
    if len(table.by("appid", account.appid)) >= MOST:
        raise WxError(200012)
    if len(set(body.kidList)) != len(body.kidList) or not all(1 <= kid <= len(fields) for kid in body.kidList):
        raise WxError(200020)
    chosen = [(kid, *fields[kid - 1]) for kid in body.kidList]
    made = table.put(
        NoticeTemplate(
            id=call.box.dice.text(43), appid=account.appid, tid=int(body.tid), title=title, type=kind,
            content="\n".join(f"{name}:{{{{{rule}{kid}.DATA}}}}" for kid, name, _, rule in chosen),
            example="\n".join(f"{name}:{example}" for _, name, example, _ in chosen), scene=body.sceneDesc,
            seq=call.box.state.next("notice_template"),
        )
    )  # fmt: skip
    return {**OK, "priTmplId": made.id}


async def get(call: Call) -> Any:
    """List the account's templates."""
    account = tokens.account_call(call, *SETS)
    rows = sorted(call.box.state.table(NoticeTemplate).by("appid", account.appid), key=lambda one: one.seq)
    data = [
        {
            "priTmplId": one.id, "title": one.title, "content": one.content, "example": one.example, "type": one.type,
            "keywordEnumValueList": [],
        }
        for one in rows
    ]  # fmt: skip
    return {**OK, "data": data}


async def drop(call: Call) -> Any:
    """Drop a template, and with it what people agreed to."""
    account = tokens.account_call(call, *SETS)
    body = read(call.body, Drop, CODES)
    call.box.state.table(NoticeTemplate).delete(owned(call.box, account.appid, body.priTmplId, unknown=20002).id)
    consents.forget(call.box, account.appid, body.priTmplId)
    return OK


def owned(box: "Box", appid: str, template_id: str, *, unknown: int = 40037) -> NoticeTemplate:
    """Find a template of the account; raises 40037, or another code."""
    found = box.state.table(NoticeTemplate).get(template_id)
    if found is None or found.appid != appid:
        raise WxError(unknown)
    return found


async def send(call: Call) -> Any:
    """Send a notice to somebody who agreed: one-time consents are used up by it."""
    account = tokens.account_call(call, *SETS)
    body = read(call.body, Send, CODES)
    box = call.box
    template = owned(box, account.appid, body.template_id)
    one = fan_by_openid(box, account.appid, body.touser)
    if one is None:
        raise WxError(40003)
    items = filled(template.content, body.data)
    for key, value in body.data.items():
        rule = RULES.get(key.rstrip("0123456789"))
        if rule is not None and not rule.fullmatch(value.value):
            raise WxError(47003, f"argument invalid! data.{key}.value invalid")
    if not consents.use(box, one, template.id, long=template.type == 3):
        raise WxError(43101)
    msgid = 1_700_000_000_000_000_000 + box.state.next("notice_msgid")
    content = {"title": template.title, "items": items, "url": body.page, "msgid": str(msgid)}
    show(
        box, appid=account.appid, person=one.person, who="account", kind="template", content=content,
        via="subscription",
    )  # fmt: skip
    done = {"TemplateId": template.id, "MsgID": str(msgid), "ErrorCode": "0", "ErrorStatus": "success"}
    event = {"Event": "subscribe_msg_sent_event", "SubscribeMsgSentEvent": {"List": done}}
    push(box, account, one, "event", event)
    return OK


ERRORS = (40001, 41001, 42001, 47001, 61007)
BASE = "/wxaapi/newtmpl"
ROUTES = (
    Route(API, "GET", f"{BASE}/getcategory", categories, PAGE, DATE, None, ERRORS),
    Route(
        API, "GET", f"{BASE}/getpubtemplatetitles", titles, PAGE, DATE, Titles,
        (*ERRORS, 200016, 200017, 200018, 200019),
    ),
    Route(API, "GET", f"{BASE}/getpubtemplatekeywords", keywords, PAGE, DATE, Of, (*ERRORS, 200014)),
    Route(API, "POST", f"{BASE}/addtemplate", add, PAGE, DATE, Add, (*ERRORS, 200012, 200014, 200020, 200021)),
    Route(API, "GET", f"{BASE}/gettemplate", get, PAGE, DATE, None, ERRORS),
    Route(API, "POST", f"{BASE}/deltemplate", drop, PAGE, DATE, Drop, (*ERRORS, 20001, 20002)),
    Route(
        API, "POST", "/cgi-bin/message/subscribe/bizsend", send, PAGE, DATE, Send,
        (*ERRORS, 40003, 40037, 43101, 47003),
    ),
)  # fmt: skip
