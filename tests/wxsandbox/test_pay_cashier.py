"""What a person meets at the simulated cashier: checks, passwords, bad ends, receipts."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from make.wxpay import Shop, World, a_world

PAY = "/people/lily/pay"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened_world:
        yield opened_world


async def bill(world: World, shop: Shop, number: str = "ORDER0001") -> dict[str, str]:
    order = shop.order(number, openid=await world.person())
    placed = await shop.call("POST", "/v3/pay/transactions/jsapi", order)
    return shop.bridge(placed.json["prepay_id"])


async def state(shop: Shop) -> str:
    path = f"/v3/pay/transactions/out-trade-no/ORDER0001?mchid={shop.mchid}"
    return str((await shop.call("GET", path)).json["trade_state"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"appId": "wxother"}, "当前页面的AppID与下单的AppID不一致"),
        ({"timeStamp": "1"}, "支付验证签名失败"),
        ({"timeStamp": "now"}, "商家参数格式有误，请联系商家解决"),
        ({"nonceStr": "other"}, "支付验证签名失败"),
        ({"nonceStr": "n" * 33}, "商家参数格式有误，请联系商家解决"),
        ({"signType": "MD5"}, "商家参数格式有误，请联系商家解决"),
        ({"paySign": "AAAA"}, "支付验证签名失败"),
        ({"paySign": "!"}, "支付验证签名失败"),
        ({"package": "prepay_id=wx0"}, "商户订单信息有误，请联系商家"),
        ({"package": ""}, "商户订单信息有误，请联系商家"),
        ({"code_url": "weixin://wxpay/bizpayurl?pr=nothing"}, "商户订单信息有误，请联系商家"),
    ],
)
async def test_a_wrong_request_never_opens_the_cashier(world: World, changes: dict[str, str], message: str) -> None:
    shop = await world.shop()
    wrong = {**await bill(world, shop), **changes}
    for path in ("/people/lily/cashier", PAY):
        said = await world.hand("POST", path, {**wrong, "password": "123456"})
        assert (said["result"], said["message"]) == ("fail", message)
        assert said["err_msg"] == "get_brand_wcpay_request:fail"
    assert await state(shop) == "NOTPAY"


async def test_only_the_payer_of_the_order_may_pay(world: World) -> None:
    shop = await world.shop()
    asked = await bill(world, shop)
    await world.person("bob")
    said = await world.hand("POST", "/people/bob/pay", {**asked, "password": "123456"})
    assert said["message"] == "当前用户与下单用户不一致"
    await world.hand("POST", "/people/nobody/pay", asked, status=404)


async def test_the_password_has_six_digits_and_is_right(world: World) -> None:
    shop = await world.shop()
    asked = await bill(world, shop)
    for password in ("", "12345", "1234567", "abcdef", "654321"):
        said = await world.hand("POST", PAY, {**asked, "password": password})
        assert (said["result"], said["err_msg"]) == ("wrong_password", None)
    await world.hand("POST", "/people/lily/wallet", {"password": "654321"})
    said = await world.hand("POST", PAY, {**asked, "password": "654321"})
    assert said["result"] == "ok"


@pytest.mark.parametrize(
    ("outcome", "err_msg", "after"),
    [
        ("wrong_password", None, "NOTPAY"),
        ("insufficient", None, "NOTPAY"),
        ("lost", "get_brand_wcpay_request:fail", "SUCCESS"),
        ("ok", "get_brand_wcpay_request:ok", "SUCCESS"),
    ],
)
async def test_bad_ends_on_demand(world: World, outcome: str, err_msg: str | None, after: str) -> None:
    shop = await world.shop()
    said = await world.hand("POST", PAY, {**await bill(world, shop), "password": "123456", "outcome": outcome})
    assert (said["result"], said["err_msg"]) == (outcome, err_msg)
    assert await state(shop) == after
    await world.settle()
    assert len(world.ear.heard) == (after == "SUCCESS")


async def test_leaving_the_cashier_changes_nothing(world: World) -> None:
    shop = await world.shop()
    asked = await bill(world, shop)
    said = await world.hand("POST", "/people/lily/cancel", asked)
    assert said["err_msg"] == "get_brand_wcpay_request:cancel"
    assert await state(shop) == "NOTPAY"
    assert (await world.hand("POST", PAY, {**asked, "password": "123456"}))["result"] == "ok"


async def test_receipts_and_refunds_stand_in_the_chat(world: World) -> None:
    shop = await world.shop()
    paid = await world.paid(shop)
    asked = shop.refund("R1", "ORDER0001", 1900, 8800, reason="缺货")
    await shop.call("POST", "/v3/refund/domestic/refunds", asked)
    await world.pass_seconds(3)
    person: dict[str, Any] = await world.hand("GET", "/people/lily")
    chat = next(one for one in person["chats"] if one["appid"] == "wechatpay")
    assert chat["nick_name"] == "微信支付"
    receipt, refund = chat["messages"]
    assert (receipt["kind"], receipt["content"]["amount"]) == ("receipt", "¥88.00")
    assert receipt["content"]["transaction_id"] == paid["transaction_id"]
    assert (refund["kind"], refund["content"]["amount"]) == ("refund", "¥19.00")
    purse = await world.hand("GET", "/people/lily/wallet")
    assert [line["fen"] for line in purse["lines"]] == [-8800, 1900]


async def test_an_empty_purse_pays_by_card(world: World) -> None:
    shop = await world.shop()
    await world.person()
    await world.hand("POST", "/people/lily/wallet", {"balance_fen": 10})
    await world.paid(shop)
    path = f"/v3/pay/transactions/out-trade-no/ORDER0001?mchid={shop.mchid}"
    assert (await shop.call("GET", path)).json["bank_type"] == "CMB_DEBIT"
    assert (await world.hand("GET", "/people/lily/wallet"))["balance_fen"] == 10
