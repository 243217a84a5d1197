"""A sheet of hundreds of goods, half of them wrong: nothing is lost, nothing is half done, buyers hardly wait."""

import asyncio
import contextlib
from uuid import UUID

import asyncpg

from make.spreadsheets import bring, ended, items, sheet
from make.worlds import Browser
from tongshang.catalog.sheets import working
from tongshang.platform.jobs import Again
from tongshang.platform.world import World


async def test_of_hundreds_half_wrong_nothing_is_lost_and_nothing_half_done_however_often_it_is_stopped(
    owner: Browser, world: World, merchant: UUID, database_url: str
) -> None:
    rows = [
        {
            "title": f"茶 {n}",
            "price_fen": "贵" if n % 2 else 10 + n,
            "stock": 1 + n,
            "sku_code": f"H{n}",
            "tags": "春茶",
        }
        for n in range(200)
    ]
    path = await bring(owner, world, sheet(rows))
    assert (await owner("GET", path))[1]["tally"] == {"good": 100, "bad": 100}
    bad = await items(owner, path, "bad")
    assert [(one["rows"], one["problems"][0]["row"], one["problems"][0]["field"]) for one in bad] == [
        ([n + 2], n + 2, "price_fen") for n in range(1, 200, 2)
    ]
    sheet_id = UUID(path.rsplit("/", 1)[1])
    assert (await owner("PUT", f"{path}/confirmation", {"skip_bad": True}))[0] == 202
    for seconds in (0.05, 0.11, 0.17):  # killed anywhere, also in the middle of a product
        with contextlib.suppress(TimeoutError, Again):
            await asyncio.wait_for(working.apply(world, merchant, sheet=sheet_id), seconds)
        _, half = await owner("GET", path)
        assert await whole(database_url, merchant) == half["done"]
    done = await ended(owner, world, path, "applying")
    assert (done["state"], done["done"], done["refused"]) == ("done", 100, 0)
    assert done["tally"] == {"done": 100, "bad": 100}
    assert await whole(database_url, merchant) == 100


async def whole(url: str, merchant: UUID) -> int:
    """Count products, each of which has its variant, its count and its own transaction, in which orders find it."""
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetch(
            """select p.title, p.low_fen, v.price_fen, s.on_hand, p.xmin::text from product p
            left join variant v on v.merchant_id = p.merchant_id and v.product_id = p.id
            left join stock s on s.merchant_id = v.merchant_id and s.variant_id = v.id where p.merchant_id = $1""",
            merchant,
        )
    finally:
        await connection.close()
    for title, low, price, count, _ in found:
        n = int(title.split()[1])
        assert (low, price, count) == (1_000 + 100 * n, 1_000 + 100 * n, 1 + n)
    assert len({one["xmin"] for one in found}) == len(found)  # buyers wait for one product at most
    return len(found)
