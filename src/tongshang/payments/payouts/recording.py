"""What WeChat says of a pay-out, by a notice or an answer, becomes what we know: compared, once, in any order."""

from uuid import UUID

from tongshang.payments import accounts, ledger
from tongshang.payments.payouts import payouts, rules
from tongshang.payments.payouts.facts import PayoutPaid, PayoutReturned, PayoutWaiting
from tongshang.payments.payouts.model import ENDED, PAYOUT, Payout, PayoutState
from tongshang.payments.payouts.payouts import told as words
from tongshang.platform.db import Tx
from weixin.products.pay.transfers import Transfer

HEARD = """update payout set wx_state = $3, wx_bill_no = coalesce(wx_bill_no, $4) where merchant_id = $1 and id = $2"""
LOCK = """update payout set locked_at = $3, expires_at = $4
where merchant_id = $1 and id = $2 and locked_at is null"""
# WeChat's own words of a state: those with which the money is set aside, and those that end it.
LOCKED = frozenset({"WAIT_USER_CONFIRM", "TRANSFERING", "SUCCESS"})
ENDS = {"SUCCESS": {PayoutState.PAID}, "FAIL": {PayoutState.FAILED, PayoutState.EXPIRED},
        "CANCELLED": {PayoutState.CANCELED}}  # fmt: skip
LATE = "OVERDUE_CLOSE"


def disagreement(row: Payout, mchid: str, sub_mchid: str, told: Transfer) -> str:
    """Say in which field WeChat's words differ from our promise; "" when in none. What was not said is not compared."""
    pairs = {
        "out_bill_no": (row.number, told.out_bill_no),
        "mch_id": (mchid, told.mchid or mchid),
        "sub_mchid": (sub_mchid, told.sub_mchid or sub_mchid),
        "appid": (row.appid, told.appid or row.appid),
        "openid": (row.openid, told.openid or row.openid),
        "transfer_amount": (row.amount_fen, row.amount_fen if told.amount_fen is None else told.amount_fen),
        "transfer_bill_no": (row.wx_bill_no or told.bill_no, told.bill_no),
    }
    return "; ".join(
        f"{name}: {ours} expected, {theirs} told" for name, (ours, theirs) in pairs.items() if ours != theirs
    )


async def record(tx: Tx, *, payout: UUID, told: Transfer) -> str:
    """Do what WeChat says of a pay-out, once, in whatever order it is said; gives "" or why nothing was done."""
    row = await payouts.hold(tx, payout=payout)
    account = await accounts.get(tx, account=row.account_id)
    if problem := disagreement(row, account.mchid, account.sub_mchid, told):
        return problem
    if row.state in ENDED:
        ended = ENDS.get(told.state)
        # A late, older word is not news; a word that contradicts the end is.
        return f"ended as {row.state}, now told {told.state}" if ended and row.state not in ended else ""
    await tx.run(HEARD, tx.merchant, row.id, told.state, told.bill_no)
    if told.state in LOCKED:
        await _lock(tx, row, told)
    if told.state == "WAIT_USER_CONFIRM":
        await _wait(tx, row, told)
    elif told.state == "TRANSFERING":
        await payouts.move(tx, row, "take", package=row.package)
    elif told.state == "CANCELING" and PAYOUT.may("call_off", row.state):
        # Somebody did it at WeChat's own desk.
        await payouts.move(tx, row, "call_off")
    elif told.state in ENDS:
        await _end(tx, row, told)
    return ""


async def _lock(tx: Tx, row: Payout, told: Transfer) -> None:
    """Note, and book, that WeChat holds the money for the person."""
    # Its day begins when the money is there: what was heard of before had to wait for it.
    at = tx.now if row.wx_state else told.created_at or tx.now
    if await tx.run(LOCK, tx.merchant, row.id, at, at + rules.at(tx.now).taken_within):
        await _post(tx, row, debit=ledger.PAYOUTS_HELD, credit=ledger.CASH, kind="payout_locked")


async def _wait(tx: Tx, row: Payout, told: Transfer) -> None:
    news = row.state is not PayoutState.WAITING
    # A query does not tell the package: the one we have stays good.
    if await payouts.move(tx, row, "wait", package=told.package or row.package) and news:
        await tx.emit(PayoutWaiting(*words(row)))


async def _end(tx: Tx, row: Payout, told: Transfer) -> None:
    why = told.fail_reason or ("MCH_CANCEL" if told.state == "CANCELLED" else "")
    at = told.updated_at  # the bill has it under the day of this moment, however late we hear of it
    if told.state == "SUCCESS":
        if await payouts.move(tx, row, "settle", at=at):
            await _post(tx, row, debit=ledger.PAYOUTS, credit=ledger.PAYOUTS_HELD, kind="payout_paid")
            await tx.emit(PayoutPaid(*words(row)))
        return
    name = "drop" if told.state == "CANCELLED" else "expire" if why == LATE else "fail"
    if not await payouts.move(tx, row, name, problem=why or "OTHER_FAIL_REASON_TYPE", at=at):
        return
    if row.locked_at is not None:
        await _post(tx, row, debit=ledger.CASH, credit=ledger.PAYOUTS_HELD, kind="payout_back")
    state = (await payouts.get(tx, payout=row.id)).state
    await tx.emit(PayoutReturned(*words(row), state=state.value, problem=why))


async def _post(tx: Tx, row: Payout, *, debit: str, credit: str, kind: str) -> None:
    await ledger.post(tx, debit=debit, credit=credit, amount=row.amount_fen, kind=kind, source=row.id, note=row.remark)
