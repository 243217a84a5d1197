"""Charges and their attempts: what the database does.

Which attempt is paid with is `promises`, reaching out is `paying`, what WeChat says is `settling`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tongshang.payments import accounts
from tongshang.payments.accounts import Till
from tongshang.payments.facts import ChargeClosed, ChargeClosing, ChargeOpened, ChargeRefused
from tongshang.payments.model import ATTEMPT, CHARGE, Attempt, Charge, ChargeState, Purpose
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Mismatch, Refused
from tongshang.platform.money import Fen, yuan

CHARGE_COLUMNS = """id, subject_id, purpose, payer_openid, description, amount_fen, state, paid_attempt_id,
  transaction_id, reason, opened_at, expires_at, paid_at, closed_at"""
ATTEMPT_COLUMNS = """id, charge_id, account_id, kind, appid, sp_appid, payer_openid, amount_fen, state, prepay_id,
  code_url, prepay_until, transaction_id, paid_fen, refunded_fen, opened_at, paid_at, closed_at, sharing"""
ONE = f"select {CHARGE_COLUMNS} from charge where merchant_id = $1 and id = $2"
ASKED = "select array(select subject_id from charge where merchant_id = $1 and subject_id = any($2))"
OF_SUBJECT = f"select {CHARGE_COLUMNS} from charge where merchant_id = $1 and subject_id = $2"
ATTEMPTS = f"select {ATTEMPT_COLUMNS} from charge_attempt where merchant_id = $1 and charge_id = $2 order by id"
ACTIVE = f"""select {ATTEMPT_COLUMNS} from charge_attempt
where merchant_id = $1 and charge_id = $2 and state = 'active'"""
OF_ATTEMPTS = f"""select {CHARGE_COLUMNS} from charge where merchant_id = $1 and id = any(array(
  select a.charge_id from charge_attempt a where a.merchant_id = $1 and a.id = any($2))) order by id for update"""
ATTEMPTS_BY_ID = f"select {ATTEMPT_COLUMNS} from charge_attempt where merchant_id = $1 and id = any($2)"
ATTEMPT_BY_ID = f"select {ATTEMPT_COLUMNS} from charge_attempt where merchant_id = $1 and id = $2"
# Whatever takes several charges takes them in the order of their ids, so that nobody embraces.
HELD = f"select {CHARGE_COLUMNS} from charge where merchant_id = $1 and id = any($2) order by id for update"
ENDED = """select array(select id from charge
  where merchant_id = $1 and id = any($2) and state in ('paid', 'closed'))"""
OPEN = f"""
insert into charge (merchant_id, id, subject_id, purpose, payer_openid, description, amount_fen, state, opened_at,
  expires_at)
select $1, x.id, x.subject_id, x.purpose, x.payer_openid, x.description, x.amount_fen, $9, $10, x.expires_at
from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[])
  as x(id, subject_id, purpose, payer_openid, description, amount_fen, expires_at)
order by x.id
on conflict do nothing returning {CHARGE_COLUMNS}"""
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


class Bill(NamedTuple):
    """What a payer shall be asked for."""

    id: UUID
    subject_id: UUID
    purpose: str
    payer_openid: str
    description: str
    amount_fen: Fen
    expires_at: datetime


@dataclass(frozen=True)
class Known:
    """The id of a row that was written."""

    id: UUID


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
        raise Invalid(field="amount_fen", problem="positive")
    if expires_at <= tx.now:
        raise Invalid(field="expires_at", problem="past")
    bill = Bill(charge_id, subject, purpose.value, payer_openid, description[:127], amount_fen, expires_at)
    found = (await open_all(tx, bills=[bill])).charges.get(charge_id)
    if found is None:
        raise Mismatch
    return found


class Opened(NamedTuple):
    """Charges by their ids, held to the end of the transaction, and which of them it has opened."""

    charges: dict[UUID, Charge]
    fresh: frozenset[UUID]


async def open_all(tx: Tx, *, bills: Sequence[Bill]) -> Opened:
    """Open charges as `open` does, and hold them; one whose id or subject was used for something else is left out."""
    columns = list(zip(*bills, strict=True))
    opened = {one.id: one for one in await tx.all(Charge, OPEN, tx.merchant, *columns, CHARGE.start.value, tx.now)}
    for bill in bills:
        if bill.id in opened:
            await tx.emit(ChargeOpened(bill.id, bill.subject_id, bill.amount_fen, yuan(bill.amount_fen)))
    before = [bill.id for bill in bills if bill.id not in opened]
    held = opened | ({one.id: one for one in await tx.all(Charge, HELD, tx.merchant, before)} if before else {})
    same = {bill.id: held[bill.id] for bill in bills if bill.id in held and _words(held[bill.id]) == bill[1:6]}
    return Opened(same, frozenset(opened))


def _words(c: Charge) -> tuple[UUID, str, str, str, Fen]:
    return (c.subject_id, c.purpose.value, c.payer_openid, c.description, c.amount_fen)


async def get(tx: Tx, *, charge: UUID) -> Charge:
    """Give one charge; raises NotFound."""
    return await tx.one(Charge, ONE, tx.merchant, charge)


async def ended(tx: Tx, *, charges: Sequence[UUID]) -> set[UUID]:
    """Say which of these charges are paid or closed."""
    return set(await tx.value(ENDED, tx.merchant, charges))


async def lock(tx: Tx, *, charge: UUID) -> Charge:
    """Give one charge and hold it to the end of the transaction; whoever touches its attempts holds it first."""
    return await tx.one(Charge, ONE + " for update", tx.merchant, charge)


async def lock_of_attempts(tx: Tx, *, attempts: Sequence[UUID]) -> dict[UUID, tuple[Charge, Attempt]]:
    """Find attempts with their charges, by the attempt's id, and hold the charges to the end of the transaction."""
    held = {charge.id: charge for charge in await tx.all(Charge, OF_ATTEMPTS, tx.merchant, attempts)}
    found = await tx.all(Attempt, ATTEMPTS_BY_ID, tx.merchant, attempts) if held else []
    return {attempt.id: (held[attempt.charge_id], attempt) for attempt in found}


async def of_subject(tx: Tx, *, subject: UUID) -> Charge | None:
    """Find what was asked for a subject."""
    return await tx.first(Charge, OF_SUBJECT, tx.merchant, subject)


async def subjects_asked(tx: Tx, *, subjects: Sequence[UUID]) -> set[UUID]:
    """Say for which of these subjects somebody was ever asked to pay."""
    return set(await tx.value(ASKED, tx.merchant, list(subjects)))


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
