"""The ledger: a posting is one row, so it cannot be unbalanced; it is never changed, only answered by another.

Accounts (all amounts in fen; an asset or expense grows by debit, a liability or income by credit):

- cash_at_wechat   微信支付账户余额   asset      what WeChat Pay holds for the merchant
- sales            销售收入          income     charges paid
- refunds          销售退款          contra     what was promised back to shoppers
- fees             支付手续费        expense    WeChat's commission, from the bill
- unmatched        待退多收款        liability  money that is not ours: paid twice, paid after close, the one-fen test
- refunds_payable  应付退款          liability  promised back, not yet with the payer
- suspense         待查差异          either     what a person booked to settle a difference with a bill
- recharge         储值在途          liability  paid ahead but not in a wallet yet, or on its way back out of one
- stored_principal 储值本金          liability  what is in all wallets and was paid for
- stored_bonus     储值赠送          liability  what is in all wallets and was given (its cost stands in bonus_given)
- bonus_given      储值赠送成本      contra     what was given with recharges
- tenders_held     下单占用余额      liability  set aside for orders that are not paid yet
- paid_out         已结算到银行      asset      what WeChat paid out to the merchant's bank, from the fund-flow bill
- deposits         预收定金          liability  deposits of presales whose balance is not paid yet
- forfeited        留存定金          income     deposits of presales whose balance never came
- payouts_held     待领付款          asset      set aside by WeChat for people who have not taken it yet
- payouts          对外付款          expense    taken by people: commissions, rewards, compensations, red packets
- offline          线下收款          asset      cash and transfers that staff took by hand
- platform_fee     平台服务费        expense    shares of payments for the service provider
- partner_shares   合作方分账        expense    shares of payments for partners
- shares_payable   待分账           liability  shares promised, held at WeChat, not with the receiver yet
- shares_returning 追回中的分账      asset      shares asked back because of a refund, not there yet
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tongshang.platform.clock import business_day
from tongshang.platform.db import Tx
from tongshang.platform.money import Fen
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor

CASH, SALES, REFUNDS, FEES = "cash_at_wechat", "sales", "refunds", "fees"
UNMATCHED, PAYABLE, SUSPENSE = "unmatched", "refunds_payable", "suspense"
RECHARGE, STORED_PRINCIPAL, STORED_BONUS = "recharge", "stored_principal", "stored_bonus"
BONUS_GIVEN, TENDERS_HELD = "bonus_given", "tenders_held"
OFFLINE, PAID_OUT = "offline", "paid_out"
DEPOSITS, FORFEITED = "deposits", "forfeited"
PAYOUTS_HELD, PAYOUTS = "payouts_held", "payouts"
PLATFORM_FEE, PARTNER_SHARES = "platform_fee", "partner_shares"
SHARES_PAYABLE, SHARES_RETURNING = "shares_payable", "shares_returning"
CHART = {
    CASH: ("微信支付账户余额", "Cash at WeChat Pay"),
    SALES: ("销售收入", "Sales"),
    REFUNDS: ("销售退款", "Refunds"),
    FEES: ("支付手续费", "WeChat Pay fees"),
    UNMATCHED: ("待退多收款", "Money to give back"),
    PAYABLE: ("应付退款", "Refunds on their way"),
    SUSPENSE: ("待查差异", "Differences booked"),
    RECHARGE: ("储值在途", "Paid ahead, on its way"),
    STORED_PRINCIPAL: ("储值本金", "Stored value, paid"),
    STORED_BONUS: ("储值赠送", "Stored value, given"),
    BONUS_GIVEN: ("储值赠送成本", "Cost of what was given"),
    TENDERS_HELD: ("下单占用余额", "Set aside for orders"),
    OFFLINE: ("线下收款", "Received offline"),
    DEPOSITS: ("预收定金", "Deposits of presales"),
    FORFEITED: ("留存定金", "Deposits kept"),
    PAID_OUT: ("已结算到银行卡", "Paid out to the bank"),
    PAYOUTS_HELD: ("待领付款", "Pay-outs to be taken"),
    PAYOUTS: ("对外付款", "Pay-outs to people"),
    PLATFORM_FEE: ("平台服务费", "Platform fee"),
    PARTNER_SHARES: ("合作方分账", "Partners' shares"),
    SHARES_PAYABLE: ("待分账", "Shares owed"),
    SHARES_RETURNING: ("追回中的分账", "Shares on their way back"),
}

POST = """
insert into posting (merchant_id, id, debit, credit, amount_fen, kind, source_id, charge_id, day, at, note)
select $1, x.id, x.debit, x.credit, x.amount_fen, x.kind, x.source_id, x.charge_id, $9, $10, x.note
from unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::uuid[], $8::uuid[], $11::text[])
  as x(id, debit, credit, amount_fen, kind, source_id, charge_id, note)
on conflict (merchant_id, source_id, kind) do nothing"""
SUMS = """
with pairs as materialized (
  select debit, credit, sum(amount_fen)::bigint as fen from posting
  where merchant_id = $1 and day > $2 and day <= $3 group by debit, credit),
sides as (
  select debit as account, fen as debit_fen, 0::bigint as credit_fen from pairs
  union all
  select credit, 0, fen from pairs
  union all
  select account, debit_fen, credit_fen from ledger_snapshot where merchant_id = $1 and day = $2)
select account, sum(debit_fen)::bigint as debit_fen, sum(credit_fen)::bigint as credit_fen
from sides group by account order by account"""
LAST_SNAPSHOT = "select max(day) from ledger_snapshot where merchant_id = $1 and day <= $2"
KEEP = """
insert into ledger_snapshot (merchant_id, day, account, debit_fen, credit_fen) values ($1, $2, $3, $4, $5)
on conflict (merchant_id, day, account) do nothing"""
LIST = """
select id, debit, credit, amount_fen, kind, source_id, charge_id, day, at, note from posting
where merchant_id = $1 and ($2::uuid is null or id < $2) and ($3::text = '' or debit = $3 or credit = $3)
  and ($4::date is null or day >= $4) and ($5::date is null or day <= $5)
order by id desc limit $6"""
NEVER = date(1970, 1, 1)
ALWAYS = date(9999, 12, 31)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Posting:
    """An amount moved from the credited account to the debited one."""

    id: UUID
    debit: str
    credit: str
    amount_fen: Fen
    kind: str
    source_id: UUID
    charge_id: UUID | None
    day: date
    at: datetime
    note: str


class Entry(NamedTuple):
    """A posting to be made, once per source and kind."""

    debit: str
    credit: str
    amount_fen: Fen
    kind: str
    source_id: UUID
    charge_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True)
class Side:
    """What was debited and credited to an account so far."""

    account: str
    debit_fen: Fen
    credit_fen: Fen


@dataclass(frozen=True)
class Balance:
    """An account and what is in it: debits less credits, so that all accounts add up to zero."""

    account: str
    name_zh: str
    name_en: str
    debit_fen: Fen
    credit_fen: Fen
    balance_fen: Fen


@dataclass(frozen=True)
class TrialBalance:
    """All accounts; `agrees` says that debits equal credits, and that snapshots plus sums equal all postings."""

    balances: list[Balance]
    debit_fen: Fen
    credit_fen: Fen
    agrees: bool


def today(moment: datetime) -> date:
    """Give the Shanghai day a moment is booked on."""
    return date.fromisoformat(business_day(moment))


async def post(
    tx: Tx,
    *,
    debit: str,
    credit: str,
    amount: Fen,
    kind: str,
    source: UUID,
    charge: UUID | None = None,
    note: str = "",
) -> bool:
    """Book an amount once per source and kind; says whether it was new."""
    return bool(await post_all(tx, [Entry(debit, credit, amount, kind, source, charge, note)]))


async def post_all(tx: Tx, entries: Sequence[Entry]) -> int:
    """Book amounts, each once per source and kind; says how many were new."""
    assert all(entry.debit in CHART and entry.credit in CHART for entry in entries), entries
    ids = [tx.new_id() for _ in entries]
    debit, credit, amount, kind, source, charge, note = zip(*entries, strict=True)
    args = (ids, debit, credit, amount, kind, source, charge, today(tx.now), tx.now, note)
    return await tx.run(POST, tx.merchant, *args)


async def balances(tx: Tx, *, upto: date = ALWAYS) -> list[Balance]:
    """Say what is in each account: the last snapshot plus the sums since."""
    since = await tx.value(LAST_SNAPSHOT, tx.merchant, upto) or NEVER
    return _balances(await tx.all(Side, SUMS, tx.merchant, since, upto))


def _balances(sides: list[Side]) -> list[Balance]:
    known = {side.account: side for side in sides}
    found = []
    for account, (zh, en) in CHART.items():
        side = known.get(account, Side(account, 0, 0))
        amount = side.debit_fen - side.credit_fen
        found.append(Balance(account, zh, en, side.debit_fen, side.credit_fen, amount))
    return found


async def quick_trial(tx: Tx) -> TrialBalance:
    """Add up from the last snapshot on, which a long history costs nothing, and check that snapshot by the one before.

    What was posted behind an older snapshot is found by `trial_balance` alone, which reads every posting there is.
    """
    last = await tx.value(LAST_SNAPSHOT, tx.merchant, ALWAYS) or NEVER
    found = _balances(await tx.all(Side, SUMS, tx.merchant, last, ALWAYS))
    before = await tx.value(LAST_SNAPSHOT, tx.merchant, last - DAY) or NEVER if last > NEVER else NEVER
    again = last == before or _balances(await tx.all(Side, SUMS, tx.merchant, before, last)) == _balances(
        await tx.all(Side, SUMS, tx.merchant, last, last)
    )
    debit, credit = sum(b.debit_fen for b in found), sum(b.credit_fen for b in found)
    return TrialBalance(found, debit, credit, debit == credit and again)


async def trial_balance(tx: Tx) -> TrialBalance:
    """Add everything up twice, from the snapshots and from the first posting on, and compare."""
    quick = await balances(tx)
    slow = _balances(await tx.all(Side, SUMS, tx.merchant, NEVER, ALWAYS))
    debit, credit = sum(b.debit_fen for b in slow), sum(b.credit_fen for b in slow)
    return TrialBalance(slow, debit, credit, debit == credit and quick == slow)


async def balances_on(tx: Tx, *, day: date) -> TrialBalance:
    """Say what was in each account at the end of a day; `agrees` says that debits equal credits."""
    found = await balances(tx, upto=day)
    debit, credit = sum(b.debit_fen for b in found), sum(b.credit_fen for b in found)
    return TrialBalance(found, debit, credit, debit == credit)


async def snapshot(tx: Tx, *, day: date) -> None:
    """Add all accounts up to the end of a day that is over; once, later calls change nothing."""
    assert day < today(tx.now), "a day that is not over can still be posted to"
    since = await tx.value(LAST_SNAPSHOT, tx.merchant, day) or NEVER
    if since == day:
        return
    sides = await tx.all(Side, SUMS, tx.merchant, since, day)
    await tx.run_many(KEEP, [(tx.merchant, day, s.account, s.debit_fen, s.credit_fen) for s in sides])


async def postings(
    tx: Tx,
    *,
    account: str = "",
    first: date | None = None,
    last: date | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> Page[Posting]:
    """List postings, newest first."""
    most = limit_of(limit, default=50)
    start = read_cursor(after, UUID)[0] if after else None
    found = await tx.all(Posting, LIST, tx.merchant, start, account, first, last, most + 1)
    return page_of(found, most, lambda posting: (posting.id,))
