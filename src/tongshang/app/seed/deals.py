"""What the demo's shops have on: a reduction for everybody, a percent coupon, and a draft to try in the calculator."""

from collections.abc import Sequence
from uuid import UUID

from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import CouponAsked
from tongshang.campaigns.promotions import declared
from tongshang.campaigns.promotions.model import PromotionAsked
from tongshang.platform.world import World
from tongshang.trade.prices.rules import Kind, Step

ON = PromotionAsked(
    kind=Kind.FULL, name="满额立减",
    steps=[Step(min_fen=20_000, minus_fen=2_000), Step(min_fen=40_000, minus_fen=5_000)],
)  # fmt: skip
DRAFT = PromotionAsked(kind=Kind.NTH, name="第二件半价", pieces=2, percent=50, stacks_with=())
FOLD = CouponAsked(
    name="九折券", kind="percent", percent=90, minus_fen=3_000, min_spend_fen=10_000, total=500, valid_days=60
)


async def declare(world: World, merchants: Sequence[UUID]) -> None:
    """Declare it for these shops."""
    for merchant in merchants:
        async with world.tx(merchant) as tx:
            on, draft = tx.new_id(), tx.new_id()
            await declared.put(tx, promotion=on, asked=ON)
            await declared.move(tx, promotion=on, what="start")
            await declared.put(tx, promotion=draft, asked=DRAFT)
            await coupons.put(tx, coupon=tx.new_id(), asked=FOLD)
