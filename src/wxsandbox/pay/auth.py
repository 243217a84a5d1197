"""Who calls, and how the answer proves who answers: the Authorization check and the Wechatpay-* headers.

Page 「签名生成」/「签名验证」 of pay.weixin.qq.com/doc/v3 (4012365342, 4013053249); messages from 4012072670.
"""

import re
from typing import TYPE_CHECKING

from wxsandbox.http import Call
from wxsandbox.pay import crypto, merchants
from wxsandbox.pay.errors import PayRefused, sign_error
from wxsandbox.pay.rows import PayMerchant

if TYPE_CHECKING:
    from wxsandbox.box import Box

SCHEME = "WECHATPAY2-SHA256-RSA2048"
TOLERANCE_SECONDS = 300
PROBE = "WECHATPAY/SIGNTEST/"
PAIR = re.compile(r'([a-z_]+)="([^"]*)"')
STAMP = re.compile(r"[0-9]{1,12}")
PARTS = {"mchid", "nonce_str", "signature", "timestamp", "serial_no"}
# Only these answer 400 before they look at the signature (probed by third parties, 2026-09-11).
HEADERS_FIRST = ("/v3/certificates", "/v3/refund/")
ORDERS = ("/v3/pay/transactions/", "/v3/pay/partner/transactions/")


def check(call: Call, covered: bytes) -> PayMerchant:
    """Return the merchant who signed this request, of whose body `covered`; raises SIGN_ERROR in WeChat's words."""
    headers = call.headers
    if call.path.startswith(HEADERS_FIRST) and not (headers.get("accept") and headers.get("user-agent")):
        raise PayRefused(400, "INVALID_REQUEST", "Http头缺少Accept或User-Agent")
    parts = _parse(call)
    merchant = call.box.state.table(PayMerchant).get(parts["mchid"])
    if merchant is None or not merchant.serial:
        raise sign_error("商户未申请过证书。")
    call.appid = merchant.id
    now = call.box.clock.now()
    if abs(now - int(parts["timestamp"])) > TOLERANCE_SECONDS:
        raise sign_error("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
    public_pem, expires = _certificate(merchant, parts["serial_no"])
    if now >= expires:
        raise sign_error("商户证书已过期")
    head = f"{call.method}\n{call.target}\n{parts['timestamp']}\n{parts['nonce_str']}\n"
    if not crypto.verified(public_pem, head.encode() + covered + b"\n", parts["signature"]):
        raise sign_error("签名错误")
    return merchant


def _certificate(merchant: PayMerchant, serial: str) -> tuple[str, float]:
    """Find the API certificate a caller signs with: the present one, or an older one that is not revoked."""
    if serial == merchant.serial:
        return merchant.public_pem, merchant.certificate_expires
    for old in merchant.older:
        if old.serial == serial:
            if old.revoked:
                raise sign_error("商户证书已作废")
            return old.public_pem, old.expires
    raise sign_error("商户证书序列号有误。请使用签名私钥匹配的证书序列号")


def _parse(call: Call) -> dict[str, str]:
    header = call.headers.get("authorization", "")
    scheme, _, rest = header.partition(" ")
    garbled = "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》"
    if call.path.startswith(ORDERS):
        garbled = "签名信息错误，验签失败"
    if not header or not rest:
        raise sign_error(garbled)
    if scheme != SCHEME:
        raise sign_error("HTTP头Authorization认证类型不正确")
    pairs = [PAIR.fullmatch(piece.strip()) for piece in rest.split(",")]
    parts = {pair[1]: pair[2] for pair in pairs if pair}
    if None in pairs or set(parts) != PARTS or not parts["nonce_str"] or not STAMP.fullmatch(parts["timestamp"]):
        raise sign_error(garbled)
    return parts


def signed_headers(
    box: "Box", merchant: PayMerchant, body: bytes, *, wanted: str = "", spoiled: bool = False
) -> list[tuple[bytes, bytes]]:
    """Sign an answer with the key the caller asked for; `spoiled` makes it WeChat's signature probe."""
    serial, key = merchants.signing_key(box, merchant, wanted)
    return [(name.encode(), value.encode()) for name, value in proof(box, serial, key, body, spoiled).items()]


def proof(box: "Box", serial: str, key: str, body: bytes, spoiled: bool = False) -> dict[str, str]:
    """Make the five Wechatpay-* headers over a body, at the simulator's time."""
    timestamp, nonce = str(box.clock.seconds()), box.state.dice.text(32)
    signature = crypto.sign(key, f"{timestamp}\n{nonce}\n".encode() + body + b"\n")
    if spoiled:
        signature = PROBE + signature[len(PROBE) :]
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": signature,
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature-Type": SCHEME,
    }


def request_id(box: "Box") -> str:
    """Make up a Request-ID in WeChat's shape."""
    return f"{box.state.dice.hex(56).upper()}-0"
