"""Search among 100,000 goods: how long people wait, for what they typed, for suggestions, and for counts of filters."""

import asyncio
import random
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec

from bench import shop as shops
from bench.client import Client
from bench.shop import Shop
from bench.stage import Stage, staged
from tongshang.catalog import stock
from tongshang.catalog.search import lexemes

GOODS, LOOKS, BATCH = 100_000, 600, 2_000
TITLES = """云南 福建 安溪 武夷山 杭州 安徽 黄山 信阳 四川 浙江 潮州 台湾 海南 新疆 内蒙古 东北 五常 阳澄湖 烟台 赣南

龙井 毛尖 普洱茶 铁观音 大红袍 白茶 红茶 绿茶 茉莉花茶 大米 苹果 橙子 牛肉干 奶片 枸杞 红枣 核桃
蜂蜜 菌菇 木耳 火腿 腊肠 挂面 米粉 香油 酱油 豆瓣酱 辣椒酱 月饼 粽子 茶具 紫砂壶 盖碗 公道杯
保温杯 马克杯 帆布包 围裙 手机壳 充电器

特级 一级 有机 明前 雨前 手工 头采 古树 高山 新鲜 野生 精选 传统 非遗 浓香 清香 陈年 无糖 低脂
儿童 家用 便携 商务 复古 限量

礼盒装 罐装 袋装 散装 试饮装 家庭装 套装 50g 100g 250g 500g 1kg 2.5kg 5斤 十斤 12枚 24包 整箱"""
PLACES, KINDS, ADJECTIVES, FORMS = (part.split() for part in TITLES.split("\n\n"))
PRODUCT = """insert into product (merchant_id, id, title, subtitle, category_id, pictures, detail, options, state,
  low_fen, high_fen, sold, tags, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, '', '[]', 'on', $7, $7, $8, $9, $10, $10)"""
VARIANT = """insert into variant (merchant_id, id, product_id, position, options, price_fen, sku_code)
values ($1, $2, $2, 0, '[]', $3, $4)"""
STOCK = "insert into stock (merchant_id, variant_id, on_hand) values ($1, $2, $3)"
CATEGORY = "insert into category (merchant_id, id, name, position) values ($1, $2, $3, $4)"


async def run() -> dict[str, float]:
    """Fill a shop, let the worker find that out and index it, and look for things one after the other."""
    async with staged() as stage:
        shop = await shops.opened(stage)
        await _filled(shop)
        await stage.known()
        indexed = await _indexed(stage)
        await stage.known()
        rng = random.Random(7)
        typed = [_typed(rng) for _ in range(LOOKS)]
        return {
            "search_goods": float(await stage.value("select count(*) from product_search")),
            "search_indexed_per_second": round(GOODS / indexed, 0),
            **await _measure(stage, [f"{shop.path}/search?q={quote(q)}&limit=20" for q in typed], "search"),
            **await _measure(stage, [f"{shop.path}/search/suggestions?q={quote(q[:3])}" for q in typed], "suggest"),
            **await _measure(stage, [f"{shop.path}/search/filters?q={quote(q)}" for q in typed[::5]], "filters"),
        }


async def _indexed(stage: Stage) -> float:
    """Wait until the worker has found everything and made the words; give the seconds it was at it."""
    started, left = time.perf_counter(), GOODS
    while left > 0:
        await asyncio.sleep(0.5)
        left = GOODS - await stage.value("select count(*) from product_search")
        if left > GOODS - 500:
            started = time.perf_counter()
    seconds = time.perf_counter() - started
    while not await stage.value("select count(*) from search_word"):  # noqa: ASYNC110  (another process's work)
        await asyncio.sleep(0.5)
    return seconds


async def _filled(shop: Shop) -> None:
    """Copy goods in, with titles as merchants write them."""
    world, rng = shop.stage.world, random.Random(1)
    async with world.tx(shop.merchant) as tx:
        categories = [tx.new_id() for _ in range(40)]
        await tx.run_many(CATEGORY, [(tx.merchant, one, f"类目{n}", n) for n, one in enumerate(categories)])
    for start in range(0, GOODS, BATCH):
        async with world.tx(shop.merchant) as tx:
            rows = [_row(tx.merchant, UUID(int=rng.getrandbits(128)), rng, categories, tx.now) for _ in range(BATCH)]
            await tx.run_many(PRODUCT, rows)
            await tx.run_many(VARIANT, [(one[0], one[1], one[6], f"SKU-{start + n}") for n, one in enumerate(rows)])
            await stock.changed(tx, products=[])
            await tx.run_many(STOCK, [(one[0], one[1], rng.choice((0, *[9] * 9))) for one in rows])


def _row(
    merchant: UUID, product: UUID, rng: random.Random, categories: Sequence[UUID], now: datetime
) -> tuple[Any, ...]:
    kinds = "".join(rng.sample(KINDS, rng.choice((1, 1, 2))))
    title = f"{rng.choice(PLACES)}{''.join(rng.sample(ADJECTIVES, 2))}{kinds} {rng.choice(FORMS)}"
    sold = int(rng.paretovariate(1)) % 100_000
    return (
        merchant, product, title, f"产地直发 {rng.choice(PLACES)}", rng.choice(categories), [],
        rng.randrange(100, 99_999), sold, rng.sample(ADJECTIVES, rng.choice((0, 1, 2))), now,
    )  # fmt: skip


def _typed(rng: random.Random) -> str:
    """Type something: mostly two or three characters, often a longer wish, pinyin, initials, a misspelt or vain one."""
    kind, adjective, place = rng.choice(KINDS), rng.choice(ADJECTIVES), rng.choice(PLACES)
    spelled = lexemes.spoken(adjective + kind)[0]
    ways = [
        kind, kind, f"{adjective}{kind}", f"{place}{kind}", f"{place} {adjective} {kind}", f"{kind}{rng.choice(FORMS)}",
        adjective, *lexemes.spoken(kind), spelled, kind[0], f"SKU-{rng.randrange(GOODS)}", f"{kind}飞机",
    ]  # fmt: skip
    return rng.choice(ways)


async def _measure(stage: Stage, paths: Sequence[str], name: str) -> dict[str, float]:
    """Ask one thing after the other; what the first ten took is not counted, as every connection begins cold."""
    took: list[float] = []
    before = stage.spent()
    async with Client(stage.port) as client:
        for path in paths:
            started = time.perf_counter()
            status, body = await client.send("GET", path)
            took.append((time.perf_counter() - started) * 1000)
            assert status == 200, (path, body)
            msgspec.json.decode(body)
    spent = stage.spent() - before
    took = sorted(took[10:])
    return {
        f"{name}_p50_ms": round(took[len(took) // 2], 2),
        f"{name}_p95_ms": round(took[len(took) * 95 // 100], 2),
        f"{name}_p99_ms": round(took[len(took) * 99 // 100], 2),
        f"{name}_cpu_ms": round(spent.platform / len(paths) * 1000, 2),
    }
