"""A stranger's SDK (wechatpy) with followers, tags, the blacklist and the figures, against the simulator."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from wechatpy.exceptions import WeChatClientException

from contract.test_wechatpy_account import client_of, off
from make.platforms import ACCOUNT, Stage, staged


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as set_up:
        yield set_up


async def test_followers_and_tags(stage: Stage) -> None:
    client: Any = client_of(stage, stage.account["secret"])
    await stage.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": 150})
    openids = await off(lambda: list(client.user.iter_followers()))
    assert len(set(openids)) == 150
    assert {one["subscribe"] for one in await off(client.user.get_batch, openids[:100])} == {1}
    number = (await off(client.tag.create, "老客"))["id"]
    await off(client.tag.tag_user, number, openids[:50])
    assert [one["count"] for one in await off(client.tag.get) if one["id"] == number] == [50]
    assert await off(lambda: list(client.tag.iter_tag_users(number))) == openids[:50]
    assert await off(client.tag.get_user_tag, openids[0]) == [number]
    with pytest.raises(WeChatClientException) as refused:
        await off(client.tag.create, "老客")
    assert refused.value.errcode == 45157
    await off(client.user.update_remark, openids[0], "张阿姨")
    assert (await off(client.user.get, openids[0]))["remark"] == "张阿姨"


async def test_figures(stage: Stage) -> None:
    client: Any = client_of(stage, stage.account["secret"])
    client.datacube.API_BASE_URL = f"{stage.api}/datacube/"
    await stage.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": 90, "days": 9})
    told = await off(client.datacube.get_user_summary, "2026-08-28", "2026-08-31")
    assert sum(row["new_user"] for row in told) == 40
    told = await off(client.datacube.get_user_cumulate, "2026-08-31", "2026-08-31")
    assert told[0]["cumulate_user"] == 80
    with pytest.raises(WeChatClientException) as refused:
        await off(client.datacube.get_user_summary, "2026-08-01", "2026-08-31")
    assert refused.value.errcode == 61501
