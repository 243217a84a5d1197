"""Many followers, their tags, remarks, the blacklist, short keys: what is right, and each wrong thing's code."""

from typing import Any

from make.platforms import ACCOUNT, Stage

TAGGING = "/cgi-bin/tags/members/batchtagging"


async def openid_of(stage: Stage, name: str = "alice") -> str:
    return str((await stage.sandbox.call("POST", f"/people/{name}/follow", {"appid": ACCOUNT}))["openid"])


async def test_a_crowd_is_paged_through(stage: Stage) -> None:
    made = await stage.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": 10_050})
    assert made == {"made": 10_050, "followers": 10_050}
    token = await stage.own_token()
    first = await stage.get("/cgi-bin/user/get", access_token=token)
    assert (first["total"], first["count"], len(first["data"]["openid"])) == (10_050, 10_000, 10_000)
    rest = await stage.get("/cgi-bin/user/get", access_token=token, next_openid=first["next_openid"])
    assert (rest["count"], len(set(first["data"]["openid"] + rest["data"]["openid"]))) == (50, 10_050)
    end = await stage.get("/cgi-bin/user/get", access_token=token, next_openid=rest["next_openid"])
    assert end == {"total": 10_050, "count": 0, "next_openid": ""}
    assert (await stage.get("/cgi-bin/user/get", access_token=token, next_openid="o-nobody"))["errcode"] == 40003
    asked = {"user_list": [{"openid": one} for one in rest["data"]["openid"]]}
    told = (await stage.post("/cgi-bin/user/info/batchget", asked, access_token=token))["user_info_list"]
    assert [one["openid"] for one in told if one["subscribe"]] == rest["data"]["openid"]


async def test_who_left_between_two_pages_is_no_gap(stage: Stage) -> None:
    await stage.sandbox.call("POST", f"/accounts/{ACCOUNT}/crowd", {"count": 10_001})
    token = await stage.own_token()
    alice = await openid_of(stage)
    first = await stage.get("/cgi-bin/user/get", access_token=token)
    behind = await stage.get("/cgi-bin/user/get", access_token=token, next_openid=first["next_openid"])
    assert behind["data"]["openid"][-1] == alice
    await stage.sandbox.call("POST", "/people/alice/unfollow", {"appid": ACCOUNT})
    assert (await stage.get("/cgi-bin/user/get", access_token=token, next_openid=alice))["count"] == 0


WRONG: list[tuple[str, dict[str, Any], int]] = [
    ("/cgi-bin/tags/create", {"tag": {"name": "老客"}}, 45157),
    ("/cgi-bin/tags/create", {"tag": {"name": "星标组"}}, 45157),
    ("/cgi-bin/tags/create", {"tag": {"name": ""}}, 45157),
    ("/cgi-bin/tags/create", {"tag": {"name": "茶" * 11}}, 45158),
    ("/cgi-bin/tags/update", {"tag": {"id": 2, "name": "x"}}, 45058),
    ("/cgi-bin/tags/update", {"tag": {"id": 999, "name": "x"}}, 45159),
    ("/cgi-bin/tags/delete", {"tag": {"id": 1}}, 45058),
    (TAGGING, {"openid_list": ["$alice"], "tagid": 999}, 45159),
    (TAGGING, {"openid_list": [], "tagid": 100}, 40032),
    (TAGGING, {"openid_list": ["$alice"] * 51, "tagid": 100}, 40032),
    (TAGGING, {"openid_list": ["o-nobody"], "tagid": 100}, 40003),
    (TAGGING, {"openid_list": ["$stranger"], "tagid": 100}, 49003),
    ("/cgi-bin/tags/members/batchblacklist", {"openid_list": ["$alice"] * 21}, 40032),
    ("/cgi-bin/tags/members/batchblacklist", {"openid_list": ["$stranger"]}, 49003),
    ("/cgi-bin/user/info/updateremark", {"openid": "$alice", "remark": "长" * 30}, 40092),
    ("/cgi-bin/user/info/updateremark", {"openid": "o-nobody", "remark": "x"}, 40003),
    ("/cgi-bin/shorten/gen", {"long_data": "x" * 4097}, 45002),
    ("/cgi-bin/shorten/gen", {"long_data": "x", "expire_seconds": 2_592_001}, 40097),
    ("/cgi-bin/shorten/fetch", {"short_key": "a" * 15}, 40097),
    ("/cgi-bin/shorturl", {"action": "long2short", "long_url": "http://x"}, 45103),
]


async def test_what_is_wrong_has_its_code(stage: Stage) -> None:
    token, alice = await stage.own_token(), await openid_of(stage)
    other = "wxb2b2b2b2b2b2b2b2"
    await stage.sandbox.account(other)
    stranger = (await stage.sandbox.call("POST", "/people/alice/follow", {"appid": other}))["openid"]
    await stage.post("/cgi-bin/tags/create", {"tag": {"name": "老客"}}, access_token=token)
    words = {"$alice": alice, "$stranger": stranger}
    for path, body, code in WRONG:
        filled = {
            name: [words.get(one, one) for one in value] if isinstance(value, list) else
            words.get(value, value) if isinstance(value, str) else value
            for name, value in body.items()
        }  # fmt: skip
        answer = await stage.post(path, filled, access_token=token)
        assert answer["errcode"] == code, (path, body, answer)


async def test_tags_are_kept_with_people_and_counted(stage: Stage) -> None:
    token, alice = await stage.own_token(), await openid_of(stage)
    made = [
        (await stage.post("/cgi-bin/tags/create", {"tag": {"name": f"组{n}"}}, access_token=token))["tag"]["id"]
        for n in range(21)
    ]
    for number in made[:20]:
        body = {"openid_list": [alice], "tagid": number}
        assert (await stage.post(TAGGING, body, access_token=token))["errcode"] == 0
    body = {"openid_list": [alice], "tagid": made[20]}
    assert (await stage.post(TAGGING, body, access_token=token))["errcode"] == 45059
    told = await stage.post("/cgi-bin/user/tag/get", {"tagid": made[0]}, access_token=token)
    assert told == {"count": 1, "data": {"openid": [alice]}, "next_openid": alice}
    assert (await stage.post("/cgi-bin/tags/delete", {"tag": {"id": made[0]}}, access_token=token))["errcode"] == 0
    left = await stage.post("/cgi-bin/tags/getidlist", {"openid": alice}, access_token=token)
    assert left == {"tagid_list": made[1:20]}
    listed = (await stage.get("/cgi-bin/tags/get", access_token=token))["tags"]
    assert [tag["count"] for tag in listed[1:]] == [1] * 19 + [0]


async def test_who_is_blocked_is_not_heard(stage: Stage) -> None:
    await stage.authorized()
    token, alice = await stage.own_token(), await openid_of(stage)
    await stage.sandbox.settle()
    await stage.post("/cgi-bin/tags/members/batchblacklist", {"openid_list": [alice]}, access_token=token)
    told = await stage.post("/cgi-bin/tags/members/getblacklist", {"begin_openid": ""}, access_token=token)
    assert told["data"]["openid"] == [alice]
    await stage.sandbox.call("POST", "/people/alice/say", {"appid": ACCOUNT, "text": "在吗"})
    await stage.sandbox.settle()
    assert not await stage.sandbox.journal(kind="callback", name="message.text")
    await stage.post("/cgi-bin/tags/members/batchunblacklist", {"openid_list": [alice]}, access_token=token)
    await stage.sandbox.call("POST", "/people/alice/say", {"appid": ACCOUNT, "text": "在吗"})
    await stage.sandbox.settle()
    assert len(await stage.sandbox.journal(kind="callback", name="message.text")) == 1


async def test_a_short_key_lasts_as_long_as_was_said(stage: Stage) -> None:
    token = await stage.own_token()
    body = {"long_data": "门店=三号；活动=春茶" * 50, "expire_seconds": 600}
    key = (await stage.post("/cgi-bin/shorten/gen", body, access_token=token))["short_key"]
    assert len(key) == 15
    kept = await stage.post("/cgi-bin/shorten/fetch", {"short_key": key}, access_token=token)
    assert (kept["long_data"], kept["expire_seconds"]) == (body["long_data"], 600)
    await stage.sandbox.advance(601)
    assert (await stage.post("/cgi-bin/shorten/fetch", {"short_key": key}, access_token=token))["errcode"] == 40097
