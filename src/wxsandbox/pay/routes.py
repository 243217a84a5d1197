"""The endpoints of WeChat Pay, direct and for service providers."""

from typing import Any

from msgspec import UNSET

from wxsandbox.http import Call
from wxsandbox.pay import crypto, orders, pace, reading, refunds, statements, types
from wxsandbox.pay.errors import PayRefused, wrong_field
from wxsandbox.pay.gate import Endpoint, guarded, struck
from wxsandbox.pay.money import local
from wxsandbox.pay.reading import rfc3339
from wxsandbox.pay.rows import PayMerchant, PayOrder
from wxsandbox.routes import Route

HOST = "api.mch.weixin.qq.com"
DOC = "https://pay.weixin.qq.com/doc/v3/"
READ = "2026-11-22"
COMMON = ("PARAM_ERROR", "INVALID_REQUEST", "MCH_NOT_EXISTS", "SIGN_ERROR", "NO_AUTH", "SYSTEM_ERROR")
ORDER_ERRORS = ("APPID_MCHID_NOT_MATCH", "ORDER_CLOSED", "OUT_TRADE_NO_USED", *COMMON)
LOOK_ERRORS = ("ORDER_NOT_EXIST", *COMMON)
REFUND_ERRORS = ("TRADE_OVERDUE", "NOT_ENOUGH", "RESOURCE_NOT_EXISTS", "FREQUENCY_LIMITED", *COMMON)
BILL_ERRORS = ("STATEMENT_CREATING", "NO_STATEMENT_EXIST", *COMMON)


def certificates(call: Call, caller: PayMerchant) -> Any:
    """Hand out the platform certificates, sealed under the APIv3 key."""
    reading.parameter(call.query, "algorithm_type", among=("RSA", "SM2", "ALL"), default="RSA")
    now = call.box.clock.now()
    valid = [one for one in caller.certificates if one.effective <= now < one.expires]
    if not valid:
        words = "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。"
        raise PayRefused(404, "RESOURCE_NOT_EXISTS", words)
    data = []
    for one in valid:
        nonce = call.box.state.dice.text(crypto.NONCE_BYTES)
        sealed = crypto.seal(caller.apiv3_key, one.pem.encode(), nonce=nonce, associated_data="certificate")
        data.append(
            {
                "serial_no": one.serial,
                "effective_time": rfc3339(local(one.effective)),
                "expire_time": rfc3339(local(one.expires)),
                "encrypt_certificate": {"algorithm": "AEAD_AES_256_GCM", **sealed._asdict()},
            }
        )
    return {"data": data}


def jsapi(call: Call, caller: PayMerchant) -> Any:
    """Place an order for a page inside WeChat."""
    return {"prepay_id": orders.place(call.box, caller, reading.read(types.JsapiOrder, call.body), "JSAPI").id}


def native(call: Call, caller: PayMerchant) -> Any:
    """Place an order to be paid by scanning."""
    asked = reading.read(types.NativeOrder, call.body)
    return {"code_url": orders.place(call.box, caller, asked, "NATIVE").code}


def partner_jsapi(call: Call, caller: PayMerchant) -> Any:
    """Place an order of a sub-merchant for a page inside WeChat."""
    asked = reading.read(types.PartnerJsapiOrder, call.body)
    return {"prepay_id": orders.place(call.box, caller, asked, "JSAPI").id}


def partner_native(call: Call, caller: PayMerchant) -> Any:
    """Place an order of a sub-merchant to be paid by scanning."""
    asked = reading.read(types.PartnerNativeOrder, call.body)
    return {"code_url": orders.place(call.box, caller, asked, "NATIVE").code}


def query(call: Call, caller: PayMerchant) -> Any:
    """Tell how an order stands."""
    return orders.view(_order(call, caller, _sub(call, caller)))


def close(call: Call, caller: PayMerchant) -> None:
    """Close an unpaid order."""
    orders.own(caller, reading.read(types.CloseOrder, call.body).mchid)
    orders.close(call.box, orders.find(call.box, caller.id, "", call.params["out_trade_no"]))


def partner_close(call: Call, caller: PayMerchant) -> None:
    """Close a sub-merchant's unpaid order."""
    asked = reading.read(types.PartnerCloseOrder, call.body)
    orders.own(caller, asked.sp_mchid)
    sub = orders.sub_merchant(call.box, caller, asked.sub_mchid)
    orders.close(call.box, orders.find(call.box, caller.id, sub.id, call.params["out_trade_no"]))


def _sub(call: Call, caller: PayMerchant) -> str:
    if not call.path.startswith("/v3/pay/partner/"):
        orders.own(caller, reading.parameter(call.query, "mchid"))
        return ""
    orders.own(caller, reading.parameter(call.query, "sp_mchid"))
    return orders.sub_merchant(call.box, caller, reading.parameter(call.query, "sub_mchid")).id


def _order(call: Call, caller: PayMerchant, sub: str) -> PayOrder:
    if "transaction_id" in call.params:
        return orders.find_paid(call.box, caller.id, sub, call.params["transaction_id"])
    return orders.find(call.box, caller.id, sub, call.params["out_trade_no"])


def refund(call: Call, caller: PayMerchant) -> Any:
    """Give money back; accepted is not done."""
    pace.keep(call.box, caller.id, "refund", most=pace.REFUNDS_A_SECOND)
    asked = reading.read(types.RefundOrder, call.body)
    return refunds.view(call.box, refunds.request(call.box, caller, asked))


def query_refund(call: Call, caller: PayMerchant) -> Any:
    """Tell how a refund stands."""
    sub = call.query.get("sub_mchid", "")
    if sub:
        sub = orders.sub_merchant(call.box, caller, sub).id
    return refunds.view(call.box, refunds.find(call.box, caller.id, sub, call.params["out_refund_no"]))


def repair_refund(call: Call, caller: PayMerchant) -> Any:
    """Send a stuck refund on to a bank card."""
    asked = reading.read(types.AbnormalRefund, call.body)
    serial = call.headers.get("wechatpay-serial", "")
    keys = {one.serial: one.private_pem for one in caller.certificates}
    keys |= {caller.public_key_id: caller.platform_private_pem} if caller.public_key_id else {}
    for field, value in (("bank_account", asked.bank_account), ("real_name", asked.real_name)):
        if value is not UNSET and (serial not in keys or not crypto.decrypt_field(keys[serial], value)):
            raise wrong_field(f"/{field}", "cannot be decrypted", "敏感字段解密失败，请检查Wechatpay-Serial与加密公钥")
    return refunds.view(call.box, refunds.repair(call.box, caller, call.params["refund_id"], asked))


def trade_bill(call: Call, caller: PayMerchant) -> Any:
    """Give permission to download a day's trade bill."""
    return _ticket(call, caller, "trade")


def fund_bill(call: Call, caller: PayMerchant) -> Any:
    """Give permission to download a day's fund flow bill."""
    return _ticket(call, caller, "fund")


def _ticket(call: Call, caller: PayMerchant, kind: str) -> Any:
    ticket = statements.ask(call.box, caller, call.query, kind)
    url = call.url(HOST, f"/v3/billdownload/file?token={ticket.id}")
    return {"hash_type": "SHA1", "hash_value": statements.digest(call.box, ticket), "download_url": url}


def download(call: Call, caller: PayMerchant) -> bytes:
    """Hand out a bill; this answer is not signed."""
    return statements.fetch(call.box, caller, call.query.get("token", ""))


def _route(
    method: str,
    path: str,
    endpoint: Endpoint,
    page: str,
    errors: tuple[str, ...],
    body: Any = None,
    signed: bool = True,
) -> Route:
    handler = guarded(endpoint, signed=signed)
    return Route(HOST, method, path, handler, page=DOC + page, date=READ, body=body, errors=errors, refuse=struck)


PAY, PARTNER, REFUNDS = "/v3/pay/transactions", "/v3/pay/partner/transactions", "/v3/refund/domestic/refunds"
BY_ID, BY_NUMBER, CLOSE = "/id/{transaction_id}", "/out-trade-no/{out_trade_no}", "/out-trade-no/{out_trade_no}/close"
CERTIFICATE_ERRORS = ("SIGN_ERROR", "RESOURCE_NOT_EXISTS")
M, P = "merchant/", "partner/"
ROUTES = (
    _route("GET", "/v3/certificates", certificates, M + "4012551764", CERTIFICATE_ERRORS),
    _route("POST", PAY + "/jsapi", jsapi, M + "4012791856", ORDER_ERRORS, types.JsapiOrder),
    _route("POST", PAY + "/native", native, M + "4012791877", ORDER_ERRORS, types.NativeOrder),
    _route("GET", PAY + BY_ID, query, M + "4012791858", LOOK_ERRORS),
    _route("GET", PAY + BY_NUMBER, query, M + "4012791859", LOOK_ERRORS),
    _route("POST", PAY + CLOSE, close, M + "4012791860", LOOK_ERRORS, types.CloseOrder),
    _route("POST", PARTNER + "/jsapi", partner_jsapi, P + "4012738519", ORDER_ERRORS, types.PartnerJsapiOrder),
    _route("POST", PARTNER + "/native", partner_native, P + "4012738659", ORDER_ERRORS, types.PartnerNativeOrder),
    _route("GET", PARTNER + BY_ID, query, P + "4012738971", LOOK_ERRORS),
    _route("GET", PARTNER + BY_NUMBER, query, P + "4012738971", LOOK_ERRORS),
    _route("POST", PARTNER + CLOSE, partner_close, P + "4012738971", LOOK_ERRORS, types.PartnerCloseOrder),
    _route("POST", REFUNDS, refund, M + "4012791862", REFUND_ERRORS, types.RefundOrder),
    _route("GET", REFUNDS + "/{out_refund_no}", query_refund, M + "4012791863", REFUND_ERRORS),
    _route(
        "POST",
        REFUNDS + "/{refund_id}/apply-abnormal-refund",
        repair_refund,
        M + "4012791864",
        REFUND_ERRORS,
        types.AbnormalRefund,
    ),
    _route("GET", "/v3/bill/tradebill", trade_bill, M + "4012791866", BILL_ERRORS),
    _route("GET", "/v3/bill/fundflowbill", fund_bill, M + "4012791867", BILL_ERRORS),
    _route("GET", "/v3/billdownload/file", download, M + "4012791866", BILL_ERRORS, signed=False),
)
