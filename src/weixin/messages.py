"""What people and WeChat say to an account, as frozen types, and what may be said back at once.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html (2026-11)
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html (2026-11)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from weixin.errors import BadMessage
from weixin.safexml import Fields

# Event keys of codes scanned by somebody who was not following yet carry this before the scene.
_SCENE = "qrscene_"
# Expiry times above this are absolute; WeChat's page calls them a duration, live traffic sends a date.
_ABSOLUTE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Said:
    """Common to all: the account's original id (gh_…), the person's openid, unix seconds."""

    account: str
    openid: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Text(Said):
    """Words; `menu_id` is set when the person tapped an item of a msgmenu."""

    msg_id: str
    content: str
    menu_id: str | None


@dataclass(frozen=True, slots=True)
class Image(Said):
    """A picture; the media id lives three days."""

    msg_id: str
    pic_url: str
    media_id: str


@dataclass(frozen=True, slots=True)
class Place(Said):
    """A location somebody picked on the map and sent."""

    msg_id: str
    latitude: str
    longitude: str
    scale: str
    label: str


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
    """A tap on a menu button with a link."""

    url: str
    menu_id: str | None


@dataclass(frozen=True, slots=True)
class Location(Said):
    """Where the person is, reported on entering the conversation."""

    latitude: str
    longitude: str
    precision: str


@dataclass(frozen=True, slots=True)
class Other(Said):
    """Anything we have no type for; all its fields are in `Push.fields`."""

    msg_type: str
    event: str | None


@dataclass(frozen=True, slots=True)
class Ticket:
    """The component_verify_ticket, pushed every ten minutes."""

    component: str
    created_at: int
    ticket: str

    def __repr__(self) -> str:
        """Leave the ticket out: it is a secret."""
        return f"Ticket(component={self.component!r}, created_at={self.created_at})"


@dataclass(frozen=True, slots=True)
class Authorized:
    """An account authorized the platform, or (`updated`) changed its grants; `code` buys its tokens once."""

    component: str
    created_at: int
    appid: str
    code: str
    code_expires_at: int
    pre_auth_code: str
    updated: bool

    def __repr__(self) -> str:
        """Leave the codes out: they are secrets until used."""
        return f"Authorized(appid={self.appid!r}, created_at={self.created_at}, updated={self.updated})"


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """An account withdrew; its tokens are void."""

    component: str
    created_at: int
    appid: str


@dataclass(frozen=True, slots=True)
class OtherInfo:
    """Another push to the platform itself (registrations, audits)."""

    component: str
    created_at: int
    info_type: str


Message: TypeAlias = (
    Text | Image | Place | Subscribe | Scan | Unsubscribe | Click | View | Location | Other
    | Ticket | Authorized | Unauthorized | OtherInfo
)  # fmt: skip


def read(fields: Fields) -> Message:
    """Give the fields of a push their type; raises BadMessage when a common field is missing."""
    if "InfoType" in fields:
        return _info(fields)
    head = (_text(fields, "ToUserName"), _text(fields, "FromUserName"), _number(fields, "CreateTime"))
    kind = _text(fields, "MsgType")
    event = _text(fields, "Event") if kind == "event" else None
    # Live traffic and pages disagree on the case of event names, so it does not count.
    make = _MESSAGES.get(kind) if event is None else _EVENTS.get(event.lower())
    return make(head, fields) if make else Other(*head, msg_type=kind, event=event)


_Head: TypeAlias = tuple[str, str, int]


def _subscribe(head: _Head, fields: Fields) -> Subscribe:
    key = str(fields.get("EventKey") or "")
    # Others seen here: last_trade_no_… after a payment, scanbarcode|…; they are no scenes of ours.
    return Subscribe(*head, key[len(_SCENE) :] if key.startswith(_SCENE) else None, _maybe(fields, "Ticket"))


_MESSAGES: dict[str, Callable[[_Head, Fields], Message]] = {
    "text": lambda h, f: Text(*h, _text(f, "MsgId"), str(f.get("Content", "")), _maybe(f, "bizmsgmenuid")),
    "image": lambda h, f: Image(*h, _text(f, "MsgId"), str(f.get("PicUrl", "")), _text(f, "MediaId")),
    "location": lambda h, f: Place(
        *h, _text(f, "MsgId"), _text(f, "Location_X"), _text(f, "Location_Y"),
        str(f.get("Scale", "")), str(f.get("Label", "")),
    ),
}  # fmt: skip
_EVENTS: dict[str, Callable[[_Head, Fields], Message]] = {
    "subscribe": _subscribe,
    "unsubscribe": lambda h, f: Unsubscribe(*h),
    "scan": lambda h, f: Scan(*h, str(f.get("EventKey", "")).removeprefix(_SCENE), _maybe(f, "Ticket")),
    "click": lambda h, f: Click(*h, str(f.get("EventKey", ""))),
    "view": lambda h, f: View(*h, str(f.get("EventKey", "")), _maybe(f, "MenuId")),
    "location": lambda h, f: Location(*h, _text(f, "Latitude"), _text(f, "Longitude"), str(f.get("Precision", ""))),
}


def _info(fields: Fields) -> Message:
    component, created, kind = (
        _text(fields, "AppId"),
        _number(fields, "CreateTime"),
        _text(fields, "InfoType"),
    )
    if kind == "component_verify_ticket":
        return Ticket(component, created, _text(fields, "ComponentVerifyTicket"))
    if kind in ("authorized", "updateauthorized"):
        expires = _number(fields, "AuthorizationCodeExpiredTime")
        return Authorized(
            component,
            created,
            _text(fields, "AuthorizerAppid"),
            _text(fields, "AuthorizationCode"),
            expires if expires > _ABSOLUTE else created + expires,
            str(fields.get("PreAuthCode", "")),
            updated=kind == "updateauthorized",
        )
    if kind == "unauthorized":
        return Unauthorized(component, created, _text(fields, "AuthorizerAppid"))
    return OtherInfo(component, created, kind)


def _text(fields: Fields, name: str) -> str:
    value: Any = fields.get(name)
    if isinstance(value, int | float):  # a JSON push; MsgId is 64 bits there
        return str(value)
    if not isinstance(value, str) or not value:
        raise BadMessage(f"no {name}")
    return value


def _maybe(fields: Fields, name: str) -> str | None:
    return str(fields[name]) if fields.get(name) else None


def _number(fields: Fields, name: str) -> int:
    value = _text(fields, name)
    if not (value.isascii() and value.isdigit()) or len(value) > 18:
        raise BadMessage(f"{name} is not a number")
    return int(value)
