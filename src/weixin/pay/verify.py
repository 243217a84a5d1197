"""Is this from WeChat Pay? The same question for answers and notices.

https://pay.weixin.qq.com/doc/v3/merchant/4013053249 (2026-11)
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from weixin.errors import BadSignature, Stale, UnknownSerial
from weixin.pay.keys import Keys

WINDOW_SECONDS = 300
_TYPE = "WECHATPAY2-SHA256-RSA2048"


def verify(keys: Keys, headers: Mapping[str, str], body: bytes, *, now: int) -> None:
    """Check signature and age of an answer or a notice; raises BadSignature, Stale or UnknownSerial.

    WeChat Pay's own probes (WECHATPAY/SIGNTEST/…) fail here like any forgery, which is what they test.
    """
    given = {name.lower(): value for name, value in headers.items()}
    timestamp, nonce = given.get("wechatpay-timestamp", ""), given.get("wechatpay-nonce", "")
    serial, signature = given.get("wechatpay-serial", ""), given.get("wechatpay-signature", "")
    if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 18 or not signature:
        raise BadSignature("not signed")
    # Older simulators and some gateways leave the type out; a type that is there must be the one we check.
    if given.get("wechatpay-signature-type", _TYPE) != _TYPE:
        raise BadSignature("another kind of signature")
    if abs(now - int(timestamp)) > WINDOW_SECONDS:
        raise Stale("signed more than five minutes ago, or ahead")
    key = keys.find(serial)
    if key is None:
        raise UnknownSerial(serial[:80])
    try:
        proof = b64decode(signature, validate=True)
        message = f"{timestamp}\n{nonce}\n".encode("utf-8", "surrogatepass") + body + b"\n"
        key.verify(proof, message, PKCS1v15(), SHA256())
    except (InvalidSignature, NotBase64, ValueError):
        raise BadSignature("the signature does not match") from None
