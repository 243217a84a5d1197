"""Quotes: what a basket costs for somebody, with every coupon he could use, and a token of what he was shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from tongshang.catalog.forms import FormField
from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.batch import gathered
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.platform.money import yuan
from tongshang.platform.world import World
from tongshang.trade import addresses, carts, limits
from tongshang.trade.carts import Want
from tongshang.trade.freights import local, templates
from tongshang.trade.freights.local import Way
from tongshang.trade.freights.sending import place_of
from tongshang.trade.limits import Counts
from tongshang.trade.model import BasketLine, Delivery, Price, PricedLine
from tongshang.trade.offers import Offer, in_hand, priced_with
from tongshang.trade.parts import forms, holding
from tongshang.trade.parts.model import delivery_of, left_of
from tongshang.trade.presales import model as presales
from tongshang.trade.prices import coupons, engine, tokens
from tongshang.trade.prices.coupons import NotUsable
from tongshang.trade.prices.near import Near, near
from tongshang.trade.prices.rules import Addon, Rates, Rules, Unsent
from tongshang.trade.prices.sent import Brought, Sent
from tongshang.trade.prices.words import Pair
from tongshang.trade.seams import BENEFITS, Ask, Held


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


class Question(NamedTuple):
    """Whose basket shall be priced, and where it would go."""

    fan: UUID
    wanted: Wanted
    address: UUID | None = None


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
    pictures: dict[UUID, Picture] = {}


async def ask(world: World, merchant: UUID, question: Question) -> Quote:
    """Quote a basket as `make` does, together with whoever else asks just now."""
    return await gathered(world, "trade.quotes", make_all).ask(merchant, question)


async def make(tx: Tx, *, fan: UUID, wanted: Wanted, address: UUID | None = None) -> Quote:
    """Quote a basket; what cannot be bought now is named in `problems`, and refused only when it is ordered."""
    (made,) = await make_all(tx, [Question(fan, wanted, address)])
    if isinstance(made, Exception):
        raise made
    return made


async def make_all(tx: Tx, questions: Sequence[Question]) -> list[Quote | Exception]:
    """Quote baskets, or say why one cannot be; what they are made of is read once for all of them."""
    fans = list({one.fan for one in questions})
    baskets = await carts.baskets(tx, wants=[want(one.fan, one.wanted) for one in questions])
    bearing = await rules(tx, [Ask(tx.new_id(), q.fan, q.wanted.coupon_id, q.wanted.addons) for q in questions])
    limited = [
        (line.product_id, one.fan)
        for one, lines, known in zip(questions, baskets, bearing, strict=True)
        for line in [*lines, *limits.wished(one.wanted.addons, known)]
        if line.limit_person is not None
    ]
    shop = _Shop(
        tx, Sent(await templates.rates(tx)),
        await addresses.snapshots(tx, ids=list({one.address for one in questions if one.address is not None})),
        await in_hand(tx, fans), await Counts.read(tx, wanted=limited),
    )  # fmt: skip
    made: list[Quote | Exception] = []
    for one, lines, known in zip(questions, baskets, bearing, strict=True):
        try:
            made.append(shop.quote(one, lines, known))
        except Refused as refusal:
            made.append(refusal)
    shown = await pictures.find(tx, (one for quote in made if isinstance(quote, Quote) for one in _seen(quote)))
    return [msgspec.structs.replace(quote, pictures=shown) if isinstance(quote, Quote) else quote for quote in made]


def _short(lines: Sequence[BasketLine], known: Rules, price: Price) -> dict[str, Any] | None:
    """Say what lacks where each line could be had by itself, but not all of them together."""
    goods = {line.variant_id: line for line in (*known.goods.values(), *lines)}
    lacking = holding.short(price.lines, goods, left_of(goods.values()))
    return _problem(lacking.line, SoldOut(**lacking.said())) if lacking else None


def _seen(quote: Quote) -> list[UUID | None]:
    """List the pictures of what is bought, and of what could be added on."""
    added = [offer.picture_id for one in quote.near for offer in one.addons]
    return [line.picture_id for line in quote.price.lines] + added


@dataclass(frozen=True)
class _Shop:
    """What quotes are made of besides baskets: how goods travel, where to, who has which coupons and bought what."""

    tx: Tx
    sent: Sent
    addresses: dict[tuple[UUID, UUID], dict[str, Any]]
    held: dict[UUID, list[Held]]
    counts: Counts

    def quote(self, one: Question, basket: list[BasketLine], bearing: Rules | Refused) -> Quote:
        """Quote one basket."""
        tx, known = self.tx, bearing
        lines = checked(one.wanted, basket)
        if isinstance(known, Refused):
            raise known
        region = self._region(one)
        wanted, rates = sent_with(lines, known, one.wanted, lambda delivery: rates_of(self.sent, delivery, region))
        offers, best, prices = priced_with(lines, known, rates, self.held.get(one.fan, []))
        if wanted.coupon_id is None and wanted.best_coupon and best is not None:
            known = msgspec.structs.replace(known, coupon=best.coupon)
        coupon = known.coupon.id if known.coupon is not None else None
        price = priced(lines, known, rates, prices.get(coupon))
        problems = _problems(lines, tx.now)
        if refusal := presales.refusal(lines, tx.now):
            problems.append(_problem(lines[0], refusal))
        bought = [*lines, *limits.added(price, known.goods)]
        problems += [_problem(line, refusal) for line, refusal in self.counts.problems(bought, one.fan)]
        if not problems and (lacking := _short(lines, known, price)):
            problems.append(lacking)
        if isinstance(rates, Sent | Brought) and (refusal := rates.refused(lines)):
            problems.append(_problem(lines[0], refusal))
        return Quote(
            price, offers, coupon, token(tx, price, wanted, coupon), problems, wanted.delivery, forms.merged(bought),
            near(lines, known, rates), local.way(self.sent.rates.local, place_of(region) if region else None),
        )  # fmt: skip

    def _region(self, one: Question) -> list[str] | None:
        """Say where the address is that somebody chose, if one is chosen."""
        if one.address is None:
            return None
        known = self.addresses.get((one.fan, one.address))
        if known is None:
            raise NotFound
        region: list[str] = known["region"]
        return region


async def rules(tx: Tx, asks: Sequence[Ask]) -> list[Rules | Refused]:
    """Say what bears on baskets, besides their lines; one answer for each."""
    for source in tx.world.at(BENEFITS):
        return await source.rules(tx, asks)
    return [Rules(moment=tx.now) for _ in asks]


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


def priced(lines: Sequence[BasketLine], known: Rules, rates: Rates, made: Price | None = None) -> Price:
    """Price lines, unless that was done, or refuse when the coupon that was chosen takes nothing off them."""
    price = made or engine.price(lines, rules=known, rates=rates)
    if known.coupon is not None and not price.coupon_used:
        zh, en = coupons.why_not(known.coupon, lines, known)
        raise NotUsable(why=en, why_zh=zh)
    deposit = presales.deposit(lines, price.total_fen)
    return msgspec.structs.replace(price, deposit=deposit) if deposit else price


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


def _problem(line: BasketLine | PricedLine, refusal: Refused) -> dict[str, Any]:
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
