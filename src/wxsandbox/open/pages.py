"""The authorization pages: on a computer with a QR code, and on the phone.

Official page: developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/
Authorization_Process_Technical_Description.html, read 2026-09. Both phone addresses are answered (pages disagree).
"""

from html import escape
from typing import Any
from urllib.parse import urlencode

import msgspec

from wxsandbox import looks
from wxsandbox.accounts import Account, Component
from wxsandbox.app import Replied
from wxsandbox.http import Call, Reply, at_person, host_of, is_loopback, redirect
from wxsandbox.open import grants, sets
from wxsandbox.open.component_api import DATE
from wxsandbox.open.grants import PreAuthCode
from wxsandbox.open.release import APPIDS
from wxsandbox.pictures import qr_svg
from wxsandbox.routes import Route

PAGE = (
    "https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/"
    "Authorization_Process_Technical_Description.html"
)
MP, OPEN = "mp.weixin.qq.com", "open.weixin.qq.com"
AUTH_TYPES = {"1": ("official",), "2": ("mini",), "3": ("official", "mini"), "6": ("official", "mini")}
REDIRECT_SECONDS = 600


class Ask(msgspec.Struct, frozen=True):
    """What an authorization link asks for, checked."""

    component: Component
    code: PreAuthCode
    redirect_uri: str
    accounts: list[Account]
    func_ids: list[int]
    query: dict[str, str]


def refuse(words: str, hint: str) -> Replied:
    """Make the error page of a wrong link."""
    return Replied(looks.problem(words, hint=hint))


def read_ask(call: Call, query: dict[str, str]) -> Ask:
    """Check an authorization link; answers an error page when it is wrong."""
    box = call.box
    component = box.state.table(Component).get(query.get("component_appid", ""))
    if component is None:
        raise refuse("第三方平台不存在", "component_appid is unknown")
    call.appid = component.id
    code = box.state.table(PreAuthCode).get(query.get("pre_auth_code", ""))
    if code is None or code.component != component.id:
        raise refuse("授权链接无效", "pre_auth_code is unknown")
    if not code.result and box.clock.now() >= code.expires_at:
        raise refuse("授权链接已过期，请重新进入", "pre_auth_code has expired")
    target = query.get("redirect_uri", "")
    host = host_of(target)
    if not target.startswith("https://") and not is_loopback(host):
        raise refuse("请确认授权入口页所在域名，与授权后回调URL所在域名相同", "redirect_uri must be https")
    if component.launch_domain and host != component.launch_domain and not is_loopback(host):
        raise refuse("请确认授权入口页所在域名，与授权后回调URL所在域名相同", f"expected {component.launch_domain}")
    kinds = AUTH_TYPES.get(query.get("auth_type", "3"))
    if kinds is None:
        raise refuse("授权链接参数错误", "auth_type must be 1, 2, 3 or 6")
    # WeChat's own services (微信支付 and the like) have chats, but no appid that anybody could authorize.
    offered = [
        account
        for account in box.state.table(Account)
        if account.appid.startswith("wx") and account.appid not in APPIDS
    ]
    accounts = [account for account in offered if account.kind in kinds]
    if pinned := query.get("biz_appid"):
        accounts = [account for account in offered if account.appid == pinned]
    wanted = [int(id) for id in query.get("category_id_list", "").split("|") if id.isdigit()]
    func_ids = [id for id in component.func_ids if not wanted or id in wanted]
    return Ask(component, code, target, accounts, func_ids, query)


async def confirm(call: Call, ask: Ask, appid: str, func_ids: list[int]) -> str:
    """Carry out an authorization and return where the browser goes."""
    account = next((account for account in ask.accounts if account.appid == appid), None)
    if account is None:
        raise refuse("该帐号不能授权", "this appid is not offered by the link")
    if ask.code.result:
        raise refuse("授权链接已被使用", "pre_auth_code was used")
    chosen = [id for id in ask.func_ids if id in func_ids] or ask.func_ids
    code = grants.grant(call.box, ask.component, account, chosen, pre_auth_code=ask.code.id)
    target = grants.with_query(ask.redirect_uri, auth_code=code.id, expires_in=REDIRECT_SECONDS)
    ask.code.result, ask.code.appid = target, appid
    call.box.state.table(PreAuthCode).put(ask.code)
    call.box.state.commit()
    if ask.component.race == "push_first":
        await call.box.scheduler.settle(6.0)
    return target


async def computer(call: Call) -> Reply:
    """Show the PC authorization page: a QR code for the administrator's phone.

    WeChat opens it only from a page of the authorization domain; where the domain is set, so does the sandbox.
    """
    ask = read_ask(call, call.query)
    came_from = host_of(call.headers.get("referer", ""))
    if ask.component.launch_domain and came_from != ask.component.launch_domain:
        hint = f"the link was opened from {came_from or 'nowhere'}, not from {ask.component.launch_domain}"
        raise refuse("请确认授权入口页所在域名，与授权后回调URL所在域名相同", hint)
    link = call.url(OPEN, f"/wxaopen/safe/bindcomponent?{urlencode({'action': 'bindcomponent', **ask.query})}")
    fields = looks.hidden(ask.query)
    name = escape(ask.component.nick_name)
    options = chooser(ask)
    body = f"""<div class="card"><h1>公众平台帐号授权</h1><p class="dim">授权给第三方平台「{name}」</p><div class="row">
<div class="center qr">{qr_svg(link)}<p class="dim">请使用公众平台绑定的管理员个人微信号扫描</p></div>
<form method="post" action="{call.url(MP, "/cgi-bin/componentloginpage")}">{fields}
<p class="dim">沙盒：也可以直接在这里选择帐号（不用手机扫码）</p>{options}
<button class="go" id="authorize">授权</button></form></div></div>
<p class="dim center">授权后，第三方平台可代替公众号进行业务处理；你可以随时取消授权</p>
<script>(function poll(){{fetch({status_url(call, ask)!r}).then(r=>r.json()).then(s=>{{
if(s.result)location.href=s.result;else setTimeout(poll,1500)}}).catch(()=>setTimeout(poll,3000))}})()</script>"""
    return looks.page("公众平台帐号授权", body, wide=True)


def status_url(call: Call, ask: Ask) -> str:
    """Write the address that the PC page asks whether the phone has confirmed."""
    return call.url(MP, f"/cgi-bin/componentloginpage/status?{urlencode({'pre_auth_code': ask.code.id})}")


def chooser(ask: Ask) -> str:
    """List the accounts to choose from and the permission sets asked for."""
    rows = [
        f'<label><input type="radio" name="appid" value="{account.appid}" {"checked" if n == 0 else ""} required>'
        f"{looks.picture(account.head_img, account.nick_name)}<span>{escape(account.nick_name)}<br>"
        f'<span class="dim">{account.appid}</span></span></label>'
        for n, account in enumerate(ask.accounts)
    ]
    boxes = [
        f'<label><input type="checkbox" name="func" value="{id}" checked>{escape(sets.name(id))}</label>'
        for id in ask.func_ids
    ]
    none = '<p class="warn">没有可以授权的帐号</p>'
    return f"{''.join(rows) or none}<hr><p class='dim'>将获得以下权限</p><div class='sets'>{''.join(boxes)}</div>"


async def status(call: Call) -> Any:
    """Tell the PC page whether the phone has confirmed."""
    code = call.box.state.table(PreAuthCode).get(call.query.get("pre_auth_code", ""))
    return {"result": code.result if code else ""}


async def computer_confirm(call: Call) -> Reply:
    """Authorize from the PC page itself."""
    form = call.form()
    ask = read_ask(call, form)
    return redirect(await confirm(call, ask, form.get("appid", ""), chosen_sets(call)))


async def phone(call: Call) -> Reply:
    """Show the phone's authorization page."""
    ask = read_ask(call, call.query)
    name = escape(ask.component.nick_name)
    body = f"""<h1>{name}</h1><p class="dim">申请获得你的帐号的以下权限</p>
<form method="post" action="{call.url(call.host, call.path)}">{looks.hidden(ask.query)}
<div class="card">{chooser(ask)}</div><button class="go" id="authorize">授权</button></form>"""
    return looks.page("帐号授权", body)


async def phone_confirm(call: Call) -> Reply:
    """Authorize from the phone: the phone goes on itself, or, after a scan, the computer does."""
    form = call.form()
    ask = read_ask(call, form)
    target = await confirm(call, ask, form.get("appid", ""), chosen_sets(call))
    if form.get("no_scan") == "1":
        return redirect(at_person(target, call.person()))
    done = (
        "<div class='center'><div class='mark ok'>✓</div><h1>授权成功</h1><p class='dim'>请返回电脑继续操作</p></div>"
    )
    return looks.page("授权成功", done)


def chosen_sets(call: Call) -> list[int]:
    """Read which permission sets are ticked."""
    from urllib.parse import parse_qsl

    pairs = parse_qsl(call.body.decode("utf-8", "replace"))
    return [int(value) for name, value in pairs if name == "func" and value.isdigit()]


ROUTES = (
    Route(MP, "GET", "/cgi-bin/componentloginpage", computer, PAGE, DATE),
    Route(MP, "POST", "/cgi-bin/componentloginpage", computer_confirm),
    Route(MP, "GET", "/cgi-bin/componentloginpage/status", status, journal=False),
    Route(MP, "GET", "/safe/bindcomponent", phone, PAGE, DATE),
    Route(MP, "POST", "/safe/bindcomponent", phone_confirm),
    Route(OPEN, "GET", "/wxaopen/safe/bindcomponent", phone, PAGE, DATE),
    Route(OPEN, "POST", "/wxaopen/safe/bindcomponent", phone_confirm),
)
