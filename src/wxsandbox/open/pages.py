"""The authorization pages: on a computer with a QR code, and on the phone.

Official page: developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/
Authorization_Process_Technical_Description.html, read 2026-09. Both phone addresses are answered (pages disagree).
"""

from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode

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
# Promoters (4), channels accounts (5) and talents (8) are known to the page, but the sandbox has none.
AUTH_TYPES: dict[str, tuple[str, ...]] = {
    "1": ("official",), "2": ("mini",), "3": ("official", "mini"), "4": (), "5": (), "6": ("official", "mini"), "8": (),
}  # fmt: skip
KINDS = {"official": "公众号", "mini": "小程序"}
STYLE = """<style>.top{display:flex;gap:12px;align-items:center;margin:-32px -24px 24px;padding:14px 24px;
background:#fff;border-bottom:1px solid #e7e7eb}.top b{font-weight:500}.dot{width:26px;height:26px;border-radius:50%;
background:#07c160;flex:none}.scan{border-right:1px solid #f0f0f0}.scan h1{margin-top:16px}.tip{background:#f7f7f7;
border-radius:6px;padding:6px 12px}.who{max-height:280px;overflow:auto;margin-bottom:8px}.more summary{cursor:pointer;
padding:8px 0}.head .pic{width:64px;height:64px;margin:0 auto 12px;font-size:28px;border-radius:12px}
.go[disabled]{background:#c8e9d5;cursor:not-allowed}@media(max-width:640px){.scan{border:0}}</style>"""
REDIRECT_SECONDS = 600
# A set that another platform has cannot be ticked for the account that is chosen.
CHOICE = """<script>(()=>{const pick=()=>{const to=document.querySelector('[name=appid]:checked')?.value
document.querySelectorAll('.sets label').forEach(one=>{let off=false
one.querySelectorAll('.taken').forEach(note=>{note.hidden=note.dataset.appid!==to;off=off||!note.hidden})
const box=one.querySelector('input');box.disabled=off;if(off)box.checked=false})}
document.querySelectorAll('[name=appid]').forEach(one=>one.onchange=pick);pick()})()</script>"""


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
        raise refuse("授权链接参数错误", "auth_type must be 1 to 6, or 8")
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
    taken = grants.held(call.box, ask.component.id, appid)
    chosen = [id for id in ([id for id in ask.func_ids if id in func_ids] or ask.func_ids) if id not in taken]
    if not chosen:
        names = "、".join(f"{sets.name(id)}（{other.nick_name}）" for id, other in taken.items())
        raise refuse("所选权限已授权给其他第三方平台，请先取消", f"exclusive sets held by others: {names}")
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
    body = f"""{STYLE}<div class="top"><span class="dot"></span><b>微信公众平台</b>
<span class="dim">公众平台帐号授权</span></div><div class="card"><div class="row"><div class="center qr scan">
<h1>公众平台帐号授权</h1><p class="dim">请使用公众平台绑定的管理员个人微信号扫描</p>{qr_svg(link)}
<p class="dim">扫码后在手机上选择帐号与权限</p></div>
<form method="post" action="{call.url(MP, "/cgi-bin/componentloginpage")}">{fields}
<p>授权给第三方平台 <b>{name}</b></p><p class="dim tip">沙盒：不用手机也可以，直接在这里选择</p>{chooser(call, ask)}
<button class="go" id="authorize"{"" if ask.accounts else " disabled"}>授权</button></form></div></div>
<p class="dim center">授权后，该平台可在所授权限内代替帐号进行业务处理；可随时在“授权管理”中更改或取消。</p>
<script>(function poll(){{fetch({status_url(call, ask)!r}).then(r=>r.json()).then(s=>{{
if(s.result)location.href=s.result;else setTimeout(poll,1500)}}).catch(()=>setTimeout(poll,3000))}})()</script>"""
    return looks.page("公众平台帐号授权", body, wide=True)


def status_url(call: Call, ask: Ask) -> str:
    """Write the address that the PC page asks whether the phone has confirmed."""
    return call.url(MP, f"/cgi-bin/componentloginpage/status?{urlencode({'pre_auth_code': ask.code.id})}")


def chooser(call: Call, ask: Ask) -> str:
    """List the accounts to choose from and the permission sets asked for; some may be unticked."""
    rows = [
        f'<label><input type="radio" name="appid" value="{account.appid}" {"checked" if n == 0 else ""} required>'
        f"{looks.picture(account.head_img, account.nick_name)}<span>{escape(account.nick_name)}<br>"
        f'<span class="dim">{KINDS[account.kind]} {account.appid}</span></span></label>'
        for n, account in enumerate(ask.accounts)
    ]
    taken = {account.appid: grants.held(call.box, ask.component.id, account.appid) for account in ask.accounts}
    boxes = [
        f'<label><input type="checkbox" name="func" value="{id}" checked>{escape(sets.name(id))}'
        f"{_elsewhere(id, taken)}</label>"
        for id in ask.func_ids
    ]
    none = '<p class="warn" role="alert">没有可以授权的帐号</p>'
    pinned = "<p class='dim'>链接指定了帐号，只能由它的管理员授权</p>" if ask.query.get("biz_appid") else ""
    return (
        f'<input type="hidden" name="choose" value="1"><p class="dim">选择帐号</p>{pinned}'
        f'<div class="who">{"".join(rows) or none}</div><details class="more" open><summary>权限集 '
        f'<span class="dim">共 {len(boxes)} 项，可取消勾选</span></summary>'
        f'<div class="sets">{"".join(boxes)}</div></details>{CHOICE}'
    )


def _elsewhere(id: int, taken: dict[str, dict[int, Component]]) -> str:
    """Say for which accounts a set is another platform's; the page shows it for the account that is chosen."""
    return "".join(
        f'<span class="warn taken" data-appid="{appid}" hidden>互斥，已授权给 {escape(held[id].nick_name)}</span>'
        for appid, held in taken.items()
        if id in held
    )


async def status(call: Call) -> Any:
    """Tell the PC page whether the phone has confirmed."""
    code = call.box.state.table(PreAuthCode).get(call.query.get("pre_auth_code", ""))
    return {"result": code.result if code else ""}


async def computer_confirm(call: Call) -> Reply:
    """Authorize from the PC page itself."""
    form = call.form()
    ask = read_ask(call, form)
    return redirect(await confirm(call, ask, form.get("appid", ""), chosen_sets(call, form)))


async def phone(call: Call) -> Reply:
    """Show the phone's authorization page."""
    ask = read_ask(call, call.query)
    name = escape(ask.component.nick_name)
    body = f"""{STYLE}<div class="center head">{looks.picture("", ask.component.nick_name)}<h1>{name}</h1>
<p class="dim">申请获得你的帐号的以下权限</p></div>
<form method="post" action="{call.url(call.host, call.path)}">{looks.hidden(ask.query)}
<div class="card">{chooser(call, ask)}</div>
<button class="go" id="authorize"{"" if ask.accounts else " disabled"}>授权</button>
<p class="dim center">授权后可随时在公众平台“授权管理”中取消</p></form>"""
    return looks.page("帐号授权", body)


async def phone_confirm(call: Call) -> Reply:
    """Authorize from the phone: the phone goes on itself, or, after a scan, the computer does."""
    form = call.form()
    ask = read_ask(call, form)
    target = await confirm(call, ask, form.get("appid", ""), chosen_sets(call, form))
    if form.get("no_scan") == "1":
        return redirect(at_person(target, call.person()))
    done = (
        "<div class='center'><div class='mark ok'>✓</div><h1>授权成功</h1><p class='dim'>请返回电脑继续操作</p></div>"
    )
    return looks.page("授权成功", done)


def chosen_sets(call: Call, form: dict[str, str]) -> list[int]:
    """Read which permission sets are ticked; nothing ticked on the page is an error, a bare form takes all."""
    pairs = parse_qsl(call.body.decode("utf-8", "replace"))
    chosen = [int(value) for name, value in pairs if name == "func" and value.isdigit()]
    if form.get("choose") and not chosen:
        raise refuse("请至少选择一项权限", "no permission set is ticked")
    return chosen


ROUTES = (
    Route(MP, "GET", "/cgi-bin/componentloginpage", computer, PAGE, DATE),
    Route(MP, "POST", "/cgi-bin/componentloginpage", computer_confirm),
    Route(MP, "GET", "/cgi-bin/componentloginpage/status", status, journal=False),
    Route(MP, "GET", "/safe/bindcomponent", phone, PAGE, DATE),
    Route(MP, "POST", "/safe/bindcomponent", phone_confirm),
    Route(OPEN, "GET", "/wxaopen/safe/bindcomponent", phone, PAGE, DATE),
    Route(OPEN, "POST", "/wxaopen/safe/bindcomponent", phone_confirm),
)
