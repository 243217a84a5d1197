"""The stranger's SDK wechatpayv3 as a service provider: order, notice, query, refund, close for a sub-merchant."""

import asyncio
import json
from typing import Any

from wechatpayv3 import WeChatPay, WeChatPayType

import wxsandbox
from make.wxpay import APPID, HOST, listening
from wxsandbox.client import Sandbox


async def test_a_service_provider_trades_through_the_sdk() -> None:
    async with wxsandbox.serve() as box, listening() as ear, Sandbox(box.url) as sandbox:
        made = await sandbox.merchant(appids=[APPID], name="服务商")
        sub = (await sandbox.merchant(partner=made["mchid"], name="山下面馆", refund_seconds=0.0))["mchid"]
        lily = await sandbox.person("lily")
        sdk = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=made["mchid"],
            private_key=made["private_pem"],
            cert_serial_no=made["serial"],
            apiv3_key=made["apiv3_key"],
            appid=APPID,
            notify_url=ear.url,
            partner_mode=True,
            public_key=made["platform_public_pem"],
            public_key_id=made["public_key_id"],
        )
        sdk._core._gate_way = f"{box.url}/{HOST}"

        async def do(function: Any, **arguments: Any) -> tuple[int, Any]:
            code, text = await asyncio.to_thread(function, **arguments, sub_mchid=sub)
            return code, json.loads(text) if text else None

        code, placed = await do(sdk.pay, description="面", out_trade_no="NOODLE001", amount={"total": 2600})
        assert code == 200
        assert (await lily.pay_code(placed["code_url"]))["result"] == "ok"
        assert await sandbox.settle()
        notice = sdk.callback(*ear.heard[0])
        assert (notice["resource"]["sp_mchid"], notice["resource"]["sub_mchid"]) == (made["mchid"], sub)
        code, paid = await do(sdk.query, out_trade_no="NOODLE001")
        assert (code, paid["trade_state"]) == (200, "SUCCESS")
        amount = {"refund": 600, "total": 2600, "currency": "CNY"}
        code, _ = await do(sdk.refund, out_refund_no="NOODLE001R", amount=amount, out_trade_no="NOODLE001")
        assert code == 200
        assert await sandbox.settle()
        code, refund = await do(sdk.query_refund, out_refund_no="NOODLE001R")
        assert (code, refund["status"]) == (200, "SUCCESS")
        code, _ = await do(sdk.pay, description="面", out_trade_no="NOODLE002", amount={"total": 2600})
        assert (await do(sdk.close, out_trade_no="NOODLE002")) == (204, None)
        await lily.close()
