"""Statements: what an account held, what moved it in a period and against what, and what it held then; also as CSV.

Read from snapshots and the period's own postings, so that a long history costs a statement nothing.
"""

import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from uuid import UUID

import msgspec

from tongshang.payments import ledger
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.money import Fen, yuan
from tongshang.platform.world import World

MOVED = """
select kind, other, count(*)::integer as times, sum(debit_fen)::bigint as debit_fen,
  sum(credit_fen)::bigint as credit_fen
from (
  select kind, credit as other, amount_fen as debit_fen, 0::bigint as credit_fen from posting
  where merchant_id = $1 and debit = $2 and day >= $3 and day <= $4
  union all
  select kind, debit, 0, amount_fen from posting
  where merchant_id = $1 and credit = $2 and day >= $3 and day <= $4) x
group by kind, other order by kind, other"""
SOME = """select id, debit, credit, amount_fen, kind, source_id, charge_id, day, at, note from posting
where merchant_id = $1 and ($2 = '' or debit = $2 or credit = $2) and day >= $3 and day <= $4
  and ($5::uuid is null or id > $5)
order by id limit 1000"""
COUNT = """select count(*) from (select 1 from posting
where merchant_id = $1 and ($2 = '' or debit = $2 or credit = $2) and day >= $3 and day <= $4 limit $5) x"""
MOST_DAYS = 400
MOST = 200_000
"""As many postings as one file may have."""
HEAD = [
    ("时间", "At"), ("类型", "Kind"), ("借方科目", "Debit"), ("贷方科目", "Credit"), ("金额（元）", "Amount (yuan)"),
    ("来源编号", "Source"), ("备注", "Note"),
]  # fmt: skip


TRIAL_HEAD = [
    ("科目", "Account"), ("借方发生额", "Debits"), ("贷方发生额", "Credits"), ("借方余额", "Debit balance"),
    ("贷方余额", "Credit balance"),
]  # fmt: skip


class TooManyPostings(Refused):
    """One file has at most {most} postings; choose a shorter period, or one account."""

    code, status, zh = "ledger.too_many_postings", 409, "一个文件最多 {most} 条分录，请缩短时间段或只导出一个科目。"


class PeriodTooLong(Refused):
    """Choose a period of at most {days} days."""

    code, status, zh = "ledger.period_too_long", 400, "请选择不超过 {days} 天的时间段。"


@dataclass(frozen=True)
class Moved:
    """What moved an account in a period, by kind of posting and by the account on its other side."""

    kind: str
    other: str
    times: int
    debit_fen: Fen
    credit_fen: Fen


class Statement(msgspec.Struct, frozen=True):
    """An account in a period; opening + debits - credits = closing."""

    account: str
    name_zh: str
    name_en: str
    first: date
    last: date
    opening_fen: Fen
    debit_fen: Fen
    credit_fen: Fen
    closing_fen: Fen
    moved: list[Moved]


def check(account: str, first: date, last: date) -> None:
    """Refuse an account there is none of, and a period too long or backwards."""
    if account and account not in ledger.CHART:
        raise Invalid(field="account", problem="unknown")
    if last < first:
        raise Invalid(field="to", problem="≥ from")
    if (last - first).days > MOST_DAYS:
        raise PeriodTooLong(days=MOST_DAYS)


async def check_size(tx: Tx, *, account: str, first: date, last: date, most: int = MOST) -> None:
    """Refuse a file that would leave postings out; raises TooManyPostings."""
    if await tx.value(COUNT, tx.merchant, account, first, last, most + 1) > most:
        raise TooManyPostings(most=most)


async def of_account(tx: Tx, *, account: str, first: date, last: date) -> Statement:
    """Say what an account held, what moved it, and what it held then (fen, debits less credits)."""
    check(account, first, last)
    before = {one.account: one for one in await ledger.balances(tx, upto=first - timedelta(days=1))}[account]
    moved = await tx.all(Moved, MOVED, tx.merchant, account, first, last)
    debit, credit = sum(one.debit_fen for one in moved), sum(one.credit_fen for one in moved)
    opening = before.balance_fen
    return Statement(
        account, *ledger.CHART[account], first, last, opening, debit, credit, opening + debit - credit, moved
    )  # fmt: skip


async def sheet(
    world: World, merchant: UUID, *, account: str, first: date, last: date, language: str
) -> AsyncIterator[bytes]:
    """Write the postings of a period as CSV, piece by piece, oldest first; amounts in yuan."""
    side = 0 if language == "zh" else 1
    yield ("\ufeff" + _csv([[names[side] for names in HEAD]])).encode()
    start = None
    while True:
        async with world.tx(merchant) as tx:
            found = await tx.all(ledger.Posting, SOME, tx.merchant, account, first, last, start)
        if not found:
            return
        yield _csv([_row(one, side) for one in found]).encode()
        start = found[-1].id


def trial_sheet(trial: ledger.TrialBalance, *, language: str) -> bytes:
    """Write a trial balance as CSV: turnover and balance of every account by side, and the totals; amounts in yuan."""
    side = 0 if language == "zh" else 1
    rows = [[names[side] for names in TRIAL_HEAD]]
    sums = [0, 0, 0, 0]
    for one in trial.balances:
        fens = (one.debit_fen, one.credit_fen, max(one.balance_fen, 0), max(-one.balance_fen, 0))
        sums = [total + fen for total, fen in zip(sums, fens, strict=True)]
        rows.append([ledger.CHART[one.account][side], *(yuan(fen) for fen in fens)])
    rows.append([("合计", "Total")[side], *(yuan(fen) for fen in sums)])
    return ("\ufeff" + _csv(rows)).encode()


def _row(one: ledger.Posting, side: int) -> list[str]:
    note = f"'{one.note}" if one.note[:1] in ("=", "+", "-", "@", "\t", "\r") else one.note
    return [
        f"{one.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}", one.kind, ledger.CHART[one.debit][side],
        ledger.CHART[one.credit][side], yuan(one.amount_fen), str(one.source_id), note,
    ]  # fmt: skip


def _csv(rows: list[list[str]]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()
