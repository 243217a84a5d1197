"""Orders, their lines, and their life cycle."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from tongshang.catalog.forms import FormField
from tongshang.catalog.kinds.bundles import BundlePart
from tongshang.platform.machine import Machine

PAY_WINDOW = timedelta(minutes=15)
"""How long an unpaid order holds its stock."""

RECEIVE_AFTER = timedelta(days=10)
"""When a shipped parcel counts as received (WeChat's own rule for express: 10 days after delivery)."""


class S(StrEnum):
    """Where an order stands; refunds are kept apart."""

    UNPAID = "unpaid"
    CLOSING = "closing"
    DEPOSIT = "deposit"
    """The deposit of a presale is paid, its balance is not."""
    PAID = "paid"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    CLOSED = "closed"


ORDER = Machine(
    start=S.UNPAID,
    moves={
        # Stock is given back only after WeChat has closed the payment; until then a late payment still wins.
        "close": {S.UNPAID: S.CLOSING, S.CLOSING: S.CLOSING},
        "closed": {S.CLOSING: S.CLOSED, S.UNPAID: S.CLOSED},
        "pay": {S.UNPAID: S.PAID, S.CLOSING: S.PAID},
        "deposit": {S.UNPAID: S.DEPOSIT, S.CLOSING: S.DEPOSIT},
        "settle": {S.DEPOSIT: S.PAID},  # the balance came
        "forfeit": {S.DEPOSIT: S.CLOSED},  # it did not, or the merchant let the order go
        "ship": {S.PAID: S.SHIPPED},
        "complete": {S.SHIPPED: S.COMPLETED, S.PAID: S.COMPLETED},
        "cancel": {S.PAID: S.CLOSED},  # everything was refunded before it was sent
        "reopen": {S.COMPLETED: S.PAID},  # it was handed over by mistake
    },
)


class Delivery(StrEnum):
    """How goods get to the customer."""

    EXPRESS = "express"
    LOCAL = "local"
    """The shop's own people bring it."""
    PICKUP = "pickup"
    NONE = "none"
    """Nothing travels: tickets, services and codes."""


BROUGHT = (Delivery.EXPRESS, Delivery.LOCAL)
"""Ways that end at an address."""


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step from the price tags to the total, in three voices.

    `zh` and `en` are for the customer, `clerk_zh` and `clerk_en` for who has to explain it, and the rest for who has to
    find out: which rule, what it looked at (`facts`), and how many fen of it went to which line (by position).
    """

    kind: str
    zh: str
    en: str
    fen: int
    clerk_zh: str = ""
    clerk_en: str = ""
    rule: str = ""
    facts: dict[str, int] = {}
    lines: list[tuple[int, int]] = []


class Share(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one benefit takes off one line, kept with it for ever."""

    kind: str
    zh: str
    en: str
    fen: int
    rule: str = ""


class BasketLine(msgspec.Struct, frozen=True):
    """A variant about to be bought, as the catalog has it now."""

    variant_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture_id: UUID | None
    unit_price_fen: int
    quantity: int
    left: int
    on_shelf: bool
    kind: str = "physical"
    category_id: UUID | None = None
    tags: list[str] = []
    member_price_fen: int | None = None
    weight_g: int = 0
    freight_template_id: UUID | None = None
    deduct: str = "placing"
    limit_order: int | None = None
    limit_person: int | None = None
    limit_days: int | None = None
    on_sale_from: datetime | None = None
    on_sale_until: datetime | None = None
    terms: dict[str, Any] = {}
    form: list[FormField] = []
    parts: list[BundlePart] = []

    @property
    def goods_fen(self) -> int:
        """What the line costs before any benefit."""
        return self.unit_price_fen * self.quantity

    @property
    def travels(self) -> bool:
        """Say whether anything of it is put into a parcel."""
        kinds = [part.kind for part in self.parts] if self.kind == "bundle" else [self.kind]
        return "physical" in kinds

    @property
    def grams(self) -> int:
        """What one piece weighs; a bundle of which nobody says it weighs what its parts do."""
        if self.weight_g or self.kind != "bundle":
            return self.weight_g
        return sum(part.weight_g * part.quantity for part in self.parts if part.kind == "physical")


class PricedLine(msgspec.Struct, frozen=True):
    """A line with its share of the benefits."""

    variant_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture_id: UUID | None
    unit_price_fen: int
    quantity: int
    goods_fen: int
    discount_fen: int
    paid_fen: int
    kind: str = "physical"
    gift: bool = False
    parent: int | None = None
    """The position of the line it came with: a promotion's first paid line."""
    reasons: list[Share] = []


class Use(msgspec.Struct, frozen=True):
    """That an order uses a promotion: of a flash sale, so many pieces of a variant."""

    promotion_id: UUID
    variant_id: UUID | None = None
    pieces: int = 0
    fen: int = 0


class Deposit(msgspec.Struct, frozen=True):
    """What of a presale is paid at once, and the rest from when until when; it is sent by a day."""

    deposit_fen: int
    balance_fen: int
    opens_at: datetime
    pay_by: datetime
    ships_by: date


class Price(msgspec.Struct, frozen=True):
    """What a basket costs, line by line, and why."""

    lines: list[PricedLine]
    goods_fen: int
    discount_fen: int
    freight_fen: int
    total_fen: int
    explanation: list[Reason]
    uses: list[Use] = []
    coupon_used: bool = False
    deposit: Deposit | None = None


@dataclass(frozen=True)
class Order:
    """An order's head."""

    id: UUID
    number: int
    fan_id: UUID
    state: S
    delivery: Delivery
    goods_fen: int
    discount_fen: int
    freight_fen: int
    total_fen: int
    refunded_fen: int
    refunded_freight_fen: int
    coupon_id: UUID | None
    explanation: list[Reason]
    address: dict[str, Any] | None
    remark: str
    memo: str
    asked: bytes
    placed_at: datetime
    pay_by: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    form: dict[str, Any] = field(default_factory=dict)
    tendered_fen: int = 0
    """What of the total is paid otherwise than by a charge."""
    deposit_fen: int = 0
    """Of a presale: what of the total is paid at once."""

    @property
    def refund(self) -> str:
        """Say how much of the order was refunded: none, part or all."""
        paid = self.deposit_fen if self.deposit_fen and self.paid_at is None else self.total_fen
        return "none" if not self.refunded_fen else "all" if self.refunded_fen == paid else "part"


@dataclass(frozen=True)
class OrderLine:
    """A line of an order, with what was promised for it and what of that came back."""

    id: UUID
    order_id: UUID
    position: int
    product_id: UUID
    variant_id: UUID
    title: str
    options: list[str]
    picture_id: UUID | None
    unit_price_fen: int
    quantity: int
    goods_fen: int
    discount_fen: int
    paid_fen: int
    refunded_quantity: int
    refunded_fen: int
    kind: str = "physical"
    parent_id: UUID | None = None
    gift: bool = False
    reasons: list[Share] = field(default_factory=list)
    sent: int = 0
    """Pieces that went out in parcels."""
    sent_back: int = 0
    """How many of those were refunded after that."""

    @property
    def unsent(self) -> int:
        """Say how many pieces wait to be sent; what has not gone out is what a refund takes first."""
        return self.quantity - self.refunded_quantity - (self.sent - self.sent_back)


COLUMNS = """id, number, fan_id, state, delivery, goods_fen, discount_fen, freight_fen, total_fen, refunded_fen,
refunded_freight_fen, coupon_id, explanation, address, remark, memo, asked, placed_at, pay_by, paid_at, shipped_at,
completed_at, closed_at, close_reason, form, tendered_fen, deposit_fen"""
ONE = f"select {COLUMNS} from orders where merchant_id = $1 and id = $2"
LINES = """select id, order_id, position, product_id, variant_id, title, options, picture_id, unit_price_fen, quantity,
goods_fen, discount_fen, paid_fen, refunded_quantity, refunded_fen, kind, parent_id, gift, reasons, sent, sent_back
from order_line where merchant_id = $1 and order_id = $2 order by position"""
