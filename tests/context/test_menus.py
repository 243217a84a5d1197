"""Menus: every kind of button, one for some people, what would change, one step back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make.towns import ACCOUNT, Town, founded

LINK = {"name": "官网", "type": "view", "url": "https://example.com/"}
BUTTONS: list[dict[str, Any]] = [
    {"name": "进店", "type": "view"},
    {"name": "工具", "sub_buttons": [
        {"name": "扫一扫", "type": "scancode_waitmsg", "key": "SCAN", "reply": "收到，正在查询"},
        {"name": "拍照", "type": "pic_photo_or_album", "key": "PIC"},
        {"name": "位置", "type": "location_select", "key": "SPOT"},
        {"name": "小程序", "type": "miniprogram", "appid": "wxmini", "page_path": "pages/index/index"},
        LINK,
    ]},
]  # fmt: skip


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        await made.owner("PUT", "/api/console/welcome", {"enabled": False})
        await made.alice.follow(ACCOUNT)
        await made.settle()
        yield made


async def put(town: Town, buttons: Any, special: Any = None) -> tuple[int, Any]:
    return await town.owner("PUT", "/api/console/menu", {"buttons": buttons, "special": special})


async def publish(town: Town) -> dict[str, Any]:
    status, menu = await town.owner("POST", "/api/console/menu/publication")
    assert status == 200, menu
    return dict(menu)


async def shown(town: Town) -> list[str]:
    """Name the top buttons on Alice's phone."""
    chats = (await town.alice.profile())["chats"]
    return [one["name"] for one in chats[0]["menu"]["button"]]


def android(name: str = "安卓", **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "name": name, "platform": 2, "buttons": [LINK], **more}


async def test_each_phone_shows_the_menu_made_for_it(town: Town) -> None:
    special = android()
    assert (await put(town, BUTTONS, [special]))[0] == 200
    assert (await publish(town))["changed"] is False
    assert await shown(town) == ["进店", "工具"]
    (fan,) = await town.fans()
    assert (await town.owner("GET", f"/api/console/menu/seen-by/{fan['id']}"))[1]["name"] == ""
    await town.sandbox.person("alice", platform=2)
    assert await shown(town) == ["官网"]
    assert (await town.owner("GET", f"/api/console/menu/seen-by/{fan['id']}"))[1]["name"] == "安卓"
    # Published again, nothing is made anew; turned around, the first that fits still counts.
    await publish(town)
    assert await town.calls("/cgi-bin/menu/addconditional") == 1
    first = android("新", buttons=[{"name": "先", "type": "click", "key": "FIRST", "reply": "先来"}])
    await put(town, BUTTONS, [first, special])
    await publish(town)
    assert await shown(town) == ["先"]
    await town.advance(seconds=5)
    await town.alice.tap(ACCOUNT, "先")
    await town.settle()
    assert [line["content"].get("text") for line in await town.alice.chat(ACCOUNT)] == ["先来"]
    await put(town, BUTTONS, [])
    await publish(town)
    assert await shown(town) == ["进店", "工具"]


async def test_a_wait_for_a_scan_is_answered_on_the_spot(town: Town) -> None:
    await put(town, BUTTONS)
    await publish(town)
    await town.alice.act("tap", appid=ACCOUNT, button="扫一扫", result="6901234567892")
    await town.settle()
    line = (await town.alice.chat(ACCOUNT))[-1]
    assert (line["via"], line["content"]) == ("passive", {"text": "收到，正在查询"})
    assert "fan.tapped" in [line["kind"] for line in (await town.fan())["timeline"]]


async def test_what_publishing_changes_is_told_and_can_be_taken_back(town: Town) -> None:
    await put(town, BUTTONS, [android()])
    await publish(town)
    changed = [{"name": "工具", "type": "click", "key": "TOOLS"}, {"name": "新品", "type": "view"}]
    await put(town, changed, [android(buttons=[{**LINK, "url": "https://example.com/b"}])])
    status, told = await town.owner("GET", "/api/console/menu/comparison")
    assert status == 200, told
    lines = {(line["change"], line["menu"], line["name"]) for line in told["lines"]}
    assert {
        ("removed", "", "进店"),
        ("added", "", "新品"),
        ("changed", "", "工具"),
        ("changed", "安卓", "官网"),
    } <= lines
    await publish(town)
    assert (await town.owner("GET", "/api/console/menu/comparison"))[1]["lines"] == []
    _, editions = await town.owner("GET", "/api/console/menu/editions")
    assert len(editions) == 2
    path = f"/api/console/menu/editions/{editions[1]['id']}"
    status, would = await town.owner("GET", f"{path}/comparison")
    assert status == 200
    assert (await town.owner("GET", f"/api/console/menu/editions/{editions[0]['id']}/comparison"))[1] == []
    status, menu = await town.owner("POST", f"{path}/restoration")
    # Publishing it would now change at WeChat what was told before.
    told = (await town.owner("GET", "/api/console/menu/comparison"))[1]["lines"]
    assert {(line["change"], line["name"]) for line in would} == {(line["change"], line["name"]) for line in told}
    assert (status, menu["changed"], [one["name"] for one in menu["buttons"]]) == (200, True, ["进店", "工具"])
    await publish(town)
    assert await shown(town) == ["进店", "工具"]


@pytest.mark.parametrize(
    ("buttons", "special"),
    [
        ([], [android()]),
        (BUTTONS, [android(platform=None)]),
        (BUTTONS, [android(platform=9)]),
        (BUTTONS, [android(name=" ")]),
        (BUTTONS, [android(buttons=[])]),
        (BUTTONS, [android(buttons=[{**LINK, "name": f"{n}", "url": f"https://{n}.example.com/"}]) for n in range(4)]),
    ],
)
async def test_menus_for_some_that_wechat_would_refuse_are_refused(town: Town, buttons: Any, special: Any) -> None:
    status, answer = await put(town, buttons, special)
    assert (status, answer["code"]) == (400, "menu.invalid")
