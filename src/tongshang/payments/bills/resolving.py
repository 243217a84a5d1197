"""What a person does about a difference: explained, followed in the books, posted, and taken out of suspense again."""

from datetime import date
from uuid import UUID, uuid5

from tongshang.payments import charges, ledger, settling
from tongshang.payments.bills import days
from tongshang.payments.bills.days import Found, Settled
from tongshang.payments.bills.lines import Kind
from tongshang.payments.facts import DifferenceResolved
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.money import Fen

ACTIONS = ("explained", "booked", "reported", "refunded", "posted")
RESOLVE = """
update bill_difference set state = 'resolved', action = $3, note = $4, resolved_at = $5, healed = false
where merchant_id = $1 and id = $2 and state = 'open'"""
CLEAR = """
update bill_difference set state = 'resolved', action = 'cleared', note = $3, resolved_at = $4, healed = false
where merchant_id = $1 and id = $2"""
COUNT = """
update bill_difference set suspense_fen = suspense_fen + $3, entries = entries + 1
where merchant_id = $1 and id = $2 and entries = $4"""
CORRECTED = """
select coalesce(sum(case debit when $3 then amount_fen else -amount_fen end), 0)::bigint from posting
where merchant_id = $1 and source_id = any($2) and kind = 'correction'"""
# Where what stood in suspense may belong, once it is known; cash is where it came from: the bill was wrong.
CLEAR_TO = (
    ledger.CASH, ledger.SALES, ledger.REFUNDS, ledger.FEES, ledger.OFFLINE, ledger.PAID_OUT, ledger.UNMATCHED,
)  # fmt: skip
NOTE_LENGTH = 500


class NothingHeld(Refused):
    """Nothing of this difference stands in suspense."""

    code, status, zh = "bill.nothing_held", 409, "这笔差异没有记在待查差异里的金额。"


async def resolve(tx: Tx, *, day: date, difference: UUID, action: str, note: str) -> Found:
    """Settle a difference by hand; "booked" moves the amount between WeChat's account and suspense.

    Raises NotFound, Settled, Invalid.
    """
    if action not in ACTIONS:
        raise Invalid(field="action", problem=f"one of {', '.join(ACTIONS)}")
    note = _noted(note)
    found = await days.find(tx, day=day, difference=difference)
    if found.state == "resolved" and (found.action, found.note) == (action, note):
        return found
    if not await tx.run(RESOLVE, tx.merchant, difference, action, note, tx.now):
        raise Settled
    if action == "booked":
        await _book(tx, found, note)
    if action == "posted":
        await _post(tx, found, note)
    return await _told(tx, found, action, note)


async def clear(tx: Tx, *, day: date, difference: UUID, to: str, note: str) -> Found:
    """Take what was booked of a difference out of suspense, to where it belongs; saying so twice is saying it once.

    Raises NotFound, NothingHeld, Invalid.
    """
    if to not in CLEAR_TO:
        raise Invalid(field="to", problem=f"one of {', '.join(CLEAR_TO)}")
    note = _noted(note)
    found = await days.find(tx, day=day, difference=difference)
    if not (fen := found.suspense_fen):
        if (found.action, found.note) == ("cleared", note):
            return found
        raise NothingHeld
    debit, credit = (ledger.SUSPENSE, to) if fen > 0 else (to, ledger.SUSPENSE)
    await _enter(tx, found, debit=debit, credit=credit, amount=abs(fen), kind="difference_cleared", note=note)
    await _count(tx, found, -fen)
    await tx.run(CLEAR, tx.merchant, difference, note, tx.now)
    return await _told(tx, found, "cleared", note)


def _noted(note: str) -> str:
    if not 0 < len(note.strip()) <= NOTE_LENGTH:
        raise Invalid(field="note", problem=f"1-{NOTE_LENGTH}")
    return note.strip()


async def _told(tx: Tx, found: Found, action: str, note: str) -> Found:
    await days.agree(tx, day=found.day)
    await tx.emit(DifferenceResolved(found.id, found.day, action, note))
    return await days.find(tx, day=found.day, difference=found.id)


async def _book(tx: Tx, found: Found, note: str) -> None:
    """Follow the bill: what WeChat has more than we is debited to its account, against suspense; once, and no more."""
    wanted = worth(found)
    if wanted == 0:
        raise Invalid(field="action", problem="there is no amount to book", zh="没有可入账的金额")
    if not (more := wanted - found.suspense_fen):
        return  # booked before, and the bill says so again
    debit, credit = (ledger.CASH, ledger.SUSPENSE) if more > 0 else (ledger.SUSPENSE, ledger.CASH)
    await _enter(tx, found, debit=debit, credit=credit, amount=abs(more), kind="difference", note=note)
    await _count(tx, found, more)


async def _post(tx: Tx, found: Found, note: str) -> None:
    """Post what orders and bill agree on and the ledger lacks; where it has another amount, the rest of it."""
    ours = found.ours or {}
    source, booked = settling.number_to_id(found.number), ours.get("booked_fen")
    if found.kind not in POSTED or source is None:
        raise Invalid(field="action", problem="there is nothing to post", zh="没有可入账的内容")
    pair, kind = await _sides(tx, found, source)
    # Towards the account at WeChat, what was corrected before counts; away from it, too.
    done = await tx.value(CORRECTED, tx.merchant, _sources(found), ledger.CASH)
    more = int(ours[POSTED[found.kind]]) - int(booked or 0) - (done if pair[0] == ledger.CASH else -done)
    if not more:
        return
    debit, credit = pair if more > 0 else (pair[1], pair[0])
    if booked is None:
        await ledger.post(tx, debit=debit, credit=credit, amount=abs(more), kind=kind, source=source, note=note[:200])
        return
    await _enter(tx, found, debit=debit, credit=credit, amount=abs(more), kind="correction", note=note)
    await _count(tx, found, 0)


# Under which name each kind says what the ledger should have.
POSTED = {
    Kind.LEDGER_DIFFERS: "amount_fen",
    Kind.REFUND_LEDGER_DIFFERS: "amount_fen",
    Kind.PAYOUT_LEDGER_DIFFERS: "due_fen",
    Kind.SHARE_LEDGER_DIFFERS: "due_fen",
}


async def _sides(tx: Tx, found: Found, source: UUID) -> tuple[tuple[str, str], str]:
    if found.kind is Kind.PAYOUT_LEDGER_DIFFERS:
        return (ledger.CASH, ledger.PAYOUTS_HELD), "correction"
    if found.kind is Kind.SHARE_LEDGER_DIFFERS:
        back = (found.ours or {}).get("returned")
        return (ledger.CASH, ledger.SHARES_RETURNING if back else ledger.SHARES_PAYABLE), "correction"
    if found.kind is Kind.REFUND_LEDGER_DIFFERS:
        return (ledger.PAYABLE, ledger.CASH), "refund_settled"
    if (found.ours or {}).get("state") == "stray":
        return (ledger.CASH, ledger.UNMATCHED), "stray_payment"
    charge = await charges.get(tx, charge=(await charges.attempt(tx, attempt=source)).charge_id)
    return (ledger.CASH, settling.EARNED.get(charge.purpose, ledger.UNMATCHED)), "payment"


def _sources(found: Found) -> list[UUID]:
    """Name the sources of a difference's own postings: another one for each, so that none is taken for a repeat."""
    return [uuid5(found.id, str(nth)) if nth else found.id for nth in range(found.entries + 1)]


async def _enter(tx: Tx, found: Found, *, debit: str, credit: str, amount: Fen, kind: str, note: str) -> None:
    new = await ledger.post(
        tx, debit=debit, credit=credit, amount=amount, kind=kind, source=_sources(found)[-1], note=note[:200]
    )
    assert new, "a difference's posting was there before it was made"


async def _count(tx: Tx, found: Found, more: Fen) -> None:
    assert await tx.run(COUNT, tx.merchant, found.id, more, found.entries)


def worth(found: Found) -> Fen:
    """Say by how many fen WeChat's side is larger than ours (a refund or a fee makes it smaller).

    WeChat's fee is part of it where the line's fee is not booked: what is left is what came to the account.
    """
    ours, theirs = found.ours or {}, found.theirs or {}
    if found.kind is Kind.LEDGER_UNKNOWN:
        return int(ours["amount_fen"]) * (-1 if ours["debit"] == ledger.CASH else 1)
    if found.kind is Kind.FUND_AMOUNT_DIFFERS:
        return int(theirs["net_fen"]) - int(ours["net_fen"])
    if found.kind in NO_AMOUNT:
        return 0
    sign = -1 if found.kind.startswith("refund") or "out_refund_no" in theirs else 1
    net = sign * int(theirs.get("amount_fen", 0)) - int(theirs.get("fee_fen", 0))
    if found.kind is Kind.DUPLICATE_LINE:
        return net * (int(theirs.get("count", 1)) - 1)
    if found.kind is Kind.STATE_DIFFERS:
        return net
    return net - sign * int(ours.get("amount_fen", 0))


# The bill's own fee is booked as it stands; the others say that something is wrong, and not that money is missing.
NO_AMOUNT = frozenset({
    Kind.FEE_DIFFERS, Kind.FUND_BALANCE_BREAKS, Kind.FUND_MISSING_THERE, Kind.SUMMARY_DIFFERS,
    Kind.TRANSACTION_DIFFERS, Kind.REFUND_STATE_DIFFERS, *POSTED,
})  # fmt: skip
