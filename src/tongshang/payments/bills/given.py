"""Pay-outs in the fund-flow bill: each number must have moved what our books say it did on that day.

The trade bill knows nothing of them, so the account's movements and our two sides (promise, ledger) are compared.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tongshang.payments.bills.lines import Comparison, Kind
from tongshang.payments.bills.ours import bounds
from tongshang.platform.db import Tx
from tongshang.platform.money import Fen
from weixin.products.pay import FundRow

# Names change with WeChat's business, says its page (format-fundflow, 2024-11-25); transfers have had these.
NAMES, KINDS = frozenset({"企业付款", "商家转账"}), ("商家转账", "企业付款", "现金红包")
OURS = """
select p.id, p.wx_bill_no as bill_no, p.amount_fen, p.state,
  (p.locked_at >= $3 and p.locked_at < $4) is true as out_on_day,
  (p.locked_at is not null and p.ended_at >= $3 and p.ended_at < $4
    and p.state in ('failed', 'expired', 'canceled')) is true as back_on_day,
  p.locked_at is not null as locked,
  (select coalesce(sum(case x.kind when 'payout_locked' then -x.amount_fen else x.amount_fen end), 0) from posting x
    where x.merchant_id = p.merchant_id and x.source_id = p.id
      and x.kind in ('payout_locked', 'payout_back'))::bigint as booked_fen
from payout p
where p.merchant_id = $1 and p.account_id = $2
  and ((p.locked_at >= $3 and p.locked_at < $4) or (p.ended_at >= $3 and p.ended_at < $4) or p.wx_bill_no = any($5))"""
BACK = frozenset({"failed", "expired", "canceled"})


@dataclass(frozen=True)
class OurPayout:
    """One of our pay-outs, as far as a day's movements can speak of it."""

    id: UUID
    bill_no: str | None
    amount_fen: Fen
    state: str
    out_on_day: bool
    back_on_day: bool
    locked: bool
    booked_fen: Fen

    @property
    def net_fen(self) -> Fen:
        """Say by how much it must have changed the account on this day."""
        return (self.amount_fen if self.back_on_day else 0) - (self.amount_fen if self.out_on_day else 0)

    @property
    def due_fen(self) -> Fen:
        """Say by how much the ledger must have changed it in all."""
        return -self.amount_fen if self.locked and self.state not in BACK else 0

    def shown(self) -> dict[str, Any]:
        """Show this side of a difference."""
        words = {"out_bill_no": self.id.hex, "transfer_bill_no": self.bill_no, "state": self.state}
        return {**words, "amount_fen": self.amount_fen, "net_fen": self.net_fen}


def is_payout(flow: FundRow) -> bool:
    """Say whether a movement is a pay-out, or one that came back."""
    return flow.name in NAMES or flow.kind.startswith(KINDS)


async def payouts(tx: Tx, *, account: UUID, day: date, flows: Sequence[FundRow]) -> list[OurPayout]:
    """List our pay-outs that moved money on a day, and those that the day's movements name."""
    named = [flow.business_id for flow in flows if is_payout(flow)]
    return await tx.all(OurPayout, OURS, tx.merchant, account, *bounds(day), named)


def compare(found: Comparison, *, ours: Sequence[OurPayout], flows: Sequence[FundRow]) -> None:
    """Find what a day's movements contradict of our pay-outs, and what the ledger lacks of them."""
    moved: dict[str, list[FundRow]] = defaultdict(list)
    for flow in flows:
        if is_payout(flow):
            moved[flow.business_id].append(flow)
    found.lines += sum(len(some) for some in moved.values())
    known = {one.bill_no: one for one in ours if one.bill_no}
    for number, some in moved.items():
        mine, net = known.get(number), sum(flow.amount_fen for flow in some)
        theirs = {"business_id": number, "amount_fen": net, "net_fen": net, "count": len(some)}
        if mine is None:
            found.differ(Kind.FUND_MISSING_HERE, number, None, theirs)
        elif net != mine.net_fen:
            found.differ(Kind.FUND_AMOUNT_DIFFERS, number, mine.shown(), theirs)
    for number, mine in known.items():
        if number not in moved and mine.net_fen:
            found.differ(Kind.FUND_MISSING_THERE, number, mine.shown(), None)
    for mine in ours:
        if mine.booked_fen != mine.due_fen:
            shown = mine.shown() | {"booked_fen": mine.booked_fen, "due_fen": mine.due_fen}
            found.differ(Kind.PAYOUT_LEDGER_DIFFERS, mine.id.hex, shown, None)
