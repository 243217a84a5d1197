"""Fans: followed and unfollowed in WeChat's order, logged in once per trip, and free to say no."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from make.towns import ACCOUNT, Town, founded
from tongshang.fans import consents, people
from tongshang.fans.login import safe_next, with_word
from tongshang.fans.model import FIGURES, PARTS, PRIVACY, Figures, Privacy
from tongshang.platform.db import Tx
from tongshang.wechat.facts import Followed, Unfollowed
from tongshang.wechat.jsapi import is_own
from weixin.signing import jsapi_signature
from wxsandbox.client import Page, Phone


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


async def listed(town: Town, query: str = "") -> list[dict[str, Any]]:
    status, page = await town.owner("GET", f"/api/console/fans{query}")
    assert status == 200, page
    return list(page["items"])


async def profile(town: Town) -> dict[str, Any]:
    status, found = await town.owner("GET", f"/api/console/fans/{(await listed(town))[0]['id']}")
    assert status == 200, found
    return dict(found)


def at(town: Town, path: str) -> str:
    return f"{town.world.settings.public_url}{path}"


async def go_in(town: Town, phone: Phone, query: str = "") -> str | None:
    """Open the store's log-in; give the ticket the page came back with."""
    page = await phone.open(at(town, f"/s/tea/login{query}"))
    return ticket_of(page)


def ticket_of(page: Page) -> str | None:
    _, mark, ticket = page.url.partition("login_ticket=")
    return ticket if mark else None


async def log_in(town: Town, phone: Phone) -> dict[str, str]:
    ticket = await go_in(town, phone)
    made = await phone.request("POST", at(town, "/api/store/tea/sessions"), json={"ticket": ticket})
    assert made.status == 200, made.text
    return {"authorization": f"Bearer {made.json()['token']}"}


async def store(town: Town, phone: Phone, method: str, path: str, json: Any = None, **more: Any) -> tuple[int, Any]:
    page = await phone.request(method, at(town, f"/api/store/tea{path}"), json=json, **more)
    return page.status, page.json() if page.body else None


async def test_a_fan_follows_leaves_and_comes_back(town: Town) -> None:
    await town.alice.follow(ACCOUNT)
    await town.settle()
    (fan,) = await listed(town)
    assert (fan["subscribed"], fan["source"], fan["orders"]) == (True, "follow", 0)
    await town.advance(seconds=5)
    await town.alice.unfollow(ACCOUNT)
    await town.settle()
    assert [f["subscribed"] for f in await listed(town)] == [False]
    assert await listed(town, "?subscribed=true") == []
    await town.advance(seconds=5)
    await town.alice.follow(ACCOUNT)
    await town.settle()
    found = await profile(town)
    assert found["subscribed"] is True
    assert [line["kind"] for line in found["timeline"] if line["kind"] in SEEN] == SEEN
    assert all(found["timeline"][0][language] for language in ("zh", "en"))


SEEN = ["fan.followed", "fan.unfollowed", "fan.followed"]


async def test_old_news_changes_nothing(town: Town) -> None:
    async with town.world.tx(town.merchant) as tx:
        await people.follow(tx, Followed(ACCOUNT, "oBob", 200))
        await people.unfollow(tx, Unfollowed(ACCOUNT, "oBob", 100))
        await people.follow(tx, Followed(ACCOUNT, "oBob", 50))
    (fan,) = await listed(town)
    assert fan["subscribed"] is True
    found = await profile(town)
    assert [line["kind"] for line in found["timeline"]] == ["fan.followed"]


async def test_who_writes_follows(town: Town) -> None:
    await town.alice.follow(ACCOUNT)
    await town.settle()
    await town.alice.say(ACCOUNT, "今天几点开门？")
    await town.settle()
    found = await profile(town)
    assert "发来消息：今天几点开门？" in [line["zh"] for line in found["timeline"]]


async def test_the_console_finds_fans_page_by_page(town: Town) -> None:
    async with town.world.tx(town.merchant) as tx:
        for n in range(5):
            fan = await people.enter(tx, appid=ACCOUNT, openid=f"o{n}", unionid=None, nickname=f"茶友{n}", avatar=None)
            assert fan.nickname is None
    seen: list[str] = []
    cursor = ""
    while True:
        _, page = await town.owner("GET", f"/api/console/fans?limit=2{cursor}")
        seen += [fan["nickname"] for fan in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&after={page['next']}"
    assert sorted(seen) == [f"茶友{n}" for n in range(5)]
    assert [fan["nickname"] for fan in await listed(town, "?q=" + quote("友3"))] == ["茶友3"]
    assert (await town.owner("GET", f"/api/console/fans/{uuid4()}"))[0] == 404


async def test_higher_contexts_complete_the_picture(town: Town) -> None:
    async def figures(tx: Tx, fans: Any) -> dict[UUID, Figures]:
        return {fan: Figures(3, 9900) for fan in fans}

    async def orders(tx: Tx, fan: UUID) -> dict[str, Any]:
        return {"recent_orders": [{"number": "1"}]}

    town.world.fill(FIGURES, [figures])
    town.world.fill(PARTS, [orders])
    await town.alice.follow(ACCOUNT)
    await town.settle()
    found = await profile(town)
    assert (found["orders"], found["spent_fen"], found["recent_orders"]) == (3, 9900, [{"number": "1"}])


async def test_a_visitor_logs_in_silently(town: Town) -> None:
    auth = await log_in(town, town.alice)
    status, me = await store(town, town.alice, "GET", "/me", headers=auth)
    assert (status, me["nickname"], me["has_profile"]) == (200, None, False)
    assert (await store(town, town.alice, "GET", "/me"))[0] == 401
    assert (await store(town, town.alice, "GET", "/me", headers={"authorization": "Bearer x"}))[0] == 401
    assert (await store(town, town.alice, "DELETE", "/sessions/current", headers=auth))[0] == 204
    assert (await store(town, town.alice, "GET", "/me", headers=auth))[0] == 401
    assert [fan["source"] for fan in await listed(town)] == ["store"]


async def test_the_follower_and_the_visitor_are_one_fan(town: Town) -> None:
    await town.alice.follow(ACCOUNT)
    await town.settle()
    await log_in(town, town.alice)
    (fan,) = await listed(town)
    assert (fan["subscribed"], fan["source"]) == (True, "follow")


async def test_the_profile_is_shown_by_a_tap(town: Town) -> None:
    consent = await town.alice.open(at(town, "/s/tea/login?scope=snsapi_userinfo&next=/s/tea/%23/pages/me/me"))
    page = await town.alice.consent(consent)
    assert page.url.partition("#")[2].startswith("/pages/me/me?login_ticket=")
    (fan,) = await listed(town)
    assert fan["nickname"] == "小爱"
    assert fan["avatar"]


async def test_saying_no_still_lets_one_browse(town: Town) -> None:
    consent = await town.alice.open(at(town, "/s/tea/login?scope=snsapi_userinfo"))
    page = await town.alice.consent(consent, allow=False)
    assert page.url.endswith("/s/tea/#/?login=denied")
    assert await listed(town) == []


async def test_a_snapshot_visitor_never_becomes_a_fan(town: Town) -> None:
    ghost = await town.sandbox.person("ghost", snapshot=True)
    page = await ghost.open(at(town, "/s/tea/login"))
    assert page.url.endswith("/s/tea/#/?login=snapshot")
    assert await listed(town) == []
    await ghost.close()


async def test_a_ticket_works_once_and_not_for_long(town: Town) -> None:
    ticket = await go_in(town, town.alice)
    assert (await store(town, town.alice, "POST", "/sessions", {"ticket": ticket}))[0] == 200
    status, answer = await store(town, town.alice, "POST", "/sessions", {"ticket": ticket})
    assert (status, answer["code"]) == (401, "login.ticket_spent")
    ticket = await go_in(town, town.alice)
    await town.advance(minutes=3)
    assert (await store(town, town.alice, "POST", "/sessions", {"ticket": ticket}))[0] == 401


async def callback_of(town: Town, phone: Phone) -> str:
    """Make a trip and give the address WeChat sent the browser back to."""
    page = await phone.open(at(town, "/s/tea/login"))
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
    page = await mallory.open(at(town, "/s/tea/login?scope=snsapi_userinfo"))
    state = page.text.partition("state=")[2][:96]
    assert len(state) == 96
    fixed = await town.alice.open(at(town, f"/wechat/oauth/callback?code=x&state={state}"))
    assert fixed.status == 403
    for phone in (bob, mallory):
        await phone.close()


@pytest.mark.parametrize("state", ["", "x" * 96, "0" * 96, "0" * 95 + "/"])
async def test_a_foreign_state_is_refused(town: Town, state: str) -> None:
    assert (await town.alice.open(at(town, f"/wechat/oauth/callback?code=x&state={state}"))).status == 403


async def test_consent_comes_before_a_phone_or_an_address(town: Town) -> None:
    text = Privacy("2026-11", "我们只用您的电话送货。")

    async def privacy(tx: Tx) -> Privacy:
        return text

    town.world.fill(PRIVACY, [privacy])
    auth = await log_in(town, town.alice)
    fan = UUID((await store(town, town.alice, "GET", "/me", headers=auth))[1]["id"])

    async def allowed() -> bool:
        try:
            async with town.world.tx(town.merchant) as tx:
                await consents.require(tx, fan_id=fan)
        except consents.ConsentNeeded:
            return False
        return True

    async def answer(version: str, accepted: bool) -> tuple[int, Any]:
        return await store(
            town, town.alice, "PUT", "/consent", {"version": version, "accepted": accepted}, headers=auth
        )

    assert (await store(town, town.alice, "GET", "/consent"))[1]["text"] == text.text
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
    found = await profile(town)
    assert [(c["version"], c["accepted"]) for c in found["consents"]] == [
        ("2026-12", False), ("2026-12", True), ("2026-11", True),
    ]  # fmt: skip
    assert "fan.consent_withdrawn" in [line["kind"] for line in found["timeline"]]


async def test_pages_are_signed_for_the_js_sdk(town: Town) -> None:
    url = at(town, "/s/tea/?a=1")
    status, config = await store(town, town.alice, "GET", f"/js-config?url={quote(url + '#/cart')}")
    assert (status, config["appId"]) == (200, ACCOUNT)
    page = await town.sandbox.journal(limit=100)
    (ticket,) = {
        line["response"].partition('"ticket":"')[2].partition('"')[0] for line in page if "getticket" in line["url"]
    }
    assert config["signature"] == jsapi_signature(ticket, config["nonceStr"], config["timestamp"], url)
    for foreign in ("http://evil.example/s/tea/", "javascript:alert(1)", url.replace("http:", "https:")):
        status, answer = await store(town, town.alice, "GET", f"/js-config?url={quote(foreign)}")
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
    assert (await town.alice.open(at(town, "/s/nobody/login"))).status == 404
    assert (await town.alice.open(at(town, "/api/store/nobody/consent"))).status == 404


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
