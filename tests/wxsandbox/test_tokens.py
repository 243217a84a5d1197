"""Access tokens: lifetimes, overlaps, and WeChat's code for every wrong one."""

import pytest

from make.platforms import ACCOUNT, COMPONENT, Stage


async def test_a_replaced_token_lives_five_more_minutes(stage: Stage) -> None:
    old = await stage.own_token()
    new = await stage.own_token()
    assert old != new
    assert (await stage.get("/cgi-bin/menu/get", access_token=old))["errcode"] == 46003
    await stage.sandbox.advance(301)
    assert (await stage.get("/cgi-bin/menu/get", access_token=old))["errcode"] == 40001
    assert (await stage.get("/cgi-bin/menu/get", access_token=new))["errcode"] == 46003


async def test_a_token_expires_after_two_hours(stage: Stage) -> None:
    token = await stage.own_token()
    await stage.sandbox.advance(7199)
    assert (await stage.get("/cgi-bin/menu/get", access_token=token))["errcode"] == 46003
    await stage.sandbox.advance(1)
    assert (await stage.get("/cgi-bin/menu/get", access_token=token))["errcode"] == 42001


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, 41001),
        ({"access_token": "short"}, 40014),
        ({"access_token": "49_" + "x" * 120}, 40001),
    ],
)
async def test_wrong_tokens(stage: Stage, query: dict[str, str], code: int) -> None:
    answer = await stage.get("/cgi-bin/menu/get", **query)
    assert answer["errcode"] == code
    assert " rid: " in answer["errmsg"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"grant_type": "x"}, 40002),
        ({"grant_type": ""}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wx0"}, 40013),
        ({"appid": COMPONENT}, 61024),
        ({"secret": "nope"}, 40125),
    ],
)
async def test_wrong_credentials(stage: Stage, change: dict[str, str], code: int) -> None:
    good = {"grant_type": "client_credential", "appid": ACCOUNT, "secret": stage.account["secret"]}
    assert (await stage.get("/cgi-bin/token", **{**good, **change}))["errcode"] == code


async def test_the_stable_token_is_the_same_until_its_last_five_minutes(stage: Stage) -> None:
    body = {"grant_type": "client_credential", "appid": ACCOUNT, "secret": stage.account["secret"]}
    first = await stage.post("/cgi-bin/stable_token", body)
    await stage.own_token()  # another universe: does not disturb
    await stage.sandbox.advance(6000)
    again = await stage.post("/cgi-bin/stable_token", body)
    assert again == {"access_token": first["access_token"], "expires_in": 1200}
    await stage.sandbox.advance(950)
    renewed = await stage.post("/cgi-bin/stable_token", body)
    assert renewed["access_token"] != first["access_token"]
    assert (await stage.get("/cgi-bin/menu/get", access_token=first["access_token"]))["errcode"] == 46003


async def test_a_forced_stable_token_kills_the_old_one(stage: Stage) -> None:
    body = {"grant_type": "client_credential", "appid": ACCOUNT, "secret": stage.account["secret"]}
    first = (await stage.post("/cgi-bin/stable_token", body))["access_token"]
    forced = (await stage.post("/cgi-bin/stable_token", {**body, "force_refresh": True}))["access_token"]
    assert (await stage.get("/cgi-bin/menu/get", access_token=first))["errcode"] == 40001
    at_once = (await stage.post("/cgi-bin/stable_token", {**body, "force_refresh": True}))["access_token"]
    assert at_once == forced  # within 30 s of the last
    assert (await stage.post("/cgi-bin/stable_token", {**body, "force_refresh": "yes"}))["errcode"] == 47001


async def test_the_js_ticket_stays_the_same_for_two_hours(stage: Stage) -> None:
    token = await stage.own_token()
    first = await stage.get("/cgi-bin/ticket/getticket", access_token=token, type="jsapi")
    assert (first["errcode"], first["expires_in"], len(first["ticket"])) == (0, 7200, 86)
    await stage.sandbox.advance(100)
    second = await stage.get("/cgi-bin/ticket/getticket", access_token=token, type="jsapi")
    assert (second["ticket"], second["expires_in"]) == (first["ticket"], 7100)
    assert (await stage.get("/cgi-bin/ticket/getticket", access_token=token, type="x"))["errcode"] == 40097


async def test_wrong_methods_and_bodies(stage: Stage) -> None:
    token = await stage.own_token()
    assert (await stage.post("/cgi-bin/menu/get", {}, access_token=token))["errcode"] == 43001
    assert (await stage.get("/cgi-bin/menu/create", access_token=token))["errcode"] == 43002
    assert (await stage.post("/cgi-bin/menu/create", b"", access_token=token))["errcode"] == 44002
    assert (await stage.post("/cgi-bin/menu/create", b"{", access_token=token))["errcode"] == 47001
    assert (await stage.post("/cgi-bin/menu/create", b'{"button":[]}', access_token=token))["errcode"] == 40016
