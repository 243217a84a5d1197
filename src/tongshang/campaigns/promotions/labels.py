"""What lists and pages of goods have to know of promotions before anything else is asked: flash prices, members'.

It comes with the shop's first page, so that a card or a page shows its price and its countdown from the start.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.campaigns.promotions import standing
from tongshang.campaigns.promotions.declared import standing as standing_of
from tongshang.campaigns.promotions.offers import FORESEEN, FlashPrice, until
from tongshang.platform.db import Tx
from tongshang.platform.ids import NIL
from tongshang.trade.prices.rules import Kind

MOST = 100
PRODUCTS = "select id, product_id from variant where merchant_id = $1 and id = any($2) and not gone"
COUPONS = "select exists(select 1 from coupon where merchant_id = $1 and state = 'on')"


class FlashLabel(FlashPrice, frozen=True, kw_only=True):
    """A flash price, and of which product."""

    product_id: UUID


class Deals(msgspec.Struct, frozen=True):
    """Flash prices that run or will soon, whether there are members' prices, and whether there is more to ask for."""

    flash: list[FlashLabel]
    members: bool
    more: bool
    now: datetime


class _Variant(msgspec.Struct, frozen=True):
    id: UUID
    product_id: UUID


class DealsOnBoot:
    """Fills the storefront's BOOT_PARTS seam: what is on."""

    async def of(self, tx: Tx) -> dict[str, Any]:
        """Say it."""
        return {"deals": await deals(tx)}


async def deals(tx: Tx) -> Deals:
    """Say what is on, the same for every visitor."""
    known = await standing.read(tx)
    found = []
    for promotion in known.promotions:
        state = standing_of("on", promotion, tx.now)
        soon = state == "soon" and promotion.starts_at is not None and promotion.starts_at - tx.now <= FORESEEN
        everybodys = not promotion.members_only and not promotion.audience
        if promotion.kind == Kind.FLASH and everybodys and (state == "running" or soon):
            found += [(promotion, special, soon) for special in promotion.specials]
    more = bool(known.promotions) or bool(await tx.value(COUPONS, tx.merchant))
    members = known.policy.members != "nobody"
    if not found:
        return Deals([], members, more, tx.now)
    wanted = [special.variant_id for _, special, _ in found[:MOST]]
    of = {one.id: one.product_id for one in await tx.all(_Variant, PRODUCTS, tx.merchant, wanted)}
    counted = await standing.personal(tx, promotions=known.promotions, fans=[NIL])
    left = counted.get(NIL, standing.Personal())
    flash = [
        FlashLabel(
            special.variant_id, special.price_fen, left.pieces.get((promotion.id, special.variant_id)),
            special.per_person, soon, promotion.starts_at, until(promotion, tx.now), product_id=of[special.variant_id],
        )
        for promotion, special, soon in found[:MOST]
        if special.variant_id in of and (soon or left.pieces.get((promotion.id, special.variant_id), 1) > 0)
    ]  # fmt: skip
    return Deals(flash, members, more, tx.now)
