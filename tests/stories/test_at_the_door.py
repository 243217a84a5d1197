"""Who may come in, who may not, and who stands before an empty shelf."""

import asyncio
from uuid import uuid4

from make.town import ACCOUNT, Town
from make.townsfolk import HOME, Customer
from make.townshop import Shop
from tongshang.tenancy.model import Role


async def fans(town: Town) -> int:
    """Count the fans that the console knows."""
    return len((await town.owner("GET", "/fans"))["items"])


async def test_a_snapshot_visitor_browses_and_is_nobody(shop: Shop) -> None:
    town = shop.town
    await town.sandbox.account(ACCOUNT, snapshot=True)
    ghost = await town.person("ghost")
    page = await ghost.open(scope="snsapi_userinfo")
    page = await ghost.phone.consent(page) if "login=" not in page.url else page
    assert page.url.endswith("login=snapshot")
    assert await fans(town) == 0
    assert len((await ghost("GET", "/products"))["items"]) == 2
    assert (await ghost.refused("GET", "/cart"))[0] == 401
    # Opened in full, the same person is welcome.
    await town.sandbox.account(ACCOUNT, snapshot=False)
    await ghost.enter()
    assert await fans(town) == 1


async def test_a_log_in_is_good_for_one_browser_and_one_return(shop: Shop, lily: Customer) -> None:
    town = shop.town
    page = await lily.open()
    (back,) = [url for url in page.visited if "/wechat/oauth/callback" in url]
    assert "login_ticket=" not in (await lily.phone.open(back)).url
    mallory = await town.person("mallory")
    stolen = await mallory.phone.open(back)
    assert (stolen.status, "login_ticket=" in stolen.url) == (403, False)
    ticket = page.url.partition("login_ticket=")[2]
    assert (await mallory.ask("POST", "/sessions", {"ticket": ticket}))[0] == 200
    assert (await lily.ask("POST", "/sessions", {"ticket": ticket}))[0] in (401, 403, 410)


async def test_who_refuses_the_privacy_text_browses_and_picks_up_but_leaves_no_address(
    shop: Shop, lily: Customer
) -> None:
    await lily.agree(accepted=False)
    assert (await lily("GET", "/products"))["items"]
    assert await lily.refused("PUT", f"/addresses/{uuid4()}", HOME) == (403, "consent.needed")
    assert (await shop.sold(lily))["state"] == "paid"
    kept = await lily.address()  # agrees, and leaves one
    asked = {"name": "云上茶园", "privacy_text": "新的隐私政策：我们还会用您的电话通知您取货。"}
    await shop.town.owner("PUT", "/shop", asked)
    # Another text is another question.
    assert await lily.refused("PUT", f"/addresses/{kept}", HOME) == (403, "consent.needed")
    text = await lily("GET", "/consent")
    assert (text["text"], text["accepted"], text["answered_version"]) == (asked["privacy_text"], True, "1")
    assert text["version"] != "1"  # the text now has another version than the one that was agreed to
    await lily.agree()
    await lily("PUT", f"/addresses/{kept}", HOME)
    fan = (await shop.town.owner("GET", "/fans"))["items"][0]["id"]
    consents = (await shop.town.owner("GET", f"/fans/{fan}"))["consents"]
    assert [one["accepted"] for one in consents] == [True, True, False]
    assert len({one["version"] for one in consents}) == 2


async def test_who_takes_the_consent_back_leaves_no_address_but_gets_the_parcel(shop: Shop, lily: Customer) -> None:
    order = await lily.buy(shop.tea, delivery="express", address_id=await lily.address())
    await lily.pay(order)
    await lily.agree(accepted=False)
    await shop.town.settle()
    assert await lily("GET", "/addresses") == []
    assert (await shop.town.order(order["id"]))["address"]["name"] == HOME["name"]
    await lily.address()  # she changes her mind
    await shop.town.settle()
    assert len(await lily("GET", "/addresses")) == 1


async def test_goods_that_went_between_cart_and_checkout_are_named(shop: Shop, lily: Customer) -> None:
    await lily("PUT", f"/cart/lines/{shop.cup}", {"quantity": 5})
    asked = await lily.quote(**{"from": "cart", "delivery": "pickup"})
    ann = await shop.stranger("ann")
    await ann.buy(shop.cup, 2)
    status, answer = await lily.ask("PUT", f"/orders/{uuid4()}", asked)
    assert (status, answer["code"]) == (409, "basket.sold_out")
    assert "白瓷盖碗" in answer["title"]
    assert "3" in answer["title"]
    # A new look says what is wrong, and with three it goes.
    again = await lily("POST", "/quote", {"from": "cart", "delivery": "pickup"})
    assert [problem["code"] for problem in again["problems"]] == ["basket.sold_out"]
    await lily("PUT", f"/cart/lines/{shop.cup}", {"quantity": 3})
    assert (await lily.order(**{"from": "cart", "delivery": "pickup"}))["state"] == "unpaid"
    assert await shop.stock(shop.cup) == 0


async def test_of_many_who_want_the_last_three_exactly_three_get_one(shop: Shop) -> None:
    crowd = [await shop.stranger(f"guest{n}") for n in range(8)]
    asked = [await one.quote(**{"from": {"variant_id": shop.big}, "delivery": "pickup"}) for one in crowd]
    answers = await asyncio.gather(
        *(one.ask("PUT", f"/orders/{uuid4()}", body) for one, body in zip(crowd, asked, strict=True))
    )
    assert sorted(status for status, _ in answers) == [200] * 3 + [409] * 5
    assert {answer["code"] for status, answer in answers if status == 409} == {"basket.sold_out"}
    assert await shop.stock(shop.big) == 0


async def test_of_many_who_want_the_last_coupons_each_gets_one_until_they_are_gone(shop: Shop) -> None:
    coupon = str(uuid4())
    offer = {"name": "限量券", "minus_fen": 500, "min_spend_fen": 1_000, "total": 3}
    await shop.town.owner("PUT", f"/coupons/{coupon}", offer)
    crowd = [await shop.stranger(f"guest{n}") for n in range(6)]
    answers = await asyncio.gather(*(one.ask("POST", f"/coupons/{coupon}/claims") for one in crowd for _ in range(2)))
    assert sum(status == 201 for status, _ in answers) == 3
    assert {answer["code"] for status, answer in answers if status != 201} <= {"coupon.all_gone", "coupon.enough"}
    held = [len(await one("GET", "/coupons")) for one in crowd]
    assert (sum(held), max(held)) == (3, 1)


async def test_a_suspended_shop_is_not_there_until_it_is_opened_again(shop: Shop, lily: Customer) -> None:
    town = shop.town
    order = await lily.buy(shop.tea)
    bill = await lily.bill(order)
    await town.provider("PUT", f"/merchants/{town.merchant}/suspension")
    assert (await lily.ask("GET", "/products"))[0] == 404
    assert (await lily.ask("GET", f"/orders/{order['id']}"))[0] == 404
    assert (await lily.open()).status == 404
    assert (await lily.phone.open(town.at("/s/tea/"))).status == 404
    unknown = await lily.phone.open(town.at("/s/nobody/"))
    assert unknown.status == 404
    # Money that is on its way still arrives, and the owner still sees it.
    assert (await lily.phone.pay(bill))["result"] == "ok"
    await town.settle()
    assert (await town.order(order["id"]))["state"] == "paid"
    await town.provider("DELETE", f"/merchants/{town.merchant}/suspension")
    assert (await lily.see(order))["state"] == "paid"


async def test_staff_do_what_their_rank_allows_and_leave_when_they_are_let_go(shop: Shop, lily: Customer) -> None:
    town = shop.town
    order = await shop.sold(lily)
    assistant = await town.hire("counter@tea", Role.ASSISTANT)
    assert await assistant.refused("GET", "/orders") == (403, "forbidden")
    assert await assistant.refused("PUT", "/shop", {"name": "我的店"}) == (403, "forbidden")
    assert (await assistant("GET", f"/pickups/{order['pickup_code']}"))["number"] == order["number"]
    me = (await assistant("GET", "/me"))["staff"]["id"]
    await town.owner("DELETE", f"/staff/{me}")
    assert (await assistant.ask("PUT", f"/pickups/{order['pickup_code']}/verification"))[0] == 401
    assert (await lily.see(order))["state"] == "paid"
    await assistant.close()


async def test_a_strangers_order_is_not_there(shop: Shop, lily: Customer) -> None:
    order = await lily.buy(shop.tea)
    bob = await shop.stranger("bob")
    for method, path in (("GET", ""), ("POST", "/payment"), ("PUT", "/cancellation"), ("PUT", "/receipt")):
        status, _ = await bob.ask(method, f"/orders/{order['id']}{path}")
        assert status == 404, (method, path)
    assert (await lily.see(order))["state"] == "unpaid"
    await bob.close()
