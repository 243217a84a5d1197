"""The third-party platform: tickets, tokens, authorization pages, grants, and the events about them."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from make.platforms import ACCOUNT, AES_KEY, COMPONENT, TOKEN, Stage
from wxsandbox import crypto, xml


def events(stage: Stage) -> list[dict[str, str]]:
    """Open every event on the authorization-event URL, checking its signature."""
    opened = []
    for got in stage.receiver.at("/events"):
        outer = xml.read(got.body)
        assert outer["AppId"] == COMPONENT
        parts = (TOKEN, got.query["timestamp"], got.query["nonce"], outer["Encrypt"])
        assert crypto.signature(*parts) == got.query["msg_signature"]
        opened.append(xml.read(crypto.decrypt(outer["Encrypt"], aes_key=AES_KEY, appid=COMPONENT)))
    return opened


async def test_a_ticket_comes_at_once_on_demand_and_every_ten_minutes(stage: Stage) -> None:
    assert [e["InfoType"] for e in events(stage)] == ["component_verify_ticket"]
    await stage.sandbox.advance(600)
    assert len(events(stage)) == 2
    body = {"component_appid": COMPONENT, "component_secret": stage.component["secret"]}
    answer = await stage.post("/cgi-bin/component/api_start_push_ticket", body)
    assert answer == {"errcode": 0, "errmsg": "ok"}
    await stage.sandbox.settle()
    tickets = [e["ComponentVerifyTicket"] for e in events(stage)]
    assert len(set(tickets)) == 3
    await stage.sandbox.advance(599)
    assert len(events(stage)) == 3
    await stage.sandbox.advance(1)
    assert len(events(stage)) == 4


async def test_a_clock_turned_by_days_brings_only_the_last_ticket(stage: Stage) -> None:
    await stage.sandbox.advance(30 * 86400)
    assert 2 <= len(events(stage)) <= 4
    assert await stage.component_token()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"component_appid": "wx0"}, 40013),
        ({"component_appsecret": "x"}, 40125),
        ({"component_appsecret": ""}, 41004),
        ({"component_verify_ticket": "ticket@@@x"}, 61006),
        ({"component_verify_ticket": None}, 61006),
    ],
)
async def test_wrong_component_credentials(stage: Stage, change: dict[str, str], code: int) -> None:
    good = {"component_appid": COMPONENT, "component_appsecret": stage.component["secret"]}
    body = {**good, "component_verify_ticket": events(stage)[0]["ComponentVerifyTicket"], **change}
    assert (await stage.post("/cgi-bin/component/api_component_token", body))["errcode"] == code


async def test_an_account_is_authorized_and_both_sides_hear_of_it(stage: Stage) -> None:
    token = await stage.component_token()
    target = await stage.alice.authorize(await stage.link(token), ACCOUNT)
    assert target.startswith(f"{stage.receiver.url}/authorized?x=1&auth_code=queryauthcode%40%40%40")
    code = parse_qs(urlsplit(target).query)["auth_code"][0]
    await stage.sandbox.settle()
    event = events(stage)[-1]
    assert (event["InfoType"], event["AuthorizerAppid"]) == ("authorized", ACCOUNT)
    assert event["AuthorizationCode"] == code
    assert int(event["AuthorizationCodeExpiredTime"]) - int(event["CreateTime"]) == 3600
    info = (await stage.component_post("api_query_auth", token, authorization_code=code))["authorization_info"]
    assert info["authorizer_appid"] == ACCOUNT
    assert {"funcscope_category": {"id": 1}} in info["func_info"]
    again = await stage.component_post("api_query_auth", token, authorization_code=code)
    assert again["errcode"] == 61009
    used = await stage.get("/cgi-bin/menu/get", access_token=info["authorizer_access_token"])
    assert used["errcode"] == 46003


async def test_refresh_info_and_list(stage: Stage) -> None:
    info = await stage.authorized()
    token = await stage.component_token()
    refreshed = await stage.component_post(
        "api_authorizer_token",
        token,
        authorizer_appid=ACCOUNT,
        authorizer_refresh_token=info["authorizer_refresh_token"],
    )
    assert refreshed["authorizer_refresh_token"] == info["authorizer_refresh_token"]
    assert refreshed["expires_in"] == 7200
    wrong = await stage.component_post(
        "api_authorizer_token", token, authorizer_appid=ACCOUNT, authorizer_refresh_token="x"
    )
    assert wrong["errcode"] == 61023
    about = await stage.component_post("api_get_authorizer_info", token, authorizer_appid=ACCOUNT)
    assert about["authorizer_info"]["nick_name"] == "半山茶铺"
    assert about["authorizer_info"]["service_type_info"] == {"id": 2}
    assert "authorizer_access_token" not in about["authorization_info"]
    listed = await stage.component_post("api_get_authorizer_list", token, offset=0, count=100)
    assert (listed["total_count"], listed["list"][0]["authorizer_appid"]) == (1, ACCOUNT)
    many = await stage.component_post("api_get_authorizer_list", token, offset=0, count=501)
    assert many["errcode"] == 40170


async def test_withdrawing_kills_the_tokens_and_a_new_grant_has_new_ones(stage: Stage) -> None:
    info = await stage.authorized()
    await stage.sandbox.withdraw(COMPONENT, ACCOUNT)
    await stage.sandbox.settle()
    assert events(stage)[-1]["InfoType"] == "unauthorized"
    answer = await stage.get("/cgi-bin/menu/get", access_token=info["authorizer_access_token"])
    assert answer["errcode"] == 61007
    token = await stage.component_token()
    fields = {"authorizer_appid": ACCOUNT, "authorizer_refresh_token": info["authorizer_refresh_token"]}
    assert (await stage.component_post("api_authorizer_token", token, **fields))["errcode"] == 61003
    second = await stage.authorized()
    assert second["authorizer_refresh_token"] != info["authorizer_refresh_token"]
    assert (await stage.component_post("api_authorizer_token", token, **fields))["errcode"] == 61023


async def test_a_changed_grant_is_told_as_an_update_and_an_unchanged_one_not_at_all(stage: Stage) -> None:
    await stage.authorized([1, 2])
    await stage.authorized([1, 2])
    await stage.sandbox.settle()
    assert [e["InfoType"] for e in events(stage)].count("authorized") == 1
    assert "updateauthorized" not in [e["InfoType"] for e in events(stage)]
    info = await stage.authorized([1, 2, 15])
    await stage.sandbox.settle()
    assert events(stage)[-1]["InfoType"] == "updateauthorized"
    assert [f["funcscope_category"]["id"] for f in info["func_info"]] == [1, 2, 15]


async def test_a_set_that_was_not_granted_is_refused(stage: Stage) -> None:
    info = await stage.authorized([1, 2])
    answer = await stage.get("/cgi-bin/menu/get", access_token=info["authorizer_access_token"])
    assert answer["errcode"] == 61007


async def test_component_and_account_tokens_are_not_mixed_up(stage: Stage) -> None:
    token, own = await stage.component_token(), await stage.own_token()
    assert (await stage.get("/cgi-bin/menu/get", access_token=token))["errcode"] == 61015
    assert (await stage.component_post("api_create_preauthcode", own))["errcode"] == 61014
    by_new_name = await stage.post(
        "/cgi-bin/component/api_create_preauthcode", {"component_appid": COMPONENT}, access_token=token
    )
    assert by_new_name["expires_in"] == 600


async def test_the_pc_page_waits_for_the_phone_that_scans_it(stage: Stage) -> None:
    link = await stage.link(await stage.component_token())
    async with stage.http.get(link) as answer:
        page = await answer.text()
    assert "公众平台帐号授权" in page
    assert "<svg" in page
    status = re.search(r"fetch\('([^']+)'\)", page)
    assert status
    async with stage.http.get(status[1]) as answer:
        assert await answer.json() == {"result": ""}
    query = dict(parse_qs(urlsplit(link).query, keep_blank_values=True))
    form = {name: values[0] for name, values in query.items()} | {"appid": ACCOUNT, "action": "bindcomponent"}
    phone = f"{stage.box.url}/open.weixin.qq.com/wxaopen/safe/bindcomponent"
    async with stage.http.get(phone, params=form) as answer:
        assert "消息管理权限" in await answer.text()
    async with stage.http.post(phone, data=form) as answer:
        assert "授权成功" in await answer.text()
    async with stage.http.get(status[1]) as answer:
        assert "auth_code=" in (await answer.json())["result"]
    async with stage.http.post(phone, data=form) as answer:
        assert "授权链接已被使用" in await answer.text()


async def test_the_phone_link_goes_on_by_itself_to_the_persons_own_host(stage: Stage) -> None:
    link = await stage.link(await stage.component_token())
    form = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    port = urlsplit(stage.box.url).port
    phone = f"http://127.0.0.1:{port}/mp.weixin.qq.com/safe/bindcomponent"
    headers = {"host": f"alice.localhost:{port}"}
    data = {**form, "appid": ACCOUNT, "no_scan": "1"}
    async with stage.http.post(phone, data=data, headers=headers, allow_redirects=False) as answer:
        assert answer.status == 302
        assert answer.headers["location"].startswith("http://alice.localhost:")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"component_appid": "wx0"}, "第三方平台不存在"),
        ({"pre_auth_code": "x"}, "授权链接无效"),
        ({"redirect_uri": "http://evil.example.com/"}, "相同"),
        ({"auth_type": "9"}, "参数错误"),
    ],
)
async def test_wrong_links_get_an_error_page(stage: Stage, change: dict[str, str], words: str) -> None:
    link = await stage.link(await stage.component_token())
    query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()} | change
    async with stage.http.get(link.partition("?")[0], params=query) as answer:
        assert words in await answer.text()


async def test_a_link_expires(stage: Stage) -> None:
    link = await stage.link(await stage.component_token())
    await stage.sandbox.advance(600)
    async with stage.http.get(link) as answer:
        assert "已过期" in await answer.text()


@pytest.mark.parametrize(("race", "told"), [("push_first", True), ("redirect_first", False)])
async def test_push_and_redirect_race_as_configured(stage: Stage, race: str, told: bool) -> None:
    await stage.sandbox.component(COMPONENT, race=race)
    await stage.authorized()
    assert ("authorized" in [e["InfoType"] for e in events(stage)]) is told
    await stage.sandbox.advance(2)
    assert "authorized" in [e["InfoType"] for e in events(stage)]


async def test_options_are_read_and_changed_under_both_spellings(stage: Stage) -> None:
    await stage.authorized()
    token = await stage.component_token()
    fields = {"authorizer_appid": ACCOUNT, "option_name": "location_report"}
    changed = await stage.component_post("set_authorizer_option", token, **fields, option_value="1")
    assert changed["errcode"] == 0
    assert (await stage.component_post("api_get_authorizer_option", token, **fields))["option_value"] == "1"
    assert (await stage.component_post("set_authorizer_option", token, **fields, option_value="7"))["errcode"] == 61013
    wrong = {**fields, "option_name": "x"}
    assert (await stage.component_post("get_authorizer_option", token, **wrong))["errcode"] == 61012


async def test_a_link_offers_accounts_of_its_kind_or_the_one_it_pins(stage: Stage) -> None:
    await stage.sandbox.account("wxb2b2b2b2b2b2b2b2", nick_name="云上餐厅")
    await stage.sandbox.account("wxm3m3m3m3m3m3m3m3", nick_name="茶铺小程序", kind="mini")
    await stage.sandbox.account("weixinpay", nick_name="微信支付")
    link = await stage.link(await stage.component_token())

    async def offered(url: str) -> list[str]:
        async with stage.http.get(url) as answer:
            return re.findall(r'name="appid" value="([^"]+)"', await answer.text())

    assert await offered(link) == [ACCOUNT, "wxb2b2b2b2b2b2b2b2"]
    assert await offered(link.replace("auth_type=1", "auth_type=2")) == ["wxm3m3m3m3m3m3m3m3"]
    assert await offered(f"{link}&biz_appid={ACCOUNT}") == [ACCOUNT]
    narrowed = await offered(f"{link}&category_id_list=1%7C4")
    assert narrowed == [ACCOUNT, "wxb2b2b2b2b2b2b2b2"]
