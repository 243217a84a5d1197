"""Offers: what each coupon in somebody's hand would make of a basket."""

from collections.abc import Sequence
from typing import NamedTuple
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


class Offered(NamedTuple):
    """Offers, the best coupon, and the prices made on the way: by the piece used, None without any."""

    offers: list[Offer]
    best: Held | None
    prices: dict[UUID | None, Price]


def priced_with(lines: Sequence[BasketLine], known: Rules, rates: Rates, held: Sequence[Held]) -> Offered:
    """Price the basket with each coupon in hand; the best is what makes it cheapest, if any makes it cheaper."""
    if not held:
        return Offered([], None, {})
    bare = msgspec.structs.replace(known, coupon=None)
    prices: dict[UUID | None, Price] = {None: engine.price(lines, rules=bare, rates=rates)}
    least = prices[None].total_fen
    best: Held | None = None
    made: dict[UUID, tuple[Price, Offer]] = {}
    found: list[tuple[int, Offer]] = []
    for one in held:
        coupon = one.coupon
        if coupon.coupon_id not in made:
            with_it = msgspec.structs.replace(known, coupon=coupon)
            price = prices[coupon.id] = engine.price(lines, rules=with_it, rates=rates)
            made[coupon.coupon_id] = price, _offer(one, price, lines, bare)
        price, offer = made[coupon.coupon_id]
        if price.coupon_used and price.total_fen < least:
            best, least = one, price.total_fen
        expires = one.expires_at.isoformat()
        found.append((price.total_fen, msgspec.structs.replace(offer, id=coupon.id, expires_at=expires)))
    found.sort(key=lambda entry: (not entry[1].usable, entry[0], entry[1].expires_at))
    return Offered([offer for _, offer in found], best, prices)


def _offer(one: Held, price: Price, lines: Sequence[BasketLine], bare: Rules) -> Offer:
    coupon = one.coupon
    minus = coupons.worth_of(price) if price.coupon_used else coupon.minus_fen
    zh, en = ("", "") if price.coupon_used else coupons.why_not(coupon, lines, bare)
    return Offer(
        coupon.id, coupon.name, minus, coupon.min_spend_fen, one.expires_at.isoformat(), price.coupon_used, zh, en,
        *words.coupon_terms(coupon), coupon.percent,
    )  # fmt: skip
