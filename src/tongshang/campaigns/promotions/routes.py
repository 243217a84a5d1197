"""Promotions in the console and in the store."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.params import Parameter

from tongshang.campaigns.promotions import calculator, declared, offers, standing
from tongshang.campaigns.promotions.calculator import Sum
from tongshang.campaigns.promotions.declared import PromotionView
from tongshang.campaigns.promotions.model import PromotionAsked, check
from tongshang.campaigns.promotions.offers import Offers
from tongshang.campaigns.promotions.standing import Policy
from tongshang.fans.access import Shopper
from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.ids import NIL
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.trade.model import Price, Share
from tongshang.trade.prices import words
from tongshang.trade.prices.near import Near

MANAGER = {"role": Role.MANAGER}
MOVES = {"on": "start", "paused": "pause", "ended": "end"}


class StateAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What shall become of a promotion."""

    state: Literal["on", "paused", "ended"]


class Sentence(msgspec.Struct, frozen=True):
    """A promotion in one sentence."""

    zh: str
    en: str


class SumLine(msgspec.Struct, frozen=True):
    """A line of the calculator's answer."""

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


class SumStep(msgspec.Struct, frozen=True):
    """A step of it in three voices: the customer's, the clerk's, and the facts."""

    kind: str
    zh: str
    en: str
    fen: int
    clerk_zh: str
    clerk_en: str
    rule: str
    facts: dict[str, int]
    lines: list[tuple[int, int]]


class SumPrice(msgspec.Struct, frozen=True):
    """What a basket costs, line by line and step by step."""

    lines: list[SumLine]
    goods_fen: int
    discount_fen: int
    freight_fen: int
    total_fen: int
    steps: list[SumStep]


class SumView(msgspec.Struct, frozen=True):
    """The calculator's answer for a moment; `drafted` is what it would be with the draft."""

    price: SumPrice
    near: list[Near]
    coupon_zh: str
    coupon_en: str
    drafted: SumPrice | None
    at: datetime
    later: bool


@get("/promotions", operation_id="list_promotions")
async def list_promotions(who: Staff, section: Annotated[str, Parameter(query="state")] = "") -> list[PromotionView]:
    """List promotions, those that have not ended first; `section` is a state."""
    async with who.tx() as tx:
        return await declared.listed(tx, state=section)


@get("/promotions/{promotion_id:uuid}", operation_id="get_promotion")
async def get_promotion(who: Staff, promotion_id: UUID) -> PromotionView:
    """Show a promotion."""
    async with who.tx() as tx:
        return await declared.get(tx, promotion=promotion_id)


@put("/promotions/{promotion_id:uuid}", operation_id="put_promotion", opt=MANAGER)
async def put_promotion(who: Staff, promotion_id: UUID, data: PromotionAsked) -> PromotionView:
    """Write a promotion down: a new draft, or another wording."""
    async with who.tx() as tx:
        return await declared.put(tx, promotion=promotion_id, asked=data)


@put("/promotions/{promotion_id:uuid}/state", operation_id="move_promotion", opt=MANAGER)
async def move_promotion(who: Staff, promotion_id: UUID, data: StateAsked) -> PromotionView:
    """Start, pause or end a promotion."""
    async with who.tx() as tx:
        return await declared.move(tx, promotion=promotion_id, what=MOVES[data.state])


@post("/promotion-sentences", operation_id="say_promotion", status_code=200, opt=MANAGER)
async def say_promotion(who: Staff, data: PromotionAsked) -> Sentence:
    """Say a promotion in one sentence, as customers would be told; refuses what makes no sense."""
    check(data)
    return Sentence(*words.sentence(data.promotion(NIL)))


@post("/calculations", operation_id="calculate_price", status_code=200)
async def calculate_price(who: Staff, data: Sum) -> SumView:
    """Reckon a basket for a person, and what a draft would change."""
    async with who.tx() as tx:
        made = await calculator.reckon(tx, asked=data)
        prices = [made.price, *([made.drafted] if made.drafted else [])]
        shown = await pictures.find(tx, (line.picture_id for price in prices for line in price.lines))
    drafted = _price(made.drafted, shown) if made.drafted else None
    return SumView(_price(made.price, shown), made.near, made.coupon_zh, made.coupon_en, drafted, made.at, made.later)


def _price(price: Price, shown: dict[UUID, Picture]) -> SumPrice:
    lines = [
        SumLine(
            line.variant_id, line.product_id, line.title, line.options,
            shown.get(line.picture_id) if line.picture_id else None, line.unit_price_fen, line.quantity,
            line.goods_fen, line.paid_fen, line.gift, line.reasons,
        )
        for line in price.lines
    ]  # fmt: skip
    steps = [SumStep(**msgspec.structs.asdict(reason)) for reason in price.explanation]
    return SumPrice(lines, price.goods_fen, price.discount_fen, price.freight_fen, price.total_fen, steps)


@get("/price-policy", operation_id="get_price_policy")
async def get_price_policy(who: Staff) -> Policy:
    """Say whose price the member's is."""
    async with who.tx() as tx:
        return await standing.policy(tx)


@put("/price-policy", operation_id="put_price_policy", opt=MANAGER)
async def put_price_policy(who: Staff, data: Policy) -> Policy:
    """Say whose price the member's shall be."""
    async with who.tx() as tx:
        return await standing.set_policy(tx, asked=data)


@get("/products/{product_id:uuid}/offers", operation_id="list_offers", opt={"anonymous": True})
async def list_offers(who: Shopper, product_id: UUID) -> Offers:
    """List promotions, flash prices and coupons on a product."""
    async with who.tx() as tx:
        return await offers.of(tx, product=product_id, fan=who.fan_id)


console = [
    list_promotions, get_promotion, put_promotion, move_promotion, say_promotion, calculate_price, get_price_policy,
    put_price_policy,
]  # fmt: skip
store = [list_offers]
