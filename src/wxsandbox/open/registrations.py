"""What WeChat tells a platform about mini programs that are being registered, and anything else it may think of.

Official page: developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Register_Mini_Programs/
Fast_Registration_Interface_document.html, read 2026-09. On failure there is no appid and no auth_code.
"""

from typing import Any

import msgspec

from wxsandbox.accounts import Component
from wxsandbox.errors import NotFound, Wrong
from wxsandbox.http import Call
from wxsandbox.open.tickets import push_event
from wxsandbox.routes import Route
from wxsandbox.validate import control

HOST = "_sandbox"
STATUSES = {
    0: "OK", 100001: "已下发的模板消息法人并未确认且已超时（24h），未进行身份证校验",
    100002: "已下发的模板消息法人并未确认且已超时（24h），未进行人脸识别校验",
    100003: "已下发的模板消息法人并未确认且已超时（24h）", 101: "工商数据返回：“企业已注销”",
    102: "工商数据返回：“企业不存在或企业信息未更新”",
    103: "工商数据返回：“企业法定代表人姓名不一致”", 104: "工商数据返回：“企业法定代表人身份证号码不一致”",
    105: "法定代表人身份证号码，工商数据未更新，请 5-15 个工作日之后尝试",
    1000: "工商数据返回：“企业信息或法定代表人信息不一致”",
    -1: "企业与法人姓名不一致",
}  # fmt: skip


class Registered(msgspec.Struct):
    """How a registration ended; `personal` sends the variant of a person."""

    status: int = 0
    name: str = "云上小程序"
    code: str = "91330100MA00000000"
    legal_persona_wechat: str = "laowang_1978"
    legal_persona_name: str = "王建国"
    component_phone: str = "13800000000"
    personal: bool = False


class Told(msgspec.Struct):
    """Any event: its InfoType and plain fields."""

    info_type: str
    fields: dict[str, str | int] = {}


async def register(call: Call) -> Any:
    """Tell a platform how a registration ended (notify_third_fasteregister)."""
    asked = control(call.body or b"{}", Registered)
    if asked.status not in STATUSES:
        raise Wrong(f"status must be one of {sorted(STATUSES)}")
    dice = call.box.dice
    appid = "wx" + dice.hex(16) if asked.status == 0 else ""
    fields: dict[str, Any] = {"appid": appid} if appid else {}
    fields["status"] = asked.status
    if appid:
        fields["auth_code"] = "queryauthcode@@@" + dice.text(86)
    fields["msg"] = STATUSES[asked.status]
    company = msgspec.structs.asdict(asked)
    names = ("name", "code", "legal_persona_wechat", "legal_persona_name", "component_phone")
    fields["info"] = {name: company[name] for name in names} | {"code_type": 1}
    if asked.personal:
        fields["info"] = {"wxuser": asked.legal_persona_wechat, "idname": asked.legal_persona_name,
                          "component_phone": asked.component_phone}  # fmt: skip
    push_event(call.box, component_of(call), "notify_third_fasteregister", fields)
    return {"appid": appid}


async def tell(call: Call) -> Any:
    """Tell a platform anything, also what no page describes yet."""
    asked = control(call.body, Told)
    push_event(call.box, component_of(call), asked.info_type, dict(asked.fields))
    return {"ok": True}


def component_of(call: Call) -> Component:
    """Find the platform of the path; raises NotFound."""
    found = call.box.table(Component).get(call.params["appid"])
    if found is None:
        raise NotFound("no such component")
    return found  # type: ignore[no-any-return]


ROUTES = (
    Route(HOST, "POST", "/components/{appid}/registrations", register, body=Registered),
    Route(HOST, "POST", "/components/{appid}/notices", tell, body=Told),
)
