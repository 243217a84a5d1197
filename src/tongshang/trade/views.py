"""Orders as people see them: the customer's page and the merchant's."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.db import Tx
from tongshang.platform.facts import Happening, timeline
from tongshang.trade import orders
from tongshang.trade.desk import stages
from tongshang.trade.model import Delivery, Order, OrderLine, S, Share
from tongshang.trade.parts import progress
from tongshang.trade.parts.breaking import left_of
from tongshang.trade.parts.model import Fulfilment, OrderPart
from tongshang.trade.presales import balances
from tongshang.trade.seams import HANDOVERS, Handover
from tongshang.trade.unwinding.views import RefundView, refund_views, with_shares

# On an order's own page the payment's lines, which name amount and transaction, say the same and more.
SAME_AS = {"order.paid": "charge.paid", "order.refund_asked": "refund.requested", "order.refunded": "refund.settled"}
LINES_OF = """select id, order_id, position, product_id, variant_id, title, options, picture_id, unit_price_fen,
quantity, goods_fen, discount_fen, paid_fen, refunded_quantity, refunded_fen, kind, parent_id, gift, reasons, sent,
sent_back from order_line where merchant_id = $1 and order_id = any($2) order by order_id, position"""


class Line(msgspec.Struct):
    """A line of an order."""

    id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture: Picture | None
    price_fen: int
    quantity: int
    allocation: dict[str, int]
    refunded: int
    refunded_quantity: int
    refunded_fen: int
    gift: bool = False
    reasons: list[Share] = []
    shipped: int = 0
    unsent: int = 0


class Money(msgspec.Struct):
    """One step from the price tags to the total; the clerk's words, and which rule, on what, are the merchant's."""

    label_zh: str
    label_en: str
    fen: int
    kind: str
    clerk_zh: str = ""
    clerk_en: str = ""
    rule: str = ""
    facts: dict[str, int] = {}
    lines: list[tuple[int, int]] = []


class ItemView(msgspec.Struct):
    """What a part of an order owes for a line."""

    line_id: UUID
    variant_id: UUID
    title: str
    options: list[str]
    kind: str
    quantity: int
    paid_fen: int
    left: int
    """How many of them were not given back."""


class PartView(msgspec.Struct):
    """A part of an order that is handed over in its own way."""

    fulfilment: str
    state: str
    ended_at: datetime | None
    items: list[ItemView]


class Presale(msgspec.Struct, frozen=True):
    """The deposit of a presale and its balance: owed, closing, paid, missed or dropped."""

    deposit_fen: int
    balance_fen: int
    opens_at: datetime
    pay_by: datetime
    ships_by: date
    state: str


class OrderView(msgspec.Struct, kw_only=True):
    """An order, whole."""

    id: UUID
    number: str
    state: str
    delivery: str
    refund: str
    part_sent: bool = False
    lines: list[Line]
    quantity: int
    goods_fen: int
    discount_fen: int
    freight_fen: int
    total_fen: int
    tendered_fen: int
    freight_refunded_fen: int
    money: list[Money]
    remark: str
    address: dict[str, Any] | None
    placed_at: datetime
    created_at: datetime
    pay_before: datetime | None
    expires_at: datetime | None
    paid_at: datetime | None
    shipped_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    shipments: list[dict[str, Any]] = []
    bringing: dict[str, Any] | None = None
    pickup: dict[str, Any] | None = None
    pickup_code: str | None = None
    pickup_qr_svg: str | None = None
    picked_up_at: datetime | None = None
    pickup_over: bool = False
    """Whether the goods wait to be picked up although their time is over."""
    refunds: list[RefundView] = []
    parts: list[PartView] = []
    presale: Presale | None = None
    tickets: list[dict[str, Any]] = []
    codes: list[dict[str, Any]] = []
    form: dict[str, Any] = {}
    fan: dict[str, Any] | None = None
    receiver: dict[str, Any] | None = None
    memo: str = ""
    timeline: list[Happening] = []
    charge: dict[str, Any] | None = None


async def whole(tx: Tx, *, order: Order) -> OrderView:
    """Show one order with everything a customer may see."""
    lines = await orders.lines(tx, order=order.id)
    shown = await pictures.find(tx, (line.picture_id for line in lines))
    view = _view(order, lines, shown)
    view.refunds = await refund_views(tx, order=order)
    if order.deposit_fen:
        due = await balances.of_order(tx, order=order.id)
        view.presale = Presale(order.deposit_fen, due.amount_fen, due.opens_at, due.pay_by, due.ships_by, due.state)
    by_id = {line.id: line for line in lines}
    view.parts = [_part(part, by_id) for part in (await progress.of_orders(tx, orders=[order.id])).get(order.id, [])]
    if view.parts:
        travels = {item.line_id for part in view.parts if part.fulfilment == Fulfilment.EXPRESS for item in part.items}
        for line in view.lines:
            line.unsent = line.unsent if line.id in travels else 0
    for source in tx.world.at(HANDOVERS):
        _hand_over(
            view, order, await source.of(tx, order.id, several=bool(view.parts), local=order.delivery == Delivery.LOCAL)
        )
    return view


def fresh(order: Order, lines: Sequence[OrderLine], shown: dict[UUID, Picture]) -> OrderView:
    """Show an order placed just now: nothing of it was sent or refunded yet."""
    view = _view(order, lines, shown)
    _hand_over(view, order, Handover())
    return view


async def for_merchant(tx: Tx, *, order: Order) -> OrderView:
    """Show one order with what only the merchant sees: his note, the timeline, and who paid how."""
    view = await whole(tx, order=order)
    view.memo = order.memo
    await with_shares(tx, order=order.id, views=view.refunds)
    for step, reason in zip(view.money, order.explanation, strict=False):
        step.clerk_zh, step.clerk_en = reason.clerk_zh, reason.clerk_en
        step.rule, step.facts, step.lines = reason.rule, reason.facts, reason.lines
    told = await timeline(tx, subject=order.id)
    kinds = {one.kind for one in told}
    view.timeline = [one for one in told if SAME_AS.get(one.kind) not in kinds]
    return view


async def many(tx: Tx, *, found: Sequence[Order]) -> list[OrderView]:
    """Show orders in a list."""
    lines = await lines_of(tx, ids=[order.id for order in found])
    shown = await pictures.find(tx, (line.picture_id for group in lines.values() for line in group))
    seen = [_view(order, lines.get(order.id, []), shown) for order in found]
    over = await stages.overdue(tx, found)
    for view in seen:
        view.pickup_over = view.id in over
    return seen


async def lines_of(tx: Tx, *, ids: Sequence[UUID]) -> dict[UUID, list[OrderLine]]:
    """Give the lines of each of some orders."""
    lines: dict[UUID, list[OrderLine]] = {}
    for line in await tx.all(OrderLine, LINES_OF, tx.merchant, list(ids)):
        lines.setdefault(line.order_id, []).append(line)
    return lines


def _view(order: Order, lines: Sequence[OrderLine], shown: dict[UUID, Picture]) -> OrderView:
    waiting = order.state == S.UNPAID
    address = order.address
    return OrderView(
        id=order.id,
        number=str(order.number),
        # Closing is our own affair: to everybody else the order is closed, unless the money still arrives.
        state=S.CLOSED if order.state == S.CLOSING else order.state,
        delivery=order.delivery,
        refund=order.refund,
        lines=[_line(line, shown, sending=_sending(order)) for line in lines],
        part_sent=stages.part_sent(order, lines),
        quantity=sum(line.quantity for line in lines),
        goods_fen=order.goods_fen,
        discount_fen=order.discount_fen,
        freight_fen=order.freight_fen,
        total_fen=order.total_fen,
        tendered_fen=order.tendered_fen,
        freight_refunded_fen=order.refunded_freight_fen,
        money=_money(order),
        remark=order.remark,
        address=address,
        placed_at=order.placed_at,
        created_at=order.placed_at,
        pay_before=order.pay_by if waiting else None,
        expires_at=order.pay_by if waiting else None,
        paid_at=order.paid_at,
        shipped_at=order.shipped_at,
        completed_at=order.completed_at,
        closed_at=order.closed_at,
        close_reason=order.close_reason,
        form=order.form,
        receiver={"name": address["name"], "phone": address["phone"]} if address else None,
    )


def _part(part: OrderPart, lines: dict[UUID, OrderLine]) -> PartView:
    items = [
        ItemView(one.line_id, one.variant_id, one.title, one.options, one.kind, one.quantity, one.paid_fen,
                 left_of(one, lines))
        for one in part.items
    ]  # fmt: skip
    return PartView(part.fulfilment, part.state, part.ended_at, items)


def _money(order: Order) -> list[Money]:
    steps = [Money(reason.zh, reason.en, reason.fen, reason.kind) for reason in order.explanation]
    steps.append(Money("实付款" if order.paid_at else "应付款", "Total", order.total_fen, "total"))
    if order.tendered_fen:
        left = order.total_fen - order.tendered_fen
        steps.append(Money("余额支付", "From the balance", -order.tendered_fen, "tender"))
        steps.append(Money("微信支付", "Through WeChat Pay", left, "due"))
    if order.refunded_fen:
        steps.append(Money("已退款", "Refunded", -order.refunded_fen, "refund"))
    return steps


def _sending(order: Order) -> bool:
    """Say whether parcels of an order may still have to be sent."""
    return order.state == S.PAID and order.delivery == Delivery.EXPRESS


def _line(line: OrderLine, shown: dict[UUID, Picture], *, sending: bool) -> Line:
    return Line(
        id=line.id, product_id=line.product_id, title=line.title, options=line.options,
        picture=shown.get(line.picture_id) if line.picture_id else None, price_fen=line.unit_price_fen,
        quantity=line.quantity,
        allocation={"goods_fen": line.goods_fen, "discount_fen": line.discount_fen, "paid_fen": line.paid_fen},
        refunded=line.refunded_quantity, refunded_quantity=line.refunded_quantity, refunded_fen=line.refunded_fen,
        gift=line.gift, reasons=line.reasons, shipped=line.sent,
        unsent=line.unsent if sending and line.kind in ("physical", "bundle") else 0,
    )  # fmt: skip


def _hand_over(view: OrderView, order: Order, handover: Handover) -> None:
    view.shipments, view.bringing = handover.shipments, handover.bringing
    view.picked_up_at = handover.picked_up_at
    view.tickets, view.codes = handover.tickets, handover.codes
    if order.paid_at is not None:
        view.pickup_code = handover.pickup_code
        view.pickup_qr_svg = handover.pickup_qr_svg
        view.pickup_over = handover.pickup_over
    if order.delivery == "pickup":
        place = handover.place or {"place": "", "address": "", "hours": "", "phone": "", "enabled": False}
        view.pickup = {
            **place, "code": view.pickup_code, "verified_at": handover.picked_up_at, "state": handover.pickup_state,
            "until": handover.pickup_until,
        }  # fmt: skip
