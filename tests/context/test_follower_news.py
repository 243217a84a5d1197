"""What is found out of followers by itself: at once when they come, and every night."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make.backdoor import api, own_token
from make.towns import ACCOUNT, Town, founded
from tongshang.fans import people
from tongshang.fans.sync import look, nightly, runs
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.work import Worker
from tongshang.wechat.facts import Followed


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as opened:
        await opened.sandbox.account(ACCOUNT, open_appid="wxopen0000000001")
        yield opened


async def latest(town: Town) -> dict[str, Any]:
    return dict((await town.owner("GET", "/api/console/fan-syncs/latest"))[1]["run"])


async def known_by(town: Town, phone: Any) -> dict[str, Any]:
    """Show a person as the console does."""
    openid = (await town.sandbox.call("POST", f"/people/{phone.name}/payer", {"appid": ACCOUNT}))["openid"]
    found = await town.fans(f"?q={openid}")
    return dict((await town.owner("GET", f"/api/console/fans/{found[0]['id']}"))[1])


async def test_who_follows_is_asked_about_at_once_and_together(town: Town) -> None:
    await town.authorize()
    phones = [town.alice, *[await town.sandbox.person(f"guest{n}") for n in range(4)]]
    for phone in phones:
        await phone.follow(ACCOUNT)
    await town.settle()
    assert (await town.fan())["unionid"] is None
    await town.advance(seconds=3)
    await town.settle()
    assert await town.calls("/user/info/batchget") == 1  # five people, one call
    profiles = [await known_by(town, phone) for phone in phones]
    assert len({one["unionid"] for one in profiles if one["unionid"].startswith("o6_")}) == 5
    assert profiles[0]["subscribe_scene"] == "ADD_SCENE_SEARCH"
    # Who was tagged and named at WeChat while away: following again brings it, and a tag that is new here as well.
    await town.alice.unfollow(ACCOUNT)
    await town.settle()
    await town.advance(minutes=1)
    await town.alice.follow(ACCOUNT)
    token, openid = await own_token(town), profiles[0]["openid"]
    made = await api(town, token, "/cgi-bin/tags/create", {"tag": {"name": "老客"}})
    await api(town, token, "/cgi-bin/tags/members/batchtagging", {"openid_list": [openid], "tagid": made["tag"]["id"]})
    await api(town, token, "/cgi-bin/user/info/updateremark", {"openid": openid, "remark": "王阿姨"})
    await town.settle()
    await town.advance(seconds=3)
    await town.settle()
    again = await known_by(town, town.alice)
    assert ([one["name"] for one in again["tags"]], again["remark"]) == (["老客"], "王阿姨")


async def test_asking_about_followers_waits_for_wechat_and_gives_way_to_a_refusal(town: Town) -> None:
    await town.authorize()
    await town.sandbox.fault("POST /cgi-bin/user/info/batchget", "error", errcode=-1)
    await town.alice.follow(ACCOUNT)
    await town.settle()
    await town.advance(seconds=3)
    await town.settle()
    assert (await town.fan())["unionid"] is None
    await town.sandbox.heal()
    await town.advance(minutes=2)
    await town.settle()
    assert (await town.fan())["unionid"].startswith("o6_")
    # One of the batch is a stranger to WeChat: the others are asked about all the same.
    bob = await town.sandbox.person("bob")
    async with town.world.tx(town.merchant) as tx:
        await people.follow(tx, Followed(ACCOUNT, "oStrangerStrangerStrangerStr", 9_999_999_999))
        fan = await people.known(tx, appid=ACCOUNT, openid="oStrangerStrangerStrangerStr", source=people.Source.STORE)
        await look.want(tx, fan_id=fan.id)
    await bob.follow(ACCOUNT)
    await town.settle()
    await town.advance(seconds=3)
    await town.settle()
    assert (await known_by(town, bob))["unionid"].startswith("o6_")
    async with town.world.tx(town.merchant) as tx:
        assert await tx.value("select count(*) from fan_look where merchant_id = $1", tx.merchant) == 0


async def test_every_night_the_list_is_read_anew(town: Town) -> None:
    await town.authorize()
    await town.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": 30})
    view = (await town.owner("GET", "/api/console/fan-syncs/latest"))[1]
    assert (view["run"]["origin"], view["nightly"]) == ("account", True)
    first = datetime.fromisoformat(view["next_at"])
    # It was authorized at ten: the first night is too soon, and what is between nights is not night.
    assert first.astimezone(SHANGHAI).hour in range(1, 5)
    assert first - town.world.clock.now() > timedelta(hours=23)
    while town.world.clock.now() < first + timedelta(minutes=20):
        await town.advance(minutes=30)
        await Worker(town.world, name="night").duties()
        await town.settle()
    run = await latest(town)
    assert (run["origin"], run["state"], run["seen"]) == ("night", "done", 30)
    assert datetime.fromisoformat(run["started_at"]) >= first
    count = "select count(*) from follower_sync where merchant_id = $1"
    async with town.world.tx(town.merchant) as tx:
        assert await tx.value(count, tx.merchant) == 2  # once a night
    # Switched off it is not read again.
    status, view = await town.owner("PUT", "/api/console/fan-syncs/nightly", {"enabled": False})
    assert (status, view["nightly"], view["next_at"]) == (200, False, None)
    for _ in range(15):
        await town.advance(hours=2)
        await nightly.begin_all(town.world, town.world.clock.now())
    assert (await latest(town))["id"] == run["id"]
    # A run that nobody has moved for a day goes on where it stands.
    await town.owner("PUT", "/api/console/fan-syncs/nightly", {"enabled": True})
    async with town.world.tx(town.merchant) as tx:
        stuck = await runs.begin(tx, sync_id=uuid4())
        await tx.run("delete from job where merchant_id = $1", tx.merchant)
    await town.advance(hours=24)
    async with town.world.tx(town.merchant) as tx:
        await nightly.begin(tx, appid=ACCOUNT)
    await town.settle()
    assert ((await latest(town))["id"], (await latest(town))["state"]) == (str(stuck.id), "done")
