"""A sub-merchant's movements for its service provider: a file under a key of its own, the key closed for who asks.

Pages 「申请单个子商户资金账单」 (2024-11-28) and 「下载单个子商户/二级商户资金账单」 (partner/4014314390, 2025-04-16)
of pay.weixin.qq.com. The file is bytes, AES-256-GCM with nothing associated. What is not published and decided here:
the hash is that of the plain file, as of every other bill; a file is never split, which begins at 16 GB.
"""

from typing import Any

from wxsandbox.http import Call
from wxsandbox.pay import crypto, orders, reading, statements
from wxsandbox.pay.errors import no_auth, wrong_field
from wxsandbox.pay.gate import guarded, struck
from wxsandbox.pay.routes import BILL_ERRORS, HOST
from wxsandbox.pay.rows import PayMerchant
from wxsandbox.routes import Route

PAGE = "https://pay.weixin.qq.com/docs/partner/apis/partner-mini-program-payment/get-sub-mch-fund-flow-bill.html"
KEY_BYTES, NONCE_LENGTH = 32, 16


def sub_fund_bill(call: Call, caller: PayMerchant) -> Any:
    """Give permission to download a sub-merchant's movements of a day, and the key they are closed under."""
    sub = orders.sub_merchant(call.box, caller, reading.parameter(call.query, "sub_mchid"))
    reading.parameter(call.query, "account_type", among=("BASIC", "OPERATION", "FEES", "DEPOSIT"))
    if reading.parameter(call.query, "algorithm", among=("AEAD_AES_256_GCM", "SM4_GCM")) == "SM4_GCM":
        raise wrong_field("algorithm", "is not open yet", "目前只支持AEAD_AES_256_GCM加密算法", location="query")
    if not caller.sub_funds:
        raise no_auth("商户无权限，请在服务商平台-产品中心开通“下载二级商户资金账单”")
    key, nonce = call.box.state.dice.bytes(KEY_BYTES).hex(), call.box.state.dice.text(NONCE_LENGTH)
    ticket = statements.ask(call.box, caller, {**call.query, "sub_mchid": sub.id}, "fund", key=key, nonce=nonce)
    file = {
        "bill_sequence": 1,
        "download_url": call.url(HOST, f"/v3/billdownload/file?token={ticket.id}"),
        "encrypt_key": crypto.close_key(caller.public_pem, key),
        "hash_type": "SHA1",
        "hash_value": statements.digest(call.box, ticket),
        "nonce": nonce,
    }
    return {"download_bill_count": 1, "download_bill_list": [file]}


ROUTES = (
    Route(
        HOST, "GET", "/v3/bill/sub-merchant-fundflowbill", guarded(sub_fund_bill), page=PAGE, date="2024-11-28",
        errors=BILL_ERRORS, refuse=struck,
    ),
)  # fmt: skip
