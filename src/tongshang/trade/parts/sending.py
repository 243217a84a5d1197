"""Counting pieces into parcels: what of an order goes out now, and what waits; with the last piece it is shipped."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.trade import orders
from tongshang.trade.model import ORDER, Order, OrderLine, S
from tongshang.trade.parts import progress
from tongshang.trade.parts.model import PART, Fulfilment

TAKE = """update order_line set sent = sent + $4
where merchant_id = $1 and order_id = $2 and id = $3 and sent - sent_back + $4 <= quantity - refunded_quantity"""


class TooManySent(Refused):
    """More than what waits to be sent cannot go into a parcel: sent before, or refunded."""

    code, status, zh = "shipping.too_many", 409, "发货数量超过待发数量：部分商品已发出或已退款。"


class Pieces(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many pieces of a line."""

    line_id: UUID
    quantity: int


async def send(tx: Tx, *, order: Order, wanted: Sequence[Pieces] | None) -> list[Pieces]:
    """Count pieces of a locked order as sent, all that waits unless some are wanted, and say which.

    One more box of an order that is on its way holds nothing that is counted. Raises TooManySent.
    """
    if order.state == S.SHIPPED:
        if wanted:
            raise TooManySent
        return []
    ORDER.move("ship", order.state)
    waits = {line.id: line.unsent for line in await _travelling(tx, order) if line.unsent > 0}
    taken = [Pieces(line, count) for line, count in waits.items()] if wanted is None else list(wanted)
    if wanted is not None and (not taken or len({one.line_id for one in taken}) != len(taken)):
        raise Invalid(field="lines", problem="≥ 1, distinct")
    for one in taken:
        if one.quantity < 1:
            raise Invalid(field="lines.quantity", problem="≥ 1")
        if one.line_id not in waits or not await tx.run(TAKE, tx.merchant, order.id, one.line_id, one.quantity):
            raise TooManySent
    if sum(one.quantity for one in taken) == sum(waits.values()):
        await progress.all_sent(tx, order=order.id)
    return taken


async def _travelling(tx: Tx, order: Order) -> list[OrderLine]:
    """List the lines of which something goes into a parcel; refuses when that part has ended."""
    lines = await orders.lines(tx, order=order.id)
    written = (await progress.of_orders(tx, orders=[order.id])).get(order.id)
    if not written:
        return lines
    express = [part for part in written if part.fulfilment == Fulfilment.EXPRESS]
    for part in express:
        PART.move("send", part.state)
    held = {item.line_id for part in express for item in part.items}
    return [line for line in lines if line.id in held]
