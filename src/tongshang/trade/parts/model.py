"""An order's parts and their life cycle, and how a basket falls into them. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from tongshang.catalog.kinds import bundles
from tongshang.platform.errors import Refused
from tongshang.platform.machine import Machine
from tongshang.trade.model import BasketLine, Delivery, OrderLine


class Fulfilment(StrEnum):
    """How a part gets to the customer."""

    EXPRESS = "express"
    LOCAL = "local"
    PICKUP = "pickup"
    SERVICE = "service"
    TICKET = "ticket"
    VIRTUAL = "virtual"


class P(StrEnum):
    """Where a part stands."""

    WAITING = "waiting"
    SENT = "sent"
    DONE = "done"
    DROPPED = "dropped"


PART = Machine(
    start=P.WAITING,
    moves={
        "send": {P.WAITING: P.SENT},
        "finish": {P.WAITING: P.DONE, P.SENT: P.DONE},
        "drop": {P.WAITING: P.DROPPED},  # all of its money was promised back before it was handed over
        "undo": {P.DONE: P.WAITING},  # it was handed over by mistake
    },
)


class NeedsDelivery(Refused):
    """Choose whether the goods are sent, brought or picked up."""

    code, status, zh = "order.needs_delivery", 400, "请选择配送方式：快递、商家配送或自提。"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What a part owes for one line, as it was promised; of a bundle, one of its parts with its share."""

    line_id: UUID
    product_id: UUID
    variant_id: UUID
    title: str
    options: list[str]
    kind: str
    per_piece: int = 1
    """How many of this go into one piece of the line."""
    quantity: int
    paid_fen: int
    terms: dict[str, Any] = {}
    apart: int = 0
    """Pieces that went back by themselves, while the others of their bundle stayed."""


@dataclass(frozen=True)
class OrderPart:
    """A part of an order."""

    order_id: UUID
    fulfilment: Fulfilment
    state: P
    items: list[Item]
    ended_at: datetime | None


def delivery_of(wanted: Delivery, lines: Iterable[BasketLine]) -> Delivery:
    """Say how a basket's goods travel: as wanted where there are any, else not at all."""
    if not any(line.travels for line in lines):
        return Delivery.NONE
    if wanted == Delivery.NONE:
        raise NeedsDelivery
    return wanted


def pieces(line: BasketLine, quantity: int) -> Counter[UUID]:
    """Say which variants' stock so many pieces of a line are taken from."""
    if line.kind != "bundle":
        return Counter({line.variant_id: quantity})
    return Counter({part.variant_id: part.quantity * quantity for part in line.parts})


def left_of(lines: Iterable[BasketLine]) -> dict[UUID, int]:
    """Say how much is left of the variants that lines are taken from."""
    found: dict[UUID, int] = {}
    for line in lines:
        found |= {part.variant_id: part.left for part in line.parts} if line.parts else {line.variant_id: line.left}
    return found


def split(
    delivery: Delivery, lines: Sequence[OrderLine], goods: Mapping[UUID, BasketLine]
) -> dict[Fulfilment, list[Item]]:
    """Split an order's lines by how each is handed over; nothing where it is all of one plain part."""
    if all(goods[line.variant_id].kind == "physical" for line in lines if line.variant_id in goods):
        return {}
    found: dict[Fulfilment, list[Item]] = {}
    for line in lines:
        for item in _items(line, goods.get(line.variant_id)):
            how = Fulfilment(delivery) if item.kind == "physical" else Fulfilment(item.kind)
            found.setdefault(how, []).append(item)
    return found


def _items(line: OrderLine, goods: BasketLine | None) -> list[Item]:
    if goods is None or goods.kind != "bundle":
        return [
            Item(
                line_id=line.id, product_id=line.product_id, variant_id=line.variant_id, title=line.title,
                options=line.options, kind=goods.kind if goods else "physical", quantity=line.quantity,
                paid_fen=line.paid_fen, terms=goods.terms if goods else {},
            )
        ]  # fmt: skip
    return [
        Item(
            line_id=line.id, product_id=part.product_id, variant_id=part.variant_id, title=part.title,
            options=part.options, kind=part.kind, per_piece=part.quantity, quantity=part.quantity * line.quantity,
            paid_fen=share, terms=part.terms,
        )
        for part, share in zip(goods.parts, bundles.shares(line.paid_fen, goods.parts), strict=True)
    ]  # fmt: skip
