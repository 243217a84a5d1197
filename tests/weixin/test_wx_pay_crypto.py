"""WeChat Pay's cryptography with keys made here, against `cryptography` itself and wechatpayv3."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpayv3 import utils as stranger

from make.wxservers import NOW, signed
from weixin.errors import BadMessage, BadSignature, Stale, UnknownSerial
from weixin.pay import (
    Keys,
    Merchant,
    PlatformCertificate,
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

APIV3 = b"0123456789abcdef0123456789abcdef"
OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PLATFORM = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC_KEY_ID = "PUB_KEY_ID_0114232134912410000000000000"
MERCHANT = Merchant("1900000001", "A" * 40, OURS, APIV3)
KEYS = Keys(public_key_id=PUBLIC_KEY_ID, public_key=PLATFORM.public_key())
DAY = timedelta(days=1)
TODAY = datetime.fromtimestamp(NOW, UTC)


def private_pem(key: Any, password: bytes | None = None) -> bytes:
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)  # type: ignore[no-any-return]


def public_pem(key: Any) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)  # type: ignore[no-any-return]


def certificate(key: rsa.RSAPrivateKey, serial: int, begins: datetime = TODAY - DAY) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tenpay.com Root CA")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(serial).not_valid_before(begins).not_valid_after(begins + 1825 * DAY)
    return builder.sign(key, hashes.SHA256())


def sealed(plain: bytes, extra: str = "transaction") -> dict[str, str]:
    text = AESGCM(APIV3).encrypt(b"123456789012", plain, extra.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": "123456789012",
        "associated_data": extra,
        "ciphertext": base64.b64encode(text).decode(),
    }


def test_keys_are_read_from_pem_and_refused_when_they_are_others() -> None:
    assert load_private_key(private_pem(OURS).decode()).private_numbers() == OURS.private_numbers()
    made = certificate(PLATFORM, 0xABC)
    pem = made.public_bytes(serialization.Encoding.PEM)
    for source in (pem, pem.decode(), public_pem(PLATFORM.public_key())):
        assert load_public_key(source).public_numbers() == PLATFORM.public_key().public_numbers()
    assert certificate_serial(pem) == "0ABC"
    elliptic = ec.generate_private_key(ec.SECP256R1())
    for wrong in (private_pem(elliptic), private_pem(OURS, b"locked"), b"", b"-----BEGIN PRIVATE KEY-----"):
        with pytest.raises(ValueError):
            load_private_key(wrong)
    for wrong in (public_pem(elliptic.public_key()), b"", private_pem(OURS)):
        with pytest.raises(ValueError):
            load_public_key(wrong)
    with pytest.raises(ValueError, match="32 bytes"):
        Merchant("1", "A", OURS, b"short")
    with pytest.raises(ValueError, match="belong together"):
        Keys(public_key_id=PUBLIC_KEY_ID)
    assert "0123456789abcdef" not in repr(MERCHANT)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(["GET", "POST"]), st.text("/v3abc|%?=&", max_size=40), st.binary(max_size=80))
def test_any_request_is_signed_over_its_five_lines(method: str, path: str, body: bytes) -> None:
    header = authorization(MERCHANT, method=method, path=path, body=body, timestamp=NOW, nonce="n0")
    proof = base64.b64decode(header.partition('signature="')[2].partition('"')[0])
    message = f"{method}\n{path}\n{NOW}\nn0\n".encode() + body + b"\n"
    OURS.public_key().verify(proof, message, padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(InvalidSignature):
        OURS.public_key().verify(proof, message + b"x", padding.PKCS1v15(), hashes.SHA256())


def test_a_stranger_signs_requests_the_same_way() -> None:
    body = {"description": "茶", "amount": {"total": 1}}
    theirs = stranger.build_authorization("/v3/x", "POST", "1900000001", "A" * 40, OURS, data=body, nonce_str="n")
    timestamp = int(theirs.partition('timestamp="')[2].partition('"')[0])
    raw = json.dumps(body).encode()
    ours = authorization(MERCHANT, method="POST", path="/v3/x", body=raw, timestamp=timestamp, nonce="n")
    assert set(ours.split(" ", 1)[1].split(",")) == set(theirs.split(" ", 1)[1].split(","))
    assert ours.split(" ")[0] == theirs.split(" ")[0]


def test_the_cashier_gets_what_it_wants() -> None:
    made = pay_sign(MERCHANT, appid="wx1", prepay_id="wx2014", timestamp=NOW, nonce="n")
    assert list(made) == ["appId", "timeStamp", "nonceStr", "package", "signType", "paySign"]
    assert (made["package"], made["signType"], made["timeStamp"]) == ("prepay_id=wx2014", "RSA", str(NOW))
    assert made["paySign"] == stranger.rsa_sign(OURS, f"wx1\n{NOW}\nn\nprepay_id=wx2014\n")
    bare = app_sign(MERCHANT, appid="wx1", prepay_id="wx2014", timestamp=NOW, nonce="n")
    assert bare == stranger.rsa_sign(OURS, f"wx1\n{NOW}\nn\nwx2014\n")


def test_answers_are_verified_and_nothing_else_passes() -> None:
    headers = signed(PLATFORM, PUBLIC_KEY_ID, b"{}")
    verify(KEYS, headers, b"{}", now=NOW)
    verify(KEYS, {name.lower(): value for name, value in headers.items()}, b"{}", now=NOW + 300)
    verify(KEYS, {k: v for k, v in headers.items() if k != "Wechatpay-Signature-Type"}, b"{}", now=NOW - 300)
    assert stranger.rsa_verify(str(NOW), "nonce", "{}", headers["Wechatpay-Signature"], PLATFORM.public_key())
    for now in (NOW + 301, NOW - 301):
        with pytest.raises(Stale):
            verify(KEYS, headers, b"{}", now=now)
    with pytest.raises(BadSignature):
        verify(KEYS, headers, b"{} ", now=NOW)
    for name, value in [
        ("Wechatpay-Signature", "WECHATPAY/SIGNTEST/" + headers["Wechatpay-Signature"][19:]),
        ("Wechatpay-Signature", "通商"),
        ("Wechatpay-Signature", ""),
        ("Wechatpay-Nonce", "other"),
        ("Wechatpay-Timestamp", "1.79e9"),
        ("Wechatpay-Timestamp", ""),
        ("Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3"),
    ]:
        with pytest.raises(BadSignature):
            verify(KEYS, headers | {name: value}, b"{}", now=NOW)
    with pytest.raises(UnknownSerial, match="PUB_KEY_ID_x") as caught:
        verify(KEYS, headers | {"Wechatpay-Serial": "PUB_KEY_ID_x"}, b"{}", now=NOW)
    assert caught.value.serial == "PUB_KEY_ID_x"
    with pytest.raises(BadSignature, match="not signed"):
        verify(KEYS, {}, b"{}", now=NOW)


@given(st.binary(max_size=300), st.sampled_from(["", "transaction", "refund"]))
def test_resources_open_for_us_and_for_a_stranger(plain: bytes, extra: str) -> None:
    box = sealed(plain, extra)
    assert open_resource(APIV3, box) == plain
    if plain.isascii():
        theirs = stranger.aes_decrypt(box["nonce"], box["ciphertext"], extra, APIV3.decode())
        assert theirs == plain.decode()
    for change in ({"nonce": "x"}, {"associated_data": extra + "x"}, {"ciphertext": "AAAA"}, {"algorithm": "SM4_GCM"}):
        with pytest.raises(BadMessage):
            open_resource(APIV3, box | change)


def test_a_resource_without_its_parts_is_a_bad_message() -> None:
    for broken in ({}, {"nonce": "n"}, {"nonce": "n", "ciphertext": "not base64"}):
        with pytest.raises(BadMessage):
            open_resource(APIV3, broken)


@settings(deadline=None, max_examples=20)
@given(st.text(max_size=50))
def test_fields_are_sealed_with_oaep(words: str) -> None:
    assert decrypt_field(PLATFORM, encrypt_field(PLATFORM.public_key(), words)) == words
    if words:
        assert stranger.rsa_decrypt(encrypt_field(PLATFORM.public_key(), words), PLATFORM) == words
    for broken in ("", "MTIzNA==", "no base64!"):
        with pytest.raises(BadMessage):
            decrypt_field(PLATFORM, broken)


def test_a_field_may_not_be_longer_than_the_key_carries() -> None:
    assert decrypt_field(PLATFORM, encrypt_field(PLATFORM.public_key(), "x" * 214))
    with pytest.raises(ValueError):
        encrypt_field(PLATFORM.public_key(), "x" * 215)


def kept(serial: str, key: rsa.RSAPrivateKey, begins: datetime, days: int = 1825) -> PlatformCertificate:
    return PlatformCertificate(serial, begins, begins + days * DAY, "pem", key.public_key())


def test_both_kinds_of_key_are_held_side_by_side_and_the_last_good_ones_stay() -> None:
    old, new = kept("OLD", OURS, TODAY - 1820 * DAY), kept("NEW", PLATFORM, TODAY - DAY)
    keys = Keys(certificates=[old])
    assert keys.encryption() == ("OLD", OURS.public_key())
    keys.learn([], now=TODAY)
    assert keys.find("OLD") is not None
    keys.learn([new], now=TODAY)
    assert [item.serial for item in keys.certificates] == ["NEW", "OLD"]
    assert keys.encryption() == ("NEW", PLATFORM.public_key())
    # The old one leaves when it has expired and something newer has arrived, never before.
    keys.learn([new], now=TODAY + 6 * DAY)
    assert [item.serial for item in keys.certificates] == ["NEW"]
    keys.learn([], now=TODAY + 9999 * DAY)
    assert keys.find("NEW") is not None
    both = Keys(public_key_id=PUBLIC_KEY_ID, public_key=PLATFORM.public_key(), certificates=[old])
    assert both.encryption() == (PUBLIC_KEY_ID, PLATFORM.public_key())
    verify(both, signed(OURS, "OLD", b""), b"", now=NOW)
    verify(both, signed(PLATFORM, PUBLIC_KEY_ID, b""), b"", now=NOW)
    assert both.find("NEW") is None
    assert Keys().encryption() is None


def test_certificates_are_read_and_rubbish_is_refused() -> None:
    pem = certificate(PLATFORM, int("5" * 40, 16)).public_bytes(serialization.Encoding.PEM)
    item = {
        "serial_no": "5" * 40,
        "effective_time": "2025-01-01T08:00:00+08:00",
        "expire_time": "2030-01-01T08:00:00+08:00",
        "encrypt_certificate": sealed(pem, "certificate"),
    }
    [found] = read_certificates(APIV3, json.dumps({"data": [item]}).encode())
    assert found.serial == certificate_serial(pem) == "5" * 40
    assert found.effective_at == datetime(2025, 1, 1, tzinfo=UTC)
    assert found.public_key.public_numbers() == PLATFORM.public_key().public_numbers()
    rubbish = item | {"encrypt_certificate": sealed(b"not a certificate", "certificate")}
    for body in ({"data": []}, {}, {"data": 1}, [], {"data": [{}]}, {"data": [rubbish]}, {"data": [1]}):
        with pytest.raises(BadMessage):
            read_certificates(APIV3, json.dumps(body).encode())
    with pytest.raises(BadMessage):
        read_certificates(bytes(32), json.dumps({"data": [item]}).encode())
    with pytest.raises(BadMessage):
        read_certificates(APIV3, b"<html>")


def notice(plain: bytes, **change: Any) -> bytes:
    body = {
        "id": "EV-2018022511223320873",
        "create_time": "2026-09-21T22:13:20+08:00",
        "event_type": "TRANSACTION.SUCCESS",
        "resource_type": "encrypt-resource",
        "summary": "支付成功",
        "resource": sealed(plain) | {"original_type": "transaction"},
    }
    return json.dumps(body | change, ensure_ascii=False).encode()


def test_a_notice_is_verified_then_opened() -> None:
    body = notice(b'{"out_trade_no":"t1"}')
    got = read_notice(signed(PLATFORM, PUBLIC_KEY_ID, body), body, KEYS, APIV3, NOW)
    assert (got.id, got.event_type, got.original_type) == (
        "EV-2018022511223320873",
        "TRANSACTION.SUCCESS",
        "transaction",
    )
    assert got.resource == {"out_trade_no": "t1"}
    assert got.created_at == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
    assert "t1" not in repr(got)
    for sign in ("probe", "none", "late", "stranger"):
        with pytest.raises(BadSignature):
            read_notice(signed(PLATFORM, PUBLIC_KEY_ID, body, sign=sign), body, KEYS, APIV3, NOW)
    with pytest.raises(BadMessage):
        read_notice(signed(PLATFORM, PUBLIC_KEY_ID, body), body, KEYS, bytes(32), NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        notice(b"[1]"),
        notice(b"no json"),
        notice(b"{}", resource=1),
        notice(b"{}", create_time="soon"),
    ],
)
def test_a_signed_notice_that_makes_no_sense_is_a_bad_message(body: bytes) -> None:
    with pytest.raises(BadMessage):
        read_notice(signed(PLATFORM, PUBLIC_KEY_ID, body), body, KEYS, APIV3, NOW)
