"""What customers do with orders: place, pay, look, cancel, receive."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import get, post, put
from litestar.params import Parameter

from tongshang.fans.access import Shopper
from tongshang.payments import paying
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import Page, cursor, limit_of, page_of, read_cursor
from tongshang.platform.web import AnyRequest, language_of
from tongshang.trade import orders, tills, views
from tongshang.trade.asked import Asked
from tongshang.trade.model import Order, S
from tongshang.trade.orders import AlreadyPaid
from tongshang.trade.parts import progress
from tongshang.trade.presales import balances
from tongshang.trade.quotes import PriceChanged
from tongshang.trade.routes.quotes import QuoteAsked, view
from tongshang.trade.unwinding.views import RefundView, refunds_of_fan
from tongshang.trade.views import OrderView
from tongshang.trade.waiting import door


class OrderAsked(QuoteAsked, kw_only=True):
    """The order: what was quoted, its token, the total that was shown, whose turn it is, and when to bring it."""

    quote_token: str
    expected_total_fen: int
    remark: str = ""
    form: dict[str, Any] = {}
    balance_fen: int = 0
    ticket: str = ""
    window: str = ""


@put("/orders/{order_id:uuid}", operation_id="place_order")
async def place_order(request: AnyRequest, who: Shopper, order_id: UUID, data: OrderAsked) -> OrderView:
    """Place an order under one's own id; asking again is asking once. Another price comes with the new quote.

    When more order than can be answered in time, `order.queue` says where one stands and when to ask again.
    """
    asked = Asked(
        order_id=order_id,
        fan_id=who.fan,
        wanted=data.wanted(),
        address_id=data.address_id,
        quote_token=data.quote_token,
        expected_total_fen=data.expected_total_fen,
        balance_fen=data.balance_fen,
        remark=data.remark,
        form=data.form,
        window=data.window,
    )
    try:
        done = await door.placed(who.world, who.merchant, asked, ticket=data.ticket)
    except PriceChanged as changed:
        now = await view(who, asked=data, language=language_of(request))
        changed.more = {"quote": now, "changes": [{"zh": zh, "en": en} for zh, en in changed.changes]}
        raise
    if done.lines is not None and not done.order.deposit_fen:
        return views.fresh(done.order, done.lines, done.shown)
    async with who.tx() as tx:
        return await views.whole(tx, order=done.order)


@post("/orders/{order_id:uuid}/payment", operation_id="pay_order", status_code=200)
async def pay_order(who: Shopper, order_id: UUID) -> dict[str, str]:
    """Give what WeChatPay's cashier needs; asking again while it is valid gives the same payment."""
    promised = await tills.open(who.world, who.merchant, order=order_id, fan=who.fan)
    return await paying.prepare(who.world, who.merchant, charge=order_id, promised=promised)


@post("/orders/{order_id:uuid}/balance/payment", operation_id="pay_balance", status_code=200)
async def pay_balance(who: Shopper, order_id: UUID) -> dict[str, str]:
    """Give what WeChatPay's cashier needs for the balance of a presale."""
    async with who.tx() as tx:
        charge, promised = await balances.promise(tx, order=order_id, fan=who.fan)
    return await paying.prepare(who.world, who.merchant, charge=charge.id, promised=promised)


async def _asked_for(who: Shopper, order: UUID) -> list[UUID]:
    """Say what money of an order's may have come: its own, and of a presale its balance."""
    async with who.tx() as tx:
        found = await orders.get(tx, order=order, fan=who.fan)
        return [(await balances.of_order(tx, order=order)).id if found.state == S.DEPOSIT else order]


@get("/orders", operation_id="list_my_orders")
async def list_my_orders(
    who: Shopper,
    section: Annotated[str, Parameter(query="state")] = "",
    after: str | None = None,
    limit: int | None = None,
) -> Page[OrderView]:
    """List one's orders, newest first; `section` is a state, or several separated by commas."""
    states = set(filter(None, section.split(",")))
    if states - {*S}:
        raise Invalid(field="section", problem=section)
    if "closed" in states:
        states.add(S.CLOSING)
    most = limit_of(limit, default=10)
    start = read_cursor(after, UUID)[0] if after else None
    async with who.tx() as tx:
        found = await orders.of_fan(tx, fan=who.fan, state=",".join(sorted(states)), before=start, limit=most)
        shown = await views.many(tx, found=found[:most])
    return Page(shown, cursor(shown[-1].id) if len(found) > most else None)


@get("/orders/{order_id:uuid}", operation_id="get_my_order")
async def get_my_order(who: Shopper, order_id: UUID, confirm: bool = False) -> OrderView:
    """Show one of one's orders; `confirm` asks WeChat whether it is paid, for when the notice is late."""
    if confirm:
        for subject in await _asked_for(who, order_id):
            if await paying.confirm(who.world, who.merchant, subject=subject):
                async with who.tx() as tx:
                    await balances.paid(tx, subjects=[subject])
    async with who.tx() as tx:
        return await views.whole(tx, order=await orders.get(tx, order=order_id, fan=who.fan))


@put("/orders/{order_id:uuid}/cancellation", operation_id="cancel_my_order")
async def cancel_my_order(who: Shopper, order_id: UUID) -> OrderView:
    """Cancel an unpaid order of one's own."""
    async with who.tx() as tx:
        refuse_paid(await orders.get(tx, order=order_id, fan=who.fan))
        await orders.close(tx, order=order_id, reason="customer")
        return await views.whole(tx, order=await orders.get(tx, order=order_id))


@put("/orders/{order_id:uuid}/receipt", operation_id="receive_my_order")
async def receive_my_order(who: Shopper, order_id: UUID) -> OrderView:
    """Say that the goods have arrived."""
    async with who.tx() as tx:
        found = await orders.get(tx, order=order_id, fan=who.fan)
        if found.state != S.COMPLETED:
            await progress.receive(tx, order=order_id)
        return await views.whole(tx, order=await orders.get(tx, order=order_id))


@get("/refunds", operation_id="list_my_refunds")
async def list_my_refunds(who: Shopper, after: str | None = None, limit: int | None = None) -> Page[RefundView]:
    """List what comes back to one, of all orders, newest first, with how far each amount is."""
    most = limit_of(limit, default=10)
    start: tuple[datetime, UUID] | None = read_cursor(after, datetime, UUID) if after else None
    async with who.tx() as tx:
        found = await refunds_of_fan(tx, fan=who.fan, before=start, limit=most)
    return page_of(found, most, lambda one: (one.requested_at, one.id))


def refuse_paid(order: Order) -> None:
    """Refuse to cancel what is paid: its way back is a refund."""
    if order.paid_at is not None or order.state == S.DEPOSIT:
        raise AlreadyPaid


store = [place_order, pay_order, pay_balance, list_my_orders, get_my_order, cancel_my_order, receive_my_order,
         list_my_refunds]  # fmt: skip
