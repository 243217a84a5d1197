"""Refunds: what the database does. Handing them to WeChat Pay is `refunding`, its words come through `record`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tongshang.payments import ledger, limits
from tongshang.payments.facts import RefundClosed, RefundRequested, RefundSettled, RefundStalled
from tongshang.payments.model import REFUND, Attempt, Purpose, Refund, RefundAttempt, RefundOrigin, RefundState
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Mismatch, Refused
from tongshang.platform.money import Fen, yuan
from weixin.products.pay import RefundResult
from weixin.times import from_rfc3339

REFUND_COLUMNS = """id, charge_id, attempt_id, subject_id, origin, amount_fen, reason, lines, state, problem, tries,
  asked_at, settled_at"""
TRY_COLUMNS = "id, refund_id, number, state, wx_refund_id, sent_at, accepted_at, ended_at, created_at"
ONE = f"select {REFUND_COLUMNS} from refund where merchant_id = $1 and id = $2"
TRIES = f"select {TRY_COLUMNS} from refund_attempt where merchant_id = $1 and refund_id = $2 order by number desc"
TRY_BY_ID = f"select {TRY_COLUMNS} from refund_attempt where merchant_id = $1 and id = $2"
# Lock first, look second: two clerks, or one double click, stand in line here.
PAID_BY = """
select a.id, a.charge_id, a.account_id, a.kind, a.appid, a.sp_appid, a.payer_openid, a.amount_fen, a.state,
  a.prepay_id, a.code_url, a.prepay_until, a.transaction_id, a.paid_fen, a.refunded_fen, a.opened_at, a.paid_at,
  a.closed_at, a.sharing, c.subject_id, c.purpose
from charge c join charge_attempt a on a.merchant_id = c.merchant_id and a.charge_id = c.id
where c.merchant_id = $1 and """
OF_SUBJECT = PAID_BY + "c.subject_id = $2 and a.id = c.paid_attempt_id for update of c, a"
OF_ATTEMPT = PAID_BY + "a.id = $2 for update of c, a"
OF_SUBJECTS = """
select c.subject_id, case a.kind when 'offline' then 'offline' else 'wechat' end as kind, a.paid_fen
from charge c join charge_attempt a on a.merchant_id = c.merchant_id and a.id = c.paid_attempt_id
where c.merchant_id = $1 and c.subject_id = any($2) order by c.id"""
PARTS = "select count(*) from refund where merchant_id = $1 and attempt_id = $2 and state <> 'closed'"
ADD = """
update charge_attempt set refunded_fen = refunded_fen + $3
where merchant_id = $1 and id = $2 and refunded_fen + $3 between 0 and paid_fen"""
MOVE = """
update refund set state = $3, problem = $4, settled_at = $5 where merchant_id = $1 and id = $2 and state = any($6)"""
AGAIN = """
update refund set state = $3, problem = '', tries = tries + 1 where merchant_id = $1 and id = $2 and state = any($4)"""
HEARD = """
update refund_attempt set wx_refund_id = coalesce($3, wx_refund_id), accepted_at = coalesce($4, accepted_at, $5)
where merchant_id = $1 and id = $2"""
SOURCES = {RefundOrigin.ASKED: ledger.REFUNDS, RefundOrigin.RECHARGE: ledger.RECHARGE}
BY_HAND = """
update refund set state = 'settled', problem = '', tries = tries + 1, settled_at = $3
where merchant_id = $1 and id = $2 and state = any($4)"""
END = """
update refund_attempt set state = $3, ended_at = $4 where merchant_id = $1 and id = $2 and state = 'active'"""


class NoSuchCharge(Refused):
    """There is no paid charge to refund."""

    code, status, zh = "refund.no_charge", 404, "没有找到可退款的付款。"


class TooMuch(Refused):
    """The refund is larger than what is left of the payment (¥{left})."""

    code, status, zh = "refund.too_much", 409, "退款金额超过可退余额（剩余 ¥{left}）。"


class TooLate(Refused):
    """WeChat Pay refunds within {days} days of the payment only."""

    code, status, zh = "refund.too_late", 409, "超过付款后 {days} 天，微信支付不再支持退款。"


class TooManyParts(Refused):
    """WeChat Pay takes at most {parts} refunds of one payment."""

    code, status, zh = "refund.too_many_parts", 409, "同一笔付款最多可退款 {parts} 次。"


@dataclass(frozen=True)
class Payment:
    """What was paid for a subject, and whether through WeChat Pay or offline."""

    subject_id: UUID
    kind: str
    paid_fen: Fen


@dataclass(frozen=True)
class Paid(Attempt):
    """A paid attempt, and what it was for."""

    subject_id: UUID
    purpose: Purpose


async def request(
    tx: Tx, *, refund_id: UUID, subject: UUID, amount: Fen, reason: str, lines: Sequence[Any] = ()
) -> Refund:
    """Promise a refund. Asking twice under one id, with the same words, is asking once.

    `lines` are the asker's own allocation; they are kept and never read here. Raises NoSuchCharge, TooMuch,
    TooLate, TooManyParts, Mismatch.
    """
    if amount <= 0:
        raise Invalid(field="amount_fen", problem="positive")
    paid = await tx.first(Paid, OF_SUBJECT, tx.merchant, subject)
    if paid is None:
        raise NoSuchCharge
    if known := await tx.first(Refund, ONE, tx.merchant, refund_id):
        if (known.subject_id, known.amount_fen, known.reason) != (subject, amount, reason[:80]):
            raise Mismatch
        return known
    await _check(tx, paid, amount)
    origin = RefundOrigin.RECHARGE if paid.purpose is Purpose.RECHARGE else RefundOrigin.ASKED
    return await promise(tx, refund_id=refund_id, paid=paid, amount=amount, reason=reason, lines=lines, origin=origin)


async def payments_of(tx: Tx, *, subjects: Sequence[UUID]) -> list[Payment]:
    """Say what was paid for subjects; those that nobody paid for are left out."""
    return await tx.all(Payment, OF_SUBJECTS, tx.merchant, list(subjects))


async def _check(tx: Tx, paid: Paid, amount: Fen) -> None:
    if amount > (left := paid.paid_fen - paid.refunded_fen):
        raise TooMuch(left=yuan(left))
    allowed = limits.at(tx.now)
    if paid.paid_at is not None and tx.now - paid.paid_at > allowed.refund_within:
        raise TooLate(days=allowed.refund_within.days)
    if await tx.value(PARTS, tx.merchant, paid.id) >= allowed.refund_parts:
        raise TooManyParts(parts=allowed.refund_parts)


async def promise_all(tx: Tx, *, attempt: UUID, origin: RefundOrigin, reason: str) -> Refund:
    """Promise the whole of an attempt back, on our own account (a stray payment, the one-fen test)."""
    paid = await tx.first(Paid, OF_ATTEMPT, tx.merchant, attempt)
    assert paid is not None
    return await promise(
        tx, refund_id=tx.new_id(), paid=paid, amount=paid.paid_fen, reason=reason, lines=(), origin=origin
    )


async def promise(
    tx: Tx,
    *,
    refund_id: UUID,
    paid: Paid,
    amount: Fen,
    reason: str,
    lines: Sequence[Any],
    origin: RefundOrigin = RefundOrigin.ASKED,
) -> Refund:
    """Write a refund down, its first number and its posting; the attempt must be locked."""
    words = (paid.charge_id, paid.id, paid.subject_id, origin, amount, reason[:80], list(lines))
    refund = Refund(refund_id, *words, REFUND.start, "", 1, tx.now, None)
    await tx.insert("refund", refund)
    await _take(tx, refund)
    return refund


async def _take(tx: Tx, refund: Refund) -> None:
    """Set the money aside under a new number, and say so."""
    if not await tx.run(ADD, tx.merchant, refund.attempt_id, refund.amount_fen):
        raise TooMuch(left=yuan(0))
    number = RefundAttempt(tx.new_id(), refund.id, refund.tries, "active", None, None, None, None, tx.now)
    await tx.insert("refund_attempt", number)
    await _post(tx, refund, number.id, debit=_source(refund), credit=ledger.PAYABLE, kind="refund_promised")
    await tx.emit(RefundRequested(*_words(refund), number=refund.tries))


async def again(tx: Tx, *, refund_id: UUID) -> Refund:
    """Promise a closed refund once more, under a new number. Raises TooMuch when the money went elsewhere since."""
    refund = await get(tx, refund=refund_id)
    paid = await tx.one(Paid, OF_ATTEMPT, tx.merchant, refund.attempt_id)
    REFUND.move("again", (await get(tx, refund=refund_id)).state)
    await _check(tx, paid, refund.amount_fen)
    await tx.run(AGAIN, tx.merchant, refund_id, REFUND.start.value, REFUND.sources("again"))
    fresh = await get(tx, refund=refund_id)
    await _take(tx, fresh)
    return fresh


async def by_hand(tx: Tx, *, refund: Refund, paid: Attempt) -> RefundAttempt | None:
    """Promise what WeChat closed once more, under a number it never hears of; None unless it was closed.

    Whoever asks books how the money went. Raises TooMuch when it went elsewhere since; the attempt must be locked.
    """
    if not await tx.run(BY_HAND, tx.merchant, refund.id, tx.now, REFUND.sources("hand over")):
        return None
    if not await tx.run(ADD, tx.merchant, refund.attempt_id, refund.amount_fen):
        raise TooMuch(left=yuan(paid.paid_fen - paid.refunded_fen))
    number = RefundAttempt(tx.new_id(), refund.id, refund.tries + 1, "settled", None, None, None, tx.now, tx.now)
    await tx.insert("refund_attempt", number)
    await _post(tx, refund, number.id, debit=_source(refund), credit=ledger.PAYABLE, kind="refund_promised")
    return number


async def get(tx: Tx, *, refund: UUID) -> Refund:
    """Give one refund; raises NotFound."""
    return await tx.one(Refund, ONE, tx.merchant, refund)


async def tries(tx: Tx, *, refund: UUID) -> list[RefundAttempt]:
    """List a refund's numbers at WeChat Pay, the newest first."""
    return await tx.all(RefundAttempt, TRIES, tx.merchant, refund)


async def lock_try(tx: Tx, *, number: UUID) -> tuple[Refund, RefundAttempt, Paid]:
    """Find a refund by its number at WeChat Pay, and hold its charge; raises NotFound."""
    found = await tx.one(RefundAttempt, TRY_BY_ID, tx.merchant, number)
    refund = await get(tx, refund=found.refund_id)
    paid = await tx.one(Paid, OF_ATTEMPT, tx.merchant, refund.attempt_id)
    # Read once more: whoever held the charge before us may have ended it.
    fresh = await tx.one(RefundAttempt, TRY_BY_ID, tx.merchant, number)
    return await get(tx, refund=refund.id), fresh, paid


def disagreement(refund: Refund, number: RefundAttempt, paid: Attempt, told: RefundResult) -> str:
    """Say in which field WeChat's words differ from our promise; "" when in none."""
    pairs = {
        "out_refund_no": (number.wx_number, told.out_refund_no),
        "refund_fen": (refund.amount_fen, told.refund_fen),
        "total_fen": (paid.amount_fen, told.total_fen),
        "transaction_id": (paid.transaction_id, told.transaction_id or paid.transaction_id),
        "out_trade_no": (paid.number, told.out_trade_no or paid.number),
        "refund_id": (number.wx_refund_id or told.refund_id, told.refund_id),
    }
    return "; ".join(
        f"{name}: {ours} expected, {theirs} told" for name, (ours, theirs) in pairs.items() if ours != theirs
    )


async def record(tx: Tx, *, number: UUID, told: RefundResult) -> str:
    """Do what WeChat says of a refund, once, in whatever order it is said; gives "" or why nothing was done."""
    refund, attempt, paid = await lock_try(tx, number=number)
    if problem := disagreement(refund, attempt, paid, told):
        return problem
    created = told.raw.get("create_time")
    # A notice does not say when WeChat accepted; the day decides in which bill it stands.
    accepted = from_rfc3339(str(created)) if created else None
    await tx.run(HEARD, tx.merchant, attempt.id, told.refund_id, accepted, told.refunded_at or tx.now)
    if attempt.state != "active":
        ended = {"SUCCESS": "settled", "CLOSED": "closed"}.get(told.state)
        # A late, older word is not news; a word that contradicts the end is.
        return f"ended as {attempt.state}, now told {told.state}" if ended not in (None, attempt.state) else ""
    if told.state == "SUCCESS":
        await _settle(tx, refund, attempt, told.refunded_at)
    elif told.state == "CLOSED":
        await close(tx, refund=refund, number=attempt, problem="CLOSED")
    elif told.state == "ABNORMAL":
        await stall(tx, refund=refund, problem="ABNORMAL")
    elif REFUND.may("send", refund.state):
        await _move(tx, refund, "send", RefundState.SENT)
    return ""


async def _settle(tx: Tx, refund: Refund, attempt: RefundAttempt, at: datetime | None) -> None:
    if not await _move(tx, refund, "settle", RefundState.SETTLED, at=at or tx.now):
        return
    await tx.run(END, tx.merchant, attempt.id, "settled", tx.now)
    await _post(tx, refund, attempt.id, debit=ledger.PAYABLE, credit=ledger.CASH, kind="refund_settled")
    await tx.emit(RefundSettled(*_words(refund)))


async def stall(tx: Tx, *, refund: Refund, problem: str) -> None:
    """Hand a refund to a person; it is looked after further, for he may mend it at WeChat's own desk."""
    if await _move(tx, refund, "stall", RefundState.ABNORMAL, problem=problem):
        await tx.emit(RefundStalled(*_words(refund), problem=problem))


async def close(tx: Tx, *, refund: Refund, number: RefundAttempt, problem: str) -> None:
    """End a refund that WeChat will not carry out: the promise is released."""
    if not await _move(tx, refund, "close", RefundState.CLOSED, problem=problem):
        return
    await tx.run(END, tx.merchant, number.id, "closed", tx.now)
    assert await tx.run(ADD, tx.merchant, refund.attempt_id, -refund.amount_fen)
    await _post(tx, refund, number.id, debit=ledger.PAYABLE, credit=_source(refund), kind="refund_released")
    await tx.emit(RefundClosed(*_words(refund), problem=problem))


async def _move(
    tx: Tx, refund: Refund, move: str, state: RefundState, *, problem: str = "", at: datetime | None = None
) -> bool:
    sources = REFUND.sources(move)
    return bool(await tx.run(MOVE, tx.merchant, refund.id, state.value, problem, at, sources))


async def _post(tx: Tx, refund: Refund, source: UUID, *, debit: str, credit: str, kind: str) -> None:
    amount, charge = refund.amount_fen, refund.charge_id
    await ledger.post(tx, debit=debit, credit=credit, amount=amount, kind=kind, source=source, charge=charge)


def _source(refund: Refund) -> str:
    return SOURCES.get(refund.origin, ledger.UNMATCHED)


def _words(refund: Refund) -> tuple[UUID, UUID, UUID, str, Fen, str]:
    amount = refund.amount_fen
    return (refund.id, refund.charge_id, refund.subject_id, refund.origin.value, amount, yuan(amount))
