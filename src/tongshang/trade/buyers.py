"""What fans bought: figures for the list of fans, and the buyer's part of a profile."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.fans.model import Figures
from tongshang.platform.db import Tx

FIGURES = """select fan_id, count(*)::integer as orders, sum(total_fen - refunded_fen)::bigint as spent_fen from orders
where merchant_id = $1 and fan_id = any($2) and paid_at is not null group by fan_id"""
RECENT = """select id, number::text as number, state, total_fen, placed_at from orders
where merchant_id = $1 and fan_id = $2 order by orders.number desc limit 10"""
NUMBERS = """select coalesce(jsonb_object_agg(id, number::text), '{}'::jsonb) from orders
where merchant_id = $1 and id = any($2)"""
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


async def order_numbers(tx: Tx, subjects: Sequence[UUID]) -> dict[UUID, str]:
    """Fill payments' SUBJECT_NAMES seam: what people call the order a payment was for."""
    found: dict[str, str] = await tx.value(NUMBERS, tx.merchant, list(subjects))
    return {UUID(order): number for order, number in found.items()}
