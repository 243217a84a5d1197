"""Web OAuth: silent and asked, direct and through the platform, single use, five minutes."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from make.platforms import ACCOUNT, COMPONENT, Stage
from wxsandbox.client import Page


def link(stage: Stage, *, scope: str = "snsapi_base", to: str = "", component: bool = False, more: str = "") -> str:
    to = to or f"{stage.receiver.url}/back?keep=1"
    url = (
        f"{stage.box.url}/open.weixin.qq.com/connect/oauth2/authorize?appid={ACCOUNT}&redirect_uri={quote(to, safe='')}"
    )
    url += f"&response_type=code&scope={scope}&state=abc{more}"
    return url + (f"&component_appid={COMPONENT}" if component else "") + "#wechat_redirect"


def came_back(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


async def redeem(stage: Stage, code: str, /, **change: Any) -> dict[str, Any]:
    query = {"appid": ACCOUNT, "secret": stage.account["secret"], "code": code, "grant_type": "authorization_code"}
    return await stage.get("/sns/oauth2/access_token", **{**query, **change})


async def test_base_scope_is_silent_and_single_use(stage: Stage) -> None:
    page = await stage.alice.open(link(stage))
    assert urlsplit(page.url).hostname == "alice.localhost"
    back = came_back(page)
    assert (back["keep"], back["state"]) == ("1", "abc")
    token = await redeem(stage, back["code"])
    assert (token["scope"], token["expires_in"]) == ("snsapi_base", 7200)
    fan = await stage.alice.follow(ACCOUNT)
    assert token["openid"] == fan["openid"]
    assert (await redeem(stage, back["code"]))["errcode"] == 40163
    profile = await stage.get("/sns/userinfo", access_token=token["access_token"], openid=token["openid"])
    assert profile["errcode"] == 48001


async def test_the_profile_is_asked_for_and_may_be_refused(stage: Stage) -> None:
    asked = await stage.alice.open(link(stage, scope="snsapi_userinfo"))
    assert "半山茶铺" in asked.text
    refused = came_back(await stage.alice.consent(asked, allow=False))
    assert refused == {"keep": "1", "state": "abc"}
    allowed = came_back(await stage.alice.consent(asked))
    token = await redeem(stage, allowed["code"])
    good = {"access_token": token["access_token"], "openid": token["openid"]}
    profile = await stage.get("/sns/userinfo", **good)
    assert (profile["nickname"], profile["sex"], profile["city"]) == ("小爱", 0, "")
    async with stage.http.get(profile["headimgurl"]) as answer:
        assert answer.content_type == "image/svg+xml"
    assert (await stage.get("/sns/auth", **good))["errcode"] == 0
    assert (await stage.get("/sns/userinfo", access_token=token["access_token"], openid="oX"))["errcode"] == 40003


async def test_a_code_dies_after_five_minutes(stage: Stage) -> None:
    code = came_back(await stage.alice.open(link(stage)))["code"]
    await stage.sandbox.advance(300)
    assert (await redeem(stage, code))["errcode"] == 42003


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "0nope"}, 40029),
        ({"code": ""}, 41008),
        ({"secret": "x"}, 40125),
        ({"secret": ""}, 41004),
        ({"appid": "wx0"}, 40013),
        ({"grant_type": "x"}, 40002),
    ],
)
async def test_wrong_redemptions(stage: Stage, change: dict[str, str], code: int) -> None:
    good = came_back(await stage.alice.open(link(stage)))["code"]
    assert (await redeem(stage, good, **change))["errcode"] == code
    assert "openid" in await redeem(stage, good)


async def test_refreshing_extends_a_living_token_and_replaces_a_dead_one(stage: Stage) -> None:
    token = await redeem(stage, came_back(await stage.alice.open(link(stage)))["code"])
    query = {"appid": ACCOUNT, "grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
    await stage.sandbox.advance(3600)
    again = await stage.get("/sns/oauth2/refresh_token", **query)
    assert (again["access_token"], again["expires_in"]) == (token["access_token"], 7200)
    await stage.sandbox.advance(7200)
    fresh = await stage.get("/sns/oauth2/refresh_token", **query)
    assert fresh["access_token"] != token["access_token"]
    await stage.sandbox.advance(31 * 86400)
    assert (await stage.get("/sns/oauth2/refresh_token", **query))["errcode"] == 42002
    assert (await stage.get("/sns/oauth2/refresh_token", **{**query, "refresh_token": "x"}))["errcode"] == 40030


async def test_through_the_platform(stage: Stage) -> None:
    await stage.authorized()
    back = came_back(await stage.alice.open(link(stage, component=True)))
    assert back["appid"] == ACCOUNT
    assert (await redeem(stage, back["code"]))["errcode"] == 40029  # a platform's code is no account's code
    query = {
        "appid": ACCOUNT, "code": back["code"], "grant_type": "authorization_code", "component_appid": COMPONENT,
        "component_access_token": await stage.component_token(),
    }  # fmt: skip
    missing = await stage.get("/sns/oauth2/component/access_token", **{**query, "component_access_token": ""})
    assert missing["errcode"] == 41021
    token = await stage.get("/sns/oauth2/component/access_token", **query)
    assert token["openid"] == (await stage.alice.follow(ACCOUNT))["openid"]
    more = {**query, "grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
    assert (await stage.get("/sns/oauth2/component/refresh_token", **more))["openid"] == token["openid"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ({"to": "https://evil.example.com/"}, "10003"),
        ({"scope": "snsapi_login"}, "10005"),
        ({"component": True}, "10015"),
        ({"more": "&response_type=code"}, "10002"),
        ({"more": "x" * 130}, "10002"),
    ],
)
async def test_wrong_links_get_wechats_error_page(stage: Stage, url: dict[str, Any], code: str) -> None:
    page = await stage.alice.open(link(stage, **url))
    assert f"错误码：{code}" in page.text


async def test_the_configured_domain_is_allowed(stage: Stage) -> None:
    consent = await stage.alice.act("consent", url=link(stage, to="https://www.example.com/x"))
    assert consent["url"].startswith("https://www.example.com/x?code=")
    await stage.authorized()
    through = await stage.alice.act("consent", url=link(stage, to="https://shop.example.com/x", component=True))
    assert f"appid={ACCOUNT}" in through["url"]


async def test_a_snapshot_visitor_is_nobody(stage: Stage) -> None:
    await stage.sandbox.person("alice", snapshot=True)
    token = await redeem(stage, came_back(await stage.alice.open(link(stage)))["code"])
    assert token["is_snapshotuser"] == 1
    assert token["openid"] != (await stage.alice.follow(ACCOUNT))["openid"]


async def test_a_follower_from_the_chat_is_not_asked_again(stage: Stage) -> None:
    await stage.alice.follow(ACCOUNT)
    await stage.alice.act("open", url="http://localhost:9/", appid=ACCOUNT)
    page = await stage.alice.open(link(stage, scope="snsapi_userinfo"))
    assert "code" in came_back(page)
    asked = await stage.alice.open(link(stage, scope="snsapi_userinfo", more="&forcePopup=true"))
    assert 'id="allow"' in asked.text


async def test_somebody_without_a_phone_is_asked_who_they_are(stage: Stage) -> None:
    async with stage.http.get(link(stage)) as answer:
        page = await answer.text()
    assert "小爱" in page
    assert "ancestorOrigins" in page
    referred = {"referer": "http://alice.localhost:8800/"}
    async with stage.http.get(link(stage), headers=referred, allow_redirects=False) as answer:
        assert answer.headers["location"].startswith("http://alice.localhost:")
