"""What profit sharing does about facts: whatever reaches out to WeChat Pay, and a refund that came to nothing."""

from tongshang.payments import refunding
from tongshang.payments.facts import RefundClosed
from tongshang.payments.sharing import owed, receivers, returning, splitting
from tongshang.payments.sharing.facts import (
    PaymentHeld,
    ReceiverChanged,
    ReturnAsked,
    ReturnsEnded,
    SplitResumed,
)
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job

reactions = Reactions("payments.sharing")


@reactions.outside(ReceiverChanged)
async def tell_of_receiver(job: Job, fact: ReceiverChanged) -> None:
    """Tell WeChat who may get shares."""
    await receivers.tell(job.world, job.merchant, receiver=fact.receiver_id)


@reactions.outside(PaymentHeld)
async def share_payment(job: Job, fact: PaymentHeld) -> None:
    """Share a payment when its time has come, and set the rest free."""
    await splitting.pursue(job.world, job.merchant, attempt=fact.attempt_id)


@reactions.outside(SplitResumed)
async def resume_split(job: Job, fact: SplitResumed) -> None:
    """Go on with a payment somebody has decided about."""
    await splitting.pursue(job.world, job.merchant, attempt=fact.attempt_id)


@reactions.outside(ReturnAsked)
async def take_back(job: Job, fact: ReturnAsked) -> None:
    """Have a share come back before its refund goes."""
    await returning.pursue(job.world, job.merchant, back=fact.return_id)


@reactions.inside(RefundClosed)
async def tell_of_owed(tx: Tx, fact: RefundClosed) -> None:
    """Say that shares came back in vain."""
    await owed.tell(tx, refund=fact.refund_id)


@reactions.outside(ReturnsEnded)
async def resume_refund(job: Job, fact: ReturnsEnded) -> None:
    """Let a refund go, or be stalled, now that its shares have come back or not."""
    await refunding.pursue(job.world, job.merchant, refund=fact.refund_id)
