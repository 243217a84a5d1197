"""Coupons as trade sees them: what one could use on a basket, what it takes off, and claiming it for an order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import Coupon, NotUsable, Piece
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.money import yuan
from tongshang.trade.model import BasketLine
from tongshang.trade.pricing import Benefit
from tongshang.trade.seams import Claim, Offer


class CouponBenefits:
    """Fills trade's BENEFITS seam."""

    async def offers(self, tx: Tx, fan_id: UUID, lines: Sequence[BasketLine]) -> list[Offer]:
        """List somebody's unused coupons on a basket, most off first, unusable ones with the reason last."""
        goods = sum(line.goods_fen for line in lines)
        found = [_offer(tx, piece, goods) for piece in await coupons.pieces(tx, fan=fan_id) if piece.state == "unused"]
        return sorted(found, key=lambda offer: (not offer.usable, -offer.minus_fen, offer.expires_at))

    async def benefit(self, tx: Tx, claim: Claim) -> Benefit:
        """Say what a coupon takes off, or refuse with the reason."""
        piece = await coupons.piece(tx, fan=claim.fan_id, piece=claim.coupon_id)
        if piece.state != "unused" and piece.order_id != claim.order_id:
            raise NotUsable(why="it is in use", why_zh="已被使用")
        offer = _offer(tx, piece, claim.goods_fen)
        if not offer.usable:
            raise NotUsable(why=offer.why_en, why_zh=offer.why_zh)
        return Benefit("coupon", f"优惠券：{piece.name}", f"Coupon: {piece.name}", piece.minus_fen)

    async def claim(self, tx: Tx, claims: Sequence[Claim]) -> dict[UUID, Refused]:
        """Hold the coupons of orders being placed; one piece goes to one order."""
        missed: dict[UUID, Refused] = {}
        for one in sorted(claims, key=lambda claim: claim.coupon_id):
            if not await coupons.hold(tx, fan=one.fan_id, piece=one.coupon_id, order=one.order_id):
                missed[one.order_id] = NotUsable(why="it is in use", why_zh="已被使用")
        return missed

    async def give_back(self, tx: Tx, orders: Sequence[UUID]) -> None:
        """Undo the holds of orders that were not placed after all."""
        await coupons.give_back(tx, orders=list(orders))


def _offer(tx: Tx, piece: Piece, goods_fen: int) -> Offer:
    zh = en = ""
    if piece.expires_at <= tx.now:
        zh, en = "已过期", "it has expired"
    elif goods_fen < piece.min_spend_fen:
        short = yuan(piece.min_spend_fen - goods_fen)
        zh, en = f"还差 {short} 元可用", f"spend {short} yuan more"
    return Offer(
        piece.id, piece.name, piece.minus_fen, piece.min_spend_fen, piece.expires_at.isoformat(), not zh, zh, en
    )


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
        "min_spend_fen": coupon.min_spend_fen,
        "valid_days": coupon.valid_days,
        "left": coupon.total - coupon.claimed,
        "per_person": coupon.per_person,
        "mine": mine,
    }
