"""What WeChat says of an attempt, by a notice or an answer, becomes what we know: compared, once, in any order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from tongshang.payments import accounts, charges, gateway, ledger, refunds
from tongshang.payments.accounts import Till
from tongshang.payments.facts import AttemptLeft, ChargePaid, NoticeSuspicious, RechargePaid, StrayPayment
from tongshang.payments.ledger import Entry
from tongshang.payments.model import (
    ATTEMPT,
    CHARGE,
    Attempt,
    AttemptState,
    Charge,
    ChargeState,
    Purpose,
    RefundOrigin,
)
from tongshang.payments.sharing.facts import PaymentHeld
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.platform.money import yuan
from weixin.products.pay import Transaction

PAID_STATES = frozenset({"SUCCESS", "REFUND"})
ATTEMPT_PAID = """
update charge_attempt a set state = $5, transaction_id = x.transaction_id, paid_fen = amount_fen, paid_at = x.at
from unnest($2::uuid[], $3::text[], $4::timestamptz[]) as x(id, transaction_id, at)
where a.merchant_id = $1 and a.id = any($2) and a.id = x.id and a.state = any($6)"""
CHARGE_PAID = """
update charge c set state = 'paid', paid_attempt_id = x.attempt_id, paid_at = x.at, transaction_id = x.transaction_id
from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[]) as x(id, attempt_id, at, transaction_id)
where c.merchant_id = $1 and c.id = any($2) and c.id = x.id and c.state = any($6)"""
SUSPECT = """
insert into pay_notice (merchant_id, id, event_type, number, resource, state, problem, received_at)
values ($1, $2, $3, $4, $5, 'suspicious', $6, $7) on conflict (merchant_id, id) do nothing"""
REVIEW = """
update pay_notice set review = $3, reviewed_at = $4
where merchant_id = $1 and id = $2 and state = 'suspicious' and reviewed_at is null"""
REVIEWED = "select review from pay_notice where merchant_id = $1 and id = $2 and state = 'suspicious'"


class Outcome(StrEnum):
    """What became of WeChat's words."""

    PAID = "paid"
    STRAY = "stray"
    KNOWN = "known"
    UNPAID = "unpaid"


class Reviewed(Refused):
    """Somebody has looked at this notice already, and said something else."""

    code, status, zh = "notice.reviewed", 409, "这条通知已有人核实过。"


class Suspicious(Exception):
    """WeChat's words are well signed and disagree with what we asked for: nothing may be done on them."""

    def __init__(self, problem: str, *, number: str, charge: UUID | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.number = number
        self.charge = charge


def disagreement(till: Till, attempt: Attempt, told: Transaction) -> str:
    """Say in which field WeChat's words differ from what we asked for; "" when in none."""
    theirs = {
        "mchid": told.mchid or "",
        "sub_mchid": told.sub_mchid or "",
        "appid": told.appid or "",
        "sub_appid": told.sub_appid or "",
        "currency": told.currency or "",
        "total_fen": str(told.total_fen),
        "out_trade_no": told.out_trade_no,
    }
    ours = gateway.expected(till, attempt)
    return "; ".join(
        f"{name}: {ours[name]} expected, {theirs[name]} told" for name in ours if ours[name] != theirs[name]
    )


async def settle(tx: Tx, told: Transaction, *, till: Till | None = None) -> Outcome:
    """Take note of a paid order; raises Suspicious when it is not what we asked for. Harmless when repeated.

    `till` may be one just read in this transaction; another one is read when it is not the attempt's.
    """
    outcome = (await settle_all(tx, [(told, till)]))[0]
    if isinstance(outcome, Suspicious):
        raise outcome
    return outcome


async def settle_all(tx: Tx, words: Sequence[tuple[Transaction, Till | None]]) -> list[Outcome | Suspicious]:
    """Take note of paid orders as `settle` does, in sets; what is not what we asked for is Suspicious in its place."""
    ids = [number_to_id(told.out_trade_no) for told, _ in words]
    held = await charges.lock_of_attempts(tx, attempts=[one for one in ids if one is not None])
    outcomes: list[Outcome | Suspicious] = []
    paid: dict[UUID, _Paid] = {}
    strays: list[_Paid] = []
    for (told, till), attempt_id in zip(words, ids, strict=True):
        try:
            if attempt_id is None or attempt_id not in held:
                raise Suspicious("out_trade_no: unknown", number=told.out_trade_no)
            charge, attempt = held[attempt_id]
            # Words that came earlier in this batch count as known: the attempt is as they leave it.
            outcome = await _judge(tx, charge, attempt, told, till)
            if outcome is Outcome.PAID:
                paid[charge.id] = _Paid(charge, attempt, told)
                held[attempt_id] = (_as_paid(charge), _as(attempt, AttemptState.PAID, told))
                held |= {other: (_as_paid(c), a) for other, (c, a) in held.items() if c.id == charge.id}
            elif outcome is Outcome.STRAY:
                strays.append(_Paid(charge, attempt, told))
                held[attempt_id] = (charge, _as(attempt, AttemptState.STRAY, told))
            outcomes.append(outcome)
        except Suspicious as wrong:
            outcomes.append(wrong)
    if paid:
        await _pay(tx, list(paid.values()))
    for one in strays:
        await _stray(tx, one.charge, one.attempt, one.told)
    return outcomes


EARNED = {Purpose.SALE: ledger.SALES, Purpose.RECHARGE: ledger.RECHARGE}


class _Paid(NamedTuple):
    charge: Charge
    attempt: Attempt
    told: Transaction


def _as(attempt: Attempt, state: AttemptState, told: Transaction) -> Attempt:
    return replace(attempt, state=state, transaction_id=told.transaction_id)


def _as_paid(charge: Charge) -> Charge:
    return replace(charge, state=ChargeState.PAID)


async def _judge(tx: Tx, charge: Charge, attempt: Attempt, told: Transaction, till: Till | None) -> Outcome:
    """Compare WeChat's words with what we asked for; raises Suspicious."""
    if till is None or till.account.id != attempt.account_id:
        till = await accounts.till(tx, account=attempt.account_id)
    if problem := disagreement(till, attempt, told):
        raise Suspicious(problem, number=told.out_trade_no, charge=charge.id)
    if told.state not in PAID_STATES:
        return Outcome.UNPAID
    if not told.transaction_id:
        raise Suspicious("transaction_id: missing", number=told.out_trade_no, charge=charge.id)
    if attempt.state in (AttemptState.PAID, AttemptState.STRAY):
        if attempt.transaction_id != told.transaction_id:
            problem = f"transaction_id: {attempt.transaction_id} expected, {told.transaction_id} told"
            raise Suspicious(problem, number=told.out_trade_no, charge=charge.id)
        return Outcome.KNOWN
    if CHARGE.may("pay", charge.state):
        return Outcome.PAID
    return Outcome.STRAY


async def _end(tx: Tx, paid: Sequence[_Paid], move: str, state: AttemptState) -> list[datetime]:
    """Record that attempts were paid, and say when; all of them, or it is our bug."""
    at = [gateway.paid_time(one.told, tx.now) for one in paid]
    columns = ([one.attempt.id for one in paid], [one.told.transaction_id or "" for one in paid], at)
    assert await tx.run(ATTEMPT_PAID, tx.merchant, *columns, state.value, ATTEMPT.sources(move)) == len(paid)
    return at


async def _pay(tx: Tx, paid: Sequence[_Paid]) -> None:
    at = await _end(tx, paid, "pay", AttemptState.PAID)
    columns = (
        [one.charge.id for one in paid], [one.attempt.id for one in paid], at,
        [one.told.transaction_id or "" for one in paid],
    )  # fmt: skip
    assert await tx.run(CHARGE_PAID, tx.merchant, *columns, CHARGE.sources("pay")) == len(paid)
    await ledger.post_all(tx, [_entry(one, "payment") for one in paid])
    for (charge, attempt, told), when in zip(paid, at, strict=True):
        amount = charge.amount_fen
        words = (charge.id, charge.subject_id, amount, yuan(amount), told.transaction_id or "", when)
        if charge.purpose is Purpose.SALE:
            await tx.emit(ChargePaid(*words))
        elif charge.purpose is Purpose.RECHARGE:
            await tx.emit(RechargePaid(*words))
        else:
            await refunds.promise_all(tx, attempt=attempt.id, origin=RefundOrigin.TEST, reason="支付测试退款")
        if attempt.sharing:
            await tx.emit(PaymentHeld(charge.id, attempt.id))
        if attempt.state is AttemptState.ACTIVE:
            continue  # only one is ever active, and it was this one
        if left := await tx.first(Attempt, charges.ACTIVE, tx.merchant, charge.id):
            await tx.emit(AttemptLeft(charge.id, left.id))


def _entry(one: _Paid, kind: str) -> Entry:
    credit = EARNED.get(one.charge.purpose, ledger.UNMATCHED) if kind == "payment" else ledger.UNMATCHED
    return Entry(ledger.CASH, credit, one.attempt.amount_fen, kind, one.attempt.id, one.charge.id)


async def _stray(tx: Tx, charge: Charge, attempt: Attempt, told: Transaction) -> None:
    """Book money that is not ours, and promise it back in the same commit."""
    one = _Paid(charge, attempt, told)
    await _end(tx, [one], "stray", AttemptState.STRAY)
    await ledger.post_all(tx, [_entry(one, "stray_payment")])
    amount = attempt.amount_fen
    reason = "重复付款自动退回" if charge.state is ChargeState.PAID else "订单已关闭，付款自动退回"
    refund = await refunds.promise_all(tx, attempt=attempt.id, origin=RefundOrigin.STRAY, reason=reason)
    words = (charge.id, charge.subject_id, attempt.id, refund.id, amount, yuan(amount), told.transaction_id or "")
    await tx.emit(StrayPayment(*words))


async def suspect(tx: Tx, *, id: str, source: str, wrong: Suspicious, told: object) -> None:
    """Park WeChat's words for a person, once per `id`; nothing is paid on them."""
    if await tx.run(SUSPECT, tx.merchant, id, source, wrong.number, told, wrong.problem, tx.now):
        await tx.emit(NoticeSuspicious(wrong.number, wrong.problem, wrong.charge))


async def review(tx: Tx, *, notice: str, note: str) -> None:
    """Record what a person found out about a parked notice; saying so twice is saying it once.

    Raises NotFound, Reviewed, Invalid.
    """
    if not 0 < len(note.strip()) <= 500:
        raise Invalid(field="note", problem="1-500")
    if await tx.run(REVIEW, tx.merchant, notice, note.strip(), tx.now):
        return
    known = await tx.value(REVIEWED, tx.merchant, notice)
    if known is None:
        raise NotFound
    if known != note.strip():
        raise Reviewed


def number_to_id(number: str) -> UUID | None:
    """Read one of our numbers (32 hex digits) as the id it is; None for anything else."""
    try:
        return UUID(hex=number) if len(number) == 32 else None
    except ValueError:
        return None
