"""What the wallet does when money moves."""

from collections.abc import Sequence

from tongshang.fans.facts import ConsentWithdrawn
from tongshang.payments.facts import RechargePaid, RefundClosed, RefundRequested, RefundSettled, RefundStalled
from tongshang.payments.payouts.facts import PayoutWaiting
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.wallet import accounts, recharges, returns, telling

reactions = Reactions("wallet")


@reactions.together(RechargePaid)
async def credit_recharge(tx: Tx, facts: Sequence[RechargePaid]) -> None:
    """The money is there: principal and bonus are in the wallet."""
    await recharges.credit(tx, recharges=[fact.subject_id for fact in facts])


@reactions.inside(PayoutWaiting)
async def tell_of_payout(tx: Tx, fact: PayoutWaiting) -> None:
    """Who has a day to take money is told so."""
    await telling.tell(tx, fact)


@reactions.inside(ConsentWithdrawn)
async def forget_holder(tx: Tx, fact: ConsentWithdrawn) -> None:
    """Who takes the consent back leaves no name on his wallet."""
    await accounts.forget(tx, fan=fact.fan_id)


@reactions.inside(RefundSettled)
async def settle_return(tx: Tx, fact: RefundSettled) -> None:
    """What was left of a recharge is back with who paid it."""
    await returns.settle(tx, refund=fact.refund_id)


@reactions.inside(RefundStalled)
async def stall_return(tx: Tx, fact: RefundStalled) -> None:
    """A return waits for a person."""
    await returns.mark(tx, refund=fact.refund_id, state="stalled")


@reactions.inside(RefundClosed)
async def close_return(tx: Tx, fact: RefundClosed) -> None:
    """WeChat will not carry this return out: a person asks again, under a new number."""
    await returns.mark(tx, refund=fact.refund_id, state="closed")


@reactions.inside(RefundRequested)
async def repeat_return(tx: Tx, fact: RefundRequested) -> None:
    """A return that was closed is on its way once more."""
    if fact.number > 1:
        await returns.mark(tx, refund=fact.refund_id, state="asked")
