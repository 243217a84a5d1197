"""An account's own back office: server setting with WeChat's verification, IP whitelist, secret, authorizations.

It shows what mp.weixin.qq.com (设置与开发 - 基本配置, 公众号设置 - 授权管理) shows; the addresses are
the sandbox's own.
Official page: developers.weixin.qq.com/doc/offiaccount/Basic_Information/Access_Overview.html, read 2026-09.
"""

import re
from html import escape
from urllib.parse import parse_qsl, quote, urlsplit

import aiohttp

from wxsandbox import crypto
from wxsandbox.accounts import Account, Authorization, Component, Push
from wxsandbox.errors import NotFound
from wxsandbox.http import Call, Reply, redirect
from wxsandbox.open import backoffice as back
from wxsandbox.open import grants, sets, verification
from wxsandbox.routes import Route

MP = "mp.weixin.qq.com"
PLACE = "微信公众平台"
MODES = {"plain": "明文模式", "compatible": "兼容模式", "safe": "安全模式（推荐）"}
TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
IP = re.compile(r"[0-9a-fA-F.:]{3,45}(/\d{1,3})?")
DONE = {"server": "服务器配置已启用", "ips": "IP 白名单已保存", "secret": "AppSecret 已重置", "grant": "授权已更新",
        "cancel": "已取消授权", "verification": "已通知帐号"}  # fmt: skip


def account_of(call: Call) -> Account:
    """Find the account of the path; raises NotFound."""
    found = call.box.table(Account).get(call.params["appid"])
    if found is None:
        raise NotFound("no such account")
    call.appid = found.id
    return found  # type: ignore[no-any-return]


def address(call: Call, account: Account, rest: str = "") -> str:
    """Write the address of one of the account's pages."""
    return call.url(MP, f"/sandbox/{account.id}{rest}")


async def index(call: Call) -> Reply:
    """List the accounts."""
    rows = "".join(
        f'<tr><td><a href="{address(call, one)}">{escape(one.nick_name)}</a></td><td>{one.id}</td></tr>'
        for one in call.box.table(Account)
        if one.id.startswith("wx")
    )
    return back.page("帐号", PLACE, back.card("帐号", f"<table><tr><th>名称</th><th>AppID</th></tr>{rows}</table>"))


async def detail(call: Call) -> Reply:
    """Show an account's back office."""
    account = account_of(call)
    return show(call, account, say=DONE.get(call.query.get("done", ""), ""))


def show(call: Call, account: Account, *, say: str = "", wrong: bool = False, server: Push | None = None) -> Reply:
    """Put the page together; `server` is what was entered and refused."""
    secret = back.lines(("AppID", account.id), ("原始 ID", account.user_name), ("AppSecret", account.secret))
    reset = back.form(address(call, account, "/secret"), back.button("重置 AppSecret", id="reset", kind="risk"))
    body = back.card("开发者 ID", f"{secret}<p></p>{reset}")
    body += back.card("服务器配置", _server(call, account, server or account.push))
    body += back.card("IP 白名单", _ips(call, account)) + back.card("授权管理", _grants(call, account))
    body += verification.card(address(call, account, "/verification"))
    return back.page(account.nick_name, PLACE, body, say=say, wrong=wrong)


def _server(call: Call, account: Account, push: Push | None) -> str:
    push = push or Push("", "", "", "safe")
    options = "".join(
        f'<option value="{mode}"{" selected" if mode == push.mode else ""}>{words}</option>'
        for mode, words in MODES.items()
    )
    fields = back.field("URL", "url", push.url, more="required") + back.field("Token", "token", push.token)
    fields += back.field("EncodingAESKey", "aes_key", push.aes_key, more="maxlength=43")
    fields += f'<label class="field"><span>消息加解密方式</span><select name="mode">{options}</select></label>'
    return back.form(address(call, account, "/server"), fields + back.button("提交并启用", id="server"))


def _ips(call: Call, account: Account) -> str:
    area = f'<label class="field"><span>每行一个；为空时不检查</span><textarea name="ips" rows="3">{escape(chr(10).join(account.ip_whitelist))}</textarea></label>'  # noqa: E501
    return back.form(address(call, account, "/ips"), area + back.button("保存", id="ips"))


def _grants(call: Call, account: Account) -> str:
    parts = []
    for grant in call.box.table(Authorization).by("appid", account.id):
        component = call.box.table(Component).get(grant.component)
        if not grant.active or component is None:
            continue
        taken = grants.held(call.box, component.id, account.id)
        boxes = "".join(
            f'<label><input type="checkbox" name="func" value="{id}"{" checked" if id in grant.func_ids else ""}'
            f"{' disabled' if id in taken else ''}>{escape(sets.name(id))}{_held_by(taken.get(id))}</label>"
            for id in sorted({*component.func_ids, *grant.func_ids})
        )
        base = address(call, account, f"/authorizations/{component.id}")
        update = back.form(base, f'<div class="sets">{boxes}</div><p></p>{back.button("更新授权", id="update")}')
        cancel = back.form(f"{base}/cancellation", back.button("取消授权", id="cancel", kind="risk"))
        name = f"<p><b>{escape(component.nick_name)}</b> <span class='dim'>{component.id}</span></p>"
        parts.append(f"{name}{update}<p></p>{cancel}")
    return "<hr>".join(parts) or "<p class='dim'>没有授权给任何第三方平台</p>"


def _held_by(other: Component | None) -> str:
    return f' <span class="dim">互斥，已授权给 {escape(other.nick_name)}</span>' if other else ""


async def save_server(call: Call) -> Reply:
    """Save the server setting, if the address answers WeChat's verification."""
    account, form = account_of(call), call.form()
    push = Push(form.get("url", ""), form.get("token", ""), form.get("aes_key", ""), form.get("mode", "safe"))
    if push.mode not in MODES or not TOKEN.fullmatch(push.token):
        return show(call, account, say="Token 必须为 3–32 位英文或数字", wrong=True, server=push)
    if not AES_KEY.fullmatch(push.aes_key):
        return show(call, account, say="EncodingAESKey 必须为 43 位英文或数字", wrong=True, server=push)
    if problem := await verify(call, push):
        return show(call, account, say=problem, wrong=True, server=push)
    account.push = push
    call.box.table(Account).put(account)
    return redirect(address(call, account, "?done=server"))


async def verify(call: Call, push: Push) -> str:
    """Ask the address for its echo; gives the words of WeChat's refusal, empty when it answered."""
    if urlsplit(push.url).scheme not in ("http", "https"):
        return "请输入合法的 URL"
    dice = call.box.dice
    timestamp, nonce, echo = str(call.box.clock.seconds()), str(dice.below(10**9)), str(dice.below(10**18))
    query = {"signature": crypto.signature(push.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    try:
        timeout = aiohttp.ClientTimeout(total=5.0)
        async with call.box.http.get(push.url, params={**query, "echostr": echo}, timeout=timeout) as answer:
            said = await answer.text()
            return "" if answer.status == 200 and said == echo else "token验证失败"
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return "请求URL超时"


async def save_ips(call: Call) -> Reply:
    """Save the IP whitelist."""
    account = account_of(call)
    ips = call.form().get("ips", "").split()
    if not all(IP.fullmatch(one) for one in ips):
        return show(call, account, say="IP 格式不正确", wrong=True)
    account.ip_whitelist = ips
    call.box.table(Account).put(account)
    return redirect(address(call, account, "?done=ips"))


async def reset_secret(call: Call) -> Reply:
    """Draw a new secret; the old one is dead at once."""
    account = account_of(call)
    account.secret = call.box.dice.hex(32)
    call.box.table(Account).put(account)
    return redirect(address(call, account, "?done=secret"))


async def update_grant(call: Call) -> Reply:
    """Change which sets a platform has; it hears `updateauthorized` if that changed anything."""
    account = account_of(call)
    component = call.box.table(Component).get(call.params["component"])
    known = component and grants.active(call.box, component.id, account.id)
    if component is None or known is None:
        raise NotFound("no such authorization")
    pairs = parse_qsl(call.body.decode("utf-8", "replace"))
    chosen = [int(value) for name, value in pairs if name == "func" and value.isdigit()]
    allowed = {*component.func_ids, *known.func_ids} - set(grants.held(call.box, component.id, account.id))
    kept = [id for id in chosen if id in allowed]
    if not kept:
        return show(call, account, say="请至少保留一项权限", wrong=True)
    grants.grant(call.box, component, account, kept, pre_auth_code="")
    return redirect(address(call, account, f"?done={quote('grant')}"))


async def cancel_grant(call: Call) -> Reply:
    """Take the authorization back."""
    account = account_of(call)
    component = call.box.table(Component).get(call.params["component"])
    if component is None or not grants.withdraw(call.box, component, account.id):
        raise NotFound("no such authorization")
    return redirect(address(call, account, "?done=cancel"))


async def decide_verification(call: Call) -> Reply:
    """Tell the account what became of its verification."""
    account, form = account_of(call), call.form()
    days = -1 if form.get("event") == "verify_expired" else 30 if form.get("event") == "annual_renew" else 365
    verification.tell(call, verification.Verdict(form.get("event", ""), days, "资料不清晰"))
    return redirect(address(call, account, "?done=verification"))


ROUTES = (
    Route(MP, "GET", "/sandbox", index, journal=False),
    Route(MP, "GET", "/sandbox/{appid}", detail, journal=False),
    Route(MP, "POST", "/sandbox/{appid}/server", save_server),
    Route(MP, "POST", "/sandbox/{appid}/ips", save_ips),
    Route(MP, "POST", "/sandbox/{appid}/secret", reset_secret),
    Route(MP, "POST", "/sandbox/{appid}/verification", decide_verification),
    Route(MP, "POST", "/sandbox/{appid}/authorizations/{component}", update_grant),
    Route(MP, "POST", "/sandbox/{appid}/authorizations/{component}/cancellation", cancel_grant),
)
