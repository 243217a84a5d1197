"""What PayClient makes of every kind of answer: refusals, probes, unknown keys, rotation."""

import pytest

from make.wxkeys import (
    APIV3,
    CERT,
    KEY_ID,
    MERCHANT,
    NEXT,
    NOW,
    ORDER,
    OURS,
    PLATFORM,
    PREFIX,
    ROTATED,
    by,
    certificates,
)
from make.wxservers import PayScripted, Reply, counter
from weixin.errors import BadMessage, PayError, Unreachable, UnverifiedAnswer
from weixin.pay import Keys, Merchant, PayClient
from weixin.products import pay
from weixin.transport import Transport


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
    server.will(*[Reply(certificates((NEXT, ROTATED)), key=NEXT, sign="probe")] * 2)
    with pytest.raises(Exception, match="signature"):
        await client.refresh_certificates()
    assert client.keys.certificates == [first]
    server.will(
        Reply(certificates((CERT, PLATFORM)), key=CERT, sign="probe"), Reply(certificates((CERT, PLATFORM)), key=CERT)
    )
    assert [item.serial for item in await client.refresh_certificates()] == [CERT]
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
