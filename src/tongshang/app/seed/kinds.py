"""One of every other kind of goods in the demo: a ticket, a service, codes, a bundle. Data, and writing it down."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import UUID

from tongshang.app.seed import draw
from tongshang.catalog import categories, products
from tongshang.catalog.kinds import codes
from tongshang.catalog.model import ProductAsked, VariantAsked
from tongshang.platform.world import World

Naming = Callable[..., UUID]
Keeping = Callable[[World, UUID, bytes, str], Awaitable[UUID]]
CODES = 40


class Special(NamedTuple):
    """Goods that are no parcel: whose, of what kind, what it is called, what it looks like, costs and promises."""

    slug: str
    kind: str
    title: str
    subtitle: str
    shape: str
    colour: str
    fen: int
    stock: int | None
    terms: dict[str, Any]


CATEGORY = "卡券与套装"
SPECIALS = (
    Special("tea", "ticket", "茶园采茶一日体验", "含采茶、炒茶与午餐，周一休园", "ticket", "#6aa84f", 29_800, 60,
            {"days": 90, "closed_weekdays": [1], "refund": "anytime", "note": "请提前一天电话预约，出示券码入园。"}),
    Special("tea", "virtual", "茶友会线上课·半年卡", "付款后发兑换码，在公众号里兑换", "tin", "#2f7d4f", 9_900, None,
            {"note": "在公众号回复“兑换”，按提示填写兑换码。"}),
    Special("tea", "bundle", "初饮套装：龙井与盖碗", "一罐龙井配一只盖碗，合买更省", "box", "#b7791f", 21_800, None, {}),
    Special("dining", "ticket", "早餐十次卡", "面、粉、豆浆任选一份，十次", "ticket", "#c2410c", 9_900, 200,
            {"days": 180, "uses": 10, "closed_hours": [["11:00", "21:00"]], "note": "每日 11:00 前可用，每次核销一份。"}),
    Special("beauty", "service", "皮肤检测与基础护理", "到店 40 分钟，含检测报告", "ticket", "#be3a6b", 8_800, None,
            {"days": 60, "unlimited": True, "refund": "anytime", "note": "到店出示核销码，建议提前预约。"}),
)  # fmt: skip


async def stock_up(world: World, merchant: UUID, slug: str, *, known: Naming, keep: Keeping) -> None:
    """Put a shop's special goods on the shelf; `known` names ids, `keep` keeps pictures."""
    mine = [one for one in SPECIALS if one.slug == slug]
    drawn = await asyncio.gather(*(asyncio.to_thread(draw.product, one.shape, one.colour, turn=4) for one in mine))
    pictures = [await keep(world, merchant, data, f"{one.title}.png") for one, data in zip(mine, drawn, strict=True)]
    async with world.tx(merchant) as tx:
        category = known("category", slug, CATEGORY)
        await categories.put(tx, category=category, name=CATEGORY, position=50)
        for one, picture in zip(mine, pictures, strict=True):
            terms = one.terms
            if one.kind == "bundle":  # a tin of the first goods, and the first of the cups
                parts = [known("variant", slug, number, 0) for number in (0, 7)]
                terms = {"parts": [{"variant_id": str(part), "quantity": 1} for part in parts]}
            variant = VariantAsked(id=known("special", slug, one.kind), price_fen=one.fen, stock=one.stock)
            asked = ProductAsked(
                title=one.title, subtitle=one.subtitle, category_id=category, pictures=[picture], detail=one.subtitle,
                variants=[variant], state="on", kind=one.kind, terms=terms,  # type: ignore[arg-type]
            )  # fmt: skip
            await products.put(tx, product=known("special product", slug, one.kind), asked=asked)
            if one.kind == "virtual":
                given = [f"CY-{tx.rng.randrange(10**12):012d}" for _ in range(CODES)]
                await codes.add(tx, variant=variant.id, codes=given)
