"""Splitting: hand shares to WeChat, follow them until each has ended, and set the rest free. Asked first, then sent."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from tongshang.payments import accounts, settling
from tongshang.payments.accounts import Till
from tongshang.payments.model import Attempt
from tongshang.payments.settling import Suspicious
from tongshang.payments.sharing import receivers, shares, splits
from tongshang.payments.sharing.model import Request, ShareState, Split, SplitState
from tongshang.platform.jobs import Again
from tongshang.platform.world import World
from weixin.errors import PayError, Unreachable
from weixin.products import pay
from weixin.products.pay import Sharing

log = structlog.get_logger("payments")
UNKNOWN = "RESOURCE_NOT_EXISTS"
# WeChat's one code for "not yet" and for "never": what is still refused after so long is for a person.
PATIENCE = timedelta(minutes=10)
SOON, SELDOM = timedelta(seconds=5), timedelta(hours=6)
# So long before WeChat sets everything free by itself, nobody is waited for any more.
BEFORE_THE_END = timedelta(days=1)
DESCRIPTIONS = {"platform_fee": "平台服务费", "partner": "合作分账"}


async def pursue(world: World, merchant: UUID, *, attempt: UUID) -> None:
    """Look after a payment that is held until nothing of it is; raises Again while there is something to wait for."""
    while (wait := await _step(world, merchant, attempt)) is not None:
        if wait > 0:
            raise Again(wait)


async def _step(world: World, merchant: UUID, attempt: UUID) -> float | None:
    """Do what is next: gives seconds to wait, 0 to go on at once, None when all is done."""
    request: Request | None = None
    async with world.tx(merchant) as tx:
        split = await splits.open(tx, attempt=attempt)
        if split is None or split.state is SplitState.DONE:
            return None
        split, paid = await splits.hold(tx, split=split.id)
        if split.state is SplitState.WAITING:
            if (wait := (split.due_at - tx.now).total_seconds()) > 0:
                return wait
            # What a refund takes is not shared, unless it comes to nothing: its end is waited for.
            if tx.now < split.held_until - BEFORE_THE_END and await splits.refunding(tx, attempt=attempt):
                return _pause(split.due_at, tx.now)
            await splits.plan(tx, split=split, paid=paid)
            return 0
        if split.state is SplitState.STUCK:
            if (wait := (split.held_until - BEFORE_THE_END - tx.now).total_seconds()) > 0:
                return min(wait, SELDOM.total_seconds())
            await splits.drop(tx, split=split)
            return 0
        till = await accounts.till(tx, account=paid.account_id)
        if split.state is SplitState.SPLITTING:
            request = await splits.sending(tx, split=split)
    try:
        if request is not None:
            return await _share(world, merchant, split, paid, request, till)
        return await _set_free(world, merchant, split, paid, till)
    except Unreachable as away:
        log.info("pay.sharing_waits", split=str(split.id), why=str(away))
        return _pause(request.created_at if request else _freed_since(split), world.clock.now())


async def _share(world: World, merchant: UUID, split: Split, paid: Attempt, request: Request, till: Till) -> float:
    number = request.id.hex
    told = await _look(till, paid, number) if request.sent_at is not None else None
    if told is None:
        try:
            told = await _send(world, merchant, split, paid, request, till)
        except PayError as refused:
            if refused.code == "INVALID_REQUEST" and world.clock.now() - request.created_at < PATIENCE:
                return 60
            # Before a promise is released, be sure that WeChat did not take it after all.
            told = await _look(till, paid, number)
            if told is None:
                await _refuse(world, merchant, split, request, f"{refused.code} {refused.message}")
                return 0
    if await _record(world, merchant, split, request, told):
        return 0
    return _pause(request.created_at, world.clock.now())


async def _look(till: Till, paid: Attempt, number: str) -> Sharing | None:
    try:
        return await pay.query_share(
            till.client, out_order_no=number, transaction_id=paid.transaction_id or "", sub_mchid=till.sub_mchid
        )
    except PayError as refused:
        if refused.code == UNKNOWN:
            return None
        raise


async def _send(world: World, merchant: UUID, split: Split, paid: Attempt, request: Request, till: Till) -> Sharing:
    async with world.tx(merchant) as tx:
        open = [one for one in await shares.of_split(tx, split=split.id) if one.state is ShareState.OPEN]
        people = await receivers.by_id(tx, ids=[one.receiver_id for one in open])
    parts = [
        pay.Share(
            people[one.receiver_id].kind.value, people[one.receiver_id].account, one.amount_fen,
            DESCRIPTIONS[one.purpose],
        )
        for one in open
    ]  # fmt: skip
    return await pay.share(
        till.client,
        transaction_id=paid.transaction_id or "",
        out_order_no=request.id.hex,
        shares=parts,
        appid=paid.sp_appid or paid.appid,
        sub_mchid=till.sub_mchid,
        sub_appid=paid.appid if paid.sp_appid else None,
    )


async def _record(world: World, merchant: UUID, split: Split, request: Request, told: Sharing) -> bool:
    """Do what WeChat says of a request; False while it has not ended, or is parked because it is not what we asked."""
    async with world.tx(merchant) as tx:
        split, _ = await splits.hold(tx, split=split.id)
        await splits.heard(tx, request=request, order_id=told.order_id)
        problem = await shares.record(tx, split=split, request=request, told=told)
        if problem:
            wrong = Suspicious(problem, number=told.out_order_no, charge=split.charge_id)
            words = {"order_id": told.order_id, "state": told.state}
            await settling.suspect(tx, id=f"sharing-{told.out_order_no}", source="QUERY", wrong=wrong, told=words)
            return False
        # Finished says nothing of each receiver: what counts is that every share of it has ended.
        return told.state == "FINISHED" and await splits.settle(tx, split=split, request=request)


async def _refuse(world: World, merchant: UUID, split: Split, request: Request, problem: str) -> None:
    async with world.tx(merchant) as tx:
        split, _ = await splits.hold(tx, split=split.id)
        for one in await shares.of_split(tx, split=split.id):
            if one.request_id == request.id:
                await shares.fail(tx, split=split, share=one, problem=problem)
        await splits.settle(tx, split=split, request=request, problem=problem)


async def _set_free(world: World, merchant: UUID, split: Split, paid: Attempt, till: Till) -> float:
    assert split.rest_id is not None
    number, transaction = split.rest_id.hex, paid.transaction_id or ""
    told = await _look(till, paid, number)
    if told is None:
        try:
            told = await pay.unfreeze(
                till.client, transaction_id=transaction, out_order_no=number, description="解冻剩余资金",
                sub_mchid=till.sub_mchid,
            )  # fmt: skip
        except PayError as refused:
            # Refunded or expired meanwhile: what counts is whether anything is held.
            if await pay.unsplit(till.client, transaction_id=transaction):
                log.warning("pay.unfreeze_refused", split=str(split.id), code=refused.code)
                return _pause(_freed_since(split), world.clock.now())
    if told is not None and told.state != "FINISHED":
        return _pause(_freed_since(split), world.clock.now())
    async with world.tx(merchant) as tx:
        split, _ = await splits.hold(tx, split=split.id)
        await splits.end(tx, split=split)
    return 0


def _freed_since(split: Split) -> datetime:
    """Say since when the rest is being set free: that may be long after the sharing was due, when somebody decided."""
    return split.releasing_at or split.due_at


def _pause(since: datetime, now: datetime) -> float:
    """Say how long to wait: as long as it has taken so far, from five seconds up to six hours."""
    return min(max(now - since, SOON), SELDOM).total_seconds()
