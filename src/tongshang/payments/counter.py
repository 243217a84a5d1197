"""At the counter: the code on a customer's screen is scanned, followed for half a minute, and called off if it stays.

Of a code payment WeChat sends no notice: what became of it is known by asking alone.
"""

from uuid import UUID

import structlog

from tongshang.payments import accounts, charges, gateway, limits, paying, promises, settling
from tongshang.payments.charges import AlreadyPaid
from tongshang.payments.facts import CodeScanned
from tongshang.payments.model import AttemptState, By, Charge, Way
from tongshang.payments.promises import Ready, StillClosing
from tongshang.platform.errors import Invalid
from tongshang.platform.jobs import Again
from tongshang.platform.world import World
from weixin.errors import PayError, Unreachable

log = structlog.get_logger("payments")
PAUSE_SECONDS = 5


def by_code(digits: str) -> By:
    """Read what a scanner typed: eighteen digits that begin with 10 to 15; raises Invalid."""
    code = digits.replace(" ", "").strip()
    if not (len(code) == 18 and code.isascii() and code.isdecimal() and "10" <= code[:2] <= "15"):
        raise Invalid(
            field="auth_code", problem="18 digits, beginning with 10 to 15", zh="须为 10 到 15 开头的 18 位数字"
        )
    return By(Way.MICROPAY, auth_code=code)


async def scan(world: World, merchant: UUID, *, charge: UUID, by: By) -> Charge:
    """Take a charge's money by the code on a person's screen; gives the charge, open while a password is awaited.

    Raises AlreadyPaid, NotPayable, StillClosing, NoPayAccount, NotReady, OrderRefused.
    """
    ready = await _promise(world, merchant, charge, by)
    try:
        told = await gateway.scan(
            ready.till, ready.charge, ready.attempt, auth_code=by.auth_code, store_id=merchant.hex
        )
    except PayError as refused:
        # Be sure that nobody pays it after all, before another way is tried.
        await paying.shut(world, merchant, ready.attempt, ready.till)
        raise paying.OrderRefused(message=refused.message, wechat_code=refused.code) from None
    except Unreachable as waiting:
        log.info("pay.code_waits", charge=str(charge), why=str(waiting))
    else:
        await paying.take_note(world, merchant, told)
    async with world.tx(merchant) as tx:
        return await charges.get(tx, charge=charge)


async def _promise(world: World, merchant: UUID, charge: UUID, by: By) -> Ready:
    for _ in range(3):
        async with world.tx(merchant) as tx:
            ready = await promises.promise(tx, charge_id=charge, by=by)
            if not ready.stale:
                await tx.emit(CodeScanned(charge, ready.attempt.id))
                return ready
        if await paying.shut(world, merchant, ready.attempt, ready.till) is AttemptState.PAID:
            raise AlreadyPaid
    raise StillClosing


async def follow(world: World, merchant: UUID, *, attempt: UUID) -> None:
    """Ask what became of a scanned code, and call it off when it takes too long; raises Again for the next look."""
    async with world.tx(merchant) as tx:
        known = await charges.attempt(tx, attempt=attempt)
        till = await accounts.till(tx, account=known.account_id)
        patience = limits.at(tx.now).code_patience
    if known.state in (AttemptState.PAID, AttemptState.STRAY):
        return
    try:
        told = await gateway.look(till, known)
        if told is not None and told.state in settling.PAID_STATES:
            await paying.take_note(world, merchant, told)
            return
        over = world.clock.now() - known.opened_at >= patience
        if over or (told is not None and told.state == "PAYERROR"):
            # Also when we took it for closed: our own call may have come there after we had asked.
            await paying.shut(world, merchant, known, till)
            return
    except Unreachable as away:
        log.info("pay.code_waits", attempt=str(attempt), why=str(away))
    raise Again(PAUSE_SECONDS)


async def call_off(world: World, merchant: UUID, *, charge: UUID) -> Charge:
    """Let nobody pay what was shown or scanned any more; the charge stays open for another way. A payment wins."""
    async with world.tx(merchant) as tx:
        live = await charges.active(tx, charge=charge)
    if live is not None:
        await paying.shut(world, merchant, *live)
    async with world.tx(merchant) as tx:
        return await charges.get(tx, charge=charge)
