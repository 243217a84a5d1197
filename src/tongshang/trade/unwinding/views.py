"""Refunds as people see them: why so much, and which ways it goes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.payments.sharing import explained
from tongshang.payments.sharing.explained import ShareBack
from tongshang.platform.db import Tx
from tongshang.trade import refunds
from tongshang.trade.model import Order
from tongshang.trade.refunds import OrderRefund
from tongshang.trade.unwinding import parts as unwound
from tongshang.trade.unwinding.model import RefundPart, Step


class RefundPartView(msgspec.Struct):
    """What of a refund goes back which way, and how that stands."""

    kind: str
    zh: str
    en: str
    amount_fen: int
    state: str
    settled_at: datetime | None = None


class RefundView(msgspec.Struct):
    """Money promised back: why so much (`explanation` adds up to it), and which ways it goes (`parts` too)."""

    id: UUID
    order_id: UUID
    order_number: str
    amount_fen: int
    reason: str
    state: str
    requested_at: datetime
    created_at: datetime
    settled_at: datetime | None
    explanation: list[Step] = []
    parts: list[RefundPartView] = []
    shares: list[ShareBack] = []
    """What partners gave back of their shares of it; for the merchant alone."""


async def refund_views(tx: Tx, *, order: Order) -> list[RefundView]:
    """Show what was promised back of an order, oldest first, each with the ways it goes."""
    found = await refunds.of_order(tx, order=order.id)
    parts: dict[UUID, list[RefundPart]] = {}
    for part in await unwound.of_order(tx, order=order.id) if found else []:
        parts.setdefault(part.refund_id, []).append(part)
    return [_refund(order.number, refund, parts.get(refund.id, [])) for refund in found]


async def with_shares(tx: Tx, *, order: UUID, views: Sequence[RefundView]) -> None:
    """Add to refunds what they took of shares."""
    of = {part.id: part.refund_id for part in await unwound.of_order(tx, order=order)} if views else {}
    by_id = {view.id: view for view in views}
    for one in await explained.of_refunds(tx, refunds=list(of)):
        by_id[of[one.refund_id]].shares.append(one)


async def refunds_of_fan(
    tx: Tx, *, fan: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> list[RefundView]:  # fmt: skip
    """Show what was promised back to somebody of all orders, newest first; one more than `limit` if there are more."""
    found = await refunds.of_fan(tx, fan=fan, before=before, limit=limit)
    parts: dict[UUID, list[RefundPart]] = {}
    for part in await unwound.of_orders(tx, orders=list({refund.order_id for refund in found})) if found else []:
        parts.setdefault(part.refund_id, []).append(part)
    return [_refund(refund.number, refund, parts.get(refund.id, [])) for refund in found]


def _refund(number: int, refund: OrderRefund, parts: Sequence[RefundPart]) -> RefundView:
    return RefundView(
        refund.id, refund.order_id, str(number), refund.amount_fen, refund.reason, refund.state, refund.asked_at,
        refund.asked_at, refund.settled_at, refund.explanation,
        [
            RefundPartView(one.kind, one.label_zh, one.label_en, one.amount_fen, one.state, one.settled_at)
            for one in parts
        ],
    )  # fmt: skip
