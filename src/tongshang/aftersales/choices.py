"""What may be asked for of an order: which pieces are left, what they are worth, for which kinds and reasons."""

from uuid import UUID

import msgspec

from tongshang.aftersales import settings, terms
from tongshang.aftersales.model import Kind
from tongshang.aftersales.terms import Reason
from tongshang.fulfilment import returnable
from tongshang.platform.db import Tx
from tongshang.trade import orders
from tongshang.trade.model import Delivery, Order, OrderLine, S
from tongshang.trade.parts import progress
from tongshang.trade.parts.breaking import TRAVELS
from tongshang.trade.parts.model import P
from tongshang.trade.prices.refunds import refundable

HELD = """select line_id, held, held_fen from aftersale_held
where merchant_id = $1 and line_id = any($2)"""
ASKING = (Kind.REFUND_ONLY, Kind.RETURN, Kind.EXCHANGE)


class LineChoice(msgspec.Struct, frozen=True, kw_only=True):
    """How many pieces of a line may still be asked for, what each number of them is worth, and how."""

    line_id: UUID
    left: int
    worth_fen: list[int]
    returns: bool
    no_reason: bool
    there: int = 0
    """How many of them went out, and could come back."""
    gifts: list[str] = []
    """What came with them, and goes back with the last of them."""


class ReasonChoice(msgspec.Struct, frozen=True):
    """A reason that may be given; `pictures` when it must be shown."""

    code: str
    zh: str
    en: str
    kinds: list[Kind]
    pictures: bool
    no_reason: bool


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer may ask for; nothing when `why_not` says why."""

    sent: bool
    why_not: str
    kinds: list[Kind]
    lines: list[LineChoice]
    reasons: list[ReasonChoice]


class Held(msgspec.Struct, frozen=True):
    """What open cases hold of a line."""

    line_id: UUID
    held: int = 0
    held_fen: int = 0


async def of_order(tx: Tx, *, order: UUID, fan: UUID) -> Choices:
    """Say what somebody may ask for of his own order."""
    found = await orders.get(tx, order=order, fan=fan)
    lines = await orders.lines(tx, order=order)
    sent, held = went_out(found), await held_of(tx, lines)
    usable, there = await returnable.pieces(tx, order=order), await went(tx, order=found, lines=lines)
    late = no_reason_over(tx, found)
    excepted = await settings.excepted(tx)
    shown = []
    for line in lines:
        left = left_of(line, held[line.id], usable.get(line.id))
        worth = [worth_of(line, held[line.id], count) for count in range(1, left + 1)]
        out = 0 if line.id in usable else min(left, there.get(line.id, 0))
        can = out > 0 and not late and line.product_id not in excepted
        if left and worth[-1] > 0:
            with_it = [one.title for one in lines if one.gift and one.parent_id == line.id]
            shown.append(
                LineChoice(line_id=line.id, left=left, worth_fen=worth, returns=out > 0, no_reason=can, there=out,
                           gifts=with_it)
            )  # fmt: skip
    why = why_not(tx, found) or ("" if shown else "aftersale.nothing_left")
    kinds = [kind for kind in ASKING if kind == Kind.REFUND_ONLY or any(one.returns for one in shown)]
    reasons = _reasons(kinds, sent=sent, no_reason=any(one.no_reason for one in shown))
    return Choices(sent=sent, why_not=why, kinds=[] if why else kinds, lines=shown, reasons=reasons)


def _reasons(kinds: list[Kind], *, sent: bool, no_reason: bool) -> list[ReasonChoice]:
    found: dict[str, tuple[Reason, list[Kind]]] = {}
    for kind in kinds:
        for one in terms.reasons(kind, sent=sent or kind != Kind.REFUND_ONLY):
            if no_reason or not one.no_reason:
                found.setdefault(one.code, (one, []))[1].append(kind)
    ordered = [found[one.code] for one in terms.REASONS if one.code in found]
    return [ReasonChoice(one.code, one.zh, one.en, of, one.pictures, one.no_reason) for one, of in ordered]


async def held_of(tx: Tx, lines: list[OrderLine]) -> dict[UUID, Held]:
    """Say what open cases hold of some lines."""
    found = {one.line_id: one for one in await tx.all(Held, HELD, tx.merchant, [line.id for line in lines])}
    return {line.id: found.get(line.id, Held(line.id)) for line in lines}


def left_of(line: OrderLine, held: Held, usable: int | None) -> int:
    """Say how many pieces of a line may be asked for; of what is used at the counter, or seen, only what is not."""
    left = line.quantity - line.refunded_quantity - held.held
    return max(0, left if usable is None else min(left, usable - held.held))


def worth_of(line: OrderLine, held: Held, count: int) -> int:
    """Say what `count` more pieces of a line are worth, those in open cases being spoken for."""
    return refundable(
        paid_fen=line.paid_fen,
        quantity=line.quantity,
        refunded_quantity=line.refunded_quantity + held.held,
        refunded_fen=line.refunded_fen + held.held_fen,
        more=count,
    )


async def went(tx: Tx, *, order: Order, lines: list[OrderLine]) -> dict[UUID, int]:
    """Say how many pieces of which lines are out of the merchant's hands, also where others wait to be sent."""
    if went_out(order):
        return {line.id: line.quantity - line.refunded_quantity for line in lines}
    if order.state != S.PAID or order.delivery == Delivery.NONE:
        return {}
    parts = (await progress.of_orders(tx, orders=[order.id])).get(order.id, [])
    handed = {
        item.line_id for part in parts if part.state == P.DONE and part.fulfilment in TRAVELS for item in part.items
    }
    return {
        line.id: line.quantity - line.refunded_quantity if line.id in handed else line.sent - line.sent_back
        for line in lines
    }


def went_out(order: Order) -> bool:
    """Say whether all of the goods have left the merchant's hands."""
    return order.state in (S.SHIPPED, S.COMPLETED) and order.delivery != Delivery.NONE


def no_reason_over(tx: Tx, order: Order) -> bool:
    """Say whether the days are over in which goods go back without a reason; they count from the receipt."""
    return order.completed_at is not None and tx.now > order.completed_at + terms.at(tx.now).no_reason_within


def why_not(tx: Tx, order: Order) -> str:
    """Name what speaks against asking for anything of an order, or nothing."""
    if order.paid_at is None or order.state == S.CLOSED:
        return "aftersale.not_paid"
    if order.completed_at is not None and tx.now > order.completed_at + terms.at(tx.now).ask_within:
        return "aftersale.too_late"
    return ""
