"""Quotes: what a basket costs for somebody, with every coupon he could use, and a token of what he was shown."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from tongshang.catalog.forms import FormField
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.trade import carts, pricing
from tongshang.trade.carts import Want
from tongshang.trade.model import BasketLine, Delivery, Price
from tongshang.trade.parts import forms
from tongshang.trade.parts.model import delivery_of
from tongshang.trade.pricing import Benefit, Freight
from tongshang.trade.seams import BENEFITS, Claim, Offer

FREIGHT = "select flat_fen, free_over_fen from freight where merchant_id = $1"
PUT_FREIGHT = """insert into freight (merchant_id, flat_fen, free_over_fen) values ($1, $2, $3)
on conflict (merchant_id) do update set flat_fen = $2, free_over_fen = $3"""
MAX_FREIGHT = 100_000


class OffShelf(Refused):
    """{title} is no longer sold."""

    code, status, zh = "basket.off_shelf", 409, "“{title}” 已下架，请从订单中移除。"


class SoldOut(Refused):
    """Only {left} of {title} left."""

    code, status, zh = "basket.sold_out", 409, "“{title}” 库存不足，仅剩 {left} 件。"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to buy, and how."""

    variant_id: UUID | None = None
    quantity: int = 1
    delivery: Delivery = Delivery.EXPRESS
    coupon_id: UUID | None = None
    best_coupon: bool = False


class Quote(msgspec.Struct, frozen=True):
    """A price with its reasons, the coupons one has, and a token that stands for exactly this."""

    price: Price
    coupons: list[Offer]
    coupon_id: UUID | None
    quote_token: str
    problems: list[dict[str, Any]]
    delivery: Delivery = Delivery.EXPRESS
    form: list[FormField] = []


async def freight(tx: Tx) -> Freight:
    """Say what the merchant charges for sending."""
    return await tx.first(Freight, FREIGHT, tx.merchant) or Freight()


async def set_freight(tx: Tx, *, flat_fen: int, free_over_fen: int | None) -> None:
    """Set a flat rate, and from what amount of goods on it is free (fen; None: never)."""
    if not 0 <= flat_fen <= MAX_FREIGHT or (free_over_fen is not None and free_over_fen < 1):
        raise Invalid(field="flat_fen", problem=f"0-{MAX_FREIGHT}")
    await tx.run(PUT_FREIGHT, tx.merchant, flat_fen, free_over_fen)


async def make(tx: Tx, *, fan: UUID, wanted: Wanted) -> Quote:
    """Quote a basket; what cannot be bought now is named in `problems`, and refused only when it is ordered."""
    lines = checked(wanted, (await carts.baskets(tx, wants=[want(fan, wanted)]))[0])
    wanted = msgspec.structs.replace(wanted, delivery=delivery_of(wanted.delivery, lines))
    offers = [offer for source in tx.world.at(BENEFITS) for offer in await source.offers(tx, fan, lines)]
    coupon = wanted.coupon_id
    if coupon is None and wanted.best_coupon:
        coupon = next((offer.id for offer in offers if offer.usable), None)
    sending = await freight(tx)
    priced = await priced_with(
        tx, fan=fan, order=tx.new_id(), lines=lines, wanted=wanted, coupon=coupon, freight=sending
    )
    return Quote(priced, offers, coupon, token(priced, coupon), _problems(lines), wanted.delivery, forms.merged(lines))


def want(fan: UUID, wanted: Wanted) -> Want:
    """Say whose basket is wanted, in the cart's words."""
    return Want(fan, wanted.variant_id, wanted.quantity)


def checked(wanted: Wanted, lines: list[BasketLine]) -> list[BasketLine]:
    """Give the lines of what somebody wants, or refuse nonsense."""
    if not 1 <= wanted.quantity <= 999:
        raise Invalid(field="quantity", problem="1-999")
    if not lines:
        raise pricing.Nothing
    return lines


async def priced_with(
    tx: Tx,
    *,
    fan: UUID,
    order: UUID,
    lines: Sequence[BasketLine],
    wanted: Wanted,
    coupon: UUID | None,
    freight: Freight,
) -> Price:
    """Price lines with a coupon, or refuse when the coupon cannot be used."""
    benefits: list[Benefit] = []
    if coupon is not None:
        claim = Claim(order, fan, coupon, sum(line.goods_fen for line in lines))
        benefits = [await source.benefit(tx, claim) for source in tx.world.at(BENEFITS)]
    return pricing.price(lines, freight=freight, express=wanted.delivery == Delivery.EXPRESS, benefits=benefits)


def token(price: Price, coupon: UUID | None) -> str:
    """Stand for a price: the same goods, shares, freight and coupon give the same token, anything else another."""
    return hashlib.sha256(msgspec.json.encode((price, coupon))).hexdigest()[:32]


def _problems(lines: Sequence[BasketLine]) -> list[dict[str, Any]]:
    return [
        {
            "variant_id": line.variant_id,
            "code": refusal.code,
            "zh": refusal.sentence("zh"),
            "en": refusal.sentence("en"),
        }
        for line in lines
        if (refusal := problem(line))
    ]


def problem(line: BasketLine) -> Refused | None:
    """Say why a line cannot be bought right now, if it cannot."""
    if not line.on_shelf:
        return OffShelf(title=line.title)
    if line.left < line.quantity:
        return SoldOut(title=line.title, left=line.left)
    return None
