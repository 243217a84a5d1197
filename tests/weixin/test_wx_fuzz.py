"""Whatever a stranger sends, only the two errors that the edge answers come out."""

import json
from contextlib import suppress
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from make.wxkeys import APIV3, KEY_ID, PLATFORM
from make.wxservers import NOW, signed
from tongshang.wechat.inbox.meaning import fact_of
from weixin.callbacks import read_plain_push, read_push
from weixin.crypto import MessageCrypt
from weixin.errors import BadMessage, BadSignature
from weixin.messages import EVENTS, MESSAGES, Said
from weixin.pay import Keys, read_notice
from weixin.safexml import cdata
from weixin.signing import sha1_signature

CRYPT = MessageCrypt("token", "kVJk9sZ0uQe3Yb7TnW5xLr2HcM8pDgFa4oEiXvB1StG", "wx01")
KEYS = Keys(public_key_id=KEY_ID, public_key=PLATFORM.public_key())
NAMES = st.sampled_from(["timestamp", "nonce", "msg_signature", "signature", "encrypt_type", "openid", "echostr"])
FIELDS = st.sampled_from(
    ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "MsgId", "Content", "InfoType",
     "AppId", "AuthorizerAppid", "AuthorizationCode", "AuthorizationCodeExpiredTime", "ComponentVerifyTicket",
     "MediaId", "Location_X", "Location_Y", "Latitude", "Longitude", "Encrypt", "Ticket", "MsgID", "ScanCodeInfo",
     "ScanResult", "SendPicsInfo", "PicList", "item", "PicMd5Sum", "Count", "SendLocationInfo", "Poiname", "List",
     "CopyrightCheckResult", "ArticleUrlResult", "ResultList", "PublishEventInfo", "publish_id", "fail_idx",
     "article_detail", "SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent", "TemplateId",
     "KfAccount", "CardId", "DeviceID", "ExpiredTime"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["event", "text", "image", "location", "subscribe", "SCAN", "CLICK", "VIEW", "LOCATION", "unsubscribe",
     "authorized", "updateauthorized", "unauthorized", "component_verify_ticket", "1790000000", "-1", "1e9", "",
     "qrscene_1", *MESSAGES, *EVENTS]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(NAMES, st.text(max_size=12)),
    st.binary(max_size=80) | st.text('<>xml/&;![CDATA]{}" ').map(str.encode),
)
def test_an_unsigned_push_is_always_refused(query: dict[str, str], body: bytes) -> None:
    for read in (
        lambda: read_push(query, body, CRYPT, now=NOW),
        lambda: read_plain_push(query, body, "token", now=NOW),
    ):
        with suppress(BadSignature, BadMessage):
            read()
            raise AssertionError("nobody signed this")


def push(plain: bytes, *, envelope: str = "<xml><Encrypt>%s</Encrypt></xml>") -> None:
    sealed = CRYPT.seal(plain, NOW, "n", bytes(16))
    query = {"timestamp": str(NOW), "nonce": "n", "msg_signature": sealed.msg_signature}
    with suppress(BadMessage):
        read = read_push(query, (envelope % sealed.encrypt).encode(), CRYPT, now=NOW)
        assert len(read.dedupe_key) == 32
        assert repr(read)
        if isinstance(read.message, Said):
            assert fact_of("wx01", UUID(hex=read.dedupe_key), read.message, read.fields) is not None


@given(st.dictionaries(FIELDS, VALUES, max_size=8))
def test_signed_json_of_any_shape_is_read_or_refused(fields: dict[str, object]) -> None:
    push(json.dumps(fields).encode())


@given(st.lists(st.tuples(FIELDS, WORDS | st.text(max_size=8)), max_size=10))
def test_signed_xml_of_any_shape_is_read_or_refused(fields: list[tuple[str, str]]) -> None:
    push(b"<xml>" + "".join(f"<{name}>{cdata(value)}</{name}>" for name, value in fields).encode() + b"</xml>")


@given(st.binary(max_size=60))
def test_signed_bytes_of_any_kind_are_read_or_refused(plain: bytes) -> None:
    push(plain)
    query = {"timestamp": str(NOW), "nonce": "n", "signature": sha1_signature("token", str(NOW), "n")}
    with suppress(BadMessage):
        read_plain_push(query, plain, "token", now=NOW)


@given(st.dictionaries(st.sampled_from(["id", "event_type", "create_time", "resource", "summary"]), VALUES))
def test_signed_notices_of_any_shape_are_read_or_refused(fields: dict[str, object]) -> None:
    body = json.dumps(fields).encode()
    with suppress(BadMessage):
        read_notice(signed(PLATFORM, KEY_ID, body), body, KEYS, APIV3, NOW)
        raise AssertionError("nobody encrypted this")
