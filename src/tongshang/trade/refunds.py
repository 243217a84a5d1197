"""Refunds of order lines: what a piece is worth comes from the allocation stored when the order was placed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.catalog import stock
from tongshang.platform.db import Tx
from tongshang.platform.errors import Mismatch, NotFound, Refused
from tongshang.trade import orders
from tongshang.trade.facts import OrderRefundAsked, OrderRefunded
from tongshang.trade.model import OrderLine, S
from tongshang.trade.parts import breaking, progress, undoing
from tongshang.trade.parts.breaking import Taken
from tongshang.trade.parts.model import OrderPart, P
from tongshang.trade.prices.refunds import refundable
from tongshang.trade.unwinding import explain, gifts
from tongshang.trade.unwinding import parts as unwound
from tongshang.trade.unwinding.model import Step

KNOWN = """select id, order_id, amount_fen, freight_fen, lines, reason, state, asked_at, settled_at, explanation
from order_refund"""
ONE = f"{KNOWN} where merchant_id = $1 and id = $2"
OF_ORDER = f"{KNOWN} where merchant_id = $1 and order_id = $2 order by asked_at, id"
OF_FAN = """select r.id, r.order_id, r.amount_fen, r.freight_fen, r.lines, r.reason, r.state, r.asked_at, r.settled_at,
  r.explanation, o.number from order_refund r join orders o on o.merchant_id = r.merchant_id and o.id = r.order_id
where r.merchant_id = $1 and o.fan_id = $2 and ($3::timestamptz is null or (r.asked_at, r.id) < ($3, $4))
order by r.asked_at desc, r.id desc limit $5"""
TAKE_LINE = """update order_line set refunded_quantity = refunded_quantity + $4, refunded_fen = refunded_fen + $5,
  sent_back = sent_back + greatest(least($6, sent - sent_back), $4 - (quantity - refunded_quantity - sent + sent_back))
where merchant_id = $1 and order_id = $2 and id = $3 and refunded_quantity + $4 <= quantity
  and refunded_fen + $5 <= paid_fen"""
TAKE_ORDER = """update orders set refunded_fen = refunded_fen + $3, refunded_freight_fen = refunded_freight_fen + $4
where merchant_id = $1 and id = $2 and refunded_fen + $3 <= total_fen and refunded_freight_fen + $4 <= freight_fen"""
MISSED = "付款时已售罄，自动退款"
SETTLE = """update order_refund set state = 'settled', settled_at = $3
where merchant_id = $1 and id = $2 and state <> 'settled'"""
MOVE = "update order_refund set state = $3 where merchant_id = $1 and id = $2 and state <> 'settled'"


class TooMuch(Refused):
    """More than what is left of the order cannot be refunded."""

    code, status, zh = "refund.too_much", 409, "退款数量或金额超过可退部分。"


class NothingToRefund(Refused):
    """Choose what to refund."""

    code, status, zh = "refund.nothing", 400, "请选择要退款的商品或运费。"


class NotPaid(Refused):
    """The order is not paid, there is nothing to refund."""

    code, status, zh = "refund.not_paid", 409, "订单未付款，无法退款。"


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """Some pieces of a line; `amount_fen` only where it shall be less than what they cost.

    `of_sent` of them had been sent: what waits to be sent is given up only as far as there are more. Of a bundle,
    `variant_id` names the one part of which there are so many pieces; the others stay.
    """

    line_id: UUID
    quantity: int
    amount_fen: int | None = None
    of_sent: int = 0
    variant_id: UUID | None = None


@dataclass(frozen=True)
class OrderRefund:
    """A promise of money back, and what it is for."""

    id: UUID
    order_id: UUID
    amount_fen: int
    freight_fen: int
    lines: list[dict[str, Any]]
    reason: str
    state: str
    asked_at: datetime
    settled_at: datetime | None
    explanation: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class NumberedRefund(OrderRefund):
    """A refund with the number of its order."""

    number: int = 0


async def ask(
    tx: Tx, *, refund_id: UUID, order: UUID, parts: Sequence[Part], freight_fen: int = 0, reason: str,
    anyway: bool = False,
) -> OrderRefund:  # fmt: skip
    """Promise money back for pieces of an order. Asking twice under one id, with the same words, is asking once.

    `anyway` overrules what the goods' own terms say, such as that a code that was seen is not taken back.
    """
    found = await orders.locked(tx, order=order)
    lines = {line.id: line for line in await orders.lines(tx, order=order)}
    if known := await tx.first(OrderRefund, ONE, tx.merchant, refund_id):
        _same(known, order, [_words(part) for part in parts], freight_fen, reason)
        return known
    if found.paid_at is None:
        raise NotPaid
    written = (await progress.of_orders(tx, orders=[order])).get(order, [])
    taken = breaking.begin(list(lines.values()), written)
    amounts = [_amount(lines, part, taken) for part in parts]
    total = sum(amounts) + freight_fen
    if total <= 0 or freight_fen < 0:
        raise NothingToRefund
    words = [{**_words(part), "amount_fen": amount} for part, amount in zip(parts, amounts, strict=True)]
    whole = found.refunded_fen + total == found.total_fen
    if found.state == S.PAID and not whole:
        more = _orphaned(lines, written, parts)
        amounts += [_amount(lines, part, taken) for part in more]
        words += [{**_words(part), "amount_fen": 0, "gift": True} for part in more]
        parts = [*parts, *more]
    await _take(tx, order, parts, amounts, freight_fen, taken)
    shares = await unwound.plan(tx, order=found, refund=refund_id, amount=total)
    if shares is None:
        raise TooMuch
    why = _why(lines, parts, amounts, freight_fen, taken)
    refund = OrderRefund(refund_id, order, total, freight_fen, words, reason, "asked", tx.now, None, why)
    await tx.insert("order_refund", refund)
    for share, _ in shares:
        await tx.insert("order_refund_part", share)
    await tx.emit(OrderRefundAsked(found.id, found.fan_id, found.number, found.total_fen, refund_id, total))
    # Before stock is touched, because whoever places an order holds wallets before stock.
    for share, unwinder in shares:
        if await unwinder.give(tx, share, found, reason):
            await settle(tx, refund=share.id)
    of_sent: Counter[UUID] = Counter()
    for part in parts:
        line = lines[part.line_id]
        of_sent[line.id] += min(part.of_sent, line.sent - line.sent_back)
    back = await undoing.undo(
        tx, order=found, lines=list(lines.values()), parts=written, taken=taken,
        pieces=_pieces(parts) + taken.whole, of_sent=of_sent, whole=whole, anyway=anyway,
    )  # fmt: skip
    await stock.put_back(tx, items={variant: count for variant, count in back.items() if count}, holder=order)
    return await tx.one(OrderRefund, ONE, tx.merchant, refund_id)


async def _take(
    tx: Tx, order: UUID, parts: Sequence[Part], amounts: Sequence[int], freight_fen: int, taken: Taken
) -> None:  # fmt: skip
    """Count what is promised back at its lines and its order; refuses more than is left there."""
    for part, amount in zip(parts, amounts, strict=True):
        count = 0 if part.variant_id else part.quantity
        if not await tx.run(TAKE_LINE, tx.merchant, order, part.line_id, count, amount, part.of_sent):
            raise TooMuch
    for line, count in taken.whole.items():
        if not await tx.run(TAKE_LINE, tx.merchant, order, line, count, 0, 0):
            raise TooMuch
    if not await tx.run(TAKE_ORDER, tx.merchant, order, sum(amounts) + freight_fen, freight_fen):
        raise TooMuch
    await breaking.write(tx, order=order, taken=taken)


def _words(part: Part) -> dict[str, Any]:
    """Say a part as it is kept, so that asking again can be told from asking for something else."""
    more = {"of_sent": part.of_sent} if part.of_sent else {}
    one = {"variant_id": str(part.variant_id)} if part.variant_id else {}
    return {"line_id": str(part.line_id), "quantity": part.quantity, "asked_fen": part.amount_fen, **more, **one}


def _same(known: OrderRefund, order: UUID, words: list[dict[str, Any]], freight_fen: int, reason: str) -> None:
    if (known.order_id, known.freight_fen, known.reason) != (order, freight_fen, reason):
        raise Mismatch
    asked = [line for line in known.lines if not line.get("gift")]
    if [{key: of for key, of in line.items() if key != "amount_fen"} for line in asked] != words:
        raise Mismatch


def _pieces(parts: Sequence[Part]) -> Counter[UUID]:
    """Count the whole pieces of each line."""
    found: Counter[UUID] = Counter()
    for part in parts:
        found[part.line_id] += 0 if part.variant_id else part.quantity
    return found


def _orphaned(lines: dict[UUID, OrderLine], written: Sequence[OrderPart], parts: Sequence[Part]) -> list[Part]:
    """Name the gifts that go because what they came with does."""
    kept = {item.line_id for part in written if part.state != P.WAITING for item in part.items}
    found = gifts.orphaned(list(lines.values()), gone=_pieces(parts), kept=kept)
    return [Part(line, count) for line, count in found.items()]


def _why(
    lines: dict[UUID, OrderLine], parts: Sequence[Part], amounts: Sequence[int], freight_fen: int, taken: Taken
) -> list[Step]:  # fmt: skip
    """Explain a refund fen by fen; several parts of one line are explained one after the other."""
    steps: list[Step] = []
    now = dict(lines)
    for part, amount in zip(parts, amounts, strict=True):
        line = now[part.line_id]
        if part.variant_id:
            _, item = taken.items[line.id, part.variant_id]
            steps += explain.of_item(line, title=item.title, quantity=part.quantity, amount=amount)
        else:
            steps += explain.of_line(line, quantity=part.quantity, asked_fen=part.amount_fen, amount=amount)
        now[part.line_id] = replace(
            line,
            refunded_quantity=line.refunded_quantity + (0 if part.variant_id else part.quantity),
            refunded_fen=line.refunded_fen + amount,
        )
    return steps + explain.freight(freight_fen)


async def give_up(tx: Tx, *, order: UUID) -> None:
    """Promise all money of a paid order back because there is nothing left to send; harmless when repeated."""
    found = await orders.get(tx, order=order)
    if found.refunded_fen:
        return
    parts = [Part(line.id, line.quantity) for line in await orders.lines(tx, order=order)]
    await ask(
        tx, refund_id=tx.new_id(), order=order, parts=parts, freight_fen=found.freight_fen, reason=MISSED, anyway=True
    )


def _amount(lines: dict[UUID, OrderLine], part: Part, taken: Taken) -> int:
    """Say what a part brings, and take its pieces out of what is left of the order's items."""
    line = lines.get(part.line_id)
    if line is None:
        raise NotFound
    if part.quantity < 0 or not 0 <= part.of_sent <= part.quantity:
        raise TooMuch
    left = taken.fen[line.id]
    if part.variant_id:
        amount = _apart(part, part.variant_id, taken)
    else:
        amount = refundable(
            paid_fen=line.paid_fen,
            quantity=line.quantity,
            refunded_quantity=line.quantity - taken.bundles[line.id],
            refunded_fen=line.paid_fen - left,
            more=part.quantity,
        )
        if part.quantity > taken.bundles[line.id]:
            raise TooMuch
        breaking.take_whole(taken, line=line.id, count=part.quantity)
    amount = amount if part.amount_fen is None else part.amount_fen
    if not 0 <= amount <= left:
        raise TooMuch
    taken.fen[line.id] -= amount
    return amount


def _apart(part: Part, variant: UUID, taken: Taken) -> int:
    key = (part.line_id, variant)
    if part.quantity < 1 or part.of_sent or (key in taken.items and part.quantity > taken.left(key)):
        raise TooMuch
    return breaking.take_apart(taken, line=part.line_id, variant=variant, count=part.quantity)


async def settle(tx: Tx, *, refund: UUID) -> None:
    """Record that a part of a refund is back with the customer, and the whole when all its parts are.

    Harmless when repeated; strange refunds are not ours.
    """
    moved = await unwound.move(tx, part=refund, state="settled") or (refund, "settled")
    if moved[1] != "settled":
        await tx.run(MOVE, tx.merchant, *moved)
    elif await tx.run(SETTLE, tx.merchant, moved[0], tx.now):
        done = await tx.one(OrderRefund, ONE, tx.merchant, moved[0])
        o = await orders.get(tx, order=done.order_id)
        await tx.emit(OrderRefunded(o.id, o.fan_id, o.number, o.total_fen, done.id, done.amount_fen))


async def mark(tx: Tx, *, refund: UUID, state: str) -> None:
    """Record how a part stands: stalled or closed (a person has to look, and asks again), or asked once more.

    What was promised to the customer stays promised, so the order's lines stay taken until it is settled.
    """
    await tx.run(MOVE, tx.merchant, *(await unwound.move(tx, part=refund, state=state) or (refund, state)))


async def of_order(tx: Tx, *, order: UUID) -> list[OrderRefund]:
    """List what was promised back of an order, oldest first."""
    return await tx.all(OrderRefund, OF_ORDER, tx.merchant, order)


async def of_fan(
    tx: Tx, *, fan: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> list[NumberedRefund]:  # fmt: skip
    """List what was promised back to somebody, newest first; one more than `limit` where there are more."""
    return await tx.all(NumberedRefund, OF_FAN, tx.merchant, fan, *(before or (None, None)), limit + 1)
