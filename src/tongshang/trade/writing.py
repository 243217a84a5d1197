"""Deciding about orders and writing them down: one call of one function for a batch of them.

app.place_batch takes coupons, promotions, stock and purchase limits under their locks, order by order; what has all of
its own is written in that call, each table once, and the others are refused in words here.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from tongshang.media import pictures
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.trade import limits
from tongshang.trade.asked import Placed, Ready
from tongshang.trade.facts import OrderPlaced
from tongshang.trade.model import PAY_WINDOW, Order, OrderLine, Price, S
from tongshang.trade.parts import holding, progress
from tongshang.trade.parts.model import split
from tongshang.trade.presales import balances
from tongshang.trade.quotes import SoldOut
from tongshang.trade.seams import BENEFITS, Claim, Missed

PLACE = "select app.place_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"


class _Decided(msgspec.Struct, frozen=True):
    """The number before the first order's, none where none was written; and who got nothing."""

    before: int | None
    lost: list[Missed]


async def write(tx: Tx, *, ready: Mapping[UUID, Ready]) -> dict[UUID, Placed | Refused]:
    """Decide about orders and write down those that have all of theirs; say what was written, and what was not."""
    lines = {order: _lines(tx, order, one.price) for order, one in ready.items()}
    rows = {order: _row(tx, one) for order, one in ready.items()}
    decided = await _decided(tx, ready, lines, list(rows.values()))
    made: dict[UUID, Placed | Refused] = {**await _refused(tx, ready, decided.lost)}
    kept = {order: one for order, one in ready.items() if order not in made}
    if not kept:
        return made
    assert decided.before is not None
    await progress.write(tx, parts={order: split(one.delivery, lines[order], one.goods) for order, one in kept.items()})
    await balances.begin(tx, ready=kept)
    shown = await pictures.find(tx, (line.picture_id for order in kept for line in lines[order]))
    for number, (order, one) in enumerate(kept.items(), decided.before + 1):
        made[order] = Placed(_order(tx, one, rows[order], number), lines[order], shown)
        await tx.emit(OrderPlaced(order, one.asked.fan_id, number, one.price.total_fen))
    return made


async def _decided(
    tx: Tx, ready: Mapping[UUID, Ready], lines: Mapping[UUID, list[OrderLine]], rows: Sequence[dict[str, Any]]
) -> _Decided:
    flat = [line for group in lines.values() for line in group]
    holds = {order: holding.rows(order, one.price.lines, one.goods) for order, one in ready.items()}
    wanted = [_wanted(one, holds[order]) for order, one in ready.items()]
    wishes = [
        {"order_id": order, "fan_id": one.asked.fan_id, "variant_id": line.variant_id}
        for order, one in ready.items()
        if one.asked.wanted.variant_id is None
        for line in one.lines  # what comes as a gift or is added on is another wish
    ]
    products = {line.product_id for line in flat} | {part.product_id for one in ready.values()
                for line in one.goods.values() for part in line.parts}  # fmt: skip
    variants = {row["variant_id"] for group in holds.values() for row in group}
    answer = await tx.value(
        PLACE, tx.merchant, tx.now, wanted, list(variants), _claims(tx, ready), rows, flat,
        [row for group in holds.values() for row in group], wishes, list(products),
    )  # fmt: skip
    return msgspec.convert(answer, _Decided)


def _wanted(one: Ready, holds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": one.asked.order_id,
        "fan_id": one.asked.fan_id,
        "variants": [row["variant_id"] for row in holds],
        "quantities": [row["quantity"] for row in holds],
        "holds": [row["state"] == "held" for row in holds],
        **one.limited,
    }


def _claims(tx: Tx, ready: Mapping[UUID, Ready]) -> dict[str, Any] | None:
    """Say what orders take of coupons and promotions; None where none does."""
    claims = [
        Claim(order, one.asked.fan_id, one.asked.wanted.coupon_id, one.price.uses)
        for order, one in ready.items()
        if one.asked.wanted.coupon_id is not None or one.price.uses
    ]
    for source in tx.world.at(BENEFITS) if claims else []:
        return source.claims(claims)
    return None


async def _refused(tx: Tx, ready: Mapping[UUID, Ready], lost: Sequence[Missed]) -> dict[UUID, Refused]:
    """Say in the customers' words what orders did not get."""
    refused: dict[UUID, Refused] = {}
    others = []
    for missed in lost:
        one = ready[missed.order_id]
        if missed.why == "stock" and (short := holding.short(one.price.lines, one.goods, missed.left)):
            refused[missed.order_id] = SoldOut(**short.said())
        elif missed.why == "limit":
            line = next(line for line in one.goods.values() if line.product_id == missed.product_id)
            refused[missed.order_id] = limits.reached(line, missed.room)
        else:
            others.append(missed)
    for source in tx.world.at(BENEFITS) if others else []:
        refused |= await source.missed(tx, others)
    assert refused.keys() == {missed.order_id for missed in lost}, "an order that was not written is not refused"
    return refused


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
