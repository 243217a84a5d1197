"""What the WeChat context publishes: what accounts and the people who talk to them did.

`at` is WeChat's own CreateTime, unix seconds; pushes may overtake each other, so readers compare it. `push` is the
key under which the journal has the push a fact was read from. What WeChat says of its own accord is in `pushed`.
"""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact
from tongshang.wechat.pushed import KfSessionClosed as KfSessionClosed
from tongshang.wechat.pushed import KfSessionOpened as KfSessionOpened
from tongshang.wechat.pushed import KfSessionSwitched as KfSessionSwitched
from tongshang.wechat.pushed import MassSendFinished as MassSendFinished
from tongshang.wechat.pushed import PublishFinished as PublishFinished
from tongshang.wechat.pushed import SubscriptionAnswered as SubscriptionAnswered
from tongshang.wechat.pushed import SubscriptionSent as SubscriptionSent
from tongshang.wechat.pushed import TemplateFinished as TemplateFinished


class InboxFilled(Fact, frozen=True):
    """A bucket of the inbox has something to read."""

    kind: ClassVar[str] = "wechat.inbox_filled"
    bucket: int


class GrantCame(Fact, frozen=True):
    """An authorization code arrived."""

    kind: ClassVar[str] = "wechat.grant_came"
    grant_id: UUID


class GrantDoubted(Fact, frozen=True):
    """WeChat refused a call for want of a grant that we thought there was."""

    kind: ClassVar[str] = "wechat.grant_doubted"
    appid: str


class ReleaseAsked(Fact, frozen=True):
    """WeChat's release test wants an answer by the API."""

    kind: ClassVar[str] = "wechat.release_asked"
    answer_id: UUID


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
    push: UUID | None = None


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
    push: UUID | None = None


class Said(Fact, frozen=True):
    """Somebody sent a message; `text` is what a person would read of it."""

    kind: ClassVar[str] = "wechat.said"
    appid: str
    openid: str
    at: int
    msg_type: str
    text: str
    media_id: str | None = None
    push: UUID | None = None
    menu_id: str | None = None
    thumb_media_id: str | None = None
    format: str | None = None
    title: str | None = None
    url: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    appid_of: str | None = None
    # msg_data_id_place of the article from which the conversation came, as WeChat's figures name it.
    article: str | None = None


class MenuClicked(Fact, frozen=True):
    """Somebody tapped a menu button: one with a key, or (`url`) one with a link."""

    kind: ClassVar[str] = "wechat.menu_clicked"
    appid: str
    openid: str
    at: int
    key: str
    url: bool = False
    push: UUID | None = None
    menu_id: str | None = None


class Located(Fact, frozen=True):
    """WeChat reported where somebody is, on entering the conversation."""

    kind: ClassVar[str] = "wechat.located"
    appid: str
    openid: str
    at: int
    latitude: str
    longitude: str


class MenuUsed(Fact, frozen=True):
    """Somebody used a menu button that does something on the phone, and this is what came of it.

    `how`: mini_program, scan, scan_wait (the phone waits for our answer), camera, album, weixin (pictures), place.
    """

    kind: ClassVar[str] = "wechat.menu_used"
    appid: str
    openid: str
    at: int
    key: str
    how: str
    result: str = ""
    scan_type: str | None = None
    pictures: int = 0
    latitude: str | None = None
    longitude: str | None = None
    push: UUID | None = None
    menu_id: str | None = None


class OtherPushed(Fact, frozen=True):
    """Anything else WeChat pushed; `data` holds its plain fields."""

    kind: ClassVar[str] = "wechat.other_pushed"
    appid: str
    openid: str
    at: int
    name: str
    data: dict[str, str]
