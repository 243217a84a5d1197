"""Orders at the simulated WeChat Pay: placed, placed again, paid, looked up, closed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from make.wxpay import APPID, World, a_world, opened, proved

JSAPI = "/v3/pay/transactions/jsapi"
NATIVE = "/v3/pay/transactions/native"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened_world:
        yield opened_world


def by_number(shop: Any, number: str = "ORDER0001") -> str:
    return f"/v3/pay/transactions/out-trade-no/{number}?mchid={shop.mchid}"


async def test_an_order_is_placed_paid_and_looked_up(world: World) -> None:
    shop, openid = await world.shop(), await world.person()
    placed = await shop.call("POST", JSAPI, shop.order(openid=openid, attach="cart-7"))
    assert placed.status == 200
    assert proved(shop.made, placed.headers, placed.body)
    assert placed.headers["Request-ID"]
    unpaid = (await shop.call("GET", by_number(shop))).json
    assert unpaid["trade_state"] == "NOTPAY"
    assert "transaction_id" not in unpaid
    assert "payer" not in unpaid
    bill = shop.bridge(placed.json["prepay_id"])
    shown = await world.hand("POST", "/people/lily/cashier", bill)
    assert (shown["result"], shown["merchant"], shown["total_fen"]) == ("open", "半山茶铺", 8800)
    result = await world.hand("POST", "/people/lily/pay", {**bill, "password": "123456"})
    assert result["err_msg"] == "get_brand_wcpay_request:ok"
    paid = (await shop.call("GET", by_number(shop))).json
    assert paid == {
        "appid": APPID,
        "mchid": shop.mchid,
        "out_trade_no": "ORDER0001",
        "transaction_id": result["transaction_id"],
        "trade_type": "JSAPI",
        "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功",
        "bank_type": "OTHERS",
        "attach": "cart-7",
        "success_time": "2026-11-02T10:00:00+08:00",
        "payer": {"openid": openid},
        "amount": {"total": 8800, "payer_total": 8800, "currency": "CNY", "payer_currency": "CNY"},
        "scene_info": {"device_id": ""},
        "promotion_detail": [],
    }
    by_id = f"/v3/pay/transactions/id/{paid['transaction_id']}?mchid={shop.mchid}"
    assert (await shop.call("GET", by_id)).json == paid


async def test_the_same_order_again_gives_another_prepay_id_and_other_words_are_refused(world: World) -> None:
    shop, openid = await world.shop(), await world.person()
    order = shop.order(openid=openid)
    first = (await shop.call("POST", JSAPI, order)).json["prepay_id"]
    second = (await shop.call("POST", JSAPI, order)).json["prepay_id"]
    assert first != second
    other = order | {"amount": {"total": 8801, "currency": "CNY"}}
    assert (await shop.call("POST", JSAPI, other)).code == (403, "OUT_TRADE_NO_USED")
    late = order | {"time_expire": "2026-11-02T12:00:00+08:00"}
    assert (await shop.call("POST", JSAPI, late)).code == (403, "OUT_TRADE_NO_USED")
    await world.hand("POST", "/people/lily/pay", {**shop.bridge(first), "password": "123456"})
    again = await world.hand("POST", "/people/lily/pay", {**shop.bridge(second), "password": "123456"})
    assert (again["result"], again["message"]) == ("fail", "该订单已支付")
    assert (await shop.call("POST", JSAPI, order)).code == (400, "INVALID_REQUEST")


async def test_closing_is_re_entrant_and_a_paid_order_cannot_be_closed(world: World) -> None:
    shop, openid = await world.shop(), await world.person()
    order = shop.order(openid=openid)
    prepay = (await shop.call("POST", JSAPI, order)).json["prepay_id"]
    path = "/v3/pay/transactions/out-trade-no/ORDER0001/close"
    for _ in range(2):
        closed = await shop.call("POST", path, {"mchid": shop.mchid})
        assert (closed.status, closed.body) == (204, b"")
        assert proved(shop.made, closed.headers, closed.body)
    assert (await shop.call("GET", by_number(shop))).json["trade_state"] == "CLOSED"
    refused = await world.hand("POST", "/people/lily/pay", {**shop.bridge(prepay), "password": "123456"})
    assert refused["message"] == "订单已关闭"
    assert (await shop.call("POST", JSAPI, order)).code == (400, "ORDER_CLOSED")
    await world.paid(shop, "ORDER0002")
    paid = await shop.call("POST", path.replace("0001", "0002"), {"mchid": shop.mchid})
    assert paid.code == (400, "INVALID_REQUEST")
    unknown = await shop.call("POST", path.replace("0001", "0003"), {"mchid": shop.mchid})
    assert unknown.code == (404, "ORDER_NOT_EXIST")


async def test_time_ends_prepays_and_orders(world: World) -> None:
    shop, openid = await world.shop(), await world.person()
    until = "2026-11-02T10:00:10+08:00"
    soon = shop.order("SOON0001", openid=openid, time_expire=until)
    short = (await shop.call("POST", JSAPI, soon)).json["prepay_id"]
    long = (await shop.call("POST", JSAPI, shop.order(openid=openid))).json["prepay_id"]
    await world.pass_seconds(30)  # an end nearer than a minute is moved to a minute
    assert (await world.hand("POST", "/people/lily/cashier", shop.bridge(short)))["result"] == "open"
    await world.pass_seconds(31)
    assert (await world.hand("POST", "/people/lily/cashier", shop.bridge(short)))["result"] == "fail"
    assert (await shop.call("GET", by_number(shop, "SOON0001"))).json["trade_state"] == "NOTPAY"
    await world.pass_seconds(7200)
    assert (await world.hand("POST", "/people/lily/cashier", shop.bridge(long)))["result"] == "fail"
    await world.pass_seconds(7 * 86400)
    assert (await shop.call("GET", by_number(shop))).json["trade_state"] == "CLOSED"


async def test_a_native_code_is_paid_by_whoever_scans_it(world: World) -> None:
    shop, openid = await world.shop(), await world.person()
    placed = await shop.call("POST", NATIVE, shop.order())
    code = placed.json["code_url"]
    assert code.startswith("weixin://wxpay/bizpayurl?pr=")
    result = await world.hand("POST", "/people/lily/pay", {"code_url": code, "password": "123456"})
    assert result["result"] == "ok"
    paid = (await shop.call("GET", by_number(shop))).json
    assert (paid["trade_type"], paid["payer"]) == ("NATIVE", {"openid": openid})


async def test_a_service_provider_trades_for_its_sub_merchant(world: World) -> None:
    provider = await world.shop(name="服务商")
    sub = await world.hand("POST", "/merchants", {"partner": provider.mchid, "name": "山下面馆", "appids": ["wxsub"]})
    stranger = await world.hand("POST", "/merchants", {"partner": "", "name": "别家"})
    openid = await world.person(appid="wxsub")
    order = {
        "sp_appid": APPID,
        "sp_mchid": provider.mchid,
        "sub_appid": "wxsub",
        "sub_mchid": sub["mchid"],
        "description": "牛肉面",
        "out_trade_no": "NOODLE001",
        "notify_url": world.ear.url,
        "amount": {"total": 2600},
        "payer": {"sub_openid": openid},
    }
    path = "/v3/pay/partner/transactions"
    placed = await provider.call("POST", f"{path}/jsapi", order)
    bill = provider.bridge(placed.json["prepay_id"], "wxsub")
    assert (await world.hand("POST", "/people/lily/pay", {**bill, "password": "123456"}))["result"] == "ok"
    who = f"?sp_mchid={provider.mchid}&sub_mchid={sub['mchid']}"
    paid = (await provider.call("GET", f"{path}/out-trade-no/NOODLE001{who}")).json
    assert (paid["sp_mchid"], paid["sub_mchid"], paid["sub_appid"]) == (provider.mchid, sub["mchid"], "wxsub")
    assert paid["payer"]["sub_openid"] == openid
    assert (await provider.call("GET", f"{path}/id/{paid['transaction_id']}{who}")).json == paid
    await world.settle()
    assert world.ear.resources(provider.made)[0]["sub_mchid"] == sub["mchid"]
    money = await world.hand("GET", f"/merchants/{sub['mchid']}")
    assert money["balance_fen"] == 2600 - 16
    both = order | {"out_trade_no": "NOODLE002", "payer": {"sub_openid": openid, "sp_openid": "o"}}
    assert (await provider.call("POST", f"{path}/jsapi", both)).code == (400, "PARAM_ERROR")
    other = order | {"out_trade_no": "NOODLE003", "sub_mchid": stranger["mchid"]}
    assert (await provider.call("POST", f"{path}/jsapi", other)).code == (403, "NO_AUTH")
    nobody = order | {"out_trade_no": "NOODLE004", "sub_mchid": "1"}
    assert (await provider.call("POST", f"{path}/native", nobody)).code == (400, "MCH_NOT_EXISTS")
    names = {"sp_mchid": provider.mchid, "sub_mchid": sub["mchid"]}
    assert (await provider.call("POST", f"{path}/native", order | {"out_trade_no": "NOODLE005"})).status == 200
    assert (await provider.call("POST", f"{path}/out-trade-no/NOODLE005/close", names)).status == 204


async def test_who_may_order_what(world: World) -> None:
    shop, other, openid = await world.shop(), await world.shop(), await world.person()
    wrong = shop.order(openid=openid) | {"mchid": other.mchid}
    assert (await shop.call("POST", JSAPI, wrong)).code == (400, "PARAM_ERROR")
    strange = shop.order(openid=openid) | {"appid": "wxnotmine"}
    assert (await shop.call("POST", JSAPI, strange)).code == (400, "APPID_MCHID_NOT_MATCH")
    unknown = await shop.call("POST", JSAPI, shop.order(openid="onobody"))
    assert unknown.code == (400, "PARAM_ERROR")
    assert unknown.json["detail"]["field"] == "/payer/openid"
    await world.paid(shop)
    peek = f"/v3/pay/transactions/out-trade-no/ORDER0001?mchid={other.mchid}"
    assert (await other.call("GET", peek)).code == (404, "ORDER_NOT_EXIST")
    assert (await other.call("GET", by_number(shop))).code == (400, "PARAM_ERROR")


async def test_certificates_are_sealed_and_rotate(world: World) -> None:
    shop = await world.shop(mode="certificate")
    listed = await shop.call("GET", "/v3/certificates")
    sealed = listed.json["data"][0]
    assert sealed["encrypt_certificate"]["associated_data"] == "certificate"
    assert opened(shop.made, sealed["encrypt_certificate"]).decode() == shop.made["certificates"][0]["pem"]
    assert proved(shop.made, listed.headers, listed.body)
    await world.pass_seconds(60)
    fresh = await world.hand("POST", f"/merchants/{shop.mchid}/certificates")
    made = await world.hand("GET", f"/merchants/{shop.mchid}")
    again = await shop.call("GET", "/v3/certificates")
    assert len(again.json["data"]) == 2
    assert again.headers["Wechatpay-Serial"] == fresh["serial"]
    assert proved(made, again.headers, again.body)
    asked = await shop.call("GET", "/v3/certificates", headers={"Wechatpay-Serial": sealed["serial_no"]})
    assert asked.headers["Wechatpay-Serial"] == sealed["serial_no"]
    modern = await world.shop()
    assert (await modern.call("GET", "/v3/certificates")).code == (404, "RESOURCE_NOT_EXISTS")


async def test_what_was_answered_survives_a_restart(tmp_path: Any) -> None:
    async with a_world(data_dir=tmp_path) as before:
        shop = await before.shop()
        await before.paid(shop)
        made = shop.made
    async with a_world(data_dir=tmp_path) as after:
        from make.wxpay import Shop

        again = Shop(after.box, after.http, made)
        assert (await again.call("GET", by_number(again))).json["trade_state"] == "SUCCESS"
