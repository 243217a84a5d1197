"""The pages that carry their data with them: whatever a shop calls itself, it cannot break out of it."""

import json
import re
from pathlib import Path
from uuid import UUID

import pytest

from make.worlds import Browser
from tongshang.app import webbuild
from tongshang.platform.work import settle
from tongshang.platform.world import World

EVIL = "</script><script>x()</script>"
BOOT = re.compile(r"<script>window\.__BOOT__=(.*?)</script>", re.DOTALL)
needs_build = pytest.mark.skipif(
    not (Path(webbuild.dist("store")) / "index.html").exists(), reason="the store's web app is not built here"
)


@needs_build
async def test_a_shop_cannot_break_out_of_its_own_page(owner: Browser, world: World, merchant: UUID) -> None:
    await settle(world)
    sign = {"name": EVIL, "notice": "<!--<script>\u2028", "privacy_text": "]]></script>"}
    assert (await owner("PUT", "/api/console/shop", sign))[0] == 200
    async with owner.session.get(f"{owner.url}/s/tea/") as answer:
        html = await answer.text()
        assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
        assert "frame-ancestors" in answer.headers["content-security-policy"]
    found = BOOT.search(html)
    assert found is not None
    boot = json.loads(found[1])
    assert (boot["shop"]["name"], boot["shop"]["notice"], boot["slug"]) == (EVIL, sign["notice"], "tea")
    assert EVIL not in html
    assert "<" not in found[1]
    assert "\u2028" not in html
    title = html[html.index("<title>") + 7 : html.index("</title>")]
    assert title == "&lt;/script>&lt;script>x()&lt;/script>"
    assert html.count("x()") == 2  # in the title and in the data, as words


@needs_build
async def test_the_page_says_what_the_api_says(owner: Browser, world: World) -> None:
    await settle(world)
    _, boot = await owner("GET", "/api/store/tea/boot")
    _, html = await owner("GET", "/s/tea")
    found = BOOT.search(html.decode())
    assert found is not None
    assert json.loads(found[1]) == boot


async def test_a_shop_that_is_not_there_has_no_page(browser: Browser, merchant: UUID) -> None:
    status, answer = await browser("GET", "/s/nobody/")
    assert (status, answer["code"]) == (404, "not_found")


async def test_the_root_leads_to_the_console(browser: Browser) -> None:
    async with browser.session.get(f"{browser.url}/", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["location"]) == (302, "/console/")
