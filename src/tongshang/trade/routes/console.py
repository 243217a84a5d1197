"""What the merchant does with one order: look, cancel, refund, note; and the freight."""

from uuid import UUID

import msgspec
from litestar import get, put

from tongshang.platform.db import Tx
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.trade import orders, refunds, search, views
from tongshang.trade.freights import flat
from tongshang.trade.presales import returning
from tongshang.trade.prices.rules import Freight
from tongshang.trade.routes.orders import refuse_paid
from tongshang.trade.unwinding.views import RefundView, refund_views
from tongshang.trade.views import OrderView


class RefundAsked(msgspec.Struct, forbid_unknown_fields=True):
    """What to give money back for."""

    lines: list[refunds.Part] = []
    freight_fen: int = 0
    reason: str = ""
    anyway: bool = False


class Memo(msgspec.Struct, forbid_unknown_fields=True):
    """The merchant's own note."""

    memo: str


async def name_fans(tx: Tx, shown: list[OrderView], fans: dict[UUID, UUID]) -> None:
    """Say who the customers of some orders are."""
    names = await search.fan_names(tx, ids=list(set(fans.values())))
    for view in shown:
        fan = fans[view.id]
        view.fan = {"id": str(fan), "nickname": names.get(fan)}


@get("/orders/{order_id:uuid}", operation_id="get_order")
async def get_order(who: Staff, order_id: UUID) -> OrderView:
    """Show an order with its timeline and its money, line by line."""
    async with who.tx() as tx:
        return await _shown(tx, order_id)


async def _shown(tx: Tx, order_id: UUID) -> OrderView:
    order = await orders.get(tx, order=order_id)
    view = await views.for_merchant(tx, order=order)
    await name_fans(tx, [view], {order.id: order.fan_id})
    view.charge = await search.charge(tx, subject=order_id)
    return view


@put("/orders/{order_id:uuid}/cancellation", operation_id="cancel_order")
async def cancel_order(who: Staff, order_id: UUID) -> OrderView:
    """Cancel an unpaid order: closed at WeChat first, then its stock goes back."""
    async with who.tx() as tx:
        refuse_paid(await orders.get(tx, order=order_id))
        await orders.close(tx, order=order_id, reason="merchant")
        return await _shown(tx, order_id)


@put("/orders/{order_id:uuid}/memo", operation_id="set_memo")
async def set_memo(who: Staff, order_id: UUID, data: Memo) -> OrderView:
    """Keep the merchant's own note."""
    async with who.tx() as tx:
        await orders.set_memo(tx, order=order_id, memo=data.memo)
        return await _shown(tx, order_id)


@put("/orders/{order_id:uuid}/deposit/refunds/{refund_id:uuid}", operation_id="return_deposit", status_code=202,
     opt={"role": Role.CLERK})  # fmt: skip
async def return_deposit(who: Staff, order_id: UUID, refund_id: UUID) -> OrderView:
    """Let a presale go and give its deposit back; accepted is not done, the timeline says when it is."""
    async with who.tx() as tx:
        await returning.let_go(tx, order=order_id, refund=refund_id)
        return await _shown(tx, order_id)


@put("/orders/{order_id:uuid}/refunds/{refund_id:uuid}", operation_id="ask_refund", status_code=202,
     opt={"role": Role.CLERK})  # fmt: skip
async def ask_refund(who: Staff, order_id: UUID, refund_id: UUID, data: RefundAsked) -> RefundView:
    """Promise money back for pieces of an order; accepted is not done, the timeline says when it is."""
    async with who.tx() as tx:
        refund = await refunds.ask(
            tx,
            refund_id=refund_id,
            order=order_id,
            parts=data.lines,
            freight_fen=data.freight_fen,
            reason=data.reason.strip()[:80],
            anyway=data.anyway,
        )
        shown = await refund_views(tx, order=await orders.get(tx, order=order_id))
        return next(one for one in shown if one.id == refund.id)


@get("/shop/freight", operation_id="get_freight")
async def get_freight(who: Staff) -> Freight:
    """Say what sending costs."""
    async with who.tx() as tx:
        return await flat.get(tx)


@put("/shop/freight", operation_id="put_freight", opt={"role": Role.MANAGER})
async def put_freight(who: Staff, data: Freight) -> Freight:
    """Set what sending costs."""
    async with who.tx() as tx:
        await flat.put(tx, flat_fen=data.flat_fen, free_over_fen=data.free_over_fen)
        return await flat.get(tx)


console = [get_order, cancel_order, set_memo, return_deposit, ask_refund, get_freight, put_freight]
