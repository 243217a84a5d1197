"""The list of followers, read in pieces; tags, remarks and the blacklist, the same on both sides."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from make.backdoor import api, own_token
from make.towns import ACCOUNT, Town, founded
from tongshang.fans import people
from tongshang.fans.sync import pull, runs
from tongshang.platform import jobs
from tongshang.wechat.facts import Followed, Unfollowed

CROWD = 2_350


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as opened:
        await opened.sandbox.account(ACCOUNT, open_appid="wxopen0000000001")
        yield opened


async def latest(town: Town) -> dict[str, Any]:
    status, answer = await town.owner("GET", "/api/console/fan-syncs/latest")
    assert status == 200, answer
    return dict(answer["run"])


async def sync(town: Town) -> dict[str, Any]:
    await town.advance(seconds=1)  # the last run is the one that was begun last
    status, answer = await town.owner("PUT", f"/api/console/fan-syncs/{uuid4()}")
    assert status == 200, answer
    await town.settle()
    return await latest(town)


async def do(town: Town, body: dict[str, Any]) -> dict[str, Any]:
    """Begin a task, let it be carried out, and give what became of it."""
    task = uuid4()
    status, answer = await town.owner("PUT", f"/api/console/fan-tasks/{task}", body)
    assert status == 200, answer
    await town.settle()
    return dict((await town.owner("GET", f"/api/console/fan-tasks/{task}"))[1])


async def tag(town: Town, name: str) -> str:
    made = str(uuid4())
    status, answer = await town.owner("PUT", f"/api/console/tags/{made}", {"name": name})
    assert status == 200, answer
    await town.settle()
    return made


async def test_an_account_that_is_new_brings_its_followers(town: Town) -> None:
    await town.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": CROWD})
    await town.authorize()
    run = await latest(town)
    assert (run["state"], run["seen"], run["added"], run["total"], run["gone"]) == ("done", CROWD, CROWD, CROWD, 0)
    found = await town.fans("?subscribed=true")
    assert {one["followed_at"] is not None and one["subscribed"] for one in found} == {True}
    status, profile = await town.owner("GET", f"/api/console/fans/{found[0]['id']}")
    assert status == 200
    assert profile["unionid"].startswith("o6_")
    assert profile["subscribe_scene"].startswith("ADD_SCENE_")
    # Nobody of them is greeted: they followed long ago.
    assert not await town.calls("/message/custom/send")
    again = await sync(town)
    assert (again["state"], again["seen"], again["added"]) == ("done", CROWD, 0)


async def test_a_kill_in_the_middle_costs_one_piece(town: Town) -> None:
    await town.authorize()
    await town.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": CROWD})
    await town.advance(seconds=1)
    sync_id = uuid4()
    assert (await town.owner("PUT", f"/api/console/fan-syncs/{sync_id}"))[0] == 200
    assert (await town.owner("PUT", f"/api/console/fan-syncs/{uuid4()}"))[0] == 409
    job = jobs.Job(town.world, town.merchant, uuid4(), 1, "killed")
    for _ in range(3):  # the tags and two pieces; then the worker dies and its lease runs out
        with pytest.raises(jobs.Again):
            await pull.go_on(job, sync_id, slice_seconds=0, piece=500)
    run = await latest(town)
    assert (run["phase"], run["seen"], run["total"]) == ("people", 1000, CROWD)
    asked = await town.calls("/user/info/batchget")
    await town.settle()
    run = await latest(town)
    assert (run["state"], run["seen"], run["added"]) == ("done", CROWD, CROWD)
    assert await town.calls("/user/info/batchget") - asked == 14  # what was stored is not read again


async def test_a_run_can_be_cancelled_and_begun_anew(town: Town) -> None:
    await town.authorize()
    await town.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": 600})
    await town.advance(seconds=1)
    sync_id = uuid4()
    await town.owner("PUT", f"/api/console/fan-syncs/{sync_id}")
    status, run = await town.owner("DELETE", f"/api/console/fan-syncs/{sync_id}")
    assert (status, run["state"]) == (200, "cancelled")
    await town.settle()
    assert (await latest(town))["seen"] == 0
    assert (await sync(town))["seen"] == 600


async def test_time_decides_between_list_and_events(town: Town) -> None:
    await town.authorize()
    bob = await town.sandbox.person("bob")
    for one in (town.alice, bob):
        await one.follow(ACCOUNT)
    await town.settle()
    openid = (await town.sandbox.call("POST", "/people/bob/payer", {"appid": ACCOUNT}))["openid"]
    await town.advance(minutes=10)
    # The event of bob's leaving is lost; alice follows all the while.
    await town.sandbox.fault("callback:message.event.unsubscribe", "lose")
    await bob.unfollow(ACCOUNT)
    await town.settle()
    assert len(await town.fans("?subscribed=true")) == 2
    await town.advance(minutes=10)
    run = await sync(town)
    assert (run["seen"], run["gone"]) == (1, 1)
    assert [one["subscribed"] for one in await town.fans()].count(True) == 1
    # An old event that comes late changes nothing; a new one does.
    now = int(town.world.clock.now().timestamp())
    async with town.world.tx(town.merchant) as tx:
        await people.follow(tx, Followed(ACCOUNT, openid, now - 1200))
    assert len(await town.fans("?subscribed=true")) == 1
    async with town.world.tx(town.merchant) as tx:
        await people.follow(tx, Followed(ACCOUNT, openid, now))
    assert len(await town.fans("?subscribed=true")) == 2
    # The list still says that alice follows, but what we heard of her since is younger than her subscribe_time.
    alice = (await town.sandbox.call("POST", "/people/alice/payer", {"appid": ACCOUNT}))["openid"]
    async with town.world.tx(town.merchant) as tx:
        await people.unfollow(tx, Unfollowed(ACCOUNT, alice, now))
    await town.sandbox.call("POST", "/people/bob/follow", {"appid": ACCOUNT})
    await sync(town)
    async with town.world.tx(town.merchant) as tx:
        fan = await people.known(tx, appid=ACCOUNT, openid=alice, source=people.Source.STORE)
    assert not fan.subscribed


async def test_an_account_without_the_permission_says_so(town: Town) -> None:
    links = await town.promise()
    back = await town.alice.authorize(links["pc_url"], ACCOUNT, [1, 3])
    assert (await town.alice.open(back)).status == 200
    await town.settle()
    run = await latest(town)
    assert (run["state"], run["errcode"]) == ("failed", 61007)


async def test_tags_go_both_ways(town: Town) -> None:
    await town.authorize()
    await town.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": 120})
    await sync(town)
    regular = await tag(town, "老客")
    done = await do(town, {"kind": "tag", "tag_id": regular, "everybody": {}})
    assert (done["task"]["state"], done["task"]["done"], done["task"]["failed"]) == ("done", 120, 0)
    assert await town.calls("/members/batchtagging") == 3
    assert len(await town.fans(f"?tag={regular}&limit=100")) == 100
    some = [one["id"] for one in await town.fans("?limit=10")]
    await do(town, {"kind": "untag", "tag_id": regular, "fan_ids": some})
    listed = (await town.owner("GET", "/api/console/tags"))[1]["items"]
    assert [(one["name"], one["people"], one["state"]) for one in listed] == [("老客", 110, "kept")]
    # What is changed at WeChat comes with the next sync: a new name, one more tag, and somebody who has it.
    await town.advance(minutes=2)
    token = await own_token(town)
    await api(town, token, "/cgi-bin/tags/update", {"tag": {"id": 100, "name": "常客"}})
    await api(town, token, "/cgi-bin/tags/create", {"tag": {"name": "批发"}})
    openid = (await town.owner("GET", f"/api/console/fans/{some[0]}"))[1]["openid"]
    await api(town, token, "/cgi-bin/tags/members/batchtagging", {"openid_list": [openid], "tagid": 101})
    await sync(town)
    listed = (await town.owner("GET", "/api/console/tags"))[1]["items"]
    assert [(one["name"], one["people"]) for one in listed] == [("常客", 110), ("批发", 1)]
    assert [one["name"] for one in (await town.owner("GET", f"/api/console/fans/{some[0]}"))[1]["tags"]] == ["批发"]
    # Dropped here is dropped there, and nobody has it any more.
    assert (await town.owner("DELETE", f"/api/console/tags/{regular}"))[0] == 204
    await town.settle()
    assert [one["name"] for one in (await api(town, token, "/cgi-bin/tags/get"))["tags"]] == ["星标组", "批发"]
    assert not await town.fans(f"?tag={regular}")


async def test_what_wechat_would_refuse_is_refused_here(town: Town) -> None:
    await town.authorize()
    first = await tag(town, "老客")
    for name, code in (("老客", "tag.taken"), ("黑名单", "tag.taken"), ("茶" * 11, "tag.too_long"), (" ", "invalid")):
        status, answer = await town.owner("PUT", f"/api/console/tags/{uuid4()}", {"name": name})
        assert status >= 400, name
        assert answer["code"] == code
    fan = (await town.fans())[0]["id"] if await town.fans() else None
    assert fan is None
    refused = (
        ({"kind": "tag", "tag_id": first, "fan_ids": []}, "task.nobody"),
        ({"kind": "tag", "fan_ids": [str(uuid4())]}, "tag.not_ready"),
        ({"kind": "remark", "fan_ids": [str(uuid4())], "note": "长" * 30}, "remark.too_long"),
    )
    for body, code in refused:
        status, answer = await town.owner("PUT", f"/api/console/fan-tasks/{uuid4()}", body)
        assert (status >= 400, answer["code"]) == (True, code)


async def test_a_person_with_twenty_tags_gets_no_more(town: Town) -> None:
    await town.authorize()
    await town.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": 60})
    token = await own_token(town)
    openid = (await api(town, token, "/cgi-bin/user/get"))["data"]["openid"][7]
    for number in range(20):
        await api(town, token, "/cgi-bin/tags/create", {"tag": {"name": f"组{number}"}})
        body = {"openid_list": [openid], "tagid": 100 + number}
        await api(town, token, "/cgi-bin/tags/members/batchtagging", body)
    extra = await tag(town, "第二十一")  # our own word of who has which tag is not there yet: WeChat has to refuse
    async with town.world.tx(town.merchant) as tx:
        run = await runs.latest(tx)
        await tx.run("delete from fan_tag where merchant_id = $1", tx.merchant)
    assert run is not None
    await sync_people_only(town)
    done = await do(town, {"kind": "tag", "tag_id": extra, "everybody": {}})
    assert (done["task"]["done"], done["task"]["failed"]) == (59, 1)
    assert [one["errcode"] for one in done["failures"]] == [45059]
    assert [one["openid"] for one in done["failures"]] == [openid]


async def sync_people_only(town: Town) -> None:
    """Know the people, but not their tags."""
    await sync(town)
    async with town.world.tx(town.merchant) as tx:
        await tx.run("delete from fan_tag where merchant_id = $1", tx.merchant)


async def test_a_remark_and_the_blacklist(town: Town) -> None:
    await town.authorize()
    await town.alice.follow(ACCOUNT)
    await town.settle()
    fan = (await town.fans())[0]["id"]
    await do(town, {"kind": "remark", "fan_ids": [fan], "note": "张阿姨"})
    assert [one["id"] for one in await town.fans("?q=张阿")] == [fan]
    await do(town, {"kind": "block", "fan_ids": [fan]})
    assert [one["id"] for one in await town.fans("?blocked=true")] == [fan]
    await town.sandbox.call("POST", "/people/alice/say", {"appid": ACCOUNT, "text": "在吗"})
    await town.settle()
    kinds = [one["kind"] for one in (await town.owner("GET", f"/api/console/fans/{fan}"))[1]["timeline"]]
    assert kinds[:2] == ["fan.blocked", "fan.remarked"]
    # Freed at WeChat: the next sync knows.
    token = await own_token(town)
    openid = (await town.owner("GET", f"/api/console/fans/{fan}"))[1]["openid"]
    await town.advance(minutes=2)
    await api(town, token, "/cgi-bin/tags/members/batchunblacklist", {"openid_list": [openid]})
    await api(town, token, "/cgi-bin/user/info/updateremark", {"openid": openid, "remark": "张姐"})
    await sync(town)
    profile = (await town.owner("GET", f"/api/console/fans/{fan}"))[1]
    assert (profile["blocked"], profile["remark"], profile["subscribed"]) == (False, "张姐", True)
