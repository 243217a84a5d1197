"""kuaidi100's two calls: watch a number, and ask where it is. Forms with a JSON text in `param`."""

from typing import Any

import msgspec

from wxsandbox.faults import Fault
from wxsandbox.http import Call, Reply, json
from wxsandbox.kuaidi import life
from wxsandbox.kuaidi.rows import KuaidiAccount, KuaidiParcel, KuaidiWatch, name
from wxsandbox.routes import Route

HOST = "poll.kuaidi100.com"
CARRIERS = {
    "shunfeng", "zhongtong", "yuantong", "shentong", "yunda", "jtexpress", "jd", "ems", "youzhengguonei",
    "debangkuaidi",
}  # fmt: skip
PHONED = {"shunfeng", "zhongtong"}
LONGEST = 32


class Parameters(msgspec.Struct):
    """What comes with a subscription."""

    callbackurl: str = ""
    salt: str = ""
    resultv2: str = "0"
    phone: str = ""


class Subscription(msgspec.Struct):
    """A number to be watched."""

    company: str = ""
    number: str = ""
    key: str = ""
    parameters: Parameters = msgspec.field(default_factory=Parameters)


class Question(msgspec.Struct):
    """A number to be told of at once."""

    com: str = ""
    num: str = ""
    phone: str = ""
    resultv2: str = "0"


async def poll(call: Call) -> Any:
    """Watch a number: 501 when it is watched already, 600 for a strange key, 700 for what is wrong with it."""
    form = call.form()
    try:
        asked = msgspec.json.decode(form.get("param", ""), type=Subscription)
    except msgspec.DecodeError:
        return said("700", "订阅方的订阅数据存在错误")
    owner = next((one for one in call.box.table(KuaidiAccount) if one.key == asked.key), None)
    if owner is None or owner.expired:
        return said("601", "POLL:KEY已过期") if owner else said("600", "您不是合法的订阅者（授权Key错误）")
    if asked.company not in CARRIERS:
        return said("701", "拒绝订阅的快递公司")
    where, phone = asked.parameters.callbackurl, asked.parameters.phone
    if form.get("schema") != "json" or not 1 <= len(asked.number) <= LONGEST or not where.startswith("http"):
        return said("700", "订阅方的订阅数据存在错误")
    if asked.company in PHONED and not phone:
        return said("700", "请填写收、寄件人的电话号码")
    parcel = found(call, asked.company, asked.number)
    watches = call.box.table(KuaidiWatch)
    if any(one.key == asked.key and one.status == "polling" for one in watches.by("parcel", parcel.id)):
        return said("501", "重复订阅")
    watches.put(
        KuaidiWatch(str(call.box.state.next("kuaidi_watch")), parcel.id, asked.key, where, asked.parameters.salt)
    )
    if parcel.steps:
        life.tell(call.box, parcel)
    else:
        life.set_out(call.box, parcel)
    return said("200", "提交成功")


async def query(call: Call) -> Any:
    """Tell where a parcel is: 503 for a wrong signature, 500 when nothing is known."""
    form = call.form()
    owner = call.box.table(KuaidiAccount).get(form.get("customer", ""))
    param = form.get("param", "")
    if owner is None or life.sign(param, owner.key, owner.id) != form.get("sign"):
        return said("503", "验证签名失败")
    if owner.expired:
        return said("601", "key已过期")
    try:
        asked = msgspec.json.decode(param, type=Question)
    except msgspec.DecodeError:
        return said("400", "提交的数据不完整")
    if asked.com not in CARRIERS or not 1 <= len(asked.num) <= LONGEST:
        return said("400", "提交的数据不完整")
    if asked.com in PHONED and not asked.phone:
        return said("408", "快递公司参数异常：验证码错误")
    parcel = call.box.table(KuaidiParcel).get(name(asked.com, asked.num))
    if parcel is None or not parcel.steps:
        return said("500", "查询无结果，请隔段时间再查")
    return life.result(parcel)


def said(code: str, message: str) -> dict[str, Any]:
    """Answer with a code."""
    return {"result": code == "200", "returnCode": code, "message": message}


def found(call: Call, com: str, num: str) -> KuaidiParcel:
    """Give a parcel, new when nobody ever spoke of it."""
    parcels = call.box.table(KuaidiParcel)
    known: KuaidiParcel | None = parcels.get(name(com, num))
    if known is None:
        known = parcels.put(KuaidiParcel(name(com, num), com, num))
    return known


def refuse(call: Call, fault: Fault) -> Reply:
    """Say no as a fault wants it."""
    return json(said(str(fault.errcode or 500), "服务器错误"))


ROUTES = (
    Route(HOST, "POST", "/poll", poll, refuse=refuse),
    Route(HOST, "POST", "/poll/query.do", query, refuse=refuse),
)
