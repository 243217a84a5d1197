"""WeChat Pay APIv3: who signs, whom to believe, and one client. The calls are in `weixin.products.pay`."""

from weixin.pay.certificates import read_certificates
from weixin.pay.client import PayClient
from weixin.pay.keys import (
    Keys,
    Merchant,
    PlatformCertificate,
    certificate_serial,
    load_private_key,
    load_public_key,
)
from weixin.pay.notices import Notice, read_notice
from weixin.pay.sealed import decrypt_field, encrypt_field, open_resource
from weixin.pay.sign import app_sign, authorization, pay_sign
from weixin.pay.verify import verify

__all__ = [
    "Keys",
    "Merchant",
    "Notice",
    "PayClient",
    "PlatformCertificate",
    "app_sign",
    "authorization",
    "certificate_serial",
    "decrypt_field",
    "encrypt_field",
    "load_private_key",
    "load_public_key",
    "open_resource",
    "pay_sign",
    "read_certificates",
    "read_notice",
    "verify",
]
