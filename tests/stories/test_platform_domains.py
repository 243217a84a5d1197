"""The provider sets the domains that a platform's mini programs may use, and sees what WeChat made of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from make.places import COMPONENT
from make.town import Town, found

PATH = f"/provider/components/{COMPONENT}/domains"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with found(database_url, tmp_path) as made:
        yield made


async def test_domains_are_tested_released_and_taken_off(town: Town) -> None:
    before = await town.provider("GET", PATH)
    assert (before["server"], before["jump"]) == ({"published": [], "testing": []},) * 2
    assert before["file_name"].endswith(".txt")
    assert before["file_content"]
    asked = {"kind": "server", "domains": ["API.example.com ", "a.example.com", "a.example.com", ""]}
    after = await town.provider("PUT", PATH, asked)
    assert after["server"] == {"published": [], "testing": ["api.example.com", "a.example.com"]}
    assert after["jump"] == before["jump"]
    after = await town.provider("PUT", PATH, {"kind": "jump", "domains": ["m.example.com"], "published": True})
    assert after["jump"] == {"published": ["m.example.com"], "testing": ["m.example.com"]}
    assert await town.provider.refused("PUT", PATH, {"kind": "jump", "domains": ["https://x.com"]}) == (400, "invalid")
    after = await town.provider("PUT", PATH, {"kind": "jump", "domains": [], "published": True})
    assert after["jump"] == {"published": [], "testing": []}
    assert (await town.provider.refused("GET", "/provider/components/wx0000000000000000/domains"))[0] == 404
    assert (await town.owner.refused("PUT", PATH, asked))[0] == 403
    # WeChat itself is as strict: what is no domain is named, and nothing at all is refused.
    calls = await town.provider("GET", "/provider/journal?name=/cgi-bin/component/modify_wxa_server_domain")
    assert {one["appid"] for one in calls["items"]} == {COMPONENT}
