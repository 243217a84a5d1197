"""Identifiers: UUIDv7 made by the application, so that keys sort by time and exist before the row does."""

import random
from datetime import datetime
from uuid import UUID

NIL = UUID(int=0)
"""The merchant under which provider-level rows live."""


def uuid7(now: datetime, rng: random.Random) -> UUID:
    """Make a version 7 UUID from the world's time and randomness (RFC 9562, 5.7)."""
    millis = int(now.timestamp() * 1000)
    bits = rng.getrandbits(74)
    return UUID(int=(millis & (1 << 48) - 1) << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (1 << 62) - 1)
