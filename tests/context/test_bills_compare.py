"""Comparing a bill with our books; pure. Whatever lie is told, it is found, and the honest bill has no difference."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tongshang.payments.bills.compare import REFUND_AGREES, compare, share
from tongshang.payments.bills.funds import compare_funds
from tongshang.payments.bills.lines import Comparison, Kind, OurPayment, OurRefund
from weixin.products.pay import FundRow, FundSummary, TradeRow, TradeSummary

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
RATE = 60


def payment(n: int, fen: int = 8_800, **more: object) -> OurPayment:
    words: dict[str, object] = {
        "transaction_id": f"42{n:026d}",
        "state": "paid",
        "on_day": True,
        "billed_on": None,
        "fee_fen": None,
    }
    words["booked_fen"] = fen
    return OurPayment(id=UUID(int=n), charge_id=UUID(int=n), amount_fen=fen, **{**words, **more})  # type: ignore[arg-type]


def refund(n: int, fen: int = 1_900, **more: object) -> OurRefund:
    words: dict[str, object] = {
        "refund_id": f"50{n:026d}",
        "state": "settled",
        "on_day": True,
        "billed_on": None,
        "fee_fen": None,
    }
    words["booked_fen"] = fen
    return OurRefund(id=UUID(int=n), charge_id=UUID(int=1), amount_fen=fen, **{**words, **more})  # type: ignore[arg-type]


def row(ours: OurPayment | OurRefund, **more: object) -> TradeRow:
    is_refund = isinstance(ours, OurRefund)
    fee = share(ours.amount_fen, RATE) * (-1 if is_refund else 1)
    fen = 0 if is_refund else ours.amount_fen
    words: dict[str, object] = {
        "traded_at": AT, "appid": "wx1", "mchid": "19", "sub_mchid": "", "openid": "o", "trade_type": "JSAPI",
        "transaction_id": "" if is_refund else ours.transaction_id, "bank": "OTHERS", "currency": "CNY",
        "out_trade_no": UUID(int=1).hex if is_refund else ours.number, "state": "REFUND" if is_refund else "SUCCESS",
        "settlement_fen": fen, "coupon_fen": 0, "order_fen": fen, "refund_coupon_fen": 0, "refund_type": "ORIGINAL",
        "refund_id": ours.refund_id if is_refund else "", "out_refund_no": ours.number if is_refund else "",
        "refund_fen": ours.amount_fen if is_refund else 0, "refund_asked_fen": ours.amount_fen if is_refund else 0,
        "refund_state": "SUCCESS" if is_refund else "", "goods": "茶", "attach": "", "fee_fen": fee,
        "fee_text": f"{fee / 100:.5f}", "rate": "0.60%",
    }  # fmt: skip
    return TradeRow(**{**words, **more})  # type: ignore[arg-type]


def summed(rows: list[TradeRow]) -> TradeSummary:
    sold, back = sum(r.order_fen for r in rows), sum(r.refund_fen for r in rows)
    return TradeSummary(len(rows), sold, back, 0, sum(r.fee_fen for r in rows), sold, back)


def found(
    payments: list[OurPayment], refunds: list[OurRefund], rows: list[TradeRow], summary: TradeSummary | None = None
) -> Comparison:
    return compare(
        DAY, payments=payments, refunds=refunds, rows=rows, summary=summary or summed(rows), fee_per_myriad=RATE
    )


def kinds(comparison: Comparison) -> list[Kind]:
    return [d.kind for d in comparison.differences]


amounts = st.lists(st.integers(min_value=1, max_value=10_000_000), min_size=1, max_size=12)


@given(amounts, st.data())
def test_an_honest_bill_agrees_and_every_fee_is_booked(fens: list[int], data: st.DataObject) -> None:
    ours = [payment(n, fen) for n, fen in enumerate(fens, 1)]
    back = [refund(100 + n, data.draw(st.integers(1, fen))) for n, fen in enumerate(fens, 1)]
    rows = data.draw(st.permutations([row(one) for one in [*ours, *back]]))
    agreed = found(ours, back, list(rows))
    assert agreed.differences == []
    assert sum(fee.amount_fen for fee in agreed.fees) == agreed.fee_fen == sum(r.fee_fen for r in rows)
    assert (agreed.paid_fen, agreed.refund_fen) == (sum(fens), sum(r.amount_fen for r in back))
    assert set(agreed.payments) == {one.id for one in ours}


@given(amounts, st.data())
def test_any_dropped_added_doubled_or_repriced_line_is_found(fens: list[int], data: st.DataObject) -> None:
    ours = [payment(n, fen) for n, fen in enumerate(fens, 1)]
    rows = [row(one) for one in ours]
    n = data.draw(st.integers(0, len(rows) - 1))
    assert kinds(found(ours, [], rows[:n] + rows[n + 1 :])) == [Kind.MISSING_THERE]
    assert kinds(found(ours, [], [*rows, rows[n]])) == [Kind.DUPLICATE_LINE]
    assert kinds(found(ours[:n] + ours[n + 1 :], [], rows)) == [Kind.MISSING_HERE]
    wrong = data.draw(st.integers(1, 10**9).filter(lambda fen: fen != fens[n]))
    told = replace(rows[n], order_fen=wrong, fee_fen=share(wrong, RATE))
    assert kinds(found(ours, [], [*rows[:n], told, *rows[n + 1 :]])) == [Kind.AMOUNT_DIFFERS]


def test_each_lie_about_a_payment_has_its_kind() -> None:
    mine = payment(1)
    assert kinds(found([replace(mine, state="active")], [], [row(mine)])) == [Kind.STATE_DIFFERS]
    other = row(mine, transaction_id="42other")
    assert kinds(found([mine], [], [other])) == [Kind.TRANSACTION_DIFFERS]
    dear = found([mine], [], [row(mine, fee_fen=54)])
    assert kinds(dear) == [Kind.FEE_DIFFERS]
    assert (dear.differences[0].ours or {})["fee_fen"] == 53
    assert (dear.differences[0].theirs or {})["fee_fen"] == 54
    assert [fee.amount_fen for fee in dear.fees] == [54]
    assert kinds(found([replace(mine, fee_fen=53)], [], [row(mine, fee_fen=54)])) == [Kind.FEE_DIFFERS]
    assert kinds(found([mine], [], [row(mine, fee_fen=0)])) == [Kind.FEE_DIFFERS]


def test_what_stood_in_another_days_bill_is_not_missed() -> None:
    assert kinds(found([payment(1, billed_on=date(2026, 11, 19))], [], [])) == []
    assert kinds(found([payment(1, on_day=False)], [], [])) == []
    assert kinds(found([payment(1, billed_on=DAY)], [], [])) == [Kind.MISSING_THERE]
    assert kinds(found([payment(1, state="closed")], [], [])) == []
    assert kinds(found([], [refund(1, billed_on=date(2026, 11, 19))], [])) == []


def test_each_lie_about_a_refund_has_its_kind() -> None:
    mine = refund(7)
    assert kinds(found([], [mine], [])) == [Kind.REFUND_MISSING_THERE]
    assert kinds(found([], [], [row(mine)])) == [Kind.REFUND_MISSING_HERE]
    assert kinds(found([], [mine], [row(mine), row(mine)])) == [Kind.DUPLICATE_LINE]
    assert kinds(found([], [], [row(mine), row(mine)])) == [Kind.DUPLICATE_LINE, Kind.REFUND_MISSING_HERE]
    assert kinds(found([], [mine], [row(mine, refund_fen=1)])) == [Kind.REFUND_AMOUNT_DIFFERS]
    assert kinds(found([], [mine], [row(mine, refund_state="FAIL")])) == [Kind.REFUND_STATE_DIFFERS]
    assert kinds(found([], [mine], [row(mine, refund_state="NEWS")])) == [Kind.REFUND_STATE_DIFFERS]
    assert kinds(found([], [mine], [row(mine, fee_fen=-40)])) == [Kind.FEE_DIFFERS]
    assert kinds(found([], [mine], [row(mine, fee_fen=-12)])) == []


def test_every_state_of_a_refund_is_judged() -> None:
    for told, agrees in REFUND_AGREES.items():
        for state in ("requested", "sent", "abnormal", "settled", "closed"):
            mine = refund(7, state=state)
            differs = kinds(found([], [mine], [row(mine, refund_state=told)]))
            assert differs == ([] if state in agrees else [Kind.REFUND_STATE_DIFFERS])


def test_a_summary_that_is_not_the_sum_is_found() -> None:
    mine = payment(1)
    lie = replace(summed([row(mine)]), order_fen=1)
    assert kinds(found([mine], [], [row(mine)], lie)) == [Kind.SUMMARY_DIFFERS]
    dear = replace(summed([row(mine)]), fee_fen=99)
    assert kinds(found([mine], [], [row(mine)], dear)) == [Kind.SUMMARY_DIFFERS]


def flows_of(rows: list[TradeRow], start: int = 5_000) -> list[FundRow]:
    """Write the account's movements that an honest trade bill stands for."""
    made: list[FundRow] = []
    for one in rows:
        parts = [("退款", -one.refund_fen - one.fee_fen)] if one.out_refund_no else [
            ("交易", one.order_fen), ("扣除交易手续费", -one.fee_fen)]  # fmt: skip
        for kind, fen in parts:
            start += fen
            made.append(
                FundRow(AT, one.refund_id or one.transaction_id, f"f{len(made)}", kind, kind, fen, start, "", "", "")
            )
    return made


def judged(rows: list[TradeRow], flows: list[FundRow], opening: int | None = 5_000) -> Comparison:
    comparison = Comparison()
    came, went = (sum(f.amount_fen for f in flows if (f.amount_fen > 0) is up) for up in (True, False))
    summary = FundSummary(len(flows), 0, came, 0, -went)
    compare_funds(comparison, rows=rows, payments=[], refunds=[], flows=flows, summary=summary, opening_fen=opening)
    return comparison


@given(amounts, st.data())
def test_the_accounts_movements_are_held_against_the_trade_bill(fens: list[int], data: st.DataObject) -> None:
    rows = [row(payment(n, fen)) for n, fen in enumerate(fens, 1)] + [row(refund(99, fens[0]))]
    flows = flows_of(rows)
    assert judged(rows, flows).differences == []
    n = data.draw(st.integers(0, len(rows) - 1))
    number = rows[n].refund_id or rows[n].transaction_id
    without = [one for one in flows if one.business_id != number]
    # Gone, the balances no longer follow from each other either, unless it was the last one.
    assert (Kind.FUND_MISSING_THERE, number) in [(d.kind, d.number) for d in judged(rows, without).differences]
    extra = FundRow(AT, "stranger", "x", "交易", "交易", 5, flows[-1].balance_fen + 5, "", "", "")
    assert kinds(judged(rows, [*flows, extra])) == [Kind.FUND_MISSING_HERE]
    odd = replace(extra, kind="保证金")
    assert kinds(judged(rows, [*flows, odd])) == [Kind.FUND_UNKNOWN]
    dear = [replace(one, amount_fen=one.amount_fen - 1) if one.business_id == number else one for one in flows]
    assert Kind.FUND_AMOUNT_DIFFERS in kinds(judged(rows, dear))
    assert Kind.FUND_BALANCE_BREAKS in kinds(judged(rows, dear))
    assert kinds(judged(rows, flows, opening=4_999)) == [Kind.FUND_BALANCE_BREAKS]
    out = replace(extra, kind="提现", amount_fen=-5, balance_fen=flows[-1].balance_fen - 5)
    moved = judged(rows, [*flows, out])
    assert (moved.differences, [(m.flow_id, m.amount_fen) for m in moved.moves]) == ([], [("x", -5)])


def test_what_was_called_off_at_the_counter_moves_nothing_in_the_end() -> None:
    mine = payment(1, state="closed")
    sold, back = row(mine), row(mine, state="REVOKED", order_fen=0, settlement_fen=0, fee_fen=-53)
    assert kinds(found([mine], [], [sold, back])) == []
    flows = flows_of([sold])
    undone = replace(flows[-1], kind="退款", flow_id="u", amount_fen=-8_747, balance_fen=5_000)
    assert kinds(judged([sold, back], [*flows, undone])) == []
    assert kinds(judged([sold, back], flows)) == [Kind.FUND_AMOUNT_DIFFERS]


def test_a_ledger_that_says_otherwise_is_found() -> None:
    mine, back = payment(1), refund(2)
    assert kinds(found([replace(mine, booked_fen=None)], [back], [row(mine), row(back)])) == [Kind.LEDGER_DIFFERS]
    assert kinds(found([mine], [replace(back, booked_fen=1)], [row(mine), row(back)])) == [Kind.REFUND_LEDGER_DIFFERS]


@given(st.integers(0, 10**12), st.integers(0, 1000))
def test_a_share_is_the_nearest_fen(fen: int, rate: int) -> None:
    assert abs(share(fen, rate) * 10_000 - fen * rate) <= 5_000
