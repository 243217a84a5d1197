"""A stranger shares a payment at the simulated WeChat Pay: the SDK wechatpayv3, its encryption and its paths."""

from collections.abc import AsyncIterator

import pytest
from wechatpayv3 import WeChatPayType

import wxsandbox
from contract.test_wechatpayv3_direct import Stranger
from make.wxpay import APPID
from wxsandbox.client import Sandbox

SUPPLIER = "茶山供应链有限公司"


@pytest.fixture
async def box() -> AsyncIterator[wxsandbox.Box]:
    async with wxsandbox.serve() as served:
        yield served


async def test_receiver_share_return_unfreeze(box: wxsandbox.Box) -> None:
    async with Sandbox(box.url) as sandbox:
        made = await sandbox.merchant(appids=[APPID])
        supplier = (await sandbox.merchant(name=SUPPLIER))["mchid"]
        lily = await sandbox.person("lily")
        stranger = Stranger(box, made, "http://127.0.0.1:9/notice")
        sdk, do = stranger.sdk, stranger.do
        words = {"account_type": "MERCHANT_ID", "account": supplier, "relation_type": "SUPPLIER"}
        code, added = await do(sdk.profitsharing_add_receiver, **words, name=SUPPLIER)
        assert (code, added["account"]) == (200, supplier)
        code, refused = await do(sdk.profitsharing_add_receiver, **words, name="另一家公司")
        assert (code, refused["code"]) == (400, "INVALID_REQUEST")
        code, placed = await do(
            sdk.pay, description="明前龙井", out_trade_no="SHARED0001", amount={"total": 8800, "currency": "CNY"},
            settle_info={"profit_sharing": True}, pay_type=WeChatPayType.NATIVE,
        )  # fmt: skip
        paid = await lily.pay_code(placed["code_url"])
        await lily.close()
        await sandbox.advance(61)
        part = {"type": "MERCHANT_ID", "account": supplier, "amount": 880, "description": "货款"}
        order = {"transaction_id": paid["transaction_id"], "out_order_no": "S1"}
        code, shared = await do(sdk.profitsharing_order, **order, receivers=[part], unfreeze_unsplit=False)
        assert (code, shared["state"]) == (200, "PROCESSING")
        await sandbox.advance(5)
        code, shared = await do(sdk.profitsharing_order_query, **order)
        assert (code, shared["receivers"][0]["result"]) == (200, "SUCCESS")
        back = {"out_return_no": "B1", "return_mchid": supplier, "amount": 80, "description": "用户退款"}
        code, returned = await do(sdk.profitsharing_return, **back, out_order_no="S1")
        assert (code, returned["result"]) == (200, "SUCCESS")
        assert (await do(sdk.profitsharing_return_query, out_order_no="S1", out_return_no="B1")) == (200, returned)
        rest = {"transaction_id": paid["transaction_id"], "out_order_no": "U1", "description": "解冻"}
        assert (await do(sdk.profitsharing_unfreeze, **rest))[0] == 200
        await sandbox.advance(5)
        code, held = await do(sdk.profitsharing_amount_query, transaction_id=paid["transaction_id"])
        assert (code, held["unsplit_amount"]) == (200, 0)
        assert (await do(sdk.profitsharing_delete_receiver, account_type="MERCHANT_ID", account=supplier))[0] == 200
        assert (await sandbox.merchant_now(supplier))["balance_fen"] == 800
