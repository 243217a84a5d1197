"""Placing orders: stock and coupons decided together, gathered per merchant; each table is written once a batch.

An order is asked for under the customer's own id. Asking again with the same words is asking once; with other
words it is refused. The answer leaves after the commit, so a late answer is never a lost answer.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from tongshang.catalog import stock
from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.batch import gathered
from tongshang.platform.db import Tx
from tongshang.platform.errors import Mismatch, NotFound, Refused
from tongshang.platform.world import World
from tongshang.trade import addresses, carts, quotes
from tongshang.trade.carts import Want
from tongshang.trade.facts import OrderPlaced
from tongshang.trade.freights import templates
from tongshang.trade.freights.model import Rates
from tongshang.trade.model import COLUMNS, PAY_WINDOW, BasketLine, Delivery, Order, OrderLine, Price, S
from tongshang.trade.parts import forms, holding, progress
from tongshang.trade.parts.model import delivery_of, split
from tongshang.trade.prices.rules import Rules
from tongshang.trade.prices.sent import Sent
from tongshang.trade.quotes import SoldOut, Wanted
from tongshang.trade.seams import BENEFITS, Ask, Claim

SOME = f"select {COLUMNS} from orders where merchant_id = $1 and id = any($2)"
WRITE = "select app.write_orders($1, $2, $3, $4)"
WRITE_HOLDING = "select app.write_orders($1, $2, $3, $4, $5)"


class NeedsAddress(Refused):
    """Choose a delivery address."""

    code, status, zh = "order.needs_address", 400, "请选择收货地址。"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """An order as the customer asks for it: what he wants, and what he was shown."""

    order_id: UUID
    fan_id: UUID
    wanted: Wanted
    address_id: UUID | None = None
    quote_token: str
    expected_total_fen: int | None = None
    remark: str = ""
    form: dict[str, Any] = {}

    def words(self) -> bytes:
        """Hash the request, to tell a repetition from another request under the same id."""
        return hashlib.sha256(msgspec.json.encode(self)).digest()


class _Ready(msgspec.Struct, frozen=True):
    """An order priced and checked, on its way into the database."""

    asked: Asked
    price: Price
    delivery: Delivery
    form: dict[str, Any]
    goods: dict[UUID, BasketLine]
    address: dict[str, Any] | None = None


@dataclass(frozen=True)
class Placed:
    """An order, and its lines and pictures where it was placed just now; None where it was before."""

    order: Order
    lines: list[OrderLine] | None = None
    shown: dict[UUID, Picture] = field(default_factory=dict)


async def place(world: World, merchant: UUID, asked: Asked) -> Order:
    """Place an order, together with whoever else is placing one just now; refuses in the customer's words."""
    return (await placed(world, merchant, asked)).order


async def placed(world: World, merchant: UUID, asked: Asked) -> Placed:
    """Place an order as `place` does, and give what is known of it without reading it again."""
    return await gathered(world, "trade.place", place_all).ask(merchant, asked)


async def place_all(tx: Tx, batch: Sequence[Asked]) -> list[Placed | Exception]:
    """Place orders of one merchant in the caller's transaction."""
    answers: dict[UUID, Placed | Exception] = {}
    refused: dict[int, Refused] = {}
    ready: dict[UUID, _Ready] = {}
    found = await tx.all(Order, SOME, tx.merchant, list({asked.order_id for asked in batch}))
    known = {order.id: order for order in found}
    table = await _Table.laid(tx, [asked for asked in batch if asked.order_id not in known])
    for nth, asked in enumerate(batch):
        try:
            if asked.order_id in ready:
                _same(ready[asked.order_id].asked, asked)
            elif asked.order_id in known:
                answers[asked.order_id] = Placed(_own(known[asked.order_id], asked))
            else:
                ready[asked.order_id] = await table.ready(asked)
        except Refused as refusal:
            # By place, not by id: whoever comes with other words under an id must not undo whose it is.
            refused[nth] = refusal
    await _claim(tx, ready, answers)
    await _hold(tx, ready, answers)
    if ready:
        answers |= await _write(tx, ready)
    return [refused.get(nth) or answers[asked.order_id] for nth, asked in enumerate(batch)]


def _same(first: Asked, second: Asked) -> None:
    """Refuse a second order under one id in one batch, as it would be refused a moment later."""
    if first.fan_id != second.fan_id:
        raise NotFound
    if first != second:
        raise Mismatch


def _own(known: Order, asked: Asked) -> Order:
    """Give the order that is there under an id, to whoever asked for it in the same words."""
    if known.fan_id != asked.fan_id:
        raise NotFound
    if known.asked != asked.words():
        raise Mismatch
    return known


@dataclass(frozen=True)
class _Table:
    """What the orders of a batch are made of, read once for all of them."""

    tx: Tx
    baskets: dict[Want, list[BasketLine]]
    rules: dict[Ask, Rules | Refused]
    sent: Sent
    addresses: dict[tuple[UUID, UUID], dict[str, Any]]

    @classmethod
    async def laid(cls, tx: Tx, batch: Sequence[Asked]) -> "_Table":
        """Read baskets, freight and addresses."""
        wants = list(dict.fromkeys(quotes.want(asked.fan_id, asked.wanted) for asked in batch))
        if not wants:
            return cls(tx, {}, {}, Sent(Rates()), {})
        baskets = dict(zip(wants, await carts.baskets(tx, wants=wants), strict=True))
        ids = list({asked.address_id for asked in batch if asked.address_id is not None})
        asks = [_ask(asked) for asked in batch]
        rules = dict(zip(asks, await quotes.rules(tx, asks), strict=True))
        sent = Sent(await templates.rates(tx))
        return cls(tx, baskets, rules, sent, await addresses.snapshots(tx, ids=ids))

    async def ready(self, asked: Asked) -> _Ready:
        """Price the basket as it is now, and refuse what cannot be bought or is not what was shown."""
        wanted = asked.wanted
        lines = quotes.checked(wanted, self.baskets[quotes.want(asked.fan_id, wanted)])
        wanted = msgspec.structs.replace(wanted, delivery=delivery_of(wanted.delivery, lines))
        for line in lines:
            if refusal := quotes.problem(line):
                raise refusal
        rules = self.rules[_ask(asked)]
        if isinstance(rules, Refused):
            raise rules
        address = None if asked.address_id is None else self.addresses.get((asked.fan_id, asked.address_id))
        rates = quotes.rates_of(self.sent, wanted.delivery, address["region"] if address else None)
        price = quotes.priced(lines, rules, rates)
        quotes.refuse_other(
            self.tx, shown=asked.quote_token, price=price, wanted=wanted, expected_fen=asked.expected_total_fen
        )
        form = forms.answered(lines, asked.form)
        goods = {line.variant_id: line for line in (*rules.goods.values(), *lines)}
        if wanted.delivery != Delivery.EXPRESS:
            return _Ready(asked, price, wanted.delivery, form, goods)
        if asked.address_id is None:
            raise NeedsAddress
        if address is None:
            raise NotFound
        if isinstance(rates, Sent) and (refusal := rates.refused(lines)):
            raise refusal
        return _Ready(asked, price, wanted.delivery, form, goods, address)


def _ask(asked: Asked) -> Ask:
    return Ask(asked.order_id, asked.fan_id, asked.wanted.coupon_id, asked.wanted.addons)


async def _claim(tx: Tx, ready: dict[UUID, _Ready], answers: dict[UUID, Placed | Exception]) -> None:
    claims = [
        Claim(order, one.asked.fan_id, one.asked.wanted.coupon_id, one.price.uses)
        for order, one in ready.items()
        if one.asked.wanted.coupon_id is not None or one.price.uses
    ]
    for source in tx.world.at(BENEFITS) if claims else []:
        for order, refusal in (await source.claim(tx, claims)).items():
            answers[order] = refusal
            ready.pop(order, None)


async def _hold(tx: Tx, ready: dict[UUID, _Ready], answers: dict[UUID, Placed | Exception]) -> None:
    """Give out what is on the shelf, order by order; one that cannot have all of its lines gets nothing."""
    if not ready:
        return
    taken = {order: holding.taken(one.price.lines, one.goods) for order, one in ready.items()}
    left = await stock.locked(tx, variants=list({variant for some in taken.values() for variant in some}))
    for order, one in list(ready.items()):
        if short := holding.short(one.price.lines, one.goods, left):
            answers[order] = SoldOut(title=short[0].title, left=short[1])
            del ready[order]
            continue
        for variant, count in taken[order].items():
            left[variant] -= count
    if lost := [order for order, answer in answers.items() if isinstance(answer, SoldOut)]:
        for source in tx.world.at(BENEFITS):
            await source.give_back(tx, lost)


async def _write(tx: Tx, ready: dict[UUID, _Ready]) -> dict[UUID, Placed | Exception]:
    """Write orders whose stock is locked and enough, in one call, and say what was written."""
    lines = {order: _lines(tx, order, one.price) for order, one in ready.items()}
    rows = [_row(tx, one) for one in ready.values()]
    flat = [line for group in lines.values() for line in group]
    if holds := holding.rows({order: (one.price.lines, one.goods) for order, one in ready.items()}):
        number = await tx.value(WRITE_HOLDING, tx.merchant, tx.now, rows, flat, holds)
    else:
        number = await tx.value(WRITE, tx.merchant, tx.now, rows, flat)
    await progress.write(
        tx, parts={order: split(one.delivery, lines[order], one.goods) for order, one in ready.items()}
    )
    shown = await pictures.find(tx, (line.picture_id for group in lines.values() for line in group))
    wishes: list[tuple[UUID, UUID]] = []
    made: dict[UUID, Placed | Exception] = {}
    for (order_id, one), row in zip(ready.items(), rows, strict=True):
        number += 1
        made[order_id] = Placed(_order(tx, one, row, number), lines[order_id], shown)
        await tx.emit(OrderPlaced(order_id, one.asked.fan_id, number, one.price.total_fen))
        if one.asked.wanted.variant_id is None:
            wishes += [(one.asked.fan_id, line.variant_id) for line in one.price.lines]
    await carts.emptied(tx, wishes=wishes)
    return made


def _row(tx: Tx, one: _Ready) -> dict[str, Any]:
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
        "asked": asked.words().hex(),
        "pay_by": tx.now + PAY_WINDOW,
        "form": one.form,
    }


def _order(tx: Tx, one: _Ready, row: dict[str, Any], number: int) -> Order:
    """Say an order as it was just written."""
    return Order(
        **{**row, "asked": one.asked.words()}, number=number, state=S.UNPAID, refunded_fen=0, refunded_freight_fen=0,
        memo="", placed_at=tx.now, paid_at=None, shipped_at=None, completed_at=None, closed_at=None, close_reason=None,
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
