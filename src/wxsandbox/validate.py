"""Requests checked field by field against types, a wrong field answered with WeChat's own code for it."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from wxsandbox.errors import Wrong, WxError

Body = TypeVar("Body")
FIELD = re.compile(r"`\$\.?([\w.\[\]]*)`")
MISSING = re.compile(r"required field `(\w+)`")


def read(body: bytes, kind: type[Body], codes: Mapping[str, int], *, default: int = 47001) -> Body:
    """Decode a JSON body as `kind`; `codes` gives the errcode by the wrong field's name.

    Raises WxError 44002 for an empty body, 47001 for what is no JSON object, else the field's code.
    """
    if not body.strip():
        raise WxError(44002)
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise WxError(47001, f"data format error: {wrong}") from None
    return convert(value, kind, codes, default=default)


def read_query(query: Mapping[str, str], kind: type[Body], codes: Mapping[str, int]) -> Body:
    """Check query parameters as `read` checks a body; an empty value counts as missing."""
    return convert({k: v for k, v in query.items() if v}, kind, codes, default=40097)


def convert(value: Any, kind: type[Body], codes: Mapping[str, int], *, default: int = 47001) -> Body:
    """Check decoded JSON against a type."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as wrong:
        name = field_of(str(wrong))
        last = name.rpartition(".")[2]
        code = codes.get(name, codes.get(last, default))
        hint = f" hint: field {name}" if name else ""
        raise WxError(code, WxError(code).errmsg + hint) from None


def field_of(words: str) -> str:
    """Find the field that msgspec complains of, as a dotted path."""
    place = FIELD.search(words)
    path = re.sub(r"\[[\w.]*\]", "", place[1]) if place else ""
    if missing := MISSING.search(words):
        return f"{path}.{missing[1]}".strip(".")
    return path


def control(body: bytes, kind: type[Body]) -> Body:
    """Decode a control-plane body; raises Wrong (422) with msgspec's sentence."""
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.DecodeError as wrong:
        raise Wrong(str(wrong)) from None
