"""Every vector of the account contract, read in place where the contract folder stands beside the project."""

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from weixin import legacy
from weixin.callbacks import read_push
from weixin.crypto import MessageCrypt
from weixin.errors import BadMessage
from weixin.signing import card_signature, check_url_signature, jsapi_signature, sha1_signature

FILE = Path(__file__).parents[3] / "shared" / "contracts" / "vectors-oa.json"
WHY = "the contract folder is not beside the project; the project's own vectors in tests/weixin have run"
Vector = dict[str, Any]


def signature(v: Vector) -> None:
    assert sha1_signature(v["token"], v["timestamp"], v["nonce"]) == v["expected_signature"]
    given = {"timestamp": v["timestamp"], "nonce": v["nonce"]}
    assert check_url_signature(v["token"], signature=v["expected_signature"], **given)
    assert not check_url_signature(v["token"] + "x", signature=v["expected_signature"], **given)


def msg_signature(v: Vector) -> None:
    parts = (v["token"], v["timestamp"], v["nonce"], v["encrypt"])
    assert sha1_signature(*parts) == v["expected_msg_signature"]


def aes_decrypt(v: Vector) -> None:
    crypt = MessageCrypt(v["token"], v["encoding_aes_key"], v["expected_appid_tail"])
    asked = (v["timestamp"], v["nonce"], v["expected_msg_signature"], v["encrypt"])
    plain = crypt.open(*asked)
    assert plain.decode() == v["expected_plaintext"]
    assert len(plain) == v["expected_msg_len"]
    if v.get("query_signature"):
        assert sha1_signature(v["token"], v["timestamp"], v["nonce"]) == v["query_signature"]
    with pytest.raises(BadMessage):
        MessageCrypt(v["token"], v["encoding_aes_key"], "wx-other").open(*asked)
    # The same words with the same random bytes give the same text.
    random16 = bytes.fromhex(v["expected_random16_hex"])
    assert crypt.seal(plain, v["timestamp"], v["nonce"], random16).encrypt == v["encrypt"]
    if b"MsgId" in plain or b"debug_demo" in plain:
        body = json.dumps({"ToUserName": "gh_x", "Encrypt": v["encrypt"]}).encode()
        query = {"timestamp": v["timestamp"], "nonce": v["nonce"], "msg_signature": v["expected_msg_signature"]}
        assert read_push(query, body, crypt, now=int(v["timestamp"]), max_age_seconds=0).raw_xml == plain


def aes_encrypt(v: Vector) -> None:
    crypt = MessageCrypt(v["token"], v["encoding_aes_key"], v["appid"])
    timestamp, nonce = v["timestamp"] or "1", v["nonce"] or "n"
    sealed = crypt.seal(v["plaintext"].encode(), timestamp, nonce, v["random16"].encode())
    assert sealed.encrypt == v["expected_encrypt"]
    for name in ("expected_msg_signature", "computed_msg_signature"):
        assert v.get(name) in (None, sealed.msg_signature)
    assert crypt.open(timestamp, nonce, sealed.msg_signature, sealed.encrypt).decode() == v["plaintext"]


def jssdk_signature(v: Vector) -> None:
    made = jsapi_signature(v["jsapi_ticket"], v["noncestr"], v["timestamp"], v["url"] + "#/goods/1")
    assert made == v["expected_signature"]


def card(v: Vector) -> None:
    assert card_signature(*v["values"]) == v["expected_signature"]


def wxa_signature(v: Vector) -> None:
    assert legacy.wxa_signature(v["raw_data"], v["session_key"]) == v["expected_signature"]


def wxa_decrypt(v: Vector) -> None:
    plain = legacy.wxa_decrypt(v["session_key"], v["iv"], v["encrypted_data"])
    assert plain.decode() == v["expected_plaintext"]
    assert json.loads(plain)["watermark"]["appid"] == v["appid"]


KINDS: dict[str, Callable[[Vector], None]] = {
    "signature": signature,
    "msg-signature": msg_signature,
    "aes-decrypt": aes_decrypt,
    "aes-encrypt": aes_encrypt,
    "jssdk-signature": jssdk_signature,
    "card-signature": card,
    "wxa-signature": wxa_signature,
    "wxa-decrypt": wxa_decrypt,
}
VECTORS: list[Vector] = json.loads(FILE.read_bytes())["vectors"] if FILE.exists() else []
if not VECTORS:
    warnings.warn(f"{FILE.name}: {WHY}", stacklevel=1)


@pytest.mark.skipif(not VECTORS, reason=WHY)
def test_the_file_has_the_vectors_we_know() -> None:
    assert len(VECTORS) == 24
    assert {v["kind"] for v in VECTORS} == set(KINDS)


@pytest.mark.parametrize("vector", [pytest.param(v, id=v["id"]) for v in VECTORS])
def test_vector(vector: Vector) -> None:
    KINDS[vector["kind"]](vector)
