"""What became of messages; it is on the fan's timeline."""

from typing import ClassVar

from tongshang.fans.facts import FanFact


class MessageSent(FanFact, frozen=True):
    """A message reached WeChat."""

    kind: ClassVar[str] = "message.sent"
    zh: ClassVar[str] = "收到公众号消息：{text}"
    en: ClassVar[str] = "Was sent: {text}"
    text: str
    purpose: str


class MessageNotSent(FanFact, frozen=True):
    """A message was not sent, or may not have been; it is not tried again."""

    kind: ClassVar[str] = "message.not_sent"
    zh: ClassVar[str] = "消息未能送达：{why}"
    en: ClassVar[str] = "A message was not delivered: {why_en}"
    why: str
    purpose: str
    code: str = ""
    why_en: str = ""
