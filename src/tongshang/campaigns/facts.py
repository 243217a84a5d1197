"""What campaigns publish."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class CouponClaimed(Fact, frozen=True):
    """Somebody took a coupon, or was given one."""

    kind: ClassVar[str] = "coupon.claimed"
    zh: ClassVar[str] = "领取优惠券 {name}"
    en: ClassVar[str] = "Got coupon {name}"
    coupon_id: UUID
    piece_id: UUID
    fan_id: UUID
    name: str

    def subjects(self) -> tuple[UUID, ...]:
        """List the fan."""
        return (self.fan_id, self.coupon_id)
