"""From an empty console to money that agrees with the books, with nothing done behind anybody's back."""

from uuid import uuid4

from make.town import ACCOUNT, Town
from make.townshop import CUP_FEN, FREIGHT_FEN, TEA_FEN, open_shop
from tongshang.tenancy.model import Role


async def test_a_new_merchant_sells_ships_hands_over_refunds_and_next_morning_the_books_agree(town: Town) -> None:
    # The owner sees that WeChat is not connected, connects it, and sets up shop.
    assert (await town.owner("GET", "/wechat"))["account"] is None
    shop = await open_shop(town)
    account = (await town.owner("GET", "/wechat"))["account"]
    assert (account["nick_name"], account["state"], account["token"]["healthy"]) == ("云上茶园", "authorized", True)

    # Ann scans the counter's code, follows, and is greeted with a link and a coupon.
    ann = await shop.follower("ann")
    (welcome,) = [bubble["content"]["text"] for bubble in await ann.phone.chat(ACCOUNT) if bubble["kind"] == "text"]
    assert "欢迎来到云上茶园" in welcome
    assert "新客立减" in welcome
    assert f'href="{town.at("/s/tea/")}"' in welcome
    (code,) = (await town.owner("GET", "/scene-codes"))["items"]
    assert code["counts"] == {"scans": 1, "follows": 1}

    # She fills her cart, uses the coupon, pays in the cashier, and the parcel is sent.
    (coupon,) = await ann("GET", "/coupons")
    for variant in (shop.tea, shop.cup):
        await ann("PUT", f"/cart/lines/{variant}", {"quantity": 1})
    wanted = {"from": "cart", "delivery": "express", "address_id": await ann.address(), "coupon_id": coupon["id"]}
    sent = await ann.order(**wanted)
    assert sent["total_fen"] == TEA_FEN + CUP_FEN - 1_000 + FREIGHT_FEN
    await ann.pay(sent)
    await town.settle()
    assert (await ann("GET", "/coupons"))[0]["state"] == "used"
    await town.owner("PUT", f"/orders/{sent['id']}/shipments/{uuid4()}", {"company": "顺丰", "number": "SF100200300"})
    seen = await ann.see(sent)
    assert (seen["state"], seen["shipments"][0]["number"]) == ("shipped", "SF100200300")

    # Bob picks up at the counter; the assistant's phone says what to hand out, once.
    bob = await shop.stranger("bob")
    picked = await shop.sold(bob)
    assistant = await town.hire("counter@tea", Role.ASSISTANT)
    shown = await assistant("GET", f"/pickups/{picked['pickup_code']}")
    assert [(line["title"], line["quantity"]) for line in shown["lines"]] == [("明前龙井", 1)]
    await assistant("PUT", f"/pickups/{picked['pickup_code']}/verification")
    twice = await assistant.refused("PUT", f"/pickups/{picked['pickup_code']}/verification")
    assert twice == (409, "pickup.already")
    assert (await bob.see(picked))["state"] == "completed"

    # The cup is chipped: its own share comes back, the rest stays.
    before = await ann.money()
    cup = next(line for line in (await town.order(sent["id"]))["lines"] if line["title"] == "白瓷盖碗")
    assert cup["allocation"]["goods_fen"] - cup["allocation"]["discount_fen"] == cup["allocation"]["paid_fen"]
    asked = {"lines": [{"line_id": cup["id"], "quantity": 1}], "reason": "杯沿有磕碰"}
    back = (await town.owner("PUT", f"/orders/{sent['id']}/refunds/{uuid4()}", asked))["amount_fen"]
    assert back == cup["allocation"]["paid_fen"]
    await town.advance(minutes=1)
    assert await ann.money() - before == back
    assert (await ann.see(sent))["refund"] == "part"

    # Next morning's bill agrees, and what the ledger says WeChat owes us is what WeChat says it owes us.
    day = await town.next_morning()
    report = await town.owner("GET", f"/reconciliation/{day}")
    assert (report["state"], report["differences"]) == ("agreed", [])
    assert report["paid_fen"] == sent["total_fen"] + picked["total_fen"]
    assert report["refund_fen"] == back
    books = await town.balances()
    assert books["cash_at_wechat"] == (await town.sandbox.merchant_now(town.mchid))["balance_fen"]
    assert await town.stuck_jobs() == []
    for one in (ann, bob, assistant):
        await one.close()
