"""The calls of WeChat Pay v3: orders, refunds, bills. Give `sub_mchid` to act as a service provider."""

from weixin.pay import decrypt_field, encrypt_field, pay_sign, read_notice
from weixin.pay.client import PayClient
from weixin.pay.keys import PlatformCertificate
from weixin.products.pay.bill_csv import (
    FundRow,
    FundSummary,
    TradeRow,
    TradeSummary,
    parse_fund_bill,
    parse_trade_bill,
)
from weixin.products.pay.bills import BillLink, download_bill, fund_flow_bill, trade_bill
from weixin.products.pay.orders import Transaction, close, jsapi_order, native_order, query, transaction
from weixin.products.pay.refunds import RefundResult, query_refund, refund, refund_result
from weixin.products.pay.ways import code_order, h5_order, reverse, with_redirect


async def certificates(client: PayClient) -> list[PlatformCertificate]:
    """Download the platform certificates and add them to the client's keys."""
    return await client.refresh_certificates()


__all__ = [
    "BillLink",
    "FundRow",
    "FundSummary",
    "RefundResult",
    "TradeRow",
    "TradeSummary",
    "Transaction",
    "certificates",
    "close",
    "code_order",
    "decrypt_field",
    "download_bill",
    "encrypt_field",
    "fund_flow_bill",
    "h5_order",
    "jsapi_order",
    "native_order",
    "parse_fund_bill",
    "parse_trade_bill",
    "pay_sign",
    "query",
    "query_refund",
    "read_notice",
    "refund",
    "refund_result",
    "reverse",
    "trade_bill",
    "transaction",
    "with_redirect",
]
