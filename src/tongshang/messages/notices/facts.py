"""What becomes of notices; it is on the buyer's timeline."""

from typing import ClassVar
from uuid import UUID

from tongshang.fans.facts import FanFact


class NoticeAsked(FanFact, frozen=True):
    """Somebody is to be told something."""

    kind: ClassVar[str] = "notice.asked"
    notice_id: UUID


class NoticeUnsendable(FanFact, frozen=True):
    """There was no way to tell a buyer."""

    kind: ClassVar[str] = "notice.unsendable"
    zh: ClassVar[str] = "订单通知未发出：没有订阅授权、模板消息或客服窗口可用（{occasion}）"
    en: ClassVar[str] = "An order notice had no way to go: no consent, template or open window ({occasion})"
    occasion: str


class NoticeConsentChanged(FanFact, frozen=True):
    """A person answered whether notices may come."""

    kind: ClassVar[str] = "notice.consent"
    zh: ClassVar[str] = "对订阅通知“{title}”选择了：{answer_zh}"
    en: ClassVar[str] = 'Answered the notice "{title}": {answer}'
    title: str
    answer: str
    answer_zh: str


class TemplateLost(FanFact, frozen=True):
    """WeChat could not deliver a template message."""

    kind: ClassVar[str] = "notice.lost"
    zh: ClassVar[str] = "模板消息未能送达：{zh_why}"
    en: ClassVar[str] = "A template message was not delivered: {why}"
    why: str
    zh_why: str
