"""What the catalog publishes."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class ProductChanged(Fact, frozen=True):
    """A product was written down anew, or moved on or off the shelf."""

    kind: ClassVar[str] = "product.changed"
    zh: ClassVar[str] = "商品已更新"
    en: ClassVar[str] = "Product changed"
    product_id: UUID

    def subjects(self) -> tuple[UUID, ...]:
        """List the product."""
        return (self.product_id,)


class CodesAdded(Fact, frozen=True):
    """Codes were put on the shelf; whoever waits for one can have it now."""

    kind: ClassVar[str] = "codes.added"
    zh: ClassVar[str] = "新增 {count} 个卡密"
    en: ClassVar[str] = "{count} codes added"
    product_id: UUID
    variant_id: UUID
    count: int

    def subjects(self) -> tuple[UUID, ...]:
        """List the product."""
        return (self.product_id,)


class LowStock(Fact, frozen=True):
    """So few are left that the merchant wants to know."""

    kind: ClassVar[str] = "stock.low"
    zh: ClassVar[str] = "“{title}” 仅剩 {left} 件"
    en: ClassVar[str] = "Only {left} of {title} left"
    product_id: UUID
    variant_id: UUID
    title: str
    left: int

    def subjects(self) -> tuple[UUID, ...]:
        """List the product."""
        return (self.product_id,)
