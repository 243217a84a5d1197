"""WeChat's figures: fetched in the morning, thirty days back at first, and drawn as days."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from make import files
from make.towns import ACCOUNT, Town, founded
from tongshang.insights import windows
from tongshang.platform.work import Worker
from weixin.products.mp.datacube import REPORTS, Grain

LAST = date(2026, 11, 19)


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as opened:
        yield opened


async def shown(town: Town, days: int = 30) -> dict[str, Any]:
    status, answer = await town.owner("GET", f"/api/console/insights?days={days}")
    assert status == 200, answer
    return dict(answer)


async def morning(town: Town) -> None:
    """Let a night pass, with its duties at nine."""
    await town.advance(hours=11)
    await town.advance(hours=12)
    await Worker(town.world, name="morning").duties()
    await town.settle()


async def test_thirty_days_come_first_and_one_day_every_morning(town: Town) -> None:
    await town.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": 300, "days": 10})
    await town.authorize()
    assert (await shown(town))["state"] == "none"
    await town.advance(minutes=11)
    await town.settle()
    found = await shown(town)
    assert (found["state"], found["through"], found["refused"]) == ("done", f"{LAST}", {})
    assert [one["new"] for one in found["growth"]] == [0] * 21 + [30] * 9  # the tenth day is today's
    assert [one["total"] for one in found["growth"]][-3:] == [210, 240, 270]
    asked = await town.calls("/datacube/")
    assert asked >= 200
    await town.alice.follow(ACCOUNT)
    await town.settle()
    for words in ("在吗", "几点开门"):
        await town.sandbox.call("POST", "/people/alice/say", {"appid": ACCOUNT, "text": words})
    look = {"appid": ACCOUNT, "msgid": "100_1", "title": "春茶上市", "source": 2}
    await town.sandbox.call("POST", "/people/alice/look", look)
    await town.alice.unfollow(ACCOUNT)
    await town.settle()
    before = await town.calls("/datacube/")
    await morning(town)
    found = await shown(town)
    assert (found["through"], found["growth"][-1]) == (
        "2026-11-20",
        {"date": "2026-11-20", "new": 31, "cancelled": 1, "net": 30, "total": 300},
    )
    assert found["messages"][-1] == {"date": "2026-11-20", "people": 1, "count": 2}
    assert (found["articles"][-1]["reads"], found["top"][0]["title"]) == (1, "春茶上市")
    assert found["interface"][-1]["calls"] == 4
    # One new day of each daily report, and the articles of three and seven days ago once more.
    assert await town.calls("/datacube/") - before <= 24
    again = await town.calls("/datacube/")
    await Worker(town.world, name="later").duties()
    await town.settle()
    assert await town.calls("/datacube/") == again


async def test_a_report_that_is_refused_keeps_nobody_from_the_others(town: Town) -> None:
    links = await town.promise()
    back = await town.alice.authorize(links["pc_url"], ACCOUNT, [1, 2])
    assert (await town.alice.open(back)).status == 200
    await town.settle()
    await town.advance(minutes=11)
    await town.settle()
    found = await shown(town)
    assert (found["state"], found["through"]) == ("done", f"{LAST}")
    assert set(found["refused"].values()) == {61007}
    assert "getupstreammsg" in found["refused"]
    assert "getusersummary" not in found["refused"]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_no_call_spans_more_than_wechat_allows(report: Any) -> None:
    found = windows.missing(report, last=LAST, fetched={})
    assert found
    assert all(0 <= (one.end - one.begin).days < report.days for one in found)
    assert all(one.end <= LAST for one in found)
    days = [day for one in found for day in one.days]
    assert len(days) == len(set(days))
    if report.grain is Grain.DAY:
        assert days == [LAST - timedelta(days=n) for n in range(29, -1, -1)]


async def test_a_broadcast_knows_how_each_of_its_articles_was_read(town: Town) -> None:
    await town.authorize()
    await town.owner("PUT", "/api/console/welcome", {"enabled": False})
    phones = [await town.sandbox.person(name) for name in ("ann", "bob")]
    for phone in phones:
        await phone.follow(ACCOUNT)
    await town.settle()
    await town.advance(minutes=11)
    await town.settle()
    form = aiohttp.FormData()
    form.add_field("file", files.picture(), filename="a.png", content_type="image/png")
    _, picture = await town.owner("POST", "/api/console/materials", None, data=form, params={"kind": "image"})
    articles, one = str(uuid4()), str(uuid4())
    written = [{"title": title, "body": "<p>好茶</p>", "cover_id": picture["id"]} for title in ("春茶", "茶具")]
    assert (await town.owner("PUT", f"/api/console/articles/{articles}", {"articles": written}))[0] == 200
    letter = {"message": {"kind": "mpnews", "article_set_id": articles}, "audience": {"by": "all"}}
    assert (await town.owner("PUT", f"/api/console/broadcasts/{one}", letter))[0] == 200
    status, said = await town.owner("POST", f"/api/console/broadcasts/{one}/confirmation", {"people": 2})
    assert status < 300, said
    await town.settle()
    await town.advance(seconds=5)
    await town.settle()

    async def readings() -> list[tuple[Any, ...]]:
        status, found = await town.owner("GET", f"/api/console/broadcasts/{one}/readings")
        assert status == 200, found
        return [tuple(each[name] for name in ("title", "readers", "reads", "through")) for each in found]

    assert await readings() == [("春茶", 0, None, None), ("茶具", 0, None, None)]
    for phone in phones:
        [card] = [bubble["content"]["articles"] for bubble in await phone.chat(ACCOUNT) if bubble["via"] == "mass"]
        for _ in range(2):
            await phone.open(card[0]["url"])
    await phone.open(card[1]["url"])
    await morning(town)
    day = "2026-11-20"
    assert await readings() == [("春茶", 2, 4, day), ("茶具", 1, 1, day)]
