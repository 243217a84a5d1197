"""A merchant who comes with an account keeps what it answered by itself, and hears of what could not be kept."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from make import files
from make.towns import ACCOUNT, Town, founded
from wxsandbox.mp.uploads import Part, StoredFile, store

NEWS = {"title": "新茶上市", "digest": "明前龙井", "content_url": "https://mp.example.com/s/1"}


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


def picture(town: Town) -> str:
    """Have a picture in the account's library that nobody here has seen."""
    file: StoredFile = store(
        town.box, ACCOUNT, Part("a.png", files.picture(), {}), use="permanent", kind="image", content_type="image/png"
    )
    return file.id


async def write(town: Town, **written: Any) -> None:
    await town.sandbox.call("PUT", f"/accounts/{ACCOUNT}/autoreplies", written)


async def take_over(town: Town) -> dict[str, Any]:
    status, taken = await town.owner("POST", "/api/console/replies/takeover")
    assert status == 200, taken
    return dict(taken)


async def test_what_an_account_answered_goes_on_from_here(town: Town) -> None:
    words = [{"content": "几点", "match_mode": "contain"}, {"content": "营业时间", "match_mode": "equal"}]
    await write(
        town,
        follow={"type": "text", "content": "欢迎来喝茶"},
        default={"type": "text", "content": "稍后回复您"},
        rules=[
            {"rule_name": "营业时间", "keywords": words, "replies": [
                {"type": "text", "content": "早九晚九"}, {"type": "news", "content": "m", "articles": [NEWS]},
                {"type": "img", "content": picture(town)},
            ]},
            {"rule_name": "歌", "keywords": words[:1], "replies": [{"type": "voice", "content": "unknown-voice"}]},
            {"rule_name": "随机", "keywords": [{"content": "猜"}], "reply_mode": "random_one",
             "replies": [{"type": "text", "content": "一"}, {"type": "text", "content": "二"}]},
        ],
    )  # fmt: skip
    taken = await take_over(town)
    assert (taken["made"], taken["known"]) == (4, 0)
    assert [(one["name"], "素材库" in one["zh"]) for one in taken["left"]] == [("歌", True)]
    _, shown = await town.owner("GET", "/api/console/replies")
    found = {one["name"]: one for one in shown["items"]}
    hours = found["营业时间"]
    assert [(one["how"], one["text"]) for one in hours["words"]] == [("contains", "几点"), ("exact", "营业时间")]
    assert [one["kind"] for one in hours["messages"]] == ["text", "news", "image"]
    assert hours["messages"][1]["url"] == NEWS["content_url"]
    assert len(found["随机"]["messages"]) == 1
    # And it answers.
    await town.alice.follow(ACCOUNT)
    await town.settle()
    await town.alice.say(ACCOUNT, "你们几点开门")
    await town.settle()
    await town.alice.say(ACCOUNT, "随便看看")
    await town.settle()
    said = [one["content"].get("text") for one in await town.alice.chat(ACCOUNT) if one["who"] == "account"]
    assert said[0] == "欢迎来喝茶"
    assert {"早九晚九", "稍后回复您"} <= set(said)
    # Once more makes none twice, nor takes back what was changed here.
    await town.owner("PUT", f"/api/console/replies/{hours['id']}", rule_of(hours, "早八晚十"))
    again = await take_over(town)
    assert (again["made"], again["known"]) == (0, 4)
    _, shown = await town.owner("GET", "/api/console/replies")
    assert next(one for one in shown["items"] if one["id"] == hours["id"])["messages"][0]["text"] == "早八晚十"


def rule_of(rule: dict[str, Any], text: str) -> dict[str, Any]:
    body = {name: rule[name] for name in ("name", "trigger", "enabled", "words", "keys", "windows")}
    return body | {"messages": [{"kind": "text", "text": text}]}


async def test_what_was_off_comes_off_and_nothing_is_nothing(town: Town) -> None:
    assert await take_over(town) == {"made": 0, "known": 0, "left": []}
    await write(town, on=False, default={"type": "text", "content": "{{who}} 您好"}, rules=[
        {"rule_name": "", "keywords": [{"content": "在吗"}], "replies": [{"type": "text", "content": "在的"}]},
    ])  # fmt: skip
    taken = await take_over(town)
    assert taken["made"] == 1
    assert [one["name"] for one in taken["left"]] == ["默认回复（原公众号）"], (
        "it names a variable that is none of ours"
    )
    _, shown = await town.owner("GET", "/api/console/replies")
    assert [(one["name"], one["enabled"]) for one in shown["items"]] == [("关键词回复（原公众号）", False)]
