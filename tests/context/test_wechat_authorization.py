"""Authorization: by both links, by push and redirect in any order, once, and never for somebody else's account."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make.towns import ACCOUNT, COMPONENT, Town, founded
from make.worlds import Browser, make_merchant
from tongshang.wechat import calls
from tongshang.wechat.vault import refresh_tokens


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        yield made


async def shown(town: Town) -> dict[str, Any]:
    status, view = await town.owner("GET", "/api/console/wechat")
    assert status == 200, view
    return dict(view)


async def versions(town: Town, appid: str = ACCOUNT) -> list[int]:
    async with town.world.tx(town.merchant) as tx:
        found = await tx.value(
            "select array(select version from refresh_token where merchant_id = $1 and appid = $2 order by 1)",
            town.merchant,
            appid,
        )
    return list(found)


async def test_the_ticket_arrives_and_is_shown(town: Town) -> None:
    view = await shown(town)
    assert (view["component"]["appid"], view["component"]["ticket_ok"], view["account"]) == (COMPONENT, True, None)
    await town.sandbox.fault("callback:component.component_verify_ticket", "lose")
    await town.advance(hours=13)
    assert (await shown(town))["component"]["ticket_ok"] is False
    await town.sandbox.heal()
    assert (await town.owner("POST", "/api/console/wechat/ticket-request"))[0] == 202
    await town.settle()
    assert (await shown(town))["component"]["ticket_ok"] is True


@pytest.mark.parametrize("link", ["pc_url", "phone_url"])
async def test_an_account_is_authorized_by_either_link(town: Town, link: str) -> None:
    links = await town.promise()
    assert links["phone_qr_svg"].startswith("<svg")
    page = await town.alice.open(await town.alice.authorize(links[link], ACCOUNT))
    assert (page.status, "授权成功" in page.text) == (200, True)
    await town.settle()
    account = (await shown(town))["account"]
    assert (account["appid"], account["nick_name"], account["state"]) == (ACCOUNT, "云上茶园", "authorized")
    assert account["token"]["healthy"] is True
    granted = {p["id"] for p in account["permissions"] if p["granted"]}
    assert {1, 2, 3, 4, 15} <= granted
    assert await versions(town) == [1]


async def test_the_same_promise_gives_the_same_links(town: Town) -> None:
    path = f"/api/console/wechat/authorizations/{uuid4()}"
    answers = await asyncio.gather(*(town.owner("PUT", path) for _ in range(3)))
    assert len({answer[1]["pc_url"] for answer in answers}) == 1


async def test_the_push_alone_is_enough(town: Town) -> None:
    links = await town.promise()
    await town.alice.authorize(links["pc_url"], ACCOUNT)  # the administrator closes the browser
    await town.settle()
    assert (await shown(town))["account"]["state"] == "authorized"


async def test_the_redirect_alone_is_enough(town: Town) -> None:
    await town.sandbox.fault("callback:*authorized", "lose")
    await town.authorize()
    assert (await shown(town))["account"]["state"] == "authorized"


async def test_push_and_redirect_at_once_exchange_the_code_once(town: Town) -> None:
    links = await town.promise()
    back = await town.alice.authorize(links["pc_url"], ACCOUNT)
    pages = await asyncio.gather(*(town.alice.open(back) for _ in range(5)), town.settle())
    assert {page.status for page in pages[:5] if page} == {200}
    assert await town.calls("api_query_auth") == 1
    assert await versions(town) == [1]


async def test_a_foreign_state_is_refused(town: Town) -> None:
    links = await town.promise()
    back = await town.alice.authorize(links["pc_url"], ACCOUNT)
    await town.sandbox.settle()
    forged = back.replace(back.partition("state=")[2][64:96], "0" * 32)
    page = await town.alice.open(forged)
    assert (page.status, "链接无效" in page.text) == (403, True)
    assert (await town.alice.open(f"{town.url}/wechat/authorized?state=x&auth_code=y")).status == 403


async def test_a_withdrawn_account_is_silent_until_it_authorizes_again(town: Town) -> None:
    await town.authorize()
    await town.advance(seconds=60)
    await town.sandbox.withdraw(COMPONENT, ACCOUNT)
    await town.settle()
    assert (await shown(town))["account"]["state"] == "withdrawn"
    with pytest.raises(Exception, match=r"wechat\.withdrawn"):
        await calls.get(town.world, town.merchant, "/cgi-bin/menu/get")
    await town.advance(seconds=60)
    await town.authorize()
    assert (await shown(town))["account"]["state"] == "authorized"
    assert await versions(town) == [1, 2]  # superseded, not overwritten


async def test_an_old_withdrawal_that_comes_late_changes_nothing(town: Town) -> None:
    await town.authorize()
    await town.advance(seconds=60)
    await town.sandbox.fault("callback:*unauthorized", "delay", seconds=300)
    await town.sandbox.withdraw(COMPONENT, ACCOUNT)
    await town.advance(seconds=60)
    await town.authorize()
    await town.advance(seconds=300)
    await town.settle()
    assert (await shown(town))["account"]["state"] == "authorized"


async def test_another_merchants_account_cannot_be_claimed(town: Town) -> None:
    await town.authorize()
    await make_merchant(town.world, slug="cafe", name="咖啡馆")
    rival = Browser(town.url)
    await rival.log_in("owner@cafe")
    _, links = await rival("PUT", f"/api/console/wechat/authorizations/{uuid4()}")
    page = await town.alice.open(await town.alice.authorize(links["pc_url"], ACCOUNT))
    await town.settle()
    assert (page.status, "无法接入" in page.text) == (409, True)
    assert (await rival("GET", "/api/console/wechat"))[1]["account"] is None
    await rival.close()
    # Its rightful owner still speaks, though WeChat issued new tokens for the refused claim.
    assert await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR)
    await town.advance(hours=3)
    assert await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR)


async def test_a_second_account_needs_the_first_to_go(town: Town) -> None:
    await town.authorize()
    await town.sandbox.account("wxb2b2b2b2b2b2b2b2", nick_name="另一个号")
    links = await town.promise()
    page = await town.alice.open(await town.alice.authorize(links["pc_url"], "wxb2b2b2b2b2b2b2b2"))
    await town.settle()
    assert page.status == 409
    assert (await shown(town))["account"]["appid"] == ACCOUNT


async def test_a_void_refresh_token_is_read_back(town: Town) -> None:
    await town.authorize()
    async with town.world.tx(town.merchant) as tx:
        # What a crash between WeChat's answer and our commit leaves behind: a token that is no longer the right one.
        await refresh_tokens.keep(tx, appid=ACCOUNT, token="refreshtoken@@@void", source="refresh")
    await town.advance(hours=3)
    assert await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR)
    assert len(await versions(town)) == 3


async def test_a_spent_code_heals_when_the_account_is_known(town: Town) -> None:
    # The exchange happened, its answer was lost.
    await town.sandbox.fault("POST /cgi-bin/component/api_query_auth", "lost", times=1)
    links = await town.promise()
    await town.alice.authorize(links["pc_url"], ACCOUNT)
    await town.settle()
    await town.advance(seconds=120)
    await town.settle()
    assert (await shown(town))["account"]["state"] == "authorized"
    assert await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR)


QR = {"action_name": "QR_STR_SCENE", "expire_seconds": 60, "action_info": {"scene": {"scene_str": "a"}}}
