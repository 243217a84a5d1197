"""The control plane: clock, journal, replay, reset, snapshots, feed, coverage, and both forms of address."""

import asyncio
from urllib.parse import urlsplit

import aiohttp
import pytest

from make.platforms import ACCOUNT, START, Stage
from wxsandbox import crypto
from wxsandbox.client import SandboxError


async def test_the_clock_stands_runs_and_is_turned(stage: Stage) -> None:
    assert await stage.sandbox.now() == START.timestamp()
    assert await stage.sandbox.advance(90) == START.timestamp() + 90
    turned = await stage.sandbox.call("POST", "/clock", {"now": "2026-10-01T00:00:00+08:00"})
    assert turned["now"] == "2026-09-30T16:00:00.000Z"
    await stage.sandbox.call("POST", "/clock", {"frozen": False})
    before = await stage.sandbox.now()
    await asyncio.sleep(0.05)
    assert before < await stage.sandbox.now() < before + 5
    assert (await stage.sandbox.call("POST", "/clock", {"frozen": True}))["frozen"] is True


async def test_a_running_clock_does_what_is_due_by_itself(stage: Stage) -> None:
    await stage.sandbox.account(ACCOUNT, push={"url": f"{stage.receiver.url}/own", "token": "t0k"})
    await stage.sandbox.call("POST", "/clock", {"frozen": False})
    await stage.sandbox.fault("callback:message.*", "delay", seconds=0.3, times=1)
    await stage.alice.follow(ACCOUNT)
    await asyncio.sleep(0.1)
    assert not stage.receiver.at("/own")
    for _ in range(40):
        await asyncio.sleep(0.05)
        if stage.receiver.at("/own"):
            break
    assert len(stage.receiver.at("/own")) == 1


async def test_the_journal_is_searched_and_replayed(stage: Stage) -> None:
    await stage.authorized()
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.settle()
    path = f"/{ACCOUNT}/messages"
    [callback] = await stage.sandbox.journal(kind="callback", name="message.event.subscribe", person="alice")
    assert callback["status"] == 200
    await stage.sandbox.call("POST", f"/journal/{callback['id']}/replay")
    await stage.sandbox.settle()
    first, second = stage.receiver.at(path)
    assert (first.body, first.query) == (second.body, second.query)
    calls = await stage.sandbox.journal(kind="call", name="POST /cgi-bin/component/api_query_auth")
    again = await stage.sandbox.call("POST", f"/journal/{calls[0]['id']}/replay")
    assert "61009" in again["body"]
    with pytest.raises(SandboxError, match="404"):
        await stage.sandbox.call("POST", "/journal/999999/replay")


async def test_snapshots_are_kept_and_restored(stage: Stage) -> None:
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.call("POST", "/snapshots", {"name": "followed"})
    await stage.alice.unfollow(ACCOUNT)
    await stage.sandbox.advance(3600)
    await stage.sandbox.call("POST", "/snapshots/followed/restoration")
    assert (await stage.alice.profile())["chats"][0]["subscribed"] is True
    assert await stage.sandbox.now() == START.timestamp()
    assert (await stage.sandbox.call("GET", "/snapshots"))["items"] == ["followed"]
    with pytest.raises(SandboxError, match="404"):
        await stage.sandbox.call("POST", "/snapshots/never/restoration")


async def test_reset_forgets_everybody(stage: Stage) -> None:
    await stage.sandbox.call("POST", "/reset")
    assert (await stage.sandbox.call("GET", "/people"))["items"] == []
    with pytest.raises(SandboxError, match="404"):
        await stage.alice.profile()


async def test_a_phone_hears_of_news_at_once(stage: Stage) -> None:
    heard = stage.alice.events()
    listening = asyncio.create_task(anext(heard))
    await asyncio.sleep(0.1)
    await stage.alice.follow(ACCOUNT)
    event = await asyncio.wait_for(listening, 5)
    assert (event["kind"], event["appid"], event["person"]) == ("follow", ACCOUNT, "alice")
    await heard.aclose()  # type: ignore[attr-defined]


async def test_wrong_control_requests_say_why(stage: Stage) -> None:
    with pytest.raises(SandboxError, match="no person bob"):
        await stage.sandbox.call("GET", "/people/bob")
    with pytest.raises(SandboxError, match="APPID"):
        await stage.sandbox.component("wx1", message_url="http://x/")
    with pytest.raises(SandboxError, match="only followers"):
        await stage.alice.say(ACCOUNT, "hi")
    with pytest.raises(SandboxError, match="lower-case"):
        await stage.sandbox.person("Bob!")


async def test_coverage_names_fields_codes_page_and_date(stage: Stage) -> None:
    rows = {f"{r['method']} {r['path']}": r for r in (await stage.sandbox.call("GET", "/coverage"))["items"]}
    create = rows["POST /cgi-bin/menu/create"]
    assert "button" in create["fields"]
    assert 40018 in create["errors"]
    assert create["page"].startswith("https://developers.weixin.qq.com/")
    assert create["date"]
    async with stage.http.get(f"{stage.box.url}/_sandbox/coverage", headers={"accept": "text/html"}) as answer:
        assert "/cgi-bin/menu/create" in await answer.text()


async def test_openapi_describes_every_control_path(stage: Stage) -> None:
    document = await stage.sandbox.call("GET", "/openapi.json")
    assert document["openapi"].startswith("3.1")
    follow = document["paths"]["/_sandbox/people/{name}/follow"]["post"]
    schema = follow["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert "appid" in document["components"]["schemas"][schema]["properties"]


async def test_the_host_header_works_as_well_as_the_prefix(stage: Stage) -> None:
    port = urlsplit(stage.box.url).port
    query = {"grant_type": "client_credential", "appid": ACCOUNT, "secret": stage.account["secret"]}
    for host in ("api.weixin.qq.com", f"api.weixin.qq.com:{port}"):
        url = f"http://127.0.0.1:{port}/cgi-bin/token"
        async with stage.http.get(url, params=query, headers={"host": host}) as answer:
            assert "access_token" in await answer.json()
    async with stage.http.get(f"{stage.box.url}/cgi-bin/token") as answer:
        assert answer.status == 404


async def test_links_in_answers_keep_the_callers_form(stage: Stage) -> None:
    await stage.authorized()
    token = await stage.component_token()
    about = await stage.component_post("api_get_authorizer_info", token, authorizer_appid=ACCOUNT)
    assert about["authorizer_info"]["qrcode_url"].startswith(f"{stage.box.url}/mp.weixin.qq.com/cgi-bin/showqrcode")
    port = urlsplit(stage.box.url).port
    url = f"http://127.0.0.1:{port}/cgi-bin/component/api_get_authorizer_info"
    body = {"component_appid": "wxc0c0c0c0c0c0c0c0", "authorizer_appid": ACCOUNT}
    headers = {"host": f"api.weixin.qq.com:{port}"}
    async with stage.http.post(url, params={"access_token": token}, json=body, headers=headers) as answer:
        link = (await answer.json())["authorizer_info"]["qrcode_url"]
    assert link.startswith(f"http://mp.weixin.qq.com:{port}/cgi-bin/showqrcode")


async def test_an_oversized_body_is_refused(stage: Stage) -> None:
    big = b"x" * (21 * 1024 * 1024)
    try:
        async with stage.http.post(f"{stage.api}/cgi-bin/menu/create", data=big) as answer:
            assert answer.status == 413
    except aiohttp.ClientConnectionError:
        pass  # the server hung up before it had read everything: refused as well


async def test_an_address_is_verified_as_when_it_is_saved(stage: Stage) -> None:
    stage.receiver.answer = lambda got: got.query["echostr"] if got.path == "/good" else "hello"
    good = await stage.sandbox.call("POST", "/verification", {"url": f"{stage.receiver.url}/good", "token": "t0k"})
    assert good == {"verified": True, "status": 200}
    query = stage.receiver.at("/good")[0].query
    assert crypto.signature("t0k", query["timestamp"], query["nonce"]) == query["signature"]
    bad = await stage.sandbox.call("POST", "/verification", {"url": f"{stage.receiver.url}/bad", "token": "t0k"})
    assert bad["verified"] is False


async def test_an_unknown_path_is_wechats_invalid_url(stage: Stage) -> None:
    assert (await stage.get("/cgi-bin/nope"))["errcode"] == 40066
