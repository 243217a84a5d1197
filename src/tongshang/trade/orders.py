"""The life of an order after it was placed. Every change is a compare-and-set on its state."""

from collections.abc import Sequence
from uuid import UUID

from tongshang.catalog import stock
from tongshang.payments import charges
from tongshang.payments.model import ChargeState
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound, Refused
from tongshang.trade import limits, tenders
from tongshang.trade.facts import OrderClosed, OrderCompleted, OrderMissed, OrderPaid, OrderShipped
from tongshang.trade.model import BROUGHT, COLUMNS, LINES, ONE, ORDER, Order, OrderLine, S

FOR_UPDATE = f"{ONE} for update"
OF_FAN = f"""select {COLUMNS} from orders
where merchant_id = $1 and fan_id = $2 and ($3 = '' or state = any(string_to_array($3, ',')))
  and ($4::uuid is null or number < (select b.number from orders b where b.merchant_id = $1 and b.id = $4))
order by number desc limit $5"""
PAY = f"""
with held as (select id from orders where merchant_id = $1 and id = any($2) order by id for update)
update orders set state = 'paid', paid_at = $3
where merchant_id = $1 and id = any(array(select id from held)) and deposit_fen = 0 and state = any($4)
returning {COLUMNS}"""
WAITING = "select array(select id from orders where merchant_id = $1 and state in ('unpaid', 'closing', 'deposit'))"
LOCKED = """
with held as materialized (
  select id from orders where merchant_id = $1 and id = any($2) and state = 'unpaid' order by id for update)
select array(select id from held)"""
CLOSING = """update orders set state = 'closing', close_reason = $3
where merchant_id = $1 and id = $2 and state = 'unpaid'"""
CLOSED = f"""update orders set state = 'closed', closed_at = $3, close_reason = coalesce($5, close_reason)
where merchant_id = $1 and id = $2 and state = any($4) returning {COLUMNS}"""
CLOSED_ALL = f"""update orders set state = 'closed', closed_at = $3, close_reason = $4
where merchant_id = $1 and id = any($2) and state = 'unpaid' returning {COLUMNS}"""
SHIP = "update orders set state = 'shipped', shipped_at = $3 where merchant_id = $1 and id = $2 and state = any($4)"
COMPLETE = """update orders set state = 'completed', completed_at = $3
where merchant_id = $1 and id = $2 and state = any($4)"""
REOPEN = """update orders set state = 'paid', completed_at = null
where merchant_id = $1 and id = $2 and state = any($3)"""
OWE_NOTHING = """update order_balance set state = 'dropped', ended_at = $3
where merchant_id = $1 and order_id = any($2) and state = 'owed'"""
MEMO = "update orders set memo = $3 where merchant_id = $1 and id = $2"
SOLD = """
with l as materialized (
  select product_id, sum(quantity)::integer as n from order_line where merchant_id = $1 and order_id = any($2)
  group by 1),
held as (
  select id from product where merchant_id = $1 and id = any(array(select product_id from l))
  order by id for no key update)
update product p set sold = sold + l.n from l
where p.merchant_id = $1 and p.id = any(array(select id from held)) and p.id = l.product_id"""


class AlreadyPaid(Refused):
    """The order is paid already."""

    code, status, zh = "order.already_paid", 409, "订单已付款。"


class TooLateToPay(Refused):
    """The order is no longer open for payment."""

    code, status, zh = "order.not_payable", 409, "订单已关闭，无法付款，请重新下单。"


class NotExpress(Refused):
    """Of this order nothing is handed to a carrier; there is nothing to ship."""

    code, status, zh = "order.not_express", 409, "该订单不走快递，无需填写快递单号。"


class NotShipped(Refused):
    """The order has not been shipped yet."""

    code, status, zh = "order.not_shipped", 409, "订单还未发货。"


async def get(tx: Tx, *, order: UUID, fan: UUID | None = None) -> Order:
    """Give an order; one customer's eyes see only his own."""
    found = await tx.one(Order, ONE, tx.merchant, order)
    if fan is not None and found.fan_id != fan:
        raise NotFound
    return found


async def lines(tx: Tx, *, order: UUID) -> list[OrderLine]:
    """List an order's lines."""
    return await tx.all(OrderLine, LINES, tx.merchant, order)


async def of_fan(tx: Tx, *, fan: UUID, state: str, before: UUID | None, limit: int) -> list[Order]:
    """List somebody's orders, newest first; one more than asked for tells that there are more."""
    return await tx.all(Order, OF_FAN, tx.merchant, fan, state, before, limit + 1)


async def locked(tx: Tx, *, order: UUID) -> Order:
    """Give an order and keep everybody else off it until the commit."""
    return await tx.one(Order, FOR_UPDATE, tx.merchant, order)


async def ask_payment(tx: Tx, *, order: UUID, fan: UUID, openid: str, title: str) -> UUID:
    """Open the order's charge (once), and give its id; the charge closes when the order's time is up."""
    found = await locked(tx, order=order)
    if found.fan_id != fan:
        raise NotFound
    if found.paid_at is not None:
        raise AlreadyPaid
    if found.state != S.UNPAID or found.pay_by <= tx.now:
        raise TooLateToPay
    await charges.open(
        tx,
        charge_id=found.id,
        subject=found.id,
        amount_fen=found.deposit_fen or found.total_fen - found.tendered_fen,
        description=title,
        payer_openid=openid,
        expires_at=found.pay_by,
    )
    return found.id


async def mark_paid(tx: Tx, *, order: UUID) -> None:
    """Record that the money is there: what was held is now sold. Harmless when repeated."""
    await mark_all_paid(tx, orders=[order])


async def mark_all_paid(tx: Tx, *, orders: Sequence[UUID]) -> list[UUID]:
    """Record that orders are paid, in sets; names those that are left alone: paid already, closed, or presales."""
    paid = await tx.all(Order, PAY, tx.merchant, orders, tx.now, ORDER.sources("pay"))
    if paid:
        await tenders.take(tx, orders=paid)
        await sell(tx, paid=paid)
    done = {order.id for order in paid}
    return [order for order in orders if order not in done]


async def sell(tx: Tx, *, paid: Sequence[Order]) -> None:
    """Sell what orders hold that are paid now, and say so, or that nothing was left for them."""
    # Products before stock, as whoever edits a product locks them.
    await tx.run(SOLD, tx.merchant, [order.id for order in paid])
    missed = set(await stock.use(tx, holders=[order.id for order in paid]))
    for order in sorted(paid, key=lambda one: one.number):
        if order.id in missed:
            await tx.emit(OrderMissed(order.id, order.fan_id, order.number, order.total_fen))
        else:
            await tx.emit(OrderPaid(order.id, order.fan_id, order.number, order.total_fen, order.delivery))


async def waiting(tx: Tx) -> list[UUID]:
    """Say which orders still wait for their money: they alone may hold stock."""
    found: list[UUID] = await tx.value(WAITING, tx.merchant)
    return found


async def close(tx: Tx, *, order: UUID, reason: str) -> None:
    """Begin to close an unpaid order: WeChat first, then the stock. Harmless when it is paid or closed already."""
    found = await locked(tx, order=order)
    if found.state != S.UNPAID:
        return
    charge = await charges.of_subject(tx, subject=order)
    if charge is None:
        await finish_closing(tx, order=order, reason=reason)  # nobody was ever asked to pay
        return
    if charge.state == ChargeState.PAID:
        return  # the fact that says so is on its way
    await tx.run(CLOSING, tx.merchant, order, reason)
    await charges.cancel(tx, charge=charge.id, reason=reason)


async def close_all(tx: Tx, *, orders: Sequence[UUID], reason: str) -> None:
    """Close unpaid orders as `close` does, those that nobody was asked to pay in one go. Harmless when repeated."""
    # Locked first, and looked at in a statement of its own: a charge that was opened while we waited must be seen.
    waiting: list[UUID] = await tx.value(LOCKED, tx.merchant, orders)
    asked = await charges.subjects_asked(tx, subjects=waiting) if waiting else set()
    if gone := [order for order in waiting if order not in asked]:
        closed = await tx.all(Order, CLOSED_ALL, tx.merchant, gone, tx.now, reason)
        await tenders.give_back(tx, orders=closed)
        await _owe_nothing(tx, closed)
        await stock.release(tx, holders=gone)
        await limits.release(tx, orders=gone)
        for o in sorted(closed, key=lambda one: one.number):
            await tx.emit(OrderClosed(o.id, o.fan_id, o.number, o.total_fen, reason, o.coupon_id))
    for order in sorted(asked):
        await close(tx, order=order, reason=reason)


async def finish_closing(tx: Tx, *, order: UUID, reason: str | None = None) -> None:
    """Close an order that nobody can pay any more, and give its stock back. Harmless when repeated."""
    closed = await tx.first(Order, CLOSED, tx.merchant, order, tx.now, ORDER.sources("closed"), reason)
    if closed is None:
        return
    await tenders.give_back(tx, orders=[closed])
    await _owe_nothing(tx, [closed])
    await stock.release(tx, holders=[order])
    await limits.release(tx, orders=[order])
    await _say_closed(tx, closed)


async def _owe_nothing(tx: Tx, closed: Sequence[Order]) -> None:
    if presales := [order.id for order in closed if order.deposit_fen]:
        await tx.run(OWE_NOTHING, tx.merchant, presales, tx.now)


async def cancel_paid(tx: Tx, *, order: UUID, reason: str) -> None:
    """Close a paid order whose whole money was promised back before it was sent."""
    closed = await tx.first(Order, CLOSED, tx.merchant, order, tx.now, ORDER.sources("cancel"), reason)
    if closed is not None:
        await limits.release(tx, orders=[order])
        await _say_closed(tx, closed)


async def _say_closed(tx: Tx, o: Order) -> None:
    await tx.emit(OrderClosed(o.id, o.fan_id, o.number, o.total_fen, o.close_reason or "", o.coupon_id))


async def mark_shipped(tx: Tx, *, order: UUID) -> None:
    """Record that the goods are on their way."""
    found = await locked(tx, order=order)
    if found.delivery not in BROUGHT:
        raise NotExpress
    ORDER.move("ship", found.state)
    await tx.run(SHIP, tx.merchant, order, tx.now, ORDER.sources("ship"))
    await tx.emit(OrderShipped(found.id, found.fan_id, found.number, found.total_fen))


async def complete(tx: Tx, *, order: UUID) -> None:
    """Record that the customer has the goods; refuses from a state where he cannot have them."""
    found = await locked(tx, order=order)
    if found.state == S.COMPLETED:
        return
    ORDER.move("complete", found.state)
    await tx.run(COMPLETE, tx.merchant, order, tx.now, ORDER.sources("complete"))
    await tx.emit(OrderCompleted(found.id, found.fan_id, found.number, found.total_fen))


async def reopen(tx: Tx, *, order: UUID) -> None:
    """Take it back that the customer has the goods. Harmless to one that is not complete."""
    await tx.run(REOPEN, tx.merchant, order, ORDER.sources("reopen"))


async def set_memo(tx: Tx, *, order: UUID, memo: str) -> None:
    """Keep the merchant's own note on an order."""
    if not await tx.run(MEMO, tx.merchant, order, memo[:500]):
        raise NotFound
