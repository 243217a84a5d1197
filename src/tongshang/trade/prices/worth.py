"""What one promotion or coupon is worth on some goods: the arithmetic of each kind, over runs of equal pieces.

A *run* is (unit price, how many, line): pieces of a line that cost the same. Percentages are what remains to be paid;
what is taken off is rounded down to the fen, so that paying more for more goods never turns into paying less.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from tongshang.trade.prices.rules import Coupon, Promotion, Step

Run = tuple[int, int, int]


class Worth(NamedTuple):
    """So much off; by which step (its number, from 1) and how many times; only some lines when `weights` says so."""

    fen: int
    step: int = 1
    times: int = 1
    weights: dict[int, int] | None = None


def reached(steps: Sequence[Step], fen: int, pieces: int) -> int:
    """Say which step is reached, counted from 1 (0: none); steps are declared in rising order."""
    found = 0
    for number, step in enumerate(steps, 1):
        if fen >= step.min_fen and pieces >= step.min_pieces:
            found = number
    return found


def times(promotion: Promotion, step: Step, fen: int, pieces: int) -> int:
    """Say how often a step counts: once, or for each time its threshold is full, up to `most`."""
    if not promotion.each:
        return 1
    by_fen = fen // step.min_fen if step.min_fen else None
    by_pieces = pieces // step.min_pieces if step.min_pieces else None
    often = min((count for count in (by_fen, by_pieces, promotion.most) if count is not None), default=1)
    return max(1, often)


def full(promotion: Promotion, fen: int, pieces: int) -> Worth | None:
    """Full reduction: so much off from a threshold on, in steps, or for each time it is full."""
    number = reached(promotion.steps, fen, pieces)
    if not number:
        return None
    step = promotion.steps[number - 1]
    often = times(promotion, step, fen, pieces)
    return Worth(step.minus_fen * often, number, often)


def percent(promotion: Promotion, fen: int, pieces: int, left: int) -> Worth | None:
    """So many percent to pay of what is left, from a threshold on."""
    number = reached(promotion.steps, fen, pieces)
    if not number:
        return None
    return Worth(left * (100 - promotion.steps[number - 1].percent) // 100, number)


def coupon(one: Coupon, fen: int, left: int) -> Worth | None:
    """So much off, or so many percent up to a cap, from a least spend on."""
    if fen < one.min_spend_fen:
        return None
    if one.kind == "minus":
        return Worth(one.minus_fen)
    off = left * (100 - one.percent) // 100
    return Worth(off if one.cap_fen is None else min(off, one.cap_fen))


def nth(promotion: Promotion, runs: Sequence[Run]) -> Worth | None:
    """Each Nth piece for less: pieces stand from dear to cheap, so the cheapest of each N is the one."""
    n, seen, off, groups = promotion.pieces, 0, 0, 0
    ordered = sorted(runs, reverse=True)
    for unit, count, _ in ordered:
        hits = (seen + count) // n - seen // n
        if promotion.most is not None:
            hits = min(hits, promotion.most - groups)
        groups += hits
        off += hits * (unit * (100 - promotion.percent) // 100)
        seen += count
    return Worth(off, 1, groups, _first(ordered, groups * n)) if groups else None


def n_for(promotion: Promotion, runs: Sequence[Run]) -> Worth | None:
    """Any N pieces for a price: the dearest pieces are taken together while that is cheaper."""
    n = promotion.pieces
    ordered = sorted(runs, reverse=True)
    ends, sums = [0], [0]
    for unit, count, _ in ordered:
        ends.append(ends[-1] + count)
        sums.append(sums[-1] + unit * count)

    def first(count: int) -> int:
        at = min(bisect_right(ends, count), len(ordered)) - 1
        return sums[at] + (count - ends[at]) * ordered[at][0]

    low, high = 0, ends[-1] // n
    if promotion.most is not None:
        high = min(high, promotion.most)
    while low < high:  # savings fall from group to group: find the last that saves
        middle = (low + high + 1) // 2
        if first(middle * n) - first((middle - 1) * n) > promotion.price_fen:
            low = middle
        else:
            high = middle - 1
    if not low:
        return None
    return Worth(first(low * n) - low * promotion.price_fen, 1, low, _first(ordered, low * n))


def _first(ordered: Sequence[Run], count: int) -> dict[int, int]:
    """Say what the first pieces of some runs cost, line by line."""
    found: dict[int, int] = {}
    for unit, many, line in ordered:
        taken = min(many, count)
        if taken <= 0:
            break
        found[line] = found.get(line, 0) + unit * taken
        count -= taken
    return found
