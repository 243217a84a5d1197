"""Charges and their attempts: what the database does. Reaching out is `paying`, what WeChat says is `settling`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.payments import accounts, limits
from tongshang.payments.accounts import Till
from tongshang.payments.facts import ChargeClosed, ChargeClosing, ChargeOpened, ChargeRefused
from tongshang.payments.model import ATTEMPT, CHARGE, Attempt, Charge, ChargeState, Mode, Purpose
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Mismatch, Refused
from tongshang.platform.money import Fen, yuan

CHARGE_COLUMNS = """id, subject_id, purpose, payer_openid, description, amount_fen, state, paid_attempt_id,
  transaction_id, reason, opened_at, expires_at, paid_at, closed_at"""
ATTEMPT_COLUMNS = """id, charge_id, account_id, kind, appid, sp_appid, payer_openid, amount_fen, state, prepay_id,
  code_url, prepay_until, transaction_id, paid_fen, refunded_fen, opened_at, paid_at, closed_at"""
ONE = f"select {CHARGE_COLUMNS} from charge where merchant_id = $1 and id = $2"
OF_SUBJECT = f"select {CHARGE_COLUMNS} from charge where merchant_id = $1 and subject_id = $2"
ATTEMPTS = f"select {ATTEMPT_COLUMNS} from charge_attempt where merchant_id = $1 and charge_id = $2 order by id"
ACTIVE = f"""select {ATTEMPT_COLUMNS} from charge_attempt
where merchant_id = $1 and charge_id = $2 and state = 'active'"""
OF_ATTEMPT = f"""select {CHARGE_COLUMNS} from charge where merchant_id = $1
and id = (select a.charge_id from charge_attempt a where a.merchant_id = $1 and a.id = $2) for update"""
ATTEMPT_BY_ID = f"select {ATTEMPT_COLUMNS} from charge_attempt where merchant_id = $1 and id = $2"
OPEN = """
insert into charge (merchant_id, id, subject_id, purpose, payer_openid, description, amount_fen, state, opened_at,
  expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict do nothing"""
TRY = (
    """
insert into charge_attempt (merchant_id, id, charge_id, account_id, kind, appid, sp_appid, payer_openid, amount_fen,
  state, opened_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning """
    + ATTEMPT_COLUMNS
)
PREPARED = (
    """
update charge_attempt set prepay_id = $3, code_url = $4, prepay_until = $5
where merchant_id = $1 and id = $2 and state = 'active' returning """
    + ATTEMPT_COLUMNS
)
CLOSE_ATTEMPT = """
update charge_attempt set state = 'closed', closed_at = $3 where merchant_id = $1 and id = $2 and state = any($4)"""
EXPIRE = "update charge set state = 'closing', reason = $3 where merchant_id = $1 and id = $2 and state = any($4)"
CLOSE = """
update charge set state = 'closed', closed_at = $3 where merchant_id = $1 and id = $2 and state = any($4)"""


class NotPayable(Refused):
    """This can no longer be paid."""

    code, status, zh = "charge.not_payable", 409, "该笔收款已关闭或已超时，无法支付。"


class AlreadyPaid(Refused):
    """This has been paid already."""

    code, status, zh = "charge.already_paid", 409, "该笔收款已支付成功，请勿重复支付。"


class StillClosing(Refused):
    """This is just being closed; please wait a moment."""

    code, status, zh = "charge.closing", 409, "正在关闭该笔收款，请稍候。"


@dataclass(frozen=True)
class Ready:
    """An attempt to pay with, and the till it goes through; `stale` ones have to be closed at WeChat first."""

    charge: Charge
    attempt: Attempt
    till: Till
    stale: bool = False


async def open(
    tx: Tx,
    *,
    charge_id: UUID,
    subject: UUID,
    amount_fen: Fen,
    description: str,
    payer_openid: str,
    expires_at: datetime,
    purpose: Purpose = Purpose.SALE,
) -> Charge:
    """Ask a payer for an amount, until `expires_at`. Asking twice with the same words is asking once.

    Raises Mismatch when the id or the subject was used for something else.
    """
    if amount_fen <= 0:
        raise Invalid(field="amount_fen", problem="must be positive")
    if expires_at <= tx.now:
        raise Invalid(field="expires_at", problem="is over")
    words = (subject, purpose.value, payer_openid, description[:127], amount_fen)
    if await tx.run(OPEN, tx.merchant, charge_id, *words, CHARGE.start.value, tx.now, expires_at):
        await tx.emit(ChargeOpened(charge_id, subject, amount_fen, yuan(amount_fen)))
    found = await tx.first(Charge, ONE, tx.merchant, charge_id)
    if found is None or _words(found) != words:
        raise Mismatch
    return found


def _words(c: Charge) -> tuple[UUID, str, str, str, Fen]:
    return (c.subject_id, c.purpose.value, c.payer_openid, c.description, c.amount_fen)


async def get(tx: Tx, *, charge: UUID) -> Charge:
    """Give one charge; raises NotFound."""
    return await tx.one(Charge, ONE, tx.merchant, charge)


async def lock(tx: Tx, *, charge: UUID) -> Charge:
    """Give one charge and hold it to the end of the transaction; whoever touches its attempts holds it first."""
    return await tx.one(Charge, ONE + " for update", tx.merchant, charge)


async def lock_of_attempt(tx: Tx, *, attempt: UUID) -> Charge | None:
    """Find the charge of an attempt, and hold it to the end of the transaction."""
    return await tx.first(Charge, OF_ATTEMPT, tx.merchant, attempt)


async def of_subject(tx: Tx, *, subject: UUID) -> Charge | None:
    """Find what was asked for a subject."""
    return await tx.first(Charge, OF_SUBJECT, tx.merchant, subject)


async def attempts(tx: Tx, *, charge: UUID) -> list[Attempt]:
    """List a charge's attempts, oldest first."""
    return await tx.all(Attempt, ATTEMPTS, tx.merchant, charge)


async def attempt(tx: Tx, *, attempt: UUID) -> Attempt:
    """Give one attempt; raises NotFound."""
    return await tx.one(Attempt, ATTEMPT_BY_ID, tx.merchant, attempt)


async def active(tx: Tx, *, charge: UUID) -> tuple[Attempt, Till] | None:
    """Find the attempt that can still be paid, and its till."""
    found = await tx.first(Attempt, ACTIVE, tx.merchant, charge)
    return None if found is None else (found, await accounts.till(tx, account=found.account_id))


async def promise(tx: Tx, *, charge_id: UUID) -> Ready:
    """Give the attempt to pay with: the active one, or a new one. Only one is ever active."""
    charge = await lock(tx, charge=charge_id)
    if charge.state is ChargeState.PAID:
        raise AlreadyPaid
    if charge.state is ChargeState.CLOSING:
        raise StillClosing
    if charge.state is not ChargeState.OPEN or charge.expires_at <= tx.now:
        raise NotPayable
    till = await accounts.till(tx)
    if known := await tx.first(Attempt, ACTIVE, tx.merchant, charge_id):
        own = await accounts.till(tx, account=known.account_id)
        same = (known.account_id, known.appid, known.sp_appid) == (till.account.id, *_appids(till))
        return Ready(charge, known, own, stale=not same)
    kind = "native" if charge.purpose is Purpose.TEST else "jsapi"
    names = (till.account.id, kind, *_appids(till), charge.payer_openid, charge.amount_fen)
    fresh = await tx.one(Attempt, TRY, tx.merchant, tx.new_id(), charge.id, *names, ATTEMPT.start.value, tx.now)
    return Ready(charge, fresh, till)


def _appids(till: Till) -> tuple[str, str]:
    return till.account.appid, till.account.sp_appid if till.account.mode is Mode.PARTNER else ""


def prepaid(attempt: Attempt, now: datetime) -> bool:
    """Say whether what WeChat gave us to pay with is still good, with a minute to type the password."""
    enough = attempt.prepay_until is not None and attempt.prepay_until > now + limits.at(now).least_window
    return enough and bool(attempt.prepay_id or attempt.code_url)


async def record_prepaid(tx: Tx, *, ready: Ready, answer: str) -> Attempt:
    """Keep what WeChat gave us to pay with, unless the charge was closed or paid meanwhile.

    Only after this is it handed to the payer: what was not recorded here, nobody can pay with.
    """
    charge = await lock(tx, charge=ready.charge.id)
    if charge.state is ChargeState.PAID:
        raise AlreadyPaid
    if charge.state is not ChargeState.OPEN:
        raise NotPayable
    pair = ("", answer) if ready.attempt.kind == "native" else (answer, "")
    until = tx.now + limits.at(tx.now).prepay_life
    prepared = await tx.first(Attempt, PREPARED, tx.merchant, ready.attempt.id, *pair, until)
    if prepared is None:
        raise NotPayable
    return prepared


async def refused(tx: Tx, *, charge: Charge, code: str, message: str) -> None:
    """Remember that WeChat would not take the order."""
    await tx.emit(ChargeRefused(charge.id, charge.subject_id, code, message))


async def close_attempt(tx: Tx, *, attempt: Attempt) -> bool:
    """Record that WeChat has closed an attempt; False when it was paid or closed meanwhile."""
    await lock(tx, charge=attempt.charge_id)
    return bool(await tx.run(CLOSE_ATTEMPT, tx.merchant, attempt.id, tx.now, ATTEMPT.sources("close")))


async def cancel(tx: Tx, *, charge: UUID, reason: str = "cancelled") -> Charge:
    """Stop a charge: it closes at WeChat first, then ChargeClosed says so. Refuses what is paid already."""
    held = await lock(tx, charge=charge)
    if held.state is ChargeState.PAID:
        raise AlreadyPaid
    if held.state is ChargeState.OPEN:
        await expire(tx, charge=charge, reason=reason)
        if not await finish_closing(tx, charge=charge):
            await tx.emit(ChargeClosing(charge, held.subject_id))
    return await get(tx, charge=charge)


async def expire(tx: Tx, *, charge: UUID, reason: str) -> bool:
    """Let nobody begin to pay any more; those who have begun may still win."""
    return bool(await tx.run(EXPIRE, tx.merchant, charge, reason, CHARGE.sources("expire")))


async def finish_closing(tx: Tx, *, charge: UUID) -> bool:
    """Close a charge of which no attempt can be paid any more, and say so; False when one can, or it was paid."""
    held = await lock(tx, charge=charge)
    if await tx.first(Attempt, ACTIVE, tx.merchant, charge) is not None:
        return False
    if not await tx.run(CLOSE, tx.merchant, charge, tx.now, CHARGE.sources("close")):
        return False
    await tx.emit(ChargeClosed(charge, held.subject_id, held.reason))
    return True
