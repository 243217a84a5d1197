"""Identifiers: UUIDv7 made by the application, so that keys sort by time and exist before the row does."""

import random
from datetime import datetime
from uuid import UUID

NIL = UUID(int=0)
"""The merchant under which provider-level rows live."""

_RANDOM = (1 << 74) - 1


class Ids:
    """Makes ids that sort in the order they were made, also within one millisecond (RFC 9562, 6.2, method 2)."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._millis = -1
        self._bits = 0

    def new(self, now: datetime) -> UUID:
        """Make the next id of a moment; an id of an older moment is simply one of that moment."""
        millis = int(now.timestamp() * 1000)
        if millis == self._millis:
            self._bits = (self._bits + 1 + self._rng.getrandbits(32)) & _RANDOM
        else:
            self._millis, self._bits = millis, self._rng.getrandbits(73)
        return _uuid(millis, self._bits)


def uuid7(now: datetime, rng: random.Random) -> UUID:
    """Make a single version 7 UUID from the world's time and randomness (RFC 9562, 5.7)."""
    return _uuid(int(now.timestamp() * 1000), rng.getrandbits(74))


def first_of(now: datetime) -> UUID:
    """Give the smallest id that could have been made at a moment."""
    return _uuid(int(now.timestamp() * 1000), 0)


def _uuid(millis: int, bits: int) -> UUID:
    time = (millis & (1 << 48) - 1) << 80
    return UUID(int=time | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (1 << 62) - 1)
