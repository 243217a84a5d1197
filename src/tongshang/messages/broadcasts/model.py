"""Broadcasts and their parts as they stand; the quotas are WeChat's (2026-11).

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.machine import Machine

READ_ON = date(2026, 11, 22)
PER_PERSON_MONTH = 4
"""Service accounts: messages to each person in a natural month."""
PER_DAY = 1
"""Subscription accounts: sends a day."""
CALLS_A_DAY = 100
TEXT_MOST = 600
PICTURES_MOST = 20
SERVICE = 2


class Kind(StrEnum):
    """What is sent."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    MPNEWS = "mpnews"
    MUSIC = "music"
    WXCARD = "wxcard"


class By(StrEnum):
    """How the audience is chosen."""

    ALL = "all"
    TAG = "tag"
    FILTER = "filter"
    PEOPLE = "people"


class State(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


BROADCAST = Machine(
    start=State.DRAFT,
    moves={
        "confirm": {State.DRAFT: State.SCHEDULED},
        "cancel": {State.SCHEDULED: State.CANCELLED},
        "begin": {State.SCHEDULED: State.SENDING},
        "hand": {State.SENDING: State.SENT},
        # The result of the last part may overtake the answer to our own call.
        "finish": {State.SENDING: State.FINISHED, State.SENT: State.FINISHED},
        "fail": {State.SCHEDULED: State.FAILED, State.SENDING: State.FAILED, State.SENT: State.FAILED},
        "delete": {State.FINISHED: State.DELETED},
    },
)


class PartState(StrEnum):
    """Where one call at WeChat stands."""

    WAITING = "waiting"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FINISHED = "finished"
    FAILED = "failed"
    DELETED = "deleted"


Q = PartState
PART = Machine(
    start=Q.WAITING,
    moves={
        # Asked again after a kill or a lost answer: WeChat knows the number and sends once.
        "send": {Q.WAITING: Q.SENDING, Q.SENDING: Q.SENDING},
        "accept": {Q.SENDING: Q.ACCEPTED},
        "finish": {Q.ACCEPTED: Q.FINISHED},
        "fail": {Q.WAITING: Q.FAILED, Q.SENDING: Q.FAILED, Q.ACCEPTED: Q.FAILED},
        "delete": {Q.FINISHED: Q.DELETED},
    },
)


class Audience(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is meant: everybody, a tag at WeChat, named people, or a filter over what we know of them."""

    by: By = By.ALL
    tag_id: UUID | None = None
    fan_ids: list[UUID] = []
    tag_ids: list[UUID] = []
    followed_from: datetime | None = None
    followed_to: datetime | None = None
    bought: bool | None = None


class Extra(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a piece of music (with its picture among the materials) or a card of WeChat's is known by."""

    title: str = ""
    description: str = ""
    url: str = ""
    card_id: str = ""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said: words, materials of the library, a set of articles, music or a card."""

    kind: Kind
    text: str = ""
    materials: list[UUID] = []
    article_set_id: UUID | None = None
    extra: Extra = Extra()


@dataclass(frozen=True)
class Broadcast:
    """A message to many, and what became of it."""

    id: UUID
    kind: Kind
    text: str
    materials: list[UUID]
    article_set_id: UUID | None
    audience: Audience
    ignore_reprint: bool
    state: State
    created_at: datetime
    updated_at: datetime
    appid: str | None = None
    send_at: datetime | None = None
    people: int | None = None
    total: int | None = None
    filtered: int | None = None
    sent: int | None = None
    errors: int | None = None
    status: str = ""
    errcode: int | None = None
    began_at: datetime | None = None
    finished_at: datetime | None = None
    extra: Extra = Extra()


@dataclass(frozen=True)
class Part:
    """One call at WeChat; the id is its clientmsgid."""

    id: UUID
    broadcast_id: UUID
    number: int
    state: PartState
    people: int
    draft_media_id: str | None = None
    msg_id: str | None = None
    msg_data_id: str | None = None
    status: str = ""
    errcode: int | None = None
    total: int | None = None
    filtered: int | None = None
    sent: int | None = None
    errors: int | None = None
    check_state: int = 0
    accepted_at: datetime | None = None
    finished_at: datetime | None = None
    urls: list[str] = field(default_factory=list)


class NobodyThere(Refused):
    """Nobody fits this choice."""

    code, status, zh = "broadcast.nobody", 409, "没有符合条件的粉丝。"


class OnePerson(Refused):
    """WeChat sends to at least two people; show it to one with a preview (40130)."""

    code, status, zh = "broadcast.one_person", 409, "微信要求群发至少 2 人；只发给一个人请用“预览”（40130）。"


class OtherCount(Refused):
    """It would go to {now} people by now, not to {confirmed}; look and confirm again."""

    code, status, zh = "broadcast.other_count", 409, "现在符合条件的是 {now} 人，不是 {confirmed} 人，请确认后重试。"


class QuotaUsed(Refused):
    """The account has used its quota: {words} (45028)."""

    code, status, zh = "broadcast.quota", 409, "群发额度已用完：{words_zh}（45028）。"


class TooEarly(Refused):
    """The time to send at has passed."""

    code, status, zh = "broadcast.past", 400, "定时发送的时间已经过去。"


def check(message: Message, audience: Audience) -> None:
    """Refuse what WeChat would refuse, or what says nothing."""
    if message.kind is Kind.TEXT and not 1 <= len(message.text.strip()) <= TEXT_MOST:
        raise Invalid(field="text", problem=f"1-{TEXT_MOST}")
    most = {Kind.IMAGE: PICTURES_MOST, Kind.VOICE: 1, Kind.VIDEO: 1, Kind.MUSIC: 1}.get(message.kind, 0)
    if most and not 1 <= len(message.materials) <= most:
        raise Invalid(field="materials", problem=f"1-{most}")
    if (message.kind is Kind.MPNEWS) != (message.article_set_id is not None):
        raise Invalid(
            field="article_set_id",
            problem="to be given for articles, and only there",
            zh="图文群发须选择图文，其他类型不能选择",
        )
    if message.kind is Kind.WXCARD and not 1 <= len(message.extra.card_id.strip()) <= 64:
        raise Invalid(field="extra.card_id", problem="1-64")
    if message.kind is Kind.MUSIC and not (
        1 <= len(message.extra.title.strip()) <= 64 and message.extra.url.startswith(("http://", "https://"))
    ):
        raise Invalid(
            field="extra",
            problem="a title of 1 to 64 characters and an http(s) link are needed",
            zh="音乐须有 1 到 64 个字的标题和 http(s) 链接",
        )
    if (audience.by is By.TAG) != (audience.tag_id is not None):
        raise Invalid(
            field="audience.tag_id",
            problem="to be given where a tag is sent to, and only there",
            zh="按标签群发须选择标签，其他方式不能选择",
        )
    if audience.by is By.PEOPLE and not 1 <= len(audience.fan_ids) <= 10_000:
        raise Invalid(field="audience.fan_ids", problem="1-10000")
