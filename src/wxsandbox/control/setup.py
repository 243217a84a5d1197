"""Creating third-party platforms, accounts and people, and changing their settings."""

from typing import Any

import aiohttp
import msgspec

from wxsandbox import crypto
from wxsandbox.accounts import FUNC_IDS, Account, Component, Push, Settings
from wxsandbox.errors import NotFound, Wrong
from wxsandbox.http import Call
from wxsandbox.open import release
from wxsandbox.open.tickets import push_ticket
from wxsandbox.people import Person, add_person, person_of, settings
from wxsandbox.routes import Route
from wxsandbox.validate import control

HOST = "_sandbox"


class NewComponent(msgspec.Struct):
    """A third-party platform; what is left out is drawn."""

    appid: str
    secret: str = ""
    token: str = ""
    aes_key: str = ""
    event_url: str = ""
    message_url: str = ""
    nick_name: str = "第三方平台"
    launch_domain: str = ""
    dev_domain: str = ""
    func_ids: list[int] | None = None
    ip_whitelist: list[str] = []
    race: str = "both"
    pre_auth_seconds: int = 600
    ticket_on: bool = True
    open_appid: str = ""


class NewAccount(msgspec.Struct):
    """An account; what is left out is drawn."""

    appid: str = ""
    user_name: str = ""
    nick_name: str = "示例公众号"
    secret: str = ""
    kind: str = "official"
    head_img: str = ""
    alias: str = ""
    principal_name: str = "沙盒商贸有限公司"
    signature: str = ""
    service_type: int = 2
    verify_type: int = 0
    open_appid: str = ""
    oauth_domain: str = ""
    js_domains: list[str] = []
    snapshot: bool = False
    ip_whitelist: list[str] = []
    push: Push | None = None


class Verify(msgspec.Struct):
    """A callback address and its token."""

    url: str
    token: str


class NewPerson(msgspec.Struct):
    """A person; the name becomes the host {name}.localhost."""

    name: str
    nickname: str = ""
    avatar: str = ""
    snapshot: bool | None = None
    platform: int = 0


async def add_component(call: Call) -> Any:
    """Create a third-party platform, or configure one that exists; a ticket is pushed at once."""
    asked = control(call.body, NewComponent)
    if asked.message_url and "$APPID$" not in asked.message_url:
        raise Wrong("message_url must contain $APPID$")
    box = call.box
    components = box.table(Component)
    known = components.get(asked.appid)
    if known is not None:
        component = components.put(msgspec.structs.replace(known, **given(call, asked)))
    else:
        fields = msgspec.structs.asdict(asked)
        fields["id"] = fields.pop("appid")
        fields["secret"] = asked.secret or box.dice.hex(32)
        fields["token"] = asked.token or box.dice.text(24)
        fields["aes_key"] = asked.aes_key or box.dice.text(43)
        fields["func_ids"] = asked.func_ids or list(FUNC_IDS)
        component = components.put(Component(seq=box.state.next("component"), **fields))
    if component.ticket_on and component.event_url:
        push_ticket(box, component)
    return view(component)


async def add_account(call: Call) -> Any:
    """Create an account, or change the fields given of one that exists."""
    asked = control(call.body, NewAccount)
    box = call.box
    accounts = box.table(Account)
    known = accounts.get(asked.appid) if asked.appid else None
    if known is not None:
        return view(accounts.put(msgspec.structs.replace(known, **given(call, asked))))
    fields = msgspec.structs.asdict(asked)
    id = fields.pop("appid") or "wx" + box.dice.hex(16)
    fields["user_name"] = asked.user_name or "gh_" + box.dice.hex(12)
    fields["secret"] = asked.secret or box.dice.hex(32)
    return view(accounts.put(Account(id=id, seq=box.state.next("account"), **fields)))


async def verify(call: Call) -> Any:
    """Check a callback address as WeChat's back office does when it is saved: it must echo `echostr`."""
    asked = control(call.body, Verify)
    dice = call.box.dice
    timestamp, nonce, echo = str(call.box.clock.seconds()), str(dice.below(10**9)), str(dice.below(10**18))
    query = {"signature": crypto.signature(asked.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    try:
        async with call.box.http.get(asked.url, params={**query, "echostr": echo}) as answer:
            return {"verified": answer.status == 200 and await answer.text() == echo, "status": answer.status}
    except (aiohttp.ClientError, TimeoutError) as failure:
        return {"verified": False, "status": 0, "why": str(failure)}


def given(call: Call, asked: msgspec.Struct) -> dict[str, Any]:
    """Return the fields that the request itself names, but for the appid."""
    names = msgspec.json.decode(call.body, type=dict[str, Any])
    return {name: getattr(asked, name) for name in names if name != "appid" and hasattr(asked, name)}


async def new_person(call: Call) -> Any:
    """Create a person with a phone."""
    asked = control(call.body, NewPerson)
    if not asked.name.replace("-", "").isalnum() or not asked.name.isascii() or asked.name != asked.name.lower():
        raise Wrong("name must be lower-case letters, digits and dashes")
    more: dict[str, Any] = {"snapshot": asked.snapshot, "platform": asked.platform}
    return add_person(call.box, asked.name, asked.nickname, asked.avatar, **more)


async def list_of(call: Call) -> Any:
    """List components, accounts or people."""
    kind: type[Any] = {"components": Component, "accounts": Account, "people": Person}[call.path[1:]]
    # The accounts of the release test are WeChat's own.
    return {"items": [view(row) for row in call.box.table(kind) if row.id not in release.APPIDS]}


async def get_account(call: Call) -> Any:
    """Show one account, menu included."""
    account = call.box.table(Account).get(call.params["appid"])
    if account is None:
        raise NotFound("no such account")
    return view(account)


async def get_settings(call: Call) -> Any:
    """Show the settings in force."""
    return settings(call.box)


async def put_settings(call: Call) -> Any:
    """Change settings; only the fields given."""
    merged = msgspec.to_builtins(settings(call.box)) | msgspec.json.decode(call.body)
    return call.box.table(Settings).put(control(msgspec.json.encode(merged), Settings))


async def avatar(call: Call) -> Any:
    """Draw a person's picture: the first character on a colour, as SVG."""
    from wxsandbox.pictures import avatar_svg

    return avatar_svg(person_of(call.box, call.params["name"]))


def view(row: Any) -> dict[str, Any]:
    """Show a row with `appid` instead of `id` where that is what it is."""
    fields: dict[str, Any] = msgspec.to_builtins(row)
    if isinstance(row, Component | Account):
        fields = {"appid": fields.pop("id"), **fields}
    return fields


ROUTES = (
    Route(HOST, "GET", "/components", list_of, journal=False),
    Route(HOST, "POST", "/components", add_component, body=NewComponent),
    Route(HOST, "GET", "/accounts", list_of, journal=False),
    Route(HOST, "POST", "/accounts", add_account, body=NewAccount),
    Route(HOST, "GET", "/accounts/{appid}", get_account, journal=False),
    Route(HOST, "GET", "/people", list_of, journal=False),
    Route(HOST, "POST", "/people", new_person, body=NewPerson),
    Route(HOST, "GET", "/people/{name}/avatar.svg", avatar, journal=False),
    Route(HOST, "POST", "/verification", verify, body=Verify),
    Route(HOST, "GET", "/settings", get_settings, journal=False),
    Route(HOST, "PUT", "/settings", put_settings),
)
