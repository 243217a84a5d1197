"""Orders and refunds over real HTTP, against a server that checks every signature by itself."""

from datetime import UTC, datetime

import pytest

from make.wxkeys import KEY_ID, ORDER, PREFIX
from make.wxservers import PayScripted, Reply
from weixin.errors import BadMessage
from weixin.pay import PayClient
from weixin.products import pay


async def test_an_order_is_placed_and_paid_and_asked_for(client: PayClient, server: PayScripted) -> None:
    server.will(Reply({"prepay_id": "wx2014"}))
    until = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    assert await pay.jsapi_order(client, **ORDER, openid="o1", expires_at=until, attach="x") == "wx2014"
    asked = server.asked[0]
    assert asked.path == PREFIX + "/v3/pay/transactions/jsapi"
    assert asked.headers["Wechatpay-Serial"] == KEY_ID
    assert "龙井".encode() in asked.body
    assert asked.json == {
        "appid": "wx1",
        "mchid": "1900000001",
        "description": "通商-龙井",
        "out_trade_no": "a|b*c",
        "time_expire": "2026-11-23T00:00:00+08:00",
        "attach": "x",
        "notify_url": "https://shop.example/notice",
        "amount": {"total": 100, "currency": "CNY"},
        "payer": {"openid": "o1"},
    }
    paid = {
        "appid": "wx1",
        "mchid": "1900000001",
        "out_trade_no": "a|b*c",
        "transaction_id": "4200",
        "trade_type": "JSAPI",
        "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功",
        "bank_type": "OTHERS",
        "attach": "x",
        "success_time": "2026-11-22T23:59:59+08:00",
        "payer": {"openid": "o1"},
        "amount": {"total": 100, "payer_total": 90, "currency": "CNY", "payer_currency": "CNY"},
    }
    server.will(Reply(paid), Reply(paid), Reply(status=204))
    found = await pay.query(client, out_trade_no="a|b*c")
    # The path is signed as it is sent; the server has checked it byte for byte.
    assert server.asked[1].path == PREFIX + "/v3/pay/transactions/out-trade-no/a%7Cb%2Ac?mchid=1900000001"
    assert (found.state, found.total_fen, found.payer_total_fen, found.openid) == ("SUCCESS", 100, 90, "o1")
    assert found.paid_at == datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)
    assert (found.appid, found.mchid, found.sub_mchid) == ("wx1", "1900000001", None)
    assert await pay.query(client, transaction_id="4200") == found
    assert server.asked[2].path == PREFIX + "/v3/pay/transactions/id/4200?mchid=1900000001"
    await pay.close(client, out_trade_no="a|b*c")
    assert server.asked[3].path == PREFIX + "/v3/pay/transactions/out-trade-no/a%7Cb%2Ac/close"
    assert server.asked[3].json == {"mchid": "1900000001"}


async def test_a_service_provider_orders_for_a_merchant(client: PayClient, server: PayScripted) -> None:
    server.will(Reply({"prepay_id": "wx1"}), Reply({"prepay_id": "wx2"}), Reply({"code_url": "weixin://w"}))
    await pay.jsapi_order(client, **ORDER, openid="o1", sub_mchid="1600")
    await pay.jsapi_order(client, **ORDER, sub_openid="o2", sub_mchid="1600", sub_appid="wx2")
    assert await pay.native_order(client, **ORDER, sub_mchid="1600", options={"goods_tag": "g"}) == "weixin://w"
    first, second, third = (asked.json for asked in server.asked)
    assert [asked.path for asked in server.asked] == [
        PREFIX + "/v3/pay/partner/transactions/jsapi",
        PREFIX + "/v3/pay/partner/transactions/jsapi",
        PREFIX + "/v3/pay/partner/transactions/native",
    ]
    ids = ("sp_appid", "sp_mchid", "sub_appid", "sub_mchid", "payer", "appid")
    assert [first.get(i) for i in ids] == ["wx1", "1900000001", None, "1600", {"sp_openid": "o1"}, None]
    assert [second.get(i) for i in ids] == ["wx1", "1900000001", "wx2", "1600", {"sub_openid": "o2"}, None]
    assert (third["goods_tag"], "payer" in third) == ("g", False)
    unpaid = {"sp_appid": "wx1", "sp_mchid": "1900000001", "sub_mchid": "1600", "out_trade_no": "t1"}
    unpaid |= {"trade_state": "NOTPAY", "trade_state_desc": "订单未支付", "payer": {"sub_openid": "o2"}}
    server.will(Reply(unpaid), Reply(status=204))
    found = await pay.query(client, out_trade_no="t1", sub_mchid="1600")
    assert (found.appid, found.mchid, found.sub_mchid, found.sub_openid) == ("wx1", "1900000001", "1600", "o2")
    assert (found.transaction_id, found.total_fen, found.paid_at) == (None, None, None)
    await pay.close(client, out_trade_no="t1", sub_mchid="1600")
    assert server.asked[3].path.endswith(
        "/v3/pay/partner/transactions/out-trade-no/t1?sp_mchid=1900000001&sub_mchid=1600"
    )
    assert server.asked[4].json == {"sp_mchid": "1900000001", "sub_mchid": "1600"}


async def test_calls_that_make_no_sense_are_our_own_mistakes(client: PayClient) -> None:
    for payer in ({}, {"openid": "o", "sub_openid": "o"}, {"sub_openid": "o"}, {"sub_openid": "o", "sub_mchid": "1"}):
        with pytest.raises(ValueError, match="openid"):
            await pay.jsapi_order(client, **ORDER, **payer)
    with pytest.raises(ValueError, match="one of"):
        await pay.query(client)
    with pytest.raises(ValueError, match="one of"):
        await pay.refund(client, out_refund_no="r", refund_fen=1, total_fen=1)


async def test_refunds_are_asked_for_and_followed(client: PayClient, server: PayScripted) -> None:
    answer = {
        "refund_id": "5000",
        "out_refund_no": "r1",
        "transaction_id": "4200",
        "out_trade_no": "t1",
        "channel": "ORIGINAL",
        "user_received_account": "招商银行信用卡0403",
        "status": "PROCESSING",
        "amount": {"total": 100, "refund": 30, "payer_total": 90, "payer_refund": 27},
    }
    server.will(Reply(answer), Reply(answer | {"status": "SUCCESS", "success_time": "2026-11-22T08:00:00+08:00"}))
    asked = await pay.refund(
        client,
        out_refund_no="r1",
        refund_fen=30,
        total_fen=100,
        out_trade_no="t1",
        reason="少发一件",
        notify_url="https://shop.example/r",
        sub_mchid="1600",
        goods=[{"merchant_goods_id": "g1", "unit_price": 30, "refund_amount": 30, "refund_quantity": 1}],
        options={"funds_account": "AVAILABLE"},
    )
    assert (asked.state, asked.refund_fen, asked.total_fen, asked.payer_refund_fen) == ("PROCESSING", 30, 100, 27)
    assert server.asked[0].json == {
        "sub_mchid": "1600",
        "out_trade_no": "t1",
        "out_refund_no": "r1",
        "reason": "少发一件",
        "notify_url": "https://shop.example/r",
        "amount": {"refund": 30, "total": 100, "currency": "CNY"},
        "goods_detail": [{"merchant_goods_id": "g1", "unit_price": 30, "refund_amount": 30, "refund_quantity": 1}],
        "funds_account": "AVAILABLE",
    }
    done = await pay.query_refund(client, out_refund_no="r@1", sub_mchid="1600")
    assert (done.state, done.refunded_at) == ("SUCCESS", datetime(2026, 11, 22, tzinfo=UTC))
    assert server.asked[1].path == PREFIX + "/v3/refund/domestic/refunds/r%401?sub_mchid=1600"
    # A notice has the same words but one.
    told = pay.refund_result({k: v for k, v in answer.items() if k != "status"} | {"refund_status": "ABNORMAL"})
    assert told.state == "ABNORMAL"
    for broken in ({"amount": 1}, {"amount": {"refund": 0.3}}, {"amount": {"refund": True}}, {"refund_id": 5}):
        with pytest.raises(BadMessage):
            pay.refund_result(answer | broken)
    with pytest.raises(BadMessage):
        pay.transaction({"out_trade_no": "t", "trade_state": "SUCCESS", "payer": "o1"})
