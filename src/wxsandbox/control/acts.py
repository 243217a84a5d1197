"""What people do: follow, scan, say, tap, open, consent, authorize."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from wxsandbox.accounts import Component
from wxsandbox.control.scans import follow_by, read_code
from wxsandbox.errors import NotFound, Wrong
from wxsandbox.http import Call, at_person
from wxsandbox.mp import oauth_pages
from wxsandbox.mp.messages import push
from wxsandbox.mp.qrcodes import QrTicket
from wxsandbox.open import grants, pages
from wxsandbox.people import Fan, account_of, fan, open_window, person_of, show
from wxsandbox.routes import Route
from wxsandbox.validate import control

HOST = "_sandbox"
IN_CHAT_SECONDS = 600
SCENES = ("SEARCH", "PROFILE_CARD", "QR_CODE", "PROFILE_LINK", "PROFILE_ITEM", "PAID", "WXA", "CHANNELS", "OTHERS")


class Follow(msgspec.Struct):
    """Follow an account: found by search, or by the ticket of a QR code."""

    appid: str = ""
    ticket: str = ""
    scene: str = "ADD_SCENE_SEARCH"


class OfAccount(msgspec.Struct):
    """An account."""

    appid: str


class Say(msgspec.Struct):
    """A message: text, or kind image (url), voice, location (latitude, longitude, label), link (url, title)."""

    appid: str
    text: str = ""
    kind: str = "text"
    url: str = ""
    title: str = ""
    label: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    menu_id: str = ""


class Locate(msgspec.Struct):
    """The phone reports where it is."""

    appid: str
    latitude: float
    longitude: float
    precision: float = 30.0


class Tap(msgspec.Struct):
    """A tap on the menu; `button` is a name or a place such as "1" or "0.2"; `result` is what a scan read."""

    appid: str
    button: str
    result: str = ""


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


def actor(call: Call, appid: str) -> Fan:
    """Return what the person of the path is to an account; raises NotFound."""
    person = person_of(call.box, call.params["name"])
    account_of(call.box, appid)
    return fan(call.box, person.id, appid)


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


async def say(call: Call) -> Any:
    """Say something in an account's chat."""
    asked = control(call.body, Say)
    box, one = call.box, actor(call, asked.appid)
    if not one.subscribed:
        raise Wrong("only followers can write to the account")
    fields, content = message(call, asked)
    bubble = show(box, appid=asked.appid, person=one.person, who="person", kind=asked.kind, content=content)
    open_window(box, one, "menu" if asked.menu_id else "message")
    push(box, account_of(box, asked.appid), one, asked.kind, fields)
    return bubble


def message(call: Call, asked: Say) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write a message as WeChat's fields and as a bubble's content."""
    media = call.box.dice.text(64)
    if asked.kind == "text":
        extra = {"bizmsgmenuid": asked.menu_id} if asked.menu_id else {}
        return {"Content": asked.text, **extra}, {"text": asked.text}
    if asked.kind == "image":
        return {"PicUrl": asked.url, "MediaId": media}, {"url": asked.url, "media_id": media}
    if asked.kind == "voice":
        return {"MediaId": media, "Format": "amr"}, {"media_id": media}
    if asked.kind == "location":
        place = {"Location_X": asked.latitude, "Location_Y": asked.longitude, "Scale": 15, "Label": asked.label}
        return place, {"latitude": asked.latitude, "longitude": asked.longitude, "label": asked.label}
    if asked.kind == "link":
        return {"Title": asked.title, "Description": asked.text, "Url": asked.url}, {
            "title": asked.title, "description": asked.text, "url": asked.url,
        }  # fmt: skip
    raise Wrong(f"unknown kind {asked.kind}")


async def locate(call: Call) -> Any:
    """Report the phone's place to the account (LOCATION event)."""
    asked = control(call.body, Locate)
    one = actor(call, asked.appid)
    place = {"Latitude": asked.latitude, "Longitude": asked.longitude, "Precision": asked.precision}
    push(call.box, account_of(call.box, asked.appid), one, "event", {"Event": "LOCATION", **place})
    return {"ok": True}


async def tap(call: Call) -> Any:
    """Tap a menu button; a view button answers which address to open."""
    asked = control(call.body, Tap)
    box, one = call.box, actor(call, asked.appid)
    account = account_of(box, asked.appid)
    button = find_button((account.menu or {}).get("button", []), asked.button)
    kind, key = button["type"], button.get("key", "")
    if not one.subscribed:
        raise Wrong("only followers see the menu's conversation")
    if kind == "view":
        enter(call, one)
        push(box, account, one, "event", {"Event": "VIEW", "EventKey": button["url"]})
        return {"type": "view", "open": at_person(button["url"], one.person)}
    if kind == "miniprogram":
        push(box, account, one, "event", {"Event": "view_miniprogram", "EventKey": button["pagepath"]})
        return {"type": kind, "appid": button["appid"], "pagepath": button["pagepath"]}
    if kind == "click":
        open_window(box, one, "menu")
        push(box, account, one, "event", {"Event": "CLICK", "EventKey": key})
    elif kind in ("scancode_push", "scancode_waitmsg"):
        open_window(box, one, "menu")
        scanned = {"ScanType": "qrcode", "ScanResult": asked.result}
        push(box, account, one, "event", {"Event": kind, "EventKey": key, "ScanCodeInfo": scanned})
    return {"type": kind, "key": key}


def find_button(buttons: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    """Find a button by place ("1", "0.2") or by name; raises NotFound."""
    for n, button in enumerate(buttons):
        subs = button.get("sub_button") or []
        for m, leaf in enumerate(subs or [button]):
            place = f"{n}.{m}" if subs else str(n)
            if wanted in (place, leaf["name"]):
                return dict(leaf)
    raise NotFound(f"no button {wanted}")


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


def enter(call: Call, one: Fan) -> None:
    """Note that the person goes to a page from the account's own chat."""
    one.in_chat_until = call.box.clock.now() + IN_CHAT_SECONDS
    call.box.state.table(Fan).put(one)


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


def act(path: str, handler: Any, body: Any) -> Route:
    """Declare one act of a person."""
    return Route(HOST, "POST", f"/people/{{name}}/{path}", handler, body=body)


ROUTES = (
    act("follow", follow, Follow),
    act("unfollow", unfollow, OfAccount),
    act("say", say, Say),
    act("locate", locate, Locate),
    act("tap", tap, Tap),
    act("scan", scan, Scan),
    act("open", open_link, Open),
    act("consent", consent, Consent),
    act("authorize", authorize, Authorize),
    Route(HOST, "DELETE", "/accounts/{appid}/authorizations/{component}", withdraw),
)
