"""The older cryptography, round and round, and against wechatpy."""

import base64
import json
from hashlib import sha1

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatWxaCrypto
from wechatpy.pay.utils import calculate_signature, calculate_signature_hmac

from weixin import legacy
from weixin.errors import BadMessage

KEY16 = base64.b64encode(b"0123456789abcdef").decode()
IV = base64.b64encode(b"fedcba9876543210").decode()


def locked(cipher: Cipher[CBC] | Cipher[ECB], plain: bytes) -> str:
    pad = 16 - len(plain) % 16
    encryptor = cipher.encryptor()
    return base64.b64encode(encryptor.update(plain + bytes((pad,)) * pad) + encryptor.finalize()).decode()


# Chapter 4_3 of the Pay V2 documentation (2026-11).
def test_the_v2_signature_printed_in_the_documentation() -> None:
    params = {"appid": "wxd930ea5d5a258f4f", "mch_id": "10000100", "device_info": "1000", "body": "test"}
    params |= {"nonce_str": "ibuaiVcKdpRxkhJA", "sign": "ignored", "empty": ""}
    key = "192006250b4c09247ec02edce69f6a2d"
    assert legacy.v2_sign_md5(params, key) == "9A0A8659F005D6984697E2CA0A9CF3B7"
    assert legacy.v2_sign_hmac(params, key).startswith("6A9AE1657590FD6257D693A078E1C3E4")


@given(st.dictionaries(st.text("abcxyz_", min_size=1, max_size=6), st.text("ab12中文", min_size=1, max_size=9)))
def test_a_stranger_signs_v2_the_same_way(params: dict[str, str]) -> None:
    assert legacy.v2_sign_md5(params, "k").encode() == calculate_signature(dict(params), "k").encode()
    assert legacy.v2_sign_hmac(params, "k") == calculate_signature_hmac(dict(params), "k")


@given(st.binary(max_size=80))
def test_open_data_and_v2_notices_are_decrypted(plain: bytes) -> None:
    key = legacy.v2_notice_key("192006250b4c09247ec02edce69f6a2d")
    assert len(key) == 32
    assert legacy.aes_ecb_decrypt(key, locked(Cipher(AES(key), ECB()), plain)) == plain
    cipher = Cipher(AES(b"0123456789abcdef"), CBC(b"fedcba9876543210"))
    assert legacy.wxa_decrypt(KEY16, IV, locked(cipher, plain)) == plain


def test_a_stranger_reads_the_same_open_data() -> None:
    cipher = Cipher(AES(b"0123456789abcdef"), CBC(b"fedcba9876543210"))
    data = {"openId": "o1", "watermark": {"appid": "wx1"}}
    text = locked(cipher, json.dumps(data).encode())
    assert WeChatWxaCrypto(KEY16, IV, "wx1").decrypt_message(text) == json.loads(legacy.wxa_decrypt(KEY16, IV, text))
    assert legacy.wxa_signature("{}", "k") == sha1(b"{}k").hexdigest()


def test_rubbish_is_a_bad_message() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = base64.b64encode(key.public_key().encrypt(b"hello", padding.PKCS1v15())).decode()
    assert legacy.pkcs1v15_decrypt(key, text) == b"hello"
    with pytest.raises(BadMessage):
        legacy.pkcs1v15_decrypt(key, "MTIzNA==")
    zeros = Cipher(AES(bytes(32)), ECB()).encryptor().update(bytes(16))
    for wrong in ("", "no base64!", "MTIzNA==", base64.b64encode(zeros).decode()):
        with pytest.raises(BadMessage):
            legacy.aes_ecb_decrypt(bytes(32), wrong)
    with pytest.raises(BadMessage):
        legacy.wxa_decrypt("MTIzNA==", IV, "")
