"""What the demo's shops offer in their last two weeks: goods sold ahead, delivery by the shop, amounts to pay ahead."""

import asyncio
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tongshang.app.seed import draw
from tongshang.app.seed.build import known_id
from tongshang.catalog import products
from tongshang.catalog.model import ProductAsked, VariantAsked
from tongshang.media import files
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.world import World
from tongshang.trade.freights import local
from tongshang.trade.freights.model import Local
from tongshang.wallet import offers
from tongshang.wallet.offers import OfferAsked


class Ahead(NamedTuple):
    """Goods sold ahead: what they cost, what is paid at once, and in how many days from the end the rest is, and goes."""

    title: str
    subtitle: str
    shape: str
    colour: str
    fen: int
    deposit_fen: int
    opens: float
    closes: float
    ships: int


PRESALES = (
    Ahead(
        "头采龙井 250g（预售）", "开园第一锅，限量三百罐，先付定金锁定", "leaf", "#5b9b4c", 68_800, 10_000, -1.5, 3, 12
    ),
    Ahead("春茶四季礼盒（预售）", "四款新茶合装，节前统一发货", "box", "#c05621", 39_900, 5_000, 6, 10, 20),
)
OFFERS = ((20_000, 1_000), (50_000, 4_000), (10_000, 0))
WINDOWS = ["中午 11:00–13:00", "傍晚 17:00–19:00"]
LOCAL = {
    "tea": Local(enabled=True, regions=["330106"], fee_fen=600, minimum_fen=5_000, free_over_fen=20_000, windows=WINDOWS),
    "dining": Local(enabled=True, regions=["420103"], fee_fen=300, minimum_fen=2_000, free_over_fen=6_000, windows=WINDOWS),
}  # fmt: skip


async def offer(world: World, merchant: UUID, slug: str, *, end: datetime) -> None:
    """Put it all on offer."""
    if slug == "tea":
        for one in PRESALES:
            await _sell_ahead(world, merchant, one, end)
    async with world.tx(merchant) as tx:
        if slug in LOCAL:
            await local.put(tx, local=LOCAL[slug])
        for pay_fen, bonus_fen in OFFERS if slug != "dining" else ():
            await offers.put(tx, offer=known_id("offer", slug, pay_fen), asked=OfferAsked(pay_fen, bonus_fen))


async def _sell_ahead(world: World, merchant: UUID, one: Ahead, end: datetime) -> None:
    drawn = await asyncio.to_thread(draw.product, one.shape, one.colour, turn=3)
    picture = await files.keep(world, merchant, data=drawn, name=f"{one.title}.png")
    hour = end.replace(minute=0, second=0, microsecond=0)
    terms = {
        "deposit_fen": one.deposit_fen,
        "balance_from": (hour + timedelta(days=one.opens)).isoformat(),
        "balance_until": (hour + timedelta(days=one.closes)).isoformat(),
        "ships_by": (end + timedelta(days=one.ships)).astimezone(SHANGHAI).date().isoformat(),
    }
    variant = VariantAsked(id=known_id("presale", one.title), price_fen=one.fen, stock=300)
    asked = ProductAsked(
        title=one.title, subtitle=one.subtitle, category_id=known_id("category", "tea", "礼盒"), pictures=[picture.id],
        detail=one.subtitle, variants=[variant], state="on", terms={"presale": terms},
    )  # fmt: skip
    async with world.tx(merchant) as tx:
        await products.put(tx, product=known_id("presale product", one.title), asked=asked)
