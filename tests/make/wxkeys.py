"""A merchant and a WeChat Pay for tests of the library: keys made here, certificates, an order, a client."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

from make.wxservers import NOW, PayScripted, counter
from weixin.pay import Keys, Merchant, PayClient
from weixin.transport import Transport

APIV3 = b"0123456789abcdef0123456789abcdef"
OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PLATFORM = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ROTATED = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEY_ID, CERT, NEXT = "PUB_KEY_ID_01", "5" * 40, "6" * 40
PREFIX = "/api.mch.weixin.qq.com"
MERCHANT = Merchant("1900000001", "A" * 40, OURS, APIV3)


def by(transport: Transport, server: PayScripted, keys: Keys) -> PayClient:
    return PayClient(transport, server.url, MERCHANT, keys, lambda: NOW, nonce=counter())


def certificates(*chosen: tuple[str, rsa.RSAPrivateKey]) -> dict[str, Any]:
    data = []
    begins = datetime.fromtimestamp(NOW, UTC) - timedelta(days=1)
    for serial, key in chosen:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tenpay.com Root CA")])
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        made = made.serial_number(int(serial, 16)).not_valid_before(begins).not_valid_after(begins + timedelta(1825))
        pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        text = AESGCM(APIV3).encrypt(b"123456789012", pem, b"certificate")
        sealed = {"algorithm": "AEAD_AES_256_GCM", "nonce": "123456789012", "associated_data": "certificate"}
        data.append(
            {
                "serial_no": serial,
                "effective_time": "2026-09-20T00:00:00+08:00",
                "expire_time": "2031-09-20T00:00:00+08:00",
                "encrypt_certificate": sealed | {"ciphertext": base64.b64encode(text).decode()},
            }
        )
    return {"data": data}


ORDER = {
    "appid": "wx1",
    "out_trade_no": "a|b*c",
    "description": "通商-龙井",
    "amount_fen": 100,
    "notify_url": "https://shop.example/notice",
}
