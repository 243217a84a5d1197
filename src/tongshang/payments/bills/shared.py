"""Shares in the fund-flow bill: each request and each return must have moved what our books say it did.

Three sides again: our promise, the ledger, the account. The trade bill knows nothing of them. A flow carries our own
number as its voucher (seen, not published).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tongshang.payments import ledger
from tongshang.payments.bills.lines import Comparison, Kind
from tongshang.payments.bills.ours import bounds
from tongshang.payments.settling import number_to_id
from tongshang.payments.sharing import shares as shares_of
from tongshang.platform.db import Tx
from tongshang.platform.money import Fen
from weixin.products.pay import FundRow

KINDS = frozenset({"分账", "分账回退"})
# By our own numbers, which a fund flow carries: shares that were paid, and those that came back.
SHARES = """
select s.request_id as id, coalesce(max(q.wx_order_id), '') as wx_id, -sum(s.amount_fen)::bigint as amount_fen,
  bool_or(s.paid_at >= $3 and s.paid_at < $4) as on_day, false as returned
from sharing_share s
join sharing_request q on q.merchant_id = s.merchant_id and q.id = s.request_id
join sharing_split p on p.merchant_id = s.merchant_id and p.id = s.split_id
join charge_attempt a on a.merchant_id = p.merchant_id and a.id = p.attempt_id
where s.merchant_id = $1 and a.account_id = $2 and s.state = 'paid'
  and ((s.paid_at >= $3 and s.paid_at < $4) or s.request_id = any($5))
group by s.request_id
union all
select r.number_id, '', r.amount_fen, r.returned_at >= $3 and r.returned_at < $4, true
from sharing_return r
join sharing_split p on p.merchant_id = r.merchant_id and p.id = r.split_id
join charge_attempt a on a.merchant_id = p.merchant_id and a.id = p.attempt_id
where r.merchant_id = $1 and a.account_id = $2 and r.state = 'returned'
  and ((r.returned_at >= $3 and r.returned_at < $4) or r.number_id = any($5))"""

# What stands behind each number: a posting's source is the share together with its request, or the return.
BEHIND = """
select s.id, s.request_id as number_id, false as returned from sharing_share s
where s.merchant_id = $1 and s.request_id = any($2) and s.state = 'paid'
union all
select r.id, r.number_id, true from sharing_return r
where r.merchant_id = $1 and r.number_id = any($2) and r.state = 'returned'"""
POSTED = """
select source_id, case debit when $3 then amount_fen else -amount_fen end as fen from posting
where merchant_id = $1 and source_id = any($2) and kind in ('share_paid', 'share_returned')"""

# What WeChat did and has not told us yet: its own answer is compared with our promise when it comes.
UNDER_WAY = """
select id from sharing_request where merchant_id = $1 and id = any($2) and ended_at is null
union all
select number_id from sharing_return where merchant_id = $1 and number_id = any($2) and state = 'asked'"""


@dataclass(frozen=True)
class OurShare:
    """What one of our sharing requests, or returns, moved: negative when it left the account."""

    id: UUID
    wx_id: str
    amount_fen: Fen
    on_day: bool
    returned: bool

    @property
    def number(self) -> str:
        """The out_order_no, or the out_return_no."""
        return self.id.hex

    def shown(self) -> dict[str, Any]:
        """Show this side of a difference."""
        return {"number": self.number, "business_id": self.wx_id, "amount_fen": self.amount_fen}


@dataclass(frozen=True)
class _Behind:
    id: UUID
    number_id: UUID
    returned: bool

    @property
    def source(self) -> UUID:
        return self.id if self.returned else shares_of.source(self.id, self.number_id)


@dataclass(frozen=True)
class _UnderWay:
    id: UUID


@dataclass(frozen=True)
class _Posted:
    source_id: UUID
    fen: Fen


def is_share(flow: FundRow) -> bool:
    """Say whether a movement is a share, or one that came back."""
    return flow.kind in KINDS


async def shares(tx: Tx, *, account: UUID, day: date, flows: Sequence[FundRow]) -> list[OurShare]:
    """List what was shared and came back on a day, and what of any day the bill names."""
    ids = [id for flow in flows if is_share(flow) and (id := number_to_id(flow.voucher)) is not None]
    return await tx.all(OurShare, SHARES, tx.merchant, account, *bounds(day), ids)


async def under_way(tx: Tx, *, flows: Sequence[FundRow]) -> set[str]:
    """Name the numbers of which WeChat's answer is still to come."""
    ids = [id for flow in flows if is_share(flow) and (id := number_to_id(flow.voucher)) is not None]
    return {one.id.hex for one in await tx.all(_UnderWay, UNDER_WAY, tx.merchant, ids)}


async def booked(tx: Tx, *, ours: Sequence[OurShare]) -> dict[UUID, Fen]:
    """Say what the ledger has of each number: how it changed the account at WeChat."""
    behind = await tx.all(_Behind, BEHIND, tx.merchant, [one.id for one in ours])
    numbers = {one.source: one.number_id for one in behind}
    sums: dict[UUID, Fen] = defaultdict(int)
    for one in await tx.all(_Posted, POSTED, tx.merchant, list(numbers), ledger.CASH):
        sums[numbers[one.source_id]] += one.fen
    return sums


def compare(
    found: Comparison, *, ours: Sequence[OurShare], flows: Sequence[FundRow], booked: Mapping[UUID, Fen],
    under_way: Collection[str] = (),
) -> None:  # fmt: skip
    """Find shares and returns that moved otherwise than we know, by our own number, which the flow carries."""
    known, moved = {one.number: one for one in ours}, defaultdict[str, list[FundRow]](list)
    for flow in flows:
        if is_share(flow):
            moved[flow.voucher].append(flow)
    for number, some in moved.items():
        mine = known.get(number)
        if number in under_way:
            continue
        if mine is None:
            found.differ(Kind.SHARE_MISSING_HERE, number or some[0].flow_id, None, _net(some))
        elif mine.amount_fen != sum(flow.amount_fen for flow in some):
            found.differ(Kind.SHARE_AMOUNT_DIFFERS, number, mine.shown(), _net(some))
    for number, mine in known.items():
        if mine.on_day and number not in moved:
            found.differ(Kind.SHARE_MISSING_THERE, number, mine.shown(), None)
    for number, mine in known.items():
        if (there := booked.get(mine.id, 0)) != mine.amount_fen:
            shown = mine.shown() | {"booked_fen": there, "due_fen": mine.amount_fen, "returned": mine.returned}
            found.differ(Kind.SHARE_LEDGER_DIFFERS, number, shown, None)


def _net(flows: Sequence[FundRow]) -> dict[str, Any]:
    net = sum(flow.amount_fen for flow in flows)
    return {"business_id": flows[0].business_id, "amount_fen": net, "count": len(flows)}
