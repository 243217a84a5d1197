"""Our books against WeChat's bill, line by line; pure. Every difference is typed and shows both sides."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from tongshang.payments.bills.lines import Comparison, Fee, Kind, OurPayment, OurRefund
from tongshang.platform.money import Fen
from weixin.products.pay import TradeRow, TradeSummary

PAID = frozenset({"paid", "stray"})
# What the bill says of a refund, and what we may hold without contradiction. Rows are never updated, so PROCESSING
# says nothing about the end; CHANGE is WeChat's word for ABNORMAL.
REFUND_AGREES = {
    "SUCCESS": frozenset({"settled"}),
    "PROCESSING": frozenset({"sent", "settled", "abnormal", "closed"}),
    "CHANGE": frozenset({"abnormal", "settled", "closed"}),
    "FAIL": frozenset({"closed"}),
}


def compare(
    day: date,
    *,
    payments: Iterable[OurPayment],
    refunds: Iterable[OurRefund],
    rows: Sequence[TradeRow],
    summary: TradeSummary | None,
    fee_per_myriad: int,
) -> Comparison:
    """Find every difference of a day, the fees to book, and which of ours stood in the bill."""
    found = Comparison(lines=len(rows))
    sold = [row for row in rows if not row.out_refund_no]
    returned = [row for row in rows if row.out_refund_no]
    _payments(found, day, {p.number: p for p in payments}, _grouped(sold, "out_trade_no"), fee_per_myriad)
    _refunds(found, day, {r.number: r for r in refunds}, _grouped(returned, "out_refund_no"), fee_per_myriad)
    found.paid_fen = sum(row.order_fen for row in sold)
    found.refund_fen = sum(row.refund_fen for row in returned)
    found.fee_fen = sum(row.fee_fen for row in rows)
    if summary is not None:
        _summary(found, summary)
    return found


def _grouped(rows: Iterable[TradeRow], name: str) -> dict[str, list[TradeRow]]:
    groups: dict[str, list[TradeRow]] = {}
    for row in rows:
        groups.setdefault(getattr(row, name), []).append(row)
    return groups


def _payments(
    found: Comparison, day: date, ours: dict[str, OurPayment], theirs: dict[str, list[TradeRow]], rate: int
) -> None:
    for number, lines in theirs.items():
        mine, line = ours.get(number), lines[0]
        if revoked := [one for one in lines if one.state == "REVOKED"]:
            lines = [one for one in lines if one.state != "REVOKED"] or revoked
            line = lines[0]
        if len(lines) > 1:
            shown = {**_payment(line), "count": len(lines)}
            found.differ(Kind.DUPLICATE_LINE, number, mine.shown() if mine else None, shown)
        if mine is None:
            found.differ(Kind.MISSING_HERE, number, None, _payment(line))
            continue
        if mine.billed_on != day:
            found.payments.append(mine.id)
        if revoked and mine.state not in PAID:
            continue  # called off at the counter: what came in went out again, and we never took it for paid
        if mine.state not in PAID:
            found.differ(Kind.STATE_DIFFERS, number, mine.shown(), _payment(line))
        elif mine.amount_fen != line.order_fen:
            found.differ(Kind.AMOUNT_DIFFERS, number, mine.shown(), _payment(line))
        elif mine.transaction_id != line.transaction_id:
            found.differ(Kind.TRANSACTION_DIFFERS, number, mine.shown(), _payment(line))
        else:
            _fee(found, mine, line, expected=share(line.order_fen, rate), slack=0)
            _booked(found, mine, Kind.LEDGER_DIFFERS)
    for number, mine in ours.items():
        if number not in theirs and mine.on_day and mine.state in PAID and mine.billed_on in (None, day):
            found.differ(Kind.MISSING_THERE, number, mine.shown(), None)


def _refunds(
    found: Comparison, day: date, ours: dict[str, OurRefund], theirs: dict[str, list[TradeRow]], rate: int
) -> None:
    for number, lines in theirs.items():
        mine, line = ours.get(number), lines[0]
        if len(lines) > 1:
            shown = {**_refund(line), "count": len(lines)}
            found.differ(Kind.DUPLICATE_LINE, number, mine.shown() if mine else None, shown)
        if mine is None:
            found.differ(Kind.REFUND_MISSING_HERE, number, None, _refund(line))
            continue
        if mine.billed_on != day:
            found.refunds.append(mine.id)
        if mine.amount_fen != line.refund_fen:
            found.differ(Kind.REFUND_AMOUNT_DIFFERS, number, mine.shown(), _refund(line))
        elif mine.state not in REFUND_AGREES.get(line.refund_state, frozenset()):
            found.differ(Kind.REFUND_STATE_DIFFERS, number, mine.shown(), _refund(line))
        elif line.refund_state != "FAIL":
            # Given back is the fee on what was there less the fee on what stays: a fen of rounding either way.
            _fee(found, mine, line, expected=-share(line.refund_fen, rate), slack=1)
            if mine.state == "settled":
                _booked(found, mine, Kind.REFUND_LEDGER_DIFFERS)
    for number, mine in ours.items():
        if number not in theirs and mine.on_day and mine.billed_on in (None, day):
            found.differ(Kind.REFUND_MISSING_THERE, number, mine.shown(), None)


def _fee(found: Comparison, mine: OurPayment | OurRefund, line: TradeRow, *, expected: Fen, slack: int) -> None:
    """Take a line's fee over, and say when it is not what was agreed on, or not what was booked before."""
    told = line.fee_fen
    wanted = expected if mine.fee_fen is None else mine.fee_fen
    if abs(told - wanted) > (slack if mine.fee_fen is None else 0):
        shown = {"fee_fen": told, "rate": line.rate, "amount_fen": line.order_fen or line.refund_fen}
        found.differ(Kind.FEE_DIFFERS, mine.number, {**mine.shown(), "fee_fen": wanted}, shown)
    if told and mine.fee_fen is None:
        found.fees.append(Fee(mine.id, mine.charge_id, told))


def _booked(found: Comparison, mine: OurPayment | OurRefund, kind: Kind) -> None:
    """Say when orders and bill agree, and the ledger does not."""
    if mine.booked_fen != mine.amount_fen:
        shown = mine.shown()
        found.differ(
            kind, mine.number, {**shown, "booked_fen": mine.booked_fen}, {**shown, "booked_fen": mine.amount_fen}
        )


def share(fen: Fen, per_myriad: int) -> Fen:
    """Give a commission in ten-thousandths of an amount, half a fen and more rounded up."""
    return (fen * per_myriad * 2 + 10_000) // 20_000


def _summary(found: Comparison, told: TradeSummary) -> None:
    ours = {"paid_fen": found.paid_fen, "refund_fen": found.refund_fen, "fee_fen": found.fee_fen}
    theirs = {"paid_fen": told.order_fen, "refund_fen": told.refund_fen, "fee_fen": told.fee_fen}
    # Each line's fee is rounded to a fen here, the summary's is not.
    close = abs(ours["fee_fen"] - theirs["fee_fen"]) <= found.lines
    if not close or any(ours[name] != theirs[name] for name in ("paid_fen", "refund_fen")):
        found.differ(Kind.SUMMARY_DIFFERS, "trade", ours, theirs)


def _payment(row: TradeRow) -> dict[str, Any]:
    return {
        "out_trade_no": row.out_trade_no,
        "transaction_id": row.transaction_id,
        "amount_fen": row.order_fen,
        "state": row.state,
        "fee_fen": row.fee_fen,
        "paid_at": row.traded_at,
    }


def _refund(row: TradeRow) -> dict[str, Any]:
    return {
        "out_refund_no": row.out_refund_no,
        "refund_id": row.refund_id,
        "out_trade_no": row.out_trade_no,
        "amount_fen": row.refund_fen,
        "state": row.refund_state,
        "fee_fen": row.fee_fen,
        "time": row.traded_at,
    }
