"""Quotas: counted before WeChat refuses, obeyed when it refuses all the same, looked up and cleared in the console."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from make.towns import ACCOUNT, Town, founded
from tongshang.wechat import calls
from tongshang.wechat.limits import usage
from tongshang.wechat.limits.model import CLEARS_PER_MONTH, LIMITS, counted, next_day
from tongshang.wechat.limits.usage import Throttled
from weixin.errors import Unreachable, WeixinError

LIST, QR_PATH = "/cgi-bin/draft/count", "/cgi-bin/qrcode/create"
QR = {"action_name": "QR_STR_SCENE", "expire_seconds": 60, "action_info": {"scene": {"scene_str": "a"}}}


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


async def ask(town: Town) -> dict[str, Any]:
    return await calls.get(town.world, town.merchant, LIST)


async def allow(town: Town, **quota: int) -> None:
    await town.sandbox.call("PUT", f"/accounts/{ACCOUNT}/quotas", {"path": LIST, **quota})


async def console(town: Town, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    return await town.owner(method, f"/api/console/wechat{path}", body)


async def use(town: Town, count: int) -> None:
    """Have used so much of today's quota already, of which WeChat has said that it is all there is."""
    async with town.world.tx(town.merchant) as tx:
        sql = "update wechat_usage set used = $4, asked_at = $5 where merchant_id = $1 and appid = $2 and api = $3"
        assert await tx.run(sql, tx.merchant, ACCOUNT, LIST, count, tx.now - timedelta(minutes=1))


async def test_the_last_call_goes_through_and_the_next_is_not_sent(town: Town) -> None:
    await ask(town)
    await use(town, (LIMITS[LIST].per_day or 0) - 1)
    await ask(town)
    before = await town.calls(LIST)
    with pytest.raises(Throttled) as refused:
        await ask(town)
    assert await town.calls(LIST) == before
    assert (refused.value.errcode, refused.value.retry_at) == (45009, next_day(town.world.clock.now()))
    assert refused.value.retry_after_seconds == 14 * 3600, "from ten in the morning to midnight in Shanghai"
    await town.advance(hours=14, seconds=1)
    assert await ask(town)


async def test_two_hundred_at_once_take_no_more_than_there_is(town: Town) -> None:
    await ask(town)
    await use(town, (LIMITS[LIST].per_day or 0) - 5)
    before = await town.calls(LIST)
    found = await asyncio.gather(*(ask(town) for _ in range(40)), return_exceptions=True)
    assert sum(isinstance(one, dict) for one in found) == 5
    assert all(isinstance(one, dict | Throttled) for one in found)
    assert await town.calls(LIST) == before + 5


async def test_an_account_that_has_grown_is_allowed_what_wechat_allows(town: Town) -> None:
    """Published numbers are those of a new account; they step up with its followers."""
    await ask(town)
    await allow(town, daily=20_000)
    await wear_out(town)
    before = await town.calls("/cgi-bin/openapi/quota/get")
    found = await asyncio.gather(*(ask(town) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(one, dict) for one in found) >= 1, "whoever asked WeChat goes through"
    assert {one.errcode for one in found if isinstance(one, Throttled)} <= {45011}, "the others come again in seconds"
    await town.advance(seconds=11)
    assert await ask(town)
    assert await town.calls("/cgi-bin/openapi/quota/get") == before + 1
    # The next day it is still known, before anybody asks.
    await town.advance(days=1)
    await ask(town)
    _, view = await console(town, "GET", "/quotas")
    (line,) = [one for one in view["items"] if one["api"] == LIST]
    assert (line["limit"], line["told"]) == (20_000, True)


async def test_wechat_is_asked_once_whether_there_is_more(town: Town) -> None:
    await allow(town, daily=2)
    await ask(town)
    await ask(town)
    await wear_out(town)
    for _ in range(3):
        with pytest.raises(Throttled) as refused:
            await ask(town)
        await town.advance(seconds=11)
    assert refused.value.errcode == 45009
    assert await town.calls("/cgi-bin/openapi/quota/get") == 1


async def wear_out(town: Town) -> None:
    """Have used all of today's published quota by our count, before anybody asked WeChat."""
    await use(town, LIMITS[LIST].per_day or 0)
    async with town.world.tx(town.merchant) as tx:
        await tx.run("update wechat_usage set asked_at = null where merchant_id = $1 and api = $2", tx.merchant, LIST)


@pytest.mark.parametrize(
    ("quota", "errcode", "wait"), [({"daily": 2}, 45009, 14 * 3600), ({"per_minute": 2}, 45011, 60)]
)
async def test_a_refusal_lets_the_whole_account_rest(
    town: Town, quota: dict[str, int], errcode: int, wait: int
) -> None:
    await allow(town, **quota)
    await ask(town)
    await ask(town)
    with pytest.raises(Unreachable, match=str(errcode)) as refused:
        await ask(town)
    assert not isinstance(refused.value, Throttled), "WeChat itself said so"
    before = await town.calls(LIST)
    with pytest.raises(Throttled) as throttled:
        await ask(town)
    assert await town.calls(LIST) == before
    assert throttled.value.errcode == errcode
    assert throttled.value.retry_after_seconds == wait
    assert await calls.post(town.world, town.merchant, QR_PATH, QR), "other APIs go on"
    await town.advance(seconds=wait + 1)
    assert await ask(town)


async def test_looking_up_and_clearing_in_the_console(town: Town) -> None:
    await allow(town, daily=3)
    for _ in range(3):
        await ask(town)
    status, view = await console(town, "POST", "/quotas/look", {"api": LIST})
    assert status == 200, view
    (line,) = [one for one in view["items"] if one["api"] == LIST]
    assert (line["used"], line["limit"], line["told"]) == (3, 3, True)
    before = await town.calls(LIST)
    with pytest.raises(Throttled):
        await ask(town)
    assert await town.calls(LIST) == before, "what WeChat told goes before its page"
    status, view = await console(town, "DELETE", "/quotas")
    assert (status, view["clears_left"]) == (200, CLEARS_PER_MONTH - 1)
    assert await ask(town)
    for _ in range(2):
        await ask(town)
    with pytest.raises(Unreachable):
        await ask(town)
    await calls.post(town.world, town.merchant, QR_PATH, QR)
    status, view = await console(town, "DELETE", f"/quotas?api={LIST}")
    assert (status, view["clears_left"]) == (200, CLEARS_PER_MONTH - 2)
    used = {one["api"]: one["used"] for one in view["items"]}
    assert (used[LIST], used[QR_PATH]) == (0, 1), "one is counted anew, the others go on"
    assert await ask(town)
    status, answer = await console(town, "POST", "/quotas/look", {"api": "/nowhere"})
    assert (status, answer["errcode"], answer["kind"]) == (502, "76003", "give_up")


async def test_clearing_ends_after_ten_times_a_month(town: Town) -> None:
    for left in reversed(range(CLEARS_PER_MONTH)):
        status, view = await console(town, "DELETE", "/quotas")
        assert (status, view["clears_left"]) == (200, left)
    before = await town.calls("/cgi-bin/clear_quota")
    status, answer = await console(town, "DELETE", "/quotas")
    assert (status, answer["code"]) == (409, "wechat.no_clears_left")
    assert await town.calls("/cgi-bin/clear_quota") == before


async def test_wechat_refuses_an_eleventh_clearing_by_whomever(town: Town) -> None:
    secret = (await town.sandbox.account(ACCOUNT))["secret"]
    path = f"{town.box.url}/api.weixin.qq.com/cgi-bin/clear_quota/v2"
    body = f'{{"appid":"{ACCOUNT}","appsecret":"{secret}"}}'.encode()
    for _ in range(CLEARS_PER_MONTH):
        assert b'"errcode":0' in (await town.world.transport.request("POST", path, content=body)).body
    status, answer = await console(town, "DELETE", "/quotas")
    assert (answer["errcode"], answer["kind"], status) == ("48006", "ask", 502)
    wrong = body.replace(secret.encode(), b"guessed")
    assert b"40125" in (await town.world.transport.request("POST", path, content=wrong)).body


async def test_a_request_is_found_at_wechat_by_its_rid(town: Town) -> None:
    with pytest.raises(WeixinError) as refused:
        await calls.get(town.world, town.merchant, "/cgi-bin/user/info", {"openid": "oNobody"})
    status, found = await console(town, "GET", f"/requests/{refused.value.rid}")
    assert status == 200, found
    assert str(refused.value.errcode) in found["response"]
    status, answer = await console(town, "GET", "/requests/00000000-00000000-00000000")
    assert answer["errcode"] == "76001"


def test_every_limit_is_dated_and_has_its_page() -> None:
    for limit in LIMITS.values():
        assert limit.source.startswith("https://developers.weixin.qq.com/")
        assert limit.read_on
        assert limit.per_day or limit.per_minute
        assert limit.zh
        assert limit.en
    assert not counted("/sns/userinfo")
    assert counted("/cgi-bin/component/api_component_token")
    assert timedelta(days=31) <= usage.KEPT_FOR
