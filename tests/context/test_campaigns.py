"""Coupons: well formed, so many per person, never more given than there are."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from make.customers import Customer, enter
from make.worlds import Browser, make_merchant
from tongshang.platform.clock import ManualClock
from tongshang.platform.world import World

COUPON = {"name": "新客满减", "minus_fen": 1_000, "min_spend_fen": 5_000, "total": 3, "per_person": 2, "valid_days": 7}


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
    assert (await max_("POST", claims))[1]["code"] == "coupon.all_gone"
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
