"""Merchant transfers at the simulated WeChat Pay: what is taken, what is refused and how, and what a day does."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from make.wxpay import APPID, Shop, World, a_world
from wxsandbox.pay.rows import PayFlow

BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
REWARD = [
    {"info_type": "活动名称", "info_content": "新会员有礼"},
    {"info_type": "奖励说明", "info_content": "抽奖一等奖"},
]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened:
        yield opened


async def rich(world: World) -> tuple[Shop, str]:
    """Have a merchant with a hundred yuan, and Lily."""
    shop = await world.shop()
    await world.hand("POST", f"/merchants/{shop.mchid}/withdrawals", {"fen": -10_000})
    return shop, await world.person()


def asked(to: str, number: str = "BILL0001", **more: Any) -> dict[str, Any]:
    body = {"appid": APPID, "out_bill_no": number, "transfer_scene_id": "1000", "openid": to}
    body |= {"transfer_amount": 5_000, "transfer_remark": "恭喜获奖", "transfer_scene_report_infos": REWARD}
    return {name: value for name, value in (body | more).items() if value is not None}


def sealed(shop: Shop, name: str) -> str:
    key = serialization.load_pem_public_key(shop.made["platform_public_pem"].encode())
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    return base64.b64encode(key.encrypt(name.encode(), oaep)).decode()


async def flows(world: World, mchid: str) -> list[tuple[str, int]]:
    return [(row.kind, row.amount_fen) for row in world.box.table(PayFlow) if row.mchid == mchid][1:]


async def test_it_waits_is_taken_and_moves_money_once(world: World) -> None:
    shop, lily = await rich(world)
    said = await shop.call("POST", BILLS, asked(lily, notify_url=shop.notify_url))
    assert (said.status, said.json["state"]) == (200, "WAIT_USER_CONFIRM")
    again = await shop.call("POST", BILLS, asked(lily, notify_url=shop.notify_url))
    assert again.json == said.json
    look = (await shop.call("GET", f"{BILLS}/out-bill-no/BILL0001")).json
    assert (look["transfer_amount"], look["mch_id"], "package_info" in look) == (5_000, shop.mchid, False)
    handed = {"mchId": shop.mchid, "appId": APPID, "package": said.json["package_info"]}
    await world.person("bob")
    assert (await world.hand("POST", "/people/bob/transfer", handed))["result"] == "fail"
    assert (await world.hand("POST", "/people/lily/transfer", handed))["amount_fen"] == 5_000
    assert (await world.hand("POST", "/people/lily/transfer/confirmation", handed))["result"] == "ok"
    refused = await shop.call("POST", f"{BILLS}/out-bill-no/BILL0001/cancel")
    assert refused.code == (400, "INVALID_REQUEST")
    await world.pass_seconds(3)
    by_theirs = await shop.call("GET", f"{BILLS}/transfer-bill-no/{look['transfer_bill_no']}")
    assert by_theirs.json["state"] == "SUCCESS"
    assert await flows(world, shop.mchid) == [("商家转账", -5_000)]


async def test_after_a_day_or_called_off_the_money_is_back(world: World) -> None:
    shop, lily = await rich(world)
    await shop.call("POST", BILLS, asked(lily))
    await shop.call("POST", BILLS, asked(lily, "BILL0002", transfer_amount=1_000))
    off = await shop.call("POST", f"{BILLS}/out-bill-no/BILL0002/cancel", {})
    assert off.json["state"] == "CANCELING"
    await world.pass_seconds(86_401)
    left = (await shop.call("GET", f"{BILLS}/out-bill-no/BILL0001")).json
    assert (left["state"], left["fail_reason"]) == ("FAIL", "OVERDUE_CLOSE")
    assert (await shop.call("GET", f"{BILLS}/out-bill-no/BILL0002")).json["state"] == "CANCELLED"
    assert sorted(fen for _, fen in await flows(world, shop.mchid)) == [-5_000, -1_000, 1_000, 5_000]
    await world.pass_seconds(30 * 86_400)
    assert (await shop.call("GET", f"{BILLS}/out-bill-no/BILL0001")).code == (404, "NOT_FOUND")


# What is sent otherwise, the code of the refusal, and the field it names.
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"appid": "wx-not-bound"}, "APPID_MCHID_NOT_MATCH", ""),
    ({"out_bill_no": "NUMBER-0001"}, "PARAM_ERROR", "/out_bill_no"),
    ({"out_bill_no": "N" * 33}, "PARAM_ERROR", "/out_bill_no"),
    ({"transfer_scene_id": "1009"}, "INVALID_REQUEST", ""),
    ({"openid": "o-nobody"}, "PARAM_ERROR", "/openid"),
    ({"transfer_amount": "50"}, "PARAM_ERROR", "/transfer_amount"),
    ({"transfer_amount": 9}, "INVALID_REQUEST", ""),
    ({"transfer_amount": 20_001}, "INVALID_REQUEST", ""),
    ({"transfer_amount": 10_001}, "NOT_ENOUGH", ""),
    ({"transfer_remark": None}, "PARAM_ERROR", "/transfer_remark"),
    ({"transfer_remark": "长" * 33}, "PARAM_ERROR", "/transfer_remark"),
    ({"transfer_scene_report_infos": None}, "PARAM_ERROR", ""),
    ({"transfer_scene_report_infos": REWARD[:1]}, "PARAM_ERROR", ""),
    ({"transfer_scene_report_infos": [{"info_type": "活动名称", "info_content": ""}]}, "PARAM_ERROR",
     "/transfer_scene_report_infos/0/info_content"),
    ({"user_recv_perception": "劳务报酬"}, "INVALID_REQUEST", ""),
    ({"user_recv_style": {"type": "GIFT"}}, "PARAM_ERROR", "/user_recv_style/type"),
    ({"transfer_scene_id": "1011", "user_recv_style": {"type": "RED_PACKET"},
      "transfer_scene_report_infos": [{"info_type": "赔付原因", "info_content": "破损"}]}, "PARAM_ERROR",
     "/user_recv_style/type"),
    ({"notify_url": "https://shop.example/n?x=1"}, "PARAM_ERROR", "/notify_url"),
    ({"user_name": "not encrypted"}, "PARAM_ERROR", ""),
]  # fmt: skip


async def test_what_breaks_a_rule_is_refused_in_wechats_words(world: World) -> None:
    shop, lily = await rich(world)
    for more, code, field in WRONG:
        said = await shop.call("POST", BILLS, asked(lily, **more))
        assert said.json["code"] == code, (more, said.json)
        assert said.json.get("detail", {}).get("field", "") == field, more
    assert await flows(world, shop.mchid) == []


async def test_names_days_and_used_numbers(world: World) -> None:
    shop, lily = await rich(world)
    await world.hand("POST", f"/merchants/{shop.mchid}/withdrawals", {"fen": -1_000_000})
    await world.hand("PUT", f"/merchants/{shop.mchid}", {"transfer_most_fen": 400_000, "transfer_day_fen": 450_000})
    headers = {"Wechatpay-Serial": shop.made["public_key_id"]}
    much = asked(lily, transfer_amount=200_000)
    assert (await shop.call("POST", BILLS, much)).json["detail"]["field"] == "/user_name"
    garbled = much | {"user_name": sealed(shop, "王五")[:-8] + "AAAAAAA="}
    assert (await shop.call("POST", BILLS, garbled, headers=headers)).json["detail"]["field"] == "/user_name"
    named = much | {"user_name": sealed(shop, "王五")}
    foreign = await shop.call("POST", BILLS, named, headers={"Wechatpay-Serial": "PUB_KEY_ID_0"})
    assert (foreign.code, foreign.json["message"]) == ((400, "PARAM_ERROR"), "平台证书序列号Wechatpay-Serial错误")
    said = await shop.call("POST", BILLS, named, headers=headers)
    assert said.json["state"] == "WAIT_USER_CONFIRM"
    # Encrypted anew, the same name is the same words; another amount is not.
    again = await shop.call("POST", BILLS, much | {"user_name": sealed(shop, "王五")}, headers=headers)
    assert again.json == said.json
    other = await shop.call("POST", BILLS, named | {"transfer_amount": 200_001}, headers=headers)
    assert other.code == (400, "ALREADY_EXISTS")
    too_much = await shop.call("POST", BILLS, asked(lily, "BILL0002", transfer_amount=250_001), headers=headers)
    assert too_much.json["code"] == "PARAM_ERROR"  # no name
    full = named | {"out_bill_no": "BILL0003", "transfer_amount": 250_001}
    assert (await shop.call("POST", BILLS, full, headers=headers)).json["message"] == "超出商户单日转账额度"
    handed = {"mchId": shop.mchid, "appId": APPID, "package": said.json["package_info"]}
    assert (await world.hand("POST", "/people/lily/transfer/confirmation", handed))["result"] == "fail"
    look = (await shop.call("GET", f"{BILLS}/out-bill-no/BILL0001")).json
    assert (look["state"], look["fail_reason"]) == ("FAIL", "NAME_NOT_CORRECT")
