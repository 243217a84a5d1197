"""The Open Platform's page of a third-party platform: its addresses, its accounts, and the release test.

It shows what open.weixin.qq.com (管理中心 - 第三方平台 - 详情) shows; the addresses of the pages are the sandbox's own.
"""

from html import escape
from typing import Annotated, Any

import msgspec

from wxsandbox.accounts import Account, Authorization, Component
from wxsandbox.errors import NotFound, Wrong
from wxsandbox.http import Call, Reply, redirect
from wxsandbox.open import backoffice as back
from wxsandbox.open import fastregister, release, sets
from wxsandbox.open.fastregister import FastRegistration
from wxsandbox.open.registrations import STATUSES
from wxsandbox.routes import Route
from wxsandbox.validate import control

OPEN, MP, HOST = "open.weixin.qq.com", "mp.weixin.qq.com", "_sandbox"
PLACE = "微信开放平台"
CASES = {
    "ticket": "推送 component_verify_ticket，应答 success",
    "text": "公众号文本消息，被动回复",
    "api": "公众号 QUERY_AUTH_CODE，用客服消息回复",
    "event": "公众号事件，被动回复（旧规则）",
    "mini_api": "小程序 QUERY_AUTH_CODE，用客服消息回复",
}
STATES = {"passed": "通过", "failed": "未通过", "waiting": "等待回复"}


class StartTest(msgspec.Struct):
    """Which of the five pairs of test accounts asks, and whether the old event case is asked too."""

    group: Annotated[int, msgspec.Meta(ge=1, le=5)] = 1
    events: bool = True


def component_of(call: Call) -> Component:
    """Find the platform of the path; raises NotFound."""
    found = call.box.table(Component).get(call.params["appid"])
    if found is None:
        raise NotFound("no such component")
    return found  # type: ignore[no-any-return]


async def index(call: Call) -> Reply:
    """List the platforms."""
    rows = "".join(
        f'<tr><td><a href="{address(call, one)}">{escape(one.nick_name)}</a></td><td>{one.id}</td>'
        f"<td>{len(accounts(call, one))} 个帐号</td></tr>"
        for one in call.box.table(Component)
    )
    table = f"<table><tr><th>名称</th><th>AppID</th><th>已授权</th></tr>{rows}</table>"
    return back.page(
        "管理中心", PLACE, back.card("第三方平台", table if rows else "<p class='dim'>还没有第三方平台</p>")
    )


async def detail(call: Call) -> Reply:
    """Show a platform."""
    one = component_of(call)
    config = back.lines(
        ("AppID", one.id),
        ("授权事件接收 URL", one.event_url),
        ("消息与事件接收 URL", one.message_url),
        ("授权发起页域名", one.launch_domain or "未设置（沙盒不检查来源）"),
        ("公众号开发域名", one.dev_domain),
        ("权限集", "、".join(sets.name(id) for id in one.func_ids)),
    )
    body = back.card(one.nick_name, config) + back.card("全网发布检测", _test(call, one))
    body += back.card("已授权的帐号", _accounts(call, one)) + back.card("快速注册小程序", _registrations(call, one))
    return back.page("第三方平台详情", PLACE, body)


def _test(call: Call, one: Component) -> str:
    run = release.look(call.box, one)
    rows = "".join(
        f"<tr><td>{CASES[case.name]}</td><td>{case.appid}</td>"
        f'<td><span class="st {case.state}">{STATES[case.state]}</span></td><td>{escape(case.detail)}</td></tr>'
        for case in (run.cases if run else [])
    )
    groups = "".join(f"<option value={n}>第 {n} 组测试帐号</option>" for n in range(1, len(release.GROUPS) + 1))
    choice = f'<label class="field"><span>测试帐号</span><select name="group">{groups}</select></label>'
    start = back.form(f"{address(call, one)}/release-test", choice + back.button("运行全网发布检测", id="run"))
    found = f"<hr><table><tr><th>用例</th><th>帐号</th><th>结果</th><th>说明</th></tr>{rows}</table>" if run else ""
    # Answers by the API come when they come.
    again = "<script>setTimeout(()=>location.reload(),1500)</script>" if run and run.state == "waiting" else ""
    return start + found + again


def _accounts(call: Call, one: Component) -> str:
    rows = "".join(
        f'<tr><td><a href="{call.url(MP, f"/sandbox/{account.id}")}">{escape(account.nick_name)}</a></td>'
        f"<td>{account.id}</td><td>{'、'.join(sets.name(id) for id in grant.func_ids)}</td></tr>"
        for grant, account in accounts(call, one)
    )
    return (
        f"<table><tr><th>名称</th><th>AppID</th><th>权限集</th></tr>{rows}</table>" if rows else "<p class='dim'>无</p>"
    )


def _registrations(call: Call, one: Component) -> str:
    rows = "".join(
        f'<tr><td><a href="{fastregister.address(call, each)}">'
        f"{escape(str(each.info.get('name') or each.info.get('idname')))}</a></td><td>{each.appid}</td>"
        f"<td>{'等待确认' if each.status is None else escape(STATUSES[each.status])}</td></tr>"
        for each in reversed(call.box.table(FastRegistration).by("component", one.id))
    )
    return (
        f"<table><tr><th>主体</th><th>AppID</th><th>状态</th></tr>{rows}</table>" if rows else "<p class='dim'>无</p>"
    )


def accounts(call: Call, one: Component) -> list[tuple[Authorization, Account]]:
    """List the accounts that authorized a platform, the reserved test accounts left out."""
    grants = call.box.table(Authorization).by("component", one.id)
    pairs = ((g, call.box.table(Account).get(g.appid)) for g in grants if g.active and g.appid not in release.APPIDS)
    return [(grant, account) for grant, account in pairs if account is not None]


def address(call: Call, one: Component) -> str:
    """Write the address of a platform's page."""
    return call.url(OPEN, f"/sandbox/{one.id}")


async def start_from_page(call: Call) -> Reply:
    """Run the test, as the button says."""
    one = component_of(call)
    group = call.form().get("group", "1")
    if not group.isdigit() or not 1 <= int(group) <= len(release.GROUPS):
        raise Wrong("group must be 1 to 5")
    release.begin(call.box, one, group=int(group))
    call.box.state.commit()
    await call.box.scheduler.settle(6.0)
    return redirect(address(call, one))


async def start_test(call: Call) -> Any:
    """Run the test; what comes by the API may still be waiting in the answer."""
    asked = control(call.body or b"{}", StartTest)
    one = component_of(call)
    release.begin(call.box, one, group=asked.group, events=asked.events)
    call.box.state.commit()
    await call.box.scheduler.settle(6.0)
    return view(call, one)


async def read_test(call: Call) -> Any:
    """Show the last test as it stands now."""
    return view(call, component_of(call))


def view(call: Call, one: Component) -> dict[str, Any]:
    """Write a test and its sum."""
    run = release.look(call.box, one)
    if run is None:
        raise NotFound("no test was run")
    return {"state": run.state, **msgspec.to_builtins(run)}


ROUTES = (
    Route(OPEN, "GET", "/sandbox", index, journal=False),
    Route(OPEN, "GET", "/sandbox/{appid}", detail, journal=False),
    Route(OPEN, "POST", "/sandbox/{appid}/release-test", start_from_page),
    Route(HOST, "POST", "/components/{appid}/release-test", start_test, body=StartTest),
    Route(HOST, "GET", "/components/{appid}/release-test", read_test, journal=False),
)
