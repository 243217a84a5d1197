"""What a shop with promotions has on: three of them on every order, and a few coupons in every hand."""

from bench.shop import Shop
from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import CouponAsked
from tongshang.campaigns.promotions import declared as promotions
from tongshang.campaigns.promotions.model import PromotionAsked
from tongshang.trade.prices.rules import Kind, Step

PIECES = 10
TOGETHER = ("promotions", "coupons", "member")
THREE = (
    PromotionAsked(kind=Kind.PERCENT, name="九五折", steps=[Step(percent=95)], stacks_with=TOGETHER),
    PromotionAsked(
        kind=Kind.FULL, name="满减", steps=[Step(min_fen=100, minus_fen=1)], stacks_with=TOGETHER, per_person=10_000
    ),
    PromotionAsked(kind=Kind.FREE_FREIGHT, name="包邮", steps=[Step(min_fen=100)], stacks_with=TOGETHER),
)


async def declared(shop: Shop) -> None:
    """Put three promotions on, one of them counted per person, and give every buyer coupons."""
    world = shop.stage.world
    async with world.tx(shop.merchant) as tx:
        for asked in THREE:
            promotion = tx.new_id()
            await promotions.put(tx, promotion=promotion, asked=asked)
            await promotions.move(tx, promotion=promotion, what="start")
        coupon = tx.new_id()
        offer = CouponAsked(name="减一角", minus_fen=10, min_spend_fen=100, total=1_000_000, per_person=PIECES)
        await coupons.put(tx, coupon=coupon, asked=offer)
    for buyer in shop.buyers:
        async with world.tx(shop.merchant) as tx:
            for _ in range(PIECES):
                await coupons.claim(tx, coupon=coupon, fan=buyer.fan)
