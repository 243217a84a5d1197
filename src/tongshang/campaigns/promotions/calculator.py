"""The merchant's calculator: what a basket costs a person and why, and what a draft would change about it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.campaigns import coupons
from tongshang.campaigns.promotions import declared, standing
from tongshang.campaigns.promotions.model import PromotionAsked, check
from tongshang.campaigns.promotions.standing import Personal, Standing
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound
from tongshang.platform.ids import NIL
from tongshang.trade import carts, quotes
from tongshang.trade.carts import Want
from tongshang.trade.freights import templates
from tongshang.trade.model import BasketLine, Delivery, Price
from tongshang.trade.prices import coupons as coupon_prices
from tongshang.trade.prices import engine, times
from tongshang.trade.prices.near import Near, near
from tongshang.trade.prices.rules import Addon, Coupon, Promotion, Rules
from tongshang.trade.prices.sent import Sent

MOST_LINES = 50


class Some(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many of a variant."""

    variant_id: UUID
    quantity: int = 1


class Sum(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A basket to be reckoned; `member` None: as the person is; true also for the groups that promotions are for.

    `draft` is a promotion as it could be. Without `at` a draft is tried at the next moment at which it would run.
    """

    lines: list[Some]
    fan_id: UUID | None = None
    member: bool | None = None
    coupon_id: UUID | None = None
    addons: list[Addon] = []
    delivery: Delivery = Delivery.EXPRESS
    region: list[str] = []
    at: datetime | None = None
    draft: PromotionAsked | None = None
    draft_id: UUID | None = None


class Result(msgspec.Struct, frozen=True):
    """What it costs now; with the draft, too, when there is one. `coupon` says why the coupon does nothing.

    `at` is the moment it was reckoned for, `later` whether that is not now but when the draft would run.
    """

    price: Price
    near: list[Near]
    coupon_zh: str
    coupon_en: str
    drafted: Price | None
    at: datetime
    later: bool


async def reckon(tx: Tx, *, asked: Sum) -> Result:
    """Reckon a basket as the shop would now, or at another moment."""
    draft = _draft(asked)
    runs = None if draft is None or asked.at else times.opens(draft, tx.now)
    moment = asked.at or runs or tx.now
    asked = msgspec.structs.replace(asked, at=moment)
    lines = await _basket(tx, asked.lines)
    rates = quotes.rates_of(Sent(await templates.rates(tx)), asked.delivery, asked.region or None)
    known = await standing.read(tx)
    rules = await _rules(tx, asked, known)
    price = engine.price(lines, rules=rules, rates=rates)
    zh, en = "", ""
    if rules.coupon is not None and not price.coupon_used:
        zh, en = coupon_prices.why_not(rules.coupon, lines, rules)
    drafted = None
    if draft is not None:
        drafted = engine.price(lines, rules=await _with_draft(tx, asked, draft, rules), rates=rates)
    return Result(price, near(lines, rules, rates), zh, en, drafted, moment, bool(runs and runs > tx.now))


def _draft(asked: Sum) -> Promotion | None:
    if asked.draft is None:
        return None
    check(asked.draft)
    return asked.draft.promotion(asked.draft_id or NIL)


async def _basket(tx: Tx, wanted: Sequence[Some]) -> list[BasketLine]:
    if not 1 <= len(wanted) <= MOST_LINES:
        raise Invalid(field="lines", problem=f"1-{MOST_LINES}")
    if len({one.variant_id for one in wanted}) != len(wanted):
        raise Invalid(field="lines", problem="distinct")
    if any(not 1 <= one.quantity <= 999 for one in wanted):
        raise Invalid(field="quantity", problem="1-999")
    found = await carts.baskets(tx, wants=[Want(NIL, one.variant_id, one.quantity) for one in wanted])
    if any(not lines for lines in found):
        raise NotFound
    return [line for lines in found for line in lines]


async def _rules(tx: Tx, asked: Sum, known: Standing) -> Rules:
    fans = [asked.fan_id] if asked.fan_id is not None else []
    member = asked.member
    if member is None:
        member = bool(fans) and bool(await standing.members(tx, standing=known, fans=fans))
    personal = await standing.personal(tx, promotions=known.promotions, fans=fans or [NIL])
    mine = personal.get(fans[0] if fans else NIL, Personal())
    coupon: Coupon | None = None
    if asked.coupon_id is not None:
        coupon = coupons.rule_of(await coupons.get(tx, coupon=asked.coupon_id))
    return Rules(
        promotions=known.promotions, coupon=coupon, addons=asked.addons, member=member, moment=asked.at or tx.now,
        goods=await standing.goods(tx, standing=known), pieces=mine.pieces,
        closed=mine.closed | await _outside(tx, asked, known.promotions),
    )  # fmt: skip


async def _outside(tx: Tx, asked: Sum, promotions: Sequence[Promotion]) -> frozenset[UUID]:
    """Say which promotions are for groups the person is not of; somebody is of all, or of none, as `member` says."""
    if asked.fan_id is None and asked.member:
        return frozenset()
    fan = asked.fan_id or NIL
    return (await standing.outside(tx, promotions=promotions, fans=[fan])).get(fan, frozenset())


async def _with_draft(tx: Tx, asked: Sum, draft: Promotion, rules: Rules) -> Rules:
    """Put a draft among what is on, in place of itself where it is on already."""
    others = [one for one in rules.promotions if one.id != draft.id]
    goods = await standing.goods_of(tx, variants=declared.named(draft))
    closed = rules.closed - {draft.id} | await _outside(tx, asked, [draft])
    return msgspec.structs.replace(rules, promotions=[*others, draft], goods={**rules.goods, **goods}, closed=closed)
