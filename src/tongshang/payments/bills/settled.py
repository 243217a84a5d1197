"""What WeChat holds for the merchant, pays out and takes, by day: kept from the fund-flow bill, booked where it moved.

A fund-flow bill is all we ever hear of a payout: no notice says that money went to the merchant's bank.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from tongshang.payments import ledger
from tongshang.payments.bills.funds import Settled
from tongshang.payments.bills.lines import Move
from tongshang.payments.ledger import Entry
from tongshang.platform.db import Tx
from tongshang.platform.money import Fen

KEEP = """
insert into fund_day (merchant_id, day, account_id, income_fen, refunds_fen, fees_fen, paid_out_fen, put_in_fen,
  other_fen, opening_fen, closing_fen, lines, fetched_at, shared_fen)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict (merchant_id, day, account_id) do update set income_fen = $4, refunds_fen = $5, fees_fen = $6,
  paid_out_fen = $7, put_in_fen = $8, other_fen = $9, opening_fen = $10, closing_fen = $11, lines = $12,
  fetched_at = $13, shared_fen = $14"""
CLOSING = "select closing_fen from fund_day where merchant_id = $1 and day = $2 and account_id = $3 and lines > 0"
MONTH = """
select f.day, f.account_id, a.mchid, f.income_fen, f.refunds_fen, f.fees_fen, f.paid_out_fen, f.put_in_fen,
  f.shared_fen, f.other_fen,
  f.opening_fen, f.closing_fen, f.lines, f.fetched_at
from fund_day f join pay_account a on a.merchant_id = f.merchant_id and a.id = f.account_id
where f.merchant_id = $1 and f.day >= $2 and f.day < $3 order by f.day desc, a.mchid"""
LAST = """
select coalesce(sum(x.closing_fen), 0)::bigint from (
  select distinct on (account_id) closing_fen from fund_day where merchant_id = $1 and lines > 0
  order by account_id, day desc) x"""
# What was taken by hand goes back by hand, and not out of what WeChat holds.
ON_ITS_WAY = """
select coalesce(sum(r.amount_fen), 0)::bigint from refund r
join charge_attempt a on a.merchant_id = r.merchant_id and a.id = r.attempt_id and a.account_id is not null
where r.merchant_id = $1 and r.state in ('requested', 'sent')"""


@dataclass(frozen=True)
class FundDay:
    """A day of an account at WeChat; all sums are positive but `other_fen`, which has its own sign."""

    day: date
    account_id: UUID
    mchid: str
    income_fen: Fen
    refunds_fen: Fen
    fees_fen: Fen
    paid_out_fen: Fen
    put_in_fen: Fen
    shared_fen: Fen
    other_fen: Fen
    opening_fen: Fen
    closing_fen: Fen
    lines: int
    fetched_at: datetime


@dataclass(frozen=True)
class Holding:
    """What WeChat holds: by its last bill, by our books now, and what is promised back out of it."""

    billed_fen: Fen
    booked_fen: Fen
    refunds_fen: Fen


async def keep(tx: Tx, *, account: UUID, day: date, settled: Settled, moves: Sequence[Move]) -> None:
    """Keep a day of an account, and book what moved between it and the bank; harmless when repeated."""
    words = asdict(settled)
    names = ("income_fen", "refunds_fen", "fees_fen", "paid_out_fen", "put_in_fen", "other_fen")
    sums = [words[name] for name in names]
    args = (*sums, settled.opening_fen, settled.closing_fen, settled.lines, tx.now, settled.shared_fen)
    await tx.run(KEEP, tx.merchant, day, account, *args)
    if moves:
        await ledger.post_all(tx, [_entry(account, move) for move in moves])


def _entry(account: UUID, move: Move) -> Entry:
    out = move.amount_fen < 0
    debit, credit = (ledger.PAID_OUT, ledger.CASH) if out else (ledger.CASH, ledger.PAID_OUT)
    # WeChat's own number of the movement: fetched again, it is booked once.
    source = uuid5(NAMESPACE_OID, f"{account}/{move.flow_id}")
    return Entry(debit, credit, abs(move.amount_fen), "payout" if out else "top_up", source, None, move.flow_id)


async def closing(tx: Tx, *, account: UUID, day: date) -> Fen | None:
    """Say what WeChat held at the end of a day, where its bill was fetched and not empty."""
    found: Fen | None = await tx.value(CLOSING, tx.merchant, day, account)
    return found


async def month(tx: Tx, *, first: date, end: date) -> list[FundDay]:
    """List the days from `first` up to, not including, `end`; the newest first."""
    return await tx.all(FundDay, MONTH, tx.merchant, first, end)


async def holding(tx: Tx) -> Holding:
    """Say what WeChat holds now, as far as bills and books know."""
    booked = next((one.balance_fen for one in await ledger.balances(tx) if one.account == ledger.CASH), 0)
    return Holding(await tx.value(LAST, tx.merchant), booked, await tx.value(ON_ITS_WAY, tx.merchant))
