"""The coupon that comes with a welcome: claimed for the fan, and said in a sentence."""

from uuid import UUID

from tongshang.campaigns import coupons
from tongshang.platform.db import Tx
from tongshang.trade.prices import words


async def give_coupon(tx: Tx, fan: UUID, coupon: UUID) -> str:
    """Claim a piece for a fan and say so; refuses when all are gone or the fan has enough."""
    piece = await coupons.claim(tx, coupon=coupon, fan=fan)
    terms, _ = words.coupon_terms(piece.rule())
    return f"送您一张优惠券「{piece.name}」：{terms}，已放入您的账户。"
