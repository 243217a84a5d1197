"""The files of next morning, byte for byte: trade bill (ALL, SUCCESS, REFUND) and fund flow bill.

UTF-8 with BOM, CRLF, a header without and data cells with a leading backtick, yuan with decimals, then a
summary header and a summary row.
Pages 「申请交易账单」 (2024-07-29) and 「申请资金账单」 of pay.weixin.qq.com/doc/v3.
The refund row's fee is negative: WeChat gives the fee of the refunded part back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from wxsandbox.pay.reading import BEIJING

BOM = "\ufeff"
TRADE_HEADER = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
ALL = TRADE_HEADER.split(",")
REFUND_COLUMNS = {
    "微信退款单号",
    "商户退款单号",
    "退款金额",
    "充值券退款金额",
    "退款类型",
    "退款状态",
    "申请退款金额",
}
SUCCESS = [name for name in ALL if name not in REFUND_COLUMNS]
REFUND = [*ALL[:14], "退款申请时间", "退款成功时间", *ALL[14:]]
TRADE_SUMMARY = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
FUND = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号"
)
FUND_SUMMARY = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPart:
    """What a refund row says beyond its order."""

    refund_id: str
    out_refund_no: str
    refund_fen: int
    status: str
    applied_at: datetime
    succeeded_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeLine:
    """One row of the trade bill; `fee_fen` is negative where a fee is given back."""

    at: datetime
    appid: str
    mchid: str
    sub_mchid: str
    device: str
    transaction_id: str
    out_trade_no: str
    openid: str
    trade_type: str
    bank: str
    total_fen: int
    description: str
    attach: str
    fee_fen: int
    rate: str
    refund: RefundPart | None = None
    # A code payment that was called off after it was paid has a line of its own.
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FundLine:
    """One movement of a merchant's money; `amount_fen` is negative for an expense."""

    at: datetime
    business_id: str
    flow_id: str
    name: str
    kind: str
    amount_fen: int
    balance_fen: int
    applicant: str
    note: str
    voucher: str


def yuan(fen: int, places: int = 2) -> str:
    """Write fen as yuan with a fixed number of decimals."""
    return f"{Decimal(fen) / 100:.{places}f}"


def loose(value: Decimal) -> str:
    """Write a number the way the summary rows do: as few decimals as it takes, one at least (45.0, 0.47)."""
    text = f"{value:.2f}"
    return text[:-1] if text.endswith("0") else text


def clock_text(at: datetime | None) -> str:
    """Write an instant as bills do, in Asia/Shanghai; empty for none."""
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def cell(text: str) -> str:
    """Write one data cell: backtick first, commas and line breaks made harmless."""
    return "`" + text.replace(",", "\\ ").replace("\r", "").replace("\n", "\\n")


def of_kind(lines: Sequence[TradeLine], kind: str) -> list[TradeLine]:
    """Choose the lines that a bill of kind ALL, SUCCESS or REFUND shows."""
    return [line for line in lines if kind == "ALL" or (line.refund is not None) == (kind == "REFUND")]


def trade_bill(lines: Sequence[TradeLine], kind: str) -> bytes:
    """Write the trade bill of kind ALL, SUCCESS or REFUND over the lines `of_kind` chose."""
    columns = {"ALL": ALL, "SUCCESS": SUCCESS, "REFUND": REFUND}[kind]
    rows = [",".join(columns)]
    for line in lines:
        cells = _trade_cells(line)
        rows.append(",".join(cell(cells[name]) for name in columns))
    sold = sum(line.total_fen for line in lines if line.refund is None and not line.revoked)
    refunded = sum(line.refund.refund_fen for line in lines if line.refund)
    fees = sum(line.fee_fen for line in lines)
    money = [loose(Decimal(fen) / 100) for fen in (sold, refunded, 0, fees, sold, refunded)]
    return _file([*rows, TRADE_SUMMARY, ",".join(map(cell, [loose(Decimal(len(lines))), *money]))])


def _trade_cells(line: TradeLine) -> dict[str, str]:
    part = line.refund
    sale = "0.00" if part or line.revoked else yuan(line.total_fen)
    refund = yuan(part.refund_fen) if part else "0.00"
    return {
        "交易时间": clock_text(line.at),
        "公众账号ID": line.appid,
        "商户号": line.mchid,
        "特约商户号": line.sub_mchid or "0",
        "设备号": line.device,
        "微信订单号": line.transaction_id,
        "商户订单号": line.out_trade_no,
        "用户标识": line.openid,
        "交易类型": line.trade_type,
        "交易状态": "REFUND" if part else "REVOKED" if line.revoked else "SUCCESS",
        "付款银行": line.bank,
        "货币种类": "CNY",
        "应结订单金额": sale,
        "代金券金额": "0.00",
        "退款申请时间": clock_text(part.applied_at) if part else "",
        "退款成功时间": clock_text(part.succeeded_at) if part else "",
        "微信退款单号": part.refund_id if part else "0",
        "商户退款单号": part.out_refund_no if part else "0",
        "退款金额": refund,
        "充值券退款金额": "0.00",
        "退款类型": "ORIGINAL" if part else "",
        "退款状态": part.status if part else "",
        "商品名称": line.description,
        "商户数据包": line.attach,
        "手续费": yuan(line.fee_fen, 5),
        "费率": line.rate,
        "订单金额": sale,
        "申请退款金额": refund,
        "费率备注": "",
    }


def fund_bill(lines: Sequence[FundLine]) -> bytes:
    """Write the fund flow bill; balances stand in each line."""
    rows = [FUND]
    for line in lines:
        sign = "收入" if line.amount_fen >= 0 else "支出"
        amount, balance = yuan(abs(line.amount_fen)), yuan(line.balance_fen)
        cells = (clock_text(line.at), line.business_id, line.flow_id, line.name, line.kind, sign)
        tail = (amount, balance, line.applicant, line.note, line.voucher)
        rows.append(",".join(map(cell, (*cells, *tail))))
    income = [line.amount_fen for line in lines if line.amount_fen >= 0]
    spent = [-line.amount_fen for line in lines if line.amount_fen < 0]
    numbers = [Decimal(len(lines)), Decimal(len(income)), Decimal(sum(income)) / 100]
    numbers += [Decimal(len(spent)), Decimal(sum(spent)) / 100]
    return _file([*rows, FUND_SUMMARY, ",".join(cell(loose(number)) for number in numbers)])


def _file(rows: Iterable[str]) -> bytes:
    return (BOM + "\r\n".join(rows) + "\r\n").encode()
