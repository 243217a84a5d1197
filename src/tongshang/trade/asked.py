"""What an order is on its way into the database: as it was asked for, priced and ready, and placed."""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from tongshang.media.pictures import Picture
from tongshang.platform.errors import Mismatch, NotFound
from tongshang.trade.model import BasketLine, Delivery, Order, OrderLine, Price
from tongshang.trade.quotes import Wanted


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """An order as the customer asks for it: what he wants, and what he was shown."""

    order_id: UUID
    fan_id: UUID
    wanted: Wanted
    address_id: UUID | None = None
    quote_token: str
    expected_total_fen: int | None = None
    balance_fen: int = 0
    remark: str = ""
    form: dict[str, Any] = {}
    window: str = ""

    def words(self) -> bytes:
        """Hash the request, to tell a repetition from another request under the same id."""
        return hashlib.sha256(msgspec.json.encode(self)).digest()


class Ready(msgspec.Struct, frozen=True):
    """An order priced and checked, on its way into the database."""

    asked: Asked
    words: bytes
    price: Price
    delivery: Delivery
    form: dict[str, Any]
    lines: list[BasketLine]
    goods: dict[UUID, BasketLine]
    address: dict[str, Any] | None = None
    limited: dict[str, list[Any]] = {}


@dataclass(frozen=True)
class Placed:
    """An order, and its lines and pictures where it was placed just now; None where it was before."""

    order: Order
    lines: list[OrderLine] | None = None
    shown: dict[UUID, Picture] = field(default_factory=dict)


def same(first: Asked, second: Asked) -> None:
    """Refuse a second order under one id in one batch, as it would be refused a moment later."""
    if first.fan_id != second.fan_id:
        raise NotFound
    if first != second:
        raise Mismatch


def own(known: Order, asked: Asked) -> Order:
    """Give the order that is there under an id, to whoever asked for it in the same words."""
    if known.fan_id != asked.fan_id:
        raise NotFound
    if known.asked != asked.words():
        raise Mismatch
    return known
