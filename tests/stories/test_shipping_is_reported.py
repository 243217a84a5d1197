"""WeChat holds a mini program's money until it is told how goods were shipped: once, whole, with one correction."""

import json
from typing import Any
from uuid import uuid4

import pytest

from make.town import ACCOUNT, COMPONENT, Town
from make.townsfolk import Customer
from make.townshop import FREIGHT_FEN, Shop
from wxsandbox.accounts import FUNC_IDS

pytestmark = pytest.mark.slow
UPLOAD = "POST /wxa/sec/order/upload_shipping_info"


async def held(town: Town) -> None:
    """Have the account's money held, and the platform allowed to report."""
    await town.sandbox.component(COMPONENT, func_ids=[*FUNC_IDS, 142])
    await town.authorize()
    await town.sandbox.call("PUT", f"/trade-managed/{ACCOUNT}", {"managed": True})
    assert (await town.owner("PUT", "/shop/shipping-reports", {"enabled": True}))["enabled"]


async def ship(town: Town, order: dict[str, Any], company: str, number: str, **more: Any) -> None:
    body = {"company": company, "number": number, **more}
    await town.owner("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", body)
    await town.settle()


async def report(town: Town, order: dict[str, Any]) -> dict[str, Any]:
    (found,) = await town.owner("GET", f"/orders/{order['id']}/shipping-reports")
    return dict(found)


async def uploads(town: Town) -> int:
    return len(await town.sandbox.journal(name=UPLOAD, limit=200))


async def test_it_is_told_when_all_is_on_its_way_and_corrected_once(town: Town, shop: Shop, lily: Customer) -> None:
    switch = ("PUT", "/shop/shipping-reports", {"enabled": True})
    assert await town.owner.refused(*switch) == (409, "shipping.not_granted")
    await held(town)
    await town.sandbox.call("PUT", f"/trade-managed/{ACCOUNT}", {"managed": False})
    assert await town.owner.refused(*switch) == (409, "shipping.not_managed")
    await held(town)
    order = await lily.buy(shop.tea, 2, delivery="express", address_id=await lily.address())
    await lily.pay(order)
    await town.settle()
    line = (await town.order(order["id"]))["lines"][0]["id"]
    await ship(town, order, "顺丰", "SF100200300", lines=[{"line_id": line, "quantity": 1}])
    assert await town.owner("GET", f"/orders/{order['id']}/shipping-reports") == []  # a part of it waits
    await town.sandbox.fault(UPLOAD, "lost", times=1)  # taken, and the answer lost: it must not be told twice
    await ship(town, order, "圆通", "YT200300400")
    await town.advance(seconds=10)
    told = await report(town, order)
    assert (told["state"], told["stale"], told["correctable"], await uploads(town)) == ("sent", False, True, 1)
    await ship(town, order, "中通", "471234567890")  # one more box
    assert (await report(town, order))["stale"]
    path = f"/shipping-reports/{told['id']}/repetition"
    await town.owner("PUT", path)
    await town.settle()
    told = await report(town, order)
    assert (told["state"], told["stale"], told["correctable"], await uploads(town)) == ("sent", False, False, 2)
    assert await town.owner.refused("PUT", path) == (409, "shipping.corrected_before")
    assert await town.stuck_jobs() == []


async def test_what_is_refused_says_what_to_do_and_goes_again(town: Town, shop: Shop, lily: Customer) -> None:
    await held(town)
    order = await shop.sold(lily, delivery="express", address_id=await lily.address())
    await ship(town, order, "村口老李", "LAOLI0001")
    told = await report(town, order)
    assert (told["state"], told["code"]) == ("refused", 10060005)
    assert "改正包裹" in told["to_do_zh"]
    assert [one["order_number"] for one in (await town.owner("GET", "/shop/shipping-reports"))["refused"]] == [
        order["number"]
    ]
    picked = await shop.sold(lily)
    await town.owner("PUT", f"/pickups/{picked['pickup_code']}/verification")
    await town.sandbox.fault(UPLOAD, "error", errcode=10060001, times=1)  # not known yet: a minute later it is
    await town.settle()
    await town.advance(seconds=70)
    assert (await report(town, picked))["state"] == "sent"
    await town.owner("PUT", f"/shipping-reports/{told['id']}/repetition")
    await town.settle()
    assert (await report(town, order))["state"] == "refused"  # nothing was put right meanwhile
    await town.owner("PUT", "/shop/shipping-reports", {"enabled": False})
    quiet = await shop.sold(lily, delivery="express", address_id=await lily.address())
    await ship(town, quiet, "圆通", "YT300400500")
    assert await town.owner("GET", f"/orders/{quiet['id']}/shipping-reports") == []


async def test_an_order_that_was_closed_with_money_kept_is_told_of_too(town: Town, shop: Shop, lily: Customer) -> None:
    await held(town)
    kept, gone = [await shop.sold(lily, delivery="express", address_id=await lily.address()) for _ in range(2)]
    for order, freight in ((kept, 0), (gone, FREIGHT_FEN)):
        lines = [{"line_id": order["lines"][0]["id"], "quantity": 1}]
        body = {"lines": lines, "freight_fen": freight, "reason": "不要了"}
        await town.owner("PUT", f"/orders/{order['id']}/refunds/{uuid4()}", body)
        await town.settle()
        assert (await town.order(order["id"]))["state"] == "closed"
    # The freight stays with the shop, and WeChat would hold it for ever: nothing is sent, and it is told just that.
    await town.advance(seconds=10)
    assert (await report(town, kept))["state"] == "sent"
    [told] = await town.sandbox.journal(name=UPLOAD, limit=200)
    said = json.loads(told["request"])
    assert (said["logistics_type"], [list(one) for one in said["shipping_list"]]) == (3, [["item_desc"]])
    number = (await town.order(kept["id"]))["charge"]["transaction_id"]
    assert said["order_key"]["transaction_id"] == number
    # Of what went back whole there is nothing to hold, and nothing to tell.
    assert await town.owner("GET", f"/orders/{gone['id']}/shipping-reports") == []
    assert await town.stuck_jobs() == []
