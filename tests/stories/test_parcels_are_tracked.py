"""Where parcels are: kuaidi100 tells, late, twice, out of order or falsely; and whoever asks is told, not too often."""

from typing import Any
from uuid import uuid4

import pytest

from make.town import Town
from make.townsfolk import Customer
from make.townshop import Shop

pytestmark = pytest.mark.slow
KEYS = {"customer": "CUSTOMER1", "key": "KuaidiKey0001"}
NUMBER = "YT1234567890123"
BY = f"/kuaidi/parcels/yuantong/{NUMBER}"


async def sent(town: Town, shop: Shop, who: Customer, company: str, number: str) -> dict[str, Any]:
    order: dict[str, Any] = await shop.sold(who, delivery="express", address_id=await who.address())
    await town.owner("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", {"company": company, "number": number})
    await town.settle()
    return order


async def track(town: Town, order: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await town.order(order["id"]))["shipments"][0]["track"]
    return found


async def asked(town: Town) -> int:
    return len(await town.sandbox.journal(name="POST /poll/query.do", limit=200))


async def test_a_parcel_is_followed_to_its_receipt(town: Town, shop: Shop, lily: Customer) -> None:
    await town.sandbox.call("POST", "/kuaidi/accounts", {"customer": KEYS["customer"], "key": KEYS["key"]})
    early = await sent(town, shop, lily, "顺丰", "SF123456789012")  # before there is an account
    assert await track(town, early) is None
    assert (await town.owner.refused("PUT", "/shop/tracking", {"customer": "C1", "enabled": True})) == (400, "invalid")

    # A wrong key is said where it is set; the right one takes up what was refused, and what was sent before.
    told = await town.owner("PUT", "/shop/tracking", KEYS | {"key": "Wrong1", "enabled": True})
    assert "Wrong1" not in str(told)
    await town.settle()
    assert (await town.owner("GET", "/shop/tracking"))["problem"] == "key"
    await town.owner("PUT", "/shop/tracking", KEYS | {"enabled": True})
    await town.settle()
    assert (await town.owner("GET", "/shop/tracking"))["problem"] == ""
    assert (await track(town, early))["state"] == "watched"
    await town.advance(hours=35)
    assert (await track(town, early))["stage"] == "signed"  # it went its course

    order = await sent(town, shop, lily, "圆通", NUMBER)
    # Moved by hand: the second push overtakes the first, another comes twice, one is somebody else's.
    await town.sandbox.fault("callback:kuaidi.push", "reorder", times=1)
    await town.sandbox.call("POST", BY, {"state": "1", "text": "已揽收", "ago_seconds": 7200})
    await town.sandbox.fault("callback:kuaidi.push", "repeat", times=1)
    await town.sandbox.call("POST", BY, {"state": "5", "text": "派送中", "ago_seconds": 60})
    await town.advance(minutes=2)
    seen = await track(town, order)
    assert (seen["stage"], [one["text"] for one in seen["events"]][:1]) == ("out", ["派送中"])
    assert {"已揽收", "派送中"} <= {one["text"] for one in seen["events"]}
    await town.sandbox.fault("callback:kuaidi.push", "forge", times=1)
    await town.sandbox.call("POST", BY, {"state": "3", "text": "已签收"})
    await town.settle()
    assert (await track(town, order))["stage"] == "out"
    await town.advance(minutes=36)  # kuaidi100 comes again
    seen = await track(town, order)
    assert (seen["stage"], seen["state"], len(seen["events"])) == ("signed", "ended", 3)
    mine = await lily.see(order)  # the days until it counts as received go on from its shipping
    assert (mine["state"], mine["shipments"][0]["track"]["stage"]) == ("shipped", "signed")
    kinds = [one["kind"] for one in (await town.order(order["id"]))["timeline"]]
    assert kinds.count("parcel.signed") == 1
    assert await town.stuck_jobs() == []


async def test_who_asks_is_told_and_not_more_often_than_every_half_hour(town: Town, shop: Shop, lily: Customer) -> None:
    await town.sandbox.call("POST", "/kuaidi/accounts", {"customer": KEYS["customer"], "key": KEYS["key"]})
    await town.owner("PUT", "/shop/tracking", KEYS | {"enabled": True})
    order = await sent(town, shop, lily, "圆通速递", NUMBER)
    parcel = (await town.order(order["id"]))["shipments"][0]["id"]
    path = f"/orders/{order['id']}/shipments/{parcel}/tracking"
    assert (await town.owner("POST", path))["events"] == []  # nothing is known yet
    await town.sandbox.fault("callback:kuaidi.push", "lose", times=1)
    await town.sandbox.call("POST", BY, {"state": "1", "text": "已揽收"})
    await town.settle()
    before = await asked(town)
    assert (await lily("POST", path))["events"] == []
    assert await asked(town) == before
    await town.advance(minutes=30)
    told = await lily("POST", path)
    assert ([one["text"] for one in told["events"]], told["stage"]) == (["已揽收"], "collected")
    assert await asked(town) == before + 1
    carol = await shop.stranger("carol")
    assert (await carol.ask("POST", path))[0] == 404
    await carol.close()
    await town.owner("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", {"company": "村口老李", "number": "L0001"})
    other = next(one["id"] for one in (await town.order(order["id"]))["shipments"] if one["id"] != parcel)
    assert await town.owner.refused("POST", path.replace(parcel, other)) == (409, "tracking.none")


async def test_what_kuaidi100_did_not_sign_is_not_taken_in(town: Town, shop: Shop, lily: Customer) -> None:
    await town.sandbox.call("POST", "/kuaidi/accounts", {"customer": KEYS["customer"], "key": KEYS["key"]})
    await town.owner("PUT", "/shop/tracking", KEYS | {"enabled": True})
    order = await sent(town, shop, lily, "圆通", NUMBER)
    parcels = (await town.sandbox.call("GET", "/kuaidi/parcels"))["items"]
    address = parcels[0]["watches"][0]["url"]
    param = '{"status":"shutdown","lastResult":{"state":"3","data":[]}}'
    for form, status in (({"param": param, "sign": "0" * 32}, 401), ({"param": param}, 401), ({}, 401)):
        async with town.owner.browser.session.post(address, data=form) as answer:
            assert answer.status == status
    for wrong in (address[:-1] + "x", address[:-32] + "0" * 32):
        async with town.owner.browser.session.post(wrong, data={"param": param, "sign": "0" * 32}) as answer:
            assert answer.status == 404
    assert (await track(town, order))["told_at"] is None


async def test_goods_that_come_back_are_followed_too(town: Town, shop: Shop, lily: Customer) -> None:
    await town.sandbox.call("POST", "/kuaidi/accounts", {"customer": KEYS["customer"], "key": KEYS["key"]})
    await town.owner("PUT", "/shop/tracking", KEYS | {"enabled": True})
    to = {"name": "张掌柜", "phone": "057187000000", "address": "杭州市西湖区龙井路 88 号"}
    await town.owner("PUT", "/after-sale-settings", {"return_to": to})
    order = await sent(town, shop, lily, "顺丰", "SF123456789012")
    case = f"/after-sales/{uuid4()}"
    line = {"line_id": (await lily.see(order))["lines"][0]["id"], "quantity": 1}
    body = {"kind": "return_and_refund", "reason": "changed_mind", "lines": [line]}
    await lily("PUT", f"/orders/{order['id']}{case}", body)
    await town.owner("PUT", f"{case}/answer", {"agreed": True})
    await lily("PUT", f"{case}/parcel", {"company": "圆通", "number": NUMBER})
    await town.settle()
    await town.sandbox.call("POST", BY, {"state": "1", "text": "已揽收"})
    await town.settle()
    for seen in (await town.owner("GET", case), await lily("GET", case)):
        assert (seen["track"]["stage"], [one["text"] for one in seen["track"]["events"]]) == ("collected", ["已揽收"])
