"""What becomes of messages to many; those meant see it on their timeline."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class BroadcastFact(Fact, frozen=True):
    """Something that happened to a broadcast."""

    broadcast_id: UUID

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.broadcast_id,)


class BroadcastConfirmed(BroadcastFact, frozen=True):
    """Somebody confirmed a broadcast, to go at a time."""

    kind: ClassVar[str] = "broadcast.confirmed"
    zh: ClassVar[str] = "已确认发送给 {people} 人"
    en: ClassVar[str] = "Confirmed for {people} people"
    send_at: datetime
    people: int


class BroadcastCancelled(BroadcastFact, frozen=True):
    """A broadcast was called off before it went."""

    kind: ClassVar[str] = "broadcast.cancelled"
    zh: ClassVar[str] = "已取消"
    en: ClassVar[str] = "Called off"


class BroadcastHanded(BroadcastFact, frozen=True):
    """WeChat took a broadcast on."""

    kind: ClassVar[str] = "broadcast.handed"
    zh: ClassVar[str] = "微信已受理"
    en: ClassVar[str] = "WeChat took it on"


class BroadcastFinished(BroadcastFact, frozen=True):
    """A broadcast went out, to so many."""

    kind: ClassVar[str] = "broadcast.finished"
    zh: ClassVar[str] = "发送完成：送达 {sent} 人，失败 {errors} 人"
    en: ClassVar[str] = "Sent: {sent} people, {errors} failed"
    sent: int | None = None
    errors: int | None = None


class BroadcastFailed(BroadcastFact, frozen=True):
    """A broadcast did not go out."""

    kind: ClassVar[str] = "broadcast.failed"
    zh: ClassVar[str] = "发送失败：{why_zh}"
    en: ClassVar[str] = "Not sent: {why}"
    why: str = ""
    why_zh: str = ""


class BroadcastDeleted(BroadcastFact, frozen=True):
    """What was sent was made unreadable; `article` counts from 1, 0 is all."""

    kind: ClassVar[str] = "broadcast.deleted"
    zh: ClassVar[str] = "已删除群发内容"
    en: ClassVar[str] = "Made unreadable"
    article: int = 0


class FansWereSent(Fact, frozen=True):
    """Fans were sent a broadcast; on the timeline of each."""

    kind: ClassVar[str] = "broadcast.to_fan"
    zh: ClassVar[str] = "收到群发：{text}"
    en: ClassVar[str] = "Was sent, with others: {text}"
    broadcast_id: UUID
    text: str
