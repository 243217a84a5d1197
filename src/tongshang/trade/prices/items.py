"""Item prices: the tag, the member's, a flash sale's; each piece costs the lowest that is allowed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tongshang.trade.model import BasketLine
from tongshang.trade.prices.players import Player
from tongshang.trade.prices.rules import Rules
from tongshang.trade.prices.worth import Run


@dataclass(slots=True)
class Items:
    """What the lines cost by their item prices; which player lowered which line by how much, with how many pieces."""

    runs: list[list[Run]]
    amounts: list[int]
    off: dict[int, dict[int, tuple[int, int]]]
    bases: dict[int, tuple[int, int]] = field(default_factory=dict)


def priced(lines: Sequence[BasketLine], players: Sequence[Player], rules: Rules) -> Items:
    """Price each line's pieces with those item players that take part."""
    offers: list[list[tuple[int, int, int]]] = [[] for _ in lines]
    for player in players:
        promotion = player.promotion
        special = {one.variant_id: one.price_fen for one in promotion.specials} if promotion else {}
        for n in player.lines:
            line = lines[n]
            if promotion is None:
                offers[n].append((line.member_price_fen or line.unit_price_fen, player.number, line.quantity))
            else:
                most = rules.pieces.get((promotion.id, line.variant_id), line.quantity)
                offers[n].append((special[line.variant_id], player.number, most))
    runs, off = [], dict[int, dict[int, tuple[int, int]]]()
    for n, line in enumerate(lines):
        left, mine = line.quantity, list[Run]()
        for price, number, most in sorted(offers[n]):
            taken = min(most, left)
            if taken <= 0:
                continue
            mine.append((price, taken, n))
            off.setdefault(number, {})[n] = ((line.unit_price_fen - price) * taken, taken)
            left -= taken
        if left:
            mine.append((line.unit_price_fen, left, n))
        runs.append(mine)
    return Items(runs, [sum(unit * count for unit, count, _ in mine) for mine in runs], off)
