"""The store's visitors: logged in once per trip, free to say no, and asked before a phone or address is kept."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from make.towns import ACCOUNT, Town, founded, ticket_of
from tongshang.fans import consents
from tongshang.fans.login import safe_next, with_word
from tongshang.fans.model import PRIVACY, Privacy
from tongshang.platform.db import Tx
from tongshang.wechat.jsapi import is_own
from weixin.signing import jsapi_signature
from wxsandbox.client import Phone


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


async def test_a_visitor_logs_in_silently(town: Town) -> None:
    auth = await town.log_in(town.alice)
    status, me = await town.store(town.alice, "GET", "/me", headers=auth)
    assert (status, me["nickname"], me["has_profile"]) == (200, None, False)
    assert (await town.store(town.alice, "GET", "/me"))[0] == 401
    assert (await town.store(town.alice, "GET", "/me", headers={"authorization": "Bearer x"}))[0] == 401
    assert (await town.store(town.alice, "DELETE", "/sessions/current", headers=auth))[0] == 204
    assert (await town.store(town.alice, "GET", "/me", headers=auth))[0] == 401
    assert [fan["source"] for fan in await town.fans()] == ["store"]


async def test_the_follower_and_the_visitor_are_one_fan(town: Town) -> None:
    await town.alice.follow(ACCOUNT)
    await town.settle()
    await town.log_in(town.alice)
    (fan,) = await town.fans()
    assert (fan["subscribed"], fan["source"]) == (True, "follow")


async def test_the_profile_is_shown_by_a_tap(town: Town) -> None:
    consent = await town.alice.open(town.at("/s/tea/login?scope=snsapi_userinfo&next=/s/tea/%23/pages/me/me"))
    page = await town.alice.consent(consent)
    assert page.url.partition("#")[2].startswith("/pages/me/me?login_ticket=")
    (fan,) = await town.fans()
    assert fan["nickname"] == "小爱"
    assert fan["avatar"]


async def test_saying_no_still_lets_one_browse(town: Town) -> None:
    consent = await town.alice.open(town.at("/s/tea/login?scope=snsapi_userinfo"))
    page = await town.alice.consent(consent, allow=False)
    assert page.url.endswith("/s/tea/#/?login=denied")
    assert await town.fans() == []


async def test_a_snapshot_visitor_never_becomes_a_fan(town: Town) -> None:
    ghost = await town.sandbox.person("ghost", snapshot=True)
    page = await ghost.open(town.at("/s/tea/login"))
    assert page.url.endswith("/s/tea/#/?login=snapshot")
    assert await town.fans() == []
    await ghost.close()


async def test_a_ticket_works_once_and_not_for_long(town: Town) -> None:
    ticket = await town.go_in(town.alice)
    assert (await town.store(town.alice, "POST", "/sessions", {"ticket": ticket}))[0] == 200
    status, answer = await town.store(town.alice, "POST", "/sessions", {"ticket": ticket})
    assert (status, answer["code"]) == (401, "login.ticket_spent")
    ticket = await town.go_in(town.alice)
    await town.advance(minutes=3)
    assert (await town.store(town.alice, "POST", "/sessions", {"ticket": ticket}))[0] == 401


async def callback_of(town: Town, phone: Phone) -> str:
    """Make a trip and give the address WeChat sent the browser back to."""
    page = await phone.open(town.at("/s/tea/login"))
    (back,) = [url for url in page.visited if "/wechat/oauth/callback" in url]
    return back


async def test_a_return_counts_once_and_only_in_its_own_browser(town: Town) -> None:
    back = await callback_of(town, town.alice)
    again = await town.alice.open(back)
    assert (again.url.endswith("/s/tea/"), ticket_of(again)) == (True, None)
    bob = await town.sandbox.person("bob")
    stolen = await bob.open(back)
    assert (stolen.status, "登录已失效" in stolen.text) == (403, True)
    # A state that was never used, in somebody else's browser, is used up and gives nothing.
    mallory = await town.sandbox.person("mallory")
    page = await mallory.open(town.at("/s/tea/login?scope=snsapi_userinfo"))
    state = page.text.partition("state=")[2][:96]
    assert len(state) == 96
    fixed = await town.alice.open(town.at(f"/wechat/oauth/callback?code=x&state={state}"))
    assert fixed.status == 403
    for phone in (bob, mallory):
        await phone.close()


@pytest.mark.parametrize("state", ["", "x" * 96, "0" * 96, "0" * 95 + "/"])
async def test_a_foreign_state_is_refused(town: Town, state: str) -> None:
    assert (await town.alice.open(town.at(f"/wechat/oauth/callback?code=x&state={state}"))).status == 403


async def test_consent_comes_before_a_phone_or_an_address(town: Town) -> None:
    text = Privacy("2026-11", "我们只用您的电话送货。")

    async def privacy(tx: Tx) -> Privacy:
        return text

    town.world.fill(PRIVACY, [privacy])
    auth = await town.log_in(town.alice)
    fan = UUID((await town.store(town.alice, "GET", "/me", headers=auth))[1]["id"])

    async def allowed() -> bool:
        try:
            async with town.world.tx(town.merchant) as tx:
                await consents.require(tx, fan_id=fan)
        except consents.ConsentNeeded:
            return False
        return True

    async def answer(version: str, accepted: bool) -> tuple[int, Any]:
        return await town.store(town.alice, "PUT", "/consent", {"version": version, "accepted": accepted}, headers=auth)

    assert (await town.store(town.alice, "GET", "/consent"))[1]["text"] == text.text
    assert not await allowed()
    assert (await answer("2025-01", True))[1]["code"] == "consent.outdated"
    assert (await answer("2026-11", True))[1]["accepted"] is True
    assert (await answer("2026-11", True))[0] == 200
    assert await allowed()
    text = Privacy("2026-12", "新版")
    assert not await allowed()
    assert (await answer("2026-12", True))[0] == 200
    assert (await answer("2026-12", False))[1]["accepted"] is False
    assert not await allowed()
    found = await town.fan()
    assert [(c["version"], c["accepted"]) for c in found["consents"]] == [
        ("2026-12", False), ("2026-12", True), ("2026-11", True),
    ]  # fmt: skip
    assert "fan.consent_withdrawn" in [line["kind"] for line in found["timeline"]]


async def test_pages_are_signed_for_the_js_sdk(town: Town) -> None:
    url = town.at("/s/tea/?a=1")
    status, config = await town.store(town.alice, "GET", f"/js-config?url={quote(url + '#/cart')}")
    assert (status, config["appId"]) == (200, ACCOUNT)
    page = await town.sandbox.journal(limit=100)
    (ticket,) = {
        line["response"].partition('"ticket":"')[2].partition('"')[0] for line in page if "getticket" in line["url"]
    }
    assert config["signature"] == jsapi_signature(ticket, config["nonceStr"], config["timestamp"], url)
    for foreign in ("http://evil.example/s/tea/", "javascript:alert(1)", url.replace("http:", "https:")):
        status, answer = await town.store(town.alice, "GET", f"/js-config?url={quote(foreign)}")
        assert (status, answer["code"]) == (403, "jsapi.foreign_page")


async def test_only_own_hosts(town: Town) -> None:
    port = town.world.settings.port
    assert is_own(town.world.settings, f"http://alice.localhost:{port}/s/tea/")
    for url in (
        f"http://localhost.evil.com:{port}/",
        f"http://x@localhost:{port}/",
        "http://localhost:1/",
        "http://localhost:x/",
    ):
        assert not is_own(town.world.settings, url)


async def test_an_unknown_shop_is_nowhere(town: Town) -> None:
    assert (await town.alice.open(town.at("/s/nobody/login"))).status == 404
    assert (await town.alice.open(town.at("/api/store/nobody/consent"))).status == 404


@pytest.mark.parametrize(
    "asked",
    ["", "//evil.example", "/s/other/", "/s/tea/../../evil", "https://evil.example/s/tea/", "/s/tea/\\evil",
     "/s/tea//evil.example", "/s/tea/\n"],
)  # fmt: skip
def test_next_stays_in_the_shop(asked: str) -> None:
    assert safe_next("tea", asked) == "/s/tea/"


def test_words_go_behind_the_hash() -> None:
    assert with_word("/s/tea/?a=1#/cart?b=2", "t=1") == "/s/tea/?a=1#/cart?b=2&t=1"
    assert with_word("/s/tea/", "t=1") == "/s/tea/#/?t=1"
