"""What fans bought: figures for the list of fans, and the buyer's part of a profile."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.fans.model import Figures
from tongshang.payments.queries import Named
from tongshang.platform.db import Tx

FIGURES = """select fan_id, count(*)::integer as orders, sum(total_fen - refunded_fen)::bigint as spent_fen from orders
where merchant_id = $1 and fan_id = any($2) and paid_at is not null group by fan_id"""
RECENT = """select id, number::text as number, state, total_fen, placed_at from orders
where merchant_id = $1 and fan_id = $2 order by orders.number desc limit 10"""
NUMBERS = """select x.subject_id, o.id as order_id, o.number::text as number from (
  select id as subject_id, id as order_id from orders where merchant_id = $1 and id = any($2)
  union all select id, order_id from order_balance where merchant_id = $1 and id = any($2)) x
join orders o on o.merchant_id = $1 and o.id = x.order_id"""
PHONE = """select phone from address where merchant_id = $1 and fan_id = $2
order by is_default desc, created_at desc limit 1"""


class Bought(msgspec.Struct, frozen=True):
    """A fan's figures."""

    fan_id: UUID
    orders: int
    spent_fen: int


class RecentOrder(msgspec.Struct, frozen=True):
    """An order in a fan's profile."""

    id: UUID
    number: str
    state: str
    total_fen: int
    placed_at: datetime


async def figures(tx: Tx, fans: Sequence[UUID]) -> Mapping[UUID, Figures]:
    """Say how many orders fans paid and what they spent after refunds."""
    found = await tx.all(Bought, FIGURES, tx.merchant, list(fans))
    return {row.fan_id: Figures(row.orders, row.spent_fen) for row in found}


async def part(tx: Tx, fan_id: UUID) -> Mapping[str, Any]:
    """Give a fan's phone and last orders."""
    return {
        "phone": await tx.value(PHONE, tx.merchant, fan_id),
        "recent_orders": await tx.all(RecentOrder, RECENT, tx.merchant, fan_id),
    }


class Numbered(msgspec.Struct, frozen=True):
    """The order that a payment was for, whole or the balance of it."""

    subject_id: UUID
    order_id: UUID
    number: str


async def order_numbers(tx: Tx, subjects: Sequence[UUID]) -> Mapping[UUID, Named]:
    """Fill payments' SUBJECT_NAMES seam: what people call the order a payment was for."""
    found = await tx.all(Numbered, NUMBERS, tx.merchant, list(subjects))
    return {one.subject_id: Named(one.order_id, one.number) for one in found}
