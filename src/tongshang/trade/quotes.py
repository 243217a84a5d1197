"""Quotes: what a basket costs for somebody, with every coupon he could use, and a token of what he was shown."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.catalog.forms import FormField
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.platform.money import yuan
from tongshang.platform.world import World
from tongshang.trade import addresses, carts, limits
from tongshang.trade.carts import Want
from tongshang.trade.freights import local, templates
from tongshang.trade.freights.local import Way
from tongshang.trade.freights.sending import place_of
from tongshang.trade.model import BasketLine, Delivery, Price
from tongshang.trade.parts import forms
from tongshang.trade.parts.model import delivery_of
from tongshang.trade.prices import coupons, engine, tokens, words
from tongshang.trade.prices.coupons import NotUsable
from tongshang.trade.prices.near import Near, near
from tongshang.trade.prices.rules import Addon, Freight, Rates, Rules, Unsent
from tongshang.trade.prices.sent import Brought, Sent
from tongshang.trade.prices.words import Pair
from tongshang.trade.seams import BENEFITS, Ask, Held

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


class PriceChanged(Refused):
    """The price has changed to {total}. Please look again before you order."""

    code, status, zh = "order.price_changed", 409, "价格已变为 {total} 元，请确认后重新下单。"

    def __init__(self, *, total: int, changes: Sequence[Pair] = ()) -> None:
        super().__init__(total=yuan(total))
        self.changes = list(changes)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to buy, and how."""

    variant_id: UUID | None = None
    quantity: int = 1
    delivery: Delivery = Delivery.EXPRESS
    coupon_id: UUID | None = None
    best_coupon: bool = False
    addons: tuple[Addon, ...] = ()


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


class Quote(msgspec.Struct, frozen=True):
    """A price with its reasons, the coupons one has, and a token that stands for exactly this."""

    price: Price
    coupons: list[Offer]
    coupon_id: UUID | None
    quote_token: str
    problems: list[dict[str, Any]]
    delivery: Delivery = Delivery.EXPRESS
    form: list[FormField] = []
    near: list[Near] = []
    local: Way | None = None


async def freight(tx: Tx) -> Freight:
    """Say what the merchant charges for sending."""
    return await tx.first(Freight, FREIGHT, tx.merchant) or Freight()


async def set_freight(tx: Tx, *, flat_fen: int, free_over_fen: int | None) -> None:
    """Set a flat rate, and from what amount of goods on it is free (fen; None: never)."""
    if not 0 <= flat_fen <= MAX_FREIGHT or (free_over_fen is not None and free_over_fen < 1):
        raise Invalid(field="flat_fen", problem=f"0-{MAX_FREIGHT}")
    await tx.run(PUT_FREIGHT, tx.merchant, flat_fen, free_over_fen)


async def make(tx: Tx, *, fan: UUID, wanted: Wanted, address: UUID | None = None) -> Quote:
    """Quote a basket; what cannot be bought now is named in `problems`, and refused only when it is ordered."""
    lines = checked(wanted, (await carts.baskets(tx, wants=[want(fan, wanted)]))[0])
    asked = Ask(tx.new_id(), fan, wanted.coupon_id, wanted.addons)
    (known,) = await rules(tx, [asked])
    if isinstance(known, Refused):
        raise known
    shop = Sent(await templates.rates(tx))
    region = await _region(tx, fan, address)
    wanted, rates = sent_with(lines, known, wanted, lambda delivery: rates_of(shop, delivery, region))
    held = [one for source in tx.world.at(BENEFITS) for one in await source.held(tx, fan)]
    offers, best = _offers(lines, known, rates, held)
    if wanted.coupon_id is None and wanted.best_coupon and best is not None:
        known = msgspec.structs.replace(known, coupon=best.coupon)
    price = priced(lines, known, rates)
    coupon = known.coupon.id if known.coupon is not None else None
    problems = _problems(lines, tx.now)
    counts = await limits.Counts.of(tx, lines=lines, fan=fan)
    problems += [_problem(line, refusal) for line, refusal in counts.problems(lines, fan)]
    if isinstance(rates, Sent | Brought) and (refusal := rates.refused(lines)):
        problems.append(_problem(lines[0], refusal))
    return Quote(
        price, offers, coupon, token(tx, price, wanted, coupon), problems, wanted.delivery, forms.merged(lines),
        near(lines, known), local.way(shop.rates.local, place_of(region) if region else None),
    )  # fmt: skip


async def rules(tx: Tx, asks: Sequence[Ask]) -> list[Rules | Refused]:
    """Say what bears on baskets, besides their lines; one answer for each."""
    for source in tx.world.at(BENEFITS):
        return await source.rules(tx, asks)
    return [Rules(moment=tx.now) for _ in asks]


async def _region(tx: Tx, fan: UUID, address: UUID | None) -> list[str] | None:
    """Say where an address of somebody's is, if one is chosen."""
    if address is None:
        return None
    known = (await addresses.snapshots(tx, ids=[address])).get((fan, address))
    if known is None:
        raise NotFound
    region: list[str] = known["region"]
    return region


def sent_with(
    lines: Sequence[BasketLine], known: Rules, wanted: Wanted, rates_for: Callable[[Delivery], Rates]
) -> tuple[Wanted, Rates]:
    """Say how what is wanted travels, and for how much: not at all, unless a gift or an add-on must be sent."""
    delivery = delivery_of(wanted.delivery, lines)
    rates = rates_for(delivery)
    if delivery == Delivery.NONE and known.goods:
        goods = {line.variant_id: line for line in (*known.goods.values(), *lines)}
        made = engine.price(lines, rules=known, rates=rates)
        delivery = delivery_of(wanted.delivery, [goods[line.variant_id] for line in made.lines])
        rates = rates_for(delivery)
    return msgspec.structs.replace(wanted, delivery=delivery), rates


def rates_of(shop: Sent, delivery: Delivery, region: Sequence[str] | None) -> Rates:
    """Say what sending costs by what the shop says of it, to a region where that is known."""
    if delivery == Delivery.PICKUP:
        return Unsent()
    if delivery == Delivery.NONE:
        return Unsent("无需物流", "Nothing to send")
    where = place_of(region) if region else None
    if delivery == Delivery.LOCAL:
        return Brought(shop.rates.local, where)
    return Sent(shop.rates, where) if where else shop


def want(fan: UUID, wanted: Wanted) -> Want:
    """Say whose basket is wanted, in the cart's words."""
    return Want(fan, wanted.variant_id, wanted.quantity)


def checked(wanted: Wanted, lines: list[BasketLine]) -> list[BasketLine]:
    """Give the lines of what somebody wants, or refuse nonsense."""
    if not 1 <= wanted.quantity <= 999:
        raise Invalid(field="quantity", problem="1-999")
    if any(not 1 <= addon.quantity <= 99 for addon in wanted.addons) or len(wanted.addons) > 20:
        raise Invalid(field="addons", problem="1-99")
    if not lines:
        raise engine.Nothing
    return lines


def priced(lines: Sequence[BasketLine], known: Rules, rates: Rates) -> Price:
    """Price lines, or refuse when the coupon that was chosen takes nothing off them."""
    price = engine.price(lines, rules=known, rates=rates)
    if known.coupon is not None and not price.coupon_used:
        zh, en = coupons.why_not(known.coupon, lines, known)
        raise NotUsable(why=en, why_zh=zh)
    return price


def _offers(
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


def token(tx: Tx, price: Price, wanted: Wanted, coupon: UUID | None) -> str:
    """Stand for a price and what was chosen for it: the same gives the same token, anything else another."""
    return tokens.token(price, key=_key(tx), also=(coupon, wanted.addons))


def refuse_other(tx: Tx, *, shown: str, price: Price, wanted: Wanted, expected_fen: int | None) -> None:
    """Refuse a token that was made up, or that stands for another price than today's; says what changed."""
    if shown == token(tx, price, wanted, wanted.coupon_id) and expected_fen in (None, price.total_fen):
        return
    raise PriceChanged(total=price.total_fen, changes=tokens.changes(shown, price, key=_key(tx)))


def _key(tx: Tx) -> bytes:
    return key_of(tx.world, tx.merchant)


def key_of(world: World, merchant: UUID) -> bytes:
    """Give the key that a shop's quotes are sealed with."""
    return world.secrets.derive(f"quotes {merchant}").encode()


def _problems(lines: Sequence[BasketLine], now: datetime) -> list[dict[str, Any]]:
    return [_problem(line, refusal) for line in lines if (refusal := problem(line, now))]


def _problem(line: BasketLine, refusal: Refused) -> dict[str, Any]:
    return {
        "variant_id": line.variant_id,
        "code": refusal.code,
        "zh": refusal.sentence("zh"),
        "en": refusal.sentence("en"),
    }


def problem(line: BasketLine, now: datetime) -> Refused | None:
    """Say why a line cannot be bought right now, if it cannot."""
    if not line.on_shelf:
        return OffShelf(title=line.title)
    if refusal := limits.off_sale(line, now):
        return refusal
    if line.left < line.quantity:
        return SoldOut(title=line.title, left=line.left, variant=line.variant_id)
    return None
