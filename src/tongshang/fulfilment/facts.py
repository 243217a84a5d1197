"""What fulfilment publishes."""

from typing import ClassVar
from uuid import UUID

from tongshang.platform.facts import Fact


class PickupVerified(Fact, frozen=True):
    """The goods went across the counter."""

    kind: ClassVar[str] = "pickup.verified"
    zh: ClassVar[str] = "订单 {number} 已到店核销"
    en: ClassVar[str] = "Order {number} was picked up"
    order_id: UUID
    fan_id: UUID
    number: int
    staff_id: UUID

    def subjects(self) -> tuple[UUID, ...]:
        """List the order and the fan."""
        return (self.order_id, self.fan_id)


class ParcelSent(Fact, frozen=True):
    """A parcel was handed to a carrier."""

    kind: ClassVar[str] = "parcel.sent"
    zh: ClassVar[str] = "{company} {parcel_number}"
    en: ClassVar[str] = "{company} {parcel_number}"
    order_id: UUID
    shipment_id: UUID
    company: str
    parcel_number: str

    def subjects(self) -> tuple[UUID, ...]:
        """List the order."""
        return (self.order_id,)
