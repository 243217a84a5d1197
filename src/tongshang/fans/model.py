"""Fans, and the places where higher contexts complete the picture."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.world import Seam

SESSION_LIFE = timedelta(days=30)
STATE_LIFE = timedelta(minutes=10)
TICKET_LIFE = timedelta(minutes=2)


class Source(StrEnum):
    """How we first heard of a person."""

    FOLLOW = "follow"
    SCAN = "scan"
    STORE = "store"
    MESSAGE = "message"


@dataclass(frozen=True)
class Fan:
    """One person at one account."""

    id: UUID
    appid: str
    openid: str
    unionid: str | None
    nickname: str | None
    avatar: str | None
    subscribed: bool
    followed_at: datetime | None
    unfollowed_at: datetime | None
    follow_second: int
    scene: str | None
    source: Source
    created_at: datetime
    seen_at: datetime
    subscribe_scene: str | None = None
    remark: str = ""
    blocked: bool = False


class Privacy(msgspec.Struct, frozen=True):
    """The shop's privacy text, and the version a person agrees to."""

    version: str
    text: str


class Figures(msgspec.Struct, frozen=True):
    """What a fan has bought so far."""

    orders: int = 0
    spent_fen: int = 0


PrivacyOf: TypeAlias = Callable[[Tx], Awaitable[Privacy]]
FiguresOf: TypeAlias = Callable[[Tx, Sequence[UUID]], Awaitable[Mapping[UUID, Figures]]]
PartOf: TypeAlias = Callable[[Tx, UUID], Awaitable[Mapping[str, Any]]]

PRIVACY: Seam[PrivacyOf] = Seam("fans.privacy")
"""Who knows the shop's privacy text (one)."""
FIGURES: Seam[FiguresOf] = Seam("fans.figures")
"""Who knows what fans bought (one); asked once per page of fans."""
PARTS: Seam[PartOf] = Seam("fans.parts")
"""Who adds to a fan's profile, such as phone or recent_orders."""


def digest(secret: str) -> bytes:
    """Hash a random secret for keeping; it has entropy enough to need no salt."""
    return sha256(secret.encode()).digest()
