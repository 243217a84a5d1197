"""What people send to an account.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html (2026-11)
Media ids live three days.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from weixin.messages.fields import maybe, text, words
from weixin.safexml import Fields


@dataclass(frozen=True, slots=True)
class Said:
    """Common to all: the account's original id (gh_…), the person's openid, unix seconds.

    `msg_data_id` and `article` (counted from 1) name the article from which somebody came to the conversation.
    """

    account: str
    openid: str
    created_at: int
    msg_data_id: str | None = field(default=None, kw_only=True)
    article: int = field(default=0, kw_only=True)


@dataclass(frozen=True, slots=True)
class Text(Said):
    """Words; `menu_id` is set when the person tapped an item of a msgmenu."""

    msg_id: str
    content: str
    menu_id: str | None


@dataclass(frozen=True, slots=True)
class Image(Said):
    """A picture."""

    msg_id: str
    pic_url: str
    media_id: str


@dataclass(frozen=True, slots=True)
class Voice(Said):
    """A voice message; `format` is amr (8K) or speex, `media_id_16k` its better copy, `recognition` what was heard."""

    msg_id: str
    media_id: str
    format: str
    media_id_16k: str | None
    recognition: str | None


@dataclass(frozen=True, slots=True)
class Video(Said):
    """A video; `short` when it was filmed within the chat."""

    msg_id: str
    media_id: str
    thumb_media_id: str
    short: bool


@dataclass(frozen=True, slots=True)
class Place(Said):
    """A location somebody picked on the map and sent."""

    msg_id: str
    latitude: str
    longitude: str
    scale: str
    label: str


@dataclass(frozen=True, slots=True)
class Link(Said):
    """A shared article or page."""

    msg_id: str
    title: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class File(Said):
    """A file; no official sample exists, so only what every sample of strangers has is promised."""

    msg_id: str
    title: str
    media_id: str | None


@dataclass(frozen=True, slots=True)
class MiniPage(Said):
    """A card of a mini program."""

    msg_id: str
    title: str
    appid: str
    page_path: str
    thumb_url: str
    thumb_media_id: str


@dataclass(frozen=True, slots=True)
class Device(Said):
    """What a device of the historic hardware platform says: `event` is bind, unbind …, `content` is base64."""

    event: str | None
    device_type: str
    device_id: str
    content: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Other(Said):
    """Anything we have no type for; all its fields are in `Push.fields`."""

    msg_type: str
    event: str | None


Head: TypeAlias = tuple[str, str, int]


def _video(head: Head, fields: Fields) -> Video:
    short = words(fields, "MsgType") == "shortvideo"
    return Video(*head, text(fields, "MsgId"), text(fields, "MediaId"), words(fields, "ThumbMediaId"), short)


def _device(head: Head, fields: Fields) -> Device:
    return Device(
        *head, maybe(fields, "Event"), words(fields, "DeviceType"), words(fields, "DeviceID"),
        words(fields, "Content"), words(fields, "SessionID"),
    )  # fmt: skip


MESSAGES: dict[str, Callable[[Head, Fields], Said]] = {
    "text": lambda h, f: Text(*h, text(f, "MsgId"), words(f, "Content"), maybe(f, "bizmsgmenuid")),
    "image": lambda h, f: Image(*h, text(f, "MsgId"), words(f, "PicUrl"), text(f, "MediaId")),
    "voice": lambda h, f: Voice(
        *h, text(f, "MsgId"), text(f, "MediaId"), words(f, "Format"), maybe(f, "MediaId16K"), maybe(f, "Recognition")
    ),
    "video": _video,
    "shortvideo": _video,
    "location": lambda h, f: Place(
        *h, text(f, "MsgId"), text(f, "Location_X"), text(f, "Location_Y"), words(f, "Scale"), words(f, "Label")
    ),
    "link": lambda h, f: Link(*h, text(f, "MsgId"), words(f, "Title"), words(f, "Description"), words(f, "Url")),
    "file": lambda h, f: File(
        *h, text(f, "MsgId"), words(f, "Title") or words(f, "FileName"), maybe(f, "MediaId")
    ),
    "miniprogrampage": lambda h, f: MiniPage(
        *h, text(f, "MsgId"), words(f, "Title"), words(f, "AppId"), words(f, "PagePath"), words(f, "ThumbUrl"),
        words(f, "ThumbMediaId"),
    ),
    "device_text": _device,
    "device_event": _device,
}  # fmt: skip
"""How each MsgType is read, but for events."""
