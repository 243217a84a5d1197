"""Our side of a day: what was paid and what was given back, as far as a bill can speak of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from tongshang.payments.bills.lines import OurPayment, OurRefund
from tongshang.payments.settling import number_to_id
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from weixin.products.pay import TradeRow

PAYMENTS = """
select a.id, a.charge_id, a.transaction_id, a.amount_fen, a.state, a.billed_on, f.amount_fen as fee_fen,
  b.amount_fen as booked_fen,
  (a.paid_at >= $3 and a.paid_at < $4) is true as on_day
from charge_attempt a
left join posting f on f.merchant_id = a.merchant_id and f.source_id = a.id and f.kind = 'fee'
left join posting b on b.merchant_id = a.merchant_id and b.source_id = a.id
  and b.kind = case a.state when 'stray' then 'stray_payment' else 'payment' end
where a.merchant_id = $1 and a.account_id = $2 and ((a.paid_at >= $3 and a.paid_at < $4) or a.id = any($5))"""
# A number WeChat closed at once, without ever accepting it, stands in no bill.
REFUNDS = """
select n.id, r.charge_id, n.wx_refund_id as refund_id, r.amount_fen, n.billed_on, -f.amount_fen as fee_fen,
  b.amount_fen as booked_fen,
  case when n.state = 'active' then r.state else n.state end as state,
  (n.accepted_at >= $3 and n.accepted_at < $4) is true as on_day
from refund_attempt n
join refund r on r.merchant_id = n.merchant_id and r.id = n.refund_id
join charge_attempt a on a.merchant_id = r.merchant_id and a.id = r.attempt_id
left join posting f on f.merchant_id = n.merchant_id and f.source_id = n.id and f.kind = 'fee_back'
left join posting b on b.merchant_id = n.merchant_id and b.source_id = n.id and b.kind = 'refund_settled'
where n.merchant_id = $1 and a.account_id = $2 and ((n.accepted_at >= $3 and n.accepted_at < $4) or n.id = any($5))"""
# Whatever the ledger says came from, or went back to, a payer must have its payment or its refund.
UNKNOWN = """
select p.id, p.kind, p.source_id, p.debit, p.credit, p.amount_fen from posting p
where p.merchant_id = $1 and p.day = $2
  and p.kind in ('payment', 'stray_payment', 'refund_settled', 'payout_locked', 'payout_back')
  and not exists (select from charge_attempt a where a.merchant_id = p.merchant_id and a.id = p.source_id)
  and not exists (select from refund_attempt n where n.merchant_id = p.merchant_id and n.id = p.source_id)
  and not exists (select from payout o where o.merchant_id = p.merchant_id and o.id = p.source_id)
union all
select p.id, p.kind, p.source_id, p.debit, p.credit, p.amount_fen from posting p
where p.merchant_id = $1 and p.day = $2 and p.kind in ('share_paid', 'share_returned')
  and not exists (select from sharing_split s where s.merchant_id = p.merchant_id and s.charge_id = p.charge_id)"""
ACCOUNTS = """
select coalesce(array_agg(p.id), '{}') from pay_account p where p.merchant_id = $1 and (p.in_use
  or exists (select 1 from charge_attempt a where a.merchant_id = p.merchant_id and a.account_id = p.id
    and a.paid_at >= $2 and a.paid_at < $3)
  or exists (select 1 from payout o where o.merchant_id = p.merchant_id and o.account_id = p.id
    and (o.locked_at >= $2 and o.locked_at < $3 or o.ended_at >= $2 and o.ended_at < $3))
  or exists (select 1 from refund_attempt n
    join refund r on r.merchant_id = n.merchant_id and r.id = n.refund_id
    join charge_attempt a on a.merchant_id = r.merchant_id and a.id = r.attempt_id
    where n.merchant_id = p.merchant_id and a.account_id = p.id and n.accepted_at >= $2 and n.accepted_at < $3))"""


@dataclass(frozen=True)
class Stranger:
    """A posting that nothing of ours stands behind."""

    id: UUID
    kind: str
    source_id: UUID
    debit: str
    credit: str
    amount_fen: int

    def shown(self) -> dict[str, Any]:
        """Show this side of a difference."""
        words = {"kind": self.kind, "debit": self.debit, "credit": self.credit}
        return {**words, "amount_fen": self.amount_fen, "source_id": str(self.source_id)}


async def strangers(tx: Tx, *, day: date) -> list[Stranger]:
    """List a day's postings of payments, refunds, pay-outs and shares that are not there."""
    return await tx.all(Stranger, UNKNOWN, tx.merchant, day)


def bounds(day: date) -> tuple[datetime, datetime]:
    """Give the beginning and the end of a Shanghai day."""
    start = datetime.combine(day, time(0), SHANGHAI)
    return start, start + timedelta(days=1)


async def accounts_of_day(tx: Tx, *, day: date) -> list[UUID]:
    """List the accounts whose bill of a day we want: the one in use, and any that moved money."""
    return list(await tx.value(ACCOUNTS, tx.merchant, *bounds(day)))


async def payments(tx: Tx, *, account: UUID, day: date, rows: Sequence[TradeRow]) -> list[OurPayment]:
    """List our payments of a day, and those of any day that the bill names."""
    ids = _ids(row.out_trade_no for row in rows)
    return await tx.all(OurPayment, PAYMENTS, tx.merchant, account, *bounds(day), ids)


async def refunds(tx: Tx, *, account: UUID, day: date, rows: Sequence[TradeRow]) -> list[OurRefund]:
    """List our refunds accepted on a day, and those of any day that the bill names."""
    ids = _ids(row.out_refund_no for row in rows)
    return await tx.all(OurRefund, REFUNDS, tx.merchant, account, *bounds(day), ids)


def _ids(numbers: Iterable[str]) -> list[UUID]:
    return [id for id in map(number_to_id, numbers) if id is not None]
