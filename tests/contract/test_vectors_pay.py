"""Every vector of the WeChat Pay contract, read in place where the contract folder stands beside the project."""

import json
import warnings
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from weixin import legacy
from weixin.errors import BadMessage, BadSignature, Stale
from weixin.pay import (
    Keys,
    Merchant,
    app_sign,
    authorization,
    certificate_serial,
    decrypt_field,
    encrypt_field,
    load_private_key,
    load_public_key,
    open_resource,
    pay_sign,
    read_certificates,
    read_notice,
    verify,
)
from weixin.products.pay import parse_trade_bill

FILE = Path(__file__).parents[3] / "shared" / "contracts" / "vectors-pay.json"
WHY = "the contract folder is not beside the project; the project's own vectors in tests/weixin have run"
Vector = dict[str, Any]
DATA: dict[str, Any] = json.loads(FILE.read_bytes()) if FILE.exists() else {"keys": {}, "vectors": []}
VECTORS: list[Vector] = DATA["vectors"]
if not VECTORS:
    warnings.warn(f"{FILE.name}: {WHY}", stacklevel=1)


def merchant(name: str) -> Merchant:
    key = DATA["keys"][name]
    serial, mchid = key.get("serial_no", "0123456789ABC"), key.get("mchid", "1234567890")
    return Merchant(mchid, serial, load_private_key(key["private_key_pem"]), bytes(32))


def aes_gcm_decrypt(v: Vector) -> None:
    key = v["apiv3_key"].encode()
    sealed = {name: v[name] for name in ("nonce", "associated_data", "ciphertext")}
    assert open_resource(key, sealed).decode() == v["plaintext"]
    for change in (
        {"associated_data": "bad-associatedData"},
        {"nonce": "bad-4a9R25RW"},
        {"ciphertext": b64encode(bytes(128)).decode()},
    ):
        with pytest.raises(BadMessage):
            open_resource(key, sealed | change)


def rsa_sign(v: Vector) -> None:
    who, lines = merchant(v["key"]), v["message"].split("\n")
    assert who.sign(v["message"].encode()) == v["signature_b64"]
    rsa_verify(v)
    if v["id"] == "derived-authheader-go-key":
        method, path, timestamp, nonce = lines[:4]
        header = authorization(who, method=method, path=path, body=b"", timestamp=int(timestamp), nonce=nonce)
        assert f'signature="{v["signature_b64"]}"' in header
    if v["id"].startswith("derived-paysign"):
        asked = {"appid": lines[0], "timestamp": int(lines[1]), "nonce": lines[2]}
        prepay_id = lines[3].removeprefix("prepay_id=")
        if v["id"].endswith("app"):
            assert app_sign(who, prepay_id=prepay_id, **asked) == v["signature_b64"]
        else:
            assert pay_sign(who, prepay_id=prepay_id, **asked)["paySign"] == v["signature_b64"]


def rsa_verify(v: Vector) -> None:
    keys = DATA["keys"][v["key"]]
    pem = keys.get("public_key_pem") or keys["certificate_pem"]
    proof = b64decode(v["signature_b64"])
    load_public_key(pem).verify(proof, v["message"].encode(), PKCS1v15(), SHA256())
    with pytest.raises(InvalidSignature):
        load_public_key(pem).verify(proof, v["message"].encode() + b" ", PKCS1v15(), SHA256())


def authorization_header(v: Vector) -> None:
    asked = {"method": v["method"], "path": v["url"], "body": v["body"].encode()}
    asked |= {"timestamp": int(v["timestamp"]), "nonce": v["nonce_str"]}
    if v["kind"] == "authorization_header":
        assert authorization(merchant(v["key"]), **asked) == v["authorization"]
        return
    who = Merchant(v["mchid"], v["serial_no"], merchant("go_test_key").private_key, bytes(32))
    made = who.sign(v["message"].encode())
    head = v["header_template"].partition("signature=")[0]
    header = authorization(who, **asked)
    assert f'signature="{made}"' in header
    for part in head.removesuffix(",").split(" ")[1].split(","):
        assert part in header


def notification(v: Vector) -> None:
    platform = DATA["keys"][v["platform_cert"]]
    assert certificate_serial(platform["certificate_pem"]) == platform["serial_no"]
    keys = Keys(public_key_id=platform["serial_no"], public_key=load_public_key(platform["certificate_pem"]))
    now, body, key = int(v["headers"]["Wechatpay-Timestamp"]), v["body"].encode(), v["apiv3_key"].encode()
    notice = read_notice(v["headers"], body, keys, key, now + 300)
    assert notice.resource == json.loads(v["resource_plaintext"])
    assert notice.id == json.loads(body)["id"]
    with pytest.raises(Stale):
        read_notice(v["headers"], body, keys, key, now + 301)
    with pytest.raises(BadSignature):
        read_notice(v["headers"], body + b" ", keys, key, now)


def certificates(v: Vector) -> None:
    [found] = read_certificates(v["apiv3_key"].encode(), v["response_body"].encode())
    assert (found.serial, found.pem) == (v["serial_no"], v["certificate_pem"])
    assert certificate_serial(found.pem) == v["serial_no"]


def oaep(v: Vector) -> None:
    key = merchant(v["key"]).private_key
    assert decrypt_field(key, v["ciphertext_b64"]) == v["plaintext"]
    assert decrypt_field(key, encrypt_field(key.public_key(), v["plaintext"])) == v["plaintext"]
    with pytest.raises(BadMessage):
        decrypt_field(key, "MTIzNA==")


def pkcs1(v: Vector) -> None:
    made = legacy.pkcs1v15_decrypt(merchant(v["key"]).private_key, v["ciphertext_b64"])
    assert made.decode() == v["plaintext"]


def v2_sign(v: Vector) -> None:
    assert legacy.v2_string(v["params"], v["key"]) == v["string_to_sign"]
    assert legacy.v2_sign_md5(v["params"], v["key"]) == v["md5"]
    assert legacy.v2_sign_hmac(v["params"], v["key"]) == v["hmac_sha256"]


def aes_ecb(v: Vector) -> None:
    assert legacy.aes_ecb_decrypt(v["key"].encode(), v["ciphertext_b64"]).decode() == v["plaintext"]


def trade_bill(v: Vector) -> None:
    # The vector holds the first three lines and the last two of the sample, whose SHA-1 is over all of it.
    assert len(v["sha1"]) == sha1(usedforsecurity=False).digest_size * 2
    rows, summary = parse_trade_bill(("\ufeff" + "\r\n".join(v["head"] + v["tail"]) + "\r\n").encode())
    assert [(row.state, row.refund_fen, row.order_fen, row.sub_mchid) for row in rows] == [("REFUND", 1, 0, "")] * 2
    assert (summary.count, summary.order_fen, summary.refund_fen, summary.fee_fen) == (45, 47, 14, 8)


def signtest(v: Vector) -> None:
    who = merchant("java_test_merchant")
    keys = Keys(public_key_id="PUB_KEY_ID_1", public_key=who.private_key.public_key())
    headers = {
        "Wechatpay-Timestamp": "1554208460",
        "Wechatpay-Nonce": "n",
        "Wechatpay-Serial": "PUB_KEY_ID_1",
        "Wechatpay-Signature": who.sign(b"1554208460\nn\n{}\n"),
    }
    verify(keys, headers, b"{}", now=1554208460)
    with pytest.raises(BadSignature):
        verify(keys, headers | {"Wechatpay-Signature": v["signature_header"]}, b"{}", now=1554208460)


KINDS: dict[str, Callable[[Vector], None]] = {
    "aes_gcm_decrypt": aes_gcm_decrypt,
    "rsa_sha256_pkcs1v15_sign": rsa_sign,
    "rsa_sha256_pkcs1v15_verify": rsa_verify,
    "authorization_header": authorization_header,
    "authorization_header_string": authorization_header,
    "notification_verify_and_decrypt": notification,
    "certificates_response_decrypt": certificates,
    "rsa_oaep_sha1_decrypt": oaep,
    "rsa_pkcs1v15_decrypt": pkcs1,
    "v2_sign": v2_sign,
    "aes_256_ecb_pkcs7": aes_ecb,
    "trade_bill_sample": trade_bill,
    "signtest_must_fail": signtest,
}


@pytest.mark.skipif(not VECTORS, reason=WHY)
def test_the_file_has_the_vectors_we_know() -> None:
    assert len(VECTORS) == 23
    assert {v["kind"] for v in VECTORS} == set(KINDS)


@pytest.mark.parametrize("vector", [pytest.param(v, id=v["id"]) for v in VECTORS])
def test_vector(vector: Vector) -> None:
    KINDS[vector["kind"]](vector)
