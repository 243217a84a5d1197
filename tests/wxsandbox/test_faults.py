"""Faults on calls and callbacks: each strikes as its name says, by rule, person and chance."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from make.platforms import ACCOUNT, AES_KEY, COMPONENT, TOKEN, Stage
from make.receiver import Got
from wxsandbox import crypto, xml

MENU = "GET /cgi-bin/menu/get"


def contents(stage: Stage) -> list[str]:
    """Open the texts that arrived, in order."""
    return [text for text in (opened(got) for got in stage.receiver.at(f"/{ACCOUNT}/messages")) if text]


def opened(got: Got) -> str:
    sealed = xml.read(got.body)["Encrypt"]
    return str(xml.read(crypto.decrypt(sealed, aes_key=AES_KEY, appid=COMPONENT)).get("Content", ""))


@pytest.fixture
async def talking(stage: Stage) -> Stage:
    await stage.authorized()
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.settle()
    return stage


async def test_errors_by_rule_and_count(stage: Stage) -> None:
    token = await stage.own_token()
    await stage.sandbox.fault(MENU, "error", errcode=45009, times=1)
    codes = [(await stage.get("/cgi-bin/menu/get", access_token=token))["errcode"] for _ in range(2)]
    assert codes == [45009, 46003]
    await stage.sandbox.fault(MENU, "error", after=1, times=1)
    codes = [(await stage.get("/cgi-bin/menu/get", access_token=token))["errcode"] for _ in range(3)]
    assert codes == [46003, -1, 46003]


async def test_a_token_dies_before_its_time(stage: Stage) -> None:
    token = await stage.own_token()
    await stage.sandbox.fault("GET /cgi-bin/menu/*", "expire_token", times=1)
    codes = [(await stage.get("/cgi-bin/menu/get", access_token=token))["errcode"] for _ in range(2)]
    assert codes == [40001, 40001]
    fresh = await stage.own_token()
    assert (await stage.get("/cgi-bin/menu/get", access_token=fresh))["errcode"] == 46003


async def test_a_fault_keeps_to_its_account(stage: Stage) -> None:
    token = await stage.own_token()
    await stage.sandbox.fault(MENU, "error", appid="wxother")
    assert (await stage.get("/cgi-bin/menu/get", access_token=token))["errcode"] == 46003
    await stage.sandbox.fault(MENU, "error", appid=ACCOUNT)
    assert (await stage.get("/cgi-bin/menu/get", access_token=token))["errcode"] == -1
    await stage.sandbox.heal()
    assert (await stage.get("/cgi-bin/menu/get", access_token=token))["errcode"] == 46003


async def test_an_http_failure_and_a_slow_answer(stage: Stage) -> None:
    token = await stage.own_token()
    await stage.sandbox.fault(MENU, "status", status=502, times=1)
    async with stage.http.get(f"{stage.api}/cgi-bin/menu/get", params={"access_token": token}) as answer:
        assert answer.status == 502
    await stage.sandbox.fault(MENU, "slow", seconds=0.3, times=1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(stage.get("/cgi-bin/menu/get", access_token=token), 0.1)


@pytest.mark.parametrize(("effect", "made"), [("lost", True), ("timeout", False)])
async def test_an_answer_is_lost_after_or_before_the_deed(stage: Stage, effect: str, made: bool) -> None:
    token = await stage.own_token()
    await stage.sandbox.fault("POST /cgi-bin/menu/create", effect, seconds=0.1, times=1)
    menu = {"button": [{"name": "a", "type": "click", "key": "k"}]}
    with pytest.raises(aiohttp.ClientError):
        await stage.post("/cgi-bin/menu/create", menu, access_token=token)
    assert ("menu" in await stage.get("/cgi-bin/menu/get", access_token=token)) is made


async def test_chance_is_the_same_under_one_seed(stage: Stage) -> None:
    token = await stage.own_token()
    await stage.sandbox.fault(MENU, "error", chance=0.5)
    await stage.sandbox.call("POST", "/snapshots", {"name": "before"})

    async def draw() -> list[int]:
        return [(await stage.get("/cgi-bin/menu/get", access_token=token))["errcode"] for _ in range(20)]

    first = await draw()
    await stage.sandbox.call("POST", "/snapshots/before/restoration")
    assert await draw() == first
    assert set(first) == {-1, 46003}


async def test_a_callback_is_lost(talking: Stage) -> None:
    await talking.sandbox.fault("callback:message.text", "lose", times=1)
    await talking.alice.say(ACCOUNT, "一")
    await talking.alice.say(ACCOUNT, "二")
    await talking.sandbox.advance(60)
    assert contents(talking) == ["二"]


async def test_a_callback_comes_twice_and_a_dropped_one_later(talking: Stage) -> None:
    await talking.sandbox.fault("callback:message.text", "repeat", times=1)
    await talking.alice.say(ACCOUNT, "一")
    await talking.sandbox.settle()
    assert contents(talking) == ["一", "一"]
    await talking.sandbox.fault("callback:message.text", "drop", times=1)
    await talking.alice.say(ACCOUNT, "二")
    await talking.sandbox.settle()
    assert contents(talking) == ["一", "一"]
    await talking.sandbox.advance(5)
    assert contents(talking) == ["一", "一", "二"]


async def test_a_callback_is_delayed(talking: Stage) -> None:
    await talking.sandbox.fault("callback:message.*", "delay", seconds=7, times=1, person="alice")
    await talking.alice.say(ACCOUNT, "一")
    await talking.sandbox.advance(6)
    assert contents(talking) == []
    await talking.sandbox.advance(1)
    assert contents(talking) == ["一"]


async def test_callbacks_change_places(talking: Stage) -> None:
    await talking.sandbox.fault("callback:message.text", "reorder", times=1)
    await talking.alice.say(ACCOUNT, "一")
    await talking.sandbox.settle()
    await talking.alice.say(ACCOUNT, "二")
    await talking.sandbox.settle()
    assert contents(talking) == ["二", "一"]


async def test_a_forged_callback_comes_before_the_real_one(talking: Stage) -> None:
    await talking.sandbox.fault("callback:message.text", "forge", times=1)
    await talking.alice.say(ACCOUNT, "一")
    await talking.sandbox.advance(5)

    def genuine(got: Got) -> bool:
        parts = (TOKEN, got.query["timestamp"], got.query["nonce"], xml.read(got.body)["Encrypt"])
        return crypto.signature(*parts) == got.query["msg_signature"]

    assert [genuine(got) for got in talking.receiver.at(f"/{ACCOUNT}/messages")[1:]] == [False, True]


async def test_a_wrong_fault_is_refused(stage: Stage) -> None:
    refused: Callable[..., Any] = stage.sandbox.call
    with pytest.raises(Exception, match="422"):
        await refused("POST", "/faults", {"on": 5, "effect": "error"})
