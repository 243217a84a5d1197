"""What fans do, with our own id of theirs; all of it is on their timeline."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class FanFact(Fact, frozen=True):
    """Something that happened to a fan."""

    fan_id: UUID

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.fan_id,)


class FanFollowed(FanFact, frozen=True):
    """A fan follows, for the first time or again."""

    kind: ClassVar[str] = "fan.followed"
    zh: ClassVar[str] = "关注了公众号"
    en: ClassVar[str] = "Followed the account"
    openid: str
    scene: str | None = None
    first: bool = True


class FanUnfollowed(FanFact, frozen=True):
    """A fan stopped following."""

    kind: ClassVar[str] = "fan.unfollowed"
    zh: ClassVar[str] = "取消了关注"
    en: ClassVar[str] = "Stopped following"


class FanScanned(FanFact, frozen=True):
    """A fan scanned one of the shop's QR codes."""

    kind: ClassVar[str] = "fan.scanned"
    zh: ClassVar[str] = "扫描了二维码“{scene}”"
    en: ClassVar[str] = 'Scanned the QR code "{scene}"'
    openid: str
    scene: str


class FanSaid(FanFact, frozen=True):
    """A fan wrote to the account."""

    kind: ClassVar[str] = "fan.said"
    zh: ClassVar[str] = "发来消息：{text}"
    en: ClassVar[str] = "Wrote: {text}"
    openid: str
    text: str
    msg_type: str = "text"


class FanTapped(FanFact, frozen=True):
    """A fan tapped a menu button."""

    kind: ClassVar[str] = "fan.tapped"
    zh: ClassVar[str] = "点击了菜单“{key}”"
    en: ClassVar[str] = 'Tapped the menu button "{key}"'
    openid: str
    key: str


class FanEntered(FanFact, frozen=True):
    """A fan logged in to the store."""

    kind: ClassVar[str] = "fan.entered"
    zh: ClassVar[str] = "进入了店铺"
    en: ClassVar[str] = "Entered the store"


class ConsentGiven(FanFact, frozen=True):
    """A fan agreed to the privacy text."""

    kind: ClassVar[str] = "fan.consent_given"
    zh: ClassVar[str] = "同意了隐私政策（版本 {version}）"
    en: ClassVar[str] = "Agreed to the privacy text (version {version})"
    version: str


class ConsentWithdrawn(FanFact, frozen=True):
    """A fan took the consent back; whoever keeps a phone or an address lets go of it."""

    kind: ClassVar[str] = "fan.consent_withdrawn"
    zh: ClassVar[str] = "撤回了对隐私政策的同意"
    en: ClassVar[str] = "Withdrew consent to the privacy text"
    version: str
