"""Placing orders: stock and coupons decided together, gathered per merchant into one call of one SQL function.

An order is asked for under the customer's own id. Asking again with the same words is asking once; with other
words it is refused. The answer leaves after the commit, so a late answer is never a lost answer.
"""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from tongshang.platform.batch import Batcher
from tongshang.platform.db import Tx
from tongshang.platform.errors import Mismatch, NotFound, Refused
from tongshang.platform.money import yuan
from tongshang.platform.world import World
from tongshang.trade import addresses, carts, quotes
from tongshang.trade.facts import OrderPlaced
from tongshang.trade.model import ONE, PAY_WINDOW, Delivery, Order, Price
from tongshang.trade.quotes import SoldOut, Wanted
from tongshang.trade.seams import BENEFITS, Claim

PLACE = "select jsonb_agg(r) from app.place_orders($1, $2, $3) as r"


class PriceChanged(Refused):
    """The price has changed to {total}. Please look again before you order."""

    code, status, zh = "order.price_changed", 409, "价格已变为 {total} 元，请确认后重新下单。"


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

    def words(self) -> bytes:
        """Hash the request, to tell a repetition from another request under the same id."""
        return hashlib.sha256(msgspec.json.encode(self)).digest()


class _Ready(msgspec.Struct, frozen=True):
    """An order priced and checked, on its way to the SQL function."""

    asked: Asked
    price: Price
    row: dict[str, Any]


async def place(world: World, merchant: UUID, asked: Asked) -> Order:
    """Place an order, together with whoever else is placing one just now; refuses in the customer's words."""
    batcher = world.shelf.get("place")
    if batcher is None:
        batcher = world.shelf["place"] = Batcher[Asked, Order](_Placer(world).run)
    order: Order = await batcher.ask(merchant, asked)
    return order


class _Placer:
    """Runs a batch in one transaction; when that breaks as a whole, each order gets a transaction of its own."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def run(self, merchant: UUID, batch: Sequence[Asked]) -> Sequence[Order | Exception]:
        """Answer each order with itself, or with the refusal it gets."""
        try:
            async with self.world.tx(merchant) as tx:
                return await place_all(tx, batch)
        except (asyncpg.PostgresError, AssertionError) as error:
            if len(batch) == 1:
                return [error]
        return [(await self.run(merchant, [asked]))[0] for asked in batch]


async def place_all(tx: Tx, batch: Sequence[Asked]) -> list[Order | Exception]:
    """Place orders of one merchant in the caller's transaction."""
    answers: dict[UUID, Order | Exception] = {}
    refused: dict[int, Refused] = {}
    ready: dict[UUID, _Ready] = {}
    for nth, asked in enumerate(batch):
        try:
            if asked.order_id in ready:
                _same(ready[asked.order_id].asked, asked)
            elif known := await _known(tx, asked):
                answers[asked.order_id] = known
            else:
                ready[asked.order_id] = await _prepare(tx, asked)
        except Refused as refusal:
            # By place, not by id: whoever comes with other words under an id must not undo whose it is.
            refused[nth] = refusal
    await _claim(tx, ready, answers)
    if ready:
        await _take(tx, ready, answers)
    return [refused.get(nth) or answers[asked.order_id] for nth, asked in enumerate(batch)]


def _same(first: Asked, second: Asked) -> None:
    """Refuse a second order under one id in one batch, as it would be refused a moment later."""
    if first.fan_id != second.fan_id:
        raise NotFound
    if first != second:
        raise Mismatch


async def _known(tx: Tx, asked: Asked) -> Order | None:
    known = await tx.first(Order, ONE, tx.merchant, asked.order_id)
    if known is None:
        return None
    if known.fan_id != asked.fan_id:
        raise NotFound
    if known.asked != asked.words():
        raise Mismatch
    return known


async def _prepare(tx: Tx, asked: Asked) -> _Ready:
    """Price the basket as it is now, and refuse what cannot be bought or is not what was shown."""
    wanted = asked.wanted
    lines = await quotes.wanted_lines(tx, fan=asked.fan_id, wanted=wanted)
    for line in lines:
        if refusal := quotes.problem(line):
            raise refusal
    price = await quotes.priced_with(
        tx, fan=asked.fan_id, order=asked.order_id, lines=lines, wanted=wanted, coupon=wanted.coupon_id
    )
    shown = price.total_fen if asked.expected_total_fen is None else asked.expected_total_fen
    if quotes.token(price, wanted.coupon_id) != asked.quote_token or shown != price.total_fen:
        raise PriceChanged(total=yuan(price.total_fen))
    address = None
    if wanted.delivery == Delivery.EXPRESS:
        if asked.address_id is None:
            raise NeedsAddress
        address = await addresses.snapshot(tx, fan=asked.fan_id, address=asked.address_id)
    return _Ready(asked, price, _row(tx, asked, price, address))


def _row(tx: Tx, asked: Asked, price: Price, address: dict[str, Any] | None) -> dict[str, Any]:
    lines = [
        {**msgspec.structs.asdict(line), "id": tx.new_id(), "position": position}
        for position, line in enumerate(price.lines)
    ]
    return {
        "id": asked.order_id,
        "fan_id": asked.fan_id,
        "delivery": asked.wanted.delivery,
        "goods_fen": price.goods_fen,
        "discount_fen": price.discount_fen,
        "freight_fen": price.freight_fen,
        "total_fen": price.total_fen,
        "coupon_id": asked.wanted.coupon_id,
        "explanation": price.explanation,
        "address": address,
        "remark": asked.remark[:200],
        "asked": asked.words().hex(),
        "pay_by": tx.now + PAY_WINDOW,
        "lines": lines,
    }


async def _claim(tx: Tx, ready: dict[UUID, _Ready], answers: dict[UUID, Order | Exception]) -> None:
    claims = [
        Claim(one.asked.order_id, one.asked.fan_id, one.asked.wanted.coupon_id, one.price.goods_fen)
        for one in ready.values()
        if one.asked.wanted.coupon_id is not None
    ]
    for source in tx.world.at(BENEFITS) if claims else []:
        for order, refusal in (await source.claim(tx, claims)).items():
            answers[order] = refusal
            ready.pop(order, None)


async def _take(tx: Tx, ready: dict[UUID, _Ready], answers: dict[UUID, Order | Exception]) -> None:
    """Hold the stock and write the orders, in one call."""
    rows = [one.row for one in ready.values()]
    for miss in await tx.value(PLACE, tx.merchant, tx.now, rows) or []:
        missed = UUID(miss["order_id"])
        line = next(x for x in ready[missed].price.lines if x.variant_id == UUID(miss["variant_id"]))
        answers.setdefault(missed, SoldOut(title=line.title, left=miss["available"]))
    refused = [one for one in ready if one in answers]
    if refused:
        for source in tx.world.at(BENEFITS):
            await source.give_back(tx, refused)
    for order_id, one in ready.items():
        if order_id in answers:
            continue
        order = await tx.one(Order, ONE, tx.merchant, order_id)
        await tx.emit(OrderPlaced(order.id, order.fan_id, order.number, order.total_fen))
        if one.asked.wanted.variant_id is None:
            await carts.emptied(tx, fan=order.fan_id, variants=[line.variant_id for line in one.price.lines])
        answers[order_id] = order
