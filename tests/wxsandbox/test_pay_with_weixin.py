"""The project's own protocol library at the simulator: two readings of one contract, neither sharing code."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from itertools import count

import pytest

from make.wxpay import APPID, HOST, Shop, World, a_world
from weixin.errors import BadMessage, PayError, WeixinError
from weixin.pay.client import PayClient
from weixin.pay.keys import Keys, Merchant, load_private_key, load_public_key
from weixin.pay.notices import read_notice
from weixin.pay.sign import pay_sign
from weixin.products.pay import bills, orders, refunds
from weixin.products.pay.bill_csv import parse_fund_bill, parse_trade_bill
from weixin.transport import Transport

DAY = date(2026, 11, 2)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened_world:
        yield opened_world


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    opened = Transport(timeout_seconds=5)
    yield opened
    await opened.close()


def client(shop: Shop, transport: Transport) -> PayClient:
    made = shop.made
    merchant = Merchant(
        made["mchid"], made["serial"], load_private_key(made["private_pem"]), made["apiv3_key"].encode()
    )
    keys = Keys()
    if made["public_key_id"]:
        public_key = load_public_key(made["platform_public_pem"])
        keys = Keys(public_key_id=made["public_key_id"], public_key=public_key)
    numbers = count()
    clock = shop.box.clock.seconds
    return PayClient(transport, f"{shop.box.url}/{HOST}", merchant, keys, clock, nonce=lambda: f"nonce{next(numbers)}")


@pytest.mark.parametrize("mode", ["public_key", "certificate", "both"])
async def test_from_order_to_bill(world: World, transport: Transport, mode: str) -> None:
    shop, openid = await world.shop(mode=mode), await world.person()
    pay = client(shop, transport)
    if mode == "certificate":
        await pay.refresh_certificates()
    number = "TEA|2026*1"  # the bar travels percent-encoded, and is signed so
    order = {"appid": APPID, "out_trade_no": number, "description": "茶", "amount_fen": 8800}
    prepay_id = await orders.jsapi_order(pay, **order, notify_url=shop.notify_url, openid=openid)
    assert (await orders.query(pay, out_trade_no=number)).state == "NOTPAY"
    bill = pay_sign(pay.merchant, appid=APPID, prepay_id=prepay_id, timestamp=1, nonce="n")
    said = await world.hand("POST", "/people/lily/pay", {**bill, "password": "123456"})
    assert said["result"] == "ok"
    await world.settle()
    if mode == "both":
        await pay.refresh_certificates()
    headers, body = world.ear.heard[0]
    notice = read_notice(headers, body, pay.keys, pay.merchant.apiv3_key, world.box.clock.seconds())
    assert (notice.event_type, notice.resource["out_trade_no"]) == ("TRANSACTION.SUCCESS", number)
    paid = await orders.query(pay, transaction_id=said["transaction_id"])
    assert (paid.state, paid.out_trade_no) == ("SUCCESS", number)
    with pytest.raises(PayError) as refused:
        await orders.close(pay, out_trade_no=number)
    assert refused.value.code == "INVALID_REQUEST"
    asked = {"out_refund_no": "R1", "refund_fen": 1900, "total_fen": 8800, "out_trade_no": number}
    assert (await refunds.refund(pay, **asked)).state == "PROCESSING"
    await world.pass_seconds(3)
    assert (await refunds.query_refund(pay, out_refund_no="R1")).state == "SUCCESS"
    await world.pass_seconds(86400)
    for packed in (False, True):
        link = await bills.trade_bill(pay, day=DAY, gzip=packed)
        rows, summary = parse_trade_bill(await bills.download_bill(pay, link))
        assert [row.out_trade_no for row in rows] == [number, number]
        assert (summary.count, summary.order_fen, summary.refund_fen, summary.fee_fen) == (2, 8800, 1900, 41)
        flow, total = parse_fund_bill(await bills.download_bill(pay, await bills.fund_flow_bill(pay, day=DAY)))
        assert (len(flow), total.in_fen, total.out_fen) == (3, 8800, 53 + 1900 - 12)


async def test_a_providers_merchants_movements_come_closed(world: World, transport: Transport) -> None:
    shop = await world.shop()
    sub = (await world.hand("POST", "/merchants", {"appids": [APPID], "partner": shop.mchid}))["mchid"]
    pay, openid = client(shop, transport), await world.person()
    order = {"appid": APPID, "out_trade_no": "TEA000001", "description": "茶", "amount_fen": 8800, "sub_mchid": sub}
    prepay_id = await orders.jsapi_order(pay, **order, notify_url=shop.notify_url, openid=openid)
    bill = pay_sign(pay.merchant, appid=APPID, prepay_id=prepay_id, timestamp=1, nonce="n")
    assert (await world.hand("POST", "/people/lily/pay", {**bill, "password": "123456"}))["result"] == "ok"
    await world.pass_seconds(86400)
    for packed in (False, True):
        links = await bills.sub_fund_flow_bill(pay, day=DAY, sub_mchid=sub, gzip=packed)
        (link,) = links
        assert len(link.nonce) == 16
        flow, total = parse_fund_bill(await bills.download_sealed_bill(pay, links))
        assert ([row.amount_fen for row in flow], total.in_fen) == ([8800, -53], 8800)
        # Another key, another nonce or another file does not open it; a file that is not the one named is none.
        for change in ({"nonce": "0" * 16}, {"encrypt_key": pay.encrypt("x" * 32)}, {"hash_value": "0" * 40}):
            with pytest.raises(BadMessage):
                await bills.download_sealed_bill(pay, [replace(link, **change)])
    with pytest.raises(PayError) as refused:
        await bills.sub_fund_flow_bill(pay, day=DAY, sub_mchid=shop.mchid)
    assert refused.value.code == "NO_AUTH"
    await world.hand("PUT", f"/merchants/{shop.mchid}", {"sub_funds": False})
    with pytest.raises(PayError) as refused:
        await bills.sub_fund_flow_bill(pay, day=DAY, sub_mchid=sub)
    assert (refused.value.status, refused.value.code) == (403, "NO_AUTH")
    path = f"/v3/bill/sub-merchant-fundflowbill?sub_mchid={sub}&bill_date={DAY}&account_type=BASIC"
    for more, place in (("", "algorithm"), ("&algorithm=SM4_GCM", "algorithm")):
        said = await shop.call("GET", path + more)
        assert (said.code, said.json["detail"]["field"]) == ((400, "PARAM_ERROR"), place)


async def test_probes_are_survived_and_refusals_are_read(world: World, transport: Transport) -> None:
    shop = await world.shop()
    pay = client(shop, transport)
    await world.hand("POST", "/faults", {"on": "POST /v3/pay/*", "effect": "signtest", "times": 1})
    order = {"appid": APPID, "out_trade_no": "TEA000001", "description": "茶", "amount_fen": 100}
    assert await orders.native_order(pay, **order, notify_url=shop.notify_url)
    with pytest.raises(PayError) as refused:
        await orders.native_order(pay, **order | {"amount_fen": 0}, notify_url=shop.notify_url)
    assert (refused.value.status, refused.value.code) == (400, "PARAM_ERROR")
    assert refused.value.request_id
    await world.hand("POST", "/faults", {"on": "POST /v3/pay/*", "effect": "lost", "times": 1})
    with pytest.raises(WeixinError):
        await orders.native_order(pay, **order | {"out_trade_no": "TEA000002"}, notify_url=shop.notify_url)
    assert (await orders.query(pay, out_trade_no="TEA000002")).state == "NOTPAY"
