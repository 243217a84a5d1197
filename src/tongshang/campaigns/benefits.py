"""Promotions and coupons as trade sees them: what bears on a basket, what is in hand, and claiming it for an order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import Coupon, Piece
from tongshang.campaigns.promotions import claims as uses
from tongshang.campaigns.promotions import standing
from tongshang.campaigns.promotions.standing import Personal
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound, Refused
from tongshang.trade.prices.coupons import NotUsable
from tongshang.trade.prices.rules import Rules
from tongshang.trade.seams import Ask, Claim, Held, Missed

USED = NotUsable(why="it is in use", why_zh="已被使用")


class CampaignBenefits:
    """Fills trade's BENEFITS seam."""

    async def rules(self, tx: Tx, asks: Sequence[Ask]) -> list[Rules | Refused]:
        """Say what bears on baskets; a coupon that is not there to be used is refused."""
        known = await standing.read(tx)
        fans = list({ask.fan_id for ask in asks})
        members = await standing.members(tx, standing=known, fans=fans)
        personal = await standing.personal(tx, promotions=known.promotions, fans=fans)
        outside = await standing.outside(tx, promotions=known.promotions, fans=fans)
        goods = await standing.goods(tx, standing=known)
        pieces = await coupons.some(tx, pieces=[ask.coupon_id for ask in asks if ask.coupon_id is not None])
        made: list[Rules | Refused] = []
        for ask in asks:
            mine = personal.get(ask.fan_id, Personal())
            closed = mine.closed | outside.get(ask.fan_id, frozenset())
            coupon = None
            if ask.coupon_id is not None:
                piece = pieces.get(ask.coupon_id)
                if refusal := _refusal(tx, ask, piece):
                    made.append(refusal)
                    continue
                coupon = piece.rule() if piece is not None else None
            made.append(Rules(
                promotions=known.promotions, coupon=coupon, addons=ask.addons, member=ask.fan_id in members,
                moment=tx.now, goods=goods, closed=closed, pieces=mine.pieces,
            ))  # fmt: skip
        return made

    async def held(self, tx: Tx, fans: Sequence[UUID]) -> dict[UUID, list[Held]]:
        """List the coupons that each of these people could use, first to expire first."""
        held: dict[UUID, list[Held]] = {}
        for piece in await coupons.unused(tx, fans=fans):
            if piece.expires_at > tx.now:
                held.setdefault(piece.fan_id, []).append(Held(piece.rule(), piece.expires_at))
        return held

    def claims(self, claims: Sequence[Claim]) -> dict[str, list[dict[str, Any]]]:
        """Say claims as app.claim_benefits takes them: coupons first, then promotions, in one order of locks."""
        return {
            "coupons": [
                {"nth": nth, "order_id": one.order_id, "fan_id": one.fan_id, "piece_id": one.coupon_id}
                for nth, one in enumerate(claims)
                if one.coupon_id is not None
            ],
            "promotions": uses.rows(claims),
        }

    async def missed(self, tx: Tx, missed: Sequence[Missed]) -> dict[UUID, Refused]:
        """Say in words what orders did not get."""
        held = {one.order_id: USED for one in missed if one.why == "coupon"}
        return held | await uses.missed(tx, [one for one in missed if one.promotion_id is not None])


def _refusal(tx: Tx, ask: Ask, piece: Piece | None) -> Refused | None:
    """Say why a coupon is not there to be used, if it is not."""
    if piece is None or piece.fan_id != ask.fan_id:
        return NotFound()
    if piece.state != "unused" and piece.order_id != ask.order_id:
        return USED
    if piece.expires_at <= tx.now:
        return NotUsable(why="it has expired", why_zh="已过期")
    return None


class CouponShelf:
    """Fills the storefront's COUPON_CARDS seam: coupons on a page, with how many the visitor has of each."""

    async def cards(self, tx: Tx, ids: list[UUID], fan: UUID | None) -> dict[str, Any]:
        """Show the named coupons that can be taken, by id."""
        mine: dict[UUID, int] = {}
        for piece in await coupons.pieces(tx, fan=fan) if fan else []:
            mine[piece.coupon_id] = mine.get(piece.coupon_id, 0) + 1
        offered = [one for one in await coupons.listed(tx) if one.id in ids and one.state == "on"]
        return {str(one.id): _card(one, mine.get(one.id, 0)) for one in offered}


def _card(coupon: Coupon, mine: int) -> dict[str, Any]:
    return {
        "id": coupon.id,
        "name": coupon.name,
        "minus_fen": coupon.minus_fen,
        "percent": coupon.percent,
        "min_spend_fen": coupon.min_spend_fen,
        "valid_days": coupon.valid_days,
        "left": coupon.total - coupon.claimed,
        "per_person": coupon.per_person,
        "mine": mine,
    }
