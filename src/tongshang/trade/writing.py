"""Writing orders down whose stock is locked and enough: each table once for all of them, one call of one function."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from tongshang.media import pictures
from tongshang.platform.db import Tx
from tongshang.trade import carts
from tongshang.trade.asked import Placed, Ready
from tongshang.trade.facts import OrderPlaced
from tongshang.trade.limits import Counts
from tongshang.trade.model import PAY_WINDOW, Order, OrderLine, Price, S
from tongshang.trade.parts import holding, progress
from tongshang.trade.parts.model import split
from tongshang.trade.presales import balances

KEEP = "select app.keep_orders($1, $2, $3, $4, $5, $6, $7)"


async def write(tx: Tx, *, ready: Mapping[UUID, Ready], counts: Counts) -> dict[UUID, Placed]:
    """Write orders down, and say what was written."""
    lines = {order: _lines(tx, order, one.price) for order, one in ready.items()}
    flat = [line for group in lines.values() for line in group]
    rows = [_row(tx, one) for one in ready.values()]
    holds = [row for order, one in ready.items() for row in holding.rows(order, one.price.lines, one.goods)]
    products = {line.product_id for line in flat} | {part.product_id for one in ready.values()
                for line in one.goods.values() for part in line.parts}  # fmt: skip
    number = await tx.value(KEEP, tx.merchant, tx.now, rows, flat, holds, counts.rows, list(products))
    await progress.write(
        tx, parts={order: split(one.delivery, lines[order], one.goods) for order, one in ready.items()}
    )
    await balances.begin(tx, ready=ready)
    shown = await pictures.find(tx, (line.picture_id for line in flat))
    wishes: list[tuple[UUID, UUID]] = []
    made: dict[UUID, Placed] = {}
    for (order_id, one), row in zip(ready.items(), rows, strict=True):
        number += 1
        made[order_id] = Placed(_order(tx, one, row, number), lines[order_id], shown)
        await tx.emit(OrderPlaced(order_id, one.asked.fan_id, number, one.price.total_fen))
        if one.asked.wanted.variant_id is None:
            wishes += [(one.asked.fan_id, line.variant_id) for line in one.price.lines]
    await carts.emptied(tx, wishes=wishes)
    return made


def _row(tx: Tx, one: Ready) -> dict[str, Any]:
    asked, price = one.asked, one.price
    return {
        "id": asked.order_id,
        "fan_id": asked.fan_id,
        "delivery": one.delivery,
        "goods_fen": price.goods_fen,
        "discount_fen": price.discount_fen,
        "freight_fen": price.freight_fen,
        "total_fen": price.total_fen,
        "coupon_id": asked.wanted.coupon_id,
        "explanation": price.explanation,
        "address": one.address,
        "remark": asked.remark[:200],
        "asked": one.words.hex(),
        "pay_by": tx.now + PAY_WINDOW,
        "form": one.form,
    }


def _order(tx: Tx, one: Ready, row: dict[str, Any], number: int) -> Order:
    """Say an order as it was just written."""
    return Order(
        **{**row, "asked": one.words}, number=number, state=S.UNPAID, refunded_fen=0, refunded_freight_fen=0,
        memo="", placed_at=tx.now, paid_at=None, shipped_at=None, completed_at=None, closed_at=None, close_reason=None,
        deposit_fen=one.price.deposit.deposit_fen if one.price.deposit else 0,
    )  # fmt: skip


def _lines(tx: Tx, order: UUID, price: Price) -> list[OrderLine]:
    ids = [tx.new_id() for _ in price.lines]
    made = []
    for position, line in enumerate(price.lines):
        fields = msgspec.structs.asdict(line)
        parent = fields.pop("parent")
        made.append(
            OrderLine(
                id=ids[position], order_id=order, position=position, refunded_quantity=0, refunded_fen=0,
                parent_id=None if parent is None else ids[parent], **fields,
            )
        )  # fmt: skip
    return made
