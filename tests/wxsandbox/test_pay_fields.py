"""Every field of the contract, wrong in one way at a time, is refused by name."""

from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any

import pytest

from make.wxpay import APPID, Shop, World, a_world

GONE = object()
ORDER: list[tuple[str, Any]] = [
    ("/appid", GONE),
    ("/appid", ""),
    ("/appid", "x" * 33),
    ("/appid", 7),
    ("/mchid", GONE),
    ("/mchid", "1" * 33),
    ("/description", GONE),
    ("/description", ""),
    ("/description", "茶" * 128),
    ("/out_trade_no", GONE),
    ("/out_trade_no", "12345"),
    ("/out_trade_no", "1" * 33),
    ("/out_trade_no", "中文编号1234"),
    ("/out_trade_no", "with space"),
    ("/out_trade_no", "newline1\n"),
    ("/time_expire", "tomorrow"),
    ("/time_expire", "2026-11-32T10:00:00+08:00"),
    ("/time_expire", "2026-12-02T10:00:00+08:00"),
    ("/attach", "a" * 129),
    ("/attach", None),
    ("/notify_url", GONE),
    ("/notify_url", "http://shop.example.com/notice"),
    ("/notify_url", "https://shop.example.com/notice?a=1"),
    ("/notify_url", "https://192.0.2.1/notice"),
    ("/notify_url", "https://shop.example.com:port/notice"),
    ("/notify_url", "/notice"),
    ("/notify_url", "https://shop.example.com/" + "n" * 255),
    ("/goods_tag", "g" * 33),
    ("/support_fapiao", "yes"),
    ("/limit_pay", "no_credit"),
    ("/limit_pay/0", "no_money"),
    ("/amount", GONE),
    ("/amount", 100),
    ("/amount/total", GONE),
    ("/amount/total", 0),
    ("/amount/total", -1),
    ("/amount/total", 1.5),
    ("/amount/total", "100"),
    ("/amount/total", 10**13),
    ("/amount/currency", "USD"),
    ("/payer", GONE),
    ("/payer/openid", GONE),
    ("/payer/openid", "o" * 129),
    ("/payer/identity/type", "LIBRARY_CARD"),
    ("/detail/cost_price", -1),
    ("/detail/invoice_id", "i" * 33),
    ("/detail/goods_detail", []),
    ("/detail/goods_detail/0/merchant_goods_id", GONE),
    ("/detail/goods_detail/0/merchant_goods_id", "g" * 33),
    ("/detail/goods_detail/0/quantity", 0),
    ("/detail/goods_detail/0/unit_price", GONE),
    ("/detail/goods_detail/0/goods_name", "n" * 257),
    ("/scene_info/payer_client_ip", "1" * 46),
    ("/scene_info/device_id", "d" * 33),
    ("/scene_info/store_info/id", GONE),
    ("/scene_info/store_info/address", "a" * 513),
    ("/settle_info/profit_sharing", 1),
]
REFUND: list[tuple[str, Any]] = [
    ("/out_refund_no", GONE),
    ("/out_refund_no", "r" * 65),
    ("/out_refund_no", "r#1"),
    ("/out_trade_no", "x y z 1 2 3"),
    ("/reason", "r" * 81),
    ("/notify_url", "http://shop.example.com/notice"),
    ("/funds_account", "POCKET"),
    ("/amount", GONE),
    ("/amount/refund", 0),
    ("/amount/refund", GONE),
    ("/amount/total", GONE),
    ("/amount/total", "8800"),
    ("/amount/currency", GONE),
    ("/amount/currency", "EUR"),
    ("/amount/from/0/account", "SOMEWHERE"),
    ("/amount/from/0/amount", 0),
    ("/goods_detail/0/merchant_goods_id", GONE),
    ("/goods_detail/0/refund_quantity", 0),
]


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world() as opened_world:
        yield opened_world


@pytest.fixture(scope="module")
async def shop(world: World) -> Shop:
    return await world.shop()


def full_order(mchid: str, openid: str) -> dict[str, Any]:
    goods = {"merchant_goods_id": "1", "quantity": 1, "unit_price": 100, "goods_name": "茶"}
    store = {"id": "s1", "name": "总店", "area_code": "440305", "address": "深圳"}
    return {
        "appid": APPID,
        "mchid": mchid,
        "description": "明前龙井",
        "out_trade_no": "FIELD0001",
        "time_expire": "2026-11-03T10:00:00+08:00",
        "attach": "a",
        "notify_url": "https://shop.example.com/notice",
        "goods_tag": "t",
        "support_fapiao": True,
        "limit_pay": ["no_credit"],
        "amount": {"total": 100, "currency": "CNY"},
        "payer": {"openid": openid, "identity": {"type": "IDCARD", "number": "bnVtYmVy", "name": "bmFtZQ=="}},
        "detail": {"cost_price": 1, "invoice_id": "i", "goods_detail": [goods]},
        "scene_info": {"payer_client_ip": "192.0.2.1", "device_id": "d", "store_info": store},
        "settle_info": {"profit_sharing": False},
    }


def full_refund() -> dict[str, Any]:
    goods = {"merchant_goods_id": "1", "unit_price": 100, "refund_amount": 100, "refund_quantity": 1}
    return {
        "out_trade_no": "FIELD0009",
        "out_refund_no": "R-1",
        "reason": "缺货",
        "notify_url": "https://shop.example.com/notice",
        "funds_account": "AVAILABLE",
        "amount": {
            "refund": 100,
            "total": 8800,
            "currency": "CNY",
            "from": [{"account": "AVAILABLE", "amount": 100}],
        },
        "goods_detail": [goods],
    }


def spoiled(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    body = deepcopy(body)
    place: Any = body
    *parents, last = path.split("/")[1:]
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place[part]
    if value is GONE:
        del place[last]
    elif isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return body


async def check(said: Any, path: str) -> None:
    assert said.code == (400, "PARAM_ERROR"), said.body
    detail = said.json["detail"]
    assert (detail["field"], detail["location"]) == (path, "body")
    assert detail["issue"]
    assert said.json["message"]


@pytest.mark.parametrize(("path", "value"), ORDER)
async def test_a_wrong_order_field_is_named(world: World, shop: Shop, path: str, value: Any) -> None:
    body = spoiled(full_order(shop.mchid, await world.person()), path, value)
    await check(await shop.call("POST", "/v3/pay/transactions/jsapi", body), path)


async def test_the_whole_order_is_right_before_it_is_spoiled(world: World, shop: Shop) -> None:
    body = full_order(shop.mchid, await world.person())
    assert (await shop.call("POST", "/v3/pay/transactions/jsapi", body)).status == 200


@pytest.mark.parametrize(("path", "value"), REFUND)
async def test_a_wrong_refund_field_is_named(world: World, shop: Shop, path: str, value: Any) -> None:
    await check(await shop.call("POST", "/v3/refund/domestic/refunds", spoiled(full_refund(), path, value)), path)


async def test_the_whole_refund_is_right_before_it_is_spoiled(world: World, shop: Shop) -> None:
    await world.paid(shop, "FIELD0009")
    said = await shop.call("POST", "/v3/refund/domestic/refunds", full_refund())
    assert said.status == 200, said.body


async def test_goods_of_more_than_6144_bytes_are_too_many(world: World, shop: Shop) -> None:
    goods = [{"merchant_goods_id": str(n), "quantity": 1, "unit_price": 100} for n in range(200)]
    body = full_order(shop.mchid, await world.person()) | {"detail": {"goods_detail": goods}}
    await check(await shop.call("POST", "/v3/pay/transactions/jsapi", body), "/detail")


async def test_what_is_no_json_is_refused(shop: Shop) -> None:
    for body in (b"{", b"[]", b"", b'{"appid": "\xff"}'):
        said = await shop.call("POST", "/v3/pay/transactions/jsapi", body)
        assert said.code == (400, "PARAM_ERROR")


@pytest.mark.parametrize(
    ("target", "field"),
    [
        ("/v3/pay/transactions/out-trade-no/ORDER0001", "mchid"),
        ("/v3/pay/transactions/id/42", "mchid"),
        ("/v3/pay/partner/transactions/id/42", "sp_mchid"),
        ("/v3/bill/tradebill", "bill_date"),
        ("/v3/bill/tradebill?bill_date=20261101", "bill_date"),
        ("/v3/bill/tradebill?bill_date=2026-02-30", "bill_date"),
        ("/v3/bill/tradebill?bill_date=2026-11-01&bill_type=SOME", "bill_type"),
        ("/v3/bill/tradebill?bill_date=2026-11-01&tar_type=ZIP", "tar_type"),
        ("/v3/bill/fundflowbill?bill_date=2026-11-01&account_type=SOME", "account_type"),
        ("/v3/certificates?algorithm_type=ROT13", "algorithm_type"),
    ],
)
async def test_a_wrong_parameter_is_named(shop: Shop, target: str, field: str) -> None:
    said = await shop.call("GET", target)
    assert said.code == (400, "PARAM_ERROR")
    assert (said.json["detail"]["field"], said.json["detail"]["location"]) == (field, "query")
