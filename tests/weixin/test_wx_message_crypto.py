"""Signatures and encryption of messages, against what WeChat's documentation prints and against wechatpy."""

import base64
import json

import pytest
import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException

from weixin.crypto import MessageCrypt, decode_aes_key
from weixin.errors import BadMessage, BadSignature
from weixin.signing import card_signature, check_url_signature, jsapi_signature, sha1_signature

A43 = "A" * 43
OWN = "kVJk9sZ0uQe3Yb7TnW5xLr2HcM8pDgFa4oEiXvB1StG"
OTHER = "zYxWvUtSrQpOnMlKjIhGfEdCbA9876543210zYxWvUt"
TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"


# developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html (2026-11)
def test_the_url_check_printed_in_the_documentation() -> None:
    ours = {"timestamp": "1714036504", "nonce": "1514711492"}
    assert check_url_signature("AAAAA", signature="f464b24fc39322e44b38aa78f5edd27bd1441696", **ours)
    assert not check_url_signature("AAAAA", signature="f464b24fc39322e44b38aa78f5edd27bd1441697", **ours)
    assert not check_url_signature("AAAAA", signature="通商\ud800", **ours)
    assert sha1_signature("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


def test_the_json_push_printed_in_the_documentation() -> None:
    encrypt = (
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsX"
        "UnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajA"
        "sjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
    )
    crypt = MessageCrypt("AAAAA", A43, "wxba5fad812f8e6fb9")
    plain = crypt.open("1714112445", "415670741", "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", encrypt)
    assert json.loads(plain)["debug_str"] == "hello world"
    assert len(plain) == 167
    reply = crypt.seal(b'{"demo_resp":"good luck"}', 1713424427, "415670741", b"707722b803182950")
    assert reply.msg_signature == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
    assert reply.encrypt == ("ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==")


# developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/Before_Develop/message_push.html (2026-11)
def test_the_platform_push_printed_in_the_documentation_is_under_the_components_appid() -> None:
    encrypt = (
        "D7yzvUNAL930rd28wf21s4hvXhz0L6Uit/p2Di6C5DHyYGpEgdBRnKjBec34JwoQXicwaZC7fOVihW80F4VtsdvE//1vr7oAbqjDv8KenVp+"
        "ajKYpJnyQ4zMRhIC+a31fCVOMC03FfzV/QuC94kBP55a+Za3sJgvAn+ZbsNqZI5DkyuzkhQN8OBqCzFhizGmy0xpM0MEA4agpvE+RuNO1rhH"
        "TtuJB5yltw1FiYzecSXJ+y/D2r81VkRn2eYjh2ltsoyfbDR7Is6ookXIFxTfyeNyeHxMeT4KN5WpCDmSbTcUYrbBUlkGLJ9n/rU8YOywma6G"
        "7aTb7KZKOqCxgfoUlYEZPk4FUL/TK7ShriFDMVCLyjQJ15Ob++agDWtcxhfUfe6HIoIpRW8mKNBQiY/Jd1svvuskA1wLef1RTtzKfMpagSCX"
        "/laZINmdnX4zrF6kIaR9P4xQrWXbsTFHTYe0Mg=="
    )
    asked = ("1715943329", "1590219412", "6c12a4205838198b8fa631b3220723bb07f1015c", encrypt)
    crypt = MessageCrypt("AAAAA", A43, "wx134c8103faa5a59e")
    assert b"<debug_str><![CDATA[hello world]]></debug_str>" in crypt.open(*asked)
    with pytest.raises(BadMessage, match="another appid"):
        MessageCrypt("AAAAA", A43, "wxba5fad812f8e6fb9").open(*asked)
    reply = crypt.seal(
        b"<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>", 1713424427, "415670741", b"999951349e8ee746"
    )
    assert reply.msg_signature == "03e0812039325c2712ef5f0f980fd14c70d6e307"


# developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html, appendix 1 (2026-11, and as of 2015)
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://mp.weixin.qq.com?params=value", "0f9de62fce790f9a083d5c99e95740ceb90c27ed"),
        ("http://mp.weixin.qq.com#/cart?x=1", "f4d90daf4b3bca3078ab155816175ba34c443a7b"),
    ],
)
def test_the_page_signature_printed_in_the_documentation(url: str, expected: str) -> None:
    assert jsapi_signature(TICKET, "Wm3WZYTPz0wzccnW", 1414587457, url) == expected


def test_cards_are_signed_over_sorted_values() -> None:
    assert card_signature("789", "456", "123") == "f7c3bc1d808e04732adf679965ccc34ca7ae3441"


@given(st.binary(max_size=300), st.text(max_size=20), st.binary(min_size=16, max_size=16))
def test_whatever_is_sealed_opens_again(plain: bytes, nonce: str, random16: bytes) -> None:
    crypt = MessageCrypt("token", OWN, "wx0123456789abcdef")
    sealed = crypt.seal(plain, 1700000000, nonce, random16)
    assert crypt.open("1700000000", nonce, sealed.msg_signature, sealed.encrypt) == plain
    assert len(base64.b64decode(sealed.encrypt)) % 32 == 0


@given(st.text("abc我是中文<>&]\n", min_size=1, max_size=120))
def test_wechatpy_opens_what_we_seal_and_we_open_what_it_seals(words: str) -> None:
    ours, theirs = MessageCrypt("token", OWN, "wx01"), WeChatCrypto("token", OWN, "wx01")
    sealed = ours.seal(words.encode(), "1700000000", "n1", b"0123456789abcdef")
    opened = theirs.decrypt_message({"Encrypt": sealed.encrypt}, sealed.msg_signature, "1700000000", "n1")
    assert opened == words
    with pytest.raises(InvalidSignatureException):
        theirs.decrypt_message({"Encrypt": sealed.encrypt}, "0" * 40, "1700000000", "n1")
    envelope = xmltodict.parse(theirs.encrypt_message(words, "n2", "1700000001"))["xml"]
    got = ours.open("1700000001", "n2", envelope["MsgSignature"], envelope["Encrypt"])
    assert got.decode() == words


def test_a_changed_bit_a_wrong_token_and_a_missing_signature_are_refused() -> None:
    crypt = MessageCrypt("token", OWN, "wx01")
    sealed = crypt.seal(b"<xml/>", 1, "n", bytes(16))
    for timestamp, nonce, signature, encrypt in [
        ("2", "n", sealed.msg_signature, sealed.encrypt),
        ("1", "m", sealed.msg_signature, sealed.encrypt),
        ("1", "n", "", sealed.encrypt),
        ("1", "n", sealed.msg_signature.upper(), sealed.encrypt),
        ("1", "n", sealed.msg_signature, "B" + sealed.encrypt[1:]),
    ]:
        with pytest.raises(BadSignature):
            crypt.open(timestamp, nonce, signature, encrypt)
    with pytest.raises(BadSignature):
        MessageCrypt("other", OWN, "wx01").open("1", "n", sealed.msg_signature, sealed.encrypt)


def signed(encrypt: str) -> tuple[str, str, str, str]:
    return "1", "n", sha1_signature("token", "1", "n", encrypt), encrypt


def raw(full: bytes) -> str:
    key = decode_aes_key(OWN)
    encryptor = Cipher(AES(key), CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(full) + encryptor.finalize()).decode()


@pytest.mark.parametrize(
    "encrypt",
    [
        "",
        "not base64!",
        "密文",
        base64.b64encode(b"short").decode(),
        raw(bytes(32)),  # pad byte 0
        raw(bytes(31) + b"\x21"),  # pad byte 33
        raw(bytes(30) + b"\x01\x02"),  # pad bytes that differ
        raw(b"\x20" * 32),  # nothing but padding
        raw(bytes(16) + b"\xff\xff\xff\xff" + b"wx01" + b"\x08" * 8),  # a length beyond the end
    ],
)
def test_what_is_signed_but_cannot_be_read_is_a_bad_message(encrypt: str) -> None:
    with pytest.raises(BadMessage):
        MessageCrypt("token", OWN, "wx01").open(*signed(encrypt))


def test_padding_beyond_thirty_two_and_lengths_beyond_the_end_are_named() -> None:
    whole = bytes(16) + (8).to_bytes(4, "big") + b"eight..." + b"wx01"
    crypt = MessageCrypt("token", OWN, "wx01")
    assert crypt.open(*signed(raw(whole + b"\x20" * 32))) == b"eight..."
    with pytest.raises(BadMessage, match="padding"):
        crypt.open(*signed(raw(whole + b"\x30" * 48)))
    with pytest.raises(BadMessage, match="length"):
        crypt.open(*signed(raw(bytes(16) + (99).to_bytes(4, "big") + whole[20:] + b"\x20" * 32)))


@pytest.mark.parametrize("size", range(33))
def test_padding_of_one_to_thirty_two_bytes_is_accepted(size: int) -> None:
    crypt = MessageCrypt("token", OWN, "wx01")
    sealed = crypt.seal(b"x" * size, 1, "n", bytes(16))
    assert crypt.open("1", "n", sealed.msg_signature, sealed.encrypt) == b"x" * size


def test_padding_to_sixteen_is_accepted_too() -> None:
    full = bytes(16) + (3).to_bytes(4, "big") + b"abc" + b"wx01"
    pad = 16 - len(full) % 16
    encrypt = raw(full + bytes((pad,)) * pad)
    assert MessageCrypt("token", OWN, "wx01").open(*signed(encrypt)) == b"abc"


def test_the_previous_key_still_opens_and_then_seals_the_reply() -> None:
    old, new = MessageCrypt("token", OTHER, "wx01"), MessageCrypt("token", OWN, "wx01", OTHER)
    sealed = old.seal(b"<xml/>", 1, "n", bytes(16))
    opened = new.unseal("1", "n", sealed.msg_signature, sealed.encrypt)
    assert (opened.message, opened.previous) == (b"<xml/>", True)
    reply = new.seal(b"hello", 1, "n", bytes(16), previous=opened.previous)
    assert old.open("1", "n", reply.msg_signature, reply.encrypt) == b"hello"
    fresh = new.seal(b"hello", 1, "n", bytes(16))
    assert new.unseal("1", "n", fresh.msg_signature, fresh.encrypt).previous is False
    with pytest.raises(BadMessage):
        old.open("1", "n", fresh.msg_signature, fresh.encrypt)


def test_keys_are_decoded_leniently_and_refused_when_malformed() -> None:
    assert decode_aes_key("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG") == decode_aes_key(
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE"
    )
    for bad in ("", "A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "\n"):
        with pytest.raises(ValueError, match="43"):
            decode_aes_key(bad)
    with pytest.raises(ValueError, match="16 bytes"):
        MessageCrypt("token", OWN, "wx01").seal(b"", 1, "n", b"short")


def test_repr_shows_no_key() -> None:
    crypt = MessageCrypt("the-token", OWN, "wx01", OTHER)
    assert repr(crypt) == "MessageCrypt(appid='wx01')"
