"""Stores on hosts of their own: each serves its merchant's store and nothing else, and the public host leads there."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from make.towns import ACCOUNT, Town, founded
from tongshang.wechat.jsapi import is_own

STRANGE = "wxb2b2b2b2b2b2b2b2"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town whose stores have hosts of their own."""
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        settings = made.world.settings
        made.world.settings = replace(settings, store_url=f"http://$APPID$.localhost:{settings.port}")
        yield made


async def ask(town: Town, path: str, *, host: str) -> tuple[int, str]:
    """Ask as a browser on a host below localhost would; give the status and where it leads."""
    headers = {"host": f"{host}.localhost:{town.world.settings.port}".removeprefix(".")}
    async with (
        aiohttp.ClientSession() as session,
        session.get(town.at(path), headers=headers, allow_redirects=False) as answer,
    ):
        return answer.status, answer.headers.get("location", "")


async def test_the_public_host_leads_to_the_stores_own(town: Town) -> None:
    port = town.world.settings.port
    assert await ask(town, "/s/tea/?from=poster", host="") == (
        302,
        f"http://{ACCOUNT}.localhost:{port}/s/tea/?from=poster",
    )
    status, there = await ask(town, "/s/tea/", host=ACCOUNT)
    assert (status in (200, 503), there) == (True, "")  # 503 where the web was not built


@pytest.mark.parametrize("path", ["/s/tea/", "/api/store/tea/products", "/console/", "/api/console/me", "/staff/"])
async def test_a_host_serves_no_other_store_and_no_console(town: Town, path: str) -> None:
    assert (await ask(town, path, host=STRANGE))[0] == 404
    if path.startswith("/api/store"):
        assert (await ask(town, path, host=ACCOUNT))[0] == 200
    elif not path.startswith("/s/"):
        assert (await ask(town, path, host=ACCOUNT))[0] == 404


async def test_the_log_in_comes_back_to_the_host_it_left(town: Town) -> None:
    status, there = await ask(town, "/s/tea/login", host=ACCOUNT)
    assert status == 302
    (back,) = parse_qs(urlsplit(there).query)["redirect_uri"]
    assert back == f"http://{ACCOUNT}.localhost:{town.world.settings.port}/wechat/oauth/callback"


async def test_only_pages_of_the_own_host_are_signed(town: Town) -> None:
    settings = town.world.settings
    assert is_own(settings, f"http://{ACCOUNT}.localhost:{settings.port}/s/tea/", appid=ACCOUNT)
    for host in ("localhost", f"{STRANGE}.localhost", "alice.localhost"):
        assert not is_own(settings, f"http://{host}:{settings.port}/s/tea/", appid=ACCOUNT), host
