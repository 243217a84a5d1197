"""Nouns of automatic replies: what sets one off, when it may, and the messages it says, in order."""

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

Trigger: TypeAlias = Literal["follow", "keyword", "tap", "scan", "default"]
How: TypeAlias = Literal["exact", "contains", "pattern"]
Hour: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=False):
    """Written by merchants, so nothing unknown is taken."""


class Word(_Strict, frozen=True):
    """A keyword: the whole sentence, a part of it, or a pattern; synonyms count for the first two."""

    how: How
    text: str


class Window(_Strict, frozen=True):
    """When a rule holds, in Shanghai: hours (over midnight, too), weekdays (1 is Monday), dates; empty is always."""

    from_time: Hour | None = None
    to_time: Hour | None = None
    weekdays: list[int] = []
    from_date: date | None = None
    to_date: date | None = None


class Words(_Strict, frozen=True, tag_field="kind", tag="text"):
    """Words; {{nickname}}, {{shop}}, {{store}}, {{coupon}}, {{text}}, {{date}}, {{time}} are filled in."""

    text: str


class Picture(_Strict, frozen=True, tag_field="kind", tag="image"):
    """A picture of the merchant's own."""

    picture_id: UUID


class Voice(_Strict, frozen=True, tag_field="kind", tag="voice"):
    """A voice of the material library."""

    material_id: UUID


class Video(_Strict, frozen=True, tag_field="kind", tag="video"):
    """A video of the material library."""

    material_id: UUID
    title: str = ""
    description: str = ""


class Music(_Strict, frozen=True, tag_field="kind", tag="music"):
    """A piece of music with a picture."""

    title: str
    url: str
    picture_id: UUID
    description: str = ""


class News(_Strict, frozen=True, tag_field="kind", tag="news"):
    """A card with a link: an article, a page; without one it leads to the store."""

    title: str
    description: str = ""
    url: str = ""
    picture_id: UUID | None = None


class ProductCard(_Strict, frozen=True, tag_field="kind", tag="product"):
    """A product, as a card."""

    product_id: UUID


class CouponCard(_Strict, frozen=True, tag_field="kind", tag="coupon"):
    """A coupon to claim, as a card."""

    coupon_id: UUID


class MiniProgram(_Strict, frozen=True, tag_field="kind", tag="mini_program"):
    """A card of a mini program; it goes out by customer service alone."""

    title: str
    appid: str
    page_path: str
    picture_id: UUID


class Transfer(_Strict, frozen=True, tag_field="kind", tag="transfer"):
    """Hand the person over to WeChat's customer service; it works within the first five seconds alone."""

    kf_account: str = ""


class Article(_Strict, frozen=True, tag_field="kind", tag="article"):
    """A published article of the account; it goes out by customer service alone, as all that follow."""

    article_id: str
    title: str = ""


class MaterialArticle(_Strict, frozen=True, tag_field="kind", tag="mpnews"):
    """An article of the old material library."""

    media_id: str
    title: str = ""


class WechatCard(_Strict, frozen=True, tag_field="kind", tag="wxcard"):
    """A coupon of WeChat's own."""

    card_id: str
    title: str = ""


class Choice(_Strict, frozen=True):
    """One line to tap; the answer comes back with its number. `then` answers it; without, its text is a sentence."""

    id: str
    text: str
    then: str = ""


class Choices(_Strict, frozen=True, tag_field="kind", tag="choices"):
    """A question with answers to tap."""

    head: str
    choices: list[Choice]
    tail: str = ""


Content: TypeAlias = Words | Picture | Voice | Video | Music | News | ProductCard | CouponCard
LateContent: TypeAlias = MiniProgram | Article | MaterialArticle | WechatCard | Choices
Message: TypeAlias = Content | LateContent | Transfer


class Rule(msgspec.Struct, frozen=True):
    """One automatic reply; those of a trigger are tried in their order, and the first that fits answers."""

    id: UUID
    name: str
    trigger: Trigger
    enabled: bool
    position: int
    words: list[Word]
    keys: list[str]
    windows: list[Window]
    messages: list[Message]
    updated_at: datetime


class Occasion(msgspec.Struct, frozen=True):
    """What happened: follow, text, other (a picture, a voice …), tap, scan; `key` is the button's or the scene.

    With words, `key` is the number of the choice that was tapped.
    """

    kind: Literal["follow", "text", "other", "tap", "scan"]
    at: datetime
    text: str = ""
    key: str = ""


class Ready(msgspec.Struct, frozen=True):
    """A message in WeChat's words: `msgtype` and its part; `shown` is what a person would read of it.

    `picture` or `material` is one of ours that WeChat needs under `field` before it can be sent.
    """

    msgtype: str
    content: dict[str, object]
    shown: str
    picture: UUID | None = None
    field: str = "media_id"
    material: UUID | None = None
