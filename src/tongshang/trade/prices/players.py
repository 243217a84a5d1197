"""Who may lower the price of a basket: member's prices, promotions and a coupon, each with the lines it may touch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tongshang.trade.model import BasketLine
from tongshang.trade.prices.rules import PRICED, Coupon, Kind, Promotion, Rules, Scope

ITEM, FREIGHT, PIECES, PERCENT, FULL, GIFT, COUPON = range(7)
PHASES = {
    Kind.FLASH: ITEM, Kind.GROUP: ITEM, Kind.FREE_FREIGHT: FREIGHT, Kind.N_FOR: PIECES, Kind.NTH: PIECES,
    Kind.PERCENT: PERCENT, Kind.FULL: FULL, Kind.GIFT: GIFT,
}  # fmt: skip
"""In which order they are taken. Add-ons come last of all, when the rest is settled."""


@dataclass(slots=True)
class Player:
    """One of them: its turn, its lines (by number), and who it cannot share a line with (a bit mask of players).

    What it could take off at the very most: `alone`, `most` with all that come after it; `spoils` is what its later
    foes could, and `loses` what an item price takes off at the least.
    """

    promotion: Promotion | None
    coupon: Coupon | None
    phase: int
    lines: list[int]
    number: int = 0
    foes: int = 0
    branches: bool = False
    alone: int = 0
    most: int = 0
    spoils: int = 0
    loses: int = 0

    @property
    def word(self) -> str:
        """Say what it is, in the words of `stacks_with`: a group's price is as a member's."""
        if self.promotion is not None:
            return {Kind.FLASH: "flash", Kind.GROUP: "member"}.get(self.promotion.kind, "promotions")
        return "coupons" if self.coupon is not None else "member"

    @property
    def stacks(self) -> Sequence[str]:
        """Say what it allows beside it."""
        if self.promotion is not None:
            return self.promotion.stacks_with
        return self.coupon.stacks_with if self.coupon is not None else ("promotions", "coupons", "flash")


def gather(lines: Sequence[BasketLine], rules: Rules) -> list[Player]:
    """List who could play on a basket, in their turns, and who cannot stand whom on which lines."""
    found: list[Player] = []
    keys = [Keys(str(line.product_id), str(line.category_id), line.tags) for line in lines]
    if rules.member:
        theirs = [
            n for n, line in enumerate(lines) if (line.member_price_fen or line.unit_price_fen) < line.unit_price_fen
        ]
        if theirs:
            found.append(Player(None, None, ITEM, theirs))
    for promotion in rules.promotions:
        if promotion.kind == Kind.ADDON or not eligible(promotion, rules):
            continue
        if touched := _lines(promotion, lines, keys, rules):
            found.append(Player(promotion, None, PHASES[promotion.kind], touched))
    if rules.coupon is not None:
        touched = covered(rules.coupon.scope, keys)
        found.append(Player(None, rules.coupon, COUPON, touched))
    found.sort(key=_turn)
    _introduce(found)
    return found


def eligible(promotion: Promotion, rules: Rules) -> bool:
    """Say whether a promotion is open to this person at this moment."""
    if promotion.id in rules.closed or (promotion.members_only and not rules.member):
        return False
    return rules.moment is None or promotion.open_at(rules.moment)


class Keys(NamedTuple):
    """What scopes look at in a line, as they write it."""

    product: str
    category: str
    tags: list[str]


def covered(scope: Scope, keys: Sequence[Keys]) -> list[int]:
    """List which lines' goods are among a scope's, by number."""
    if scope.kind == "all":
        return [n for n, key in enumerate(keys) if key.product not in scope.without]
    wanted = {*scope.ids}
    if scope.kind == "tags":
        found = [n for n, key in enumerate(keys) if not wanted.isdisjoint(key.tags)]
    elif scope.kind == "categories":
        found = [n for n, key in enumerate(keys) if key.category in wanted]
    else:
        found = [n for n, key in enumerate(keys) if key.product in wanted]
    return [n for n in found if keys[n].product not in scope.without] if scope.without else found


def _lines(promotion: Promotion, lines: Sequence[BasketLine], keys: Sequence[Keys], rules: Rules) -> list[int]:
    if promotion.kind not in PRICED:
        return covered(promotion.scope, keys)
    special = {one.variant_id: one.price_fen for one in promotion.specials}
    return [
        n
        for n, line in enumerate(lines)
        if special.get(line.variant_id, line.unit_price_fen) < line.unit_price_fen
        and rules.pieces.get((promotion.id, line.variant_id), line.quantity) > 0
    ]


def _turn(player: Player) -> tuple[int, int, str]:
    known = player.promotion
    return (player.phase, known.position, str(known.id)) if known is not None else (player.phase, 0, "")


def _introduce(players: list[Player]) -> None:
    for number, player in enumerate(players):
        player.number = number
    for one in players:
        mine = frozenset(one.lines)
        for other in players[one.number + 1 :]:
            if quarrel(one, other) and not mine.isdisjoint(other.lines):
                one.foes |= 1 << other.number
                other.foes |= 1 << one.number
                # Leaving one out helps only who comes after it; whoever comes before has had its choice.
                one.branches = True


def quarrel(one: Player, other: Player) -> bool:
    """Say whether two cannot lower the price of the same line."""
    if one.phase == other.phase == ITEM:
        return False  # the lowest price wins, there is nothing to add up
    if one.phase == other.phase == PIECES:
        return True  # a piece is counted into one set only
    if one.promotion is not None and other.promotion is not None:
        group = one.promotion.group
        if group and group == other.promotion.group:
            return True
    return other.word not in one.stacks or one.word not in other.stacks
