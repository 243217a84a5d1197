"""Quick registration of mini programs: asked for by a platform, confirmed by the legal person within 24 hours.

Official page: developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Register_Mini_Programs/
Fast_Registration_Interface_document.html and Register_Mini_Programs/personalwx.html, read 2026-09. The page where the
legal person confirms is the sandbox's own; WeChat sends it to the person's phone.
"""

from html import escape
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account, Component
from wxsandbox.errors import OK, NotFound, WxError
from wxsandbox.http import Call, Reply, redirect
from wxsandbox.open import backoffice as back
from wxsandbox.open import grants
from wxsandbox.open.registrations import STATUSES
from wxsandbox.open.tickets import push_event
from wxsandbox.routes import Route
from wxsandbox.validate import read

if TYPE_CHECKING:
    from wxsandbox.box import Box

API, MP, DATE = "api.weixin.qq.com", "mp.weixin.qq.com", "2026-09"
PAGES = "https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Register_Mini_Programs"
DAY, LATE = 86_400, 100003
# What a fresh mini program grants the platform that registered it.
SETS = [17, 18, 19, 25, 30, 31]
LENGTHS = {1: 18, 2: 9, 3: 15}
WORDS = {
    61070: "name, wechat name not in accordance", 86004: "invalid wechat", 89247: "inner error",
    89248: "invalid code type", 89249: "task running", 89250: "inner error", 89251: "legal person checking",
    89253: "lack of some params", 89255: "code invalid",
}  # fmt: skip
Text = Annotated[str, msgspec.Meta(min_length=1)]
WeChatId = Annotated[str, msgspec.Meta(pattern=r"^[a-zA-Z][-_a-zA-Z0-9]{5,19}$")]
CODES = {"legal_persona_wechat": 86004, "wxuser": 86004, "code_type": 89248, "name": 89253, "code": 89253,
         "legal_persona_name": 89253, "idname": 89253, "component_phone": 89253, "taskid": 89253}  # fmt: skip


class Company(msgspec.Struct):
    """Body of fastregisterweapp?action=create."""

    name: Text
    code: Text
    code_type: Annotated[int, msgspec.Meta(ge=1, le=3)]
    legal_persona_wechat: WeChatId
    legal_persona_name: Text
    component_phone: str = ""


class OfCompany(msgspec.Struct):
    """Body of fastregisterweapp?action=search."""

    name: Text
    legal_persona_wechat: WeChatId
    legal_persona_name: Text


class Personal(msgspec.Struct):
    """Body of fastregisterpersonalweapp?action=create."""

    idname: Text
    wxuser: WeChatId
    component_phone: str = ""


class Task(msgspec.Struct):
    """Body of fastregisterpersonalweapp?action=query."""

    taskid: Text


class FastRegistration(msgspec.Struct, kw_only=True):
    """A registration; `status` is WeChat's, None while the person has not answered."""

    id: str
    seq: int
    component: str
    info: dict[str, str | int]
    at: float
    personal: bool = False
    status: int | None = None
    appid: str = ""


def wrong(code: int) -> WxError:
    """Make one of this family's errors."""
    return WxError(code, WORDS[code])


def begin(call: Call, component: Component, info: dict[str, str | int], *, personal: bool) -> FastRegistration:
    """Take a registration up, unless the same one waits for its person (89249)."""
    table = call.box.table(FastRegistration)
    if any(one.info == info and one.status is None for one in table.by("component", component.id)):
        raise wrong(89249)
    new = FastRegistration(
        id=call.box.dice.hex(24), seq=call.box.state.next("fastregister"), component=component.id, info=info,
        at=call.box.clock.now(), personal=personal,
    )  # fmt: skip
    call.box.scheduler.at(new.at + DAY, "fastregister", id=new.id)
    return table.put(new)  # type: ignore[no-any-return]


async def company(call: Call) -> Any:
    """Register for a company, or look how that goes."""
    component = tokens.component_call(call)
    action = call.query.get("action", "")
    if action == "search":
        return _searched(call, component, read(call.body, OfCompany, CODES))
    if action != "create":
        raise wrong(89253)
    asked = read(call.body, Company, CODES)
    if len(asked.code) != LENGTHS[asked.code_type]:
        raise wrong(89255)
    begin(call, component, msgspec.structs.asdict(asked), personal=False)
    return {"errcode": 0, "errmsg": "OK"}


def _searched(call: Call, component: Component, asked: OfCompany) -> Any:
    wanted = msgspec.structs.asdict(asked).items()
    found = [one for one in call.box.table(FastRegistration).by("component", component.id)
             if wanted <= one.info.items()]  # fmt: skip
    if not found:
        raise wrong(89250)
    last = found[-1].status
    if last is None:
        raise wrong(89251)
    if last != 0:
        raise WxError(last, STATUSES[last])
    return OK


async def personal(call: Call) -> Any:
    """Register for a person, or look how that goes."""
    component = tokens.component_call(call)
    action = call.query.get("action", "")
    if action == "query":
        one = call.box.table(FastRegistration).get(read(call.body, Task, CODES).taskid)
        if one is None or one.component != component.id or not one.personal:
            raise wrong(89250)
    elif action == "create":
        one = begin(call, component, msgspec.structs.asdict(read(call.body, Personal, CODES)), personal=True)
    else:
        raise wrong(89253)
    # What `status` says while the person has not answered, no page tells.
    said = {"taskid": one.id, "authorize_url": address(call, one), "status": 1 if one.status is None else one.status}
    return {"errcode": 0, "errmsg": "ok", **said}


def finish(box: "Box", one: FastRegistration, status: int) -> None:
    """End a registration: a mini program that the platform may act for, or the reason why there is none."""
    component = box.table(Component).get(one.component)
    if component is None or one.status is not None:
        return
    one.status = status
    fields: dict[str, Any] = {"status": status, "msg": STATUSES[status], "info": dict(one.info)}
    if one.personal:
        fields["info"]["taskid"] = one.id
    if status == 0:
        one.appid = "wx" + box.dice.hex(16)
        name = str(one.info.get("name") or one.info.get("idname"))
        account = box.table(Account).put(
            Account(
                id=one.appid, user_name=f"gh_{box.dice.hex(12)}", nick_name=f"{name}的小程序", kind="mini",
                secret=box.dice.hex(32), principal_name=name, verify_type=-1, seq=box.state.next("account"),
            )
        )  # fmt: skip
        code = grants.grant(box, component, account, SETS, pre_auth_code="", quiet=True)
        fields = {"appid": one.appid, "auth_code": code.id, **fields}
    box.table(FastRegistration).put(one)
    push_event(box, component, "notify_third_fasteregister", fields)


async def lapse(box: "Box", args: dict[str, Any]) -> None:
    """Nobody confirmed within 24 hours."""
    one = box.table(FastRegistration).get(args["id"])
    if one is not None:
        finish(box, one, LATE)


def address(call: Call, one: FastRegistration) -> str:
    """Write the address of the page where the person confirms."""
    return call.url(MP, f"/sandbox/registrations/{one.id}")


def found(call: Call) -> FastRegistration:
    """Find the registration of the path; raises NotFound."""
    one = call.box.table(FastRegistration).get(call.params["id"])
    if one is None:
        raise NotFound("no such registration")
    return one  # type: ignore[no-any-return]


async def page(call: Call) -> Reply:
    """Show the person what a platform wants to register for them."""
    one = found(call)
    component = call.box.table(Component).get(one.component)
    facts = back.lines(("第三方平台", component.nick_name if component else one.component),
                       *((name, str(value)) for name, value in one.info.items()))  # fmt: skip
    if one.status is not None:
        state = "注册成功，AppID " + one.appid if one.status == 0 else f"注册未成功：{STATUSES[one.status]}"
        return back.page("注册小程序", "微信公众平台", back.card("快速注册小程序", facts + f"<p>{escape(state)}</p>"))
    reasons = "".join(f"<option value={code}>{escape(words)}</option>" for code, words in STATUSES.items() if code)
    refuse = (
        f'<label class="field"><span>沙盒：工商或本人核验不通过</span><select name="status">{reasons}</select></label>'
    )
    yes = back.form(
        address(call, one), '<input type="hidden" name="status" value="0">' + back.button("确认注册", id="yes")
    )
    no = back.form(address(call, one), refuse + back.button("不通过", id="no", kind="risk"))
    body = back.card("法定代表人（本人）确认", f"{facts}<p></p>{yes}<hr>{no}")
    return back.page("注册小程序", "微信公众平台", body)


async def answer(call: Call) -> Reply:
    """Take the person's answer."""
    one = found(call)
    status = call.form().get("status", "")
    if status.lstrip("-").isdecimal() and int(status) in STATUSES:
        finish(call.box, one, int(status))
    return redirect(address(call, one))


ERRORS = (40001, 41001, 42001, 44002, 47001, 61014, 61070, 86004, 89247, 89248, 89249, 89250, 89251, 89253, 89255)
ROUTES = (
    Route(API, "POST", "/cgi-bin/component/fastregisterweapp", company,
          f"{PAGES}/Fast_Registration_Interface_document.html", DATE, Company, ERRORS),
    Route(API, "POST", "/wxa/component/fastregisterpersonalweapp", personal,
          f"{PAGES}/fastregisterpersonalweapp.html", DATE, Personal, ERRORS),
    Route(MP, "GET", "/sandbox/registrations/{id}", page, journal=False),
    Route(MP, "POST", "/sandbox/registrations/{id}", answer),
)  # fmt: skip
