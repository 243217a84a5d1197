"""Who is let in at WeChat Pay, with which words others are sent away, and how answers are signed."""

from collections.abc import AsyncIterator, Callable

import pytest

from make.wxpay import HOST, Shop, World, a_world, proved
from wxsandbox.faults import Fault

LOOK = "/v3/pay/transactions/out-trade-no/ORDER0001"
GARBLED = "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened_world:
        yield opened_world


def text(shop: Shop, **changes: str) -> str:
    return shop.authorization("GET", f"{LOOK}?mchid={shop.mchid}", b"", **changes)


WRONG: list[tuple[str, Callable[[Shop], str], str]] = [
    ("none", lambda shop: "", "签名信息错误，验签失败"),
    ("garbled", lambda shop: "WECHATPAY2-SHA256-RSA2048 hello", "签名信息错误，验签失败"),
    ("a part missing", lambda shop: text(shop).replace('nonce_str="N0NCE",', ""), "签名信息错误，验签失败"),
    (
        "scheme",
        lambda shop: text(shop).replace("WECHATPAY2-SHA256-RSA2048", "WECHATPAY2-SM2-WITH-SM3"),
        "HTTP头Authorization认证类型不正确",
    ),
    ("merchant", lambda shop: text(shop, mchid="1111111111"), "商户未申请过证书。"),
    (
        "old",
        lambda shop: text(shop, timestamp=str(shop.box.clock.seconds() - 301)),
        "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟",
    ),
    (
        "serial",
        lambda shop: text(shop, serial_no="40" * 20),
        "商户证书序列号有误。请使用签名私钥匹配的证书序列号",
    ),
    ("signature", lambda shop: text(shop, nonce_str="x", signature="AAAA"), "签名错误"),
    ("another message", lambda shop: shop.authorization("GET", "/v3/other", b""), "签名错误"),
]


@pytest.mark.parametrize(("what", "make", "message"), WRONG, ids=[row[0] for row in WRONG])
async def test_a_wrong_authorization_is_refused(
    world: World, what: str, make: Callable[[Shop], str], message: str
) -> None:
    shop = await world.shop()
    target = f"{LOOK}?mchid={shop.mchid}"
    said = await shop.call("GET", target, headers={"Authorization": make(shop)})
    assert said.code == (401, "SIGN_ERROR")
    assert said.json["message"] == message
    assert "Wechatpay-Signature" not in said.headers
    assert "Request-ID" not in said.headers


async def test_certificates_and_refunds_look_at_plain_headers_first(world: World) -> None:
    shop = await world.shop()
    bare = await shop.call("GET", "/v3/certificates", headers={"Accept": ""})
    assert bare.code == (400, "INVALID_REQUEST")
    assert bare.json["message"] == "Http头缺少Accept或User-Agent"
    nobody = await shop.call("GET", "/v3/certificates", headers={"Authorization": "hello"})
    assert nobody.json["message"] == GARBLED
    assert nobody.headers["Request-ID"]
    assert (await shop.call("GET", LOOK + f"?mchid={shop.mchid}", headers={"Accept": ""})).status == 404


async def test_the_prefix_is_not_signed_and_the_host_header_works_too(world: World) -> None:
    shop = await world.shop()
    target = f"{LOOK}?mchid={shop.mchid}"
    prefixed = shop.authorization("GET", f"/{HOST}{target}", b"")
    assert (await shop.call("GET", target, headers={"Authorization": prefixed})).code == (401, "SIGN_ERROR")
    headers = {"Authorization": text(shop), "Host": HOST, "Accept": "application/json"}
    async with world.http.get(f"{world.box.url}{target}", headers=headers) as answer:
        assert answer.status == 404
        assert (await answer.json())["code"] == "ORDER_NOT_EXIST"


async def test_an_expired_merchant_certificate_is_refused(world: World) -> None:
    shop = await world.shop()
    await world.pass_seconds(5 * 366 * 86400)
    said = await shop.call("GET", f"{LOOK}?mchid={shop.mchid}")
    assert said.json["message"] == "商户证书已过期"


async def test_answers_are_signed_by_the_key_that_was_asked_for(world: World) -> None:
    shop, openid = await world.shop(mode="both"), await world.person()
    path, order = "/v3/pay/transactions/jsapi", shop.order(openid=openid)
    plain = await shop.call("POST", path, order)
    assert plain.headers["Wechatpay-Serial"] == shop.made["certificates"][0]["serial"]
    asked = await shop.call("POST", path, order, headers={"Wechatpay-Serial": shop.made["public_key_id"]})
    assert asked.headers["Wechatpay-Serial"] == shop.made["public_key_id"]
    for said in (plain, asked):
        assert proved(shop.made, said.headers, said.body)
        assert abs(int(said.headers["Wechatpay-Timestamp"]) - world.box.clock.now()) <= 1


async def test_the_probe_spoils_one_answer_and_spares_its_repeat(world: World) -> None:
    shop, openid = await world.shop(), await world.person()
    await world.hand("POST", "/faults", {"on": "POST /v3/pay/*", "effect": "signtest"})
    path, order = "/v3/pay/transactions/jsapi", shop.order(openid=openid)
    probe = await shop.call("POST", path, order)
    assert probe.headers["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/")
    assert not proved(shop.made, probe.headers, probe.body)
    again = await shop.call("POST", path, order)
    assert proved(shop.made, again.headers, again.body)


async def test_faults_speak_wechat_pays_language(world: World) -> None:
    shop = await world.shop()
    target = f"{LOOK}?mchid={shop.mchid}"
    for seq, (code, status) in enumerate({"SYSTEM_ERROR": 500, "FREQUENCY_LIMITED": 429}.items()):
        world.box.faults.rules.put(Fault(id=f"f{seq}", on="GET /v3/pay/*", effect="error", code=code, times=1))
        assert (await shop.call("GET", target)).code == (status, code)
    assert (await shop.call("GET", target)).code == (404, "ORDER_NOT_EXIST")


async def test_unknown_paths_and_methods_have_no_words(world: World) -> None:
    shop = await world.shop()
    for method, path, status in (("GET", "/v3/nothing", 404), ("GET", "/v3/pay/transactions/jsapi", 405)):
        said = await shop.call(method, path)
        assert (said.status, said.body) == (status, b"")
