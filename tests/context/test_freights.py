"""Freight templates as the console writes them and customers meet them; regions and pasted addresses."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from make import shops
from make.customers import HOME, Customer, enter
from make.worlds import Browser
from tongshang.platform.work import settle
from tongshang.platform.world import World

EAST = {"regions": ["330000", "310000"], "rate": {"first": 1, "first_fen": 600, "more": 1, "more_fen": 100}}
NEVER = {"regions": ["650000", "330106"], "rate": None}
TEMPLATE = {"name": "茶叶", "zones": [EAST, NEVER], "rest": {"first": 2, "first_fen": 1200, "more": 1, "more_fen": 300}}


@pytest.fixture
async def owner(world: World, merchant: UUID, browser: Browser) -> Browser:
    await settle(world)
    await browser.log_in("owner@tea")
    return browser


async def do(owner: Browser, method: str, path: str, body: Any = None) -> Any:
    status, answer = await owner(method, f"/api/console{path}", body)
    assert status < 300, (method, path, answer)
    return answer


async def asked(owner: Browser, variant: UUID, region: str, quantity: int = 1) -> tuple[bool, int]:
    path = f"/api/store/tea/freight?variant={variant}&region={region}&quantity={quantity}"
    status, answer = await owner("GET", path)
    assert status == 200, answer
    return answer["delivered"], answer["freight_fen"]


async def test_a_product_says_what_sending_it_costs_where(world: World, merchant: UUID, owner: Browser) -> None:
    _, (variant,) = await shops.make_product(world, merchant)
    assert await asked(owner, variant, "浙江省,杭州市") == (True, 0)  # nobody has said anything of freight
    await do(owner, "PUT", "/shop/freight", {"flat_fen": 900, "free_over_fen": 20_000})
    assert await asked(owner, variant, "浙江省,杭州市") == (True, 900)
    assert await asked(owner, variant, "浙江省,杭州市", quantity=3) == (True, 0)
    tea = uuid4()
    await do(owner, "PUT", f"/freight-templates/{tea}", TEMPLATE | {"is_default": True})
    assert await asked(owner, variant, "浙江省,杭州市,余杭区", quantity=3) == (True, 800)
    assert await asked(owner, variant, "浙江,杭州,西湖") == (False, 0)
    assert await asked(owner, variant, "新疆维吾尔自治区,乌鲁木齐市") == (False, 0)
    assert await asked(owner, variant, "某国,某州", quantity=3) == (True, 1500)
    assert await asked(owner, variant, "") == (True, 1200)  # as long as nobody says where
    await do(owner, "PUT", f"/freight-templates/{tea}", TEMPLATE | {"zones": [], "is_default": True})
    assert await asked(owner, variant, "浙江,杭州,西湖") == (True, 1200)  # seen at the next read
    await do(owner, "PUT", f"/freight-templates/{tea}", TEMPLATE)
    assert await asked(owner, variant, "浙江,杭州,西湖") == (True, 900)  # no default any more: the flat rate
    status, answer = await owner("GET", f"/api/store/tea/freight?variant={uuid4()}")
    assert (status, answer["code"]) == (404, "not_found")


async def test_templates_are_kept_apart_by_name_and_stay_while_they_are_used(
    world: World, merchant: UUID, owner: Browser
) -> None:
    tea, rice = uuid4(), uuid4()
    await do(owner, "PUT", f"/freight-templates/{tea}", TEMPLATE | {"is_default": True})
    listed = await do(owner, "PUT", f"/freight-templates/{rice}", TEMPLATE | {"name": "米", "is_default": True})
    assert [(one["name"], one["is_default"], one["products"]) for one in listed] == [
        ("米", True, 0),
        ("茶叶", False, 0),
    ]
    status, answer = await owner("PUT", f"/api/console/freight-templates/{uuid4()}", TEMPLATE)
    assert (status, answer["code"]) == (409, "freight.name_taken")
    for wrong in ({"zones": [{"regions": ["999999"]}]}, {"name": ""}, {"zones": [EAST, EAST]}, {"rest": {"more": 0}}):
        status, answer = await owner("PUT", f"/api/console/freight-templates/{tea}", TEMPLATE | wrong)
        assert (status, answer["code"]) == (400, "invalid")
    product, _ = await shops.make_product(world, merchant)
    async with world.tx(merchant) as tx:
        sql = "update product set freight_template_id = $3 where merchant_id = $1 and id = $2"
        await tx.run(sql, merchant, product, tea)
    status, answer = await owner("DELETE", f"/api/console/freight-templates/{tea}")
    assert (status, answer["code"]) == (409, "freight.in_use")
    assert "1 件商品" in answer["title"]
    await do(owner, "DELETE", f"/products/{product}")
    await do(owner, "DELETE", f"/freight-templates/{tea}")
    assert (await owner("DELETE", f"/api/console/freight-templates/{tea}"))[0] == 404
    assert (await owner("PUT", f"/api/console/freight-templates/{tea}", TEMPLATE))[0] == 404
    await do(owner, "PUT", f"/freight-templates/{uuid4()}", TEMPLATE)  # its name is free again


async def test_regions_are_listed_for_everybody(owner: Browser, world: World, merchant: UUID) -> None:
    status, answer = await owner("GET", "/api/store/tea/regions")
    assert status == 200
    assert ["330106", "西湖区"] in answer["areas"]
    assert len(answer["areas"]) > 3_000
    assert answer == await do(owner, "GET", "/regions")


async def test_a_pasted_address_is_read_and_any_region_is_kept(world: World, merchant: UUID, owner: Browser) -> None:
    lily: Customer = await enter(world, merchant, owner)
    read = await lily.do("POST", "/addresses/reading", {"text": "李雷 138-0000-0001 浙江杭州西湖区龙井路2号"})
    assert read == {
        "name": "李雷",
        "phone": "13800000001",
        "region": ["浙江省", "杭州市", "西湖区"],
        "detail": "龙井路2号",
    }
    assert await lily.do("GET", "/addresses") == []
    await lily.agree()
    renamed = HOME | {"region": ["浙江省", "新名市", " "], "phone": "0571-8700 0000"}
    kept = await lily.do("PUT", f"/addresses/{uuid4()}", renamed)
    assert (kept["region"], kept["phone"]) == (["浙江省", "新名市"], "057187000000")
    for field, value in (("region", []), ("region", ["长" * 31]), ("phone", "110"), ("name", ""), ("detail", "")):
        status, answer = await lily("PUT", f"/addresses/{uuid4()}", HOME | {field: value})
        assert (status, answer["code"], answer["field"]) == (400, "invalid", field)
