"""What after-sales publishes."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class _CaseFact(Fact, frozen=True):
    case_id: UUID
    order_id: UUID
    fan_id: UUID
    number: int

    def subjects(self) -> tuple[UUID, ...]:
        """List the case, the order and the fan."""
        return (self.case_id, self.order_id, self.fan_id)


class CaseMoved(_CaseFact, frozen=True):
    """A case was opened, or went on to another state."""

    kind: ClassVar[str] = "aftersale.moved"
    zh: ClassVar[str] = "售后 {number}：{what_zh}"
    en: ClassVar[str] = "After-sales {number}: {what_en}"
    state: str
    what: str
    actor: str
    what_zh: str
    what_en: str


class CaseSaid(_CaseFact, frozen=True):
    """Somebody left a message in a case."""

    kind: ClassVar[str] = "aftersale.said"
    zh: ClassVar[str] = "售后 {number} 有新留言"
    en: ClassVar[str] = "New message in after-sales {number}"
    actor: str


class ClockSet(Fact, frozen=True):
    """A case waits until a moment, and then decides by itself unless it has moved on."""

    kind: ClassVar[str] = "aftersale.clock_set"
    case_id: UUID
    moves: int
    due_at: datetime
