"""What people say in a conversation, and what its menu has them do."""

import base64
import binascii
import hashlib
from typing import Any

import msgspec

from wxsandbox.accounts import Account
from wxsandbox.control.actors import HOST, act, actor, enter
from wxsandbox.errors import NotFound, Wrong
from wxsandbox.http import Call, Reply, at_person
from wxsandbox.mp import uploads
from wxsandbox.mp.messages import push
from wxsandbox.mp.personal_menus import menu_of
from wxsandbox.people import Fan, account_of, open_window, show
from wxsandbox.routes import Route
from wxsandbox.validate import control

# One frame of AMR-NB at 12.2 kbit/s is 20 ms.
SILENCE = b"\x3c" + bytes(31)
FRAMES_A_SECOND = 50
MOST_SECONDS = 60
DATA = "data:"


class Say(msgspec.Struct):
    """A message: text, or kind image (url or data:), voice, video, location, link (url, title)."""

    appid: str
    text: str = ""
    kind: str = "text"
    url: str = ""
    title: str = ""
    label: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    menu_id: str = ""
    seconds: int = 2


class Locate(msgspec.Struct):
    """The phone reports where it is."""

    appid: str
    latitude: float
    longitude: float
    precision: float = 30.0


class Tap(msgspec.Struct):
    """A tap on the menu; `button` is a name or a place such as "1" or "0.2".

    What the button had the person do: `result` a scan read, `pictures` (data:), or the place picked.
    """

    appid: str
    button: str
    result: str = ""
    scan_type: str = "qrcode"
    pictures: list[str] = []
    latitude: float = 0.0
    longitude: float = 0.0
    label: str = ""
    poi: str = ""


async def say(call: Call) -> Any:
    """Say something in an account's chat."""
    asked = control(call.body, Say)
    one = actor(call, asked.appid)
    if not one.subscribed:
        raise Wrong("only followers can write to the account")
    bubble = speak(call, one, asked)
    open_window(call.box, one, "menu" if asked.menu_id else "message")
    return bubble


def speak(call: Call, one: Fan, asked: Say) -> Any:
    """Put a message into the chat and on its way to the account."""
    account = account_of(call.box, one.appid)
    fields, content = message(call, account, asked)
    bubble = show(call.box, appid=one.appid, person=one.person, who="person", kind=asked.kind, content=content)
    push(call.box, account, one, asked.kind, fields)
    return bubble


def message(call: Call, account: Account, asked: Say) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write a message as WeChat's fields and as a bubble's content."""
    if asked.kind == "text":
        extra = {"bizmsgmenuid": asked.menu_id} if asked.menu_id else {}
        return {"Content": asked.text, **extra}, {"text": asked.text}
    if asked.kind == "image":
        if asked.url.startswith(DATA):
            file = keep(call, account.appid, "image", read_data(asked.url))
            url, media = uploads.address(call, file), file.id
        else:
            url, media = asked.url, call.box.dice.text(64)
        return {"PicUrl": url, "MediaId": media}, {"url": url, "media_id": media}
    if asked.kind == "voice":
        return voice(call, account, asked)
    if asked.kind in ("video", "shortvideo"):
        media, thumb = call.box.dice.text(64), call.box.dice.text(64)
        return {"MediaId": media, "ThumbMediaId": thumb}, {"media_id": media, "title": asked.title}
    if asked.kind == "location":
        place = {"Location_X": asked.latitude, "Location_Y": asked.longitude, "Scale": 15, "Label": asked.label}
        return place, {"latitude": asked.latitude, "longitude": asked.longitude, "label": asked.label}
    if asked.kind == "link":
        return {"Title": asked.title, "Description": asked.text, "Url": asked.url}, {
            "title": asked.title, "description": asked.text, "url": asked.url,
        }  # fmt: skip
    raise Wrong(f"unknown kind {asked.kind}")


def voice(call: Call, account: Account, asked: Say) -> tuple[dict[str, Any], dict[str, Any]]:
    """Record a voice message of so many seconds (silence); its words are heard where the account has that on."""
    seconds = max(1, min(asked.seconds, MOST_SECONDS))
    file = keep(call, account.appid, "voice", b"#!AMR\n" + SILENCE * (FRAMES_A_SECOND * seconds))
    fields: dict[str, Any] = {"MediaId": file.id, "Format": "amr"}
    if account.options.get("voice_recognize") == "1":
        fields["Recognition"] = asked.text
    return fields, {"media_id": file.id, "seconds": seconds}


def keep(call: Call, appid: str, kind: str, data: bytes) -> uploads.StoredFile:
    """Keep what a person sent where media/get finds it for three days."""
    content_type = uploads.judge(data, kind)
    part = uploads.Part(f"{kind}.{content_type.partition('/')[2]}", data, {})
    return uploads.store(call.box, appid, part, use="temporary", kind=kind, content_type=content_type)


def read_data(url: str) -> bytes:
    """Read a data: address."""
    try:
        return base64.b64decode(url.partition(",")[2], validate=True)
    except binascii.Error:
        raise Wrong("not a base64 data: address") from None


async def locate(call: Call) -> Any:
    """Report the phone's place to the account (LOCATION event)."""
    asked = control(call.body, Locate)
    one = actor(call, asked.appid)
    place = {"Latitude": asked.latitude, "Longitude": asked.longitude, "Precision": asked.precision}
    push(call.box, account_of(call.box, asked.appid), one, "event", {"Event": "LOCATION", **place})
    return {"ok": True}


async def tap(call: Call) -> Any:
    """Tap a menu button, and do what it has a person do; a view button answers which address to open."""
    asked = control(call.body, Tap)
    one = actor(call, asked.appid)
    account = account_of(call.box, asked.appid)
    menu = menu_of(call.box, account, one) or {}
    button = find_button(menu.get("button", []), asked.button)
    if not one.subscribed:
        raise Wrong("only followers see the menu's conversation")
    kind = button["type"]
    extra = {"MenuId": menu["menuid"]} if "menuid" in menu else {}
    if kind == "view":
        enter(call, one)
        push(call.box, account, one, "event", {"Event": "VIEW", "EventKey": button["url"], **extra})
        return {"type": kind, "open": at_person(button["url"], one.person)}
    if kind == "miniprogram":
        push(call.box, account, one, "event", {"Event": "view_miniprogram", "EventKey": button["pagepath"], **extra})
        return {"type": kind, "appid": button["appid"], "pagepath": button["pagepath"]}
    if kind in ("media_id", "view_limited", "article_id", "article_view_limited"):
        return _given(call, one, kind, button)
    return _keyed(call, account, one, button, asked)


def _given(call: Call, one: Fan, kind: str, button: dict[str, Any]) -> Any:
    """Show what a button holds itself; no event is sent."""
    about = button.get("media_id") or button.get("article_id")
    if kind == "media_id":
        file = uploads.find(call.box, one.appid, str(about))
        bubble = {"media_id": about}
        show(
            call.box, appid=one.appid, person=one.person, who="account", kind=file.kind if file else "mpnews",
            content=bubble, via="menu",
        )  # fmt: skip
    return {"type": kind, "id": about}


def _keyed(call: Call, account: Account, one: Fan, button: dict[str, Any], asked: Tap) -> Any:
    kind, key, box = button["type"], button.get("key", ""), call.box
    fields: dict[str, Any] = {"Event": "CLICK" if kind == "click" else kind, "EventKey": key}
    follows: list[Say] = []
    if kind in ("scancode_push", "scancode_waitmsg"):
        fields["ScanCodeInfo"] = {"ScanType": asked.scan_type, "ScanResult": asked.result}
    elif kind.startswith("pic_"):
        if not asked.pictures:
            raise Wrong("no picture was chosen")
        sums = [hashlib.md5(read_data(one), usedforsecurity=False).hexdigest() for one in asked.pictures]
        items = {"item": [{"PicMd5Sum": one} for one in sums]}
        fields["SendPicsInfo"] = {"Count": len(sums), "PicList": items}
        follows = [Say(asked.appid, kind="image", url=picture) for picture in asked.pictures]
    elif kind == "location_select":
        fields["SendLocationInfo"] = {
            "Location_X": str(asked.latitude), "Location_Y": str(asked.longitude), "Scale": "15",
            "Label": asked.label, "Poiname": asked.poi,
        }  # fmt: skip
        spot = Say(asked.appid, kind="location", label=asked.label)
        spot.latitude, spot.longitude = asked.latitude, asked.longitude
        follows = [spot]
    open_window(box, one, "menu")
    push(box, account, one, "event", fields)
    for said in follows:
        speak(call, one, said)
    return {"type": kind, "key": key, "waits": kind == "scancode_waitmsg"}


def find_button(buttons: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    """Find a button by place ("1", "0.2") or by name; raises NotFound."""
    for n, button in enumerate(buttons):
        subs = button.get("sub_button") or []
        for m, leaf in enumerate(subs or [button]):
            place = f"{n}.{m}" if subs else str(n)
            if wanted in (place, leaf["name"]):
                return dict(leaf)
    raise NotFound(f"no button {wanted}")


async def file(call: Call) -> Reply:
    """Serve a file of an account to the phone that was sent it."""
    found = uploads.find(call.box, call.params["appid"], call.params["media_id"])
    return uploads.attached(found) if found else Reply(404)


ROUTES = (
    act("say", say, Say),
    act("locate", locate, Locate),
    act("tap", tap, Tap),
    Route(HOST, "GET", "/media/{appid}/{media_id}", file, journal=False),
)
