"""Giving a deposit back: it is kept unless the merchant lets it go, before or after the order has ended."""

from uuid import UUID

from tongshang.payments import ledger
from tongshang.payments.ledger import Entry
from tongshang.platform.db import Tx
from tongshang.platform.errors import Mismatch, Refused
from tongshang.trade import orders, refunds
from tongshang.trade.facts import OrderRefundAsked
from tongshang.trade.model import S
from tongshang.trade.presales import balances
from tongshang.trade.refunds import OrderRefund
from tongshang.trade.unwinding import parts as unwound
from tongshang.trade.unwinding.model import Step

TAKE = """update orders set refunded_fen = $3
where merchant_id = $1 and id = $2 and refunded_fen = 0 and paid_at is null and deposit_fen = $3"""
PROMISE = "update order_balance set refund_id = $3 where merchant_id = $1 and order_id = $2 and refund_id is null"
REASON = "商家退还定金"


class NoDeposit(Refused):
    """There is no deposit to give back: none was paid, it went back already, or the balance was paid as well."""

    code, status, zh = (
        "presale.no_deposit",
        409,
        "该订单没有可退的定金：未付定金、定金已退，或尾款已付（请按订单退款）。",
    )


async def let_go(tx: Tx, *, order: UUID, refund: UUID) -> None:
    """End a presale and promise its deposit back, or of one that has ended just that. Asking again is asking once."""
    found = await orders.locked(tx, order=order)
    if not found.deposit_fen or found.state not in (S.DEPOSIT, S.CLOSED):
        raise NoDeposit
    due = await balances.of_order(tx, order=order, lock=True)
    if due.refund_id is not None and due.refund_id != refund:
        raise NoDeposit
    if due.refund_id == refund:
        return
    if found.state == S.DEPOSIT:
        await balances.end(tx, order=order, reason="merchant", refund=refund)
        if (await orders.get(tx, order=order)).state != S.CLOSED:
            return  # WeChat closes the balance's charge first
    elif due.state != "missed":
        raise NoDeposit  # the deposit was never paid
    else:
        await tx.run(PROMISE, tx.merchant, order, refund)
    await give_back(tx, order=order, refund=refund)


async def give_back(tx: Tx, *, order: UUID, refund: UUID) -> None:
    """Promise the deposit of an order that has ended back, under an id that was promised for it."""
    found = await orders.locked(tx, order=order)
    fen = found.deposit_fen
    if not await tx.run(TAKE, tx.merchant, order, fen):
        raise NoDeposit
    shares = await unwound.plan(tx, order=found, refund=refund, amount=fen)
    if shares is None:
        raise Mismatch
    due = await balances.of_order(tx, order=order)
    sides = (ledger.FORFEITED, ledger.SALES)
    await ledger.post_all(tx, [Entry(*sides, fen, "deposit_returned", due.id, order)])
    why = [Step("deposit", "定金", "Deposit", fen)]
    await tx.insert("order_refund", OrderRefund(refund, order, fen, 0, [], REASON, "asked", tx.now, None, why))
    for share, _ in shares:
        await tx.insert("order_refund_part", share)
    await tx.emit(OrderRefundAsked(found.id, found.fan_id, found.number, found.total_fen, refund, fen))
    for share, unwinder in shares:
        if await unwinder.give(tx, share, found, REASON):
            await refunds.settle(tx, refund=share.id)
