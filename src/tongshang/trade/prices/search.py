"""Choosing among promotions that exclude each other: what is best for the customer, found within a bounded search.

Players take their turns in a fixed order, each the lines that no foe has taken before it. Whoever quarrels with a later
one may also stand back; every such choice is tried while turns last, and those that cannot win are cut off.
Thresholds look at item prices, so that one benefit never spoils another's; hence whoever quarrels with nobody to come
always plays. The least total wins; among equals, the dearer gifts; among those, whoever was first in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tongshang.platform.money import allocate
from tongshang.trade.model import BasketLine
from tongshang.trade.prices import items, worth
from tongshang.trade.prices.items import Items
from tongshang.trade.prices.players import COUPON, FREIGHT, FULL, GIFT, ITEM, PERCENT, PIECES, Player
from tongshang.trade.prices.rules import Fee, Gift, Kind, Rates, Rules
from tongshang.trade.prices.worth import Worth

FEW, MOST_TURNS, MOST_TURNS_OF_MANY = 8, 120, 60
"""With a few players the search ends by itself; of many it tries the likeliest choices and says what it found."""


@dataclass(slots=True)
class Taken:
    """What a player took from which lines (by number), and how it came to that."""

    player: Player
    fen: int
    lines: list[int]
    parts: list[int]
    base_fen: int = 0
    pieces: int = 0
    worth: Worth = Worth(0)

    @property
    def shares(self) -> dict[int, int]:
        """Say how many fen were taken from which line."""
        return dict(zip(self.lines, self.parts, strict=False))


@dataclass(slots=True)
class State:
    """Where the turns stand: what is left to pay of each line, and who has touched it."""

    items: Items
    left: list[int]
    rest: int
    touched: list[int]
    fee: Fee
    freight: int
    taken: list[Taken]
    treat: int = 0
    coupon_used: bool = False

    def copy(self) -> "State":
        """Give one that can go another way."""
        return State(
            self.items, self.left.copy(), self.rest, self.touched.copy(), self.fee, self.freight, self.taken.copy(),
            self.treat, self.coupon_used,
        )  # fmt: skip

    @property
    def total(self) -> int:
        """Say what would have to be paid."""
        return self.rest + self.freight


class Search:
    """One search over one basket."""

    def __init__(self, lines: Sequence[BasketLine], players: Sequence[Player], rules: Rules, rates: Rates) -> None:
        self.lines, self.players, self.rules, self.rates = lines, players, rules, rates
        self.quantities = [line.quantity for line in lines]
        self.coupons = sum(1 << player.number for player in players if player.coupon is not None)
        self.turns, self.most = 0, MOST_TURNS if len(players) <= FEW else MOST_TURNS_OF_MANY
        self.best: State | None = None
        self.score = (0, 0, 0)
        self.first = next((p.number for p in players if p.phase != ITEM), len(players))

    def run(self) -> State:
        """Find the best way to price the basket."""
        self._hopes()
        self._choose(0, [])
        assert self.best is not None
        return self.best

    def _hopes(self) -> None:
        """Say of each player and all after it what they could take off at the very most."""
        tags = items.priced(self.lines, [], self.rules)
        bare, rich = (self.rates.reckon(self.lines, some).fen for some in ([0] * len(self.lines), tags.amounts))
        fee = max(bare, rich)
        hope = 0
        for player in reversed(self.players):
            if player.phase == ITEM:
                lowest = items.priced(self.lines, [player], self.rules).off.get(player.number, {})
                player.alone = sum(fen for fen, _ in lowest.values())
            elif player.phase == FREIGHT:
                player.alone = fee
            else:
                base, pieces = self._base(player, player.lines, tags)
                found = self._worth(player, player.lines, base, pieces, base, tags)
                player.alone = min(found.fen, base) if found else 0
            hope += player.alone
            player.most = hope
        for player in self.players:
            later = self.players[player.number + 1 :]
            if player.phase == ITEM:  # a lower price may also fall below a threshold
                foes = [other for other in later if other.phase != ITEM and not {*player.lines}.isdisjoint(other.lines)]
                player.branches = bool(foes) or bare > rich
            else:
                foes = [other for other in later if player.foes >> other.number & 1]
            # A gift is worth no fen, but somebody may still prefer it: it always counts as one.
            player.spoils = sum(max(other.alone, int(other.phase == GIFT)) for other in foes)
            if player.phase == ITEM:  # and below what the shop itself sends for free
                player.spoils += max(0, bare - rich)
                player.loses = self._lost(player) if player.spoils <= player.alone else player.alone

    def _lost(self, player: Player) -> int:
        """Say what an item price takes off at the least: what no other item price would, where it stands back."""
        all_of_them = self.players[: self.first]
        if all(other is player or {*other.lines}.isdisjoint(player.lines) for other in all_of_them):
            return player.alone
        others = [other for other in all_of_them if other is not player]
        with_it, without = (items.priced(self.lines, some, self.rules).amounts for some in (all_of_them, others))
        return sum(without) - sum(with_it)

    def _choose(self, turn: int, chosen: list[Player]) -> None:
        """Decide about item prices first: they are what everybody else looks at."""
        if turn < self.first:
            player = self.players[turn]
            self._choose(turn + 1, [*chosen, player])
            # A coupon that was chosen is to be used, even where a lower price that bars it is worth more.
            if player.branches and (player.spoils > player.loses or self.coupons) and self.turns < self.most:
                self._choose(turn + 1, chosen)
            return
        made = items.priced(self.lines, chosen, self.rules)
        touched = [0] * len(self.lines)
        taken = []
        for player in chosen:
            if off := made.off.get(player.number):
                parts, counts = [fen for fen, _ in off.values()], [count for _, count in off.values()]
                taken.append(Taken(player, sum(parts), list(off), parts, pieces=sum(counts)))
                for n in off:
                    touched[n] |= 1 << player.number
        fee = self.rates.reckon(self.lines, made.amounts)
        self._play(turn, State(made, made.amounts.copy(), sum(made.amounts), touched, fee, fee.fen, taken))

    def _play(self, turn: int, state: State) -> None:
        """Let the players from this turn on have their turns, also without those that may stand back."""
        for number in range(turn, len(self.players)):
            player = self.players[number]
            if self._hopeless(state, player):
                return
            if player.branches and self.turns < self.most:
                other, before = state.copy(), state.total
                if self._turn(player, state) and self._worth_a_try(player, before - state.total):
                    self._play(number + 1, state)
                    state = other
            else:
                self._turn(player, state)
        score = (int(self.rules.coupon is not None and not state.coupon_used), state.total, -state.treat)
        if self.best is None or score < self.score:
            self.best, self.score = state, score

    def _worth_a_try(self, player: Player, gained: int) -> bool:
        """Say whether its later foes could ever make up for what a player gained, if it stood back."""
        return player.spoils > gained or bool(player.foes & self.coupons)

    def _hopeless(self, state: State, player: Player) -> bool:
        if self.best is None or (self.rules.coupon is not None and not self.best.coupon_used):
            return False
        return state.total - player.most > self.best.total

    def _turn(self, player: Player, state: State) -> bool:
        """Let a player take what it can; False when that is nothing."""
        self.turns += 1
        foes, touched = player.foes, state.touched
        lines = [n for n in player.lines if not touched[n] & foes] if foes else player.lines
        if not lines:
            return False
        left = state.left
        base, pieces = self._base(player, lines, state.items)
        if player.phase == FREIGHT:
            return self._free(player, state, lines, base, pieces)
        rest = sum([left[n] for n in lines])
        found = self._worth(player, lines, base, pieces, rest, state.items)
        if found is None:
            return False
        if found.weights is not None:
            lines = list(found.weights)
        # One fen of the whole order always remains to be paid.
        fen = min(found.fen, rest, state.total - 1)
        gifts = player.phase == GIFT
        if fen <= 0 and not gifts:
            return False
        weights = list(found.weights.values()) if found.weights else [left[n] for n in lines]
        parts = allocate(fen, weights) if fen > 0 else []
        for n, part in zip(lines, parts, strict=False):
            left[n] -= part
        state.rest -= max(fen, 0)
        mark = 1 << player.number
        for n in lines:
            touched[n] |= mark
        if gifts:
            state.treat += sum(self._gift(gift) * found.times for gift in gifts_of(player, found))
        state.coupon_used = state.coupon_used or player.phase == COUPON
        state.taken.append(Taken(player, fen, lines, parts, base, pieces, found))
        return True

    def _base(self, player: Player, lines: list[int], made: Items) -> tuple[int, int]:
        """Say what lines cost by their item prices, and how many pieces they are; kept for all of a player's lines."""
        whole = len(lines) == len(player.lines)
        if whole and (known := made.bases.get(player.number)):
            return known
        found = sum([made.amounts[n] for n in lines]), sum([self.quantities[n] for n in lines])
        if whole:
            made.bases[player.number] = found
        return found

    def _free(self, player: Player, state: State, lines: list[int], base: int, pieces: int) -> bool:
        assert player.promotion is not None
        number = worth.reached(player.promotion.steps, base, pieces)
        if not number or state.freight <= 0:
            return False
        for n in lines:
            state.touched[n] |= 1 << player.number
        state.taken.append(Taken(player, state.freight, lines, [], base, pieces, Worth(state.freight, number)))
        state.freight = 0
        return True

    def _worth(self, player: Player, lines: list[int], base: int, pieces: int, rest: int, made: Items) -> Worth | None:
        if player.coupon is not None:
            return worth.coupon(player.coupon, base, rest)
        promotion = player.promotion
        assert promotion is not None
        if player.phase == PIECES:
            runs = [run for n in lines for run in made.runs[n]]
            return worth.n_for(promotion, runs) if promotion.kind == Kind.N_FOR else worth.nth(promotion, runs)
        if player.phase == PERCENT:
            return worth.percent(promotion, base, pieces, rest)
        if player.phase == FULL:
            return worth.full(promotion, base, pieces)
        number = worth.reached(promotion.steps, base, pieces)
        if not number:
            return None
        return Worth(0, number, worth.times(promotion, promotion.steps[number - 1], base, pieces))

    def _gift(self, gift: Gift) -> int:
        known = self.rules.goods.get(gift.variant_id)
        return known.unit_price_fen * gift.quantity if known is not None and known.left >= gift.quantity else 0


def gifts_of(player: Player, found: Worth) -> list[Gift]:
    """List what a reached step gives."""
    assert player.promotion is not None
    return player.promotion.steps[found.step - 1].gifts
