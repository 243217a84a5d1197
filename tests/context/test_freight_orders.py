"""Freight where it counts: in quotes and orders, by template and address."""

from uuid import UUID, uuid4

import pytest

from make import shops
from make.customers import Customer, enter
from make.worlds import Browser
from tongshang.platform.work import settle
from tongshang.platform.world import World

FAR = ["新疆维吾尔自治区", "乌鲁木齐市", "天山区"]
NEAR = ["浙江省", "杭州市", "西湖区"]
RATE = {"first": 1, "first_fen": 600, "more": 1, "more_fen": 100}
TEMPLATE = {"name": "茶叶", "zones": [{"regions": ["330000"], "rate": RATE}, {"regions": ["650000"]}],
            "rest": RATE | {"first_fen": 1200}, "is_default": True}  # fmt: skip


@pytest.fixture
async def lily(world: World, merchant: UUID, browser: Browser) -> Customer:
    await settle(world)
    await browser.log_in("owner@tea")
    assert (await browser("PUT", f"/api/console/freight-templates/{uuid4()}", TEMPLATE))[0] == 200
    return await enter(world, merchant, browser)


async def test_an_order_is_charged_by_where_it_goes(world: World, merchant: UUID, lily: Customer) -> None:
    _, (variant,) = await shops.make_product(world, merchant, prices=(9_900,))
    near = await lily.address(region=NEAR)
    wanted = {"from": {"variant_id": str(variant), "quantity": 3}, "delivery": "express"}
    quote = await lily.do("POST", "/quote", wanted | {"address_id": near})
    assert (quote["freight_fen"], quote["total_fen"]) == (800, 29_700 + 800)
    said = [one["label_zh"] for one in quote["money"] if one["kind"] == "freight"]
    assert said == ["运费：茶叶，至浙江省杭州市，共 3 件（1 件内 6.00 元，续 2 × 1.00 元）"]
    order = await lily.order(**wanted, address_id=near)
    assert order["freight_fen"] == 800
    assert (await lily.do("POST", "/quote", wanted | {"delivery": "pickup"}))["freight_fen"] == 0


async def test_what_is_not_sent_there_is_refused_in_words(world: World, merchant: UUID, lily: Customer) -> None:
    _, (variant,) = await shops.make_product(world, merchant, title="龙井", prices=(9_900,))
    far = await lily.address(region=FAR)
    wanted = {"from": {"variant_id": str(variant), "quantity": 1}, "delivery": "express", "address_id": far}
    quote = await lily.do("POST", "/quote", wanted)
    assert [one["code"] for one in quote["problems"]] == ["freight.not_delivered"]
    assert "龙井" in quote["problems"][0]["zh"]
    asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
    status, answer = await lily("PUT", f"/orders/{uuid4()}", asked)
    assert (status, answer["code"]) == (409, "freight.not_delivered")
    assert "新疆维吾尔自治区" in answer["title"]


async def test_a_bundle_travels_as_its_parts_do_and_weighs_what_they_weigh(
    world: World, merchant: UUID, browser: Browser, lily: Customer
) -> None:
    rate = {"first": 1_000, "first_fen": 600, "more": 500, "more_fen": 100}
    template = {"name": "按重量", "by": "weight", "zones": [], "rest": rate, "is_default": True}
    assert (await browser("PUT", f"/api/console/freight-templates/{uuid4()}", template))[0] == 200
    visit = await shops.make_kind(world, merchant, "ticket", terms={"days": 30, "uses": 1}, stock=99)
    tea = await shops.make_kind(world, merchant, "physical", terms={}, title="龙井", stock=9, weight_g=900)
    sold = {}
    for title, made_of in (("两日游", {visit: 2}), ("茶与茶会", {tea: 2, visit: 1})):
        parts = [{"variant_id": str(one), "quantity": count} for one, count in made_of.items()]
        sold[title] = await shops.make_kind(world, merchant, "bundle", terms={"parts": parts}, title=title)
    near = await lily.address(region=NEAR)
    fees = []
    for wishes in ({tea: 1}, {tea: 1, sold["两日游"]: 5}, {tea: 1, sold["茶与茶会"]: 1}):
        await shops.fill_cart(world, merchant, lily.fan, wishes)
        fees.append((await lily.do("POST", "/quote", {"delivery": "express", "address_id": near}))["freight_fen"])
        for variant in wishes:
            await lily.do("DELETE", f"/cart/lines/{variant}")
    # 0.9 kg; visits weigh nothing and are no parcel; 2.7 kg are 1 kg and four more halves that were begun.
    assert fees == [600, 600, 1_000]
    assert (await lily.do("GET", f"/freight?variant={sold['两日游']}"))["needed"] is False
