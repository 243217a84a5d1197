"""Comments: written on a phone below an article, read, featured, answered and deleted from the console."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from context.test_articles import do, write
from make.towns import ACCOUNT, Town, founded


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        await made.alice.follow(ACCOUNT)
        await made.settle()
        yield made


async def published(town: Town, **more: Any) -> tuple[str, str]:
    """Publish two articles; give where their comments are, and the address of the first."""
    kept = await write(town, **more)
    await do(town, "PUT", f"/articles/{kept['id']}/publications/{uuid4()}")
    await town.settle()
    await town.advance(seconds=6)
    await town.settle()
    (out,) = (await do(town, "GET", "/comments"))["items"]
    assert [one["title"] for one in out["articles"]] == ["春茶上市", "冲泡"]
    return f"/comments/{out['msg_data_id']}/1", out["articles"][0]["url"]


async def comment(town: Town, url: str, words: str) -> str:
    page = await town.alice.open(url)
    return (await town.alice.submit(page, {"content": words})).text


async def test_a_comment_is_featured_answered_and_deleted(town: Town) -> None:
    board, url = await published(town, comments=True)
    assert "留言已提交" in await comment(town, url, "什么时候<b>发货</b>？")
    await comment(town, url, "好茶")
    read = await do(town, "GET", board)
    assert (read["total"], [one["content"] for one in read["items"]]) == (2, ["好茶", "什么时候<b>发货</b>？"])
    assert read["items"][0]["fan_id"] == str((await town.fan())["id"])
    first, second = (one["id"] for one in read["items"])
    await do(town, "PUT", f"{board}/{second}/election", {"elected": True})
    await do(town, "PUT", f"{board}/{second}/reply", {"text": "明天就发"})
    assert [one["id"] for one in (await do(town, "GET", f"{board}?kind=elected"))["items"]] == [second]
    page = (await town.alice.open(url)).text
    assert "明天就发" in page
    assert "什么时候&lt;b&gt;" in page
    again = await do(town, "PUT", f"{board}/{second}/reply", {"text": "再说一次"}, status=502)
    assert "已经回复过" in str(again), again
    await do(town, "PUT", f"{board}/{second}/reply", {"text": ""})
    await do(town, "DELETE", f"{board}/{first}")
    left = (await do(town, "GET", board))["items"]
    assert [(one["id"], one["elected"], one["reply"]) for one in left] == [(second, True, None)]


async def test_an_article_is_opened_and_closed(town: Town) -> None:
    board, url = await published(town)
    assert "作者未开放留言" in (await town.alice.open(url)).text
    shown = (await do(town, "GET", "/comments"))["items"][0]["articles"][0]
    assert shown["open"] is False
    await do(town, "PUT", f"{board}/switch", {"open": True})
    assert (await do(town, "GET", "/comments"))["items"][0]["articles"][0]["open"] is True
    assert "留言已提交" in await comment(town, url, "来了")
    await do(town, "PUT", f"{board}/switch", {"open": False})
    assert "作者未开放留言" in (await town.alice.open(url)).text
    assert (await do(town, "GET", board))["total"] == 1
    assert (await do(town, "GET", "/comments/1/1", status=404))["code"] == "not_found"
