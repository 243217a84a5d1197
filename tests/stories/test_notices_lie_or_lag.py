"""What WeChat Pay tells may be lost, late, doubled, out of order, forged, stale, or about something else."""

from typing import Any
from uuid import uuid4

from make.town import Town, tell
from make.townsfolk import Customer
from make.townshop import TEA_FEN, Shop
from wxsandbox.pay import orders
from wxsandbox.pay.rows import PayOrder

PAID = "callback:pay.TRANSACTION.SUCCESS"


def as_told(town: Town) -> dict[str, Any]:
    """Give the words in which WeChat would tell of its newest order."""
    return dict(orders.view(list(town.box.table(PayOrder))[-1]))


async def test_a_lost_notice_is_made_good_by_asking(shop: Shop, lily: Customer) -> None:
    await shop.town.sandbox.fault(PAID, "lose")
    order = await lily.buy(shop.tea)
    await lily.pay(order)
    assert (await lily.see(order))["state"] == "unpaid"
    assert (await lily.see(order, confirm=True))["state"] == "paid"
    assert await shop.town.balances() == {"cash_at_wechat": TEA_FEN, "sales": -TEA_FEN}


async def test_a_lost_notice_is_made_good_without_anybody_looking(shop: Shop, lily: Customer) -> None:
    await shop.town.sandbox.fault(PAID, "lose")
    order = await lily.buy(shop.tea)
    await lily.pay(order)
    await shop.town.advance(minutes=4)
    assert (await shop.town.order(order["id"]))["state"] == "paid"
    assert await shop.town.balances() == {"cash_at_wechat": TEA_FEN, "sales": -TEA_FEN}


async def test_a_late_notice_finds_the_order_paid_already(shop: Shop, lily: Customer) -> None:
    town = shop.town
    await town.sandbox.fault(PAID, "delay", seconds=3 * 3600)
    order = await lily.buy(shop.tea)
    await lily.pay(order)
    assert (await lily.see(order))["state"] == "unpaid"
    await town.advance(seconds=40)  # the worker asks by itself, on WeChat's own ladder
    assert (await lily.see(order))["state"] == "paid"
    await town.advance(hours=4)
    kinds = [line["kind"] for line in (await town.order(order["id"]))["timeline"]]
    assert kinds.count("charge.paid") == 1
    assert await town.balances() == {"cash_at_wechat": TEA_FEN, "sales": -TEA_FEN}


async def test_a_refunds_notice_may_overtake_the_payments(shop: Shop, lily: Customer) -> None:
    town = shop.town
    await town.sandbox.fault(PAID, "delay", seconds=900, times=1)
    order = await lily.buy(shop.tea)
    await lily.pay(order)
    await lily.see(order, confirm=True)
    line = (await town.order(order["id"]))["lines"][0]["id"]
    asked = {"lines": [{"line_id": line, "quantity": 1}], "reason": "不想要了"}
    await town.owner("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", asked)
    await town.advance(minutes=20)
    assert (await lily.see(order))["refund"] == "all"
    told = [entry["name"] for entry in await town.sandbox.journal(kind="callback", words="/wechat/pay/")]
    assert told == ["pay.TRANSACTION.SUCCESS", "pay.REFUND.SUCCESS"]  # the newest first
    assert await town.balances() == {"sales": -TEA_FEN, "refunds": TEA_FEN}


async def test_a_forged_notice_is_refused_and_the_true_one_is_believed(shop: Shop, lily: Customer) -> None:
    town = shop.town
    await town.sandbox.fault(PAID, "forge", times=1)
    order = await lily.buy(shop.tea)
    await lily.pay(order)
    await town.box.scheduler.settle()
    (forged,) = await town.heard("pay.TRANSACTION.SUCCESS")
    assert forged["status"] == 401
    assert (await lily.see(order))["state"] == "unpaid"
    await town.advance(seconds=20)
    assert (await lily.see(order))["state"] == "paid"


async def test_an_old_notice_sent_again_is_refused(shop: Shop, lily: Customer) -> None:
    town = shop.town
    await shop.sold(lily)
    (true,) = await town.heard("pay.TRANSACTION.SUCCESS")
    await town.advance(minutes=6)
    await town.sandbox.call("POST", f"/journal/{true['id']}/replay")
    await town.settle()
    again = (await town.heard("pay.TRANSACTION.SUCCESS"))[0]
    assert (again["id"] != true["id"], again["status"]) == (True, 401)
    assert await town.balances() == {"cash_at_wechat": TEA_FEN, "sales": -TEA_FEN}


async def test_a_notice_that_comes_three_times_counts_once(shop: Shop, lily: Customer) -> None:
    town = shop.town
    await town.sandbox.fault("callback:pay.*", "repeat", count=3)
    order = await shop.sold(lily)
    assert [entry["status"] for entry in await town.heard("pay.TRANSACTION.SUCCESS")] == [204] * 3
    kinds = [line["kind"] for line in (await town.order(str(order["id"])))["timeline"]]
    assert kinds.count("charge.paid") == 1
    assert await shop.stock(shop.tea) == 4


LIES: dict[str, dict[str, Any]] = {
    "total_fen": {"amount": {"total": 1, "payer_total": 1, "currency": "CNY"}},
    "mchid": {"mchid": "1999999999"},
    "appid": {"appid": "wx9999999999999999"},
    "out_trade_no": {"out_trade_no": uuid4().hex},
}


async def test_a_well_signed_notice_about_something_else_pays_nothing(shop: Shop, lily: Customer) -> None:
    town = shop.town
    order = await lily.buy(shop.tea)
    await lily.bill(order)
    paid = {"trade_state": "SUCCESS", "trade_type": "JSAPI", "transaction_id": "4200009999202611200000000001"}
    for lie in LIES.values():
        tell(town, {**as_told(town), **paid, "success_time": "2026-11-20T10:00:00+08:00", **lie})
    await town.settle()
    assert (await lily.see(order))["state"] == "unpaid"
    assert await town.balances() == {}
    parked = await town.owner("GET", "/pay-account/suspicious")
    assert {one["problem"].partition(":")[0] for one in parked} == set(LIES)
    # Each waits for somebody, who says what he found out; turned away was none.
    assert (await town.owner("GET", "/waiting"))["differences"] == len(LIES)
    path = f"/pay-account/suspicious/{parked[0]['id']}/review"
    assert await town.owner.refused("PUT", path, {"note": " "}) == (400, "invalid")
    for _ in range(2):
        left = await town.owner("PUT", path, {"note": "商户平台里没有这笔，已反馈"})
    assert {one["id"] for one in left} == {one["id"] for one in parked[1:]}
    assert await town.owner.refused("PUT", path, {"note": "换个说法"}) == (409, "notice.reviewed")
    assert await town.owner.refused("PUT", f"/pay-account/suspicious/{uuid4()}/review", {"note": "x"}) == (
        404, "not_found",
    )  # fmt: skip
    assert (await town.owner("GET", "/waiting"))["differences"] == len(LIES) - 1
    assert await town.owner("GET", "/pay-account/refused") == []
    # The honest payment that follows is believed all the same.
    await lily.pay(order)
    await town.settle()
    assert (await lily.see(order))["state"] == "paid"
