"""What tenancy publishes."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class MerchantCreated(Fact, frozen=True):
    """A merchant was taken on."""

    kind: ClassVar[str] = "merchant.created"
    zh: ClassVar[str] = "商家已创建"
    en: ClassVar[str] = "Merchant created"
    merchant_id: UUID
    name: str


class MerchantSuspended(Fact, frozen=True):
    """The provider closed a merchant's shop for now."""

    kind: ClassVar[str] = "merchant.suspended"
    zh: ClassVar[str] = "商家已停用"
    en: ClassVar[str] = "Merchant suspended"
    merchant_id: UUID


class MerchantResumed(Fact, frozen=True):
    """The provider opened a merchant's shop again."""

    kind: ClassVar[str] = "merchant.resumed"
    zh: ClassVar[str] = "商家已恢复"
    en: ClassVar[str] = "Merchant resumed"
    merchant_id: UUID
