"""Template messages: industries, an account's templates, sending, and what became of it.

Official page: developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html, 2026-09.
"""

import re
from typing import TYPE_CHECKING, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp import consents
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.mp.messages import push
from wxsandbox.people import Fan, fan_by_openid, show
from wxsandbox.routes import Route
from wxsandbox.validate import read

if TYPE_CHECKING:
    from wxsandbox.box import Box

SET = 7
PAGE = f"{PAGES}/Message_Management/Template_Message_Interface.html"
MOST = 25
MONTH = 30 * 86_400
REPEAT_SECONDS = 600
FIELD = re.compile(r"([^{}\n：:]*)[：:]?\{\{(\w+)\.DATA\}\}")
CODES = {
    "touser": 40003, "template_id": 40037, "industry_id1": 40102, "industry_id2": 40103, "data": 47003, "value": 47003,
    "client_msg_id": 40097,
}  # fmt: skip
# WeChat's numbers of industries.
INDUSTRIES = {
    "1": ("IT科技", "互联网|电子商务"), "2": ("IT科技", "IT软件与服务"), "3": ("IT科技", "IT硬件与设备"),
    "4": ("IT科技", "电子技术"), "5": ("IT科技", "通信与运营商"), "6": ("IT科技", "网络游戏"), "7": ("金融业", "银行"),
    "8": ("金融业", "基金|理财|信托"), "9": ("金融业", "保险"), "10": ("餐饮", "餐饮"), "11": ("酒店旅游", "酒店"),
    "12": ("酒店旅游", "旅游"), "13": ("运输与仓储", "快递"), "14": ("运输与仓储", "物流"),
    "15": ("运输与仓储", "仓储"), "16": ("教育", "培训"), "17": ("教育", "院校"), "18": ("政府与公共事业", "学术科研"),
    "19": ("政府与公共事业", "交警"), "20": ("政府与公共事业", "博物馆"),
    "21": ("政府与公共事业", "公共事业|非盈利机构"), "22": ("医药护理", "医药医疗"),
    "23": ("医药护理", "护理美容"), "24": ("医药护理", "保健与卫生"), "25": ("交通工具", "汽车相关"),
    "26": ("交通工具", "摩托车相关"), "27": ("交通工具", "火车相关"), "28": ("交通工具", "飞机相关"),
    "29": ("房地产", "建筑"), "30": ("房地产", "物业"), "31": ("消费品", "消费品"), "32": ("商业服务", "法律"),
    "33": ("商业服务", "会展"), "34": ("商业服务", "中介服务"), "35": ("商业服务", "认证"), "36": ("商业服务", "审计"),
    "37": ("文体娱乐", "传媒"), "38": ("文体娱乐", "体育"), "39": ("文体娱乐", "娱乐休闲"), "40": ("印刷", "印刷"),
    "41": ("其它", "其它"),
}  # fmt: skip
# A few templates of WeChat's library: title, fields in order.
LIBRARY: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "TM00015": ("订单支付成功", (("订单号", "NO20260901001"), ("商品", "明前龙井"), ("支付金额", "￥99.00"))),
    "TM00303": ("订单发货提醒", (("订单号", "NO20260901001"), ("快递公司", "顺丰"), ("快递单号", "SF1002003"))),
    "TM00430": ("退款成功通知", (("订单号", "NO20260901001"), ("退款金额", "￥99.00"), ("退款时间", "2026年9月1日"))),
    "OPENTM401": ("服务进度提醒", (("时间", "2026年9月1日 10:00"), ("地点", "杭州"), ("状态", "已完成"))),
}


class Template(msgspec.Struct, kw_only=True):
    """A template an account has."""

    id: str  # the template_id
    appid: str
    short_id: str
    title: str
    content: str
    example: str
    seq: int = 0


class SentTemplate(msgspec.Struct, kw_only=True):
    """What was sent under a client_msg_id, so that a repeat is known."""

    id: str  # appid:client_msg_id
    msgid: int
    at: int


class Trade(msgspec.Struct, kw_only=True):
    """An account's industries, and when they were set."""

    id: str  # the appid
    first: str
    second: str
    at: int


class SetIndustry(msgspec.Struct):
    """Body of api_set_industry."""

    industry_id1: Text
    industry_id2: Text


class Add(msgspec.Struct):
    """Body of api_add_template."""

    template_id_short: Text
    keyword_name_list: list[str] = []


class Drop(msgspec.Struct):
    """Body of del_private_template."""

    template_id: Text


class Value(msgspec.Struct):
    """A field's value; colours are no longer shown."""

    value: str
    color: str = ""


class Mini(msgspec.Struct):
    """The mini program a message leads to."""

    appid: str = ""
    pagepath: str = ""


class Send(msgspec.Struct):
    """Body of message/template/send."""

    touser: Text
    template_id: Text
    data: dict[str, Value]
    url: str = ""
    miniprogram: Mini | None = None
    client_msg_id: str = ""


async def set_industry(call: Call) -> Any:
    """Set the industries, once a month."""
    account = tokens.account_call(call, SET)
    body = read(call.body, SetIndustry, CODES)
    for number, code in ((body.industry_id1, 40102), (body.industry_id2, 40103)):
        if number not in INDUSTRIES:
            raise WxError(code)
    table, now = call.box.state.table(Trade), call.box.clock.seconds()
    known = table.get(account.appid)
    if known is not None and now - known.at < MONTH:
        raise WxError(43100)
    table.put(Trade(id=account.appid, first=body.industry_id1, second=body.industry_id2, at=now))
    return OK


async def get_industry(call: Call) -> Any:
    """Give the industries."""
    account = tokens.account_call(call, SET)
    known = call.box.state.table(Trade).get(account.appid)
    first, second = (INDUSTRIES[known.first], INDUSTRIES[known.second]) if known else (("", ""), ("", ""))
    return {
        "primary_industry": {"first_class": first[0], "second_class": first[1]},
        "secondary_industry": {"first_class": second[0], "second_class": second[1]},
    }


async def add(call: Call) -> Any:
    """Take a template of the library."""
    account = tokens.account_call(call, SET)
    body = read(call.body, Add, CODES)
    table = call.box.state.table(Template)
    if body.template_id_short not in LIBRARY:
        raise WxError(45027)
    if len(table.by("appid", account.appid)) >= MOST:
        raise WxError(45026)
    title, known = LIBRARY[body.template_id_short]
    fields = [one for one in known if not body.keyword_name_list or one[0] in body.keyword_name_list]
    if body.keyword_name_list and len(fields) != len(set(body.keyword_name_list)):
        raise WxError(40097)
    made = table.put(
        Template(
            id=call.box.dice.text(43), appid=account.appid, short_id=body.template_id_short, title=title,
            content="\n".join(f"{name}：{{{{keyword{n + 1}.DATA}}}}" for n, (name, _) in enumerate(fields)),
            example="\n".join(f"{name}：{value}" for name, value in fields), seq=call.box.state.next("template"),
        )
    )  # fmt: skip
    return {**OK, "template_id": made.id}


async def get_all(call: Call) -> Any:
    """List the account's templates."""
    account = tokens.account_call(call, SET)
    trade = call.box.state.table(Trade).get(account.appid)
    first, second = INDUSTRIES[trade.first] if trade else INDUSTRIES["1"]
    rows = sorted(call.box.state.table(Template).by("appid", account.appid), key=lambda one: one.seq)
    return {
        "template_list": [
            {
                "template_id": one.id, "title": one.title, "primary_industry": first, "deputy_industry": second,
                "content": one.content, "example": one.example,
            }
            for one in rows
        ]
    }  # fmt: skip


async def drop(call: Call) -> Any:
    """Drop a template."""
    account = tokens.account_call(call, SET)
    body = read(call.body, Drop, CODES)
    call.box.state.table(Template).delete(owned(call.box, account, body.template_id).id)
    return OK


def owned(box: "Box", account: Account, template_id: str) -> Template:
    """Find a template of the account; raises 40037."""
    found = box.state.table(Template).get(template_id)
    if found is None or found.appid != account.appid:
        raise WxError(40037)
    return found


async def send(call: Call) -> Any:
    """Send a template; a person who refuses is reported later, not here."""
    account = tokens.account_call(call, SET)
    body = read(call.body, Send, CODES)
    box, now = call.box, call.box.clock.seconds()
    template = owned(box, account, body.template_id)
    if account.service_type != 2:
        raise WxError(48001)
    one = fan_by_openid(box, account.appid, body.touser)
    if one is None:
        raise WxError(40003)
    if one.blocked:
        raise WxError(43019)
    if not one.subscribed:
        raise WxError(43004)
    if body.miniprogram and body.miniprogram.appid and not body.miniprogram.pagepath:
        raise WxError(40165)
    items = filled(template.content, body.data)
    if len(body.client_msg_id) > 32:
        raise WxError(40097)
    sent, key = box.state.table(SentTemplate), f"{account.appid}:{body.client_msg_id}"
    known = sent.get(key) if body.client_msg_id else None
    if known is not None and now - known.at < REPEAT_SECONDS:
        return {**OK, "msgid": known.msgid}
    msgid = 200_000_000 + box.state.next("template_msgid")
    if body.client_msg_id:
        sent.put(SentTemplate(id=key, msgid=msgid, at=now))
    deliver(box, account, one, template.title, items, body.url, body.miniprogram, msgid)
    return {**OK, "msgid": msgid}


def filled(content: str, data: dict[str, Value]) -> list[dict[str, str]]:
    """Fill a template's fields in its own order; raises 47003 for one that is missing or empty."""
    items = []
    for name, key in FIELD.findall(content):
        if key not in data or not data[key].value.strip():
            raise WxError(47003, f"argument invalid! data.{key}.value is empty")
        items.append({"name": name.strip(), "value": data[key].value})
    return items


def deliver(
    box: "Box", account: Account, one: Fan, title: str, items: list[dict[str, str]], url: str, mini: Mini | None,
    msgid: int,
) -> None:  # fmt: skip
    """Put a filled template on the phone, or not, when the person refuses templates; tell the account which."""
    refuses = consents.refuses_templates(box, one)
    if not refuses:
        content = {"title": title, "items": items, "url": url, "msgid": str(msgid)}
        if mini and mini.appid:
            content |= {"appid": mini.appid, "pagepath": mini.pagepath}
        show(
            box, appid=account.appid, person=one.person, who="account", kind="template", content=content,
            via="template",
        )  # fmt: skip
    status = "failed:user block" if refuses else "success"
    fields = {"Event": "TEMPLATESENDJOBFINISH", "MsgID": msgid, "Status": status}
    push(box, account, one, "event", fields)


ERRORS = (40001, 41001, 42001, 47001, 61007)
ROUTES = (
    Route(
        API, "POST", "/cgi-bin/template/api_set_industry", set_industry, PAGE, DATE, SetIndustry,
        (*ERRORS, 40102, 40103, 43100),
    ),
    Route(API, "GET", "/cgi-bin/template/get_industry", get_industry, PAGE, DATE, None, ERRORS),
    Route(API, "POST", "/cgi-bin/template/api_add_template", add, PAGE, DATE, Add, (*ERRORS, 40097, 45026, 45027)),
    Route(API, "GET", "/cgi-bin/template/get_all_private_template", get_all, PAGE, DATE, None, ERRORS),
    Route(API, "POST", "/cgi-bin/template/del_private_template", drop, PAGE, DATE, Drop, (*ERRORS, 40037)),
    Route(
        API, "POST", "/cgi-bin/message/template/send", send, PAGE, DATE, Send,
        (*ERRORS, 40003, 40037, 40165, 43004, 43019, 47003, 48001),
    ),
)  # fmt: skip
