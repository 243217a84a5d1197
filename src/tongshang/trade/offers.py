"""Offers: what each coupon in somebody's hand would make of a basket."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.trade.model import BasketLine, Price
from tongshang.trade.prices import coupons, engine, words
from tongshang.trade.prices.rules import Rates, Rules
from tongshang.trade.seams import BENEFITS, Held


class Offer(msgspec.Struct, frozen=True):
    """A coupon somebody has: what it takes off this basket, or why it cannot be used on it."""

    id: UUID
    name: str
    minus_fen: int
    min_spend_fen: int
    expires_at: str
    usable: bool
    why_zh: str = ""
    why_en: str = ""
    terms_zh: str = ""
    terms_en: str = ""
    percent: int = 100


async def in_hand(tx: Tx, fans: Sequence[UUID]) -> dict[UUID, list[Held]]:
    """List the coupons that each of these people could use."""
    held: dict[UUID, list[Held]] = {}
    for source in tx.world.at(BENEFITS):
        for fan, some in (await source.held(tx, fans)).items():
            held.setdefault(fan, []).extend(some)
    return held


def priced_with(
    lines: Sequence[BasketLine], known: Rules, rates: Rates, held: Sequence[Held]
) -> tuple[list[Offer], Held | None]:
    """Price the basket with each coupon in hand; the best is what makes it cheapest, if any makes it cheaper."""
    bare = msgspec.structs.replace(known, coupon=None)
    made: dict[UUID, Price] = {}
    found: list[tuple[int, Held, Offer]] = []
    least = engine.price(lines, rules=bare, rates=rates).total_fen if held else 0
    best: Held | None = None
    for one in held:
        coupon = one.coupon
        if coupon.coupon_id not in made:
            with_it = msgspec.structs.replace(known, coupon=coupon)
            made[coupon.coupon_id] = engine.price(lines, rules=with_it, rates=rates)
        price = made[coupon.coupon_id]
        if price.coupon_used and price.total_fen < least:
            best, least = one, price.total_fen
        minus = coupons.worth_of(price) if price.coupon_used else coupon.minus_fen
        zh, en = ("", "") if price.coupon_used else coupons.why_not(coupon, lines, bare)
        offer = Offer(
            coupon.id, coupon.name, minus, coupon.min_spend_fen, one.expires_at.isoformat(), price.coupon_used, zh, en,
            *words.coupon_terms(coupon), coupon.percent,
        )  # fmt: skip
        found.append((price.total_fen, one, offer))
    found.sort(key=lambda entry: (not entry[2].usable, entry[0], entry[2].expires_at))
    return [offer for _, _, offer in found], best
