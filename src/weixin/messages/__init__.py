"""What people and WeChat say to an account, as frozen types.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html (2026-11)
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html (2026-11)
"""

from contextlib import suppress
from dataclasses import replace
from typing import TypeAlias

from weixin.errors import BadMessage
from weixin.messages import infos, people, system
from weixin.messages.fields import count, maybe, number, text
from weixin.messages.infos import Authorized, Info, OtherInfo, Ticket, Unauthorized
from weixin.messages.people import (
    Click,
    CodeScanned,
    Consent,
    Location,
    PersonChanged,
    PicturesPicked,
    PlacePicked,
    Scan,
    Subscribe,
    SubscriptionAnswered,
    Unsubscribe,
    View,
    ViewMiniProgram,
)  # fmt: skip
from weixin.messages.said import (
    MESSAGES,
    Device,
    File,
    Image,
    Link,
    MiniPage,
    Other,
    Place,
    Said,
    Text,
    Video,
    Voice,
)  # fmt: skip
from weixin.messages.system import (
    AccountVerified,
    CardEvent,
    CopyrightCheck,
    EnteredSession,
    KfSession,
    MassSendFinished,
    MiniProgramEvent,
    NoticeResult,
    PlaceEvent,
    PublishFinished,
    SubscriptionSent,
    TemplateFinished,
)  # fmt: skip
from weixin.safexml import Fields

Message: TypeAlias = Said | Info
EVENTS = people.EVENTS | system.EVENTS
"""Every event with a type, by its name in lower case."""

__all__ = [
    "EVENTS", "MESSAGES", "AccountVerified", "Authorized", "CardEvent", "Click", "CodeScanned", "Consent",
    "CopyrightCheck", "Device", "EnteredSession", "File", "Image", "KfSession", "Link", "Location",
    "MassSendFinished", "Message", "MiniPage", "MiniProgramEvent", "NoticeResult", "Other", "OtherInfo",
    "PersonChanged", "PicturesPicked", "Place", "PlaceEvent", "PlacePicked", "PublishFinished", "Said", "Scan",
    "Subscribe", "SubscriptionAnswered", "SubscriptionSent", "TemplateFinished", "Text", "Ticket", "Unauthorized",
    "Unsubscribe", "Video", "View", "ViewMiniProgram", "Voice", "read",
]  # fmt: skip


def read(fields: Fields) -> Message:
    """Give the fields of a push their type; raises BadMessage when one is missing that every push has."""
    if "InfoType" in fields:
        return infos.read(fields)
    head = (text(fields, "ToUserName"), text(fields, "FromUserName"), number(fields, "CreateTime"))
    kind = text(fields, "MsgType")
    # Devices have an Event as well, and a MsgType of their own.
    event = text(fields, "Event") if kind == "event" else None
    # Live traffic and pages disagree on the case of event names, so it does not count.
    make = MESSAGES.get(kind) if event is None else EVENTS.get(event.lower())
    made: Said | None = None
    # It is signed, so WeChat said it: what lacks a part that the page promises is kept as it is, not turned away.
    with suppress(BadMessage):
        made = make(head, fields) if make else None
    if made is None:
        made = Other(*head, msg_type=kind, event=event or maybe(fields, "Event"))
    if "MsgDataId" in fields:
        return replace(made, msg_data_id=maybe(fields, "MsgDataId"), article=count(fields, "Idx"))
    return made
