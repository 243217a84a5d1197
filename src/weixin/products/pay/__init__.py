"""The calls of WeChat Pay v3: orders, refunds, bills, shares. Give `sub_mchid` to act as a service provider."""

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
from weixin.products.pay.bills import (
    BillLink,
    SealedLink,
    download_bill,
    download_sealed_bill,
    fund_flow_bill,
    sub_fund_flow_bill,
    trade_bill,
)
from weixin.products.pay.orders import Transaction, close, jsapi_order, native_order, query, transaction
from weixin.products.pay.refunds import RefundResult, mend_refund, query_refund, refund, refund_result
from weixin.products.pay.sharing import (
    FLAG,
    Receiver,
    Share,
    ShareResult,
    ShareReturn,
    Sharing,
    add_receiver,
    delete_receiver,
    max_ratio,
    query_return,
    query_share,
    return_share,
    share,
    unfreeze,
    unsplit,
)
from weixin.products.pay.ways import code_order, h5_order, reverse, with_redirect


async def certificates(client: PayClient) -> list[PlatformCertificate]:
    """Download the platform certificates and add them to the client's keys."""
    return await client.refresh_certificates()


__all__ = [
    "FLAG",
    "BillLink",
    "FundRow",
    "FundSummary",
    "Receiver",
    "RefundResult",
    "SealedLink",
    "Share",
    "ShareResult",
    "ShareReturn",
    "Sharing",
    "TradeRow",
    "TradeSummary",
    "Transaction",
    "add_receiver",
    "certificates",
    "close",
    "code_order",
    "decrypt_field",
    "delete_receiver",
    "download_bill",
    "download_sealed_bill",
    "encrypt_field",
    "fund_flow_bill",
    "h5_order",
    "jsapi_order",
    "max_ratio",
    "mend_refund",
    "native_order",
    "parse_fund_bill",
    "parse_trade_bill",
    "pay_sign",
    "query",
    "query_refund",
    "query_return",
    "query_share",
    "read_notice",
    "refund",
    "refund_result",
    "return_share",
    "reverse",
    "share",
    "sub_fund_flow_bill",
    "trade_bill",
    "transaction",
    "unfreeze",
    "unsplit",
    "with_redirect",
]
