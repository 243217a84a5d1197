"""The nouns of unwinding, and the one way a refund is shared among its sources; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

import msgspec

from tongshang.platform.money import Fen, allocate


class Source(msgspec.Struct, frozen=True):
    """A way money of an order came: so much of it, and in which turn it goes back (0 before 1)."""

    kind: str
    source_id: UUID
    paid_fen: Fen
    label_zh: str
    label_en: str
    turn: int = 1


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of a refund's explanation: what it is for (kind goods, benefit, freight …) or where it goes."""

    kind: str
    zh: str
    en: str
    fen: Fen
    line_id: UUID | None = None


@dataclass(frozen=True)
class RefundPart:
    """What of a refund goes back to one source."""

    id: UUID
    refund_id: UUID
    order_id: UUID
    position: int
    kind: str
    source_id: UUID
    amount_fen: Fen
    state: str
    label_zh: str
    label_en: str
    asked_at: datetime
    settled_at: datetime | None


def split(amount: Fen, *, left: Sequence[Fen], turns: Sequence[int]) -> list[Fen]:
    """Share an amount among sources of which so much is left; the parts add up to it exactly.

    An earlier turn is emptied before the next one is touched. Within a turn the largest remainder decides, by what
    is left there and not by what was paid: so no sequence of refunds can ask a source for more than it gave, and
    the last refund empties all of them.
    """
    if not 0 <= amount <= sum(left):
        raise ValueError("more than is left")
    parts = [0] * len(left)
    places = sorted(range(len(left)), key=lambda place: turns[place])
    for _, group in groupby(places, key=lambda place: turns[place]):
        some = list(group)
        now = min(amount, sum(left[place] for place in some))
        for place, part in zip(some, allocate(now, [left[place] for place in some]), strict=True):
            parts[place] = part
        amount -= now
    return parts
