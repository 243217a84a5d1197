"""Tags and tasks as they stand, and WeChat's limits, refused here before WeChat does (contract C4, 2026-11)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tongshang.platform.errors import Refused

# The system's own groups; WeChat answers 45157.
FORBIDDEN = frozenset({"星标组", "未分组", "默认组", "黑名单", "屏蔽组"})


class TagState(StrEnum):
    """How far a tag is on its way to WeChat."""

    MAKING = "making"
    KEPT = "kept"
    RENAMING = "renaming"
    DROPPING = "dropping"
    REFUSED = "refused"


class Kind(StrEnum):
    """What a task does to people."""

    TAG = "tag"
    UNTAG = "untag"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REMARK = "remark"


@dataclass(frozen=True)
class Tag:
    """A tag; `name` is what the merchant wants, `wechat_name` what WeChat has."""

    id: UUID
    appid: str
    wechat_id: int | None
    name: str
    wechat_name: str
    people: int
    state: TagState
    errcode: int | None
    created_at: datetime


@dataclass(frozen=True)
class Task:
    """A change to many people, and how far it is."""

    id: UUID
    appid: str
    kind: Kind
    tag_id: UUID | None
    note: str
    total: int
    done: int
    failed: int
    state: str
    errcode: int | None
    created_at: datetime
    finished_at: datetime | None


class TagTaken(Refused):
    """There is a tag “{name}” already, or WeChat keeps the name for itself."""

    code, status, zh = "tag.taken", 409, "标签“{name}”已存在，或是微信保留的名称。"


class TagTooLong(Refused):
    """A tag's name has at most 10 Chinese characters, or 30 letters."""

    code, status, zh = "tag.too_long", 400, "标签名称最多 10 个汉字或 30 个字母。"


class TooManyTags(Refused):
    """An account has at most {most} tags."""

    code, status, zh = "tag.too_many", 409, "一个公众号最多 {most} 个标签。"


class TagTooLarge(Refused):
    """More than {most} people have this tag; WeChat only drops it after it was taken off them."""

    code, status, zh = "tag.too_large", 409, "超过 {most} 人有此标签，请先为他们取下标签再删除。"


class TagNotReady(Refused):
    """WeChat does not know this tag yet. Try again in a moment."""

    code, status, zh = "tag.not_ready", 409, "标签尚未同步到微信，请稍后再试。"


class RemarkTooLong(Refused):
    """A remark has at most {most} characters."""

    code, status, zh = "remark.too_long", 400, "备注最多 {most} 个字。"


class NobodyChosen(Refused):
    """Choose at least one person, and {most} at most."""

    code, status, zh = "task.nobody", 400, "请至少选择一位粉丝，一次最多 {most} 位。"
