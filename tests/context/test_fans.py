"""Fans: followed and unfollowed in WeChat's order, and shown with what happened to them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from make.towns import ACCOUNT, Town, founded
from tongshang.fans import people
from tongshang.fans.model import FIGURES, PARTS, Figures
from tongshang.platform.db import Tx
from tongshang.wechat.facts import Followed, Unfollowed


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


async def test_a_fan_follows_leaves_and_comes_back(town: Town) -> None:
    await town.alice.follow(ACCOUNT)
    await town.settle()
    (fan,) = await town.fans()
    assert (fan["subscribed"], fan["source"], fan["orders"]) == (True, "follow", 0)
    await town.advance(seconds=5)
    await town.alice.unfollow(ACCOUNT)
    await town.settle()
    assert [f["subscribed"] for f in await town.fans()] == [False]
    assert await town.fans("?subscribed=true") == []
    await town.advance(seconds=5)
    await town.alice.follow(ACCOUNT)
    await town.settle()
    found = await town.fan()
    assert found["subscribed"] is True
    assert [line["kind"] for line in found["timeline"] if line["kind"] in SEEN] == SEEN
    assert all(found["timeline"][0][language] for language in ("zh", "en"))


SEEN = ["fan.followed", "fan.unfollowed", "fan.followed"]


async def test_old_news_changes_nothing(town: Town) -> None:
    async with town.world.tx(town.merchant) as tx:
        await people.follow(tx, Followed(ACCOUNT, "oBob", 200))
        await people.unfollow(tx, Unfollowed(ACCOUNT, "oBob", 100))
        await people.follow(tx, Followed(ACCOUNT, "oBob", 50))
    (fan,) = await town.fans()
    assert fan["subscribed"] is True
    found = await town.fan()
    assert [line["kind"] for line in found["timeline"]] == ["fan.followed"]


async def test_who_writes_follows(town: Town) -> None:
    await town.alice.follow(ACCOUNT)
    await town.settle()
    await town.alice.say(ACCOUNT, "今天几点开门？")
    await town.settle()
    found = await town.fan()
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
    assert [fan["nickname"] for fan in await town.fans("?q=" + quote("友3"))] == ["茶友3"]
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
    found = await town.fan()
    assert (found["orders"], found["spent_fen"], found["recent_orders"]) == (3, 9900, [{"number": "1"}])


async def test_what_a_person_takes_back_at_wechat_is_taken_back_here(town: Town) -> None:
    alice = town.alice
    await alice.follow(ACCOUNT)
    await town.settle()
    auth = await town.log_in(alice)
    await alice.consent(await alice.open(town.at("/s/tea/login?scope=snsapi_userinfo")))
    text = (await town.store(alice, "GET", "/consent"))[1]
    answer = {"version": text["version"], "accepted": True}
    assert (await town.store(alice, "PUT", "/consent", answer, headers=auth))[0] == 200
    await alice.act("rename", nickname="小爱同学")
    bob = await town.sandbox.person("bob")
    await bob.act("revoke", appid=ACCOUNT)
    await town.settle()
    (before,) = await town.fans()
    assert (before["nickname"], bool(before["avatar"])) == ("小爱", True), "a new name comes with a new log-in"

    await alice.act("revoke", appid=ACCOUNT)
    await town.settle()
    found = await town.fan()
    assert (found["nickname"], found["avatar"], found["subscribed"]) == (None, None, True)
    assert [one["accepted"] for one in found["consents"]] == [False, True]
    assert (await town.store(alice, "GET", "/me", headers=auth))[0] == 401
    kinds = [line["kind"] for line in found["timeline"]]
    assert {"fan.authorization_revoked", "fan.consent_withdrawn"} <= set(kinds)

    await town.advance(seconds=5)
    await alice.act("close")
    await town.settle()
    found = await town.fan()
    assert (found["subscribed"], found["unionid"]) == (False, None)
    assert {"fan.wechat_closed", "fan.unfollowed"} <= {line["kind"] for line in found["timeline"]}
    await bob.close()
