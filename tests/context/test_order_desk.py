"""The desk of orders: found by what people say of them, views that are kept, bulk work, and export."""

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from make import customers
from make.shops import make_fan, make_product, order
from make.worlds import Browser, make_staff
from tongshang.platform.clock import ManualClock
from tongshang.platform.errors import NotFound
from tongshang.platform.world import World
from tongshang.tenancy.model import Role
from tongshang.trade import orders
from tongshang.trade.desk import exporting, kept, listing
from tongshang.trade.desk.filters import Filters


async def found(owner: Browser, query: str = "") -> list[str]:
    status, page = await owner("GET", f"/api/console/orders?{query}")
    assert status == 200, page
    return [one["id"] for one in page["items"]]


async def three(world: World, merchant: UUID) -> tuple[list[str], dict[str, UUID]]:
    """Place three orders on three days: two of tea, one of cups; the second is noted."""
    tea, (leaf,) = await make_product(world, merchant, title="明前龙井")
    cups, (cup,) = await make_product(world, merchant, title="=1+1 茶杯")
    fans = [await make_fan(world, merchant, name=name) for name in ("an", "bo", "mei")]
    made = []
    for fan, variant in zip(fans, (leaf, leaf, cup), strict=True):
        made.append(str((await order(world, merchant, fan, variant)).id))
        assert isinstance(world.clock, ManualClock)
        world.clock.advance(timedelta(days=1))
    async with world.tx(merchant) as tx:
        await orders.set_memo(tx, order=UUID(made[1]), memo="老客户")
        await tx.run("update fan set nickname = '小美' where merchant_id = $1 and id = $2", merchant, fans[2])
    return made, {"tea": tea, "cups": cups}


async def test_orders_are_found_by_what_people_say_of_them(world: World, merchant: UUID, owner: Browser) -> None:
    (first, second, third), goods = await three(world, merchant)
    assert await found(owner) == [third, second, first]
    async with world.tx(merchant) as tx:
        numbers = {str(one.id): one for one in await listing.after(tx, filters=Filters(), number=None, limit=9)}
    assert await found(owner, f"q={numbers[second].number}") == [second]
    assert await found(owner, f"q={UUID(first).hex}") == [first], "the number WeChat Pay knows it by"
    assert await found(owner, f"q={quote('龙井')}") == [second, first]
    assert await found(owner, f"q={quote('小美')}") == [third]
    assert await found(owner, f"product={goods['cups']}") == [third]
    assert await found(owner, "noted=true") == [second]
    assert await found(owner, "coupon=true") == []
    assert await found(owner, "refund=any") == []
    assert await found(owner, "state=unpaid&from=2026-11-21T00:00:00&to=2026-11-22T00:00:00") == [second]
    assert await found(owner, "state=to_ship") == []
    assert await found(owner, f"q={quote('100% 没有')}") == []
    assert await found(owner, "from=2027-01-01T00:00:00") == []
    for nonsense in ("state=sold", "delivery=drone", "refund=much"):
        status, problem = await owner("GET", f"/api/console/orders?{nonsense}")
        assert (status, problem["code"]) == (400, "invalid"), nonsense


async def test_a_receiver_is_found_by_name_phone_and_its_tail(world: World, merchant: UUID, owner: Browser) -> None:
    (first, *_), _ = await three(world, merchant)
    async with world.tx(merchant) as tx:
        await tx.run(
            "update orders set address = $3 where merchant_id = $1 and id = $2", merchant, UUID(first),
            {"name": "王小明", "phone": "13800138000", "region": ["浙江省"], "detail": "龙井路"},
        )  # fmt: skip
    for said in ("王小", "13800138000", "8000", "138001"):
        expected = [first] if said != "138001" else []
        assert await found(owner, f"q={quote(said)}") == expected, said


async def test_a_view_is_ones_own_or_everybodys(world: World, merchant: UUID, owner: Browser) -> None:
    mine, ours = uuid4(), uuid4()
    clerk = await make_staff(world, merchant, login="desk@tea", role=Role.CLERK)
    big = {"name": "大单", "filters": {"least_fen": 10_000, "stage": "to_ship"}}
    assert (await owner("PUT", f"/api/console/order-views/{mine}", big))[0] == 204
    assert (await owner("PUT", f"/api/console/order-views/{ours}", {**big, "shared": True}))[0] == 204
    status, listed = await owner("GET", "/api/console/order-views")
    assert [(one["name"], one["filters"]) for one in listed] == [("大单", big["filters"])] * 2

    async with world.tx(merchant) as tx:
        assert [view.id for view in await kept.listed(tx, staff=clerk)] == [ours]
    async with world.tx(merchant) as tx:
        with pytest.raises(NotFound):
            await kept.drop(tx, view=mine, staff=clerk)
    unknown = {"name": "坏", "filters": {"colour": "red"}}
    assert (await owner("PUT", f"/api/console/order-views/{mine}", unknown))[0] == 400
    assert (await owner("PUT", f"/api/console/order-views/{mine}", {**big, "name": " "}))[0] == 400
    for n in range(kept.MOST - 2):
        assert (await owner("PUT", f"/api/console/order-views/{uuid4()}", {**big, "name": f"{n}"}))[0] == 204
    status, problem = await owner("PUT", f"/api/console/order-views/{uuid4()}", big)
    assert (status, problem["code"]) == (409, "order_view.too_many")
    assert (await owner("DELETE", f"/api/console/order-views/{mine}"))[0] == 204
    assert (await owner("DELETE", f"/api/console/order-views/{mine}"))[0] == 404


async def test_one_refusal_undoes_none_of_the_others(world: World, merchant: UUID, owner: Browser) -> None:
    made, _ = await three(world, merchant)
    async with world.tx(merchant) as tx:
        await orders.mark_paid(tx, order=UUID(made[0]))
    path = f"/api/console/orders/batches/{uuid4()}"
    work = {"action": "cancel", "orders": [*made, str(uuid4())]}
    for _ in range(2):
        status, done = await owner("PUT", path, work)
        assert status == 200, done
        assert [(one["done"], one["code"]) for one in done["items"]] == [
            (False, "order.not_unpaid"), (True, ""), (True, ""), (False, "not_found")
        ]  # fmt: skip
    assert set(await found(owner, "state=closed")) == set(made[1:])
    status, done = await owner("PUT", path, {"action": "memo", "orders": made, "memo": "双十一"})
    assert all(one["done"] for one in done["items"])
    assert await found(owner, "noted=true") == made[::-1]
    assert (await owner("PUT", path, {"action": "memo", "orders": []}))[0] == 400


async def test_a_sheet_has_a_row_for_each_line_and_no_formula(world: World, merchant: UUID, owner: Browser) -> None:
    made, _ = await three(world, merchant)
    async with world.tx(merchant) as tx:
        filled = {"刻字": "山水", "口味": ["浓", "淡"]}
        await tx.run("update orders set form = $3 where merchant_id = $1 and id = $2", merchant, UUID(made[0]), filled)
    rows = await sheet(owner, "")
    assert sorted(row["下单填写"] for row in rows) == ["", "", "刻字：山水\n口味：浓、淡"]
    assert [row["商品"] for row in rows] == ["'=1+1 茶杯", "明前龙井", "明前龙井"]
    assert rows[1]["备注"] == "老客户"
    assert rows[1]["下单时间"] == "2026-11-21 10:00:00"
    total = sum(float(row["订单实付（元）"]) for row in rows)
    shares = sum(float(row["实付（元）"]) + float(row["运费（元）"]) for row in rows)
    assert total == pytest.approx(shares)
    assert len(await sheet(owner, "noted=true")) == 1
    status, audit = await owner("GET", "/api/console/audit?action=export_orders")
    assert status == 200
    assert [one["target"] for one in audit["items"]] == [{"noted": True}, {}]


async def test_a_sheet_that_ends_early_says_so(
    world: World, merchant: UUID, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await three(world, merchant)
    monkeypatch.setattr(exporting, "MOST", 2)
    rows = await sheet(owner, "")
    assert [row["商品"] for row in rows] == ["'=1+1 茶杯", "明前龙井", None]
    assert rows[2]["订单号"].startswith("此表只到这里：一次最多导出 2 单")
    assert len(await sheet(owner, "noted=true")) == 1


async def test_a_sheet_says_what_each_order_waits_for(database_url: str, tmp_path: Path) -> None:
    async with customers.open_till(database_url, tmp_path) as till:
        goods = await till.goods(stock=9)
        keep = {"enabled": True, "place": "茶园", "address": "龙井路一号", "days": 3}
        await till.do("PUT", "/shop/pickup", keep)
        *_, some = [await till.sold(goods, 2, delivery=how) for how in ("pickup", "express", "express")]
        inside = [{"line_id": some["lines"][0]["id"], "quantity": 1}]
        parcel = {"company": "顺丰速运", "number": "SF123456789", "lines": inside}
        await till.do("PUT", f"/orders/{some['id']}/shipments/{uuid4()}", parcel)

        async def said() -> list[str]:
            return [str(row["状态"]) for row in reversed(await sheet(till.owner, ""))]

        assert await said() == ["待自提", "待发货", "部分发货"]
        await till.shop.wait(5 * 86400)
        assert await said() == ["逾期未取", "待发货", "部分发货"]


async def sheet(owner: Browser, query: str) -> list[dict[str, Any]]:
    status, body = await owner("GET", f"/api/console/orders/export?{query}")
    assert status == 200, body
    text = body.decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))
