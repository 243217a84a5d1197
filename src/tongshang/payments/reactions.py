"""What payments does about its own facts: everything that reaches out to WeChat Pay, and the daily bill."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tongshang.payments import accounts, charges, counter, notices, paying, refunding
from tongshang.payments.bills.days import due_days, due_merchants
from tongshang.payments.bills.fetch import compare_day
from tongshang.payments.facts import (
    AttemptLeft,
    BillDue,
    CertificatesDue,
    ChargeClosing,
    ChargeOpened,
    CodeScanned,
    RefundRequested,
)
from tongshang.payments.payouts import grants, pursuing
from tongshang.payments.payouts.facts import PayoutCalledOff, PayoutGrantAsked, PayoutPromised
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job
from tongshang.platform.world import World

reactions = Reactions("payments")
FIRST_LOOK = paying.LADDER[0]


async def _ended(tx: Tx, facts: Sequence[ChargeOpened]) -> list[bool]:
    """Say which charges need nobody to look after them: the notice came, as it nearly always does."""
    ended = await charges.ended(tx, charges=[fact.charge_id for fact in facts])
    return [fact.charge_id in ended for fact in facts]


@reactions.outside(ChargeOpened, after=FIRST_LOOK, moot=_ended)
async def watch_charge(job: Job, fact: ChargeOpened) -> None:
    """Ask WeChat when no notice comes, and close the charge when its time is over."""
    await paying.watch(job.world, job.merchant, charge=fact.charge_id)


@reactions.outside(ChargeClosing)
async def close_charge(job: Job, fact: ChargeClosing) -> None:
    """Close a cancelled charge at WeChat, then say so."""
    await paying.close_out(job.world, job.merchant, charge=fact.charge_id)


@reactions.outside(AttemptLeft)
async def close_attempt(job: Job, fact: AttemptLeft) -> None:
    """Close the attempt that another one overtook."""
    await paying.close_left(job.world, job.merchant, attempt=fact.attempt_id)


@reactions.outside(CodeScanned, after=timedelta(seconds=counter.PAUSE_SECONDS))
async def follow_code(job: Job, fact: CodeScanned) -> None:
    """Ask what became of a scanned code; nobody tells us, and what takes too long is called off."""
    await counter.follow(job.world, job.merchant, attempt=fact.attempt_id)


@reactions.outside(RefundRequested)
async def pursue_refund(job: Job, fact: RefundRequested) -> None:
    """Hand the refund to WeChat Pay and follow it; accepted is not done, the notice or a query says done."""
    await refunding.pursue(job.world, job.merchant, refund=fact.refund_id)


@reactions.outside(PayoutPromised)
async def pursue_payout(job: Job, fact: PayoutPromised) -> None:
    """Hand the pay-out to WeChat Pay and follow it until its person took it, or it came back."""
    await pursuing.pursue(job.world, job.merchant, payout=fact.payout_id)


@reactions.outside(PayoutCalledOff)
async def call_off_payout(job: Job, fact: PayoutCalledOff) -> None:
    """Call the pay-out off at WeChat, unless its person was faster."""
    await pursuing.pursue(job.world, job.merchant, payout=fact.payout_id)


@reactions.outside(PayoutGrantAsked, after=timedelta(seconds=30))
async def follow_grant(job: Job, fact: PayoutGrantAsked) -> None:
    """Ask whether the merchant lets its provider give its money away, until somebody decided."""
    await grants.follow(job.world, job.merchant, account=fact.account_id)


@reactions.outside(CertificatesDue)
async def fetch_certificates(job: Job, fact: CertificatesDue) -> None:
    """Fetch WeChat Pay's certificates before they are needed."""
    async with job.begin() as tx:
        till = await accounts.till(tx, account=fact.account_id)
    await notices.renew(job.world, job.merchant, till)


@reactions.outside(BillDue)
async def compare_bill(job: Job, fact: BillDue) -> None:
    """Fetch a day's bill and compare it with our books; while it is being made, come back in half an hour."""
    await compare_day(job.world, job.merchant, day=fact.day)


@reactions.every(timedelta(minutes=10))
async def ask_for_bills(world: World, due: datetime) -> None:
    """From ten in the morning in Shanghai, have yesterday's bill fetched (and any day that was missed)."""
    for merchant in await due_merchants(world):
        async with world.tx(merchant) as tx:
            await due_days(tx)


@reactions.every(timedelta(hours=1))
async def renew_certificates(world: World, due: datetime) -> None:
    """Have certificates fetched again before they are twelve hours old."""
    for merchant, account in await accounts.stale_certificates(world):
        async with world.tx(merchant) as tx:
            await accounts.ask_certificates(tx, account=account)
