"""What WeChat says of an attempt, by a notice or an answer, becomes what we know: compared, once, in any order."""

from enum import StrEnum
from uuid import UUID

from tongshang.payments import accounts, charges, gateway, ledger, refunds
from tongshang.payments.accounts import Till
from tongshang.payments.facts import AttemptLeft, ChargePaid, NoticeSuspicious, StrayPayment
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
from tongshang.platform.db import Tx
from tongshang.platform.money import yuan
from weixin.products.pay import Transaction

PAID_STATES = frozenset({"SUCCESS", "REFUND"})
ATTEMPT_PAID = """
update charge_attempt set state = $3, transaction_id = $4, paid_fen = amount_fen, paid_at = $5
where merchant_id = $1 and id = $2 and state = any($6)"""
CHARGE_PAID = """
update charge set state = 'paid', paid_attempt_id = $3, paid_at = $4, transaction_id = $5
where merchant_id = $1 and id = $2 and state = any($6)"""
SUSPECT = """
insert into pay_notice (merchant_id, id, event_type, number, resource, state, problem, received_at)
values ($1, $2, $3, $4, $5, 'suspicious', $6, $7) on conflict (merchant_id, id) do nothing"""
OF_NUMBER = "select id, charge_id from charge_attempt where merchant_id = $1 and id = $2"


class Outcome(StrEnum):
    """What became of WeChat's words."""

    PAID = "paid"
    STRAY = "stray"
    KNOWN = "known"
    UNPAID = "unpaid"


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
    attempt_id = number_to_id(told.out_trade_no)
    charge = await charges.lock_of_attempt(tx, attempt=attempt_id) if attempt_id else None
    if charge is None or attempt_id is None:
        raise Suspicious("out_trade_no: unknown", number=told.out_trade_no)
    attempt = await charges.attempt(tx, attempt=attempt_id)
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
        await _pay(tx, charge, attempt, told)
        return Outcome.PAID
    await _stray(tx, charge, attempt, told)
    return Outcome.STRAY


async def _pay(tx: Tx, charge: Charge, attempt: Attempt, told: Transaction) -> None:
    at, transaction = gateway.paid_time(told, tx.now), told.transaction_id or ""
    pay = (AttemptState.PAID.value, transaction, at, ATTEMPT.sources("pay"))
    assert await tx.run(ATTEMPT_PAID, tx.merchant, attempt.id, *pay)
    assert await tx.run(CHARGE_PAID, tx.merchant, charge.id, attempt.id, at, transaction, CHARGE.sources("pay"))
    is_sale = charge.purpose is Purpose.SALE
    await ledger.post(
        tx,
        debit=ledger.CASH,
        credit=ledger.SALES if is_sale else ledger.UNMATCHED,
        amount=attempt.amount_fen,
        kind="payment",
        source=attempt.id,
        charge=charge.id,
    )
    if is_sale:
        amount = charge.amount_fen
        await tx.emit(ChargePaid(charge.id, charge.subject_id, amount, yuan(amount), transaction, at))
    else:
        await refunds.promise_all(tx, attempt=attempt.id, origin=RefundOrigin.TEST, reason="支付测试退款")
    if attempt.state is AttemptState.ACTIVE:
        return  # only one is ever active, and it was this one
    if left := await tx.first(Attempt, charges.ACTIVE, tx.merchant, charge.id):
        await tx.emit(AttemptLeft(charge.id, left.id))


async def _stray(tx: Tx, charge: Charge, attempt: Attempt, told: Transaction) -> None:
    """Book money that is not ours, and promise it back in the same commit."""
    at, transaction = gateway.paid_time(told, tx.now), told.transaction_id or ""
    stray = (AttemptState.STRAY.value, transaction, at, ATTEMPT.sources("stray"))
    assert await tx.run(ATTEMPT_PAID, tx.merchant, attempt.id, *stray)
    amount = attempt.amount_fen
    await ledger.post(
        tx,
        debit=ledger.CASH,
        credit=ledger.UNMATCHED,
        amount=amount,
        kind="stray_payment",
        source=attempt.id,
        charge=charge.id,
    )
    reason = "重复付款自动退回" if charge.state is ChargeState.PAID else "订单已关闭，付款自动退回"
    refund = await refunds.promise_all(tx, attempt=attempt.id, origin=RefundOrigin.STRAY, reason=reason)
    words = (charge.id, charge.subject_id, attempt.id, refund.id, amount, yuan(amount), transaction)
    await tx.emit(StrayPayment(*words))


async def suspect(tx: Tx, *, id: str, source: str, wrong: Suspicious, told: object) -> None:
    """Park WeChat's words for a person, once per `id`; nothing is paid on them."""
    if await tx.run(SUSPECT, tx.merchant, id, source, wrong.number, told, wrong.problem, tx.now):
        await tx.emit(NoticeSuspicious(wrong.number, wrong.problem, wrong.charge))


def number_to_id(number: str) -> UUID | None:
    """Read one of our numbers (32 hex digits) as the id it is; None for anything else."""
    try:
        return UUID(hex=number) if len(number) == 32 else None
    except ValueError:
        return None
