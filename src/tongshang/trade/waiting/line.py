"""The line of one shop: who waits, in which order, who was let through, and what is gone meanwhile.

A place is somebody's, not an order's: whoever asks under ten ids stands once. It is kept as long as he asks again in
time; what he has in hand (`tickets.py`) gives it back to him where this process does not know him.
"""

import bisect
from collections import deque
from dataclasses import dataclass
from uuid import UUID

from tongshang.trade.quotes import SoldOut

Since = tuple[int, int]
"""When somebody came (world time, microseconds), and the how-manieth he was of that moment."""
GRACE_SECONDS = 15.0
PASS_SECONDS = 60.0
GONE_SECONDS = 3.0


@dataclass(slots=True)
class Place:
    """Somebody's place, his until `by` unless he asks again."""

    fan: UUID
    since: Since
    by: float


@dataclass(slots=True)
class Pass:
    """Somebody who was let through: with any order until one is placed, then with that one, to hear of it again."""

    until: float
    order: UUID | None = None


class Line:
    """Who waits in a shop. Times are seconds of the world's clock, given by whoever asks."""

    def __init__(self) -> None:
        self._places: dict[UUID, Place] = {}
        self._order: list[tuple[Since, UUID]] = []
        self._passes: dict[UUID, Pass] = {}
        self._gone: dict[str, tuple[SoldOut, float]] = {}
        self._let: deque[float] = deque(maxlen=200)
        self._count = 0
        self._swept = 0.0

    def __len__(self) -> int:
        return len(self._places)

    def sweep(self, now: float) -> None:
        """Forget who did not come back, once a second at most."""
        if 0 <= now - self._swept < 1:
            return
        self._swept = now
        if late := {fan for fan, place in self._places.items() if place.by < now}:
            self._order = [entry for entry in self._order if entry[1] not in late]
            for fan in late:
                del self._places[fan]
        self._passes = {fan: one for fan, one in self._passes.items() if one.until >= now}

    def passed(self, fan: UUID, order: UUID, now: float) -> bool:
        """Tell whether somebody was let through a moment ago, and has not placed another order since."""
        one = self._passes.get(fan)
        return one is not None and one.until >= now and one.order in (None, order)

    def stand(self, fan: UUID, *, now: float, since: Since | None = None) -> Place:
        """Give somebody's place: the one he has, the one he says he had, or the last."""
        place = self._places.get(fan)
        if place is not None and place.by >= now and (since is None or place.since <= since):
            return place
        if place is not None:
            self._leave(place)
        if since is None:
            self._count += 1
            since = (round(now * 1_000_000), self._count)
        place = self._places[fan] = Place(fan, since, now + GRACE_SECONDS)
        bisect.insort(self._order, (since, fan))
        return place

    def ahead(self, place: Place) -> int:
        """Count who stands before somebody."""
        return bisect.bisect_left(self._order, (place.since, place.fan))

    def let(self, place: Place, now: float) -> None:
        """Let somebody through: his place is free, and he may come for a minute without one."""
        self._leave(place)
        self._passes[place.fan] = Pass(now + PASS_SECONDS)
        self._let.append(now)

    def done(self, fan: UUID, order: UUID) -> None:
        """Remember that somebody who was let through has his order: with another one he stands in line again."""
        if one := self._passes.get(fan):
            one.order = order

    def seconds_each(self, now: float) -> float | None:
        """Say how long it took lately until the next one was let through; None: too few were."""
        if len(self._let) < 5 or now <= self._let[0]:
            return None
        return (now - self._let[0]) / len(self._let)

    def sold_out(self, piece: str, refusal: SoldOut, now: float) -> None:
        """Remember for a moment that somebody was refused something, and how few of it there are."""
        self._gone[piece] = (refusal, now + GONE_SECONDS)

    def lacking(self, wanted: dict[str, int], now: float) -> SoldOut | None:
        """Give what others were just told, if there is less of something than somebody wants."""
        for piece, count in wanted.items():
            gone = self._gone.get(piece)
            if gone is not None and gone[1] >= now and gone[0].params["left"] < count:
                return gone[0]
        return None

    def _leave(self, place: Place) -> None:
        del self._places[place.fan]
        del self._order[self.ahead(place)]
