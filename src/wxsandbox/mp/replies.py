"""Passive replies: opened, verified and turned into what a chat shows.

Official page: developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html, 2026-09.
"""

from typing import Any

import msgspec

from wxsandbox import crypto, xml

MAX_ARTICLES = 8
MAX_TEXT_BYTES = 2048


class BadReply(Exception):
    """The server answered something WeChat does not understand."""


class Keys(msgspec.Struct, frozen=True):
    """What a callback is sealed with, and its reply opened with."""

    token: str
    aes_key: str
    appid: str
    mode: str
    format: str


class Reply(msgspec.Struct, frozen=True):
    """A reply as a bubble."""

    kind: str
    content: dict[str, Any]


def read_reply(body: bytes, keys: Keys, *, openid: str) -> Reply | None:
    """Read a passive reply; None when it only hands over to customer service. Raises BadReply."""
    fields = _parse(body, keys)
    if keys.mode == "safe" and "Encrypt" not in fields:
        raise BadReply("the reply is not encrypted, but the account is in safe mode")
    if "Encrypt" in fields:
        fields = _open(fields, keys)
    if fields.get("ToUserName") != openid:
        raise BadReply("ToUserName is not the person's openid")
    if not str(fields.get("CreateTime", "")).isdigit():
        raise BadReply("CreateTime is not a number")
    return content(fields)


def _parse(body: bytes, keys: Keys) -> dict[str, Any]:
    try:
        if keys.format == "json" and body.lstrip().startswith(b"{"):
            decoded: dict[str, Any] = msgspec.json.decode(body, type=dict[str, Any])
            return decoded
        return xml.read(body)
    except (xml.BadXml, msgspec.DecodeError) as wrong:
        raise BadReply(str(wrong)) from None


def _open(fields: dict[str, Any], keys: Keys) -> dict[str, Any]:
    sealed, timestamp, nonce = (str(fields.get(name, "")) for name in ("Encrypt", "TimeStamp", "Nonce"))
    expected = crypto.signature(keys.token, timestamp, nonce, sealed)
    if not crypto.same(expected, str(fields.get("MsgSignature", ""))):
        raise BadReply("MsgSignature is wrong")
    try:
        return _parse(crypto.decrypt(sealed, aes_key=keys.aes_key, appid=keys.appid), keys)
    except crypto.Unreadable as wrong:
        raise BadReply(f"Encrypt does not open: {wrong}") from None


def content(fields: dict[str, Any]) -> Reply | None:
    """Turn the fields of a reply into a bubble; raises BadReply for a missing or unknown part."""
    kind = fields.get("MsgType")
    if kind == "text":
        words = _text(fields, "Content")
        if len(words.encode()) > MAX_TEXT_BYTES:
            raise BadReply("Content is longer than 2048 bytes")
        return Reply("text", {"text": words})
    if kind in ("image", "voice"):
        return Reply(kind, {"media_id": _text(_part(fields, kind.capitalize()), "MediaId")})
    if kind == "video":
        video = _part(fields, "Video")
        caption = {"title": video.get("Title", ""), "description": video.get("Description", "")}
        return Reply("video", {"media_id": _text(video, "MediaId"), **caption})
    if kind == "music":
        music = _part(fields, "Music")
        _text(music, "ThumbMediaId")
        return Reply("music", {"title": music.get("Title", ""), "url": music.get("MusicUrl", "")})
    if kind == "news":
        return Reply("news", {"articles": _articles(fields)})
    if kind == "transfer_customer_service":
        info = fields.get("TransInfo")
        return Reply("transfer", {"kf_account": str(info.get("KfAccount", "")) if isinstance(info, dict) else ""})
    raise BadReply(f"MsgType {kind!r} is unknown")


def _articles(fields: dict[str, Any]) -> list[dict[str, str]]:
    items = _part(fields, "Articles").get("item", [])
    items = items if isinstance(items, list) else [items]
    if not 1 <= len(items) <= MAX_ARTICLES or str(fields.get("ArticleCount")) != str(len(items)):
        raise BadReply("ArticleCount does not fit the articles")
    names = {"title": "Title", "description": "Description", "url": "Url", "picurl": "PicUrl"}
    return [{ours: str(item.get(theirs, "")) for ours, theirs in names.items()} for item in items]


def _part(fields: dict[str, Any], name: str) -> dict[str, Any]:
    part = fields.get(name)
    if not isinstance(part, dict):
        raise BadReply(f"{name} is missing")
    return part


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise BadReply(f"{name} is missing")
    return value
