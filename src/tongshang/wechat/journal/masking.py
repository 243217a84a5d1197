"""Bodies as they may be kept and shown: no secret, no name, no number of a person; openids stay, to search by."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from weixin.errors import BadMessage
from weixin.safexml import parse

MASK = "***"
LIMIT = 4000
READ_BYTES = 64 * 1024
MORE = "…"
SECRET = re.compile(
    r"secret|authorize_url|token|ticket|password|passwd|aes_?key|signature|encrypt|credential|(?<!err)(?<!_err)code$|cookie",
    re.I,
)
PERSON = re.compile(
    r"nick_?name|remark|real_?name|(?<!to)(?<!from)user_?name|phone|mobile|^tel|address|^addr|e?mail|id_?card|head_?img|avatar"
    r"|latitude|longitude|location_[xy]|precision|^label$|poiname|^city$|^province$|^country$|^sex$|kf_nick|_wx$"
    r"|principal|legal_persona|client_ip|^wxuser$|^idname$|wechat_?id$|^userstr$",
    re.I,
)
# What people say to each other; how long it was is enough to find it by.
WORDS = re.compile(r"^(content|recognition|description|digest|title)$", re.I)
# The fields of templates and notices: their values are names and numbers of people more often than not.
FIELDS = "data"
NUMBERS = re.compile(r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{17}[\dXx])(?!\d)|[\w.+-]+@[\w-]+\.[\w.]+")


def masked(value: Any, name: str = "") -> Any:
    """Mask what is secret or personal in a decoded body, at any depth."""
    if name and value not in (None, "", 0) and not isinstance(value, Mapping | list):
        if SECRET.search(name) or PERSON.search(name):
            return MASK
        if WORDS.match(name):
            return f"{MASK}({len(str(value))})"
    if isinstance(value, Mapping):
        return {key: fields(item) if key == FIELDS else masked(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(item, name) for item in value]
    if isinstance(value, str):
        return NUMBERS.sub(MASK, value)
    return MASK if isinstance(value, int) and NUMBERS.fullmatch(str(value)) else value


def fields(value: Any) -> Any:
    """Mask the values of a template's fields, keep their names; lists of openids under this name stay."""
    if isinstance(value, Mapping):
        return {
            key: dict.fromkeys(item, MASK) if isinstance(item, Mapping) else masked(item, str(key))
            for key, item in value.items()
        }
    return masked(value)


def body(content: bytes | None) -> str:
    """Write a JSON or XML body down, masked and no longer than is kept; others by their size."""
    if not content:
        return ""
    if len(content) > READ_BYTES:
        return f"({len(content)} bytes)"
    try:
        read = msgspec.json.decode(content) if content.lstrip()[:1] in (b"{", b"[") else parse(content)
    except (msgspec.DecodeError, BadMessage, UnicodeDecodeError, RecursionError):
        return f"({len(content)} bytes)"
    return short(msgspec.json.encode(masked(read)).decode())


def query(params: Mapping[str, Any] | None) -> str:
    """Write the parameters of a GET down, masked."""
    given = {name: value for name, value in (params or {}).items() if value is not None}
    return short(msgspec.json.encode(masked(given)).decode()) if given else ""


def short(text: str) -> str:
    """Cut a text to what is kept; NUL, which PostgreSQL has no place for, is left out."""
    text = text.replace("\\u0000", "").replace("\x00", "")
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + MORE
