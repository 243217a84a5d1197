"""Bills, yuan and WeChat's times."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weixin.errors import BadMessage
from weixin.money import fen_to_yuan, yuan_to_fen, yuan_to_nearest_fen
from weixin.products.pay import parse_fund_bill, parse_trade_bill
from weixin.times import business_day, from_bill, from_rfc3339, to_rfc3339

ALL = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,"
    "代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,"
    "申请退款金额,费率备注"
)
PAID = (
    "`2026-11-21 18:19:32,`wx1,`1921000401,`0,`dev,`4200,`t1,`o1,`JSAPI,`SUCCESS,`OTHERS,`CNY,`128.00,`0.00,`0,`0,"
    "`0.00,`0.00,`,`,`龙井\\ 一两\\n礼盒,`a`b,`0.77000,`0.60%,`128.00,`0.00,`"
)
BACK = (
    "`2026-11-21 20:00:00,`wx1,`1921000401,`1600,`dev,`4200,`t1,`o1,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5000,`r1,"
    "`19.00,`0.00,`ORIGINAL,`PROCESSING,`龙井,`,`-0.11500,`0.60%,`0.00,`19.00,`"
)
SUM = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
FUND = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号"
)
FUND_SUM = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"


def bill(*lines: str, end: str = "\r\n", bom: str = "\ufeff") -> bytes:
    return (bom + end.join(lines) + end).encode()


@pytest.mark.parametrize(("end", "bom"), [("\r\n", "\ufeff"), ("\n", "")])
def test_a_trade_bill_becomes_rows_in_fen_and_utc(end: str, bom: str) -> None:
    data = bill(ALL, PAID, BACK, SUM, "`2.0,`128.0,`19.00,`0.0,`0.66,`128.00,`19.00", end=end, bom=bom)
    [paid, back], summary = parse_trade_bill(data)
    assert paid.traded_at == datetime(2026, 11, 21, 10, 19, 32, tzinfo=UTC)
    assert (paid.order_fen, paid.settlement_fen, paid.fee_fen, paid.fee_text) == (12800, 12800, 77, "0.77000")
    assert (paid.refund_id, paid.out_refund_no, paid.sub_mchid) == ("", "", "")
    assert (paid.goods, paid.attach, paid.rate) == ("龙井,一两\n礼盒", "a`b", "0.60%")
    assert (back.state, back.refund_fen, back.refund_asked_fen, back.order_fen) == ("REFUND", 1900, 1900, 0)
    assert (back.refund_id, back.out_refund_no, back.refund_state) == ("5000", "r1", "PROCESSING")
    assert (back.fee_fen, back.sub_mchid) == (-12, "1600")
    assert (summary.count, summary.order_fen, summary.refund_fen, summary.fee_fen) == (2, 12800, 1900, 66)


def test_columns_are_found_by_name_whatever_their_order() -> None:
    data = bill("商户订单号,交易状态, 交易时间", "`t1,`SUCCESS,`2026-11-21 00:00:00", "总交易单数", "`1")
    [row], summary = parse_trade_bill(data)
    assert (row.out_trade_no, row.order_fen, row.refund_id, summary.fee_fen) == ("t1", 0, "", 0)
    assert row.traded_at == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    none, _ = parse_trade_bill(bill(ALL, SUM, "`0.0,`0.00,`0.00,`0.00,`0.00,`0.00,`0.00"))
    assert none == []


def test_a_fund_bill_signs_what_left() -> None:
    data = bill(
        FUND,
        "`2026-11-21 04:21:23,`5000,`1900,`退款,`退款,`支出,`0.02,`0.17,`system,`缺货\\ 抱歉,`REF1",
        "`2026-11-21 04:21:24,`4200,`1901,`交易,`交易,`收入,`1.00,`1.17,`,`,`",
        FUND_SUM,
        "`2.0,`1.0,`1.00,`1.0,`0.02",
    )
    [out, come], summary = parse_fund_bill(data)
    assert (out.amount_fen, out.balance_fen, out.kind, out.note, out.voucher) == (-2, 17, "退款", "缺货,抱歉", "REF1")
    assert (come.amount_fen, come.business_id, come.flow_id) == (100, "4200", "1901")
    assert (summary.count, summary.in_fen, summary.out_fen) == (2, 100, 2)


END = (FUND_SUM, "`1.0,`1.0,`1.00,`0.0,`0.00")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        bill(SUM, "`0"),
        bill(ALL.replace("交易时间", "时间"), SUM, "`0.0,`0,`0,`0,`0,`0,`0"),
        bill(ALL, PAID, "合计", "`1"),
        bill(ALL, PAID.replace(",`o1", ""), SUM, "`1.0,`0,`0,`0,`0,`0,`0"),
        bill(ALL, PAID.removeprefix("`"), SUM, "`1.0,`0,`0,`0,`0,`0,`0"),
        bill(ALL, PAID.replace("2026-11-21", "2026-13-21"), SUM, "`1.0,`0,`0,`0,`0,`0,`0"),
        bill(ALL, PAID.replace("`128.00", "`128.001"), SUM, "`1.0,`0,`0,`0,`0,`0,`0"),
        bill(ALL, PAID, SUM, "`1.5,`0,`0,`0,`0,`0,`0"),
    ],
)
def test_a_trade_bill_that_cannot_be_understood_is_refused_whole(data: bytes) -> None:
    with pytest.raises(BadMessage):
        parse_trade_bill(data)


@pytest.mark.parametrize(
    "data",
    [
        bill(FUND, *END),  # one line says it, none is there
        bill(FUND, "`2026-11-21 04:21:23,`5,`1,`a,`b,`其他,`0.02,`0.17,`,`,`", *END),
    ],
)
def test_a_fund_bill_that_cannot_be_understood_is_refused_whole(data: bytes) -> None:
    with pytest.raises(BadMessage):
        parse_fund_bill(data)


@given(st.integers(-(10**14), 10**14))
def test_fen_survive_yuan(fen: int) -> None:
    text = fen_to_yuan(fen)
    assert yuan_to_fen(text) == yuan_to_nearest_fen(text) == fen
    assert yuan_to_fen(text + "000") == fen
    assert Decimal(text) * 100 == fen


@given(st.integers(-(10**9), 10**9))
def test_the_nearest_fen_is_half_away_from_zero(tenths: int) -> None:
    text = str(Decimal(tenths).scaleb(-3))
    if "E" not in text:
        exact = Decimal(tenths) / 10
        assert yuan_to_nearest_fen(text) == int(exact.quantize(Decimal(1), rounding="ROUND_HALF_UP"))


@pytest.mark.parametrize(
    "text", ["", "-", "1.", ".5", "1e2", "１.00", "1,000.00", " 1", "NaN", "0x1", "1" * 16, "0.011"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadMessage):
        yuan_to_fen(text)


@given(st.integers(946_684_800, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_times_survive_wechats_writing(moment: datetime) -> None:
    text = to_rfc3339(moment)
    assert text.endswith("+08:00")
    assert from_rfc3339(text) == moment.replace(microsecond=0)


def test_times_are_read_in_utc_and_days_are_shanghais() -> None:
    assert to_rfc3339(datetime(2018, 6, 8, 2, 34, 56, tzinfo=UTC)) == "2018-06-08T10:34:56+08:00"
    tokyo = timezone(timedelta(hours=9))
    assert to_rfc3339(datetime(2018, 6, 8, 11, 34, 56, tzinfo=tokyo)) == "2018-06-08T10:34:56+08:00"
    for text in ("2018-06-08T10:34:56+08:00", "2018-06-08T02:34:56Z", "2018-06-08T10:34:56.123+08:00"):
        assert from_rfc3339(text) == datetime(2018, 6, 8, 2, 34, 56, tzinfo=UTC)
    assert business_day(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == date(2026, 11, 22)
    assert business_day(from_bill("2026-11-22 23:59:59")) == date(2026, 11, 22)
    with pytest.raises(ValueError, match="time zone"):
        to_rfc3339(datetime(2018, 6, 8, tzinfo=UTC).replace(tzinfo=None))
    for wrong in ("", "2018-06-08", "2018-06-08T10:34:56", "2018-13-08T10:34:56+08:00", "0001-01-01T00:00:00+08:00"):
        with pytest.raises(BadMessage):
            from_rfc3339(wrong)
