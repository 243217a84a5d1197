"""A stranger gives money at the simulated WeChat Pay: the SDK wechatpayv3, its encryption and its paths."""

from collections.abc import AsyncIterator

import pytest

import wxsandbox
from contract.test_wechatpayv3_direct import Stranger
from make.wxpay import APPID
from wxsandbox.client import Sandbox

REWARD = [{"info_type": "活动名称", "info_content": "茶友会"}, {"info_type": "奖励说明", "info_content": "第一名"}]


@pytest.fixture
async def box() -> AsyncIterator[wxsandbox.Box]:
    async with wxsandbox.serve() as served:
        yield served


async def test_give_look_take_and_call_off(box: wxsandbox.Box) -> None:
    async with Sandbox(box.url) as sandbox:
        made = await sandbox.merchant(appids=[APPID])
        await sandbox.take_out(made["mchid"], -10_000)
        lily = await sandbox.person("lily", nickname="李丽")
        stranger = Stranger(box, made, "http://127.0.0.1:9/notice")
        sdk, do = stranger.sdk, stranger.do
        words = {"transfer_scene_id": "1000", "openid": await lily.openid(APPID), "transfer_remark": "恭喜"}
        words |= {"transfer_scene_report_infos": REWARD, "user_name": "李丽", "appid": APPID}
        code, given = await do(sdk.mch_transfer_bills, out_bill_no="GIVE0001", transfer_amount=3_000, **words)
        assert (code, given["state"]) == (200, "WAIT_USER_CONFIRM"), given
        handed = {"mchId": made["mchid"], "appId": APPID, "package": given["package_info"]}
        assert (await lily.collect(handed))["result"] == "ok"
        await sandbox.advance(5)
        code, looked = await do(sdk.mch_transfer_bills_query, out_bill_no="GIVE0001")
        assert (looked["state"], sdk.decrypt(looked["user_name"])) == ("SUCCESS", "李丽")
        code, given = await do(sdk.mch_transfer_bills, out_bill_no="GIVE0002", transfer_amount=1_000, **words)
        code, off = await do(sdk.mch_transfer_bills_cancel, out_bill_no="GIVE0002")
        assert (code, off["state"]) == (200, "CANCELING"), off
        code, none = await do(sdk.mch_transfer_bills_query, out_bill_no="GIVE0003")
        assert (code, none["code"]) == (404, "NOT_FOUND")
        await lily.close()
