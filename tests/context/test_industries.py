"""The account's industries: WeChat's numbers and names, changed once a month and not before."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from make.towns import Town, founded
from tongshang.messages.notices import industries
from tongshang.wechat import components

PATH = "/api/console/notices/industry"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


async def test_industries_are_set_once_a_month(town: Town) -> None:
    status, found = await town.owner("GET", PATH)
    assert (status, found["primary"], found["changed_at"], found["free_at"]) == (200, ["", ""], None, None)
    assert [(one["number"], one["name"]) for one in found["choices"]][::10] == [
        ("1", "互联网|电子商务"), ("11", "酒店"), ("21", "公共事业|非盈利机构"), ("31", "消费品"), ("41", "其它"),
    ]  # fmt: skip
    for wrong in ({"first": "0", "second": "1"}, {"first": "1", "second": "42"}, {"first": "1", "second": "1"}):
        assert (await town.owner("PUT", PATH, wrong))[0] == 400
    assert (await town.owner("PUT", PATH, {"first": "31", "second": "10"}))[0] == 204
    found = (await town.owner("GET", PATH))[1]
    assert (found["primary"], found["secondary"]) == (["消费品", "消费品"], ["餐饮", "餐饮"])
    assert found["free_at"] is not None
    asked = await town.calls("api_set_industry")
    assert (await town.owner("PUT", PATH, {"first": "31", "second": "10"}))[0] == 204  # that is what it is
    status, problem = await town.owner("PUT", PATH, {"first": "1", "second": "10"})
    assert (status, problem["code"]) == (409, "industry.too_soon")
    assert await town.calls("api_set_industry") == asked  # refused before WeChat is asked
    await town.advance(days=31)
    await components.request_ticket(town.world)
    await town.settle()
    await industries.put(town.world, town.merchant, first="1", second="10")
    assert (await industries.look(town.world, town.merchant)).primary == ("IT科技", "互联网|电子商务")


async def test_what_was_changed_in_wechats_back_office_is_refused_by_wechat(town: Town) -> None:
    await town.sandbox.fault("POST /cgi-bin/template/api_set_industry", "error", errcode=43100, times=1)
    status, problem = await town.owner("PUT", PATH, {"first": "1", "second": "10"})
    assert (status, problem["errcode"]) == (502, "43100")
    assert (await town.owner("GET", PATH))[1]["changed_at"] is None
    assert (await town.owner("PUT", PATH, {"first": "1", "second": "10"}))[0] == 204
