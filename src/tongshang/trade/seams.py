"""Where trade asks the floors above in the same breath."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.world import Seam
from tongshang.trade.model import Order, Use
from tongshang.trade.parts.model import Item
from tongshang.trade.prices.rules import Addon, Coupon, Rules
from tongshang.trade.unwinding.model import RefundPart, Source


class Ask(msgspec.Struct, frozen=True):
    """Whose basket is priced, for which order, with which coupon and add-ons."""

    order_id: UUID
    fan_id: UUID
    coupon_id: UUID | None = None
    addons: tuple[Addon, ...] = ()


class Held(msgspec.Struct, frozen=True):
    """A coupon in somebody's hands that is not used yet."""

    coupon: Coupon
    expires_at: datetime


class Claim(msgspec.Struct, frozen=True):
    """What an order being placed takes: a coupon, promotions that count their uses, pieces of flash sales."""

    order_id: UUID
    fan_id: UUID
    coupon_id: UUID | None
    uses: list[Use]


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """What an order being placed did not get of its own, and so got nothing: as SQL answers it.

    why: coupon (somebody else has it), gone or enough (a promotion, with the uses left), stock (with what is left of
    each variant), limit (of a product, with the pieces left for this person).
    """

    order_id: UUID
    why: str
    promotion_id: UUID | None = None
    product_id: UUID | None = None
    room: int = 0
    left: dict[UUID, int] = {}


class Benefits(Protocol):
    """Something that knows promotions and coupons."""

    async def rules(self, tx: Tx, asks: Sequence[Ask]) -> list[Rules | Refused]:
        """Say what bears on baskets, one answer for each; a coupon that is not there to be used is refused."""
        ...

    async def held(self, tx: Tx, fans: Sequence[UUID]) -> dict[UUID, list[Held]]:
        """List the coupons that each of these people could use, first to expire first."""
        ...

    def claims(self, claims: Sequence[Claim]) -> dict[str, list[dict[str, Any]]]:
        """Say claims as the SQL function app.claim_benefits takes them: all of it or nothing of it for each order."""
        ...

    async def missed(self, tx: Tx, missed: Sequence[Missed]) -> dict[UUID, Refused]:
        """Say in words what orders did not get of theirs, as app.claim_benefits found it."""
        ...


BENEFITS: Seam[Benefits] = Seam("benefits")


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """How an order's goods got, or will get, to the customer."""

    shipments: list[dict[str, Any]] = []
    pickup_code: str | None = None
    pickup_qr_svg: str | None = None
    pickup_state: str | None = None
    pickup_until: datetime | None = None
    pickup_over: bool = False
    picked_up_at: datetime | None = None
    place: dict[str, Any] | None = None
    tickets: list[dict[str, Any]] = []
    codes: list[dict[str, Any]] = []
    bringing: dict[str, Any] | None = None


class Handovers(Protocol):
    """Something that knows parcels and pick-up codes."""

    async def of(self, tx: Tx, order: UUID, *, several: bool, local: bool = False) -> Handover:
        """Tell about one order; `several` when it is more than one plain part, `local` when the shop brings it."""
        ...

    async def overdue(self, tx: Tx, orders: Sequence[UUID]) -> set[UUID]:
        """Say which of these orders' goods are still to be picked up although their time is over."""
        ...

    async def take_back(
        self, tx: Tx, *, order: UUID, items: Sequence[tuple[Item, int]], anyway: bool
    ) -> Mapping[UUID, int]:
        """Make worthless what was handed out, or refuse; say how many of each variant can be sold again."""
        ...


HANDOVERS: Seam[Handovers] = Seam("handovers")


class Balance(msgspec.Struct, frozen=True):
    """What somebody could pay with besides WeChat: what he paid ahead, and what he was given with it (fen)."""

    principal_fen: int = 0
    bonus_fen: int = 0

    @property
    def fen(self) -> int:
        """Add both up."""
        return self.principal_fen + self.bonus_fen


class Wish(msgspec.Struct, frozen=True):
    """How much of an order being placed shall be paid from a balance."""

    order_id: UUID
    fan_id: UUID
    amount_fen: int


class Tender(msgspec.Struct, frozen=True):
    """What of an order is paid from one source."""

    order_id: UUID
    kind: str
    source_id: UUID
    amount_fen: int


class Tenders(Protocol):
    """Something that orders can be paid with besides WeChat. Whoever needs stock as well holds wallets first."""

    async def balance(self, tx: Tx, fan: UUID) -> Balance:
        """Say what somebody could pay with."""
        ...

    async def refused(self, tx: Tx, wishes: Sequence[Wish]) -> dict[UUID, Refused]:
        """Hold what wishes are to be paid from, and say which cannot be granted."""
        ...

    async def hold(self, tx: Tx, wishes: Sequence[Wish]) -> list[Tender]:
        """Set aside what orders being placed are paid with; `refused` was asked in this transaction."""
        ...

    async def take(self, tx: Tx, taken: Sequence[Tender]) -> None:
        """Book what orders had set aside: they are paid."""
        ...

    async def give_back(self, tx: Tx, given: Sequence[Tender]) -> None:
        """Give back what orders had set aside: they came to nothing."""
        ...


TENDERS: Seam[Tenders] = Seam("tenders")


class Unwinder(Protocol):
    """Something that knows ways by which money of orders came, and gives it back there."""

    async def sources(self, tx: Tx, order: Order) -> Sequence[Source]:
        """Name the ways by which money of an order came, each with how much it was in all (fen)."""
        ...

    async def give(self, tx: Tx, part: RefundPart, order: Order, reason: str) -> bool:
        """Give a part of a refund back to one of its own sources; True when it is there already.

        Otherwise it is reported later, by `refunds.settle` or `refunds.mark` under the part's id.
        """
        ...


UNWINDERS: Seam[Unwinder] = Seam("unwinders")


class Contested(Protocol):
    """Something that knows whether a customer and the merchant still talk about an order."""

    async def __call__(self, tx: Tx, order: UUID) -> bool:
        """Say whether anything about an order is still open."""
        ...


CONTESTED: Seam[Contested] = Seam("contested")
