"""A promotion as it is written down, its life, and what makes it well formed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from tongshang.platform.errors import Invalid
from tongshang.platform.machine import Machine
from tongshang.trade.prices.rules import PRICED, Declared, Kind, Promotion, Scope, Step

VERSION_SUBJECT = UUID("00000000-0000-0000-0000-0000000f00d5")
"""Under which shelf_version counts the changes of a merchant's promotions."""
MOST_STEPS, MOST_SPECIALS, MOST_IDS, MOST_TAGS = 5, 100, 500, 20
DAY = 24 * 60
WORDS = ("promotions", "coupons", "member", "flash")
MOST_FEN = 100_000_000


class P(StrEnum):
    """Where a promotion stands."""

    DRAFT = "draft"
    ON = "on"
    PAUSED = "paused"
    ENDED = "ended"


PROMOTION = Machine(
    start=P.DRAFT,
    moves={
        "start": {P.DRAFT: P.ON, P.PAUSED: P.ON, P.ON: P.ON},
        "pause": {P.ON: P.PAUSED, P.PAUSED: P.PAUSED},
        "end": {P.DRAFT: P.ENDED, P.ON: P.ENDED, P.PAUSED: P.ENDED, P.ENDED: P.ENDED},
    },
)


class PromotionAsked(Declared, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A promotion as the merchant writes it down."""

    version: int | None = None
    """Which state of it was changed; another one since then is refused. None: whatever it was."""

    def terms(self) -> dict[str, Any]:
        """Give what is kept as terms."""
        apart = {"kind", "name", "starts_at", "ends_at", "position", "version"}
        built: dict[str, Any] = msgspec.to_builtins(self)
        return {name: value for name, value in built.items() if name not in apart}

    def promotion(self, promotion: UUID) -> Promotion:
        """Give it as the price engine reads it."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__ if name != "version"}
        return Promotion(id=promotion, **fields)


@dataclass(frozen=True)
class Row:
    """A promotion as the table keeps it."""

    id: UUID
    kind: str
    name: str
    state: str
    terms: dict[str, Any]
    starts_at: datetime | None
    ends_at: datetime | None
    position: int
    version: int
    created_at: datetime
    updated_at: datetime

    def promotion(self) -> Promotion:
        """Give it as the price engine reads it."""
        apart = {"id": self.id, "kind": self.kind, "name": self.name, "position": self.position}
        window = {"starts_at": self.starts_at, "ends_at": self.ends_at}
        return msgspec.convert({**self.terms, **apart, **window}, Promotion)


def check(asked: PromotionAsked) -> None:
    """Refuse a promotion that nobody could reckon with, or that gives more than it says, naming the field."""
    if not 1 <= len(asked.name.strip()) <= 30:
        raise Invalid(field="name", problem="1-30")
    if asked.starts_at and asked.ends_at and asked.ends_at <= asked.starts_at:
        raise Invalid(field="ends_at", problem="> starts_at")
    _within("per_person", asked.per_person, 1, 10_000)
    _within("budget", asked.budget, 1, 100_000_000)
    _within("most", asked.most, 1, 10_000)
    _within("position", asked.position, -1000, 1000)
    if set(asked.stacks_with) - set(WORDS):
        raise Invalid(field="stacks_with", problem=f"one of {' '.join(WORDS)}")
    if len(asked.group) > 20:
        raise Invalid(field="group", problem="≤ 20")
    for hours in asked.hours:
        if not 1 <= hours.day <= 7 or not 0 <= hours.start < hours.end <= DAY:
            raise Invalid(field="hours", problem="day 1-7, 0 ≤ start < end ≤ 1440", zh="须选择星期，且开始早于结束")
    if len(asked.hours) > 21:
        raise Invalid(field="hours", problem="≤ 21")
    if len(asked.audience) > MOST_TAGS or len(set(asked.audience)) != len(asked.audience):
        raise Invalid(field="audience", problem=f"≤ {MOST_TAGS}, distinct")
    if asked.kind == Kind.GROUP and not asked.audience:
        raise Invalid(field="audience", problem="≥ 1")
    _scope(asked.scope)
    _kind(asked)


def _within(field: str, value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        raise Invalid(field=field, problem=f"{least}-{most}")


def _scope(scope: Scope) -> None:
    if (scope.kind == "all") != (not scope.ids):
        raise Invalid(field="scope.ids", problem="≥ 1" if scope.kind != "all" else "0")
    if len(scope.ids) > MOST_IDS or len(scope.without) > MOST_IDS:
        raise Invalid(field="scope.ids", problem=f"≤ {MOST_IDS}")


def _kind(asked: PromotionAsked) -> None:
    match asked.kind:
        case Kind.FLASH | Kind.GROUP | Kind.ADDON:
            _specials(asked)
        case Kind.N_FOR | Kind.NTH:
            _within("pieces", asked.pieces, 2, 99)
            if asked.kind == Kind.N_FOR:
                _within("price_fen", asked.price_fen, 1, MOST_FEN)
            else:
                _within("percent", asked.percent, 0, 99)
    stepped = asked.kind not in (*PRICED, Kind.N_FOR, Kind.NTH)
    if stepped != bool(asked.steps):
        raise Invalid(field="steps", problem="≥ 1" if stepped else "0")
    if asked.each and (asked.kind not in (Kind.FULL, Kind.GIFT) or len(asked.steps) != 1):
        raise Invalid(field="each", problem="one step only", zh="只能与一级满减或一级赠品一起使用")
    if len(asked.steps) > MOST_STEPS:
        raise Invalid(field="steps", problem=f"≤ {MOST_STEPS}")
    _steps(asked, asked.steps)


def _specials(asked: PromotionAsked) -> None:
    if not 1 <= len(asked.specials) <= MOST_SPECIALS:
        raise Invalid(field="specials", problem=f"1-{MOST_SPECIALS}")
    if len({one.variant_id for one in asked.specials}) != len(asked.specials):
        raise Invalid(field="specials", problem="distinct")
    for one in asked.specials:
        _within("specials.price_fen", one.price_fen, 1, MOST_FEN)
        _within("specials.stock", one.stock, 1, 100_000_000)
        _within("specials.per_person", one.per_person, 1, 10_000)


def _steps(asked: PromotionAsked, steps: Sequence[Step]) -> None:
    before = None
    for step in steps:
        if (step.min_fen > 0) == (step.min_pieces > 0) and (step.min_fen or asked.kind in (Kind.FULL, Kind.GIFT)):
            raise Invalid(
                field="steps", problem="amount or pieces, not both", zh="每一级须且只须填写金额或件数中的一项"
            )
        _within("steps.min_fen", step.min_fen, 0, MOST_FEN)
        _within("steps.min_pieces", step.min_pieces, 0, 9_999)
        if asked.kind == Kind.FULL:
            _within("steps.minus_fen", step.minus_fen, 1, MOST_FEN)
            if step.min_fen and step.minus_fen >= step.min_fen:
                raise Invalid(field="steps.minus_fen", problem="< min_fen")
        if asked.kind == Kind.PERCENT:
            _within("steps.percent", step.percent, 1, 99)
        if asked.kind == Kind.GIFT and not 1 <= len(step.gifts) <= 5:
            raise Invalid(field="steps.gifts", problem="1-5")
        for gift in step.gifts:
            _within("steps.gifts.quantity", gift.quantity, 1, 99)
        if before is not None and not _rises(before, step):
            raise Invalid(
                field="steps", problem="each step asks for more and gives more", zh="每一级的门槛和优惠都要高于上一级"
            )
        before = step


def _rises(before: Step, step: Step) -> bool:
    if bool(before.min_fen) != bool(step.min_fen) or bool(before.min_pieces) != bool(step.min_pieces):
        return False
    more = step.min_fen > before.min_fen or step.min_pieces > before.min_pieces
    return more and step.minus_fen >= before.minus_fen and step.percent <= before.percent
