"""Profit sharing at the simulated WeChat Pay: receivers, shares that end later, returns, what is held and set free."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from make.wxpay import APPID, Shop, World, a_world
from wxsandbox.pay.rows import PayFlow

BASE = "/v3/profitsharing"
FLAG = {"settle_info": {"profit_sharing": True}}
NET = 8800 - 53


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened_world:
        yield opened_world


def sealed(shop: Shop, name: str) -> str:
    key = serialization.load_pem_public_key(shop.made["platform_public_pem"].encode())
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    return base64.b64encode(key.encrypt(name.encode(), oaep)).decode()


async def add(shop: Shop, account: str, name: str = "茶叶供应商", cipher: str = "", **more: Any) -> Any:
    body = {"appid": APPID, "type": "MERCHANT_ID", "account": account, "relation_type": "SUPPLIER"}
    body |= {"name": cipher or sealed(shop, name)} if cipher or name else {}
    headers = {"Wechatpay-Serial": shop.made["public_key_id"]}
    return await shop.call("POST", f"{BASE}/receivers/add", body | more, headers=headers)


async def sold(world: World, shop: Shop, number: str = "ORDER0001", **more: Any) -> str:
    """Sell something that may be shared, and wait for the minute; gives WeChat's number."""
    openid = await world.person()
    placed = await shop.call("POST", "/v3/pay/transactions/jsapi", shop.order(number, 8800, openid, **(FLAG | more)))
    bill = shop.bridge(placed.json["prepay_id"])
    paid = await world.hand("POST", "/people/lily/pay", {**bill, "password": "123456"})
    await world.pass_seconds(60)
    return str(paid["transaction_id"])


def asked(transaction: str, number: str, *parts: tuple[str, int], unfreeze: bool = False) -> dict[str, Any]:
    receivers = [{"type": "MERCHANT_ID", "account": to, "amount": fen, "description": "货款"} for to, fen in parts]
    body = {"transaction_id": transaction, "out_order_no": number, "receivers": receivers}
    return body | {"unfreeze_unsplit": unfreeze}


async def money(world: World, mchid: str) -> tuple[int, int]:
    made = await world.hand("GET", f"/merchants/{mchid}")
    return made["balance_fen"], made["held_fen"]


async def unsplit(shop: Shop, transaction: str) -> int:
    return int((await shop.call("GET", f"{BASE}/transactions/{transaction}/amounts")).json["unsplit_amount"])


async def test_a_share_is_accepted_first_and_paid_later_and_the_rest_is_set_free(world: World) -> None:
    shop, other = await world.shop(), await world.shop(name="茶叶供应商")
    await world.hand("PUT", f"/merchants/{other.mchid}", {"sharing_notify_url": world.ear.url})
    assert (await add(shop, other.mchid)).status == 200
    assert (await add(shop, other.mchid)).status == 200
    transaction = await sold(world, shop)
    assert await money(world, shop.mchid) == (NET, NET)
    said = await shop.call("POST", f"{BASE}/orders", asked(transaction, "S1", (other.mchid, 800)))
    assert (said.json["state"], said.json["receivers"][0]["result"]) == ("PROCESSING", "PENDING")
    assert await unsplit(shop, transaction) == NET - 800
    again = await shop.call("POST", f"{BASE}/orders", asked(transaction, "S1", (other.mchid, 800)))
    assert again.json == said.json
    busy = {"transaction_id": transaction, "out_order_no": "U0", "description": "解冻"}
    assert (await shop.call("POST", f"{BASE}/orders/unfreeze", busy)).code == (400, "INVALID_REQUEST")
    await world.pass_seconds(3)
    done = (await shop.call("GET", f"{BASE}/orders/S1?transaction_id={transaction}")).json
    assert (done["state"], done["receivers"][0]["result"]) == ("FINISHED", "SUCCESS")
    assert done["receivers"][0]["finish_time"] == "2026-11-02T10:01:03+08:00"
    assert await money(world, shop.mchid) == (NET - 800, NET - 800)
    assert await money(world, other.mchid) == (800, 0)
    await world.settle()
    (told,) = [one for _, one in zip(world.ear.heard, world.ear.heard, strict=True)][-1:]
    assert b'"PROFITSHARING"' in told[1]
    free = await shop.call("POST", f"{BASE}/orders/unfreeze", busy)
    assert free.json["receivers"][0]["amount"] == NET - 800
    await world.pass_seconds(3)
    assert await money(world, shop.mchid) == (NET - 800, 0)
    assert await unsplit(shop, transaction) == 0
    late = await shop.call("POST", f"{BASE}/orders", asked(transaction, "S2", (other.mchid, 1)))
    assert late.code == (403, "NOT_ENOUGH")
    flows = [(one.kind, one.amount_fen, one.voucher) for one in world.box.table(PayFlow) if one.mchid == shop.mchid]
    assert flows[-1] == ("分账", -800, "S1")


async def test_what_may_not_be_shared_is_refused_in_wechats_words(world: World) -> None:
    shop, other, third = await world.shop(), await world.shop(name="茶叶供应商"), await world.shop(name="别家")
    transaction = await sold(world, shop)
    path = f"{BASE}/orders"

    async def refused(*parts: tuple[str, int], number: str = "S1", to: str = transaction) -> tuple[int, str, str]:
        said = await shop.call("POST", path, asked(to, number, *parts))
        return (*said.code, said.json["message"])

    assert await refused((other.mchid, 1)) == (
        400, "INVALID_REQUEST", "分账接收方关系不存在，请检查参数中每个接收方的关系",
    )  # fmt: skip
    assert (await add(shop, other.mchid, name="别人的名字")).code == (400, "INVALID_REQUEST")
    assert (await add(shop, other.mchid, name="")).json["detail"]["field"] == "/name"
    garbled = await add(shop, other.mchid, cipher="bm90IHNlYWxlZA==")
    assert garbled.json["detail"]["field"] == "/name"
    assert (await add(shop, "1900000000")).code == (400, "INVALID_REQUEST")
    assert (await add(shop, other.mchid, relation_type="CUSTOM")).json["detail"]["field"] == "/custom_relation"
    await add(shop, other.mchid)
    assert await refused((other.mchid, 2641)) == (400, "INVALID_REQUEST", "分账金额超出最大分账比例")
    assert await refused((other.mchid, NET + 1)) == (403, "NOT_ENOUGH", "分账金额不足")
    assert (await refused((other.mchid, 1), (other.mchid, 2)))[1] == "PARAM_ERROR"
    assert (await refused((other.mchid, 1), to="42000"))[:2] == (404, "RESOURCE_NOT_EXISTS")
    plain = await world.paid(shop, "ORDER0009")
    assert (await refused((other.mchid, 1), to=plain["transaction_id"]))[2] == "非分账订单不支持分账"
    assert (await shop.call("POST", path, asked(transaction, "S1", (other.mchid, 2640)))).status == 200
    assert (await refused((other.mchid, 2639)))[2] == "分账接收方与原请求不一致"
    assert (await refused((other.mchid, 1), number="S2"))[2] == "分账金额超出最大分账比例"
    soon = await shop.call("POST", "/v3/pay/transactions/native", shop.order("ORDER0010", 500, **FLAG))
    paid = await world.hand("POST", "/people/lily/pay", {"code_url": soon.json["code_url"], "password": "123456"})
    assert (await refused((other.mchid, 1), number="S3", to=paid["transaction_id"]))[2] == "订单处理中，请稍后重试"
    for body, field in (
        ({"receivers": []}, "/receivers"),
        ({"out_order_no": "with space"}, "/out_order_no"),
        ({"unfreeze_unsplit": "yes"}, "/unfreeze_unsplit"),
        ({"receivers": [{"type": "MERCHANT_ID", "account": third.mchid, "amount": 0, "description": "x"}]},
         "/receivers/0/amount"),
    ):  # fmt: skip
        wrong = await shop.call("POST", path, asked(transaction, "S9", (other.mchid, 1)) | body)
        assert (wrong.code[1], wrong.json["detail"]["field"]) == ("PARAM_ERROR", field)


async def test_a_failed_share_stays_held_and_a_refund_takes_from_what_is_held(world: World) -> None:
    shop, other = await world.shop(), await world.shop(name="茶叶供应商")
    await add(shop, other.mchid)
    transaction = await sold(world, shop)
    await world.hand("PUT", f"/merchants/{other.mchid}", {"sharing_obstacle": "RECEIVER_HIGH_RISK"})
    await shop.call("POST", f"{BASE}/orders", asked(transaction, "S1", (other.mchid, 800)))
    await world.pass_seconds(3)
    done = (await shop.call("GET", f"{BASE}/orders/S1?transaction_id={transaction}")).json["receivers"][0]
    assert (done["result"], done["fail_reason"]) == ("CLOSED", "RECEIVER_HIGH_RISK")
    assert await money(world, shop.mchid) == (NET, NET)
    await world.hand("PUT", f"/merchants/{other.mchid}", {"sharing_obstacle": ""})
    await shop.call("POST", f"{BASE}/orders", asked(transaction, "S2", (other.mchid, 2000)))
    await world.pass_seconds(3)
    # More than is held: it has to be set free, or come back, first.
    refund = shop.refund("R1", "ORDER0001", 8000, 8800)
    assert (await shop.call("POST", "/v3/refund/domestic/refunds", refund)).code == (403, "NOT_ENOUGH")
    part = await shop.call("POST", "/v3/refund/domestic/refunds", shop.refund("R2", "ORDER0001", 1000, 8800))
    assert part.status == 200
    assert await money(world, shop.mchid) == (NET - 2000 - 994, NET - 2000 - 994)
    await world.pass_seconds(30 * 86400)
    assert await money(world, shop.mchid) == (NET - 2000 - 994, 0)


async def test_a_share_comes_back_once_and_no_further(world: World) -> None:
    shop, other = await world.shop(), await world.shop(name="茶叶供应商")
    await add(shop, other.mchid)
    transaction = await sold(world, shop)
    await shop.call("POST", f"{BASE}/orders", asked(transaction, "S1", (other.mchid, 800), unfreeze=True))
    await world.pass_seconds(3)
    assert await money(world, shop.mchid) == (NET - 800, 0)
    path = f"{BASE}/return-orders"
    back = {"out_order_no": "S1", "out_return_no": "B1", "return_mchid": other.mchid, "amount": 300}
    back |= {"description": "用户退款"}
    first = (await shop.call("POST", path, back)).json
    assert (first["result"], first["amount"]) == ("SUCCESS", 300)
    assert (await shop.call("POST", path, back)).json == first
    assert (await shop.call("GET", f"{path}/B1?out_order_no=S1")).json == first
    assert (await shop.call("POST", path, back | {"amount": 301})).code == (400, "INVALID_REQUEST")
    assert (await shop.call("POST", path, back | {"out_return_no": "B2", "amount": 501})).code == (403, "NOT_ENOUGH")
    assert await money(world, shop.mchid) == (NET - 500, 0)
    assert await money(world, other.mchid) == (500, 0)
    await world.hand("POST", f"/merchants/{other.mchid}/withdrawals", {"fen": 500})
    poor = (await shop.call("POST", path, back | {"out_return_no": "B3", "amount": 500})).json
    assert (poor["result"], poor["fail_reason"]) == ("FAILED", "BALANCE_NOT_ENOUGH")
    await world.pass_seconds(181 * 86400)
    assert (await shop.call("POST", path, back | {"out_return_no": "B4"})).code == (400, "INVALID_REQUEST")
    assert (await shop.call("GET", f"{path}/B9?out_order_no=S1")).code == (404, "RESOURCE_NOT_EXISTS")


async def test_a_provider_shares_for_its_merchant_and_a_person_gets_a_share(world: World) -> None:
    provider = await world.shop()
    sub = await world.hand("POST", "/merchants", {"partner": provider.mchid, "name": "分店"})
    openid, bob = await world.person(), await world.person("bob")
    provider_name = (await world.hand("GET", f"/merchants/{provider.mchid}"))["name"]
    for_sub = {"sub_mchid": sub["mchid"]}
    assert (await add(provider, provider.mchid, name=provider_name, **for_sub)).status == 200
    person = {"appid": APPID, "type": "PERSONAL_OPENID", "account": bob, "relation_type": "STAFF", **for_sub}
    assert (await provider.call("POST", f"{BASE}/receivers/add", person)).status == 200
    order = provider.order("ORDER0001", 10_000, **FLAG)
    order = {name: value for name, value in order.items() if name not in ("appid", "mchid")}
    order |= {"sp_appid": APPID, "sp_mchid": provider.mchid, **for_sub, "payer": {"sp_openid": openid}}
    placed = await provider.call("POST", "/v3/pay/partner/transactions/jsapi", order)
    bill = provider.bridge(placed.json["prepay_id"])
    paid = await world.hand("POST", "/people/lily/pay", {**bill, "password": "123456"})
    await world.pass_seconds(60)
    body = asked(paid["transaction_id"], "S1", (provider.mchid, 200), unfreeze=True) | for_sub
    body["receivers"].append({"type": "PERSONAL_OPENID", "account": bob, "amount": 100, "description": "提成"})
    assert (await provider.call("POST", f"{BASE}/orders", body)).json["detail"]["field"] == "/appid"
    assert (await provider.call("POST", f"{BASE}/orders", body | {"appid": APPID})).status == 200
    await world.pass_seconds(3)
    assert await money(world, sub["mchid"]) == (10_000 - 60 - 300, 0)
    assert await money(world, provider.mchid) == (200, 0)
    assert (await world.hand("GET", "/people/bob/wallet"))["balance_fen"] == 1_000_100
    ratio = await provider.call("GET", f"{BASE}/merchant-configs/{sub['mchid']}")
    assert ratio.json == {"sub_mchid": sub["mchid"], "max_ratio": 3000}
    back = {"out_order_no": "S1", "out_return_no": "B1", "return_mchid": bob, "amount": 1, "description": "x"}
    assert (await provider.call("POST", f"{BASE}/return-orders", back | for_sub)).code == (400, "INVALID_REQUEST")
