"""What happens to applications. No word of a form is in a fact: facts are kept for ever."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class ApplymentSent(Fact, frozen=True):
    """An application is to be handed to WeChat, and followed."""

    kind: ClassVar[str] = "applyment.sent"
    zh: ClassVar[str] = "提交商户号申请"
    en: ClassVar[str] = "Application for a merchant number sent"
    applyment_id: UUID
    rev: int

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.applyment_id,)


class ApplymentMoved(Fact, frozen=True):
    """An application stands somewhere else now."""

    kind: ClassVar[str] = "applyment.moved"
    zh: ClassVar[str] = "商户号申请进度：{state}"
    en: ClassVar[str] = "The application is now {state}"
    applyment_id: UUID
    state: str

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return (self.applyment_id,)


class ProviderKeysChanged(Fact, frozen=True):
    """The provider's keys changed: merchants that trade under its number need the new ones."""

    kind: ClassVar[str] = "pay.provider_keys_changed"
    mchid: str
