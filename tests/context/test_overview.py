"""The console's first page: a day is Shanghai's, whatever UTC says, and what waits is counted."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make.customers import Till, open_till
from tongshang.catalog.stocks import warning
from tongshang.fans import people
from tongshang.fans.model import Source

NEARLY_MIDNIGHT = datetime(2026, 11, 20, 15, 58, tzinfo=UTC)  # 23:58 in Shanghai, on the same UTC day as
AFTER_MIDNIGHT = datetime(2026, 11, 20, 16, 2, tzinfo=UTC)  # 00:02 of the 21st


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def overview(till: Till) -> dict[str, Any]:
    await till.owner.log_in("owner@tea")
    return dict(await till.do("GET", "/overview"))


async def test_midnight_in_shanghai_parts_the_days(till: Till) -> None:
    tea = await till.goods(prices=(1_000,), stock=20)
    await till.shop.wait_until(NEARLY_MIDNIGHT)
    await till.owner.log_in("owner@tea")
    late = await till.sold(tea, 3)
    before = await overview(till)
    assert before["today"] == {"orders": 1, "paid_fen": 3_000, "new_fans": 0, "refund_fen": 0}
    assert before["yesterday"] == {"orders": 0, "paid_fen": 0, "new_fans": 0, "refund_fen": 0}
    await till.shop.wait_until(AFTER_MIDNIGHT)
    await till.sold(tea, 2)
    await till.lily.buy(tea)  # not paid: counts for nothing
    back = {"lines": [{"line_id": late["lines"][0]["id"], "quantity": 1}]}
    await till.do("PUT", f"/orders/{late['id']}/refunds/{uuid4()}", back)
    assert (await overview(till))["today"]["refund_fen"] == 0  # promised is not yet paid back
    await till.shop.wait(120, steps=4)
    async with till.shop.world.tx(till.shop.merchant) as tx:
        fan = await people.known(tx, appid="wx00000000000000a1", openid="o" + "9" * 27, source=Source.STORE)
        sql = "update fan set followed_at = $3 where merchant_id = $1 and id = $2"
        await tx.run(sql, tx.merchant, fan.id, NEARLY_MIDNIGHT)
    after = await overview(till)
    assert after["today"] == {"orders": 1, "paid_fen": 2_000, "new_fans": 0, "refund_fen": 1_000}
    assert after["yesterday"] == {"orders": 1, "paid_fen": 3_000, "new_fans": 1, "refund_fen": 0}
    assert len(after["days"]) == 30
    assert [(day["date"], day["paid_fen"]) for day in after["days"][-3:]] == [
        ("2026-11-19", 0), ("2026-11-20", 3_000), ("2026-11-21", 2_000),
    ]  # fmt: skip
    await till.shop.wait_until(datetime(2026, 12, 20, 16, 0, tzinfo=UTC))
    month = await overview(till)
    assert (month["days"][0]["date"], month["days"][-1]["date"]) == ("2026-11-22", "2026-12-21")
    assert sum(day["paid_fen"] for day in month["days"]) == 0


async def test_what_waits_for_somebody_is_counted(till: Till) -> None:
    start = await overview(till)
    assert start["todo"] == dict.fromkeys(start["todo"], 0)
    done = {step["key"] for step in start["setup"] if step["done"]}
    assert done == {"pay"}
    tea, cup = await till.goods(stock=20), await till.goods(title="白瓷盖碗", stock=6)
    await till.sold(cup)
    sent = await till.sold(tea, delivery="express")
    await till.sold(tea, delivery="express")
    await till.lily.buy(tea)
    found = await overview(till)
    assert (found["todo"]["to_ship"], found["todo"]["to_pick_up"], found["todo"]["low_stock"]) == (2, 1, 1)
    assert {step["key"] for step in found["setup"] if step["done"]} == {"pay", "products"}
    await till.do("PUT", f"/orders/{sent['id']}/shipments/{uuid4()}", {"company": "顺丰", "number": "SF1234"})
    assert (await overview(till))["todo"]["to_ship"] == 1


async def test_the_menu_counts_what_waits(till: Till) -> None:
    tea = await till.goods(prices=(1_000,), stock=20)
    await till.do("PUT", f"/stock/{tea}/safety", {"safety": 0, "warn_at": 18})
    nothing = {"orders": 0, "after_sales": 0, "refunds": 0, "differences": 0, "shares": 0, "payouts": 0, "low_stock": 0}
    assert await till.do("GET", "/waiting") == nothing
    order = await till.sold(tea, 3, delivery="express")
    await till.sold(tea)  # picked up: the buyer comes
    await till.lily.buy(tea, delivery="express")  # not paid
    await warning.look_everywhere(till.shop.world)
    lines = [{"line_id": order["lines"][0]["id"], "quantity": 1}]
    asked = {"kind": "refund_only", "reason": "not_wanted", "lines": lines}
    await till.lily.do("PUT", f"/orders/{order['id']}/after-sales/{uuid4()}", asked)
    assert await till.do("GET", "/waiting") == nothing | {"orders": 1, "after_sales": 1, "low_stock": 1}
    await till.do("PUT", f"/stock/{tea}/safety", {"safety": 0, "warn_at": 2})  # enough, before anybody has looked
    assert (await till.do("GET", "/waiting"))["low_stock"] == 0
