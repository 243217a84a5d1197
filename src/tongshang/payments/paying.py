"""Paying: promise an attempt, reach out to WeChat Pay, record. And the way back: look, close, let go."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from tongshang.payments import accounts, charges, gateway, promises, settling
from tongshang.payments.accounts import Till
from tongshang.payments.charges import AlreadyPaid, NotPayable
from tongshang.payments.model import Attempt, AttemptState, By, Charge, ChargeState
from tongshang.payments.promises import Ready
from tongshang.payments.settling import Suspicious
from tongshang.platform.batch import gathered
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Again
from tongshang.platform.world import World
from weixin.errors import PayError, Unreachable
from weixin.pay import pay_sign
from weixin.products.pay import Transaction

log = structlog.get_logger("payments")

# WeChat's own advice for when no notice comes: 5 s, 30 s, 1 m, 3 m, 5 m, 10 m, 30 m after the order.
LADDER = tuple(timedelta(seconds=s) for s in (5, 30, 60, 180, 300, 600, 1800))
# The number is no good any more: it was closed, paid, or used with other words.
NUMBER_GONE = frozenset({"OUT_TRADE_NO_USED", "ORDER_CLOSED", "ORDERPAID", "INVALID_REQUEST"})


class OrderRefused(Refused):
    """WeChat Pay did not take the order: {message}"""

    code, status, zh = "charge.refused", 502, "微信支付下单失败：{message}"


async def prepare(world: World, merchant: UUID, *, charge: UUID, promised: Ready | None = None) -> dict[str, str]:
    """Give the signed parameters a page hands to the cashier (JSAPI); WeChat's answer is reused while it is good.

    `promised` is the attempt when the caller has promised it in the transaction that opened the charge.
    Raises AlreadyPaid, NotPayable, StillClosing, NoPayAccount, NotReady, OrderRefused, Unreachable.
    """
    ready = await prepare_attempt(world, merchant, charge=charge, promised=promised)
    now, nonce = world.clock.now(), f"{world.rng.getrandbits(128):032x}"
    attempt, signer = ready.attempt, ready.till.client.merchant
    return pay_sign(
        signer, appid=attempt.appid, prepay_id=attempt.prepay_id, timestamp=int(now.timestamp()), nonce=nonce
    )


async def prepare_attempt(
    world: World, merchant: UUID, *, charge: UUID, promised: Ready | None = None, by: By | None = None
) -> Ready:
    """Have an attempt placed at WeChat Pay, and recorded, before anybody can pay it."""
    for last in (False, False, True):
        if promised is None:
            async with world.tx(merchant) as tx:
                promised = await promises.promise(tx, charge_id=charge, by=by)
        ready, promised = promised, None
        if not ready.stale:
            if promises.prepaid(ready.attempt, world.clock.now()):
                return ready
            if placed := await _place(world, merchant, ready, by, last=last):
                return placed
        # The account was changed, or the number is used up: close it at WeChat before another one is tried.
        if await shut(world, merchant, ready.attempt, ready.till) is AttemptState.PAID:
            raise AlreadyPaid
    raise NotPayable


async def _place(world: World, merchant: UUID, ready: Ready, by: By | None, *, last: bool) -> Ready | None:
    try:
        answer = await gateway.place(
            ready.till, ready.charge, ready.attempt, notify_url=gateway.notice_url(world, merchant), by=by
        )
    except PayError as refused:
        if refused.code in NUMBER_GONE and not last:
            return None
        async with world.tx(merchant) as tx:
            await charges.refused(tx, charge=ready.charge, code=refused.code, message=refused.message)
        raise OrderRefused(message=refused.message, wechat_code=refused.code) from None
    attempt = await gathered(world, "payments.prepaid", promises.record_prepaid).ask(merchant, (ready, answer))
    return Ready(ready.charge, attempt, ready.till)


async def confirm(world: World, merchant: UUID, *, subject: UUID) -> bool:
    """Say whether a subject is paid, asking WeChat when we do not know. Raises Unreachable, PayError."""
    async with world.tx(merchant) as tx:
        known = await charges.of_subject(tx, subject=subject)
    if known is None:
        return False  # nobody was asked to pay yet
    return (await look(world, merchant, charge=known.id)).state is ChargeState.PAID


async def look(world: World, merchant: UUID, *, charge: UUID) -> Charge:
    """Ask WeChat after a charge that is open or closing (the notice is late, or lost), and take note of the answer.

    Raises NotFound, Unreachable, PayError.
    """
    async with world.tx(merchant) as tx:
        known = await charges.get(tx, charge=charge)
        ended = known.state in (ChargeState.PAID, ChargeState.CLOSED)
        live = None if ended else await charges.active(tx, charge=charge)
    if live is None:
        return known
    told = await gateway.look(live[1], live[0])
    if told is not None:
        await take_note(world, merchant, told)
    async with world.tx(merchant) as tx:
        return await charges.get(tx, charge=charge)


async def take_note(world: World, merchant: UUID, told: Transaction) -> None:
    """Settle an answer of WeChat's; one that disagrees with what we asked for is parked, never paid."""
    try:
        async with world.tx(merchant) as tx:
            await settling.settle(tx, told)
    except Suspicious as wrong:
        log.warning("pay.suspicious", number=wrong.number, problem=wrong.problem)
        async with world.tx(merchant) as tx:
            await settling.suspect(tx, id=f"query-{told.out_trade_no}", source="QUERY", wrong=wrong, told=told.raw)


async def shut(world: World, merchant: UUID, attempt: Attempt, till: Till) -> AttemptState:
    """See to it that an attempt cannot be paid any more: look, close at WeChat, look again; then record it."""
    for _ in range(2):
        told = await gateway.look(till, attempt)
        if told is not None and told.state in settling.PAID_STATES:
            await take_note(world, merchant, told)
            break
        # Also when WeChat does not know it yet: our own order may still be on its way there.
        if (told is not None and told.state in gateway.ENDED) or await gateway.close(till, attempt):
            async with world.tx(merchant) as tx:
                await charges.close_attempt(tx, attempt=attempt)
            break
    async with world.tx(merchant) as tx:
        return (await charges.attempt(tx, attempt=attempt.id)).state


async def close_out(world: World, merchant: UUID, *, charge: UUID, reason: str = "expired") -> Charge:
    """Close a charge: nobody begins any more, WeChat closes its order, and only then ChargeClosed is said.

    A payment that comes first wins. Raises Unreachable, PayError: then the charge stays "closing".
    """
    async with world.tx(merchant) as tx:
        await charges.lock(tx, charge=charge)
        await charges.expire(tx, charge=charge, reason=reason)
        live = await charges.active(tx, charge=charge)
    if live is not None:
        await shut(world, merchant, *live)
    async with world.tx(merchant) as tx:
        await charges.finish_closing(tx, charge=charge)
        return await charges.get(tx, charge=charge)


async def watch(world: World, merchant: UUID, *, charge: UUID) -> None:
    """Look after a charge until it is paid or closed; raises Again for the next look."""
    try:
        known = await look(world, merchant, charge=charge)
        if known.state is ChargeState.CLOSING or (
            known.state is ChargeState.OPEN and known.expires_at <= world.clock.now()
        ):
            known = await close_out(world, merchant, charge=charge)
    except Unreachable as away:
        # WeChat being away is no fault of the charge: stay calm, stay at it.
        log.info("pay.watch_waits", charge=str(charge), why=str(away))
        raise Again(30) from None
    if known.state not in (ChargeState.PAID, ChargeState.CLOSED):
        raise Again(next_look(known, world.clock.now()))


def next_look(charge: Charge, now: datetime) -> float:
    """Say in how many seconds to look again: by the ladder, and when the time to pay is over."""
    steps = [step for step in LADDER if step > now - charge.opened_at] or [now - charge.opened_at + LADDER[-1]]
    at = min(charge.opened_at + steps[0], max(charge.expires_at, now + LADDER[0]))
    return max((at - now).total_seconds(), 1.0)


async def close_left(world: World, merchant: UUID, *, attempt: UUID) -> None:
    """Close the attempt that another one overtook; a success of it is stray and goes back by itself."""
    async with world.tx(merchant) as tx:
        left = await charges.attempt(tx, attempt=attempt)
        till = await accounts.till(tx, account=left.account_id)
    if left.state is AttemptState.ACTIVE:
        await shut(world, merchant, left, till)
