"""What a price costs: the pure engine on a cart of 50 lines with 20 promotions and a coupon, without a database.

`quote_ms` is a shop's ordinary mix, in which some promotions exclude each other; `quote_quarrel_ms` has all twenty
exclude each other, so that the search for the best ends at its bound; `quote_plain_ms` has no promotions at all.
"""

import random
import time

from make.offers import CATEGORIES, line, promotion
from tongshang.trade.model import BasketLine
from tongshang.trade.prices.engine import price
from tongshang.trade.prices.rules import Coupon, Freight, Kind, Promotion, Rules, Scope, Special, Step

LINES, PROMOTIONS, TIMES = 50, 20, 200
FRIENDLY = ("promotions", "coupons", "member")


def basket(rng: random.Random) -> list[BasketLine]:
    """Fill a cart: three categories, eight tags, one to four pieces of each."""
    return [
        line(
            n, rng.randint(500, 30_000), rng.randint(1, 4), category_id=CATEGORIES[n % 3],
            tags=[rng.choice("abcdefgh")], member_price_fen=400 if n % 5 == 0 else None,
        )
        for n in range(LINES)
    ]  # fmt: skip


def declared(*, alone: bool) -> Rules:
    """Declare twenty promotions of all kinds; most share what they lower, every fourth does not, or none does."""
    kinds = [kind for kind in Kind if kind != Kind.ADDON]
    found = [_one(n, kinds[n % len(kinds)], alone=alone or n % 4 == 3) for n in range(PROMOTIONS)]
    coupon = Coupon(
        id=found[0].id, coupon_id=found[0].id, name="满百减二十", minus_fen=2_000, min_spend_fen=10_000
    )  # fmt: skip
    return Rules(promotions=found, coupon=coupon, member=True)


def _one(n: int, kind: Kind, *, alone: bool) -> Promotion:
    scopes = (Scope("tags", ["abcdefgh"[n % 8]]), Scope("categories", [str(CATEGORIES[n % 3])]), Scope())
    stacks = ("coupons",) if alone else FRIENDLY
    if kind == Kind.FLASH:
        specials = [Special(variant_id=line(n + k, 1).variant_id, price_fen=450) for k in range(3)]
        return promotion(n, kind, specials=specials, stacks_with=stacks)
    if kind == Kind.N_FOR:
        return promotion(n, kind, pieces=3, price_fen=20_000, scope=scopes[n % 3], stacks_with=stacks)
    if kind == Kind.NTH:
        return promotion(n, kind, pieces=2, percent=50, scope=scopes[n % 3], stacks_with=stacks)
    steps = [
        Step(
            min_fen=10_000 * k, minus_fen=1_000 * k if kind == Kind.FULL else 0,
            percent=97 - k if kind == Kind.PERCENT else 100,
        )
        for k in (1, 2, 3)
    ]  # fmt: skip
    return promotion(n, kind, steps=steps, scope=scopes[n % 3], stacks_with=stacks)


async def run() -> dict[str, float]:
    """Price the same cart again and again, and say what one price costs in CPU."""
    lines = basket(random.Random(7))
    mixes = {"quote": declared(alone=False), "quote_quarrel": declared(alone=True), "quote_plain": Rules()}
    return {f"{name}_ms": _cost(lines, rules) for name, rules in mixes.items()} | {
        "quote_lines": float(LINES), "quote_promotions": float(PROMOTIONS),
    }  # fmt: skip


def _cost(lines: list[BasketLine], rules: Rules) -> float:
    rates = Freight(800, 9_900)
    total = price(lines, rules=rules, rates=rates).total_fen
    started = time.process_time()
    for _ in range(TIMES):
        assert price(lines, rules=rules, rates=rates).total_fen == total
    return round((time.process_time() - started) / TIMES * 1000, 3)
