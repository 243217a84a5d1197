"""Payments on bad days: twice, too late, unheard of, heard of twice, lied about, stuck."""

from uuid import uuid4

import pytest

from make.streets import Customer, Street
from tongshang.trade.model import PAY_WINDOW

NOTICE = "callback:pay.TRANSACTION.SUCCESS"


async def test_a_lost_notice_is_made_good_by_asking(street: Street, ann: Customer) -> None:
    await street.town.sandbox.fault(NOTICE, "lose")
    order = await ann.buy_now(street.tea)
    await ann.pay(order["id"])
    assert (await ann.see(order["id"]))["state"] == "unpaid"
    assert (await ann.see(order["id"], confirm=True))["state"] == "paid"


async def test_a_lost_notice_is_made_good_without_anybody_looking(street: Street, ann: Customer) -> None:
    await street.town.sandbox.fault(NOTICE, "lose")
    order = await ann.buy_now(street.tea)
    await ann.pay(order["id"])
    for _ in range(4):
        await street.town.advance(seconds=60)
        await street.town.settle()
    assert (await ann.see(order["id"]))["state"] == "paid"
    assert (await street.order(order["id"]))["state"] == "paid"


async def test_a_doubled_notice_sells_once(street: Street, ann: Customer) -> None:
    await street.town.sandbox.fault(NOTICE, "repeat")
    order = await ann.buy_now(street.tea)
    await ann.pay(order["id"])
    await street.town.settle()
    assert await street.stock("明前龙井") == 4
    kinds = [line["kind"] for line in (await street.order(order["id"]))["timeline"]]
    assert kinds.count("charge.paid") == 1
    assert [one["orders"] for one in await street.town.fans()] == [1]


async def test_a_forged_notice_pays_nothing(street: Street, ann: Customer) -> None:
    await street.town.sandbox.fault(NOTICE, "forge")
    order = await ann.buy_now(street.tea)
    paid = await ann.phone.pay(await ann.bill(order["id"]))
    assert paid["result"] == "ok"
    await street.town.sandbox.settle()
    assert (await ann.see(order["id"]))["state"] == "unpaid"


async def test_nobody_pays_and_the_stock_comes_back_after_wechat_has_closed(street: Street, ann: Customer) -> None:
    order = await ann.buy_now(street.tea, 2)
    await ann.bill(order["id"])
    assert await street.stock("明前龙井") == 3
    await street.town.advance(seconds=PAY_WINDOW.total_seconds() + 1)
    for _ in range(4):
        await street.town.settle()
        await street.town.advance(seconds=30)
    await street.town.settle()
    assert (await ann.see(order["id"]))["state"] == "closed"
    assert await street.stock("明前龙井") == 5
    closes = await street.town.sandbox.journal(limit=300)
    assert any(line["url"].endswith("/close") for line in closes)


async def test_a_stuck_refund_waits_for_a_person_and_then_goes_through(street: Street, ann: Customer) -> None:
    order = await ann.buy_now(street.tea)
    await ann.pay(order["id"])
    before = await ann.wallet()
    await street.town.sandbox.set_merchant(street.mchid, refund_outcome="ABNORMAL")
    line = (await street.order(order["id"]))["lines"][0]["id"]
    refund = str(uuid4())
    asked = {"lines": [{"line_id": line, "quantity": 1}], "reason": "不想要了"}
    await street.console("PUT", f"/orders/{order['id']}/refunds/{refund}", asked)
    for _ in range(3):
        await street.town.settle()
        await street.town.advance(seconds=60)
    await street.town.settle()
    assert (await street.console("GET", "/overview"))["todo"]["refunds_stuck"] == 1
    (stuck,) = (await street.console("GET", "/refunds"))["items"]
    assert stuck["order_number"] == order["number"]
    assert await ann.wallet() == before
    # WeChat gives this one up; under a new number it goes through.
    await street.town.sandbox.set_merchant(street.mchid, refund_outcome="SUCCESS")
    async with street.town.world.tx(street.town.merchant) as tx:
        attempt = await tx.value("select id from refund_attempt where merchant_id = $1", tx.merchant)
    await street.town.sandbox.end_refund(attempt.hex, "CLOSED")
    for _ in range(8):
        await street.town.advance(hours=1)
        await street.town.settle()
    await street.console("PUT", f"/refunds/{refund}/repetition", {})
    for _ in range(3):
        await street.town.settle()
        await street.town.advance(seconds=60)
    await street.town.settle()
    assert await ann.wallet() - before == order["total_fen"]
    assert (await ann.see(order["id"]))["refund"] == "all"


@pytest.mark.parametrize("what", ["drop", "double", "reprice"])
async def test_a_lying_bill_is_found_out_and_a_person_resolves_it(street: Street, ann: Customer, what: str) -> None:
    order = await ann.buy_now(street.tea)
    await ann.pay(order["id"])
    day = (await street.order(order["id"]))["paid_at"][:10]
    await street.town.sandbox.lie(street.mchid, day, what)
    assert await street.next_morning() == day
    bill = await street.console("GET", f"/reconciliation/{day}")
    assert bill["state"] == "differences"
    found = bill["differences"][0]
    assert found["ours"] or found["theirs"]
    resolution = {"action": "explained", "note": "已与微信核实"}
    await street.console("PUT", f"/reconciliation/{day}/differences/{found['id']}/resolution", resolution)
    again = await street.console("GET", f"/reconciliation/{day}")
    assert again["differences"][0]["note"] == "已与微信核实"
    audit = await street.console("GET", "/audit")
    assert any(found["id"] in str(entry["target"]) for entry in audit["items"])
