"""A bill's CSV as typed rows: read by header name, yuan turned into fen digit by digit, times into UTC.

https://pay.weixin.qq.com/doc/v3/merchant/4012154467 (2026-11). UTF-8 with BOM, CRLF; every cell of data starts with
a backtick; commas inside a cell are written as a backslash and a space; the last two lines are a summary.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from weixin.errors import BadMessage
from weixin.money import yuan_to_fen, yuan_to_nearest_fen
from weixin.times import from_bill


@dataclass(frozen=True, slots=True)
class TradeRow:
    """One order or one refund of a day; an order's refund columns are empty, a refund's order amount is 0."""

    traded_at: datetime
    appid: str
    mchid: str
    # Empty for a direct merchant, whose bill says 0.
    sub_mchid: str
    transaction_id: str
    out_trade_no: str
    openid: str
    trade_type: str
    # SUCCESS, REFUND or REVOKED.
    state: str
    bank: str
    currency: str
    settlement_fen: int
    coupon_fen: int
    order_fen: int
    refund_id: str
    out_refund_no: str
    refund_fen: int
    refund_coupon_fen: int
    refund_asked_fen: int
    refund_type: str
    refund_state: str
    goods: str
    attach: str
    # Negative when a refund gives a fee back; the bill prints five decimals, `fee_text` keeps them.
    fee_fen: int
    fee_text: str
    rate: str


@dataclass(frozen=True, slots=True)
class TradeSummary:
    """The last line of a trade bill."""

    count: int
    settlement_fen: int
    refund_fen: int
    refund_coupon_fen: int
    fee_fen: int
    order_fen: int
    refund_asked_fen: int


@dataclass(frozen=True, slots=True)
class FundRow:
    """One movement of the account."""

    booked_at: datetime
    # WeChat's number of the business (transaction or refund id), and of the movement itself.
    business_id: str
    flow_id: str
    name: str
    # 交易, 退款, 扣除交易手续费, 分账, 提现, 充值 …
    kind: str
    # Negative when money left (支出).
    amount_fen: int
    balance_fen: int
    asked_by: str
    note: str
    voucher: str


@dataclass(frozen=True, slots=True)
class FundSummary:
    """The last line of a fund flow bill."""

    count: int
    in_count: int
    in_fen: int
    out_count: int
    out_fen: int


def parse_trade_bill(data: bytes) -> tuple[list[TradeRow], TradeSummary]:
    """Read a trade bill of any type; raises BadMessage at the first line that cannot be understood."""
    lines = _lines(data)
    rows = [_trade(cells) for cells in _rows(lines[:-2], "交易时间")]
    last = _summary(lines, "总交易单数")
    summary = TradeSummary(
        count=_count(last, "总交易单数"),
        settlement_fen=_fen(last, "应结订单总金额"),
        refund_fen=_fen(last, "退款总金额"),
        refund_coupon_fen=_fen(last, "充值券退款总金额"),
        fee_fen=yuan_to_nearest_fen(last.get("手续费总金额") or "0"),
        order_fen=_fen(last, "订单总金额"),
        refund_asked_fen=_fen(last, "申请退款总金额"),
    )
    # Not compared with the number of lines: no page says whether refunds count. The hash vouches for the whole.
    return rows, summary


def parse_fund_bill(data: bytes) -> tuple[list[FundRow], FundSummary]:
    """Read a fund flow bill; raises BadMessage at the first line that cannot be understood."""
    lines = _lines(data)
    rows = [_fund(cells) for cells in _rows(lines[:-2], "记账时间")]
    last = _summary(lines, "资金流水总笔数")
    summary = FundSummary(
        count=_count(last, "资金流水总笔数"),
        in_count=_count(last, "收入笔数"),
        in_fen=_fen(last, "收入金额"),
        out_count=_count(last, "支出笔数"),
        out_fen=_fen(last, "支出金额"),
    )
    if summary.count != len(rows):
        raise BadMessage("the bill has not as many lines as it says")
    return rows, summary


def _trade(cells: dict[str, str]) -> TradeRow:
    fee = cells.get("手续费") or "0"
    sub_mchid = cells.get("特约商户号", "")
    return TradeRow(
        traded_at=from_bill(cells["交易时间"]),
        appid=cells.get("公众账号ID", ""),
        mchid=cells.get("商户号", ""),
        sub_mchid="" if sub_mchid == "0" else sub_mchid,
        transaction_id=cells.get("微信订单号", ""),
        out_trade_no=cells.get("商户订单号", ""),
        openid=cells.get("用户标识", ""),
        trade_type=cells.get("交易类型", ""),
        state=cells.get("交易状态", ""),
        bank=cells.get("付款银行", ""),
        currency=cells.get("货币种类", ""),
        settlement_fen=_fen(cells, "应结订单金额"),
        coupon_fen=_fen(cells, "代金券金额"),
        order_fen=_fen(cells, "订单金额"),
        refund_id=_id(cells, "微信退款单号"),
        out_refund_no=_id(cells, "商户退款单号"),
        refund_fen=_fen(cells, "退款金额"),
        refund_coupon_fen=_fen(cells, "充值券退款金额"),
        refund_asked_fen=_fen(cells, "申请退款金额"),
        refund_type=cells.get("退款类型", ""),
        refund_state=cells.get("退款状态", ""),
        goods=_words(cells, "商品名称"),
        attach=_words(cells, "商户数据包"),
        fee_fen=yuan_to_nearest_fen(fee),
        fee_text=fee,
        rate=cells.get("费率", ""),
    )


def _fund(cells: dict[str, str]) -> FundRow:
    direction = cells.get("收支类型", "")
    if direction not in ("收入", "支出"):
        raise BadMessage("a movement is neither in nor out")
    amount = _fen(cells, "收支金额(元)")
    return FundRow(
        booked_at=from_bill(cells["记账时间"]),
        business_id=cells.get("微信支付业务单号", ""),
        flow_id=cells.get("资金流水单号", ""),
        name=cells.get("业务名称", ""),
        kind=cells.get("业务类型", ""),
        amount_fen=amount if direction == "收入" else -amount,
        balance_fen=_fen(cells, "账户结余(元)"),
        asked_by=_words(cells, "资金变更提交申请人"),
        note=_words(cells, "备注"),
        voucher=cells.get("业务凭证号", ""),
    )


def _lines(data: bytes) -> list[str]:
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadMessage("the bill is not UTF-8") from None
    # Not splitlines: a cell may hold characters Python takes for line ends.
    lines = [line.rstrip("\r") for line in content.split("\n") if line.strip()]
    if len(lines) < 3:
        raise BadMessage("the bill is too short")
    return lines


def _rows(lines: list[str], first: str) -> Iterator[dict[str, str]]:
    names = [name.strip() for name in lines[0].split(",")]
    if first not in names:
        raise BadMessage(f"the bill has no column {first}")
    for line in lines[1:]:
        yield _cells(names, line)


def _summary(lines: list[str], first: str) -> dict[str, str]:
    names = [name.strip() for name in lines[-2].split(",")]
    if first not in names:
        raise BadMessage(f"the bill has no summary {first}")
    return _cells(names, lines[-1])


def _cells(names: list[str], line: str) -> dict[str, str]:
    if not line.startswith("`"):
        raise BadMessage("a line does not start with a backtick")
    values = line[1:].split(",`")
    if len(values) != len(names):
        raise BadMessage(f"a line has {len(values)} cells, the header {len(names)}")
    return dict(zip(names, values, strict=True))


def _fen(cells: dict[str, str], name: str) -> int:
    # A column the bill type does not have, or an empty cell, is nothing.
    return yuan_to_fen(cells.get(name) or "0")


def _count(cells: dict[str, str], name: str) -> int:
    # Counts are printed as 45.0, which the digits of an amount read exactly.
    hundredfold = yuan_to_fen(cells.get(name) or "0")
    if hundredfold % 100:
        raise BadMessage(f"{name} is not a whole number")
    return hundredfold // 100


def _id(cells: dict[str, str], name: str) -> str:
    value = cells.get(name, "")
    return "" if value == "0" else value


def _words(cells: dict[str, str], name: str) -> str:
    return cells.get(name, "").replace("\\ ", ",").replace("\\n", "\n")
