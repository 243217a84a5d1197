"""Product pages and lists: how many, at what cost, and as fresh as the row in the database."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import msgspec

from bench import shop as shops
from bench.client import Client
from bench.cpu import children
from bench.shop import Shop
from bench.stage import Stage, staged
from tongshang.catalog import products, stock
from tongshang.catalog.model import ProductAsked, VariantAsked

PRODUCTS, CONNECTIONS, SECONDS, PROCESSES = 200, 16, 12, 2
LEAST_BYTES = 2048


async def run() -> dict[str, float]:
    """Measure product pages, then lists, then whether every process sees every change at its next read."""
    async with staged(web_workers=PROCESSES) as stage:
        shop = await shops.opened(stage)
        await shops.stocked(shop, count=PRODUCTS)
        await stage.drained()
        pages = [f"{shop.path}/products/{product}" for product, _ in shop.goods]
        lists = [f"{shop.path}/products?limit=20"]
        return {
            **await _measure(stage, pages, "read"),
            **await _measure(stage, lists, "list"),
            "fresh_changes_seen": float(await _freshness(stage, shop)),
        }


async def _measure(stage: Stage, paths: list[str], name: str) -> dict[str, float]:
    turns = itertools.cycle(paths)
    latencies: list[float] = []
    clients = [Client(stage.port) for _ in range(CONNECTIONS)]
    sizes = set()

    async def reader(client: Client, until: float) -> None:
        while (now := time.perf_counter()) < until:
            status, body = await client.send("GET", next(turns))
            assert status == 200, body
            sizes.add(len(body))
            latencies.append(time.perf_counter() - now)

    async def all_for(seconds: float) -> None:
        until = time.perf_counter() + seconds
        await asyncio.gather(*(reader(client, until) for client in clients))

    await all_for(2)  # warm: every process has made every answer once
    latencies.clear()
    before, started = stage.spent(), time.perf_counter()
    await all_for(SECONDS)
    spent, seconds = stage.spent() - before, time.perf_counter() - started
    for client in clients:
        await client.__aexit__(None, None, None)
    assert min(sizes) >= LEAST_BYTES, f"an answer of {min(sizes)} bytes is no real one"
    count = len(latencies)
    latencies.sort()
    return {
        f"{name}s_per_second": round(count / seconds, 1),
        f"cpu_ms_per_{name}": round(spent.platform / count * 1000, 3),
        f"{name}_cpu_ms_web": round(spent.web / count * 1000, 3),
        f"{name}_cpu_ms_database": round(spent.database / count * 1000, 3),
        f"{name}_p50_ms": round(latencies[count // 2] * 1000, 2),
        f"{name}_p99_ms": round(latencies[count * 99 // 100] * 1000, 2),
        f"{name}_bytes": float(min(sizes)),
    }


async def _freshness(stage: Stage, shop: Shop) -> int:
    """Change price, stock and shelf through the verbs; the very next read on every connection must know."""
    clients = await _to_all(stage)
    product, variants = shop.goods[0]
    path = f"{shop.path}/products/{product}"
    seen = 0

    async def price(client: Client) -> object:
        return msgspec.json.decode((await client.send("GET", path))[1])["variants"][0]["price_fen"]

    async def left(client: Client) -> object:
        return msgspec.json.decode((await client.send("GET", path))[1])["variants"][0]["stock"]

    async def status(client: Client) -> object:
        return (await client.send("GET", path))[0]

    async def expect(read: Callable[[Client], Awaitable[object]], wanted: object) -> int:
        found = [await read(client) for client in clients]
        assert found == [wanted] * len(clients), f"{wanted} was set, {found} read"
        return 1

    for turn in range(20):
        await _reprice(shop, product, variants, 5_000 + turn)
        seen += await expect(price, 5_000 + turn)
        async with stage.world.tx(shop.merchant) as tx:
            await stock.set_on_hand(tx, counts={variants[0]: 700 + turn})
        seen += await expect(left, 700 + turn)
        for state, answer in (("off", 404), ("on", 200)):
            async with stage.world.tx(shop.merchant) as tx:
                await products.shelve(tx, product=product, state=state)
            seen += await expect(status, answer)
    for client in clients:
        await client.__aexit__(None, None, None)
    return seen


async def _to_all(stage: Stage) -> list[Client]:
    """Open connections until every web process holds at least one, and use each once."""
    clients: list[Client] = []
    for _ in range(64):
        clients.append(await Client(stage.port).__aenter__())
        await clients[-1].send("GET", "/health/live")
        if len(clients) >= PROCESSES * 4 and _served(stage) >= PROCESSES:
            return clients
    raise AssertionError("the connections did not reach every web process")


def _served(stage: Stage) -> int:
    """Count the web processes that hold a connection on the platform's port."""
    port = f":{stage.port:04X}"
    inodes = set()
    with open("/proc/net/tcp") as table:
        for line in table:
            fields = line.split()
            if fields[1].endswith(port) and fields[3] == "01":
                inodes.add(f"socket:[{fields[9]}]")
    holders = 0
    for pid in children(stage.pids["web"]):
        holders += bool(inodes & _links(pid))
    return holders


def _links(pid: int) -> set[str]:
    found = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(str(file.readlink()))
        except OSError:
            continue
    return found


async def _reprice(shop: Shop, product: UUID, variants: list[UUID], fen: int) -> None:
    async with shop.stage.world.tx(shop.merchant) as tx:
        head, rows = await products.get(tx, product=product)
        asked = ProductAsked(
            title=head.title, subtitle=head.subtitle, pictures=head.pictures, detail=head.detail, options=head.options,
            state="on",
            variants=[VariantAsked(id=row.id, options=row.options, price_fen=fen if row.id == variants[0] else
                                   row.price_fen, stock=None, sku_code=row.sku_code) for row in rows],
        )  # fmt: skip
        await products.put(tx, product=product, asked=asked)
