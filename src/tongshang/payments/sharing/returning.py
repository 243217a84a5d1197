"""Returning: ask WeChat to take a share back, at once as a rule; asked first whenever it was sent before."""

from uuid import UUID

import structlog

from tongshang.payments import accounts
from tongshang.payments.accounts import Till
from tongshang.payments.sharing import receivers, returns, splits
from tongshang.payments.sharing.model import Return, ReturnState, Share
from tongshang.platform.jobs import Again
from tongshang.platform.world import World
from weixin.errors import PayError, Unreachable
from weixin.products import pay
from weixin.products.pay import ShareReturn

log = structlog.get_logger("payments")
UNKNOWN, PAUSE_SECONDS = "RESOURCE_NOT_EXISTS", 15


async def pursue(world: World, merchant: UUID, *, back: UUID) -> None:
    """Take a return to its end; raises Again while WeChat is away or has not decided."""
    async with world.tx(merchant) as tx:
        one, share, split = await returns.hold(tx, back=back)
        if one.state is not ReturnState.ASKED:
            return
        _, paid = await splits.hold(tx, split=split.id)
        till = await accounts.till(tx, account=paid.account_id)
        whose = (await receivers.by_id(tx, ids=[share.receiver_id]))[share.receiver_id]
        await returns.sending(tx, back=one)
    try:
        told = await _look(till, one, share) if one.sent_at is not None else None
        if told is None:
            told, problem = await _send(till, one, share, whose.account)
        else:
            problem = ""
    except Unreachable as away:
        log.info("pay.return_waits", back=str(back), why=str(away))
        raise Again(PAUSE_SECONDS) from None
    if told is not None and told.amount_fen != one.amount_fen:
        problem = f"amount: {one.amount_fen} expected, {told.amount_fen} told"
    if told is not None and told.result == "PROCESSING":
        raise Again(PAUSE_SECONDS)
    await _record(world, merchant, one, told, problem)


async def _record(world: World, merchant: UUID, one: Return, told: ShareReturn | None, problem: str) -> None:
    async with world.tx(merchant) as tx:
        now, share, split = await returns.hold(tx, back=one.id)
        if now.number_id != one.number_id:
            return  # asked for once more meanwhile: that has its own answer
        if told is not None and told.result == "SUCCESS" and not problem:
            await returns.arrive(tx, back=now, share=share, split=split, at=told.finished_at or tx.now)
        else:
            problem = problem or (told.fail_reason if told else "") or "FAILED"
            await returns.fail(tx, back=now, share=share, split=split, problem=problem)


async def _look(till: Till, one: Return, share: Share) -> ShareReturn | None:
    try:
        return await pay.query_return(
            till.client,
            out_return_no=one.number_id.hex,
            out_order_no=share.request_id.hex,
            sub_mchid=till.sub_mchid,
        )
    except PayError as refused:
        if refused.code == UNKNOWN:
            return None
        raise


async def _send(till: Till, one: Return, share: Share, mchid: str) -> tuple[ShareReturn | None, str]:
    try:
        told = await pay.return_share(
            till.client,
            out_order_no=share.request_id.hex,
            out_return_no=one.number_id.hex,
            return_mchid=mchid,
            amount_fen=one.amount_fen,
            description="用户退款",
            sub_mchid=till.sub_mchid,
        )
    except PayError as refused:
        # Before a person is asked, be sure that WeChat did not take it after all.
        known = await _look(till, one, share)
        return known, "" if known else f"{refused.code} {refused.message}"
    return told, ""
