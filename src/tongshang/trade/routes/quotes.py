"""What it would cost: the question as customers ask it, and the answer with everything that is shown."""

from typing import Literal
from uuid import UUID

import msgspec
from litestar import post

from tongshang.catalog.forms import FormField
from tongshang.fans.access import Shopper
from tongshang.media.pictures import Picture
from tongshang.platform.web import AnyRequest, language_of
from tongshang.trade import quotes, tenders, views
from tongshang.trade.freights.local import Way
from tongshang.trade.model import Delivery, Deposit, PricedLine, Share
from tongshang.trade.offers import Offer
from tongshang.trade.prices.near import Near
from tongshang.trade.prices.rules import Addon
from tongshang.trade.quotes import Question, Quote, Wanted


class One(msgspec.Struct, forbid_unknown_fields=True):
    """One variant, bought at once."""

    variant_id: UUID
    quantity: int = 1


class QuoteAsked(msgspec.Struct, rename={"source": "from"}, kw_only=True):
    """What shall be bought, and how."""

    source: Literal["cart"] | One = "cart"
    delivery: Delivery = Delivery.EXPRESS
    address_id: UUID | None = None
    coupon_id: UUID | None = None
    best_coupon: bool = False
    addons: list[Addon] = []
    use_balance: bool = False

    def wanted(self) -> Wanted:
        """Say it in trade's words."""
        wanted = Wanted(
            delivery=self.delivery, coupon_id=self.coupon_id, best_coupon=self.best_coupon, addons=tuple(self.addons)
        )
        if isinstance(self.source, One):
            return msgspec.structs.replace(wanted, variant_id=self.source.variant_id, quantity=self.source.quantity)
        return wanted


class QuoteRow(msgspec.Struct):
    """A line of a quote: what it costs by its tag, what is paid for it, and why that is less."""

    variant_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture: Picture | None
    price_fen: int
    quantity: int
    amount_fen: int
    paid_fen: int
    gift: bool
    reasons: list[Share]


class QuoteCoupon(msgspec.Struct):
    """A coupon one has: whether it can be used here, and if not, why."""

    id: UUID
    name: str
    minus_fen: int
    min_spend_fen: int
    expires_at: str
    usable: bool
    why: str | None
    terms: str
    percent: int


class QuoteAddon(msgspec.Struct):
    """What could be added on at a price of its own."""

    promotion_id: UUID
    variant_id: UUID
    title: str
    options: list[str]
    picture: Picture | None
    price_fen: int
    tag_fen: int
    most: int


class BalanceView(msgspec.Struct):
    """What one has, what of it this order can use, and what is left to pay through WeChat (fen)."""

    principal_fen: int
    bonus_fen: int
    use_fen: int
    due_fen: int


class QuoteView(msgspec.Struct):
    """What it costs and why, and a token of exactly this."""

    lines: list[QuoteRow]
    goods_fen: int
    discount_fen: int
    freight_fen: int
    total_fen: int
    money: list[views.Money]
    coupons: list[QuoteCoupon]
    coupon_id: UUID | None
    quote_token: str
    problems: list[dict[str, str]]
    delivery: Delivery
    form: list[FormField]
    near: list[Near]
    addons: list[QuoteAddon]
    local: Way | None
    balance: BalanceView | None = None
    deposit: Deposit | None = None


@post("/quote", operation_id="quote", status_code=200)
async def quote(request: AnyRequest, who: Shopper, data: QuoteAsked) -> QuoteView:
    """Say what it would cost, and why."""
    return await view(who, asked=data, language=language_of(request))


async def view(who: Shopper, *, asked: QuoteAsked, language: str) -> QuoteView:
    """Show what it would cost somebody."""
    question = Question(who.fan, asked.wanted(), asked.address_id)
    made = await quotes.ask(who.world, who.merchant, question)
    has, shown = None, made.pictures
    if asked.use_balance and made.price.deposit is None:
        async with who.tx() as tx:
            has = await tenders.balance(tx, fan=who.fan)
    price = made.price
    use = min(has.fen, price.total_fen) if has else 0
    return QuoteView(
        [_row(line, shown) for line in price.lines], price.goods_fen, price.discount_fen, price.freight_fen,
        price.total_fen, [views.Money(reason.zh, reason.en, reason.fen, reason.kind) for reason in price.explanation],
        [_coupon(offer, language) for offer in made.coupons], made.coupon_id, made.quote_token,
        [{key: str(value) for key, value in problem.items()} for problem in made.problems], made.delivery, made.form,
        [near for near in made.near if not near.reached], _addons(made, shown), made.local,
        BalanceView(has.principal_fen, has.bonus_fen, use, price.total_fen - use) if has else None,
        price.deposit,
    )  # fmt: skip


def _row(line: PricedLine, shown: dict[UUID, Picture]) -> QuoteRow:
    return QuoteRow(
        line.variant_id, line.product_id, line.title, line.options,
        shown.get(line.picture_id) if line.picture_id else None, line.unit_price_fen, line.quantity, line.goods_fen,
        line.paid_fen, line.gift, line.reasons,
    )  # fmt: skip


def _coupon(one: Offer, language: str) -> QuoteCoupon:
    why, terms = (one.why_zh, one.terms_zh) if language == "zh" else (one.why_en, one.terms_en)
    return QuoteCoupon(
        one.id,
        one.name,
        one.minus_fen,
        one.min_spend_fen,
        one.expires_at,
        one.usable,
        why or None,
        terms,
        one.percent,
    )


def _addons(made: Quote, shown: dict[UUID, Picture]) -> list[QuoteAddon]:
    return [
        QuoteAddon(
            near.promotion_id, one.variant_id, one.title, one.options,
            shown.get(one.picture_id) if one.picture_id else None, one.price_fen, one.tag_fen, min(near.most, one.left),
        )
        for near in made.near
        for one in near.addons
    ]  # fmt: skip
