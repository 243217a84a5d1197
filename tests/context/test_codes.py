"""Scene codes of every kind, how long they last, how many are left; short keys."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from make.towns import Town, founded


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as opened:
        await opened.authorize()
        yield opened


@pytest.mark.parametrize(
    ("scene", "permanent"), [("1234", True), ("4294967295", False), ("100001", True), ("007", True)]
)
async def test_numbers_and_words_are_counted_alike(town: Town, scene: str, permanent: bool) -> None:
    asked = {"name": "南门", "scene": scene, "permanent": permanent}
    status, code = await town.owner("PUT", f"/api/console/scene-codes/{uuid4()}", asked)
    assert status == 200, code
    await town.alice.scan(text=code["url"])
    await town.settle()
    await town.alice.scan(text=code["url"])
    await town.settle()
    found = (await town.owner("GET", "/api/console/scene-codes"))[1]["items"]
    assert [one["counts"] for one in found] == [{"scans": 2, "follows": 1}]
    assert (await town.fans())[0]["scene"] == scene


async def test_a_temporary_code_lasts_as_long_as_was_asked(town: Town) -> None:
    asked = {"name": "市集", "scene": "fair", "days": 3}
    path = f"/api/console/scene-codes/{uuid4()}"
    assert (await town.owner("PUT", path, asked | {"days": 31}))[0] == 400
    status, code = await town.owner("PUT", path, asked)
    assert (status, code["days"], code["expires_at"][:10]) == (200, 3, "2026-11-23")
    assert (await town.owner("GET", "/api/console/scene-codes/limits"))[1] == {"permanent": 0, "left": 100_000}
    await town.owner("PUT", f"/api/console/scene-codes/{uuid4()}", {"name": "门", "scene": "door", "permanent": True})
    assert (await town.owner("GET", "/api/console/scene-codes/limits"))[1] == {"permanent": 1, "left": 99_999}


async def test_a_short_key_gives_back_what_it_was_made_of(town: Town) -> None:
    words = "门店=三号；活动=春茶；" * 40
    status, made = await town.owner("POST", "/api/console/short-keys", {"data": words, "expire_seconds": 600})
    assert status == 201, made
    kept = await town.owner("GET", f"/api/console/short-keys/{made['short_key']}")
    assert kept == (200, {"data": words, "expire_seconds": 600})
    assert (await town.owner("GET", "/api/console/short-keys/aaaaaaaaaaaaaaa"))[0] == 404
    assert (await town.owner("POST", "/api/console/short-keys", {"data": "长" * 2000}))[0] == 400
    await town.advance(seconds=601)
    assert (await town.owner("GET", f"/api/console/short-keys/{made['short_key']}"))[0] == 404
