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


class PickupUndone(Fact, frozen=True):
    """The goods did not go across the counter after all."""

    kind: ClassVar[str] = "pickup.undone"
    zh: ClassVar[str] = "撤销订单 {number} 的自提核销"
    en: ClassVar[str] = "The pickup of order {number} was taken back"
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


class TrackWanted(Fact, frozen=True):
    """Where a parcel is shall be known."""

    kind: ClassVar[str] = "parcel.track_wanted"
    track_id: UUID


class ReportDue(Fact, frozen=True):
    """WeChat has to be told how an order was shipped."""

    kind: ClassVar[str] = "shipping.report_due"
    report_id: UUID
    order_id: UUID


class ParcelSigned(Fact, frozen=True):
    """The carrier says that a parcel was signed for."""

    kind: ClassVar[str] = "parcel.signed"
    zh: ClassVar[str] = "{company} {parcel_number} 已签收"
    en: ClassVar[str] = "{company} {parcel_number} was signed for"
    order_id: UUID
    shipment_id: UUID
    company: str
    parcel_number: str

    def subjects(self) -> tuple[UUID, ...]:
        """List the order."""
        return (self.order_id,)


class _OfOrder(Fact, frozen=True):
    order_id: UUID
    fan_id: UUID
    number: int

    def subjects(self) -> tuple[UUID, ...]:
        """List the order and the fan."""
        return (self.order_id, self.fan_id)


class PickupKept(_OfOrder, frozen=True):
    """The goods are kept for the customer, and until when."""

    kind: ClassVar[str] = "pickup.kept"
    zh: ClassVar[str] = "为订单 {number} 备货待自提，保留至 {until}"
    en: ClassVar[str] = "Order {number} is kept for pickup until {until}"
    until: str


class PickupExtended(_OfOrder, frozen=True):
    """The goods are kept for longer than was said."""

    kind: ClassVar[str] = "pickup.extended"
    zh: ClassVar[str] = "订单 {number} 的自提延期至 {until}"
    en: ClassVar[str] = "Order {number} is kept for pickup longer, until {until}"
    until: str
    staff_id: UUID


class PickupExpired(_OfOrder, frozen=True):
    """Nobody came for the goods in time; the merchant decides what becomes of them."""

    kind: ClassVar[str] = "pickup.expired"
    zh: ClassVar[str] = "订单 {number} 逾期未自提（保留至 {until}）"
    en: ClassVar[str] = "Nobody picked order {number} up by {until}"
    until: str


class OrderSetOut(_OfOrder, frozen=True):
    """Somebody of the shop is on the way with the goods."""

    kind: ClassVar[str] = "local.set_out"
    zh: ClassVar[str] = "商家配送已出发 {courier} {phone}"
    en: ClassVar[str] = "The shop is on the way {courier} {phone}"
    courier: str
    phone: str


class OrderBrought(_OfOrder, frozen=True):
    """The goods were handed over at the door."""

    kind: ClassVar[str] = "local.brought"
    zh: ClassVar[str] = "订单 {number} 商家配送已送达"
    en: ClassVar[str] = "Order {number} was delivered by the shop"
    staff_id: UUID


class TicketsIssued(_OfOrder, frozen=True):
    """The buyer has his tickets."""

    kind: ClassVar[str] = "tickets.issued"
    zh: ClassVar[str] = "订单 {number} 已发出 {count} 张卡券"
    en: ClassVar[str] = "{count} tickets issued for order {number}"
    count: int


class TicketsExpired(_OfOrder, frozen=True):
    """Nobody came in time."""

    kind: ClassVar[str] = "tickets.expired"
    zh: ClassVar[str] = "订单 {number} 有 {count} 张卡券过期"
    en: ClassVar[str] = "{count} tickets of order {number} expired"
    count: int


class TicketUsed(_OfOrder, frozen=True):
    """A ticket was taken at the counter."""

    kind: ClassVar[str] = "ticket.used"
    zh: ClassVar[str] = "核销 {title} {count} 次，剩 {left} 次"
    en: ClassVar[str] = "{title} used {count} times, {left} left"
    ticket_id: UUID
    title: str
    count: int
    left: int
    staff_id: UUID


class TicketUseUndone(_OfOrder, frozen=True):
    """A use of a ticket was a mistake, and does not count."""

    kind: ClassVar[str] = "ticket.use_undone"
    zh: ClassVar[str] = "撤销核销 {title} {count} 次"
    en: ClassVar[str] = "{count} uses of {title} taken back"
    ticket_id: UUID
    title: str
    count: int
    staff_id: UUID


class CodesGiven(_OfOrder, frozen=True):
    """The buyer has his codes."""

    kind: ClassVar[str] = "codes.given"
    zh: ClassVar[str] = "订单 {number} 已发出 {count} 个卡密"
    en: ClassVar[str] = "{count} codes given for order {number}"
    count: int


class CodesSeen(_OfOrder, frozen=True):
    """The buyer has looked at his codes; they are known from now on."""

    kind: ClassVar[str] = "codes.seen"
    zh: ClassVar[str] = "买家已查看订单 {number} 的卡密"
    en: ClassVar[str] = "The buyer looked at the codes of order {number}"


class InvoiceMoved(_OfOrder, frozen=True):
    """An invoice was asked for, issued, refused, taken back, is owed a red letter, or has it."""

    kind: ClassVar[str] = "invoice.moved"
    zh: ClassVar[str] = "{what_zh}"
    en: ClassVar[str] = "{what_en}"
    invoice_id: UUID
    state: str
    what_zh: str
    what_en: str
