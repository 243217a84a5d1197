"""The platform certificates WeChat Pay hands out, encrypted with the APIv3 key.

GET /v3/certificates, https://pay.weixin.qq.com/doc/v3/merchant/4012551764 (2026-11)
"""

from typing import Any

import msgspec

from weixin.errors import BadMessage
from weixin.pay.keys import PlatformCertificate, load_public_key
from weixin.pay.sealed import open_resource
from weixin.times import from_rfc3339

PATH = "/v3/certificates"


def read_certificates(apiv3_key: bytes, body: bytes) -> list[PlatformCertificate]:
    """Decrypt a certificates answer; raises BadMessage when there is none or one cannot be read.

    Decryption proves the origin: nobody else has the APIv3 key.
    """
    try:
        listed = msgspec.json.decode(body)["data"]
        found = [_one(apiv3_key, item) for item in listed]
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        raise BadMessage("the certificates cannot be read") from None
    if not found:
        raise BadMessage("there is no certificate")
    return found


def _one(apiv3_key: bytes, item: dict[str, Any]) -> PlatformCertificate:
    pem = open_resource(apiv3_key, item["encrypt_certificate"]).decode()
    return PlatformCertificate(
        serial=str(item["serial_no"]),
        effective_at=from_rfc3339(str(item["effective_time"])),
        expires_at=from_rfc3339(str(item["expire_time"])),
        pem=pem,
        public_key=load_public_key(pem),
    )
