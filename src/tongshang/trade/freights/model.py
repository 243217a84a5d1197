"""Freight templates, and what makes them well formed."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

import msgspec

from tongshang.platform.errors import Invalid, Refused
from tongshang.trade.model import Reason

MOST_FEN = 1_000_000
MOST_GRAMS = 1_000_000
MOST_PIECES = 9_999
MOST_ZONES = 60


class NotDelivered(Refused):
    """{title} cannot be sent to {region}. Choose another address or remove it."""

    code, status, zh = "freight.not_delivered", 409, "“{title}” 不配送到{region}，请更换收货地址，或移除该商品。"


class By(StrEnum):
    """What a template counts."""

    PIECES = "pieces"
    WEIGHT = "weight"


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is paid: so much for the first (pieces, or grams), so much for each more that is begun; free from some on.

    `free_over_fen` and `free_over_pieces` (None: never) look at the template's own goods; either is enough.
    """

    first: int = 1
    first_fen: int = 0
    more: int = 1
    more_fen: int = 0
    free_over_fen: int | None = None
    free_over_pieces: int | None = None


class Zone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Regions (codes of provinces, cities or districts) with their rate; None: nothing is sent there."""

    regions: list[str]
    rate: Rate | None = None


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A merchant's freight template; `rest` is for regions in no zone (None: nothing is sent there)."""

    id: UUID
    name: str
    by: By = By.PIECES
    zones: list[Zone] = []
    rest: Rate | None = None

    def rate_at(self, codes: Sequence[str]) -> Rate | None:
        """Give the rate at a place (codes from province to district): its narrowest zone decides, else the rest."""
        for code in reversed(codes):
            for zone in self.zones:
                if code in zone.regions:
                    return zone.rate
        return self.rest


class Flat(msgspec.Struct, frozen=True):
    """A flat rate for the order, free from some amount of its goods on (None: never free)."""

    flat_fen: int = 0
    free_over_fen: int | None = None


class Local(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the shop's own people bring goods, for how much, from what amount of goods on, and when."""

    enabled: bool = False
    regions: list[str] = []
    fee_fen: int = 0
    minimum_fen: int = 0
    free_over_fen: int | None = None
    windows: list[str] = []

    def serves(self, codes: Sequence[str]) -> bool:
        """Say whether a place (codes from province to district) is among the regions."""
        return any(code in self.regions for code in codes)


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """All that a merchant says of freight."""

    flat: Flat = Flat()
    templates: Mapping[UUID, Template] = {}
    default_id: UUID | None = None
    local: Local | None = None

    def template_of(self, wanted: UUID | None) -> Template | None:
        """Give the template goods follow: their own, else the default one; None: the flat rate."""
        for one in (wanted, self.default_id):
            if one is not None and one in self.templates:
                return self.templates[one]
        return None


class Place(msgspec.Struct, frozen=True):
    """Where to send to: the region's names as people write them, and the codes that are known for them."""

    names: list[str]
    codes: list[str]


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """A line of goods as freight sees it: `weight_g` of one piece, `fen` of all of them."""

    title: str
    pieces: int
    fen: int
    weight_g: int = 0
    template_id: UUID | None = None


class Part(msgspec.Struct, frozen=True):
    """What one template (None: the flat rate) asks for its lines, and why."""

    template_id: UUID | None
    lines: list[int]
    fen: int
    reason: Reason


class Reckoning(msgspec.Struct, frozen=True):
    """What sending costs, part by part; `undelivered` are the lines that cannot be sent there."""

    fen: int
    parts: list[Part]
    undelivered: list[int]

    @property
    def reasons(self) -> list[Reason]:
        """Say why, a reason for each part; they add up to `fen`."""
        return [part.reason for part in self.parts]


def check(name: str, zones: Sequence[Zone], rest: Rate | None, known: Mapping[str, str]) -> None:
    """Refuse a template that nobody could reckon with, naming the field; `known` are the codes there are."""
    if not 1 <= len(name) <= 20:
        raise Invalid(field="name", problem="1-20")
    if len(zones) > MOST_ZONES:
        raise Invalid(field="zones", problem=f"≤ {MOST_ZONES}")
    if rest is None and not any(zone.rate for zone in zones):
        raise Invalid(field="rest", problem="at least one place must be sent to", zh="至少要有一个可配送的地区")
    seen: set[str] = set()
    for zone in zones:
        if not zone.regions:
            raise Invalid(field="zones.regions", problem="≥ 1")
        for code in zone.regions:
            if code not in known:
                raise Invalid(field="zones.regions", problem="unknown")
            if code in seen:
                raise Invalid(field="zones.regions", problem=f"{known[code]} ×2")
            seen.add(code)
    for rate in [rest, *(zone.rate for zone in zones)]:
        if rate is not None:
            _check_rate(rate)


def _check_rate(rate: Rate) -> None:
    within = (
        ("first", rate.first, 1, MOST_GRAMS),
        ("more", rate.more, 1, MOST_GRAMS),
        ("first_fen", rate.first_fen, 0, MOST_FEN),
        ("more_fen", rate.more_fen, 0, MOST_FEN),
        ("free_over_fen", rate.free_over_fen, 1, 100 * MOST_FEN),
        ("free_over_pieces", rate.free_over_pieces, 1, MOST_PIECES),
    )
    for field, value, least, most in within:
        if value is not None and not least <= value <= most:
            raise Invalid(field=field, problem=f"{least}-{most}")
