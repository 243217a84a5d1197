"""WeChat on bad days: tokens die, people come and go, callbacks are forged, shops are suspended, privacy is refused."""

import asyncio
from uuid import uuid4

from make.streets import Customer, Street
from make.towns import ACCOUNT, COMPONENT
from tongshang.tenancy import merchants


async def test_a_token_that_dies_early_heals_by_itself(street: Street, ann: Customer) -> None:
    await street.town.sandbox.fault("POST /cgi-bin/message/custom/send", "expire_token", times=1)
    bob = await street.customer("bob")
    for _ in range(3):
        await street.town.settle()
        await street.town.advance(seconds=10)
    assert any("欢迎来到云上茶园" in str(line["content"]) for line in await bob.phone.chat(ACCOUNT))
    await bob.phone.close()


async def test_who_leaves_and_comes_back_is_the_same_fan(street: Street, ann: Customer) -> None:
    await ann.phone.unfollow(ACCOUNT)
    await street.town.settle()
    assert [one["subscribed"] for one in await street.town.fans()] == [False]
    await street.town.advance(seconds=60)
    await ann.phone.follow(ACCOUNT)
    await street.town.settle()
    assert [one["subscribed"] for one in await street.town.fans()] == [True]
    kinds = [line["kind"] for line in (await street.town.fan())["timeline"]]
    assert kinds.count("fan.followed") == 2
    assert len(await ann.do("GET", "/coupons")) == 1  # one person, one welcome coupon


async def test_a_callback_that_comes_three_times_counts_once(street: Street) -> None:
    await street.town.sandbox.fault("callback:message.*", "repeat")
    bob = await street.customer("bob")
    assert len(await street.town.fans()) == 1
    codes = (await street.console("GET", "/scene-codes"))["items"]
    assert codes[0]["counts"]["follows"] == 1
    await bob.phone.close()


async def test_a_forged_callback_is_refused_and_shown(street: Street) -> None:
    await street.town.sandbox.fault("callback:message.*", "forge")
    mallory = await street.town.sandbox.person("mallory")
    await mallory.follow(ACCOUNT)
    await street.town.settle()
    assert await street.town.fans() == []
    await mallory.close()


async def test_an_account_that_withdraws_is_shown_as_withdrawn(street: Street) -> None:
    await street.town.sandbox.withdraw(COMPONENT, ACCOUNT)
    await street.town.settle()
    account = (await street.console("GET", "/wechat"))["account"]
    assert account["state"] == "withdrawn"


async def test_who_refuses_the_privacy_text_may_browse_but_leaves_no_address(street: Street, ann: Customer) -> None:
    assert (await ann.do("GET", "/products"))["items"]
    where = {"name": "小爱", "phone": "13800138000", "region": ["浙江省"], "detail": "龙井路 1 号"}
    status, refused = await ann.ask("PUT", f"/addresses/{uuid4()}", where)
    assert (status, refused["code"]) == (403, "consent.needed")
    order = await ann.buy_now(street.tea)  # picked up in the shop, no address needed
    assert order["state"] == "unpaid"
    await ann.agree()
    await ann.do("PUT", f"/addresses/{uuid4()}", where)
    version = (await ann.do("GET", "/consent"))["version"]
    await ann.do("PUT", "/consent", {"version": version, "accepted": False})
    assert (await ann.ask("PUT", f"/addresses/{uuid4()}", where))[0] == 403


async def test_stock_that_went_between_cart_and_checkout_is_said_plainly(street: Street, ann: Customer) -> None:
    await ann.do("PUT", f"/cart/lines/{street.cup}", {"quantity": 5})
    quote = await ann.quote(**{"from": "cart", "delivery": "pickup"})
    bob = await street.customer("bob")
    await bob.buy_now(street.cup, 1)
    asked = {"from": "cart", "delivery": "pickup", "quote_token": quote["quote_token"]}
    status, refused = await ann.ask("PUT", f"/orders/{uuid4()}", {**asked, "expected_total_fen": quote["total_fen"]})
    assert (status, refused["code"]) == (409, "basket.sold_out")
    assert "4" in refused["title"]
    assert (await ann.do("GET", "/cart"))["count"] == 5
    await bob.phone.close()


async def test_of_two_who_want_the_last_coupon_one_gets_it(street: Street, ann: Customer) -> None:
    last = str(uuid4())
    offer = {"name": "限量券", "minus_fen": 500, "min_spend_fen": 1_000, "total": 1}
    await street.console("PUT", f"/coupons/{last}", offer)
    bob = await street.customer("bob")
    answers = await asyncio.gather(*(who.ask("POST", f"/coupons/{last}/claims") for who in (ann, bob)))
    assert sorted(status for status, _ in answers) == [201, 409]
    await bob.phone.close()


async def test_a_suspended_shop_is_not_there(street: Street, ann: Customer) -> None:
    async with street.town.world.tx(street.town.merchant) as tx:
        await merchants.suspend(tx)
    assert (await ann.ask("GET", "/products"))[0] == 404
    assert (await ann.phone.open(street.town.at("/s/tea/"))).status == 404
    async with street.town.world.tx(street.town.merchant) as tx:
        await merchants.resume(tx)
    assert (await ann.ask("GET", "/products"))[0] == 200


async def test_a_strangers_order_is_not_there(street: Street, ann: Customer) -> None:
    order = await ann.buy_now(street.tea)
    bob = await street.customer("bob")
    for method, path in (("GET", ""), ("POST", "/payment"), ("PUT", "/cancellation"), ("PUT", "/receipt")):
        status, _ = await bob.ask(method, f"/orders/{order['id']}{path}")
        assert status == 404, (method, path)
    assert (await ann.see(order["id"]))["state"] == "unpaid"
    await bob.phone.close()
