"""Refunding: hand a promise to WeChat Pay under its number, and follow it until it is settled or closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from tongshang.payments import accounts, gateway, limits, refunds, settling
from tongshang.payments.accounts import Till
from tongshang.payments.model import Refund, RefundAttempt, RefundState, Way
from tongshang.payments.refunds import Paid
from tongshang.payments.settling import Suspicious
from tongshang.payments.sharing import returns
from tongshang.payments.sharing.returns import Standing
from tongshang.platform.db import Tx
from tongshang.platform.jobs import Again
from tongshang.platform.world import World
from weixin.errors import PayError, Unreachable
from weixin.products.pay import RefundResult

log = structlog.get_logger("payments")

# A minute apart: whoever moves the mark may send; the same number may always be sent again.
MAY_SEND = """
update charge_attempt set last_refund_at = $3, last_refund_id = $4
where merchant_id = $1 and id = $2 and (last_refund_at is null or last_refund_at <= $5 or last_refund_id = $4)"""
LAST_SENT = "select last_refund_at from charge_attempt where merchant_id = $1 and id = $2"
SENT = "update refund_attempt set sent_at = coalesce(sent_at, $3) where merchant_id = $1 and id = $2"
# Said for good about this request, whoever asks again; anything else (keys, rights, quota) is mended and repeated.
FINAL = frozenset({
    "INVALID_REQUEST", "PARAM_ERROR", "RESOURCE_NOT_EXISTS", "ORDER_NOT_EXIST", "TRADE_OVERDUE",
    "REFUND_FEE_MISMATCH", "USER_ACCOUNT_ABNORMAL", "MCH_NOT_EXISTS",
})  # fmt: skip
TOO_FAST, CALM_SECONDS = 429, 30
# WeChat counts from when a request has reached it, which is later than when we sent it.
ON_THE_WAY = timedelta(seconds=2)
SOON, SELDOM = timedelta(seconds=15), timedelta(hours=6)


@dataclass(frozen=True)
class Step:
    """What to do next with a refund: send it, or ask after it."""

    refund: Refund
    number: RefundAttempt
    paid: Paid
    till: Till
    known_there: bool


async def pursue(world: World, merchant: UUID, *, refund: UUID) -> None:
    """Take a refund one step on; raises Again until it is settled or closed."""
    step = await _next(world, merchant, refund)
    if step is None:
        return
    try:
        told = await gateway.look_refund(step.till, step.number) if step.known_there else None
        if told is None:
            told = await _send(world, merchant, step)
    except Unreachable as away:
        log.info("pay.refund_waits", refund=str(refund), why=str(away))
        # Only too many at once: soon, but not all at one moment, and whoever comes again asks first.
        soon = 1.0 + step.number.id.int % CALM_SECONDS if away.status == TOO_FAST else SELDOM.total_seconds()
        raise Again(min(soon, _pause(step.refund, world.clock.now()))) from None
    if told is not None:
        await take_note(world, merchant, told)
    async with world.tx(merchant) as tx:
        now = await refunds.get(tx, refund=refund)
    if now.state in (RefundState.SETTLED, RefundState.CLOSED):
        return
    raise Again(_pause(now, world.clock.now()))


async def _next(world: World, merchant: UUID, refund: UUID) -> Step | None:
    async with world.tx(merchant) as tx:
        newest = (await refunds.tries(tx, refund=refund))[0]
        asked, number, paid = await refunds.lock_try(tx, number=newest.id)
        # What was paid by hand goes back by hand: staff say when.
        if asked.state in (RefundState.SETTLED, RefundState.CLOSED) or paid.kind is Way.OFFLINE:
            return None
        till = await accounts.till(tx, account=paid.account_id)
        step = Step(asked, number, paid, till, known_there=number.sent_at is not None)
        if number.accepted_at is not None:
            return step
        wait = await _wait_for_shares(tx, asked, paid)
        if wait is None:
            apart = limits.at(tx.now).refund_apart + ON_THE_WAY
            if await tx.run(MAY_SEND, tx.merchant, paid.id, tx.now, number.id, tx.now - apart):
                # Marked before it is sent: whoever comes after a crash asks first, and repeats under this number.
                await tx.run(SENT, tx.merchant, number.id, tx.now)
                return step
            last: datetime = await tx.value(LAST_SENT, tx.merchant, paid.id)
            wait = (last + apart - tx.now).total_seconds()
    raise Again(max(wait, 1.0))


async def _wait_for_shares(tx: Tx, asked: Refund, paid: Paid) -> float | None:
    """Have what was shared of the payment come back first; gives how long to wait for that."""
    gate = await returns.before_refund(tx, refund=asked, paid=paid)
    if gate.standing is Standing.CLEAR:
        return None
    if gate.standing is Standing.FAILED:
        await refunds.stall(tx, refund=asked, problem=gate.problem[:200])
    return _pause(asked, tx.now)


async def _send(world: World, merchant: UUID, step: Step) -> RefundResult | None:
    url = gateway.notice_url(world, merchant, "refund-notice")
    try:
        return await gateway.refund(step.till, step.paid, step.refund, step.number, notify_url=url)
    except PayError as refused:
        problem = f"{refused.code} {refused.message}"
        if refused.code == "NOT_ENOUGH":
            async with world.tx(merchant) as tx:
                await refunds.stall(tx, refund=step.refund, problem=problem)
            return None
        if refused.code not in FINAL:
            raise
        # Before a promise is released, be sure that WeChat did not take it after all.
        if told := await gateway.look_refund(step.till, step.number):
            return told
        async with world.tx(merchant) as tx:
            asked, number, _ = await refunds.lock_try(tx, number=step.number.id)
            await refunds.close(tx, refund=asked, number=number, problem=problem)
        return None


async def take_note(world: World, merchant: UUID, told: RefundResult) -> None:
    """Record an answer of WeChat's; one that disagrees with our promise is parked."""
    number = settling.number_to_id(told.out_refund_no)
    async with world.tx(merchant) as tx:
        problem = await refunds.record(tx, number=number, told=told) if number else "out_refund_no: unknown"
        if problem:
            wrong = Suspicious(problem, number=told.out_refund_no)
            await settling.suspect(tx, id=f"query-{told.out_refund_no}", source="QUERY", wrong=wrong, told=told.raw)


def _pause(refund: Refund, now: datetime) -> float:
    """Say how long to wait: as long as it has taken so far, from a quarter minute up to six hours."""
    return min(max(now - refund.asked_at, SOON), SELDOM).total_seconds()
