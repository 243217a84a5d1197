"""Coupons: well formed, so many per person, never more given than there are."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from make import shops
from make.customers import Customer, enter
from make.worlds import Browser, make_merchant
from tongshang.platform.clock import ManualClock
from tongshang.platform.world import World

COUPON = {"name": "新客满减", "minus_fen": 1_000, "min_spend_fen": 5_000, "total": 3, "per_person": 2, "valid_days": 7}
FULL: dict[str, Any] = {
    "kind": "full", "name": "春茶满减",
    "steps": [{"min_fen": 20_000, "minus_fen": 3_000}, {"min_fen": 30_000, "minus_fen": 6_000}],
}  # fmt: skip


@pytest.fixture
async def lily(world: World, merchant: UUID, owner: Browser) -> Customer:
    return await enter(world, merchant, owner)


async def test_a_coupon_is_offered_and_changed(owner: Browser) -> None:
    path = f"/api/console/coupons/{uuid4()}"
    status, made = await owner("PUT", path, COUPON)
    assert (status, made["name"], made["state"], made["claimed"], made["used"]) == (200, "新客满减", "on", 0, 0)
    assert (await owner("PUT", path, COUPON | {"name": "老客满减", "total": 9}))[1]["total"] == 9
    assert [one["name"] for one in (await owner("GET", "/api/console/coupons"))[1]] == ["老客满减"]
    assert (await owner("GET", path))[1]["name"] == "老客满减"
    assert (await owner("GET", f"/api/console/coupons/{uuid4()}"))[0] == 404


async def test_what_makes_no_sense_is_refused_by_field(owner: Browser) -> None:
    for field, wrong in (
        ("name", {"name": " "}), ("name", {"name": "长" * 31}), ("min_spend_fen", {"minus_fen": 0}),
        ("min_spend_fen", {"min_spend_fen": 1_000}), ("total", {"total": 0}), ("total", {"total": 10_000_001}),
        ("per_person", {"per_person": 0}), ("per_person", {"per_person": 101}), ("per_person", {"valid_days": 0}),
        ("per_person", {"valid_days": 366}), ("state", {"state": "maybe"}),
    ):  # fmt: skip
        status, answer = await owner("PUT", f"/api/console/coupons/{uuid4()}", COUPON | wrong)
        assert (status, answer["code"], answer.get("field")) == (400, "invalid", field), wrong
    for wrong in ({"min_spend_fen": 2**70}, {"percent": 10}, {"total": "many"}):
        status, answer = await owner("PUT", f"/api/console/coupons/{uuid4()}", COUPON | wrong)
        assert (status, answer["code"]) == (400, "invalid"), wrong
    assert (await owner("GET", "/api/console/coupons"))[1] == []


async def test_each_gets_his_share_and_no_more_than_there_are(
    owner: Browser, world: World, merchant: UUID, lily: Customer
) -> None:
    coupon = uuid4()
    path, claims = f"/api/console/coupons/{coupon}", f"/coupons/{coupon}/claims"
    await owner("PUT", path, COUPON)
    for _ in range(2):
        status, piece = await lily("POST", claims)
        assert (status, piece["state"], piece["minus_fen"], piece["coupon_id"]) == (201, "unused", 1_000, str(coupon))
    status, answer = await lily("POST", claims)
    assert (status, answer["code"]) == (409, "coupon.enough")
    max_ = await enter(world, merchant, owner, name="max")
    assert (await max_("POST", claims))[0] == 201
    status, answer = await max_("POST", claims)
    assert (status, answer["code"]) == (409, "coupon.all_gone")
    assert (await owner("GET", path))[1]["claimed"] == 3
    status, answer = await owner("PUT", path, COUPON | {"total": 2})
    assert (status, answer["code"], answer["field"]) == (400, "invalid", "total")
    assert (await owner("PUT", path, COUPON | {"total": 4, "state": "off"}))[0] == 200
    assert (await max_("POST", claims))[1]["code"] == "coupon.not_given"
    assert (await max_("POST", f"/coupons/{uuid4()}/claims"))[0] == 404


async def test_ones_own_coupons_grow_old(world: World, owner: Browser, lily: Customer) -> None:
    coupon = uuid4()
    await owner("PUT", f"/api/console/coupons/{coupon}", COUPON)
    await lily.do("POST", f"/coupons/{coupon}/claims")
    assert isinstance(world.clock, ManualClock)
    assert [one["state"] for one in await lily.do("GET", "/coupons")] == ["unused"]
    world.clock.advance(timedelta(days=7))
    assert [one["state"] for one in await lily.do("GET", "/coupons")] == ["expired"]


async def test_another_merchants_coupon_is_not_there(world: World, owner: Browser, lily: Customer) -> None:
    coupon = uuid4()
    await owner("PUT", f"/api/console/coupons/{coupon}", COUPON)
    other = await make_merchant(world, slug="dining", name="老王面馆")
    max_ = await enter(world, other, owner, name="max", slug="dining")
    assert (await max_("POST", f"/coupons/{coupon}/claims"))[0] == 404
    assert await max_.do("GET", "/coupons") == []
    assert (await lily.do("GET", "/coupons")) == []


async def test_a_promotion_is_declared_said_tried_and_started(
    owner: Browser, world: World, merchant: UUID, lily: Customer
) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    product = (await owner("GET", "/api/console/products"))[1]["items"][0]["id"]
    path = f"/api/console/promotions/{uuid4()}"
    status, said = await owner("POST", "/api/console/promotion-sentences", FULL)
    assert (status, said["zh"]) == (200, "满 200 元减 30 元，满 300 元减 60 元，可与优惠券、会员价同享")
    status, made = await owner("PUT", path, FULL)
    assert (status, made["state"], made["now"], made["version"]) == (200, "draft", "draft", 1)
    basket = {"lines": [{"variant_id": str(tea), "quantity": 3}], "draft": FULL}
    status, tried = await owner("POST", "/api/console/calculations", basket)
    assert (status, tried["price"]["total_fen"], tried["drafted"]["total_fen"]) == (200, 29_700, 26_700)
    step = next(one for one in tried["drafted"]["steps"] if one["kind"] == "full")
    assert (step["fen"], step["facts"]["step"], step["lines"]) == (-3_000, 1, [[0, -3_000]])
    assert "第 1 档" in step["clerk_zh"]
    assert (await lily.do("GET", f"/products/{product}/offers"))["promotions"] == []
    assert (await owner("PUT", f"{path}/state", {"state": "on"}))[1]["now"] == "running"
    (shown,) = (await lily.do("GET", f"/products/{product}/offers"))["promotions"]
    assert (shown["kind_zh"], shown["zh"]) == ("满减", "满 200 元减 30 元，满 300 元减 60 元")
    status, answer = await owner("PUT", path, FULL | {"version": 1})
    assert (status, answer["code"]) == (409, "promotion.changed")
    order = await lily.buy(tea, quantity=3)
    assert order["total_fen"] == 26_700
    assert (await owner("GET", path))[1]["figures"] == {"orders": 1, "fen": 3_000, "pieces": {}}
    assert (await owner("PUT", f"{path}/state", {"state": "ended"}))[1]["state"] == "ended"
    status, answer = await owner("PUT", f"{path}/state", {"state": "on"})
    assert (status, answer["code"]) == (409, "state.illegal_move")
    assert (await owner("PUT", path, FULL))[1]["code"] == "promotion.ended"


async def test_a_promotion_that_makes_no_sense_is_refused_by_field(owner: Browser) -> None:
    for field, wrong in (
        ("name", {"name": " "}), ("steps", {"steps": []}), ("steps", {"steps": [*FULL["steps"], FULL["steps"][0]]}),
        ("steps.minus_fen", {"steps": [{"min_fen": 100, "minus_fen": 100}]}),
        ("scope.ids", {"scope": {"kind": "tags"}}), ("each", {"each": True}),
        ("stacks_with", {"stacks_with": ["luck"]}), ("per_person", {"per_person": 0}),
        ("hours", {"hours": [{"day": 8, "start": 0, "end": 60}]}), ("specials", {"kind": "flash", "steps": []}),
        ("pieces", {"kind": "n_for", "steps": []}), ("steps.percent", {"kind": "percent", "steps": [{"percent": 100}]}),
        ("steps", {"kind": "gift", "steps": [{"gifts": []}]}),
    ):  # fmt: skip
        status, answer = await owner("PUT", f"/api/console/promotions/{uuid4()}", FULL | wrong)
        assert (status, answer["code"], answer.get("field")) == (400, "invalid", field), wrong
    for wrong in ({"kind": "luck"}, {"steps": [{"min_fen": -1, "minus_fen": 2**70}]}, {"secret": 1}):
        assert (await owner("PUT", f"/api/console/promotions/{uuid4()}", FULL | wrong))[0] == 400, wrong
    strange = {"kind": "addon", "steps": [{"min_fen": 100}], "specials": [{"variant_id": str(uuid4()), "price_fen": 1}]}
    assert (await owner("PUT", f"/api/console/promotions/{uuid4()}", FULL | strange))[0] == 404
    assert (await owner("GET", "/api/console/promotions"))[1] == []


async def test_a_coupon_waits_for_its_days_and_covers_its_goods(
    owner: Browser, world: World, merchant: UUID, lily: Customer
) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    product = (await owner("GET", "/api/console/products"))[1]["items"][0]["id"]
    coupon, now = uuid4(), world.clock.now()
    days = {"claim_from": (now + timedelta(days=1)).isoformat(), "claim_until": (now + timedelta(days=2)).isoformat()}
    asked = COUPON | {"kind": "percent", "percent": 80, "min_spend_fen": 0, "minus_fen": 1_500} | days
    asked |= {"scope": {"kind": "products", "ids": [product]}}
    assert (await owner("PUT", f"/api/console/coupons/{coupon}", asked))[0] == 200
    assert (await lily("POST", f"/coupons/{coupon}/claims"))[1]["code"] == "coupon.not_now"
    assert isinstance(world.clock, ManualClock)
    world.clock.advance(timedelta(days=1))
    assert [one["zh"] for one in (await lily.do("GET", f"/products/{product}/offers"))["coupons"]] == [
        "8 折，最多减 15 元"
    ]
    await lily.do("POST", f"/coupons/{coupon}/claims")
    quote = await lily.do("POST", "/quote", {"from": {"variant_id": str(tea)}, "best_coupon": True})
    assert (quote["discount_fen"], quote["coupons"][0]["terms"]) == (1_500, "8 折，最多减 15 元")
    world.clock.advance(timedelta(days=1))
    assert (await lily("POST", f"/coupons/{coupon}/claims"))[1]["code"] == "coupon.not_now"


async def test_another_price_at_placing_comes_with_the_new_quote_and_words(
    owner: Browser, world: World, merchant: UUID, lily: Customer
) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    path = f"/api/console/promotions/{uuid4()}"
    await owner("PUT", path, FULL | {"steps": [{"min_fen": 5_000, "minus_fen": 1_000}]})
    await owner("PUT", f"{path}/state", {"state": "on"})
    wanted = {"from": {"variant_id": str(tea)}, "delivery": "pickup"}
    quote = await lily.do("POST", "/quote", wanted)
    await owner("PUT", f"{path}/state", {"state": "paused"})
    asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
    status, answer = await lily("PUT", f"/orders/{uuid4()}", asked)
    assert (status, answer["code"], answer["quote"]["total_fen"]) == (409, "order.price_changed", 9_900)
    assert [one["zh"] for one in answer["changes"]] == ["满减优惠已失效，少减 10.00 元"]
    for bad in ({"quantity": -1}, {"quantity": 0}, {"quantity": 10**9}):
        status, answer = await lily("POST", "/quote", {"from": {"variant_id": str(tea), **bad}})
        assert (status, answer["code"]) == (400, "invalid"), bad
