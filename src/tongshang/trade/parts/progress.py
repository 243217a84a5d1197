"""Writing an order's parts down and moving them on; when the last one has ended, the order has too."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tongshang.platform.db import Tx
from tongshang.trade import orders
from tongshang.trade.model import BROUGHT, ORDER, Delivery, Order, S
from tongshang.trade.orders import NotShipped
from tongshang.trade.parts.model import PART, Fulfilment, Item, OrderPart, P

WRITE = """insert into order_part (merchant_id, order_id, fulfilment, state, items)
select $1, x.order_id, x.fulfilment, 'waiting', x.items
from jsonb_to_recordset($2::jsonb) as x(order_id uuid, fulfilment text, items jsonb)"""
COLUMNS = "order_id, fulfilment, state, items, ended_at"
OF_ORDERS = f"""select {COLUMNS} from order_part where merchant_id = $1 and order_id = any($2)
order by order_id, fulfilment"""
SEND = """update order_part set state = 'sent'
where merchant_id = $1 and order_id = $2 and fulfilment = $3 and state = any($4)"""
END = """update order_part set state = $4, ended_at = $5
where merchant_id = $1 and order_id = $2 and fulfilment = any($3) and state = any($6)"""
OWING = """select array(select order_id from order_part where merchant_id = $1 and order_id = any($2)
  and state = 'waiting' and fulfilment in ('service', 'ticket', 'virtual') group by 1 order by 1)"""
# What an order that is one plain part stands for, by the order's own state.
ALONE = {S.SHIPPED: P.SENT, S.COMPLETED: P.DONE, S.CLOSED: P.DROPPED}


async def write(tx: Tx, *, parts: Mapping[UUID, Mapping[Fulfilment, Sequence[Item]]]) -> None:
    """Write down the parts of orders placed just now; those of one plain part need none."""
    rows: list[dict[str, Any]] = [
        {"order_id": order, "fulfilment": how, "items": items}
        for order, found in parts.items()
        for how, items in found.items()
    ]
    if rows:
        await tx.run(WRITE, tx.merchant, rows)


async def of_orders(tx: Tx, *, orders: Sequence[UUID]) -> dict[UUID, list[OrderPart]]:
    """List the written parts of orders; an order of one plain part is not in the answer."""
    found: dict[UUID, list[OrderPart]] = {}
    for part in await tx.all(OrderPart, OF_ORDERS, tx.merchant, list(orders)):
        found.setdefault(part.order_id, []).append(part)
    return found


async def of_order(tx: Tx, *, order: Order) -> list[OrderPart]:
    """List an order's parts, its one plain part among them."""
    written = (await of_orders(tx, orders=[order.id])).get(order.id)
    if written or order.delivery == Delivery.NONE:
        return written or []
    state = ALONE.get(order.state, P.WAITING)
    ended = order.completed_at or order.closed_at
    return [OrderPart(order.id, Fulfilment(order.delivery), state, [], ended)]


async def owing(tx: Tx, *, orders: Sequence[UUID]) -> list[UUID]:
    """Say which orders still owe something that does not travel."""
    found: list[UUID] = await tx.value(OWING, tx.merchant, list(orders))
    return found


async def send(tx: Tx, *, order: UUID) -> None:
    """Record that the parcels of an order are on their way; refuses when no goods are left to be sent."""
    written = (await of_orders(tx, orders=[order])).get(order, [])
    for part in written:
        if part.fulfilment in (Fulfilment.EXPRESS, Fulfilment.LOCAL):
            PART.move("send", part.state)
            await tx.run(SEND, tx.merchant, order, part.fulfilment, PART.sources("send"))


async def all_sent(tx: Tx, *, order: UUID) -> None:
    """Record that nothing of an order waits to be sent any more: it is on its way."""
    await orders.mark_shipped(tx, order=order)
    await send(tx, order=order)


async def receive(tx: Tx, *, order: UUID) -> None:
    """Record that the parcels have arrived; only what was shipped can."""
    found = await orders.locked(tx, order=order)
    if found.state == S.PAID:
        raise NotShipped
    await finish(tx, order=order, how=Fulfilment(found.delivery) if found.delivery in BROUGHT else Fulfilment.EXPRESS)


async def finish(tx: Tx, *, order: UUID, how: Fulfilment) -> bool:
    """Record that the customer has a part, or say that it has ended before; with the last one the order is complete."""
    await orders.locked(tx, order=order)
    written = (await of_orders(tx, orders=[order])).get(order)
    if not written:
        await orders.complete(tx, order=order)
        return True
    if not await tx.run(END, tx.merchant, order, [how], P.DONE, tx.now, PART.sources("finish")):
        return False
    await _end_order(tx, order)
    return True


async def undo(tx: Tx, *, order: UUID, how: Fulfilment) -> None:
    """Take it back that the customer has a part: it waits once more, and its order with it. The order is held."""
    await tx.run(END, tx.merchant, order, [how], P.WAITING, None, PART.sources("undo"))
    await orders.reopen(tx, order=order)


async def drop(tx: Tx, *, order: UUID, hows: Sequence[Fulfilment]) -> None:
    """Record that nothing is owed any more on parts whose money was promised back."""
    if hows:
        await tx.run(END, tx.merchant, order, list(hows), P.DROPPED, tx.now, PART.sources("drop"))
        await _end_order(tx, order)


async def _end_order(tx: Tx, order: UUID) -> None:
    """Complete an order none of whose parts is open, unless it has come to nothing."""
    parts = (await of_orders(tx, orders=[order])).get(order, [])
    found = await orders.get(tx, order=order)
    open_parts = [part for part in parts if part.state in (P.WAITING, P.SENT)]
    if not open_parts and any(part.state == P.DONE for part in parts) and ORDER.may("complete", found.state):
        await orders.complete(tx, order=order)
