"""What was not granted is neither asked of WeChat nor answered by it, and every page says how to mend it."""

import ast
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import aiohttp
import pytest

import wxsandbox.mp
from make.places import ACCOUNT, COMPONENT
from make.town import Town, found
from tongshang.wechat import calls, oauth
from tongshang.wechat.authorization import apis, permissions
from tongshang.wechat.authorization.sets import FEATURES
from tongshang.wechat.vault import tokens
from weixin.errors import WeixinError

SOURCES = Path(__file__).resolve().parents[2] / "src" / "weixin" / "products"
SECOND = "wxc1c1c1c1c1c1c1c1"
CARDS, SHOP = 8, 5
# Some calls look at their body first.
BODY = b'{"msg_data_id":1,"index":0,"begin":0,"count":1,"type":0,"user_comment_id":1,"content":"x"}'
# They speak with a web token or the component's own, not with the account's.
OTHER_TOKENS = ("/sns/", "/cgi-bin/component/")


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with found(database_url, tmp_path) as made:
        yield made


async def granted(town: Town, *sets: int) -> None:
    """Have the account grant these sets and no others."""
    await town.sandbox.component(COMPONENT, func_ids=[1, 2, 3, 4, SHOP, 6, 7, CARDS, 11, 15, 24, 33, 89])
    back = await town.admin.authorize((await town.links())["pc_url"], ACCOUNT, list(sets))
    assert (await town.admin.open(back)).status == 200
    await town.settle()


def test_every_call_we_make_for_an_account_has_its_line() -> None:
    known = {
        node.value
        for source in SOURCES.glob("mp/*.py")
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and node.value.startswith(("/cgi-bin/", "/customservice/", "/datacube/", "/wxaapi/", "/sns/"))
    }  # fmt: skip
    assert len(known) > 80
    assert {path for path in known if apis.feature_of(path) is None} == set()
    assert set(filter(None, apis.APIS.values())) <= set(FEATURES)
    assert apis.feature_of("/cgi-bin/message/template/subscribe") == "one_time_notices"
    assert apis.feature_of("/cgi-bin/message/template/send") == "templates"
    assert apis.feature_of("/nobody/knows") is None


async def test_wechat_refuses_what_our_table_says_it_would(town: Town) -> None:
    """Both tables were written apart: each call of a feature is refused without its sets, and no call beside it."""
    await granted(town, SHOP)
    async with town.world.tx(UUID(town.merchant)) as tx:
        account = await permissions.accounts.current(tx)
    token = (await tokens.of_account(town.world, UUID(town.merchant), account)).value

    async def answered(route: Any) -> int:
        url = f"{town.box.url}/{route.host}{route.path}?access_token={token}"
        data = aiohttp.FormData() if route.body is None and "upload" in route.path else BODY
        async with town.box.http.request(route.method, url, data=data if route.method == "POST" else None) as answer:
            return int((await answer.json(content_type=None)).get("errcode", 0))

    routes = [
        route for route in wxsandbox.mp.PART.routes
        if route.host == "api.weixin.qq.com" and not route.path.startswith(OTHER_TOKENS) and "{" not in route.path
    ]  # fmt: skip
    codes = {route.path: await answered(route) for route in routes}
    ours = {path for path in codes if apis.feature_of(path)}
    assert len(ours) > 80
    assert {path: codes[path] for path in ours if codes[path] != permissions.UNGRANTED} == {}
    free = {path for path, code in codes.items() if code != permissions.UNGRANTED}
    assert "/cgi-bin/openapi/quota/get" in free
    await town.box.http.put(f"{town.box.url}/_sandbox/settings", json={"ungranted_errcode": 48001})
    assert await answered(next(route for route in routes if route.path == "/cgi-bin/menu/get")) == 48001


async def test_what_was_not_granted_is_not_asked_and_is_said_on_the_page(town: Town) -> None:
    await granted(town, 1, 2)
    merchant = UUID(town.merchant)
    with pytest.raises(WeixinError) as refused:
        await calls.get(town.world, merchant, "/cgi-bin/menu/get")
    assert refused.value.errcode == 61007
    assert isinstance(refused.value.__cause__, permissions.NotGranted)
    assert await town.sandbox.journal(kind="call", name="GET /cgi-bin/menu/get") == []
    for method, path, body, feature in (
        ("GET", "/broadcasts/speed", None, "mass"),
        ("GET", "/notices/library", None, "notices"),
        ("GET", "/notices/industry", None, "templates"),
        ("GET", "/desk", None, "kf"),
        ("PUT", f"/scene-codes/{uuid4()}", {"name": "门口", "scene": "door"}, "qrcodes"),
    ):
        status, answer = await town.owner.browser(method, f"/api/console{path}", body)
        assert (status, answer.get("code"), answer.get("feature")) == (409, "wechat.not_granted", feature), (
            path,
            answer,
        )
    with pytest.raises(oauth.NoLogin):
        await oauth.page(town.world, merchant, state="s", scope="snsapi_base")
    shown = await town.owner("GET", "/wechat/gaps")
    gaps = {gap["feature"]: (gap["set_id"], gap["exclusive"]) for gap in shown["gaps"]}
    assert gaps["mass"] == (7, False)
    assert gaps["web"] == (4, True)
    assert not {"messages", "users", "tags", "custom_messages"} & set(gaps)
    links = await town.owner("PUT", f"/wechat/authorizations/{uuid4()}", {"again": True})
    await town.admin.open(await town.admin.authorize(links["pc_url"], ACCOUNT))
    await town.settle()
    assert "mass" not in {gap["feature"] for gap in (await town.owner("GET", "/wechat/gaps"))["gaps"]}
    assert (await town.owner("GET", "/broadcasts/speed"))["level"] == 0


async def test_a_grant_that_we_missed_is_found_when_a_call_is_held_back(town: Town) -> None:
    await granted(town, 1, 2)
    await town.advance(seconds=61)
    await town.sandbox.fault("callback:component.updateauthorized", "lose")
    back = await town.admin.authorize((await town.links())["pc_url"], ACCOUNT, [1, 2, 15])
    assert back  # the administrator closed the window: nobody comes back to us
    await town.settle()
    with pytest.raises(WeixinError):
        await calls.get(town.world, UUID(town.merchant), "/cgi-bin/menu/get")
    await town.settle()
    with pytest.raises(WeixinError) as answered:
        await calls.get(town.world, UUID(town.merchant), "/cgi-bin/menu/get")
    assert answered.value.errcode == 46003  # WeChat's own words: there is no menu yet


async def test_an_exclusive_set_is_one_platforms_until_it_lets_go(town: Town) -> None:
    await granted(town, 1, 2, 4, 24)
    made = await town.sandbox.component(SECOND, nick_name="别家平台", dev_domain="localhost")

    async def post(name: str, body: dict[str, str], token: str = "") -> Any:
        url = f"{town.box.url}/api.weixin.qq.com/cgi-bin/component/{name}?component_access_token={token}"
        async with town.box.http.post(url, json={"component_appid": SECOND, **body}) as answer:
            return await answer.json()

    await post("api_start_push_ticket", {"component_secret": made["secret"]})
    listed = (await town.sandbox.call("GET", "/components"))["items"]
    ticket = next(one["ticket"] for one in listed if one["appid"] == SECOND)
    keys = {"component_appsecret": made["secret"], "component_verify_ticket": ticket}
    token = (await post("api_component_token", keys))["component_access_token"]

    async def authorize() -> tuple[bool, list[int]]:
        """Try to give the second platform four sets; says whether the page warns, and what was given."""
        code = (await post("api_create_preauthcode", {}, token))["pre_auth_code"]
        query = {"component_appid": SECOND, "pre_auth_code": code, "redirect_uri": "http://localhost/x", "auth_type": 1}
        link = f"{town.box.url}/mp.weixin.qq.com/cgi-bin/componentloginpage?{urlencode(query)}"
        async with town.box.http.get(link) as page:
            warned = "互斥，已授权给" in await page.text()
        await town.admin.authorize(link, ACCOUNT, [1, 4, 15, 24])
        info = await post("api_get_authorizer_info", {"authorizer_appid": ACCOUNT}, token)
        return warned, [one["funcscope_category"]["id"] for one in info["authorization_info"]["func_info"]]

    assert await authorize() == (True, [1, 15])
    await town.sandbox.withdraw(COMPONENT, ACCOUNT)
    await town.settle()
    assert await authorize() == (False, [1, 4, 15, 24])
