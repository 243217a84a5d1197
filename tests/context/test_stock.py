"""The stock ledger: every change says why and by whom, counting lets people buy on, what is kept back is not sold."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from make import kinds
from make.customers import Till, enter, open_till
from tongshang.catalog import stock
from tongshang.catalog.stock import Kind, Why
from tongshang.catalog.stocks import counting, moves, places, warning
from tongshang.trade import orders


@pytest.fixture
async def till(database_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_till(database_url, tmp_path) as opened:
        yield opened


async def told(till: Till, variant: UUID) -> list[tuple[str, int, int]]:
    """Say what happened to a variant, oldest first: kind, quantity, balance."""
    page = await till.do("GET", f"/stock/moves?variant={variant}&limit=50")
    return [(move["kind"], move["quantity"], move["balance"]) for move in reversed(page["items"])]


async def adds_up(till: Till) -> bool:
    """Say whether the ledger explains what is on hand, of every variant."""
    async with till.shop.world.tx(till.shop.merchant) as tx:
        return not await moves.broken(tx)


async def test_what_was_sold_and_came_back_is_in_the_ledger_with_its_order(till: Till) -> None:
    one = await till.goods(stock=10)
    order = await till.sold(one, 3)
    line = order["lines"][0]["id"]
    asked = {"lines": [{"line_id": line, "quantity": 2}], "reason": "不要了"}
    await till.do("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", asked)
    assert await told(till, one) == [("start", 10, 10), ("sale", -3, 7), ("return", 2, 9)]
    page = await till.do("GET", "/stock/moves?kind=sale")
    assert [(move["subject_id"], move["title"]) for move in page["items"]] == [(order["id"], "明前龙井")]
    assert await till.stock(one) == (9, 0)
    assert await adds_up(till)


async def test_a_correction_names_who_and_why_and_never_takes_what_orders_hold(till: Till) -> None:
    one = await till.goods(stock=5)
    await till.lily.buy(one, 3)
    level = await till.do("PUT", f"/stock/{one}/adjustment", {"quantity": -2, "note": "破损"})
    assert (level["on_hand"], level["reserved"], level["left"]) == (3, 3, 0)
    assert (await till.console("PUT", f"/stock/{one}/adjustment", {"quantity": -1, "note": "破损"}))[0] == 409
    assert (await till.console("PUT", f"/stock/{one}/adjustment", {"quantity": -1, "note": " "}))[0] == 400
    assert (await till.console("PUT", f"/stock/{one}/adjustment", {"quantity": 0, "note": "?"}))[0] == 400
    assert (await till.console("PUT", f"/stock/{uuid4()}/adjustment", {"quantity": 1, "note": "?"}))[0] == 404
    last = (await till.do("GET", f"/stock/moves?variant={one}"))["items"][0]
    (owner,) = [one for one in await till.do("GET", "/staff") if one["id"] == last["staff_id"]]
    assert (last["kind"], last["quantity"], last["note"], last["staff_name"]) == (
        "correction",
        -2,
        "破损",
        owner["name"],
    )
    assert await adds_up(till)


async def test_a_movement_is_never_changed(till: Till) -> None:
    one = await till.goods(stock=5)
    for forbidden in ("update stock_move set balance = 9", "delete from stock_move"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with till.shop.world.tx(till.shop.merchant) as tx:
                await tx.run(f"{forbidden} where merchant_id = $1 and variant_id = $2", tx.merchant, one)
    async with till.shop.world.tx(till.shop.merchant) as tx:
        await tx.run("update stock set on_hand = 4 where merchant_id = $1 and variant_id = $2", tx.merchant, one)
        assert await moves.broken(tx) == [one]  # whoever goes behind the ledger's back is found


async def test_what_is_kept_back_is_not_sold_and_what_runs_low_is_listed(till: Till) -> None:
    one = await till.goods(stock=10)
    level = await till.do("PUT", f"/stock/{one}/safety", {"safety": 7, "warn_at": 2})
    assert (level["on_hand"], level["left"]) == (10, 3)
    status, answer = await till.lily(
        "POST", "/quote", {"from": {"variant_id": str(one), "quantity": 4}, "delivery": "pickup"}
    )
    assert (status, [problem["code"] for problem in answer["problems"]]) == (200, ["basket.sold_out"])
    assert (await till.do("GET", "/stock?state=low"))["items"] == []
    await till.sold(one, 2)
    low = await till.do("GET", "/stock?state=low")
    assert [(item["variant_id"], item["left"]) for item in low["items"]] == [(str(one), 1)]
    await till.lily.buy(one, 1)
    assert [item["left"] for item in (await till.do("GET", "/stock?state=out"))["items"]] == [0]
    # Setting what can be bought leaves what is kept back and what is held alone.
    product = low["items"][0]["product_id"]
    await till.do("PUT", f"/products/{product}/stock", {"variants": [{"id": str(one), "stock": 5}]})
    assert await till.stock(one) == (13, 1)
    assert (await till.console("PUT", f"/stock/{one}/safety", {"safety": -1}))[0] == 400


async def test_what_is_kept_back_is_not_sold_even_to_who_saw_more(till: Till) -> None:
    one = await till.goods(stock=2)
    world, merchant = till.shop.world, till.shop.merchant
    await till.do("PUT", f"/stock/{one}/safety", {"safety": 2})
    async with world.tx(merchant) as tx:
        assert await stock.locked(tx, variants=[one]) == {one: 0}
        assert await stock.left(tx, variants=[one]) == {one: 0}


async def test_people_buy_on_while_somebody_counts(till: Till) -> None:
    one, other = await till.goods(stock=10), await till.goods(title="白瓷盖碗", stock=4)
    count = uuid4()
    await till.do("PUT", f"/stock/counts/{count}", {"note": "月末盘点"})
    assert (await till.console("PUT", f"/stock/counts/{uuid4()}", {}))[1]["code"] == "count.other_open"
    await till.do("PUT", f"/stock/counts/{count}/lines/{one}", {"counted": 8})
    await till.sold(one, 3)  # after its shelf was counted
    await till.do("PUT", f"/stock/counts/{count}/lines/{other}", {"counted": 4})
    shown = await till.do("GET", f"/stock/counts/{count}")
    assert (shown["sheet"]["lines"], shown["sheet"]["differing"], shown["sheet"]["difference"]) == (2, 1, -2)
    posted = await till.do("PUT", f"/stock/counts/{count}/posting")
    assert posted["sheet"]["state"] == "posted"
    assert await told(till, one) == [("start", 10, 10), ("sale", -3, 7), ("count", -2, 5)]
    assert await told(till, other) == [("start", 4, 4)]
    for method, path, body in (
        ("PUT", f"/lines/{one}", {"counted": 1}), ("PUT", "/posting", None), ("DELETE", "", None)
    ):  # fmt: skip
        assert (await till.console(method, f"/stock/counts/{count}{path}", body))[1]["code"] == "count.ended"
    assert await adds_up(till)


async def test_what_is_paid_and_not_sent_lies_there_still_and_is_not_found_too_many(till: Till) -> None:
    one = await till.goods(stock=10)
    sent, waits = await till.sold(one, 2, delivery="express"), await till.sold(one, 3)
    half = await till.sold(one, 2, delivery="express")
    parcel = {"company": "顺丰", "number": "SF1000000001"}
    await till.do("PUT", f"/orders/{sent['id']}/shipments/{uuid4()}", parcel)
    some = parcel | {"number": "SF1000000002", "lines": [{"line_id": half["lines"][0]["id"], "quantity": 1}]}
    await till.do("PUT", f"/orders/{half['id']}/shipments/{uuid4()}", some)
    assert await till.stock(one) == (3, 0)
    count = uuid4()
    await till.do("PUT", f"/stock/counts/{count}", {})
    # Three nobody bought, three to be fetched, one of a parcel that waits.
    shown = await till.do("PUT", f"/stock/counts/{count}/lines/{one}", {"counted": 7})
    (line,) = shown["lines"]
    assert (line["expected"], line["unsent"], shown["sheet"]["difference"]) == (7, 4, 0)
    refund = {"lines": [{"line_id": waits["lines"][0]["id"], "quantity": 1}], "reason": "不要了"}
    await till.do("PUT", f"/orders/{waits['id']}/refunds/{uuid4()}", refund)
    (line,) = (await till.do("PUT", f"/stock/counts/{count}/lines/{one}", {"counted": 6}))["lines"]
    assert (line["expected"], line["unsent"]) == (7, 3)  # what went back on the shelf is on hand again
    await till.do("PUT", f"/stock/counts/{count}/posting")
    assert await till.stock(one) == (3, 0)
    assert await adds_up(till)


async def test_the_parts_of_a_bundle_that_waits_are_counted_with_the_rest(till: Till) -> None:
    _, tea = await kinds.goods(till, "physical", title="龙井")
    _, visit = await kinds.goods(till, "ticket", title="茶园一日", terms=kinds.TICKET)
    _, both = await kinds.bundle(till, {tea: 2, visit: 1}, title="全套")
    order = await till.sold(both, 3, delivery="express")
    count = uuid4()
    await till.do("PUT", f"/stock/counts/{count}", {})
    (line,) = (await till.do("PUT", f"/stock/counts/{count}/lines/{tea}", {"counted": 10}))["lines"]
    assert (line["expected"], line["unsent"]) == (10, 6)
    await till.do("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", {"company": "顺丰", "number": "SF1000000003"})
    (line,) = (await till.do("PUT", f"/stock/counts/{count}/lines/{tea}", {"counted": 4}))["lines"]
    assert (line["expected"], line["unsent"]) == (4, 0)


async def test_a_count_below_what_orders_hold_is_refused_as_a_whole(till: Till) -> None:
    one, other = await till.goods(stock=5), await till.goods(title="白瓷盖碗", stock=4)
    await till.lily.buy(one, 4)
    count = uuid4()
    await till.do("PUT", f"/stock/counts/{count}", {})
    await till.do("PUT", f"/stock/counts/{count}/lines/{one}", {"counted": 3})
    await till.do("PUT", f"/stock/counts/{count}/lines/{other}", {"counted": 9})
    assert (await till.console("PUT", f"/stock/counts/{count}/posting"))[1]["code"] == "stock.reserved"
    assert (await till.stock(one), await till.stock(other)) == ((5, 4), (4, 0))
    dropped = await till.do("DELETE", f"/stock/counts/{count}")
    assert dropped["sheet"]["state"] == "dropped"
    assert await adds_up(till)


async def test_goods_taken_when_paid_are_sold_once_and_who_comes_too_late_gets_his_money_back(till: Till) -> None:
    one = await till.goods(stock=1, deduct="paying")
    openid = await till.shop.person("max")
    max_ = await enter(till.shop.world, till.shop.merchant, till.owner, name="max", openid=openid)
    first, second = await till.lily.buy(one), await max_.buy(one)  # nothing is held, so both may try
    assert await till.stock(one) == (1, 0)
    await till.pay(first["id"])
    assert (await till.look(first["id"]))["state"] == "paid"
    bill = await max_.do("POST", f"/orders/{second['id']}/payment")
    assert (await till.shop.pay(bill, name="max"))["result"] == "ok"
    await till.shop.settle()
    await till.shop.wait(60, steps=3)
    late = await till.look(second["id"])
    assert (late["state"], late["refund"]) == ("closed", "all")
    assert [refund["state"] for refund in late["refunds"]] == ["settled"]
    assert await till.shop.facts("order.missed") != []
    assert await told(till, one) == [("start", 1, 1), ("sale", -1, 0)]  # and nothing came back that never went
    assert await till.stock(one) == (0, 0)
    assert await adds_up(till)


async def test_nobody_gets_half_an_order(till: Till) -> None:
    held, hoped = await till.goods(stock=5), await till.goods(title="白瓷盖碗", stock=1, deduct="paying")
    for variant in (held, hoped):
        await till.lily.do("PUT", f"/cart/lines/{variant}", {"quantity": 1})
    order = await till.lily.order(**{"from": "cart", "delivery": "pickup"})
    assert (await till.stock(held), await till.stock(hoped)) == ((5, 1), (1, 0))
    await till.do("PUT", f"/stock/{hoped}/adjustment", {"quantity": -1, "note": "摔坏了"})
    await till.pay(order["id"])
    await till.shop.wait(60, steps=3)
    assert (await till.look(order["id"]))["refund"] == "all"
    assert (await till.stock(held), await till.stock(hoped)) == ((5, 0), (0, 0))
    assert await told(till, held) == [("start", 5, 5)]


async def test_no_reservation_is_without_end(till: Till) -> None:
    one, hoped = await till.goods(stock=9), await till.goods(title="白瓷盖碗", stock=9, deduct="paying")
    waiting = await till.lily.buy(one, 2)
    await till.lily.buy(hoped, 1)
    async with till.shop.world.tx(till.shop.merchant) as tx:
        assert await moves.endless(tx, waiting=[UUID(waiting["id"])]) != []
        assert await moves.endless(tx, waiting=await orders.waiting(tx)) == []
    await till.shop.wait(16 * 60, steps=4)
    async with till.shop.world.tx(till.shop.merchant) as tx:
        assert await orders.waiting(tx) == []
        assert await moves.endless(tx, waiting=[]) == []
    assert (await till.stock(one), await till.stock(hoped)) == ((9, 0), (9, 0))


async def test_moving_stock_twice_under_one_order_is_impossible(till: Till) -> None:
    one = await till.goods(stock=5)
    order = await till.sold(one, 2)
    async with till.shop.world.tx(till.shop.merchant) as tx:
        await stock.use(tx, holders=[UUID(order["id"])])
        await stock.release(tx, holders=[UUID(order["id"])])
        await stock.move(tx, items={one: 1}, why=Why(kind=Kind.IMPORT, note="补货"))
    assert await told(till, one) == [("start", 5, 5), ("sale", -2, 3), ("import", 1, 4)]


async def test_goods_of_another_place_are_counted_there_and_not_sold_from_here(till: Till) -> None:
    one, place, world = await till.goods(stock=3), uuid4(), till.shop.world
    async with world.tx(till.shop.merchant) as tx:
        await places.add(tx, place=place, name="滨江仓")
        await stock.move(tx, items={one: 40}, place=place, why=Why(kind=Kind.CORRECTION, note="进货"))
        assert await stock.left(tx, variants=[one]) == {one: 3}
        assert await stock.left(tx, variants=[one], place=place) == {one: 40}
        assert [(one.name, one.is_default) for one in await places.listed(tx)] == [("店铺", True), ("滨江仓", False)]
    level = (await till.do("GET", "/stock"))["items"]
    assert [(row["on_hand"], row["left"]) for row in level] == [(3, 3)]
    (card,) = (await till.do("GET", "/products"))["items"]
    assert card["stock"] == 3
    await till.sold(one, 2)
    status, answer = await till.lily(
        "POST", "/quote", {"from": {"variant_id": str(one), "quantity": 2}, "delivery": "pickup"}
    )
    assert (status, [problem["code"] for problem in answer["problems"]]) == (200, ["basket.sold_out"])
    count = uuid4()
    async with world.tx(till.shop.merchant) as tx:
        assert await stock.left(tx, variants=[one], place=place) == {one: 40}
        # Both places may be counted at once.
        owner = await tx.value("select id from staff where merchant_id = $1 limit 1", tx.merchant)
        await counting.start(tx, count=count, note="仓库盘点", staff=owner, place=place)
        await counting.put(tx, count=count, variant=one, counted=38, staff=owner)
    await till.do("PUT", f"/stock/counts/{uuid4()}", {"note": "店铺盘点"})
    await till.do("PUT", f"/stock/counts/{count}/posting")
    async with world.tx(till.shop.merchant) as tx:
        assert await stock.left(tx, variants=[one]) == {one: 1}
        assert await stock.left(tx, variants=[one], place=place) == {one: 38}
    assert await adds_up(till)


async def test_what_runs_low_is_told_once_until_there_is_more(till: Till) -> None:
    one = await till.goods(stock=10)
    await till.do("PUT", f"/stock/{one}/safety", {"safety": 3, "warn_at": 5})

    async def looked() -> list[int]:
        """Look at the shelf as the duty does, and give what was ever told."""
        await warning.look_everywhere(till.shop.world)
        told = await till.shop.all("select data from fact where merchant_id = $1 and kind = 'stock.low' order by id")
        return [row["data"]["left"] for row in told]

    assert await looked() == []  # 7 can be bought
    await till.sold(one, 2)
    assert (await looked(), await looked()) == ([5], [5])  # told once
    counts = await till.do("GET", "/products/counts")
    assert counts["low"] == 1  # the goods' list asks the same
    assert (await till.do("GET", "/overview"))["todo"]["low_stock"] == 1
    await till.sold(one, 1)
    assert await looked() == [5]
    await till.do("PUT", f"/stock/{one}/adjustment", {"quantity": 10, "note": "进货"})
    assert await looked() == [5]
    await till.do("PUT", f"/stock/{one}/adjustment", {"quantity": -10, "note": "退货"})
    assert await looked() == [5, 4]  # and told again after it was refilled
