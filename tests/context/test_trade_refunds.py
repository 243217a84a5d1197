"""Refunds of orders: by the piece, by amount, with freight, once; and whole before sending, which closes the order."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from make.customers import Till, open_till
from make.worlds import Browser, make_merchant
from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import CouponAsked
from tongshang.fans import people
from tongshang.fans.model import Source
from tongshang.trade.unwinding.views import refunds_of_fan


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def refund(till: Till, order: dict[str, Any], *parts: Any, id: UUID | None = None, **more: Any) -> Any:
    """Ask for (quantity, amount) of each line in turn; None leaves a line out."""
    lines = []
    for line, part in zip(order["lines"], parts, strict=False):
        quantity, amount = part if isinstance(part, tuple) else (part, None)
        if quantity is not None:
            lines.append({"line_id": line["id"], "quantity": quantity, "amount_fen": amount})
    body = {"lines": lines, "reason": "茶叶受潮", **more}
    return await till.console("PUT", f"/orders/{order['id']}/refunds/{id or uuid4()}", body)


async def test_pieces_come_back_at_what_was_paid_for_them(till: Till) -> None:
    one = await till.goods(prices=(3_333,), stock=10)
    async with till.shop.world.tx(till.shop.merchant) as tx:
        asked = CouponAsked(name="减一元", minus_fen=100, min_spend_fen=200, total=9)
        coupon = await coupons.put(tx, coupon=tx.new_id(), asked=asked)
        piece = str((await coupons.claim(tx, coupon=coupon.id, fan=till.lily.fan)).id)
    order = await till.sold(one, 3, coupon_id=piece)
    assert (order["state"], order["total_fen"]) == ("paid", 9_899)
    again = uuid4()
    for _ in range(2):  # the double click
        status, asked_ = await refund(till, order, 1, id=again)
        assert (status, asked_["amount_fen"], asked_["state"], asked_["order_number"]) == (
            202, 3_299, "asked", order["number"],
        )  # fmt: skip
    # One payment is one part, which goes the way it came; every fen has its reason.
    assert [(p["kind"], p["amount_fen"], p["state"]) for p in asked_["parts"]] == [("wechat", 3_299, "asked")]
    assert [(s["kind"], s["fen"]) for s in asked_["explanation"]] == [("goods", 3_333), ("benefit", -34)]
    assert await till.stock(one) == (8, 0)  # 10 - 3 sold + 1 never sent
    for other in ({"reason": "别的"}, {"freight_fen": 1}):
        status, answer = await refund(till, order, 1, id=again, **other)
        assert (status, answer["code"]) == (409, "idempotency.mismatch")
    assert (await refund(till, order, 2, id=again))[1]["code"] == "idempotency.mismatch"
    assert (await refund(till, order, 3))[1]["code"] == "refund.too_much"
    status, rest = await refund(till, order, 2)
    assert (status, rest["amount_fen"]) == (202, 6_600)  # the last pieces bring the rest
    assert (await till.stock(one))[0] == 10
    shown = await till.look(order["id"])
    assert (shown["state"], shown["refund"], shown["close_reason"]) == ("closed", "all", "refunded")
    assert sorted((r["amount_fen"], r["state"]) for r in shown["refunds"]) == [(3_299, "asked"), (6_600, "asked")]
    await till.shop.wait(240, steps=8)
    shown = await till.look(order["id"])
    assert [r["state"] for r in shown["refunds"]] == ["settled", "settled"]
    assert all(r["settled_at"] for r in shown["refunds"])
    assert shown["money"][-1]["fen"] == -9_899
    assert [one["state"] for one in await till.lily.do("GET", "/coupons")] == ["unused"]
    told = {line["kind"] for line in shown["timeline"]}
    assert {"order.placed", "order.closed", "refund.settled"} <= told
    assert told & {"order.paid", "charge.paid"}
    assert await till.shop.parked() == []


async def test_no_more_than_is_left_comes_back(till: Till) -> None:
    await till.do("PUT", "/shop/freight", {"flat_fen": 800})
    one = await till.goods(prices=(1_000,), stock=10)
    order = await till.sold(one, 2, delivery="express")
    assert order["total_fen"] == 2_800
    for parts, more in (
        ((3,), {}), ((-1,), {}), (((1, 2_001),), {}), (((1, -1),), {}), ((1,), {"freight_fen": 801}),
        ((None,), {"freight_fen": 2_000}),
    ):  # fmt: skip
        status, answer = await refund(till, order, *parts, **more)
        assert (status, answer["code"]) == (409, "refund.too_much"), (parts, more)
    for parts, more in (((), {}), ((0,), {}), (((0, 0),), {}), ((1,), {"freight_fen": -1})):
        status, answer = await refund(till, order, *parts, **more)
        assert (status, answer["code"]) == (400, "refund.nothing"), (parts, more)
    status, answer = await refund(till, order | {"lines": [{"id": str(uuid4())}]}, 1)
    assert status == 404
    assert (await refund(till, order | {"id": str(uuid4())}, 1))[0] == 404
    shown = await till.look(order["id"])
    assert (shown["refund"], shown["refunds"], await till.stock(one)) == ("none", [], (8, 0))
    assert shown["lines"][0]["refunded_quantity"] == 0
    # Both of the same line in one request are counted together.
    line = order["lines"][0]["id"]
    body = {"lines": [{"line_id": line, "quantity": 1}, {"line_id": line, "quantity": 2}], "reason": ""}
    assert (await till.console("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", body))[0] == 409


async def test_freight_and_an_amount_without_pieces_come_back(till: Till) -> None:
    await till.do("PUT", "/shop/freight", {"flat_fen": 800})
    one = await till.goods(prices=(1_000,), stock=10)
    order = await till.sold(one, 2, delivery="express")
    status, made = await refund(till, order, freight_fen=300)
    assert (status, made["amount_fen"]) == (202, 300)
    status, made = await refund(till, order, (0, 150))
    assert (status, made["amount_fen"]) == (202, 150)
    shown = await till.look(order["id"])
    assert (shown["freight_refunded_fen"], shown["refund"], shown["state"]) == (300, "part", "paid")
    assert (shown["lines"][0]["refunded_fen"], shown["lines"][0]["refunded_quantity"]) == (150, 0)
    assert await till.stock(one) == (8, 0)
    assert (await refund(till, order, freight_fen=501))[1]["code"] == "refund.too_much"
    # The whole rest as an amount: nothing will be sent, so the goods are back although no piece was counted.
    status, made = await refund(till, order, (0, 1_850), freight_fen=500)
    assert (status, made["amount_fen"]) == (202, 2_350)
    assert ((await till.look(order["id"]))["state"], await till.stock(one)) == ("closed", (10, 0))


async def test_an_order_without_its_goods_is_over_though_the_freight_is_kept(till: Till) -> None:
    await till.do("PUT", "/shop/freight", {"flat_fen": 800})
    order = await till.sold(await till.goods(), 2, delivery="express")
    assert (await refund(till, order, 1))[0] == 202
    assert (await till.look(order["id"]))["state"] == "paid"
    assert (await refund(till, order, 1))[0] == 202
    await till.shop.settle()
    shown = await till.look(order["id"])
    assert (shown["state"], shown["close_reason"], shown["freight_refunded_fen"]) == ("closed", "refunded", 0)
    assert (await till.do("GET", "/orders?state=to_ship"))["items"] == []
    assert (await refund(till, order, freight_fen=800))[0] == 202  # all the same it can be given back later


async def test_what_was_sent_does_not_come_back_to_the_shelf(till: Till) -> None:
    one = await till.goods(prices=(1_000,), stock=10)
    order = await till.sold(one, 2, delivery="express")
    await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", {"company": "顺丰", "number": "SF1234"})
    assert (await refund(till, order, 2))[0] == 202
    shown = await till.look(order["id"])
    assert (shown["state"], shown["refund"], await till.stock(one)) == ("shipped", "all", (8, 0))
    assert (await refund(till, order, 1))[1]["code"] == "refund.too_much"


async def test_an_unpaid_order_has_nothing_to_refund(till: Till) -> None:
    one = await till.goods(prices=(1_000,), stock=10)
    order = await till.lily.buy(one)
    status, answer = await refund(till, order, 1)
    assert (status, answer["code"]) == (409, "refund.not_paid")


async def test_a_refund_that_wechat_closes_waits_for_a_person(till: Till) -> None:
    one = await till.goods(prices=(1_000,), stock=10)
    order = await till.sold(one, 2)
    await till.shop.sandbox.set_merchant(till.shop.made["mchid"], refund_outcome="CLOSED")
    _, made = await refund(till, order, 1)
    await till.shop.wait(60, steps=3)
    assert [r["state"] for r in (await till.look(order["id"]))["refunds"]] == ["closed"]
    assert (await till.do("GET", "/overview"))["todo"]["refunds_stuck"] == 1
    await till.shop.sandbox.set_merchant(till.shop.made["mchid"], refund_outcome="SUCCESS")
    await till.do("PUT", f"/refunds/{made['id']}/repetition")
    await till.shop.settle()
    assert [r["state"] for r in (await till.look(order["id"]))["refunds"]] == ["asked"]
    await till.shop.wait(120, steps=4)
    assert [r["state"] for r in (await till.look(order["id"]))["refunds"]] == ["settled"]
    assert (await till.do("GET", "/overview"))["todo"]["refunds_stuck"] == 0


async def test_the_buyer_sees_how_far_each_refund_is(till: Till) -> None:
    one = await till.goods(prices=(1_000,), stock=10)
    first, second = await till.sold(one, 2), await till.sold(one)
    _, early = await refund(till, first, 1)
    await till.shop.wait(120, steps=4)
    await refund(till, first, 1)
    await till.shop.wait(1)
    await refund(till, second, 1)
    page = await till.lily.do("GET", "/refunds?limit=2")
    later = await till.lily.do("GET", f"/refunds?limit=2&after={page['next']}")
    listed = [*page["items"], *later["items"]]
    numbers = [second["number"], first["number"], first["number"]]
    assert [(r["order_number"], r["state"]) for r in listed] == [
        *zip(numbers, ["asked", "asked", "settled"], strict=True)
    ]
    done = listed[-1]
    assert (done["id"], later["next"], bool(done["settled_at"])) == (early["id"], None, True)
    assert [(p["zh"], p["amount_fen"], p["state"]) for p in done["parts"]] == [("原路退回微信支付", 1_000, "settled")]
    assert done["parts"][0]["settled_at"] == done["settled_at"]
    async with till.shop.world.tx(till.shop.merchant) as tx:
        stranger = await people.known(tx, appid="wx00000000000000a1", openid="o" + "9" * 27, source=Source.STORE)
        assert await refunds_of_fan(tx, fan=stranger.id, before=None, limit=5) == []


async def test_another_merchants_order_is_not_there(till: Till) -> None:
    one = await till.goods(prices=(1_000,), stock=10)
    order = await till.sold(one)
    await make_merchant(till.shop.world, slug="dining", name="老王面馆")
    stranger = Browser(till.shop.url)
    try:
        await stranger.log_in("owner@dining")
        body = {"lines": [{"line_id": order["lines"][0]["id"], "quantity": 1}]}
        path = f"/api/console/orders/{order['id']}"
        for method, tail, asked in (
            ("GET", "", None), ("PUT", f"/refunds/{uuid4()}", body), ("PUT", "/cancellation", None),
            ("PUT", "/memo", {"memo": "x"}),
        ):  # fmt: skip
            assert (await stranger(method, path + tail, asked))[0] == 404
    finally:
        await stranger.close()
