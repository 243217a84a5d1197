"""Getting goods to people: parcels sent once, codes used once, and nothing handed out that was refunded."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from make.customers import Till, open_till
from make.worlds import Browser, make_merchant, make_staff
from tongshang.tenancy.model import Role

PARCEL = {"company": "顺丰速运", "number": "SF 1234-5678"}
PLACE = {"enabled": True, "place": "云上茶园", "address": "龙井路一号", "hours": "9-18", "phone": "0571", "days": 7}


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def ship(till: Till, order: dict[str, Any], parcel: dict[str, str] = PARCEL, *, id: UUID | None = None) -> Any:
    return await till.console("PUT", f"/orders/{order['id']}/shipments/{id or uuid4()}", parcel)


async def refund_all(till: Till, order: dict[str, Any]) -> None:
    body = {"lines": [{"line_id": line["id"], "quantity": line["quantity"]} for line in order["lines"]]}
    await till.do("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", body)


async def test_shipping_twice_is_shipping_once(till: Till) -> None:
    order, parcel = await till.sold(await till.goods(), delivery="express"), uuid4()
    for _ in range(2):
        status, sent = await ship(till, order, id=parcel)
        assert (status, sent["company"], sent["number"]) == (200, "顺丰速运", "SF1234-5678")
    assert len(await till.shop.facts("order.shipped")) == len(await till.shop.facts("parcel.sent")) == 1
    for other in ({"number": "SF99999"}, {"company": "圆通"}):
        status, answer = await ship(till, order, PARCEL | other, id=parcel)
        assert (status, answer["code"]) == (409, "idempotency.mismatch")
    status, _ = await ship(till, order, PARCEL | {"number": "SF00002"})  # a second box
    assert status == 200
    shown = await till.lily.do("GET", f"/orders/{order['id']}")
    assert (shown["state"], {one["number"] for one in shown["shipments"]}) == ("shipped", {"SF1234-5678", "SF00002"})
    assert len(await till.shop.facts("order.shipped")) == 1


async def test_a_parcel_has_a_carrier_and_a_number(till: Till) -> None:
    order = await till.sold(await till.goods(), delivery="express")
    for field, wrong in (("company", " "), ("company", "长" * 31), ("number", "123"), ("number", "A" * 41),
                         ("number", "顺丰1234"), ("number", "SF<1234>")):  # fmt: skip
        status, answer = await ship(till, order, PARCEL | {field: wrong})
        assert (status, answer["code"], answer["field"]) == (400, "invalid", field)
    assert (await till.look(order["id"]))["state"] == "paid"


async def test_only_what_is_paid_and_to_be_sent_is_shipped(till: Till) -> None:
    one = await till.goods()
    unpaid = await till.lily.buy(one, delivery="express")
    status, answer = await ship(till, unpaid)
    assert (status, answer["code"], answer["state"]) == (409, "state.illegal_move", "unpaid")
    counter = await till.sold(one)
    status, answer = await ship(till, counter)
    assert (status, answer["code"]) == (409, "order.not_express")
    undone = await till.sold(one, delivery="express")
    await refund_all(till, undone)
    status, answer = await ship(till, undone)
    assert (status, answer["code"], answer["state"]) == (409, "state.illegal_move", "closed")
    assert (await ship(till, unpaid | {"id": str(uuid4())}))[0] == 404
    assert await till.shop.facts("order.shipped") == []


async def test_a_code_is_used_once(till: Till) -> None:
    await till.do("PUT", "/shop/pickup", PLACE)
    order = await till.sold(await till.goods(), 2)
    mine = await till.lily.do("GET", f"/orders/{order['id']}")
    code = mine["pickup_code"]
    assert len(code) == 12
    assert code.isdigit()
    assert mine["pickup_qr_svg"].startswith("<svg")
    assert (mine["pickup"]["address"], mine["pickup"]["code"]) == ("龙井路一号", code)
    shown = await till.do("GET", f"/pickups/{code[:4]}%20{code[4:]}")
    assert (shown["state"], shown["number"], shown["verified_at"]) == ("paid", order["number"], None)
    assert [(line["title"], line["quantity"]) for line in shown["lines"]] == [("明前龙井", 2)]
    await make_staff(till.shop.world, till.shop.merchant, login="clerk", role=Role.ASSISTANT)
    assistant = Browser(till.shop.url)
    try:
        await assistant.log_in("clerk")
        path = f"/api/console/pickups/{code}/verification"
        status, done = await assistant("PUT", path)
        assert (status, done["state"], done["verified_at"] is not None) == (200, "completed", True)
        await till.shop.wait(3600)
        status, answer = await assistant("PUT", path)
        assert (status, answer["code"]) == (409, "pickup.already")
        day, time = done["verified_at"][:10], done["verified_at"][11:16]
        assert (day, time[:2]) == ("2026-11-20", "02")
        assert f"{day} 10{time[2:]}" in answer["title"]  # as the clock on the shop's wall showed
    finally:
        await assistant.close()
    mine = await till.lily.do("GET", f"/orders/{order['id']}")
    assert (mine["state"], mine["pickup_qr_svg"], mine["picked_up_at"]) == ("completed", None, done["verified_at"])
    assert len(await till.shop.facts("pickup.verified")) == len(await till.shop.facts("order.completed")) == 1


async def test_an_unpaid_order_has_no_code_yet(till: Till) -> None:
    order = await till.lily.buy(await till.goods())
    assert (await till.lily.do("GET", f"/orders/{order['id']}"))["pickup_code"] is None


async def test_what_was_refunded_is_not_handed_out(till: Till) -> None:
    order = await till.sold(await till.goods(), 2)
    part = {"lines": [{"line_id": order["lines"][0]["id"], "quantity": 1}]}
    await till.do("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", part)
    shown = await till.do("GET", f"/pickups/{order['pickup_code']}")
    assert [line["quantity"] for line in shown["lines"]] == [1]  # what is still to be handed out
    await till.do("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", part)
    status, answer = await till.console("PUT", f"/pickups/{order['pickup_code']}/verification")
    assert (status, answer["code"]) == (409, "pickup.refunded")
    assert await till.shop.facts("pickup.verified") == []


async def test_another_merchants_code_is_not_there(till: Till) -> None:
    order = await till.sold(await till.goods())
    await make_merchant(till.shop.world, slug="dining", name="老王面馆")
    stranger = Browser(till.shop.url)
    try:
        await stranger.log_in("owner@dining")
        path = f"/api/console/pickups/{order['pickup_code']}"
        assert (await stranger("GET", path))[0] == 404
        assert (await stranger("PUT", f"{path}/verification"))[0] == 404
        assert (await stranger("PUT", f"/api/console/orders/{order['id']}/shipments/{uuid4()}", PARCEL))[0] == 404
    finally:
        await stranger.close()
    for wrong in ("000000000000", "abc", "%27%20or%201=1"):
        assert (await till.console("PUT", f"/pickups/{wrong}/verification"))[0] == 404
    assert (await till.look(order["id"]))["state"] == "paid"


async def test_a_place_to_pick_up_has_a_name_and_an_address(till: Till) -> None:
    assert (await till.do("GET", "/shop/pickup"))["enabled"] is False
    for missing in ({"place": ""}, {"address": "  "}):
        status, answer = await till.console("PUT", "/shop/pickup", PLACE | missing)
        assert (status, answer["code"]) == (400, "invalid")
    assert await till.do("PUT", "/shop/pickup", PLACE) == PLACE
    assert (await till.lily.do("GET", "/boot"))["shop"]["pickup"] == PLACE
    await till.do("PUT", "/shop/pickup", PLACE | {"enabled": False})
    assert (await till.lily.do("GET", "/boot"))["shop"]["pickup"] is None


async def test_a_mistaken_hand_over_is_taken_back_in_its_time(till: Till) -> None:
    await till.do("PUT", "/shop/pickup", PLACE)
    order = await till.sold(await till.goods(), 2)
    code = order["pickup_code"]
    await make_staff(till.shop.world, till.shop.merchant, login="clerk", role=Role.ASSISTANT)
    assistant = Browser(till.shop.url)
    try:
        await assistant.log_in("clerk")
        path = f"/api/console/pickups/{code}"
        assert (await assistant("PUT", f"{path}/verification"))[1]["undoable"]
        for _ in range(2):
            status, back = await assistant("PUT", f"{path}/reversal")
            assert (status, back["state"], back["verified_at"], back["undoable"]) == (200, "paid", None, False)
        assert (await assistant("PUT", f"{path}/verification"))[1]["state"] == "completed"
        await till.shop.wait(1_900)
        status, answer = await assistant("PUT", f"{path}/reversal")
        assert (status, answer["code"]) == (409, "ticket.too_late_to_undo")
    finally:
        await assistant.close()
    assert (await till.do("GET", f"/pickups/{code}"))["undoable"]  # a manager decides, within a day
    body = {"lines": [{"line_id": order["lines"][0]["id"], "quantity": 1}], "reason": "少了"}
    await till.do("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", body)
    assert (await till.console("PUT", f"/pickups/{code}/reversal"))[1]["code"] == "pickup.refunded"
    kinds = [one["kind"] for one in (await till.look(order["id"]))["timeline"]]
    assert (kinds.count("pickup.verified"), kinds.count("pickup.undone")) == (2, 1)


async def extend(till: Till, order: dict[str, Any], days: int) -> tuple[int, Any]:
    return await till.console("PUT", f"/orders/{order['id']}/pickup/deadline", {"days": days})


async def test_goods_are_kept_as_long_as_was_said(till: Till) -> None:
    for wrong in (-1, 91):
        status, answer = await till.console("PUT", "/shop/pickup", PLACE | {"days": wrong})
        assert (status, answer["code"], answer["field"]) == (400, "invalid", "days")
    await till.do("PUT", "/shop/pickup", PLACE | {"days": 0})
    one = await till.goods()
    ever = await till.sold(one)
    assert (ever["pickup"]["until"], ever["pickup"]["state"]) == (None, "waiting")
    assert (await extend(till, ever, 3))[1]["code"] == "pickup.no_end"
    await till.do("PUT", "/shop/pickup", PLACE | {"days": 2})
    order = await till.sold(one)
    assert order["pickup"]["until"] == "2026-11-22T16:00:00Z"  # the end of Sunday in Shanghai; it is Friday
    for days, code in ((0, "invalid"), (91, "invalid"), (1, "pickup.shorter")):
        assert (await extend(till, order, days))[1]["code"] == code
    for _ in range(2):  # so many days from today: the second click changes nothing
        assert (await extend(till, order, 3))[1]["pickup"]["until"] == "2026-11-23T16:00:00Z"
    assert len(await till.shop.facts("pickup.extended")) == 1
    await till.shop.wait(3 * 86_400)  # what was first said is over, and means nothing any more
    assert (await till.look(order["id"]))["pickup"]["state"] == "waiting"
    assert (await till.do("PUT", f"/pickups/{order['pickup_code']}/verification"))["stands"] == "verified"
    assert (await extend(till, order, 9))[1]["code"] == "pickup.already"
    assert (await till.do("PUT", f"/pickups/{ever['pickup_code']}/verification"))["stands"] == "verified"
    kept, over = await till.shop.facts("pickup.kept"), await till.shop.facts("pickup.expired")
    assert ([one["order_id"] for one in kept], over) == ([order["id"]], [])  # of the other there is no clock at all


async def test_what_is_over_is_not_handed_out_though_nobody_noted_it_yet(till: Till) -> None:
    await till.do("PUT", "/shop/pickup", PLACE | {"days": 1})
    order = await till.sold(await till.goods())
    await till.shop.box.scheduler.advance_to(till.shop.box.clock.now() + 2 * 86_400)  # and the worker has not come by
    path = f"/pickups/{order['pickup_code']}"
    assert (await till.console("PUT", f"{path}/verification"))[1]["code"] == "pickup.expired"
    await make_staff(till.shop.world, till.shop.merchant, login="clerk", role=Role.ASSISTANT)
    assistant = Browser(till.shop.url)
    try:
        await assistant.log_in("clerk")
        status, shown = await assistant("GET", f"/api/console{path}")
        assert (status, shown["stands"], shown["extendable"]) == (200, "expired", False)
        assert (await assistant("PUT", f"/api/console/orders/{order['id']}/pickup/deadline", {"days": 9}))[0] == 403
    finally:
        await assistant.close()
    assert (await extend(till, order, 1))[0] == 200  # in time: the worker finds that it is not over
    await till.shop.settle()
    assert await till.shop.facts("pickup.expired") == []
    await till.shop.wait(2 * 86_400)
    await till.shop.wait(2 * 86_400)  # two clocks of one pickup, and it ends once
    assert len(await till.shop.facts("pickup.expired")) == 1
    page = await till.do("GET", f"/pickups?state=expired&q={order['pickup_code']}")
    assert ([one["id"] for one in page["items"]], page["counts"]) == ([order["id"]], {"expired": 1, "today": 0})
