"""What after-sales does when time runs out, and when money moves."""

from tongshang.aftersales import answering, moving, promising
from tongshang.aftersales.facts import ClockSet
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Again
from tongshang.trade.facts import OrderRefundAsked, OrderRefunded

reactions = Reactions("aftersales")


@reactions.inside(ClockSet)
async def decide_when_due(tx: Tx, fact: ClockSet) -> None:
    """Nobody said anything in time: what that means is done by itself, unless the case has moved on."""
    case = await moving.locked(tx, case=fact.case_id)
    if case.moves != fact.moves or case.due_at is None:
        return
    if case.due_at > tx.now:
        raise Again((case.due_at - tx.now).total_seconds())
    await answering.decide(tx, case=case)


@reactions.inside(OrderRefunded)
async def settle_case(tx: Tx, fact: OrderRefunded) -> None:
    """The customer has his money: his case is done."""
    if fact.refund_id is not None:
        await promising.settle(tx, refund=fact.refund_id)


@reactions.inside(OrderRefundAsked)
async def close_overtaken(tx: Tx, fact: OrderRefundAsked) -> None:
    """Money went back by another way: cases about the same pieces have nothing left to decide."""
    await promising.overtake(tx, order=fact.order_id, refund=fact.refund_id)
