"""Orders as customers and merchants see them: lists, pages, cancelling, notes, receipt; and ids used twice."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from make import shops
from make.customers import Till, enter, open_till
from make.worlds import Browser
from tongshang.platform.clock import ManualClock
from tongshang.platform.errors import Mismatch, NotFound
from tongshang.platform.work import settle
from tongshang.platform.world import World
from tongshang.trade import place, quotes
from tongshang.trade.model import PAY_WINDOW, RECEIVE_AFTER, Delivery
from tongshang.trade.quotes import Wanted


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def test_one_id_with_two_orders_in_one_batch_is_the_first_ones(world: World, merchant: UUID) -> None:
    _, (one,) = await shops.make_product(world, merchant, stock=10)
    lily, thief = [await shops.make_fan(world, merchant, name=name) for name in ("lily", "thief")]
    mine, asked = uuid4(), []
    for fan, quantity in ((lily, 2), (lily, 3), (thief, 2), (lily, 2)):
        wanted = Wanted(variant_id=one, quantity=quantity, delivery=Delivery.PICKUP)
        async with world.tx(merchant) as tx:
            quote = await quotes.make(tx, fan=fan, wanted=wanted)
        asked.append(place.Asked(order_id=mine, fan_id=fan, wanted=wanted, quote_token=quote.quote_token))
    async with world.tx(merchant) as tx:
        answers = await place.place_all(tx, asked)
    assert [type(answer) for answer in answers] == [place.Placed, Mismatch, NotFound, place.Placed]
    async with world.tx(merchant) as tx:
        kinds = await tx.value(
            "select array_agg(kind) from fact where merchant_id = $1 and kind like 'order.%'", merchant
        )
        held = await tx.value("select reserved from stock where merchant_id = $1", merchant)
    assert (kinds, held) == (["order.placed"], 2)  # it has its clock, so it is closed when nobody pays


async def test_an_order_is_seen_by_its_customer_and_by_the_shop(till: Till) -> None:
    one = await till.goods(prices=(1_000,))
    order = await till.lily.buy(one, 2, delivery="express", remark="请放门口")
    assert (order["state"], order["number"], order["quantity"], order["total_fen"]) == ("unpaid", "100001", 2, 2_000)
    assert (order["receiver"], order["remark"]) == ({"name": "小爱", "phone": "13800000001"}, "请放门口")
    assert order["pay_before"] is not None
    line = order["lines"][0]
    assert (line["title"], line["options"], line["allocation"]) == (
        "明前龙井", ["50g"], {"goods_fen": 2_000, "discount_fen": 0, "paid_fen": 2_000},
    )  # fmt: skip
    max_ = await enter(till.shop.world, till.shop.merchant, till.owner, name="max")
    path = f"/orders/{order['id']}"
    for method, tail in (("GET", ""), ("GET", "?confirm=true"), ("PUT", "/cancellation"), ("PUT", "/receipt"),
                         ("POST", "/payment")):  # fmt: skip
        assert (await max_(method, path + tail))[0] == 404
    assert (await till.lily.do("GET", f"{path}?confirm=true"))["state"] == "unpaid"
    await till.pay(order["id"])
    paid = await till.lily.do("GET", path)
    assert (paid["state"], paid["pay_before"], paid["memo"], paid["timeline"]) == ("paid", None, "", [])
    status, answer = await till.lily("POST", f"{path}/payment")
    assert (status, answer["code"]) == (409, "order.already_paid")
    status, _ = await till.console("PUT", f"{path}/memo", {"memo": "老顾客"})
    shown = await till.look(order["id"])
    assert (status, shown["memo"], shown["fan"]["id"]) == (200, "老顾客", str(till.lily.fan))
    assert (shown["charge"]["state"], shown["charge"]["amount_fen"]) == ("paid", 2_000)
    assert (await till.console("PUT", f"/orders/{uuid4()}/memo", {"memo": "x"}))[0] == 404
    assert (await till.lily("PUT", path, {"quote_token": "x", "expected_total_fen": 1}))[1]["code"] == (
        "idempotency.mismatch"
    )


async def test_a_late_notice_is_made_up_for_by_asking(till: Till) -> None:
    one = await till.goods(prices=(1_000,))
    order = await till.lily.buy(one)
    bill = await till.lily.do("POST", f"/orders/{order['id']}/payment")
    assert await till.lily.do("POST", f"/orders/{order['id']}/payment")
    assert (await till.shop.pay(bill))["result"] == "ok"  # and nobody has told us yet
    assert (await till.lily.do("GET", f"/orders/{order['id']}"))["state"] == "unpaid"
    assert (await till.lily.do("GET", f"/orders/{order['id']}?confirm=true"))["state"] == "paid"
    await till.shop.settle()
    assert await till.stock(one) == (9, 0)


async def test_an_express_order_needs_ones_own_address(till: Till) -> None:
    one = await till.goods(prices=(1_000,))
    wanted = {"from": {"variant_id": str(one)}, "delivery": "express"}
    quote = await till.lily.do("POST", "/quote", wanted)
    asked = wanted | {"quote_token": quote["quote_token"], "expected_total_fen": quote["total_fen"]}
    status, answer = await till.lily("PUT", f"/orders/{uuid4()}", asked)
    assert (status, answer["code"]) == (400, "order.needs_address")
    max_ = await enter(till.shop.world, till.shop.merchant, till.owner, name="max")
    strange = await max_.address()
    assert (await till.lily("PUT", f"/orders/{uuid4()}", asked | {"address_id": strange}))[0] == 404
    status, answer = await till.lily("PUT", f"/orders/{uuid4()}", asked | {"quote_token": "made up"})
    assert (status, answer["code"]) == (400, "quote.tampered")
    status, answer = await till.lily("PUT", f"/orders/{uuid4()}", asked | {"expected_total_fen": 1})
    assert (status, answer["code"], answer["total"]) == (409, "order.price_changed", "10.00")
    assert await till.stock(one) == (10, 0)


async def test_an_unpaid_order_is_cancelled_by_either_side(till: Till) -> None:
    one = await till.goods(prices=(1_000,))
    mine, theirs, opened = [await till.lily.buy(one) for _ in range(3)]
    assert (await till.lily.do("PUT", f"/orders/{mine['id']}/cancellation"))["state"] == "closed"
    assert (await till.do("PUT", f"/orders/{theirs['id']}/cancellation"))["close_reason"] == "merchant"
    assert await till.stock(one) == (10, 1)
    # Where the cashier was opened, WeChat closes first; until then the stock is held.
    await till.lily.do("POST", f"/orders/{opened['id']}/payment")
    assert (await till.lily.do("PUT", f"/orders/{opened['id']}/cancellation"))["state"] == "closed"
    assert await till.stock(one) == (10, 1)
    await till.shop.settle()
    assert await till.stock(one) == (10, 0)
    assert (await till.lily("POST", f"/orders/{opened['id']}/payment"))[1]["code"] == "order.not_payable"
    listed = await till.lily.do("GET", "/orders?state=closed")
    assert {order["id"] for order in listed["items"]} == {mine["id"], theirs["id"], opened["id"]}
    status, answer = await till.lily("PUT", f"/orders/{mine['id']}/receipt")
    assert (status, answer["code"]) == (409, "state.illegal_move")
    paid = await till.sold(one)
    status, answer = await till.lily("PUT", f"/orders/{paid['id']}/cancellation")
    assert (status, answer["code"]) == (409, "order.already_paid")  # a refund is the way back
    assert (await till.look(paid["id"]))["state"] == "paid"


async def test_goods_are_received_by_a_tap_or_after_ten_days(till: Till) -> None:
    one = await till.goods(prices=(1_000,))
    tapped, waited = [await till.sold(one, delivery="express") for _ in range(2)]
    status, answer = await till.lily("PUT", f"/orders/{tapped['id']}/receipt")
    assert (status, answer["code"]) == (409, "order.not_shipped")
    for order in (tapped, waited):
        await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", {"company": "顺丰", "number": "SF1234"})
    for _ in range(2):
        assert (await till.lily.do("PUT", f"/orders/{tapped['id']}/receipt"))["state"] == "completed"
    await till.shop.wait((RECEIVE_AFTER - timedelta(minutes=1)).total_seconds())
    await till.owner.log_in("owner@tea")  # the session is long over
    assert (await till.look(waited["id"]))["state"] == "shipped"
    await till.shop.wait(60)
    assert (await till.look(waited["id"]))["state"] == "completed"
    assert len(await till.shop.facts("order.completed")) == 2


async def test_orders_are_found_by_what_one_knows_of_them(till: Till) -> None:
    tea, cup = await till.goods(prices=(1_000,)), await till.goods(title="白瓷盖碗", prices=(2_000,))
    sent = await till.lily.buy(tea, delivery="express", address_id=await till.lily.address(name="王小姐"))
    paid = await till.sold(cup)
    closed = await till.lily.buy(tea)
    await till.lily.do("PUT", f"/orders/{closed['id']}/cancellation")
    back = {"lines": [{"line_id": paid["lines"][0]["id"], "quantity": 0, "amount_fen": 5}], "reason": "少了"}
    await till.do("PUT", f"/orders/{paid['id']}/refunds/{uuid4()}", back)
    names = {sent["id"]: "sent", paid["id"]: "paid", closed["id"]: "closed"}

    async def found(**query: str) -> set[str]:
        status, page = await till.owner("GET", "/api/console/orders", params=query)
        assert status == 200, page
        return {names[order["id"]] for order in page["items"]}

    assert await found() == {"sent", "paid", "closed"}
    assert await found(state="unpaid") == {"sent"}
    assert await found(state="closed") == {"closed"}
    assert await found(q="盖碗") == {"paid"}
    assert await found(q="王小") == {"sent"}
    assert await found(q="13800000001") == {"sent"}
    assert await found(q=paid["number"]) == {"paid"}
    assert await found(q="%") == {"sent", "paid", "closed"}  # a wildcard is no word
    assert await found(delivery="express") == {"sent"}
    assert await found(refund="part") == {"paid"}
    assert await found(refund="all") == set()
    assert await found(refund="none") == {"sent", "closed"}
    assert await found(**{"from": "2026-11-21T00:00:00Z"}) == set()
    assert await found(**{"from": "2026-11-20T00:00:00Z", "to": "2026-11-21T00:00:00Z"}) == set(names.values())
    for bad in ({"state": "lost"}, {"from": "yesterday"}, {"after": "rubbish"}):
        status, answer = await till.owner("GET", "/api/console/orders", params=bad)
        assert (status, answer["code"]) == (400, "invalid"), bad
    assert (await till.lily("GET", "/orders?state=lost"))[1]["code"] == "invalid"


async def test_lists_come_in_pages_newest_first(world: World, merchant: UUID, owner: Browser) -> None:
    _, (one,) = await shops.make_product(world, merchant, stock=20)
    lily = await enter(world, merchant, owner)
    for _ in range(5):
        await lily.buy(one)
    numbers, after = [], ""
    for size in (2, 2, 1):
        page = await lily.do("GET", f"/orders?limit=2{after}")
        assert len(page["items"]) == size
        numbers += [order["number"] for order in page["items"]]
        after = f"&after={page['next']}"
    assert (numbers, page["next"]) == ([str(100_005 - n) for n in range(5)], None)
    status, first = await owner("GET", "/api/console/orders?limit=4")
    assert (status, first["counts"]["unpaid"], len(first["items"])) == (200, 5, 4)
    _, rest = await owner("GET", f"/api/console/orders?limit=4&after={first['next']}")
    assert ([order["number"] for order in rest["items"]], rest["next"]) == (["100001"], None)
    assert isinstance(world.clock, ManualClock)
    world.clock.advance(PAY_WINDOW)
    await settle(world)
    _, closed = await owner("GET", "/api/console/orders?state=closed")
    assert (len(closed["items"]), closed["counts"]["unpaid"]) == (5, 0)
