"""A stranger at the simulated WeChat Pay: the SDK wechatpayv3, as it comes from PyPI, over real HTTP.

Only its base address is changed, because it is written into its constructor.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from wechatpayv3 import SignType, WeChatPay, WeChatPayType

import wxsandbox
from make.wxpay import APPID, HOST, Ear, listening
from wxsandbox.client import Sandbox


class Stranger:
    """The SDK with somebody's keys, called from a thread since it blocks."""

    def __init__(self, box: wxsandbox.Box, made: dict[str, Any], notify_url: str, **options: Any) -> None:
        public_key = {"public_key": made["platform_public_pem"], "public_key_id": made["public_key_id"]}
        self.sdk = WeChatPay(
            wechatpay_type=WeChatPayType.JSAPI,
            mchid=made["mchid"],
            private_key=made["private_pem"],
            cert_serial_no=made["serial"],
            apiv3_key=made["apiv3_key"],
            appid=APPID,
            notify_url=notify_url,
            **public_key,
            **options,
        )
        self.sdk._core._gate_way = f"{box.url}/{HOST}"

    async def do(self, function: Callable[..., tuple[int, Any]], **arguments: Any) -> tuple[int, Any]:
        code, text = await asyncio.to_thread(function, **arguments)
        return code, json.loads(text) if text else None

    def bridge(self, prepay_id: str) -> dict[str, str]:
        stamp, nonce, package = "1700000000", "nonce", f"prepay_id={prepay_id}"
        signature = self.sdk.sign([APPID, stamp, nonce, package], SignType.RSA_SHA256)
        pair = {"signType": "RSA", "paySign": signature}
        return {"appId": APPID, "timeStamp": stamp, "nonceStr": nonce, "package": package, **pair}


@pytest.fixture(scope="module")
async def box() -> AsyncIterator[wxsandbox.Box]:
    async with wxsandbox.serve() as served:
        yield served


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    async with listening() as opened:
        yield opened


async def heard(ear: Ear, count: int) -> None:
    for _ in range(500):
        if len(ear.heard) >= count:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"heard {len(ear.heard)} notices, not {count}")


async def test_order_pay_notice_query_refund(box: wxsandbox.Box, ear: Ear) -> None:
    async with Sandbox(box.url) as sandbox:
        made = await sandbox.merchant(appids=[APPID], refund_seconds=0.0)
        lily = await sandbox.person("lily")
        openid = await lily.openid(APPID)
        stranger = Stranger(box, made, ear.url)
        sdk = stranger.sdk
        code, placed = await stranger.do(
            sdk.pay, description="茶", out_trade_no="STRANGER01", amount={"total": 100}, payer={"openid": openid}
        )
        assert code == 200
        code, unpaid = await stranger.do(sdk.query, out_trade_no="STRANGER01")
        assert (code, unpaid["trade_state"]) == (200, "NOTPAY")
        assert (await lily.pay(stranger.bridge(placed["prepay_id"])))["result"] == "ok"
        await heard(ear, 1)
        notice = sdk.callback(*ear.heard[0])
        assert (notice["event_type"], notice["resource"]["out_trade_no"]) == ("TRANSACTION.SUCCESS", "STRANGER01")
        number = notice["resource"]["transaction_id"]
        code, paid = await stranger.do(sdk.query, transaction_id=number)
        assert (paid["trade_state"], paid["payer"]) == ("SUCCESS", {"openid": openid})
        amount = {"refund": 40, "total": 100, "currency": "CNY"}
        code, refund = await stranger.do(
            sdk.refund, out_refund_no="STRANGER01R", amount=amount, transaction_id=number, notify_url=ear.url
        )
        assert (code, refund["status"]) == (200, "PROCESSING")
        await heard(ear, 2)
        notice = sdk.callback(*ear.heard[1])
        assert (notice["event_type"], notice["resource"]["amount"]["refund"]) == ("REFUND.SUCCESS", 40)
        code, done = await stranger.do(sdk.query_refund, out_refund_no="STRANGER01R")
        assert (code, done["status"]) == (200, "SUCCESS")
        await lily.close()


async def test_native_and_close(box: wxsandbox.Box, ear: Ear) -> None:
    async with Sandbox(box.url) as sandbox:
        stranger = Stranger(box, await sandbox.merchant(appids=[APPID]), ear.url)
        sdk = stranger.sdk
        code, placed = await stranger.do(
            sdk.pay,
            description="茶",
            out_trade_no="STRANGER02",
            amount={"total": 100},
            pay_type=WeChatPayType.NATIVE,
        )
        assert code == 200
        assert placed["code_url"].startswith("weixin://")
        assert await stranger.do(sdk.close, out_trade_no="STRANGER02") == (204, None)
        assert await stranger.do(sdk.close, out_trade_no="STRANGER02") == (204, None)
        code, closed = await stranger.do(sdk.query, out_trade_no="STRANGER02")
        assert (code, closed["trade_state"]) == (200, "CLOSED")
        code, unknown = await stranger.do(sdk.query, out_trade_no="STRANGER99")
        assert (code, unknown["code"]) == (404, "ORDER_NOT_EXIST")


async def test_forged_notices_and_probes_do_not_pass(box: wxsandbox.Box, ear: Ear) -> None:
    async with Sandbox(box.url) as sandbox:
        made = await sandbox.merchant(appids=[APPID])
        stranger, lily = Stranger(box, made, ear.url), await sandbox.person("lily")
        for effect in ("forge", "signtest"):
            ear.heard.clear()
            rule = await sandbox.fault("callback:pay.*", effect, appid=made["mchid"])
            order = {"description": "茶", "out_trade_no": f"BAD{effect}", "amount": {"total": 100}}
            _, placed = await stranger.do(stranger.sdk.pay, **order, pay_type=WeChatPayType.NATIVE)
            assert (await lily.pay_code(placed["code_url"]))["result"] == "ok"
            await heard(ear, 1)
            assert stranger.sdk.callback(*ear.heard[0]) is None
            await sandbox.heal(rule)
        await sandbox.fault("GET /v3/pay/*", "signtest", appid=made["mchid"])
        with pytest.raises(Exception, match="failed to verify the signature"):
            await stranger.do(stranger.sdk.query, out_trade_no="BADforge")
        code, _ = await stranger.do(stranger.sdk.query, out_trade_no="BADforge")
        assert code == 200
        await sandbox.heal()
        await lily.close()


async def test_certificates_are_opened_by_a_stranger(box: wxsandbox.Box, ear: Ear) -> None:
    async with Sandbox(box.url) as sandbox:
        made = await sandbox.merchant(appids=[APPID], mode="both")
        stranger = Stranger(box, made, ear.url)
        await asyncio.to_thread(stranger.sdk._core._update_certificates)
        [found] = stranger.sdk._core._certificates
        assert f"{found.serial_number:040X}" == made["certificates"][0]["serial"]


async def test_a_wrong_key_is_told_so(box: wxsandbox.Box, ear: Ear) -> None:
    async with Sandbox(box.url) as sandbox:
        made, other = await sandbox.merchant(appids=[APPID]), await sandbox.merchant(appids=[APPID])
        wrong = Stranger(box, made | {"private_pem": other["private_pem"]}, ear.url)
        code, said = await wrong.do(wrong.sdk.query, out_trade_no="STRANGER01")
        assert (code, said["code"], said["message"]) == (401, "SIGN_ERROR", "签名错误")
