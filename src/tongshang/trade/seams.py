"""Where trade asks the floors above in the same breath."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.world import Seam
from tongshang.trade.model import BasketLine
from tongshang.trade.parts.model import Item
from tongshang.trade.pricing import Benefit


class Offer(msgspec.Struct, frozen=True):
    """A coupon somebody has: whether it can be used on this basket, and if not, why."""

    id: UUID
    name: str
    minus_fen: int
    min_spend_fen: int
    expires_at: str
    usable: bool
    why_zh: str = ""
    why_en: str = ""


class Claim(msgspec.Struct, frozen=True):
    """An order being placed that wants to use a coupon."""

    order_id: UUID
    fan_id: UUID
    coupon_id: UUID
    goods_fen: int


class Benefits(Protocol):
    """Something that knows coupons."""

    async def offers(self, tx: Tx, fan_id: UUID, lines: Sequence[BasketLine]) -> list[Offer]:
        """List what somebody could use on a basket, best first."""
        ...

    async def benefit(self, tx: Tx, claim: Claim) -> Benefit:
        """Say what a coupon takes off, or refuse."""
        ...

    async def claim(self, tx: Tx, claims: Sequence[Claim]) -> dict[UUID, Refused]:
        """Take coupons for orders that are being placed; say which orders did not get theirs."""
        ...

    async def give_back(self, tx: Tx, orders: Sequence[UUID]) -> None:
        """Undo claims of orders that were not placed after all."""
        ...


BENEFITS: Seam[Benefits] = Seam("benefits")


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """How an order's goods got, or will get, to the customer."""

    shipments: list[dict[str, Any]] = []
    pickup_code: str | None = None
    pickup_qr_svg: str | None = None
    picked_up_at: datetime | None = None
    place: dict[str, Any] | None = None
    tickets: list[dict[str, Any]] = []
    codes: list[dict[str, Any]] = []


class Handovers(Protocol):
    """Something that knows parcels and pick-up codes."""

    async def of(self, tx: Tx, order: UUID) -> Handover:
        """Tell about one order."""
        ...

    async def take_back(
        self, tx: Tx, *, order: UUID, items: Sequence[tuple[Item, int]], anyway: bool
    ) -> Mapping[UUID, int]:
        """Make worthless what was handed out, or refuse; say how many of each variant can be sold again."""
        ...


HANDOVERS: Seam[Handovers] = Seam("handovers")
