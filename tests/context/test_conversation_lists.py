"""Conversations as lists: many people, searched and turned page by page; lines in the order in which they happened."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make.towns import ACCOUNT, COMPONENT, Town, founded

PATH = "/api/console/conversations"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        await made.owner("PUT", "/api/console/welcome", {"enabled": False})
        await made.alice.follow(ACCOUNT)
        await made.settle()
        yield made


async def get(town: Town, path: str) -> Any:
    status, found = await town.owner("GET", f"{PATH}{path}")
    assert status == 200, found
    return found


async def write(town: Town, fan: str, text: str) -> None:
    body = {"message": {"kind": "text", "text": text}}
    assert (await town.owner("PUT", f"{PATH}/{fan}/messages/{uuid4()}", body))[0] == 202


async def test_many_people_are_listed_searched_and_turned_page_by_page(town: Town) -> None:
    for n in range(5):
        guest = await town.sandbox.person(f"guest{n}", nickname=f"茶客{n}")
        await guest.follow(ACCOUNT)
        await guest.say(ACCOUNT, f"我是{n}")
        await town.settle()
        await town.advance(seconds=1)
    await town.owner("PUT", f"/api/console/fan-tasks/{uuid4()}", {
        "kind": "remark", "note": "老主顾", "fan_ids": [(await get(town, "?limit=1"))["items"][0]["fan_id"]],
    })  # fmt: skip
    await town.settle()
    found: list[str] = []
    after = ""
    while True:
        page = await get(town, f"?limit=2{after}")
        assert page["unread"] == 5
        found += [one["last_text"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == ["我是4", "我是3", "我是2", "我是1", "我是0"]
    assert [one["remark"] for one in (await get(town, "?q=主顾"))["items"]] == ["老主顾"]
    assert (await get(town, "?q=没有这个人"))["items"] == []
    # Read and answered are out of the unread ones; who writes again comes first.
    first, second = (await get(town, ""))["items"][:2]
    assert (await town.owner("PUT", f"{PATH}/{first['fan_id']}/reading"))[0] == 204
    await write(town, second["fan_id"], "您好")
    await town.settle()
    assert [one["last_text"] for one in (await get(town, "?unread=true"))["items"]] == ["我是2", "我是1", "我是0"]
    latest = (await get(town, ""))["items"][0]
    assert (latest["fan_id"], latest["last_text"], latest["last_by"]) == (second["fan_id"], "您好", "account")
    for path in ("", "/messages"):
        assert (await town.owner("GET", f"{PATH}/{uuid4()}{path}"))[0] == 404


async def test_what_happens_in_one_moment_stands_in_its_order(town: Town) -> None:
    fan = str((await town.fans())[0]["id"])
    said = []
    for n in range(4):  # the clock stands still, and every id but ours is random
        await town.alice.say(ACCOUNT, f"问{n}")
        await town.settle()
        await write(town, fan, f"答{n}")
        await town.settle()
        said += [f"问{n}", f"答{n}"]
    whole = await get(town, f"/{fan}/messages")
    assert len({line["at"] for line in whole["items"]}) == 1
    assert [line["text"] for line in reversed(whole["items"])] == said
    found: list[str] = []
    after = ""
    while True:
        page = await get(town, f"/{fan}/messages?limit=3{after}")
        found += [line["text"] for line in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found[::-1] == said


async def test_an_account_that_withdraws_is_named_and_what_waited_is_explained(town: Town) -> None:
    await town.alice.say(ACCOUNT, "在吗")
    await town.settle()
    fan = str((await town.fans())[0]["id"])
    await write(town, fan, "在的")
    await town.sandbox.withdraw(COMPONENT, ACCOUNT)
    await town.sandbox.settle()
    await town.settle()
    line = (await get(town, f"/{fan}/messages"))["items"][0]
    assert (line["state"], line["why"]["code"]) == ("refused", "wechat.withdrawn")
    assert "“云上茶园”已取消授权" in line["why"]["zh"]
    assert "took its authorization back" in line["why"]["en"]
    [told] = [one for one in (await town.fan())["timeline"] if one["kind"] == "message.not_sent"]
    assert (told["zh"], told["en"].partition(":")[0]) == (
        f"消息未能送达：{line['why']['zh']}", "A message was not delivered",
    )  # fmt: skip


async def test_typing_is_taken_back_and_files_are_those_of_the_thread(town: Town) -> None:
    await town.alice.act("say", appid=ACCOUNT, kind="voice", seconds=2)
    await town.settle()
    fan = str((await town.fans())[0]["id"])
    assert await town.owner("POST", f"{PATH}/{fan}/typing", {"on": True}) == (200, {"shown": True})
    assert await town.owner("POST", f"{PATH}/{fan}/typing", {"on": True}) == (200, {"shown": False})  # it is shown
    assert await town.owner("POST", f"{PATH}/{fan}/typing", {"on": False}) == (200, {"shown": True})
    assert await town.owner("POST", f"{PATH}/{fan}/typing", {"on": True}) == (200, {"shown": True})
    [line] = (await get(town, f"/{fan}/messages"))["items"]
    bob = await town.sandbox.person("bob")
    await bob.follow(ACCOUNT)
    await bob.say(ACCOUNT, "你好")
    await town.settle()
    other = (await get(town, ""))["items"][0]["fan_id"]
    assert (await town.owner("GET", line["file"]))[0] == 200
    assert (await town.owner("GET", line["file"].replace(fan, other)))[0] == 404
    [words] = (await get(town, f"/{other}/messages"))["items"]
    assert words["file"] is None
    assert (await town.owner("GET", f"{PATH}/{other}/files/{words['id']}"))[0] == 404
