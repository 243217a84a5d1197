"""Pursuing: hand a pay-out to WeChat under its number, ask how it stands, call it off; a notice is mostly faster."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from tongshang.payments import accounts, gateway, settling
from tongshang.payments.accounts import Till
from tongshang.payments.payouts import payouts, recording, rules
from tongshang.payments.payouts.facts import PayoutStalled
from tongshang.payments.payouts.model import ENDED, Face, Payout, PayoutState
from tongshang.payments.payouts.payouts import told as words
from tongshang.payments.settling import Suspicious
from tongshang.platform.db import Tx
from tongshang.platform.jobs import Again
from tongshang.platform.world import World
from weixin.errors import PayError, Unreachable
from weixin.products.pay import transfers
from weixin.products.pay.transfers import Transfer

log = structlog.get_logger("payments")
SENT = """update payout set state = 'sent', sent_at = coalesce(sent_at, $3)
where merchant_id = $1 and id = $2 and state in ('promised', 'sent')"""
UNKNOWN = frozenset({"NOT_FOUND", "RESOURCE_NOT_EXISTS"})
SOON, SELDOM, CALLED_OFF = timedelta(seconds=15), timedelta(hours=1), timedelta(seconds=10)
# A request that went unanswered may still be on its way: only then is "never heard of it" the last word.
SETTLED_DOWN = timedelta(minutes=2)


async def pursue(world: World, merchant: UUID, *, payout: UUID) -> None:
    """Take a pay-out one step on; raises Again until it ended, or waits for a person of ours."""
    async with world.tx(merchant) as tx:
        # Marked before it is sent: whoever comes after a crash asks under the same number.
        await tx.run(SENT, tx.merchant, payout, tx.now)
        row = await payouts.get(tx, payout=payout)
        if row.state in ENDED or row.state is PayoutState.STALLED:
            return
        till, name = await accounts.till(tx, account=row.account_id), payouts.read_name(tx, row)
    try:
        told = await _step(world, merchant, till, row, name)
    except Unreachable as away:
        log.info("pay.payout_waits", payout=str(payout), why=str(away))
        raise Again(_pause(row, world.clock.now())) from None
    if told is not None:
        await take_note(world, merchant, told)
    async with world.tx(merchant) as tx:
        now = await payouts.get(tx, payout=payout)
    if now.state not in ENDED and now.state is not PayoutState.STALLED:
        raise Again(_pause(now, world.clock.now()))


async def _step(world: World, merchant: UUID, till: Till, row: Payout, name: str) -> Transfer | None:
    if row.state is PayoutState.SENT:
        return await _ask(world, merchant, till, row, name)
    if row.state is PayoutState.CANCELING:
        return await _call_off(world, merchant, till, row)
    return await _look(till, row)


async def _ask(world: World, merchant: UUID, till: Till, row: Payout, name: str) -> Transfer | None:
    reason = rules.at(world.clock.now()).reason(row.reason)
    assert reason is not None
    try:
        return await transfers.ask(
            till.client,
            out_bill_no=row.number,
            appid=row.appid,
            openid=row.openid,
            amount_fen=row.amount_fen,
            scene_id=reason.scene_id,
            remark=row.remark,
            reports=[(one.type, row.report[one.type]) for one in reason.reports],
            notify_url=gateway.notice_url(world, merchant, "payout-notice"),
            name=name,
            packet=row.face is Face.RED_PACKET,
            sub_mchid=till.sub_mchid,
        )
    except PayError as refused:
        if refused.status == 401:
            raise
        # Never another number before WeChat says that this one failed: it may have been taken after all.
        if told := await _look(till, row):
            return told
        async with world.tx(merchant) as tx:
            await _stall(tx, row, f"{refused.code} {refused.message}")
        return None


async def _look(till: Till, row: Payout) -> Transfer | None:
    try:
        return await transfers.look(till.client, out_bill_no=row.number, sub_mchid=till.sub_mchid)
    except PayError as refused:
        if refused.code in UNKNOWN:
            return None
        raise


async def _call_off(world: World, merchant: UUID, till: Till, row: Payout) -> Transfer | None:
    try:
        return await transfers.call_off(till.client, out_bill_no=row.number, sub_mchid=till.sub_mchid)
    except PayError as refused:
        if refused.status == 401:
            raise
        # Too late, mostly: it was taken, and the query says so.
        if told := await _look(till, row):
            return told
        asked = row.sent_at or row.promised_at
        if row.locked_at is None and world.clock.now() - asked >= SETTLED_DOWN:
            async with world.tx(merchant) as tx:
                await payouts.drop(tx, await payouts.hold(tx, payout=row.id))
        return None


async def _stall(tx: Tx, row: Payout, problem: str) -> None:
    if await payouts.move(tx, row, "stall", problem=problem):
        await tx.emit(PayoutStalled(*words(row), problem=problem[:200]))


async def take_note(world: World, merchant: UUID, told: Transfer) -> None:
    """Record an answer of WeChat's; one that disagrees with our promise is parked."""
    number = settling.number_to_id(told.out_bill_no)
    async with world.tx(merchant) as tx:
        problem = await recording.record(tx, payout=number, told=told) if number else "out_bill_no: unknown"
        if problem:
            wrong = Suspicious(problem, number=told.out_bill_no)
            await settling.suspect(tx, id=f"query-{told.out_bill_no}", source="QUERY", wrong=wrong, told=told.raw)


async def confirm(world: World, merchant: UUID, *, payout: UUID) -> None:
    """Ask WeChat how a pay-out stands, now: the person says that it was taken, and no notice came yet."""
    async with world.tx(merchant) as tx:
        row = await payouts.get(tx, payout=payout)
        till = await accounts.till(tx, account=row.account_id)
    if row.state not in (PayoutState.WAITING, PayoutState.TAKING):
        return
    try:
        told = await _look(till, row)
    except (PayError, Unreachable) as away:
        log.info("pay.payout_unconfirmed", payout=str(payout), why=repr(away))
        return
    if told is not None:
        await take_note(world, merchant, told)


def _pause(row: Payout, now: datetime) -> float:
    """Say how long to wait: as long as it has taken so far, from a quarter minute up to an hour; never past its day."""
    if row.state is PayoutState.CANCELING:
        return CALLED_OFF.total_seconds()
    wait = min(max(now - row.promised_at, SOON), SELDOM)
    if row.state is PayoutState.WAITING and row.expires_at is not None and row.expires_at > now:
        wait = min(wait, row.expires_at - now + SOON)
    return wait.total_seconds()
