"""What reviews publish."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class ReviewWritten(Fact, frozen=True):
    """A buyer said something of what he bought."""

    kind: ClassVar[str] = "review.written"
    zh: ClassVar[str] = "发表了 {stars} 星评价"
    en: ClassVar[str] = "Wrote a review of {stars} stars"
    review_id: UUID
    order_id: UUID
    fan_id: UUID
    product_id: UUID
    stars: int

    def subjects(self) -> tuple[UUID, ...]:
        """List the order, the buyer and the product."""
        return (self.order_id, self.fan_id, self.product_id)
