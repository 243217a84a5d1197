"""What the WeChat context publishes: what accounts and the people who talk to them did.

`at` is WeChat's own CreateTime, unix seconds; pushes may overtake each other, so readers compare it.
"""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class InboxFilled(Fact, frozen=True):
    """A bucket of the inbox has something to read."""

    kind: ClassVar[str] = "wechat.inbox_filled"
    bucket: int


class GrantCame(Fact, frozen=True):
    """An authorization code arrived."""

    kind: ClassVar[str] = "wechat.grant_came"
    grant_id: UUID


class AccountAuthorized(Fact, frozen=True):
    """An account authorized us, or changed what it grants."""

    kind: ClassVar[str] = "wechat.account_authorized"
    zh: ClassVar[str] = "公众号已授权"
    en: ClassVar[str] = "Official account authorized"
    appid: str
    again: bool = False


class AccountWithdrawn(Fact, frozen=True):
    """An account took its authorization back."""

    kind: ClassVar[str] = "wechat.account_withdrawn"
    zh: ClassVar[str] = "公众号已取消授权"
    en: ClassVar[str] = "Official account withdrew its authorization"
    appid: str


class Followed(Fact, frozen=True):
    """Somebody follows; `scene` is the QR code they came through."""

    kind: ClassVar[str] = "wechat.followed"
    appid: str
    openid: str
    at: int
    scene: str | None = None
    ticket: str | None = None


class Unfollowed(Fact, frozen=True):
    """Somebody stopped following."""

    kind: ClassVar[str] = "wechat.unfollowed"
    appid: str
    openid: str
    at: int


class Scanned(Fact, frozen=True):
    """A follower scanned one of our QR codes."""

    kind: ClassVar[str] = "wechat.scanned"
    appid: str
    openid: str
    at: int
    scene: str
    ticket: str | None = None


class Said(Fact, frozen=True):
    """Somebody sent a message; `text` is what a person would read of it."""

    kind: ClassVar[str] = "wechat.said"
    appid: str
    openid: str
    at: int
    msg_type: str
    text: str
    media_id: str | None = None


class MenuClicked(Fact, frozen=True):
    """Somebody tapped a menu button: one with a key, or (`url`) one with a link."""

    kind: ClassVar[str] = "wechat.menu_clicked"
    appid: str
    openid: str
    at: int
    key: str
    url: bool = False


class Located(Fact, frozen=True):
    """WeChat reported where somebody is, on entering the conversation."""

    kind: ClassVar[str] = "wechat.located"
    appid: str
    openid: str
    at: int
    latitude: str
    longitude: str


class OtherPushed(Fact, frozen=True):
    """Anything else WeChat pushed; `data` holds its plain fields."""

    kind: ClassVar[str] = "wechat.other_pushed"
    appid: str
    openid: str
    at: int
    name: str
    data: dict[str, str]
