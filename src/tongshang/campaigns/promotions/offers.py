"""What a visitor sees of promotions and coupons on a product's page, and when a flash price begins and ends."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from tongshang.campaigns import coupons
from tongshang.campaigns.promotions import standing
from tongshang.campaigns.promotions.declared import standing as standing_of
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound
from tongshang.platform.ids import NIL
from tongshang.trade.model import BasketLine
from tongshang.trade.prices import times, words
from tongshang.trade.prices.rules import PRICED, Kind, Promotion

FORESEEN = timedelta(days=3)
"""How long before it begins a promotion is announced."""
PRODUCT = """select id, title, category_id, tags,
  array(select v.id from variant v where v.merchant_id = $1 and v.product_id = $2 and not v.gone) as variants
from product where merchant_id = $1 and id = $2 and state = 'on'"""


class Tag(msgspec.Struct, frozen=True):
    """A promotion on a product's page."""

    id: UUID
    kind: str
    kind_zh: str
    kind_en: str
    zh: str
    en: str
    soon: bool
    members_only: bool
    starts_at: datetime | None
    ends_at: datetime | None


class FlashPrice(msgspec.Struct, frozen=True):
    """A variant in a flash sale that runs, or is about to; `left` None: as long as there is stock."""

    variant_id: UUID
    price_fen: int
    left: int | None
    per_person: int | None
    soon: bool
    starts_at: datetime | None
    ends_at: datetime | None


class OfferedCoupon(msgspec.Struct, frozen=True):
    """A coupon that can be taken for this product."""

    id: UUID
    name: str
    zh: str
    en: str
    left: int
    mine: int
    per_person: int


class Offers(msgspec.Struct, frozen=True):
    """What there is on a product."""

    promotions: list[Tag]
    flash: list[FlashPrice]
    coupons: list[OfferedCoupon]
    now: datetime


class _Product(msgspec.Struct, frozen=True):
    id: UUID
    title: str
    category_id: UUID | None
    tags: list[str]
    variants: list[UUID]


async def of(tx: Tx, *, product: UUID, fan: UUID | None) -> Offers:
    """List what there is on a product, for a visitor."""
    found = await tx.first(_Product, PRODUCT, tx.merchant, product)
    if found is None:
        raise NotFound
    line = BasketLine(
        variant_id=NIL, product_id=found.id, title=found.title, options=[], picture_id=None, unit_price_fen=1,
        quantity=1, left=1, on_shelf=True, category_id=found.category_id, tags=found.tags,
    )  # fmt: skip
    known = await standing.read(tx)
    tags, flash = [], []
    me = fan or NIL
    mine = (await standing.personal(tx, promotions=known.promotions, fans=[me])).get(me, standing.Personal())
    outside = (await standing.outside(tx, promotions=known.promotions, fans=[me])).get(me, frozenset())
    member = bool(await standing.members(tx, standing=known, fans=[me]))
    for promotion in known.promotions:
        state = standing_of("on", promotion, tx.now)
        soon = state == "soon" and promotion.starts_at is not None and promotion.starts_at - tx.now <= FORESEEN
        if promotion.id in mine.closed | outside or not (state == "running" or soon):
            continue
        if promotion.kind in PRICED and promotion.members_only and not member:
            continue  # a price that is shown is the price that will be charged
        if promotion.kind == Kind.FLASH:
            flash += _flash(promotion, found, mine, soon, tx.now)
        elif promotion.kind == Kind.GROUP:
            tags += _own_price(promotion, found, soon, tx.now)
        elif promotion.scope.covers(line):
            tags.append(_tag(promotion, soon, tx.now, words.terms(promotion)))
    return Offers(tags, flash, await _coupons(tx, line, fan), tx.now)


def _own_price(promotion: Promotion, product: _Product, soon: bool, now: datetime) -> list[Tag]:
    """Tell of what a group pays for a product, if it has a price of its own there."""
    mine = [one.price_fen for one in promotion.specials if one.variant_id in product.variants]
    return [_tag(promotion, soon, now, words.from_price(promotion.kind, min(mine)))] if mine else []


def until(promotion: Promotion, now: datetime) -> datetime | None:
    """Say when it ends for now, as countdowns tell it: with its days, or with these hours of the week."""
    return times.closes(promotion, now) if promotion.open_at(now) else promotion.ends_at


def _tag(promotion: Promotion, soon: bool, now: datetime, said: words.Pair) -> Tag:
    zh, en = said
    kind_zh, kind_en = words.NAMES[promotion.kind]
    return Tag(
        promotion.id, promotion.kind, kind_zh, kind_en, zh, en, soon, promotion.members_only, promotion.starts_at,
        until(promotion, now),
    )  # fmt: skip


def _flash(
    promotion: Promotion, product: _Product, mine: standing.Personal, soon: bool, now: datetime
) -> list[FlashPrice]:
    return [
        FlashPrice(
            special.variant_id, special.price_fen, left, special.per_person, soon, promotion.starts_at,
            until(promotion, now),
        )
        for special in promotion.specials
        if special.variant_id in product.variants
        and ((left := mine.pieces.get((promotion.id, special.variant_id))) is None or left > 0 or soon)
    ]  # fmt: skip


async def _coupons(tx: Tx, line: BasketLine, fan: UUID | None) -> list[OfferedCoupon]:
    offered = [
        one
        for one in await coupons.listed(tx)
        if one.state == "on" and one.claimed < one.total and coupons.claimable(one, tx.now) and one.scope.covers(line)
    ]
    mine: dict[UUID, int] = {}
    for piece in await coupons.pieces(tx, fan=fan) if fan and offered else []:
        mine[piece.coupon_id] = mine.get(piece.coupon_id, 0) + 1
    return [
        OfferedCoupon(
            one.id, one.name, *words.coupon_terms(coupons.rule_of(one)), one.total - one.claimed, mine.get(one.id, 0),
            one.per_person,
        )
        for one in offered[:20]
    ]  # fmt: skip
