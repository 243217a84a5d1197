"""H5 and code pay, by the project's own protocol library at the simulator: direct and as a service provider."""

from collections.abc import AsyncIterator, Callable
from datetime import date
from itertools import count
from typing import Any

import pytest

from make.wxpay import APPID, HOST, Shop, World, a_world
from weixin.errors import PayError, Unreachable
from weixin.pay.client import PayClient
from weixin.pay.keys import Keys, Merchant, load_private_key, load_public_key
from weixin.products import pay
from weixin.transport import Transport
from wxsandbox.client import Sandbox

H5 = "/v3/pay/transactions/h5"
CODE = "/v3/pay/transactions/codepay"
SCENE = {"payer_client_ip": "14.23.150.211", "h5_info": {"type": "Wap"}}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened_world:
        yield opened_world


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    opened = Transport(timeout_seconds=5)
    yield opened
    await opened.close()


async def till(world: World, transport: Transport, *, partner: bool) -> tuple[Shop, PayClient, dict[str, Any]]:
    """Give a merchant, its client, and what each of its calls says: with a sub-merchant's number or without."""
    shop = await world.shop()
    made, numbers = shop.made, count()
    sub = (await world.hand("POST", "/merchants", {"appids": [APPID], "partner": shop.mchid})) if partner else None
    signer = Merchant(made["mchid"], made["serial"], load_private_key(made["private_pem"]), made["apiv3_key"].encode())
    keys = Keys(public_key_id=made["public_key_id"], public_key=load_public_key(made["platform_public_pem"]))
    client = PayClient(
        transport, f"{shop.box.url}/{HOST}", signer, keys, shop.box.clock.seconds, nonce=lambda: f"nonce{next(numbers)}"
    )
    return shop, client, {"sub_mchid": sub["mchid"]} if sub else {}


both = pytest.mark.parametrize("partner", [False, True])


@both
async def test_a_browser_outside_wechat_pays_and_comes_back(world: World, transport: Transport, partner: bool) -> None:
    shop, client, sub = await till(world, transport, partner=partner)
    await world.person()
    words = {"out_trade_no": "H5ORDER1", "description": "茶", "amount_fen": 8800, "notify_url": shop.notify_url}
    url = await pay.h5_order(client, appid=APPID, payer_ip="14.23.150.211", **words, **sub)
    assert "/wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx" in url
    async with Sandbox(world.box.url) as sandbox:
        phone = await sandbox.person("lily")
        back = f"{world.box.url}/_sandbox/clock?from=h5"
        assert "¥88.00" in (await phone.open(url)).text
        left = await phone.pay_h5(pay.with_redirect(url, back), end="cancel")
        assert left.url.endswith("/_sandbox/clock?from=h5")
        assert (await pay.query(client, out_trade_no="H5ORDER1", **sub)).state == "NOTPAY"
        assert "支付密码错误" in (await phone.pay_h5(url, password="000000")).text
        assert (await phone.pay_h5(pay.with_redirect(url, back))).url == left.url
        paid = await pay.query(client, out_trade_no="H5ORDER1", **sub)
        assert (paid.state, paid.trade_type, paid.sub_mchid) == ("SUCCESS", "MWEB", sub.get("sub_mchid"))
        await world.settle()
        assert world.ear.resources(shop.made)[0]["trade_type"] == "MWEB"
        late = await pay.h5_order(client, appid=APPID, payer_ip="::1", **{**words, "out_trade_no": "H5ORDER2"}, **sub)
        await world.pass_seconds(301)
        assert "支付请求已失效" in (await phone.open(late)).text
        await phone.close()


async def test_what_is_wrong_with_an_order_is_named(world: World) -> None:
    shop = await world.shop()
    h5 = shop.order("H5ORDER1", scene_info=SCENE)
    store = {"store_info": {"out_id": "1"}}
    code = {k: v for k, v in shop.order("CODE0001", payer={"auth_code": "13" + "0" * 16}).items() if k != "notify_url"}
    cases: list[tuple[str, dict[str, Any], str]] = [
        (H5, shop.order("H5ORDER1"), "/scene_info"),
        (H5, h5 | {"scene_info": {"payer_client_ip": "::1"}}, "/scene_info/h5_info"),
        (H5, h5 | {"scene_info": {**SCENE, "h5_info": {"type": "Web"}}}, "/scene_info/h5_info/type"),
        (CODE, code, "/scene_info"),
        (CODE, code | {"scene_info": store, "payer": {"auth_code": "161234567890123456"}}, "/payer/auth_code"),
        (CODE, code | {"scene_info": store, "amount": {"total": 0}}, "/amount/total"),
    ]
    for path, body, field in cases:
        said = await shop.call("POST", path, body)
        assert (said.code, said.json["detail"]["field"]) == ((400, "PARAM_ERROR"), field)
    said = await shop.call("POST", CODE, code | {"scene_info": store})
    assert said.code == (400, "AUTH_CODE_INVALID")


@both
async def test_a_code_is_scanned_confirmed_and_called_off(world: World, transport: Transport, partner: bool) -> None:
    shop, client, sub = await till(world, transport, partner=partner)
    await world.person()
    owner = sub.get("sub_mchid", shop.mchid)

    async def code() -> str:
        return str((await world.hand("POST", "/people/lily/payment-code", {}))["auth_code"])

    async def scan(number: str, fen: int, digits: str) -> Any:
        words = {"out_trade_no": number, "description": "茶", "amount_fen": fen, "auth_code": digits}
        return await pay.code_order(client, appid=APPID, store_id="1", **words, **sub)

    async def refused(scanning: Callable[[], Any]) -> str:
        with pytest.raises(PayError) as error:
            await scanning()
        return error.value.code

    digits = await code()
    paid = await scan("CODE0001", 8800, digits)
    assert (paid.state, paid.trade_type, paid.total_fen) == ("SUCCESS", "MICROPAY", 8800)
    assert (await scan("CODE0001", 8800, digits)).transaction_id == paid.transaction_id
    assert await refused(lambda: scan("CODE0001", 8900, digits)) == "OUT_TRADE_NO_USED"
    assert await refused(lambda: scan("CODE0002", 8800, digits)) == "AUTH_CODE_INVALID"
    stale = await code()
    await world.pass_seconds(61)
    assert await refused(lambda: scan("CODE0003", 8800, stale)) == "AUTHCODEEXPIRE"
    # Above a thousand yuan the person is asked for the password.
    for number, password, state in (("CODE0004", "123456", "SUCCESS"), ("CODE0005", "999999", "PAYERROR")):
        digits = await code()
        with pytest.raises(Unreachable):
            await scan(number, 200_000, digits)
        assert (await pay.query(client, out_trade_no=number, **sub)).state == "USERPAYING"
        await world.hand("POST", f"/people/lily/payment-requests/{number}", {"password": password})
        assert (await pay.query(client, out_trade_no=number, **sub)).state == state
    assert world.ear.heard == []  # of a code payment there is no notice
    before = (await world.hand("GET", f"/merchants/{owner}"))["balance_fen"]
    await pay.reverse(client, out_trade_no="CODE0001", appid=APPID, **sub)
    await pay.reverse(client, out_trade_no="CODE0001", appid=APPID, **sub)
    assert (await pay.query(client, out_trade_no="CODE0001", **sub)).state == "REVOKED"
    assert (await world.hand("GET", f"/merchants/{owner}"))["balance_fen"] == before - 8800 + 53
    assert await refused(lambda: pay.close(client, out_trade_no="CODE0005", **sub)) == "INVALID_REQUEST"
    await world.pass_seconds(86400)
    link = await pay.trade_bill(client, day=date(2026, 11, 2), **sub)
    rows, summary = pay.parse_trade_bill(await pay.download_bill(client, link))
    lines = {(row.out_trade_no, row.state, row.order_fen) for row in rows}
    assert lines == {("CODE0001", "SUCCESS", 8800), ("CODE0001", "REVOKED", 0), ("CODE0004", "SUCCESS", 200_000)}
    assert summary.order_fen == 200_000 + 8800
