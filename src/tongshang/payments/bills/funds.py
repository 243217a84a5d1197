"""The third side: what moved on the merchant's account at WeChat, held against the trade bill and our books; pure.

The trade bill says what was sold and given back, the fund-flow bill what became of the money: each number must have
moved exactly what its lines say, each balance must follow from the one before, and nothing may move that nobody knows.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tongshang.payments.bills import given, shared
from tongshang.payments.bills.lines import Comparison, Kind, Move, OurPayment, OurRefund
from tongshang.platform.money import Fen
from weixin.products.pay import FundRow, FundSummary, TradeRow

TRADED = frozenset({"交易", "退款", "扣除交易手续费"})
# Between the account and the merchant's bank: positive when it came in.
MOVES = frozenset({"提现", "充值"})


@dataclass
class Settled:
    """What an account did on a day; sums are positive, `closing_fen` is what WeChat held in the end."""

    income_fen: Fen = 0
    refunds_fen: Fen = 0
    fees_fen: Fen = 0
    paid_out_fen: Fen = 0
    put_in_fen: Fen = 0
    shared_fen: Fen = 0
    other_fen: Fen = 0
    opening_fen: Fen = 0
    closing_fen: Fen = 0
    lines: int = 0


def compare_funds(
    found: Comparison,
    *,
    rows: Sequence[TradeRow],
    payments: Iterable[OurPayment],
    refunds: Iterable[OurRefund],
    flows: Sequence[FundRow],
    summary: FundSummary | None,
    opening_fen: Fen | None,
) -> Settled:
    """Find what the account's movements contradict, and say what they add up to.

    `opening_fen` is what WeChat held at the end of the day before, where that is known.
    """
    due = _due(rows)
    moved: dict[str, list[FundRow]] = defaultdict(list)
    for flow in flows:
        if flow.kind in TRADED:
            moved[flow.business_id].append(flow)
        elif flow.kind in MOVES:
            found.moves.append(Move(flow.flow_id, flow.kind, flow.amount_fen, flow.booked_at))
        elif given.is_payout(flow) or shared.is_share(flow):
            continue  # compared with our own promises
        else:
            found.differ(Kind.FUND_UNKNOWN, flow.flow_id, None, _flow(flow))
    told = _witness(found, moved)
    for number, (expected, shown) in due.items():
        if number in told:
            continue
        net = sum(flow.amount_fen for flow in moved[number]) if number in moved else None
        if net is None:
            # Closed within the day, a refund may have moved nothing at all.
            if 0 not in expected:
                found.differ(Kind.FUND_MISSING_THERE, number, shown, None)
        elif net not in expected:
            found.differ(Kind.FUND_AMOUNT_DIFFERS, number, {**shown, "net_fen": expected[0]}, _net(moved[number]))
    ours = {one.transaction_id for one in payments} | {one.refund_id for one in refunds}
    for number, some in moved.items():
        if number not in due and number not in ours and number not in told:
            found.differ(Kind.FUND_MISSING_HERE, number, None, _net(some))
    _balances(found, flows, opening_fen)
    settled = _sums(flows)
    if summary is not None:
        _summary(found, summary, flows)
    return settled


def _witness(found: Comparison, moved: dict[str, list[FundRow]]) -> set[str]:
    """Add to what was found already what the account says of it, so that a person sees who stands alone; give them."""
    told: set[str] = set()
    for nth, one in enumerate(found.differences):
        if number := one.business:
            told.add(number)
            found.differences[nth] = replace(one, moved=_net(moved[number]) if number in moved else {"count": 0})
    return told


def _due(rows: Sequence[TradeRow]) -> dict[str, tuple[tuple[Fen, ...], dict[str, Any]]]:
    """Say by how much each number must have changed the account (any of these), and show its line."""
    due: dict[str, tuple[tuple[Fen, ...], dict[str, Any]]] = {}
    for row in rows:
        if not row.out_refund_no:
            # Called off at the counter after it was paid: what came in went out again.
            net = 0 if row.state == "REVOKED" or due.get(row.transaction_id, ((1,),))[0] == (0,) else None
            paid = row.order_fen - row.fee_fen if net is None else net
            shown = {"out_trade_no": row.out_trade_no, "amount_fen": row.order_fen, "fee_fen": row.fee_fen}
            due[row.transaction_id] = ((paid,), shown)
            continue
        back = -row.refund_fen - row.fee_fen
        shown = {"out_refund_no": row.out_refund_no, "amount_fen": row.refund_fen, "fee_fen": row.fee_fen}
        # What came back because a refund was closed may have come the same day, or later.
        due[row.refund_id] = ((back,) if row.refund_state == "SUCCESS" else (back, 0), shown)
    return due


def _balances(found: Comparison, flows: Sequence[FundRow], opening_fen: Fen | None) -> None:
    before = opening_fen
    for flow in flows:
        if before is not None and before + flow.amount_fen != flow.balance_fen:
            ours = {"balance_fen": before + flow.amount_fen}
            found.differ(Kind.FUND_BALANCE_BREAKS, flow.flow_id, ours, _flow(flow))
        before = flow.balance_fen


def _summary(found: Comparison, told: FundSummary, flows: Sequence[FundRow]) -> None:
    came = sum(flow.amount_fen for flow in flows if flow.amount_fen > 0)
    went = -sum(flow.amount_fen for flow in flows if flow.amount_fen < 0)
    if (came, went) != (told.in_fen, told.out_fen):
        theirs = {"in_fen": told.in_fen, "out_fen": told.out_fen}
        found.differ(Kind.SUMMARY_DIFFERS, "fund", {"in_fen": came, "out_fen": went}, theirs)


def _sums(flows: Sequence[FundRow]) -> Settled:
    made = Settled(lines=len(flows))
    for flow in flows:
        fen = flow.amount_fen
        if flow.kind == "交易":
            made.income_fen += fen
        elif flow.kind == "退款":
            made.refunds_fen -= fen
        elif flow.kind == "扣除交易手续费":
            made.fees_fen -= fen
        elif flow.kind == "提现":
            made.paid_out_fen -= fen
        elif flow.kind == "充值":
            made.put_in_fen += fen
        elif shared.is_share(flow):
            made.shared_fen -= fen
        else:
            made.other_fen += fen
    if flows:
        made.opening_fen, made.closing_fen = flows[0].balance_fen - flows[0].amount_fen, flows[-1].balance_fen
    return made


def _flow(flow: FundRow) -> dict[str, Any]:
    return {
        "flow_id": flow.flow_id,
        "business_id": flow.business_id,
        "kind": flow.kind,
        "amount_fen": flow.amount_fen,
        "balance_fen": flow.balance_fen,
        "time": flow.booked_at,
    }


def _net(flows: Sequence[FundRow]) -> dict[str, Any]:
    net = sum(flow.amount_fen for flow in flows)
    return {"business_id": flows[0].business_id, "amount_fen": net, "net_fen": net, "count": len(flows)}
