"""Pushes from WeChat: verify, decrypt, parse, name and give a key by which repeats are recognised.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Message_encryption_and_decryption_instructions.html
(2026-11). WeChat waits five seconds and sends the same push three times in all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import msgspec

from weixin import messages
from weixin.crypto import MessageCrypt
from weixin.errors import BadMessage, BadSignature, Stale
from weixin.messages import Message
from weixin.safexml import MAX_BYTES, Fields, parse
from weixin.signing import check_url_signature

# What tells two events of one person in one second apart.
_EVENT_KEYS = (
    "Event", "EventKey", "Ticket", "MsgID", "MenuId", "KfAccount", "ToKfAccount", "CardId", "UserCardCode",
    "PublishEventInfo", "SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent", "List",
    "ScanCodeInfo", "DeviceID", "SessionID", "FromKfAccount", "OpenID", "RevokeInfo", "OrderId", "TransId", "PageId",
    "Code", "SuccOrderId", "FailOrderId", "fpqqlsh", "PoiId", "UniqId", "audit_id", "trace_id", "appid", "first",
    "second", "result_info", "illegal_record_id", "appeal_record_id",
)  # fmt: skip
# Two tickets may be pushed in one second (asked for just as one was due), and the older may be void.
_INFO_KEYS = (
    "AuthorizerAppid", "AuthorizationCode", "ComponentVerifyTicket", "appid", "taskid", "authorizer_appid", "status",
    "info",
)  # fmt: skip
# The envelope as WeChat writes it, whole: any other is read as the XML it may be.
_ENVELOPE = re.compile(
    rb"<xml>\s*(?:<ToUserName><!\[CDATA\[[\w.@-]*\]\]></ToUserName>|<AppId><!\[CDATA\[\w*\]\]></AppId>)?\s*"
    rb"<Encrypt><!\[CDATA\[([A-Za-z0-9+/=]+)\]\]></Encrypt>\s*</xml>\s*"
)


@dataclass(frozen=True, slots=True)
class Push:
    """One push, verified; `kind` is message.text, event.subscribe, info.authorized …, in lower case."""

    kind: str
    message: Message
    fields: Fields = field(repr=False)
    # The decrypted document as it came: XML, or JSON where the account chose that.
    raw_xml: bytes = field(repr=False)
    # 32 hex digits; the same for every delivery of one push, within one address.
    dedupe_key: str
    # Decrypted with the key being rotated out: the reply must be encrypted with it, too.
    previous_key: bool = False
    # Signed with the token being changed: so must the reply be.
    previous_token: bool = False


def read_push(
    query: Mapping[str, str],
    body: bytes,
    crypt: MessageCrypt,
    *,
    now: int,
    max_age_seconds: int | None = None,
    max_bytes: int = MAX_BYTES,
) -> Push:
    """Read an encrypted push (compatible mode too); raises BadSignature (401) or BadMessage (400)."""
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    _check_age(timestamp, now, max_age_seconds)
    encrypt = _encrypted(body, max_bytes)
    opened = crypt.unseal(timestamp, nonce, query.get("msg_signature", ""), encrypt)
    return _push(opened.message, max_bytes, previous=opened.previous, previous_token=opened.previous_token)


def _encrypted(body: bytes, max_bytes: int) -> str:
    if len(body) <= max_bytes and (found := _ENVELOPE.fullmatch(body)):
        return found[1].decode()
    encrypt = _document(body, max_bytes).get("Encrypt")
    if not isinstance(encrypt, str):
        raise BadSignature("not encrypted")
    return encrypt


def read_plain_push(
    query: Mapping[str, str],
    body: bytes,
    token: str,
    *,
    now: int,
    max_age_seconds: int | None = None,
    max_bytes: int = MAX_BYTES,
) -> Push:
    """Read a push of an account in plain mode; its body is not signed, so prefer the encrypted mode."""
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not check_url_signature(token, signature=query.get("signature", ""), timestamp=timestamp, nonce=nonce):
        raise BadSignature("signature does not match")
    _check_age(timestamp, now, max_age_seconds)
    return _push(body, max_bytes, previous=False)


def _check_age(timestamp: str, now: int, max_age_seconds: int | None) -> None:
    if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 18:
        raise BadSignature("no timestamp")
    if max_age_seconds is not None and abs(now - int(timestamp)) > max_age_seconds:
        raise Stale("the push is outside its time window")


def _document(body: bytes, max_bytes: int) -> Fields:
    # By its first character, not its Content-Type, which WeChat does not promise.
    if body.lstrip()[:1] != b"{":
        return parse(body, max_bytes=max_bytes)
    if len(body) > max_bytes:
        raise BadMessage("the JSON is too long")
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadMessage("broken JSON") from None


def _push(raw: bytes, max_bytes: int, *, previous: bool, previous_token: bool = False) -> Push:
    fields = _document(raw, max_bytes)
    return Push(_kind(fields), messages.read(fields), fields, raw, _dedupe_key(fields), previous, previous_token)


def _kind(fields: Fields) -> str:
    if "InfoType" in fields:
        return f"info.{fields['InfoType']}".lower()
    if fields.get("MsgType") == "event":
        return f"event.{fields.get('Event', '')}".lower()
    return f"message.{fields.get('MsgType', '')}".lower()


def _dedupe_key(fields: Fields) -> str:
    # Only messages have an id. Retries of an event keep sender and second; timestamp and nonce may change.
    if "InfoType" in fields:
        parts = [
            "info",
            *(str(fields.get(name, "")) for name in ("AppId", "InfoType", "CreateTime", *_INFO_KEYS)),
        ]
    elif fields.get("MsgId") and fields.get("MsgType") != "event":
        parts = ["message", str(fields.get("ToUserName", "")), str(fields["MsgId"])]
    elif fields.get("MsgType") != "event":
        parts = ["nameless", *(f"{name}={fields[name]}" for name in sorted(fields) if name != "Encrypt")]
    else:
        names = ("ToUserName", "FromUserName", "CreateTime", "MsgType", *_EVENT_KEYS)
        parts = ["event", *(str(fields.get(name, "")) for name in names)]
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
