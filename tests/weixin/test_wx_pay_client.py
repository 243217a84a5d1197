"""PayClient over real HTTP, against a server that checks every signature by itself."""

import base64
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha1
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

from make.wxservers import NOW, PayScripted, Reply, counter, serving
from weixin.errors import BadMessage, PayError, Unreachable, UnverifiedAnswer
from weixin.pay import Keys, Merchant, PayClient
from weixin.products import pay
from weixin.transport import Transport

APIV3 = b"0123456789abcdef0123456789abcdef"
OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PLATFORM = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ROTATED = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEY_ID, CERT, NEXT = "PUB_KEY_ID_01", "5" * 40, "6" * 40
PREFIX = "/api.mch.weixin.qq.com"
MERCHANT = Merchant("1900000001", "A" * 40, OURS, APIV3)


@pytest.fixture
async def server() -> AsyncIterator[PayScripted]:
    scripted = PayScripted(OURS.public_key(), {KEY_ID: PLATFORM, CERT: PLATFORM, NEXT: ROTATED}, PREFIX)
    async with serving(scripted, PREFIX):
        yield scripted


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    async with Transport() as pool:
        yield pool


def by(transport: Transport, server: PayScripted, keys: Keys) -> PayClient:
    return PayClient(transport, server.url, MERCHANT, keys, lambda: NOW, nonce=counter())


@pytest.fixture
def client(transport: Transport, server: PayScripted) -> PayClient:
    return by(transport, server, Keys(public_key_id=KEY_ID, public_key=PLATFORM.public_key()))


def certificates(*chosen: tuple[str, rsa.RSAPrivateKey]) -> dict[str, Any]:
    data = []
    begins = datetime.fromtimestamp(NOW, UTC) - timedelta(days=1)
    for serial, key in chosen:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tenpay.com Root CA")])
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        made = made.serial_number(int(serial, 16)).not_valid_before(begins).not_valid_after(begins + timedelta(1825))
        pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        text = AESGCM(APIV3).encrypt(b"123456789012", pem, b"certificate")
        sealed = {"algorithm": "AEAD_AES_256_GCM", "nonce": "123456789012", "associated_data": "certificate"}
        data.append(
            {
                "serial_no": serial,
                "effective_time": "2026-09-20T00:00:00+08:00",
                "expire_time": "2031-09-20T00:00:00+08:00",
                "encrypt_certificate": sealed | {"ciphertext": base64.b64encode(text).decode()},
            }
        )
    return {"data": data}


ORDER = {
    "appid": "wx1",
    "out_trade_no": "a|b*c",
    "description": "通商-龙井",
    "amount_fen": 100,
    "notify_url": "https://shop.example/notice",
}


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


async def test_refusals_carry_wechats_code_and_request_id(client: PayClient, server: PayScripted) -> None:
    detail = {"field": "/amount/currency", "value": "XYZ", "issue": "Currency code is invalid", "location": "body"}
    body = {"code": "PARAM_ERROR", "message": "参数错误", "detail": detail}
    server.will(Reply(body, status=400, headers={"Request-ID": "08F5-0"}, sign="none"), Reply(status=404, sign="none"))
    with pytest.raises(PayError) as caught:
        await pay.native_order(client, **ORDER)
    error = caught.value
    assert (error.status, error.code, error.message) == (400, "PARAM_ERROR", "参数错误")
    assert (error.detail, error.request_id) == (detail, "08F5-0")
    assert str(error) == "400 PARAM_ERROR 参数错误 (request 08F5-0)"
    with pytest.raises(PayError) as empty:
        await client.request("GET", "/v3/nowhere")
    assert (empty.value.status, empty.value.code) == (404, "")
    wrong = PayClient(client._transport, server.url, Merchant("1900000001", "A" * 40, PLATFORM, APIV3), client.keys,
                      lambda: NOW, nonce=counter("other"))  # fmt: skip
    with pytest.raises(PayError, match="SIGN_ERROR"):
        await wrong.request("GET", "/v3/x")


@pytest.mark.parametrize(("status", "code"), [(500, "SYSTEM_ERROR"), (502, ""), (429, "FREQUENCY_LIMITED"), (202, "")])
async def test_unknown_outcomes_are_unreachable(client: PayClient, server: PayScripted, status: int, code: str) -> None:
    server.will(Reply({"code": code, "message": "稍后"}, status=status, headers={"Request-ID": "id-1"}))
    with pytest.raises(Unreachable) as caught:
        await client.request("POST", "/v3/x", {})
    assert (caught.value.status, caught.value.code, caught.value.rid) == (status, code, "id-1")
    assert caught.value.retry
    assert len(server.asked) == 1


async def test_a_probe_is_asked_again_once(client: PayClient, server: PayScripted) -> None:
    for bad in ("probe", "none", "late"):
        server.will(Reply({"n": 1}, sign=bad), Reply({"n": 2}))
        assert await client.request("POST", "/v3/x", {"a": 1}) == {"n": 2}
    assert len({asked.headers["Authorization"] for asked in server.asked}) == 6
    assert {asked.body for asked in server.asked} == {b'{"a":1}'}
    server.will(Reply({"n": 1}, sign="probe"), Reply({"n": 2}, sign="probe"))
    with pytest.raises(UnverifiedAnswer) as caught:
        await client.request("POST", "/v3/x", {"a": 1})
    assert caught.value.retry
    assert len(server.asked) == 8


async def test_a_signed_answer_that_is_no_object_is_a_bad_message(client: PayClient, server: PayScripted) -> None:
    for body in (b"[1]", b"<html>"):
        server.will(Reply(body))
        with pytest.raises(BadMessage):
            await client.request("GET", "/v3/x")


async def test_certificates_are_learnt_when_an_unknown_one_signs(transport: Transport, server: PayScripted) -> None:
    client = by(transport, server, Keys())
    listed = certificates((CERT, PLATFORM))
    server.will(Reply({"n": 1}, key=CERT), Reply(listed, key=CERT))
    # The answer in hand is verified with what was fetched for it: nothing is asked twice.
    assert await client.request("GET", "/v3/x") == {"n": 1}
    assert [asked.path for asked in server.asked] == [PREFIX + "/v3/x", PREFIX + "/v3/certificates"]
    assert "Wechatpay-Serial" not in server.asked[0].headers
    # Rotation: the new one signs, both are listed.
    server.will(Reply({"n": 2}, key=NEXT), Reply(certificates((CERT, PLATFORM), (NEXT, ROTATED)), key=NEXT))
    assert await client.request("GET", "/v3/x") == {"n": 2}
    assert {item.serial for item in client.keys.certificates} == {CERT, NEXT}
    server.will(Reply({"n": 3}, key=CERT))
    assert await client.request("GET", "/v3/x", sensitive=True) == {"n": 3}
    assert server.asked[-1].headers["Wechatpay-Serial"] in (CERT, NEXT)


async def test_a_failed_download_of_certificates_keeps_the_last_good_ones(
    transport: Transport, server: PayScripted
) -> None:
    client = by(transport, server, Keys())
    server.will(Reply(certificates((CERT, PLATFORM)), key=CERT))
    [first] = await pay.certificates(client)
    none = Reply({"code": "RESOURCE_NOT_EXISTS", "message": "无可用的平台证书"}, status=404, sign="none")
    server.will(none)
    with pytest.raises(PayError, match="RESOURCE_NOT_EXISTS"):
        await client.refresh_certificates()
    # Signed by somebody else, although the APIv3 key fits: not taken.
    server.will(Reply(certificates((NEXT, ROTATED)), key=NEXT, sign="probe"))
    with pytest.raises(Exception, match="signature"):
        await client.refresh_certificates()
    assert client.keys.certificates == [first]
    # The refusal is about certificates, so it does not become the refusal of an order.
    server.will(Reply({"n": 1}, sign="stranger"), none, Reply({"n": 2}, key=CERT))
    assert await client.request("POST", "/v3/x", {}) == {"n": 2}


async def test_a_public_key_merchant_still_understands_certificates(client: PayClient, server: PayScripted) -> None:
    server.will(Reply({"n": 1}, key=CERT), Reply(certificates((CERT, PLATFORM))))
    assert await client.request("GET", "/v3/x") == {"n": 1}
    assert client.keys.encryption() == (KEY_ID, PLATFORM.public_key())


async def test_sensitive_fields_name_the_key_they_are_sealed_with(client: PayClient, server: PayScripted) -> None:
    server.will(Reply({"name": "ok"}))
    sealed = client.encrypt("张三")
    await client.request("POST", "/v3/x", {"name": sealed}, sensitive=True)
    assert server.asked[0].headers["Wechatpay-Serial"] == KEY_ID
    assert pay.decrypt_field(PLATFORM, server.asked[0].json["name"]) == "张三"
    assert client.decrypt(pay.encrypt_field(OURS.public_key(), "李四")) == "李四"
    bare = PayClient(client._transport, server.url, MERCHANT, Keys(), lambda: NOW, nonce=counter())
    with pytest.raises(ValueError, match="no key"):
        bare.encrypt("x")


BILL = "\ufeff交易时间,交易状态\r\n`2026-11-21 10:00:00,`SUCCESS\r\n总交易单数\r\n`1.0\r\n".encode()


@pytest.mark.parametrize("packed", [False, True])
async def test_bills_are_fetched_with_a_signature_and_checked(
    client: PayClient, server: PayScripted, packed: bool
) -> None:
    link = {"hash_type": "SHA1", "hash_value": sha1(BILL).hexdigest()}
    link["download_url"] = server.url + "/v3/billdownload/file?token=6%2Fx&tartype=gzip"
    server.will(Reply(link), Reply(gzip.compress(BILL) if packed else BILL, sign="none"))
    found = await pay.trade_bill(client, day=date(2026, 11, 21), sub_mchid="1600", gzip=packed)
    assert "token" not in repr(found)
    data = await pay.download_bill(client, found)
    assert data == BILL
    assert len(pay.parse_trade_bill(data)[0]) == 1
    more = "&tar_type=GZIP" if packed else ""
    assert [asked.path.removeprefix(PREFIX) for asked in server.asked] == [
        "/v3/bill/tradebill?bill_date=2026-11-21&sub_mchid=1600&bill_type=ALL" + more,
        "/v3/billdownload/file?token=6%2Fx&tartype=gzip",
    ]


async def test_a_bill_that_was_changed_broken_or_blown_up_is_refused(client: PayClient, server: PayScripted) -> None:
    link = {"hash_value": sha1(BILL).hexdigest().upper(), "download_url": "https://api.mch.weixin.qq.com/v3/b?t=1"}
    server.will(Reply(link))
    found = await pay.fund_flow_bill(client, day=date(2026, 11, 21))
    assert server.asked[0].path.endswith("/v3/bill/fundflowbill?bill_date=2026-11-21&account_type=BASIC")
    server.will(Reply(BILL))
    assert await pay.download_bill(client, found) == BILL
    # Whatever host the link names, the signature only ever goes to ours.
    assert server.asked[-1].path == PREFIX + "/v3/b?t=1"
    bomb = gzip.compress(bytes(1_000_000))
    for body in (BILL.replace(b"SUCCESS", b"REFUND"), gzip.compress(BILL)[:-9], b"\x1f\x8brubbish", bomb):
        server.will(Reply(body))
        with pytest.raises(BadMessage):
            await pay.download_bill(client, found, limit_bytes=100_000)
    server.will(Reply({"code": "STATEMENT_CREATING", "message": "账单生成中"}, status=400))
    with pytest.raises(PayError, match="STATEMENT_CREATING"):
        await pay.trade_bill(client, day=date(2026, 11, 21))
    server.will(Reply({"hash_type": "SM3", "hash_value": "0", "download_url": "x"}))
    with pytest.raises(BadMessage, match="hash"):
        await pay.trade_bill(client, day=date(2026, 11, 21))


async def test_links_of_other_addresses_of_ours_lose_their_prefix(client: PayClient) -> None:
    assert client.own_path("http://localhost:1/api.mch.weixin.qq.com/v3/b?t=1") == "/v3/b?t=1"
    assert client.own_path("https://api2.mch.weixin.qq.com/v3/b?t=%2F") == "/v3/b?t=%2F"
