"""Carts, addresses and quotes, as the store's pages call them."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from make import shops
from make.customers import HOME, Customer, enter
from make.worlds import Browser
from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import CouponAsked
from tongshang.platform.work import settle
from tongshang.platform.world import World


@pytest.fixture
async def lily(world: World, merchant: UUID, browser: Browser) -> Customer:
    await settle(world)  # the shop's sign, and with it the privacy text
    return await enter(world, merchant, browser)


async def given_coupon(world: World, merchant: UUID, fan: UUID, *, minus: int, least: int, days: int = 30) -> str:
    async with world.tx(merchant) as tx:
        asked = CouponAsked(name=f"减{minus}", minus_fen=minus, min_spend_fen=least, total=9, valid_days=days)
        coupon = await coupons.put(tx, coupon=tx.new_id(), asked=asked)
        return str((await coupons.claim(tx, coupon=coupon.id, fan=fan)).id)


async def test_a_cart_shows_todays_price_and_stock(world: World, merchant: UUID, lily: Customer) -> None:
    _, (small, large) = await shops.make_product(world, merchant, prices=(9_900, 18_800), stock=3)
    await lily.do("PUT", f"/cart/lines/{small}", {"quantity": 2})
    cart = await lily.do("PUT", f"/cart/lines/{large}", {"quantity": 1, "selected": False})
    assert (cart["count"], cart["selected_fen"]) == (3, 19_800)
    assert {(line["quantity"], line["price_fen"], line["stock"], line["state"]) for line in cart["lines"]} == {
        (2, 9_900, 3, "on"), (1, 18_800, 3, "on"),
    }  # fmt: skip
    cart = await lily.do("PUT", f"/cart/lines/{small}", {"quantity": 5})
    assert (cart["count"], cart["selected_fen"]) == (6, 49_500)
    cart = await lily.do("DELETE", f"/cart/lines/{small}")
    assert [line["variant_id"] for line in cart["lines"]] == [str(large)]
    other = await enter(world, merchant, lily.browser, name="max")
    assert (await other.do("GET", "/cart"))["lines"] == []


async def test_a_cart_has_its_limits(world: World, merchant: UUID, lily: Customer) -> None:
    found = [one for n in range(4) for one in (
        await shops.make_product(world, merchant, title=f"茶{n}", prices=tuple(range(100, 126))))[1]]  # fmt: skip
    for wrong in (0, -1, 1_000, 2**40):
        status, answer = await lily("PUT", f"/cart/lines/{found[0]}", {"quantity": wrong})
        assert (status, answer["code"], answer["field"]) == (400, "invalid", "quantity")
    await shops.fill_cart(world, merchant, lily.fan, dict.fromkeys(found[:100], 1))
    status, answer = await lily("PUT", f"/cart/lines/{found[100]}", {"quantity": 1})
    assert (status, answer["code"]) == (409, "cart.full")
    cart = await lily.do("PUT", f"/cart/lines/{found[0]}", {"quantity": 7})  # what is in it can still be changed
    assert cart["count"] == 106
    assert (await lily("PUT", f"/cart/lines/{uuid4()}", {"quantity": 1}))[0] == 409
    await lily.do("DELETE", f"/cart/lines/{found[0]}")
    assert (await lily("PUT", f"/cart/lines/{uuid4()}", {"quantity": 1}))[0] == 404


async def test_nobody_has_a_cart_without_logging_in(browser: Browser, merchant: UUID) -> None:
    for path in ("/cart", "/addresses", "/orders", "/coupons"):
        status, answer = await browser("GET", f"/api/store/tea{path}")
        assert (status, answer["code"]) == (401, "unauthenticated")


async def test_no_address_is_kept_without_consent(lily: Customer) -> None:
    path = f"/addresses/{uuid4()}"
    status, answer = await lily("PUT", path, HOME)
    assert (status, answer["code"]) == (403, "consent.needed")
    assert await lily.do("GET", "/addresses") == []
    await lily.agree()
    kept = await lily.do("PUT", path, HOME)
    assert (kept["name"], kept["region"], kept["is_default"]) == ("小爱", ["浙江", "杭州"], True)
    await lily.do("PUT", "/consent", {"version": "1", "accepted": False})
    assert (await lily("PUT", f"/addresses/{uuid4()}", HOME))[0] == 403
    assert len(await lily.do("GET", "/addresses")) == 1


async def test_exactly_one_address_is_the_default(lily: Customer) -> None:
    first = await lily.address()
    second = await lily.address(name="公司", is_default=True)
    third = await lily.address(name="老家")
    listed = await lily.do("GET", "/addresses")
    assert (listed[0]["id"], listed[0]["is_default"]) == (second, True)
    assert {one["id"] for one in listed if not one["is_default"]} == {first, third}
    await lily.do("PUT", f"/addresses/{first}", HOME | {"is_default": True, "name": "小爱爱"})
    listed = await lily.do("GET", "/addresses")
    assert [(one["id"], one["name"]) for one in listed if one["is_default"]] == [(first, "小爱爱")]
    await lily.do("DELETE", f"/addresses/{first}")
    assert len(await lily.do("GET", "/addresses")) == 2


async def test_an_address_is_well_formed_and_ones_own(world: World, merchant: UUID, lily: Customer) -> None:
    mine = await lily.address()
    bad: tuple[tuple[str, Any], ...] = (
        ("name", ""), ("name", "长" * 21), ("phone", "123"), ("phone", "+8613800000001"), ("detail", " "),
        ("detail", "长" * 101),
    )  # fmt: skip
    for field, wrong in bad:
        status, answer = await lily("PUT", f"/addresses/{uuid4()}", HOME | {field: wrong})
        assert (status, answer["code"], answer["field"]) == (400, "invalid", field)
    max_ = await enter(world, merchant, lily.browser, name="max")
    await max_.agree()
    assert (await max_("PUT", f"/addresses/{mine}", HOME))[0] == 404
    await max_.do("DELETE", f"/addresses/{mine}")
    assert [one["id"] for one in await lily.do("GET", "/addresses")] == [mine]
    for n in range(19):
        await lily.address(name=f"第{n}")
    status, answer = await lily("PUT", f"/addresses/{uuid4()}", HOME)
    assert (status, answer["code"]) == (409, "address.too_many")


async def test_a_quote_says_what_it_costs_and_why(owner: Browser, world: World, merchant: UUID) -> None:
    lily = await enter(world, merchant, owner)
    _, (one,) = await shops.make_product(world, merchant, stock=50)
    assert (await owner("PUT", "/api/console/shop/freight", {"flat_fen": 800, "free_over_fen": 20_000}))[0] == 200
    large = await given_coupon(world, merchant, lily.fan, minus=1_000, least=5_000)
    await given_coupon(world, merchant, lily.fan, minus=5_000, least=15_000)
    source = {"variant_id": str(one), "quantity": 1}
    plain = await lily.do("POST", "/quote", {"from": source})
    assert (plain["goods_fen"], plain["discount_fen"], plain["freight_fen"], plain["total_fen"]) == (
        9_900, 0, 800, 10_700,
    )  # fmt: skip
    assert [(c["usable"], c["why"]) for c in plain["coupons"]] == [(True, None), (False, "还差 51.00 元可用")]
    best = await lily.do("POST", "/quote", {"from": source, "best_coupon": True})
    assert (best["coupon_id"], best["total_fen"]) == (large, 9_700)
    assert [(step["kind"], step["fen"]) for step in best["money"]] == [
        ("goods", 9_900), ("coupon", -1_000), ("freight", 800),
    ]  # fmt: skip
    many = await lily.do("POST", "/quote", {"from": source | {"quantity": 3}, "best_coupon": True})
    assert (many["discount_fen"], many["freight_fen"], many["total_fen"]) == (5_000, 0, 24_700)
    pick = await lily.do("POST", "/quote", {"from": source, "delivery": "pickup"})
    assert (pick["freight_fen"], pick["total_fen"]) == (0, 9_900)
    assert len({q["quote_token"] for q in (plain, best, many, pick)}) == 4
    for wrong in ({"flat_fen": -1}, {"flat_fen": 100_001}, {"flat_fen": 0, "free_over_fen": 0}):
        assert (await owner("PUT", "/api/console/shop/freight", wrong))[0] == 400


async def test_a_coupon_that_cannot_be_used_is_refused_with_the_reason(
    world: World, merchant: UUID, lily: Customer
) -> None:
    _, (one,) = await shops.make_product(world, merchant)
    dear = await given_coupon(world, merchant, lily.fan, minus=5_000, least=15_000)
    source = {"from": {"variant_id": str(one)}, "delivery": "pickup"}
    status, answer = await lily("POST", "/quote", source | {"coupon_id": dear})
    assert (status, answer["code"], answer["title"]) == (
        409, "coupon.not_usable", "该优惠券不可用：还差 51.00 元可用",
    )  # fmt: skip
    assert (await lily("POST", "/quote", source | {"coupon_id": str(uuid4())}))[0] == 404
    good = await given_coupon(world, merchant, lily.fan, minus=100, least=200, days=1)
    await lily.order(**source, coupon_id=good)
    status, answer = await lily("POST", "/quote", source | {"coupon_id": good})
    assert (status, answer["why_zh"]) == (409, "已被使用")
    late = await given_coupon(world, merchant, lily.fan, minus=100, least=200, days=1)
    async with world.tx(merchant) as tx:
        sql = "update coupon_piece set expires_at = $3 where merchant_id = $1 and id = $2"
        await tx.run(sql, merchant, UUID(late), tx.now)
    status, answer = await lily("POST", "/quote", source | {"coupon_id": late})
    assert (status, answer["why_zh"]) == (409, "已过期")


async def test_what_cannot_be_bought_now_is_named_in_the_quote(owner: Browser, world: World, merchant: UUID) -> None:
    lily = await enter(world, merchant, owner)
    product, (one,) = await shops.make_product(world, merchant, stock=2)
    status, answer = await lily("POST", "/quote", {})
    assert (status, answer["code"]) == (400, "basket.empty")
    source = {"from": {"variant_id": str(one), "quantity": 3}, "delivery": "pickup"}
    quote = await lily.do("POST", "/quote", source)
    assert [(p["variant_id"], p["code"]) for p in quote["problems"]] == [(str(one), "basket.sold_out")]
    await owner("PUT", f"/api/console/products/{product}/shelf", {"state": "off"})
    quote = await lily.do("POST", "/quote", source)
    assert [(p["code"], p["zh"]) for p in quote["problems"]] == [
        ("basket.off_shelf", "“明前龙井” 已下架，请从订单中移除。"),
    ]
    for wrong in (0, 1_000):
        status, answer = await lily("POST", "/quote", {"from": {"variant_id": str(one), "quantity": wrong}})
        assert (status, answer["field"]) == (400, "quantity")
    for body in ({"from": "nowhere"}, {"delivery": "drone"}, {"from": {"variant_id": "x"}}):
        assert (await lily("POST", "/quote", body))[1]["code"] == "invalid"


async def test_what_is_gone_can_be_left_out_of_what_is_bought_next(
    world: World, merchant: UUID, lily: Customer, owner: Browser
) -> None:
    product, (small, large) = await shops.make_product(world, merchant, prices=(9_900, 18_800), stock=3)
    for variant in (small, large):
        await lily.do("PUT", f"/cart/lines/{variant}", {"quantity": 1})
    path = f"/api/console/products/{product}"
    seen = (await owner("GET", path))[1]
    pictures = [one["id"] for one in seen["pictures"]]
    fields = ("id", "options", "price_fen", "stock")
    kept = [{key: one[key] for key in fields} for one in seen["variants"] if one["id"] == str(small)]
    options = [{"name": one["name"], "values": kept[0]["options"]} for one in seen["options"]]
    words = {key: seen[key] for key in ("title", "subtitle", "category_id", "detail", "state")}
    status, answer = await owner("PUT", path, words | {"pictures": pictures, "options": options, "variants": kept})
    assert status == 200, answer
    cart = await lily.do("PUT", f"/cart/lines/{large}", {"quantity": 1, "selected": False})
    assert {(line["state"], line["selected"]) for line in cart["lines"]} == {("off", False), ("on", True)}
    quote = await lily.do("POST", "/quote", {"delivery": "pickup"})
    assert (quote["problems"], quote["goods_fen"]) == ([], 9_900)
    assert (await lily("PUT", f"/cart/lines/{large}", {"quantity": 1}))[0] == 404
