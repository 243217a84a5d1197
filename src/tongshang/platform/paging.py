"""Keyset pages: a page ends with the key of its last row, and the next begins behind it."""

import base64
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import msgspec

from tongshang.platform.errors import Invalid

T = TypeVar("T")
LIMIT = 100


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some items, and where the next page starts (None at the end)."""

    items: list[T]
    next: str | None


def cursor(*key: Any) -> str:
    """Write a key down as an opaque cursor."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def read_cursor(text: str, *types: Any) -> tuple[Any, ...]:
    """Read a cursor back into a key of the given types, or refuse."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return tuple(msgspec.json.decode(raw, type=tuple[types]))  # type: ignore[valid-type]
    except (ValueError, msgspec.DecodeError):
        raise Invalid(field="after", problem="unknown") from None


def limit_of(asked: int | None, *, default: int = 20) -> int:
    """Bound the number of rows somebody asked for."""
    return max(1, min(asked or default, LIMIT))


def page_of(rows: Sequence[T], limit: int, key: Any) -> Page[T]:
    """Make a page of `limit` items from `limit + 1` rows; `key(row)` is the cursor's key."""
    more = len(rows) > limit
    items = list(rows[:limit])
    return Page(items, cursor(*key(items[-1])) if more and items else None)
