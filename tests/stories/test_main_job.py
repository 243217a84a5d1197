"""The main job, end to end: from the authorization to a bill that agrees with the books."""

from uuid import uuid4

from make.streets import Customer, Street
from make.towns import ACCOUNT
from make.worlds import Browser, make_staff
from tongshang.tenancy.model import Role


async def test_the_main_job(street: Street, ann: Customer) -> None:
    # Welcomed, with a link and a coupon.
    (welcome,) = [line["content"]["text"] for line in await ann.phone.chat(ACCOUNT) if line["kind"] == "text"]
    assert "欢迎来到云上茶园" in welcome
    assert "新客立减" in welcome
    assert "/s/tea/" in welcome
    (coupon,) = await ann.do("GET", "/coupons")
    codes = (await street.console("GET", "/scene-codes"))["items"]
    assert codes[0]["counts"] == {"scans": 1, "follows": 1}

    # Into the cart, out of it by express, with the coupon, at the price that was shown.
    await ann.do("PUT", f"/cart/lines/{street.tea}", {"quantity": 1})
    await ann.do("PUT", f"/cart/lines/{street.cup}", {"quantity": 1})
    address = await ann.move_in()
    order = await ann.place(**{"from": "cart", "delivery": "express", "address_id": address, "coupon_id": coupon["id"]})
    assert (order["state"], order["total_fen"]) == ("unpaid", 9_900 + 6_900 - 1_000 + 800)
    assert (await ann.do("GET", "/cart"))["count"] == 0
    await ann.pay(order["id"])
    assert (await ann.see(order["id"]))["state"] == "paid"

    # The merchant sends it; the customer has it.
    assert [one["number"] for one in await street.orders("?state=paid")] == [order["number"]]
    parcel = {"company": "顺丰速运", "number": "SF1234567890"}
    await street.console("PUT", f"/orders/{order['id']}/shipments/{uuid4()}", parcel)
    assert (await ann.see(order["id"]))["shipments"][0]["number"] == "SF1234567890"
    await ann.do("PUT", f"/orders/{order['id']}/receipt")

    # One piece comes back; its share of the coupon does not.
    before = await ann.wallet()
    shown = await street.order(order["id"])
    cup = next(line for line in shown["lines"] if line["title"] == "白瓷盖碗")
    share = 1_000 * 6_900 // 16_800 + 1  # the largest remainder is the cup's
    asked = {"lines": [{"line_id": cup["id"], "quantity": 1}], "reason": "杯沿有磕碰"}
    refund = f"/orders/{order['id']}/refunds/{uuid4()}"
    first = await street.console("PUT", refund, asked)
    again = await street.console("PUT", refund, asked)  # the double click
    assert first["amount_fen"] == again["amount_fen"] == 6_900 - share
    await street.town.settle()
    await street.town.advance(seconds=30)
    await street.town.settle()
    assert await ann.wallet() - before == 6_900 - share
    assert (await ann.see(order["id"]))["refund"] == "part"

    # Somebody else picks up in the shop, with a code that is good once.
    bob = await street.customer("bob")
    picked = await bob.buy_now(street.tea)
    await bob.pay(picked["id"])
    code = (await bob.see(picked["id"]))["pickup_code"]
    await make_staff(street.town.world, street.town.merchant, login="shop@tea", role=Role.ASSISTANT)
    assistant = Browser(street.town.owner.url)
    await assistant.log_in("shop@tea")
    assert (await assistant("GET", f"/api/console/pickups/{code}"))[1]["number"] == picked["number"]
    assert (await assistant("PUT", f"/api/console/pickups/{code}/verification"))[0] == 200
    status, refused = await assistant("PUT", f"/api/console/pickups/{code}/verification")
    assert (status, refused["code"]) == (409, "pickup.already")
    assert (await assistant("GET", "/api/console/orders"))[0] == 403
    assert (await bob.see(picked["id"]))["state"] == "completed"
    await assistant.close()
    await bob.phone.close()

    # Next morning the bill agrees with the ledger, to the fen.
    day = await street.next_morning()
    bill = await street.console("GET", f"/reconciliation/{day}")
    assert (bill["state"], bill["differences"]) == ("agreed", [])
    assert bill["paid_fen"] == order["total_fen"] + picked["total_fen"]
    assert bill["refund_fen"] == 6_900 - share
    assert bill["fee_fen"] > 0

    # And the timeline of the fan tells it from follow to refund.
    fan = next(one for one in await street.town.fans() if one["spent_fen"] == order["total_fen"] - 6_900 + share)
    kinds = [line["kind"] for line in (await street.console("GET", f"/fans/{fan['id']}"))["timeline"]]
    assert [kind for kind in reversed(kinds) if kind in ("fan.followed", "order.paid", "order.refunded")] == [
        "fan.followed",
        "order.paid",
        "order.refunded",
    ]
