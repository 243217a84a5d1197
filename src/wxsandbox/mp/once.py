"""One-time subscriptions: the page on which a person says yes to one notice, and the notice.

Official page: developers.weixin.qq.com/doc/offiaccount/Message_Management/One-time_subscription_info.html, 2026-09.
"""

from html import escape
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec

from wxsandbox import looks, tokens
from wxsandbox.accounts import Account, Authorization, Component
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call, Reply, at_person, redirect
from wxsandbox.mp import consents, oauth
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.mp.oauth_pages import refuse, who_are_you
from wxsandbox.mp.templates import Mini, Value
from wxsandbox.open.grants import with_query
from wxsandbox.people import Person, fan, fan_by_openid, show
from wxsandbox.routes import Route
from wxsandbox.validate import read

MP = "mp.weixin.qq.com"
SET = 7
PAGE = f"{PAGES}/Message_Management/One-time_subscription_info.html"
PATH = "/mp/subscribemsg"
MOST_SCENE = 10_000
CODES = {"touser": 40003, "template_id": 40037, "title": 45003, "scene": 40097, "data": 47003, "value": 47003}


class Ask(msgspec.Struct):
    """Query of the page."""

    action: Text
    appid: Text
    scene: Text
    template_id: Text
    redirect_url: Text
    reserved: str = ""


class Content(msgspec.Struct):
    """The one field of a one-time notice."""

    content: Value


class Send(msgspec.Struct):
    """Body of message/template/subscribe."""

    touser: Text
    template_id: Text
    scene: Text
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=15)]
    data: Content
    url: str = ""
    miniprogram: Mini | None = None


def checked(call: Call) -> tuple[Ask, Account]:
    """Check a link of the page; answers WeChat's error page when it is wrong."""
    try:
        ask = msgspec.convert(call.query, Ask)
    except msgspec.ValidationError as wrong:
        raise refuse("链接参数错误", 10002, str(wrong)) from None
    account = call.box.state.table(Account).get(ask.appid)
    if account is None:
        raise refuse("AppID 参数错误", 10013, "appid is unknown")
    if ask.action != "get_confirm" or not ask.scene.isdigit() or int(ask.scene) > MOST_SCENE:
        raise refuse("链接参数错误", 10002, "action is get_confirm, scene 0 to 10000")
    if not oauth.domain_allows(account, None, ask.redirect_url) and not _ours(call, account, ask.redirect_url):
        raise refuse(
            "redirect_url域名与后台配置不一致", 10003, f"configured domain: {account.oauth_domain or '(none)'}"
        )
    return ask, account


def _ours(call: Call, account: Account, url: str) -> bool:
    grants = [grant for grant in call.box.state.table(Authorization).by("appid", account.appid) if grant.active]
    platforms = [call.box.state.table(Component).get(grant.component) for grant in grants]
    return any(oauth.domain_allows(account, one, url) for one in platforms if one is not None)


async def page(call: Call) -> Reply:
    """Ask whether one notice may come."""
    _, account = checked(call)
    name = call.person() or call.query.get("sandbox_person", "")
    person = call.box.state.table(Person).get(name) if name else None
    if person is None:
        return who_are_you(call, name)
    base = call.url(MP, f"{PATH}/decision")
    query = escape(f"{call.query_string}&{urlencode({'sandbox_person': person.id})}")
    body = f"""<div class="center">{looks.picture(account.head_img, account.nick_name)}
<h1>{escape(account.nick_name)}</h1><p class="dim">申请向你发送一条消息</p></div>
<a class="go" id="allow" href="{escape(base)}?{query}&amp;allow=1">允许</a>
<a class="no" id="deny" href="{escape(base)}?{query}&amp;allow=0">取消</a>"""
    return looks.page("订阅消息", body)


async def decide(call: Call) -> Reply:
    """Go back with what the person chose; a yes is good for one notice of this scene."""
    ask, account = checked(call)
    person = call.box.state.table(Person).get(call.query.get("sandbox_person", ""))
    if person is None:
        return who_are_you(call, "")
    one = fan(call.box, person.id, account.appid)
    yes = call.query.get("allow") == "1"
    if yes:
        consents.answer(call.box, one, key(ask.template_id, ask.scene), "accept")
    extra = {
        "openid": one.openid, "template_id": ask.template_id, "action": "confirm" if yes else "cancel",
        "scene": ask.scene, "reserved": ask.reserved,
    }  # fmt: skip
    return redirect(at_person(with_query(ask.redirect_url, **extra), person.id))


def key(template: str, scene: str) -> str:
    """Name what a yes is good for."""
    return f"{template}/{scene}"


async def send(call: Call) -> Any:
    """Send the one notice; 43101 for a second without a new yes (the page names no code)."""
    account = tokens.account_call(call, SET)
    body = read(call.body, Send, CODES)
    if len(body.data.content.value) > 200 or not body.data.content.value:
        raise WxError(47003)
    one = fan_by_openid(call.box, account.appid, body.touser)
    if one is None:
        raise WxError(40003)
    if not consents.use(call.box, one, key(body.template_id, body.scene), long=False):
        raise WxError(43101)
    items = [{"name": "", "value": body.data.content.value}]
    show(
        call.box, appid=account.appid, person=one.person, who="account", kind="template",
        content={"title": body.title, "items": items, "url": body.url}, via="once",
    )  # fmt: skip
    return OK


ROUTES = (
    Route(MP, "GET", PATH, page, PAGE, DATE, Ask, (10002, 10003, 10013)),
    Route(MP, "GET", f"{PATH}/decision", decide, PAGE, DATE, Ask),
    Route(
        API, "POST", "/cgi-bin/message/template/subscribe", send, PAGE, DATE, Send,
        (40001, 40003, 40037, 41001, 42001, 43101, 45003, 47001, 47003, 61007),
    ),
)  # fmt: skip
