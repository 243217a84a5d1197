"""What must be true of a merchant's money: the ledger balances, and payments and refunds are in it."""

from tongshang.payments import ledger
from tongshang.platform.checks import Check, by_sql
from tongshang.platform.db import Tx

SNAPSHOTS = """
with sides as (
  select day, debit as account, amount_fen as debit_fen, 0::bigint as credit_fen from posting where merchant_id = $1
  union all
  select day, credit, 0, amount_fen from posting where merchant_id = $1),
daily as (select account, day, sum(debit_fen) as d, sum(credit_fen) as c from sides group by account, day),
upto as (select account, day, sum(d) over w as d, sum(c) over w as c from daily
  window w as (partition by account order by day))
select s.day || ' ' || s.account from ledger_snapshot s left join lateral (
  select u.d, u.c from upto u where u.account = s.account and u.day <= s.day order by u.day desc limit 1) u on true
where s.merchant_id = $1 and (s.debit_fen, s.credit_fen) is distinct from (coalesce(u.d, 0), coalesce(u.c, 0))
order by s.day"""
UNKNOWN = """select distinct account from (
  select debit as account from posting where merchant_id = $1
  union all select credit from posting where merchant_id = $1) p where not account = any($2) order by 1"""
UNBOOKED = """
select a.id from charge_attempt a where a.merchant_id = $1 and a.state in ('paid', 'stray') and not exists (
  select 1 from posting p where p.merchant_id = a.merchant_id and p.source_id = a.id and p.amount_fen = a.paid_fen)
union all
select t.id from refund_attempt t join refund r on r.merchant_id = t.merchant_id and r.id = t.refund_id
where t.merchant_id = $1 and t.state = 'settled' and not exists (
  select 1 from posting p where p.merchant_id = t.merchant_id and p.source_id = t.id and p.kind = 'refund_settled'
    and p.amount_fen = r.amount_fen)"""
CHARGES = """
select c.id from charge c left join charge_attempt a
  on a.merchant_id = c.merchant_id and a.charge_id = c.id and a.id = c.paid_attempt_id
where c.merchant_id = $1 and c.state = 'paid'
  and (a.state is distinct from 'paid' or a.paid_fen is distinct from c.amount_fen
    or a.transaction_id is distinct from c.transaction_id)"""
REFUNDS = """
select a.id from charge_attempt a left join lateral (
  select coalesce(sum(r.amount_fen), 0) as fen from refund r
  where r.merchant_id = a.merchant_id and r.attempt_id = a.id and r.state <> 'closed') r on true
where a.merchant_id = $1 and (a.refunded_fen <> r.fen or a.refunded_fen > a.paid_fen)"""

# What came back, comes back and stays of a share is what its returns say; no payment is shared beyond what may be.
SHARES = """
select s.id from sharing_share s cross join lateral (
  select coalesce(sum(r.amount_fen) filter (where r.state in ('asked', 'failed')), 0) as coming,
    coalesce(sum(r.amount_fen) filter (where r.state = 'returned'), 0) as back,
    coalesce(sum(r.amount_fen) filter (where r.state = 'left'), 0) as stays
  from sharing_return r where r.merchant_id = s.merchant_id and r.share_id = s.id) r
where s.merchant_id = $1 and (s.asked_back_fen, s.returned_fen, s.left_fen) is distinct from (r.coming, r.back, r.stays)
union all
select p.id from sharing_split p cross join lateral (
  select coalesce(sum(s.amount_fen), 0) as fen from sharing_share s
  where s.merchant_id = p.merchant_id and s.split_id = p.id and s.state in ('open', 'paid')) s
where p.merchant_id = $1 and s.fen * 10000 > coalesce(p.base_fen, 0) * p.cap_per_myriad
union all
select p.id from sharing_split p cross join lateral (
  select coalesce(sum(u.amount_fen), 0) as fen from sharing_unwound u
  where u.merchant_id = p.merchant_id and u.split_id = p.id) u
where p.merchant_id = $1 and p.unwound_fen > u.fen"""

# What WeChat holds, gave and gave back of a pay-out is booked so, each once.
PAYOUTS = """
select o.id from payout o cross join lateral (
  select coalesce(sum(p.amount_fen) filter (where p.kind = 'payout_locked'), 0) as held,
    coalesce(sum(p.amount_fen) filter (where p.kind = 'payout_paid'), 0) as paid,
    coalesce(sum(p.amount_fen) filter (where p.kind = 'payout_back'), 0) as back
  from posting p where p.merchant_id = o.merchant_id and p.source_id = o.id) p
where o.merchant_id = $1 and (p.held, p.paid, p.back) is distinct from (
  case when o.locked_at is not null then o.amount_fen else 0 end,
  case when o.state = 'paid' then o.amount_fen else 0 end,
  case when o.locked_at is not null and o.state in ('failed', 'expired', 'canceled') then o.amount_fen else 0 end)"""


async def _balances(tx: Tx) -> list[str]:
    found = await ledger.trial_balance(tx)
    unknown: list[str] = await tx.value(f"select array({UNKNOWN})", tx.merchant, list(ledger.CHART))
    return unknown if found.agrees else [f"{found.debit_fen} ≠ {found.credit_fen}", *unknown]


checks = [
    Check("ledger", "账本借贷相等，与快照一致", "the ledger balances, from snapshots as from its beginning", _balances),
    by_sql("snapshots", "每份余额快照等于此前全部分录", "every snapshot is the sum of what was posted", SNAPSHOTS),
    by_sql("booked", "每笔收款、退款都已记账", "every payment and every refund is in the ledger", UNBOOKED),
    by_sql("charges", "已付的收款单与微信订单一致", "what is paid agrees with the try it was paid by", CHARGES),
    by_sql("refunds", "退款合计相符，且不超过实付", "refunds add up, and never to more than was paid", REFUNDS),
    by_sql("payouts", "每笔付款的冻结、到账与退回都已记账", "what each pay-out moved is booked", PAYOUTS),
    by_sql("shares", "分账与追回合计相符，不超过比例上限", "shares and returns add up, below the cap", SHARES),
]
