"""What people do: follow, scan, open, consent, authorize; what they say and tap is in `talk`."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from wxsandbox.accounts import Component
from wxsandbox.control import leaving, talk
from wxsandbox.control.actors import HOST, act, actor, enter
from wxsandbox.control.scans import follow_by, read_code
from wxsandbox.errors import NotFound
from wxsandbox.http import Call, at_person
from wxsandbox.mp import oauth_pages
from wxsandbox.mp.messages import push
from wxsandbox.mp.qrcodes import QrTicket
from wxsandbox.open import grants, pages
from wxsandbox.people import Fan, account_of, person_of
from wxsandbox.routes import Route
from wxsandbox.validate import control

SCENES = ("SEARCH", "PROFILE_CARD", "QR_CODE", "PROFILE_LINK", "PROFILE_ITEM", "PAID", "WXA", "CHANNELS", "OTHERS")


class Follow(msgspec.Struct):
    """Follow an account: found by search, or by the ticket of a QR code."""

    appid: str = ""
    ticket: str = ""
    scene: str = "ADD_SCENE_SEARCH"


class OfAccount(msgspec.Struct):
    """An account."""

    appid: str


class Scan(msgspec.Struct):
    """A QR code by its text or ticket; with follow=False a stranger only sees the account's card."""

    text: str = ""
    ticket: str = ""
    follow: bool = True


class Open(msgspec.Struct):
    """Open a link in the phone's browser; `appid`: from this account's chat."""

    url: str
    appid: str = ""


class Consent(msgspec.Struct):
    """Answer an OAuth authorize link at once."""

    url: str
    allow: bool = True


class Authorize(msgspec.Struct):
    """Answer an authorization link (PC or phone) as administrator of an account."""

    url: str
    appid: str
    func_ids: list[int] = []


async def follow(call: Call) -> Any:
    """Follow an account."""
    asked = control(call.body, Follow)
    ticket = call.box.state.table(QrTicket).get(asked.ticket) if asked.ticket else None
    one = actor(call, ticket.appid if ticket else asked.appid)
    follow_by(call.box, one, ticket, scene=asked.scene)
    return one


async def unfollow(call: Call) -> Any:
    """Stop following."""
    one = actor(call, control(call.body, OfAccount).appid)
    if one.subscribed:
        one.subscribed, one.windows = False, {}
        call.box.state.table(Fan).put(one)
        push(call.box, account_of(call.box, one.appid), one, "event", {"Event": "unsubscribe", "EventKey": ""})
        call.box.publish(one.person, {"kind": "unfollow", "appid": one.appid})
    return one


async def scan(call: Call) -> Any:
    """Scan a QR code: follow or come back through a scene, or learn what the phone would open."""
    asked = control(call.body, Scan)
    person = person_of(call.box, call.params["name"])
    return read_code(call.box, person, text=asked.text, ticket=asked.ticket, follow=asked.follow)


async def open_link(call: Call) -> Any:
    """Open a link on the person's phone."""
    asked = control(call.body, Open)
    person = person_of(call.box, call.params["name"])
    if asked.appid:
        enter(call, actor(call, asked.appid))
    url = at_person(asked.url, person.id)
    call.box.publish(person.id, {"kind": "open", "url": url})
    return {"url": url}


async def consent(call: Call) -> Any:
    """Answer an OAuth link as the person would on the consent page."""
    asked = control(call.body, Consent)
    person = person_of(call.box, call.params["name"])
    pairs = parse_qsl(urlsplit(asked.url).query, keep_blank_values=True)
    visit = oauth_pages.read_visit(call, pairs)
    return {"url": oauth_pages.decide(call, visit, person, allow=asked.allow)}


async def authorize(call: Call) -> Any:
    """Authorize an account to a third-party platform through its link."""
    asked = control(call.body, Authorize)
    person_of(call.box, call.params["name"])
    ask = pages.read_ask(call, dict(parse_qsl(urlsplit(asked.url).query, keep_blank_values=True)))
    return {"url": await pages.confirm(call, ask, asked.appid, asked.func_ids)}


async def withdraw(call: Call) -> Any:
    """Take an authorization back, as the administrator can in WeChat's back office."""
    component = call.box.state.table(Component).get(call.params["component"])
    if component is None or not grants.withdraw(call.box, component, call.params["appid"]):
        raise NotFound("no such authorization")
    return {"ok": True}


ROUTES = (
    act("follow", follow, Follow),
    act("unfollow", unfollow, OfAccount),
    *talk.ROUTES,
    *leaving.ROUTES,
    act("scan", scan, Scan),
    act("open", open_link, Open),
    act("consent", consent, Consent),
    act("authorize", authorize, Authorize),
    Route(HOST, "DELETE", "/accounts/{appid}/authorizations/{component}", withdraw),
)
