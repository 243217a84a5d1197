"""What is declared: promotions, coupons, rates, and who asks; plain data that the engine reads."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from tongshang.platform.money import yuan
from tongshang.trade.model import BasketLine, Reason

SHANGHAI = timezone(timedelta(hours=8))


class Kind(StrEnum):
    """What a promotion does."""

    FLASH = "flash"  # 限时秒杀: a price of its own for some variants, from a share of the stock
    GROUP = "group"  # 客群价: a price of its own for some variants, for a group of customers
    FREE_FREIGHT = "free_freight"  # 包邮
    N_FOR = "n_for"  # N 件 M 元
    NTH = "nth"  # 第 N 件 X 折
    PERCENT = "percent"  # 打折, in steps
    FULL = "full"  # 满减, in steps or for each
    GIFT = "gift"  # 满赠
    ADDON = "addon"  # 加价购


PRICED = (Kind.FLASH, Kind.GROUP)
"""Kinds that give variants a price of their own."""


class Scope(msgspec.Struct, frozen=True):
    """Which goods: all, or those of some products, categories or tags; never those left out by name."""

    kind: Literal["all", "products", "categories", "tags"] = "all"
    ids: list[str] = []
    without: list[str] = []

    def covers(self, line: BasketLine) -> bool:
        """Say whether a line's goods are among them."""
        if self.without and str(line.product_id) in self.without:
            return False
        match self.kind:
            case "all":
                return True
            case "products":
                return str(line.product_id) in self.ids
            case "categories":
                return str(line.category_id) in self.ids
            case "tags":
                return any(tag in self.ids for tag in line.tags)


class Gift(msgspec.Struct, frozen=True):
    """So many of a variant, free."""

    variant_id: UUID
    quantity: int = 1


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From so many fen or pieces on: so much off, or so many percent to pay, or gifts."""

    min_fen: int = 0
    min_pieces: int = 0
    minus_fen: int = 0
    percent: int = 100
    gifts: list[Gift] = []


class Special(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A variant at a price of its own: in a flash sale, or added on. `stock` is its share, `per_person` in pieces."""

    variant_id: UUID
    price_fen: int
    stock: int | None = None
    per_person: int | None = None


class Hours(msgspec.Struct, frozen=True):
    """A part of a weekday (1 is Monday) in Shanghai, in minutes since midnight; the end is not in it."""

    day: int
    start: int
    end: int


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What a promotion says.

    `audience` are customers' tags: whoever wears one of them is meant; none: everybody is.
    `stacks_with` names what may lower the price of the same piece of goods beside it: promotions, coupons, member,
    flash. Two promotions share a line only when each allows it and they are not of one `group`.
    """

    kind: Kind
    name: str
    scope: Scope = msgspec.field(default_factory=Scope)
    steps: list[Step] = []
    each: bool = False
    most: int | None = None
    pieces: int = 0
    price_fen: int = 0
    percent: int = 100
    specials: list[Special] = []
    members_only: bool = False
    audience: list[UUID] = []
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    hours: list[Hours] = []
    per_person: int | None = None
    budget: int | None = None
    group: str = ""
    stacks_with: tuple[str, ...] = ("coupons", "member")
    position: int = 0


class Promotion(Declared, frozen=True, kw_only=True):
    """One declared promotion."""

    id: UUID

    def open_at(self, moment: datetime) -> bool:
        """Say whether it runs at a moment: between its days and within its weekly hours."""
        if (self.starts_at and moment < self.starts_at) or (self.ends_at and moment >= self.ends_at):
            return False
        if not self.hours:
            return True
        local = moment.astimezone(SHANGHAI)
        minute = local.hour * 60 + local.minute
        return any(h.day == local.isoweekday() and h.start <= minute < h.end for h in self.hours)


class Coupon(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of a coupon as the price sees it: so much off, or so many percent to pay up to a cap."""

    id: UUID
    coupon_id: UUID
    name: str
    kind: Literal["minus", "percent"] = "minus"
    minus_fen: int = 0
    percent: int = 100
    cap_fen: int | None = None
    min_spend_fen: int = 0
    scope: Scope = msgspec.field(default_factory=Scope)
    stacks_with: tuple[str, ...] = ("promotions", "member", "flash")


class Addon(msgspec.Struct, frozen=True):
    """What a customer chose to add on, from which promotion."""

    promotion_id: UUID
    variant_id: UUID
    quantity: int = 1


class Fee(msgspec.Struct, frozen=True):
    """What sending costs, and why; the reasons add up to it."""

    fen: int
    reasons: list[Reason]


class Rates(Protocol):
    """Whoever knows what sending costs."""

    def reckon(self, lines: Sequence[BasketLine], amounts: Sequence[int]) -> Fee:
        """Say what it costs to send lines that cost so much by their item prices."""
        ...


class Freight(msgspec.Struct, frozen=True):
    """A flat rate, free from some amount of goods on (None: never free)."""

    flat_fen: int = 0
    free_over_fen: int | None = None

    def reckon(self, lines: Sequence[BasketLine], amounts: Sequence[int]) -> Fee:
        """Say what it costs to send lines that cost so much by their item prices."""
        if self.free_over_fen is not None and sum(amounts) >= self.free_over_fen:
            over = yuan(self.free_over_fen)
            return Fee(0, [Reason("freight", f"满 {over} 元包邮", f"Free over {over} yuan", 0)])
        return Fee(self.flat_fen, [Reason("freight", "运费", "Freight", self.flat_fen)])


class Unsent(msgspec.Struct, frozen=True):
    """Nothing is sent, for a reason that is said."""

    zh: str = "到店自提，免运费"
    en: str = "Pick-up, no freight"

    def reckon(self, lines: Sequence[BasketLine], amounts: Sequence[int]) -> Fee:
        """Say that it costs nothing."""
        return Fee(0, [Reason("freight", self.zh, self.en, 0)])


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """All that bears on one basket besides its lines.

    `goods` tells about gifts and add-ons, one piece each. `closed` are promotions whose uses are up for this person or
    for all, and those for groups that are not his; `pieces` says how many pieces of a flash variant he may still have.
    """

    promotions: Sequence[Promotion] = ()
    coupon: Coupon | None = None
    addons: Sequence[Addon] = ()
    member: bool = False
    moment: datetime | None = None
    goods: dict[UUID, BasketLine] = {}
    closed: frozenset[UUID] = frozenset()
    pieces: dict[tuple[UUID, UUID], int] = {}
