"""Mini programs are linked to an account: asked for once, agreed to twice, undone, and only with its permission."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from make.towns import ACCOUNT, Town, founded

MINI = "wx00000000000000aa"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as opened:
        yield opened


async def do(town: Town, method: str, path: str = "", body: Any = None) -> Any:
    status, answer = await town.owner(method, f"/api/console/mini-links{path}", body)
    return (status, answer["code"]) if status >= 300 else [(one["appid"], one["status"]) for one in answer]


async def test_both_administrators_agree_and_a_link_is_undone(town: Town) -> None:
    await town.authorize()
    assert await do(town, "GET") == []
    assert await do(town, "PUT", "/wxNOT", {}) == (400, "invalid")
    for _ in range(2):  # asking again is asking once
        assert await do(town, "PUT", f"/{MINI}", {"notify": False, "shown": True}) == [(MINI, 12)]
    for status in (2, 1):
        await town.sandbox.call("POST", f"/accounts/{ACCOUNT}/mini-links/{MINI}", {})
        assert await do(town, "GET") == [(MINI, status)]
    for _ in range(2):
        assert await do(town, "DELETE", f"/{MINI}") == []


async def test_without_the_set_nothing_is_asked_and_the_gap_is_named(town: Town) -> None:
    links = await town.promise()
    await town.alice.open(await town.alice.authorize(links["pc_url"], ACCOUNT, [1, 2, 3, 4, 15]))
    await town.settle()
    status, code = await do(town, "GET")
    assert (status, code) == (409, "wechat.not_granted")
    assert await town.calls("/cgi-bin/wxopen/") == 0
