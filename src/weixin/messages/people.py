"""What people do to an account: follow, scan, tap, agree; and the menu's buttons that do something on the phone.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html (2026-11)
https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Custom_Menu_Push_Events.html (2026-11)
"""

from collections.abc import Callable
from dataclasses import dataclass

from weixin.messages.fields import count, maybe, part, rows, text, words
from weixin.messages.said import Head, Said
from weixin.safexml import Fields

# Event keys of codes scanned by somebody who was not following yet carry this before the scene.
SCENE = "qrscene_"


@dataclass(frozen=True, slots=True)
class Subscribe(Said):
    """A person follows; `scene` is set when they came through one of our QR codes."""

    scene: str | None
    ticket: str | None


@dataclass(frozen=True, slots=True)
class Scan(Said):
    """A follower scans one of our QR codes."""

    scene: str
    ticket: str | None


@dataclass(frozen=True, slots=True)
class Unsubscribe(Said):
    """A person stops following."""


@dataclass(frozen=True, slots=True)
class Click(Said):
    """A tap on a menu button with a key."""

    key: str


@dataclass(frozen=True, slots=True)
class View(Said):
    """A tap on a menu button with a link; `menu_id` is the personalized menu's, if one applied."""

    url: str
    menu_id: str | None


@dataclass(frozen=True, slots=True)
class ViewMiniProgram(Said):
    """A tap on a menu button that opens a mini program."""

    page_path: str
    menu_id: str | None


@dataclass(frozen=True, slots=True)
class CodeScanned(Said):
    """A menu button had the person scan a code (qrcode or barcode); `waits`: the phone waits for our answer."""

    key: str
    waits: bool
    scan_type: str
    result: str


@dataclass(frozen=True, slots=True)
class PicturesPicked(Said):
    """A menu button had the person send pictures, which follow as messages; `source`: camera, album, weixin."""

    key: str
    source: str
    number: int
    md5s: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacePicked(Said):
    """A menu button had the person pick a place, which follows as a message."""

    key: str
    latitude: str
    longitude: str
    scale: str
    label: str
    poi: str


@dataclass(frozen=True, slots=True)
class Location(Said):
    """Where the person is, reported on entering the conversation."""

    latitude: str
    longitude: str
    precision: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person answered about one notice template: accept, reject, or ban by the back office; `scene` a number."""

    template_id: str
    answer: str
    scene: str | None


@dataclass(frozen=True, slots=True)
class SubscriptionAnswered(Said):
    """A person answered a prompt for notices (`changed`: in the account's settings, later)."""

    changed: bool
    answers: tuple[Consent, ...]


@dataclass(frozen=True, slots=True)
class PersonChanged(Said):
    """A person changed their profile, revoked what they had agreed to, or closed their WeChat account.

    `change` is the event: user_info_modified, user_authorization_revoke, user_authorization_cancellation.
    """

    change: str
    who: str
    appid: str
    revoked: str | None


_SOURCES = {"pic_sysphoto": "camera", "pic_photo_or_album": "album", "pic_weixin": "weixin"}


def _subscribe(head: Head, fields: Fields) -> Subscribe:
    key = words(fields, "EventKey")
    # Others seen here: last_trade_no_… after a payment, scanbarcode|…; they are no scenes of ours.
    return Subscribe(*head, key[len(SCENE) :] if key.startswith(SCENE) else None, maybe(fields, "Ticket"))


def _scanned(head: Head, fields: Fields) -> CodeScanned:
    info = part(fields, "ScanCodeInfo")
    waits = words(fields, "Event").lower() == "scancode_waitmsg"
    return CodeScanned(*head, words(fields, "EventKey"), waits, words(info, "ScanType"), words(info, "ScanResult"))


def _pictures(head: Head, fields: Fields) -> PicturesPicked:
    info = part(fields, "SendPicsInfo")
    items = rows(part(info, "PicList"), "item") or rows(info, "PicList")
    source = _SOURCES[words(fields, "Event").lower()]
    md5s = tuple(words(item, "PicMd5Sum") for item in items)
    return PicturesPicked(*head, words(fields, "EventKey"), source, count(info, "Count"), md5s)


def _place(head: Head, fields: Fields) -> PlacePicked:
    info = part(fields, "SendLocationInfo")
    names = ("Location_X", "Location_Y", "Scale", "Label", "Poiname")
    return PlacePicked(*head, words(fields, "EventKey"), *(words(info, name) for name in names))


def _answered(head: Head, fields: Fields) -> SubscriptionAnswered:
    changed = words(fields, "Event").lower() == "subscribe_msg_change_event"
    within = part(fields, "SubscribeMsgChangeEvent" if changed else "SubscribeMsgPopupEvent")
    answers = tuple(
        Consent(words(row, "TemplateId"), words(row, "SubscribeStatusString"), maybe(row, "PopupScene"))
        for row in rows(within or fields, "List")  # a JSON push has them at the top
    )
    return SubscriptionAnswered(*head, changed, answers)


def _changed(head: Head, fields: Fields) -> PersonChanged:
    names = (words(fields, "Event").lower(), words(fields, "OpenID"), words(fields, "AppID"))
    return PersonChanged(*head, *names, maybe(fields, "RevokeInfo"))


EVENTS: dict[str, Callable[[Head, Fields], Said]] = {
    "subscribe": _subscribe,
    "unsubscribe": lambda h, f: Unsubscribe(*h),
    "scan": lambda h, f: Scan(*h, words(f, "EventKey").removeprefix(SCENE), maybe(f, "Ticket")),
    "click": lambda h, f: Click(*h, words(f, "EventKey")),
    "view": lambda h, f: View(*h, words(f, "EventKey"), maybe(f, "MenuId")),
    "view_miniprogram": lambda h, f: ViewMiniProgram(*h, words(f, "EventKey"), maybe(f, "MenuId")),
    "scancode_push": _scanned,
    "scancode_waitmsg": _scanned,
    **dict.fromkeys(_SOURCES, _pictures),
    "location_select": _place,
    "location": lambda h, f: Location(*h, text(f, "Latitude"), text(f, "Longitude"), words(f, "Precision")),
    "subscribe_msg_popup_event": _answered,
    "subscribe_msg_change_event": _answered,
    "user_info_modified": _changed,
    "user_authorization_revoke": _changed,
    "user_authorization_cancellation": _changed,
}
"""How each event of a person is read; names in lower case, for live traffic and pages disagree on theirs."""
