"""The OAuth authorize page: silent for snsapi_base, a consent page for snsapi_userinfo.

Official page: developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html, 2026-09.
"""

from html import escape
from urllib.parse import parse_qsl, urlencode

import msgspec

from wxsandbox import looks
from wxsandbox.accounts import Account, Component
from wxsandbox.app import Replied
from wxsandbox.http import Call, Reply, at_person, redirect
from wxsandbox.mp import oauth
from wxsandbox.mp.base import DATE, PAGES
from wxsandbox.open import grants
from wxsandbox.open.grants import with_query
from wxsandbox.people import Fan, Person, fan
from wxsandbox.pictures import avatar_svg
from wxsandbox.routes import Route

OPEN = "open.weixin.qq.com"
PAGE = f"{PAGES}/OA_Web_Apps/Wechat_webpage_authorization.html"
ORDER = ("appid", "redirect_uri", "response_type", "scope", "state", "forcePopup", "component_appid")
SCOPES = ("snsapi_base", "snsapi_userinfo")
WEB_SET = 4
STATE_BYTES = 128
# In a frame on {person}.localhost: the page around it says whose phone this is.
FIND_PERSON = """<script>(function(){var o=[].slice.call(location.ancestorOrigins||[]),m;o.push(document.referrer);
for(var i=0;i<o.length;i++){m=/^https?:\\/\\/([a-z][a-z0-9-]*)\\.localhost(:|\\/|$)/.exec(o[i]);
if(m){location.replace(location.href.split('#')[0]+'&sandbox_person='+m[1]);return}}})()</script>"""


class Visit(msgspec.Struct, frozen=True):
    """An authorize link, checked, and the person whose browser opened it."""

    account: Account
    component: Component | None
    redirect_uri: str
    scope: str
    state: str
    force_popup: bool


def refuse(words: str, code: int | str, hint: str) -> Replied:
    """Make the error page of a wrong link."""
    return Replied(looks.problem(words, code=code, hint=hint))


def read_visit(call: Call, pairs: list[tuple[str, str]]) -> Visit:
    """Check an authorize link; answers WeChat's error page when it is wrong."""
    query = dict(pairs)
    names = [name for name, _ in pairs if name in ORDER]
    account = call.box.state.table(Account).get(query.get("appid", ""))
    if account is None:
        raise refuse("AppID 参数错误", 10013, "appid is unknown")
    call.appid = account.appid
    if names != sorted(names, key=ORDER.index):
        raise refuse("链接参数错误", 10002, f"parameters must come in this order: {', '.join(ORDER)}")
    if query.get("response_type") != "code":
        raise refuse("链接参数错误", 10002, "response_type must be code")
    if query.get("scope") not in SCOPES:
        raise refuse("Scope 参数错误或没有 Scope 权限", 10005, f"scope must be one of {', '.join(SCOPES)}")
    state = query.get("state", "")
    if len(state.encode()) > STATE_BYTES:
        raise refuse("链接参数错误", 10002, "state is longer than 128 bytes")
    component = read_component(call, account, query.get("component_appid", ""))
    if account.kind != "official" or account.service_type != 2 or account.verify_type < 0:
        raise refuse("Scope 参数错误或没有 Scope 权限", 10005, "only verified service accounts have web OAuth")
    if not oauth.domain_allows(account, component, query.get("redirect_uri", "")):
        expected = component.dev_domain if component else account.oauth_domain
        raise refuse("redirect_uri域名与后台配置不一致", 10003, f"configured domain: {expected or '(none)'}")
    force = query.get("forcePopup") == "true"
    return Visit(account, component, query["redirect_uri"], query["scope"], state, force)


def read_component(call: Call, account: Account, appid: str) -> Component | None:
    """Find the third-party platform named by a link, which needs the account's grant of set 4."""
    if not appid:
        return None
    component = call.box.state.table(Component).get(appid)
    if component is None:
        raise refuse("第三方平台不存在", 10013, "component_appid is unknown")
    grant = grants.active(call.box, appid, account.appid)
    if grant is None or WEB_SET not in grant.func_ids:
        raise refuse("该公众号未授权给第三方平台", 10015, "permission set 4 is not granted to this platform")
    return component


async def authorize(call: Call) -> Reply:
    """Open the authorize page."""
    pairs = parse_qsl(call.query_string, keep_blank_values=True)
    visit = read_visit(call, pairs)
    name = call.person() or call.query.get("sandbox_person", "")
    person = call.box.state.table(Person).get(name) if name else None
    if person is None:
        return who_are_you(call, name)
    one = fan(call.box, person.id, visit.account.appid)
    if visit.scope == "snsapi_base" or oauth.silent(call.box, one, force_popup=visit.force_popup):
        return redirect(decide(call, visit, person, allow=True))
    return consent_page(call, visit, person)


def decide(call: Call, visit: Visit, person: Person, *, allow: bool) -> str:
    """Return where the browser goes: with a code, or with the state alone when the person refused."""
    extra = {"state": visit.state} if visit.state else {}
    if allow:
        appid = visit.component.id if visit.component else ""
        code = oauth.issue_code(call.box, visit.account, person, visit.scope, component=appid)
        extra = {"code": code.id, **extra} | ({"appid": visit.account.appid} if appid else {})
        if visit.scope == "snsapi_userinfo":
            remember(call, person, visit)
    return at_person(with_query(visit.redirect_uri, **extra), person.id)


def remember(call: Call, person: Person, visit: Visit) -> None:
    """Note on the fan that a profile was handed out."""
    one = fan(call.box, person.id, visit.account.appid)
    if visit.scope not in one.consents:
        one.consents = [*one.consents, visit.scope]
        call.box.state.table(Fan).put(one)


def consent_page(call: Call, visit: Visit, person: Person) -> Reply:
    """Ask the person whether the account may see nickname and picture."""
    base = call.url(OPEN, "/connect/oauth2/decision")
    query = f"{call.query_string}&{urlencode({'sandbox_person': person.id})}"
    face = looks.picture(f"/_sandbox/people/{person.id}/avatar.svg", person.nickname)
    body = f"""<div class="center">{
        looks.picture(visit.account.head_img, visit.account.nick_name).replace(
            'class="pic"', 'class="pic" style="margin:16px auto"'
        )
    }
<h1>{escape(visit.account.nick_name)}</h1><p class="dim">申请获取并使用你的昵称、头像</p></div>
<div class="card"><label>{face}<span>{escape(person.nickname)}<br><span class="dim">微信个人信息</span></span></label>
</div><a class="go" id="allow" href="{escape(f"{base}?{query}&allow=1")}">允许</a>
<a class="no" id="deny" href="{escape(f"{base}?{query}&allow=0")}">拒绝</a>"""
    return looks.page("微信登录", body)


async def decision(call: Call) -> Reply:
    """Carry out what the person tapped on the consent page."""
    pairs = parse_qsl(call.query_string, keep_blank_values=True)
    visit = read_visit(call, pairs)
    person = call.box.state.table(Person).get(call.query.get("sandbox_person", ""))
    if person is None:
        raise refuse("请在微信客户端打开链接", "", "no such person")
    return redirect(decide(call, visit, person, allow=call.query.get("allow") == "1"))


def who_are_you(call: Call, name: str) -> Reply:
    """Find out who holds the phone: by the page around this one, else by asking."""
    base = call.url(OPEN, f"{call.path}?{call.query_string}&sandbox_person=")
    rows = "".join(
        f'<label><a href="{escape(base + p.id)}">{escape(p.nickname)}</a>'
        f'<span class="dim">{p.id}.localhost</span></label>'
        for p in call.box.state.table(Person)
    )
    # Somebody named who does not exist: do not go in circles.
    script = "" if name else FIND_PERSON
    body = (
        "<h1>请在微信客户端打开链接</h1><p class='dim'>沙盒：选择用谁的手机打开</p>"
        f"<div class='card'>{rows}</div>{script}"
    )
    return looks.page("请在微信客户端打开链接", body)


async def avatar(call: Call) -> Reply:
    """Answer a person's picture, as WeChat's image host does."""
    person = call.box.state.table(Person).get(call.params["person"])
    return avatar_svg(person) if person else Reply(404)


ROUTES = (
    Route(OPEN, "GET", "/connect/oauth2/authorize", authorize, PAGE, DATE, None, (10002, 10003, 10005, 10013, 10015)),
    Route(OPEN, "GET", "/connect/oauth2/decision", decision),
    Route("thirdwx.qlogo.cn", "GET", "/mmopen/{person}/{size}", avatar, journal=False),
)
