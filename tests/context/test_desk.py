"""WeChat's own customer-service desk from the console: seats, sessions, who waits, who takes over, what was said."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from make.shops import png
from make.towns import ACCOUNT, Town, founded

DESK = "/api/console/desk"
ANNA, BEN = "anna@tea", "ben@tea"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        await made.alice.follow(ACCOUNT)
        await made.settle()
        yield made


async def desk(town: Town) -> dict[str, Any]:
    status, found = await town.owner("GET", DESK)
    assert status == 200, found
    return dict(found)


async def seat(town: Town, name: str, nick: str, **state: bool) -> None:
    body = {"nick": nick, "wechat": nick}
    assert (await town.owner("PUT", f"{DESK}/accounts/{name}", body))[0] == 204
    await sit(town, name, accepts=True, **state)


async def sit(town: Town, name: str, **state: bool) -> None:
    """Have the person behind a seat accept or decline, come or go."""
    await town.sandbox.call("POST", f"/accounts/{ACCOUNT}/desk", {"kf_account": name, **state})


async def test_seats_are_made_named_given_a_face_and_removed(town: Town) -> None:
    empty = await desk(town)
    assert (empty["seats"], empty["waiting_count"]) == ([], 0)
    assert empty["suffix"].startswith("gh_")
    for name in ("anna", "an na@tea", "anna_anna_anna@tea", "安@tea"):
        status, problem = await town.owner("PUT", f"{DESK}/accounts/{name}", {"nick": "安娜"})
        assert (status, problem["code"]) == (400, "desk.bad_name"), name
    for _ in range(2):  # asked twice is asked once, also when the invitation is out
        assert (await town.owner("PUT", f"{DESK}/accounts/{ANNA}", {"nick": "安娜", "wechat": "anna"}))[0] == 204
    [one] = (await desk(town))["seats"]
    assert (one["nick"], one["wechat"], one["invited"], one["invite_status"]) == ("安娜", "", "anna", "waiting")
    assert one["invite_until"] is not None
    assert (await desk(town))["suffix"] == "tea"
    assert (await town.owner("PUT", f"{DESK}/accounts/{ANNA}", {"nick": "安娜姐"}))[0] == 204
    await sit(town, ANNA, accepts=True, online=True)
    form = aiohttp.FormData()
    form.add_field("file", png("#135"), filename="a.png", content_type="image/png")
    status, picture = await town.owner("POST", "/api/console/media", data=form)
    assert status == 201, picture
    face = {"picture_id": picture["id"]}
    assert (await town.owner("PUT", f"{DESK}/accounts/{ANNA}/face", face))[0] == 204
    assert (await town.owner("PUT", f"{DESK}/accounts/{BEN}/face", face))[0] == 404
    assert (await town.owner("PUT", f"{DESK}/accounts/{ANNA}/face", {"picture_id": str(uuid4())}))[0] == 404
    [one] = (await desk(town))["seats"]
    assert (one["nick"], one["wechat"], one["online"], one["cases"]) == ("安娜姐", "anna", True, 0)
    assert one["head_url"].startswith("http")
    for _ in range(2):
        assert (await town.owner("DELETE", f"{DESK}/accounts/{ANNA}"))[0] == 204
    assert (await desk(town))["seats"] == []


async def test_a_person_waits_is_taken_on_handed_over_and_let_go(town: Town) -> None:
    fan = (await town.fans())[0]["id"]
    await seat(town, ANNA, "安娜")
    await seat(town, BEN, "小本")
    transfer = {"name": "人工", "trigger": "keyword", "words": [{"how": "exact", "text": "人工"}]}
    rule = transfer | {"messages": [{"kind": "transfer"}]}
    assert (await town.owner("PUT", f"/api/console/replies/{uuid4()}", rule))[0] == 200
    await town.alice.say(ACCOUNT, "人工")
    await town.settle()
    found = await desk(town)
    assert [one["guest"]["fan_id"] for one in found["waiting"]] == [fan]
    assert (found["sessions"], found["waiting_count"]) == ([], 1)
    # Nobody is there yet: WeChat says so, and she still waits.
    status, problem = await town.owner("PUT", f"{DESK}/sessions/{fan}", {"kf_account": ANNA})
    assert (status, problem["errcode"]) == (502, "65415")
    await sit(town, ANNA, online=True)
    for _ in range(2):
        assert (await town.owner("PUT", f"{DESK}/sessions/{fan}", {"kf_account": ANNA}))[0] == 204
    found = await desk(town)
    assert [(one["kf_account"], one["guest"]["fan_id"]) for one in found["sessions"]] == [(ANNA, fan)]
    assert (found["waiting"], {one["kf_account"]: one["cases"] for one in found["seats"]}) == ([], {ANNA: 1, BEN: 0})
    # Handed to somebody who is away she would be lost: she stays where she is.
    status, problem = await town.owner("PUT", f"{DESK}/sessions/{fan}", {"kf_account": BEN})
    assert (status, problem["code"]) == (409, "desk.nobody_there")
    assert (await desk(town))["sessions"][0]["kf_account"] == ANNA
    await sit(town, BEN, online=True)
    assert (await town.owner("PUT", f"{DESK}/sessions/{fan}", {"kf_account": BEN}))[0] == 204
    assert [one["kf_account"] for one in (await desk(town))["sessions"]] == [BEN]
    # Who goes home still holds her; and she is let go, once.
    await sit(town, BEN, online=False)
    assert [one["kf_account"] for one in (await desk(town))["sessions"]] == [BEN]
    for _ in range(2):
        assert (await town.owner("DELETE", f"{DESK}/sessions/{fan}"))[0] == 204
    assert (await desk(town))["sessions"] == []


async def test_what_was_said_is_read_page_by_page(town: Town) -> None:
    for number in range(203):
        await town.alice.say(ACCOUNT, f"第{number}句")
    await town.settle()
    status, page = await town.owner("GET", f"{DESK}/records")
    assert status == 200, page
    assert (len(page["items"]), page["items"][0]["text"], page["items"][0]["ours"]) == (200, "第0句", False)
    assert page["items"][0]["guest"]["fan_id"] == (await town.fans())[0]["id"]
    rest = (await town.owner("GET", f"{DESK}/records?after={page['next']}"))[1]
    assert ([one["text"] for one in rest["items"]], rest["next"]) == (["第200句", "第201句", "第202句"], None)
    # Another day is another 24 hours.
    earlier = (await town.owner("GET", f"{DESK}/records?until=2026-11-19T00:00:00Z"))[1]
    assert (earlier["items"], earlier["next"]) == ([], None)
