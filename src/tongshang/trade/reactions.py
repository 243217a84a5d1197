"""What trade does when money moves, and when time passes."""

from collections.abc import Sequence

from tongshang.fans.facts import ConsentWithdrawn
from tongshang.payments.facts import (
    ChargeClosed,
    ChargePaid,
    RefundClosed,
    RefundRequested,
    RefundSettled,
    RefundStalled,
)
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Again
from tongshang.trade import addresses, orders, refunds
from tongshang.trade.facts import OrderMissed, OrderPlaced, OrderShipped
from tongshang.trade.model import PAY_WINDOW, RECEIVE_AFTER, S
from tongshang.trade.parts import progress
from tongshang.trade.presales import balances
from tongshang.trade.reviews import desk as reviews
from tongshang.trade.seams import CONTESTED

reactions = Reactions("trade")
A_DAY_SECONDS = 86_400


@reactions.together(ChargePaid)
async def mark_order_paid(tx: Tx, facts: Sequence[ChargePaid]) -> None:
    """The money is there: the order is paid."""
    await balances.paid(tx, subjects=[fact.subject_id for fact in facts])


@reactions.inside(OrderMissed)
async def refund_missed(tx: Tx, fact: OrderMissed) -> None:
    """Nothing was left when the money came: it goes back, and nobody has to ask for it."""
    await refunds.give_up(tx, order=fact.order_id)


@reactions.inside(ConsentWithdrawn)
async def forget_addresses(tx: Tx, fact: ConsentWithdrawn) -> None:
    """Who takes the consent back leaves nothing in the address book, and no name on reviews; orders keep theirs."""
    await addresses.forget(tx, fan=fact.fan_id)
    await reviews.forget(tx, fan=fact.fan_id)


@reactions.inside(ChargeClosed)
async def close_order(tx: Tx, fact: ChargeClosed) -> None:
    """WeChat has closed the payment: now, and only now, the stock goes back."""
    await orders.finish_closing(tx, order=fact.subject_id)


@reactions.together(OrderPlaced, after=PAY_WINDOW)
async def expire_order(tx: Tx, facts: Sequence[OrderPlaced]) -> None:
    """Nobody paid in time: begin to close."""
    await orders.close_all(tx, orders=[fact.order_id for fact in facts], reason="expired")


@reactions.inside(OrderShipped, after=RECEIVE_AFTER)
async def receive_order(tx: Tx, fact: OrderShipped) -> None:
    """Nobody said otherwise: the goods have arrived. While a case is open somebody does, and it is put off by a day."""
    found = await orders.get(tx, order=fact.order_id)
    if found.state != S.SHIPPED:
        return
    if any([await open_(tx, fact.order_id) for open_ in tx.world.at(CONTESTED)]):
        raise Again(A_DAY_SECONDS)
    await progress.receive(tx, order=fact.order_id)


@reactions.inside(RefundSettled)
async def settle_refund(tx: Tx, fact: RefundSettled) -> None:
    """The customer has his money back."""
    await refunds.settle(tx, refund=fact.refund_id)


@reactions.inside(RefundStalled)
async def stall_refund(tx: Tx, fact: RefundStalled) -> None:
    """A refund waits for a person."""
    await refunds.mark(tx, refund=fact.refund_id, state="stalled")


@reactions.inside(RefundClosed)
async def close_refund(tx: Tx, fact: RefundClosed) -> None:
    """WeChat will not carry this refund out: a person asks again, under a new number."""
    await refunds.mark(tx, refund=fact.refund_id, state="closed")


@reactions.inside(RefundRequested)
async def repeat_refund(tx: Tx, fact: RefundRequested) -> None:
    """A refund that was closed or stalled is on its way once more."""
    if fact.number > 1:
        await refunds.mark(tx, refund=fact.refund_id, state="asked")
