"""A shop to measure: built through the public verbs, with goods, logged-in customers and a way to pay."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bench.stage import Stage
from make.shops import png
from tongshang.app.seed import build
from tongshang.app.seed.build import Built
from tongshang.app.seed.goods import SHOPS
from tongshang.catalog import products
from tongshang.catalog.model import Axis, ProductAsked, VariantAsked
from tongshang.fans import consents, people, sessions
from tongshang.media import files
from tongshang.trade import addresses
from tongshang.trade.addresses import Address

WORDS = "采自海拔八百米以上的核心产区，清明前后单芽手工采摘，传统炭火慢焙，汤色清亮，回甘持久。"


@dataclass
class Buyer:
    """Somebody logged in: who he is at the simulator, his session, and where he lives."""

    name: str
    fan: UUID
    token: str
    address: UUID


@dataclass
class Shop:
    """The shop: its merchant, and (product, variants) of what it sells."""

    stage: Stage
    built: Built
    goods: list[tuple[UUID, list[UUID]]] = field(default_factory=list)
    buyers: list[Buyer] = field(default_factory=list)

    @property
    def merchant(self) -> UUID:
        """Give the merchant."""
        return self.built.merchant

    @property
    def path(self) -> str:
        """Give where the store's API is."""
        return f"/api/store/{self.built.shop.slug}"


async def opened(stage: Stage) -> Shop:
    """Open a shop: authorized, with a pay account, as the demo's is."""
    await build.component(stage.world, stage.box)
    await stage.box.call("POST", "/settle")
    passwords = {f"tea{end}": "bench-only-1234" for end in ("", "-clerk", "-shop")}
    return Shop(stage, *await build.merchants(stage.world, stage.box, SHOPS[:1], passwords))


async def stocked(shop: Shop, *, count: int, stock: int = 1_000_000, variants: int = 4, **more: Any) -> None:
    """Put products on the shelf, each with several variants, pictures and a description of a real one's length."""
    world = shop.stage.world
    pictures = [await files.keep(world, shop.merchant, data=png(colour), name="p.png") for colour in ("#2a6", "#a62")]
    for number in range(count):
        async with world.tx(shop.merchant) as tx:
            product, ids = tx.new_id(), [tx.new_id() for _ in range(variants)]
            values = [f"{50 * (n + 1)}g" for n in range(variants)]
            rows = [
                VariantAsked(id=one, options=[value], price_fen=3_900 + 100 * n, stock=stock, sku_code=f"B{number}-{n}")
                for n, (one, value) in enumerate(zip(ids, values, strict=True))
            ]
            asked = ProductAsked(
                title=f"明前龙井 {number:04d}", subtitle="核心产区，手工炒制", pictures=[one.id for one in pictures],
                detail=WORDS * 6, options=[Axis("净含量", values)], variants=rows, state="on", **more,
            )  # fmt: skip
            await products.put(tx, product=product, asked=asked)
        shop.goods.append((product, ids))


async def peopled(shop: Shop, count: int, *, payers: bool = True) -> None:
    """Let people log in, agree to the privacy text and keep an address."""
    for start in range(0, count, 20):
        names = [f"buyer{number:04d}" for number in range(start, min(count, start + 20))]
        shop.buyers += await asyncio.gather(*(_buyer(shop, name, payers) for name in names))


async def _buyer(shop: Shop, name: str, payers: bool) -> Buyer:
    box, appid = shop.stage.box, shop.built.appid
    openid = f"o{name:0>27}"
    if payers:
        await box.call("POST", "/people", {"name": name, "nickname": name})
        openid = (await box.act(name, "payer", appid=appid))["openid"]
    async with shop.stage.world.tx(shop.merchant) as tx:
        fan = await people.enter(tx, appid=appid, openid=openid, unionid=None, nickname=name, avatar=None)
        token = await sessions.give(tx, fan_id=fan.id)
        await consents.record(tx, fan_id=fan.id, version=(await consents.privacy(tx)).version, accepted=True)
        place = ["浙江省", "杭州市", "西湖区"]
        row = Address(tx.new_id(), fan.id, "张三", "13800000000", place, "龙井路 1 号", True, tx.now)
        await addresses.put(tx, address=row)
    return Buyer(name, fan.id, token, row.id)
