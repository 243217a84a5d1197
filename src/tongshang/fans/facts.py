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
    push: UUID | None = None
    at: int | None = None


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
    push: UUID | None = None
    at: int | None = None


class FanSaid(FanFact, frozen=True):
    """A fan wrote to the account."""

    kind: ClassVar[str] = "fan.said"
    zh: ClassVar[str] = "发来消息：{text}"
    en: ClassVar[str] = "Wrote: {text}"
    openid: str
    text: str
    msg_type: str = "text"
    push: UUID | None = None
    at: int | None = None
    menu_id: str | None = None


class FanTapped(FanFact, frozen=True):
    """A fan tapped a menu button."""

    kind: ClassVar[str] = "fan.tapped"
    zh: ClassVar[str] = "点击了菜单“{key}”"
    en: ClassVar[str] = 'Tapped the menu button "{key}"'
    openid: str
    key: str
    push: UUID | None = None
    at: int | None = None


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


class SyncAsked(Fact, frozen=True):
    """The list of followers is to be read."""

    kind: ClassVar[str] = "fans.sync_asked"
    sync_id: UUID


class FollowersSynced(Fact, frozen=True):
    """The list of followers was read to its end."""

    kind: ClassVar[str] = "fans.synced"
    sync_id: UUID
    seen: int
    added: int
    gone: int


class TagWanted(Fact, frozen=True):
    """A tag is to be made, renamed or dropped at WeChat."""

    kind: ClassVar[str] = "fans.tag_wanted"
    tag_id: UUID


class TaskAsked(Fact, frozen=True):
    """Something is to be done at WeChat to many people."""

    kind: ClassVar[str] = "fans.task_asked"
    task_id: UUID


class FanTagged(FanFact, frozen=True):
    """A fan got a tag."""

    kind: ClassVar[str] = "fan.tagged"
    zh: ClassVar[str] = "被贴上标签“{tag}”"
    en: ClassVar[str] = 'Got the tag "{tag}"'
    tag: str


class FanUntagged(FanFact, frozen=True):
    """A fan lost a tag."""

    kind: ClassVar[str] = "fan.untagged"
    zh: ClassVar[str] = "被取下标签“{tag}”"
    en: ClassVar[str] = 'Lost the tag "{tag}"'
    tag: str


class FanBlocked(FanFact, frozen=True):
    """A fan was put on the blacklist."""

    kind: ClassVar[str] = "fan.blocked"
    zh: ClassVar[str] = "被加入黑名单"
    en: ClassVar[str] = "Was put on the blacklist"


class FanUnblocked(FanFact, frozen=True):
    """A fan was taken off the blacklist."""

    kind: ClassVar[str] = "fan.unblocked"
    zh: ClassVar[str] = "被移出黑名单"
    en: ClassVar[str] = "Was taken off the blacklist"


class FanRemarked(FanFact, frozen=True):
    """A fan's remark was changed; its words are not repeated here."""

    kind: ClassVar[str] = "fan.remarked"
    zh: ClassVar[str] = "备注已修改"
    en: ClassVar[str] = "The remark was changed"


class AuthorizationRevoked(FanFact, frozen=True):
    """A person took back, in WeChat's settings, what the account may know of them; name and picture are gone."""

    kind: ClassVar[str] = "fan.authorization_revoked"
    zh: ClassVar[str] = "在微信中撤回了授权，昵称和头像已删除"
    en: ClassVar[str] = "Took the authorization back at WeChat; name and picture were deleted"


class WechatClosed(FanFact, frozen=True):
    """A person closed their WeChat account."""

    kind: ClassVar[str] = "fan.wechat_closed"
    zh: ClassVar[str] = "注销了微信账号，昵称和头像已删除"
    en: ClassVar[str] = "Closed their WeChat account; name and picture were deleted"
