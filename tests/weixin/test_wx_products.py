"""The calls to the open platform and to accounts: their fields on the wire, and what their answers become."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from make.wxservers import Reply, Scripted, serving
from weixin.client import Client
from weixin.errors import BadMessage
from weixin.products import mp, open
from weixin.tokens import Token, seconds
from weixin.transport import Transport

BY = {"component": "wxc", "component_token": "ctoken"}
CPATH = "/cgi-bin/component/"


@pytest.fixture
async def server() -> AsyncIterator[Scripted]:
    async with serving(Scripted()) as scripted:
        yield scripted


@pytest.fixture
async def client(server: Scripted) -> AsyncIterator[Client]:
    async with Transport() as transport:
        yield Client(transport, server.url)


async def test_the_platform_buys_its_tokens(server: Scripted, client: Client) -> None:
    server.will(
        Reply({"errcode": 0, "errmsg": "ok"}),
        Reply({"component_access_token": "ct", "expires_in": 7200}),
        Reply({"pre_auth_code": "preauthcode@@@1", "expires_in": 600}),
    )
    await open.start_push_ticket(client, component="wxc", secret="s")
    bought = await open.component_token(client, component="wxc", secret="s", ticket="t")
    code = await open.create_preauthcode(client, **BY)
    assert (bought, code) == (Token("ct", 7200), Token("preauthcode@@@1", 600))
    # One field has two names, and both are WeChat's.
    assert [a.json for a in server.asked] == [
        {"component_appid": "wxc", "component_secret": "s"},
        {"component_appid": "wxc", "component_appsecret": "s", "component_verify_ticket": "t"},
        {"component_appid": "wxc"},
    ]
    assert [a.path for a in server.asked] == [
        CPATH + "api_start_push_ticket",
        CPATH + "api_component_token",
        CPATH + "api_create_preauthcode?component_access_token=ctoken",
    ]


async def test_an_authorization_code_buys_an_accounts_tokens(server: Scripted, client: Client) -> None:
    info = {
        "authorizer_appid": "wx1",
        "authorizer_access_token": "at",
        "expires_in": 7200,
        "authorizer_refresh_token": "rt",
        "func_info": [{"funcscope_category": {"id": 1}}, {"funcscope_category": {"id": 15}, "confirm_info": {}}],
    }
    server.will(Reply({"authorization_info": info}), Reply({"authorization_info": {"authorizer_appid": "wx2"}}))
    full = await open.query_auth(client, **BY, code="c@@@1")
    assert full == open.Authorization("wx1", Token("at", 7200), "rt", (1, 15))
    assert server.asked[0].json == {"component_appid": "wxc", "authorization_code": "c@@@1"}
    assert await open.query_auth(client, **BY, code="c") == open.Authorization("wx2", None, None, ())
    assert "rt" not in repr(full).replace("expires", "")
    server.will(Reply({"nothing": 1}))
    with pytest.raises(BadMessage, match="authorization_info"):
        await open.query_auth(client, **BY, code="c")


async def test_a_refresh_keeps_whichever_refresh_token_is_the_last(server: Scripted, client: Client) -> None:
    ask = {"appid": "wx1", "refresh_token": "rt1"}
    answer = {"authorizer_access_token": "at", "expires_in": 7200}
    server.will(Reply(answer | {"authorizer_refresh_token": "rt2"}), Reply(answer))
    assert await open.authorizer_token(client, **BY, **ask) == (Token("at", 7200), "rt2")
    assert await open.authorizer_token(client, **BY, **ask) == (Token("at", 7200), "rt1")
    assert server.asked[0].json == {
        "component_appid": "wxc",
        "authorizer_appid": "wx1",
        "authorizer_refresh_token": "rt1",
    }


async def test_accounts_are_described_and_listed(server: Scripted, client: Client) -> None:
    face = {"nick_name": "茶", "user_name": "gh_1", "service_type_info": {"id": 2}, "verify_type_info": {"id": 0}}
    face |= {"head_img": "http://h", "principal_name": "某公司", "qrcode_url": "http://q", "account_status": 1}
    grant = {"authorizer_appid": "wx1", "authorizer_refresh_token": "rt", "func_info": []}
    server.will(
        Reply({"authorizer_info": face, "authorization_info": grant}),
        Reply({"authorizer_info": {"user_name": "gh_2", "MiniProgramInfo": {}}, "authorization_info": {}}),
        Reply(
            {"total_count": 33, "list": [{"authorizer_appid": "wx1", "refresh_token": "rt", "auth_time": 1558000607}]}
        ),
        Reply({"total_count": 0}),
    )
    known = await open.authorizer_info(client, **BY, appid="wx1")
    assert (known.nick_name, known.service_type, known.verify_type) == ("茶", 2, 0)
    assert (known.account_status, known.is_mini_program, known.refresh_token) == (1, False, "rt")
    sparse = await open.authorizer_info(client, **BY, appid="wx2")
    assert (sparse.appid, sparse.is_mini_program, sparse.verify_type, sparse.nick_name) == ("wx2", True, -1, "")
    assert await open.authorizer_list(client, **BY) == (33, [open.Listed("wx1", "rt", 1558000607)])
    assert await open.authorizer_list(client, **BY, offset=100, count=500) == (0, [])
    assert server.asked[3].json == {"component_appid": "wxc", "offset": 100, "count": 500}


def test_the_links_to_the_authorization_pages() -> None:
    options = {"component": "wxc", "pre_auth_code": "p@@@1", "redirect_uri": "https://h/cb?a=1&b=2"}
    assert open.pc_link("https://mp.weixin.qq.com", **options) == (
        "https://mp.weixin.qq.com/cgi-bin/componentloginpage?component_appid=wxc&pre_auth_code=p%40%40%401"
        "&redirect_uri=https%3A%2F%2Fh%2Fcb%3Fa%3D1%26b%3D2&auth_type=3"
    )
    phone = open.phone_link(
        "http://localhost:8800/open.weixin.qq.com/", **options, auth_type=1, biz_appid="wx1", category_ids=[99, 98]
    )
    assert phone.startswith("http://localhost:8800/open.weixin.qq.com/wxaopen/safe/bindcomponent?action=bindcomponent")
    assert phone.endswith("&auth_type=1&biz_appid=wx1&category_id_list=99%7C98#wechat_redirect")


def test_the_oauth_page_has_its_parameters_in_wechats_order() -> None:
    url = mp.oauth_url(
        "https://open.weixin.qq.com",
        appid="wx1",
        redirect_uri="https://h/cb?s=1",
        state="abc",
        scope=mp.PROFILE_SCOPE,
        component="wxc",
        force_popup=True,
    )
    assert url == (
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=https%3A%2F%2Fh%2Fcb%3Fs%3D1"
        "&response_type=code&scope=snsapi_userinfo&state=abc&forcePopup=true&component_appid=wxc#wechat_redirect"
    )
    silent = mp.oauth_url("https://o", appid="wx1", redirect_uri="https://h", state="abc")
    assert [name for name, _ in parse_qsl(urlsplit(silent).query)] == [
        "appid",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
    ]


async def test_an_account_buys_its_own_tokens(server: Scripted, client: Client) -> None:
    server.will(*[Reply({"access_token": "t", "expires_in": 7200})] * 2)
    assert await mp.access_token(client, appid="wx1", secret="s") == Token("t", 7200)
    assert await mp.stable_token(client, appid="wx1", secret="s", force_refresh=True) == Token("t", 7200)
    assert server.asked[0].path == "/cgi-bin/token?grant_type=client_credential&appid=wx1&secret=s"
    assert server.asked[1].json == {
        "grant_type": "client_credential",
        "appid": "wx1",
        "secret": "s",
        "force_refresh": True,
    }


async def test_oauth_gives_people_and_marks_snapshots(server: Scripted, client: Client) -> None:
    answer = {"access_token": "wt", "expires_in": 7200, "refresh_token": "wr", "openid": "o1", "scope": "snsapi_base"}
    server.will(Reply(answer), Reply(answer | {"is_snapshotuser": 1, "unionid": "u1"}))
    person = await mp.oauth_token(client, appid="wx1", secret="s", code="c")
    assert person == mp.WebSession("o1", None, "snsapi_base", Token("wt", 7200), "wr", is_snapshot=False)
    virtual = await mp.component_oauth_token(client, appid="wx1", code="c", **BY)
    assert (virtual.is_snapshot, virtual.unionid) == (True, "u1")
    assert server.asked[0].path == ("/sns/oauth2/access_token?appid=wx1&secret=s&code=c&grant_type=authorization_code")
    assert server.asked[1].path == (
        "/sns/oauth2/component/access_token?appid=wx1&code=c&grant_type=authorization_code"
        "&component_appid=wxc&component_access_token=ctoken"
    )
    server.will(Reply({"openid": "o1", "nickname": "小明", "sex": 0, "headimgurl": "http://h", "privilege": []}))
    assert await mp.userinfo(client, web_token="wt", openid="o1") == mp.Profile("o1", None, "小明", "http://h")
    assert server.asked[2].path == "/sns/userinfo?access_token=wt&openid=o1&lang=zh_CN"


async def test_tickets_codes_menus_and_messages(server: Scripted, client: Client) -> None:
    ok = Reply({"errcode": 0, "errmsg": "ok"})
    server.will(
        Reply({"errcode": 0, "errmsg": "ok", "ticket": "jt", "expires_in": 7200}),
        Reply({"ticket": "gQ==", "url": "http://weixin.qq.com/q/1"}),
        Reply({"ticket": "gQ==", "url": "http://weixin.qq.com/q/2", "expire_seconds": 60}),
        *[ok] * 3,
    )
    assert await mp.jsapi_ticket(client, token="t") == Token("jt", 7200)
    lasting = await mp.qrcode_create(client, token="t", scene="门店1")
    brief = await mp.qrcode_create(client, token="t", scene="x", expire_seconds=60)
    assert (lasting.expire_seconds, brief.expire_seconds) == (None, 60)
    await mp.menu_create(client, token="t", buttons=[{"type": "click", "name": "茶", "key": "V1"}])
    await mp.menu_delete(client, token="t")
    await mp.custom_send(client, token="t", openid="o1", kind="text", content={"content": "你好"})
    bodies = [a.json for a in server.asked if a.method == "POST"]
    assert bodies == [
        {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "门店1"}}},
        {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "x"}}, "expire_seconds": 60},
        {"button": [{"type": "click", "name": "茶", "key": "V1"}]},
        {"touser": "o1", "msgtype": "text", "text": {"content": "你好"}},
    ]
    assert server.asked[0].path == "/cgi-bin/ticket/getticket?access_token=t&type=jsapi"
    assert mp.qrcode_image_url("https://mp.weixin.qq.com", "gQ==") == (
        "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQ%3D%3D"
    )


async def test_a_follower_and_a_stranger(server: Scripted, client: Client) -> None:
    fan = {"subscribe": 1, "openid": "o1", "subscribe_time": 1382694957, "unionid": "u1"}
    fan |= {"subscribe_scene": "ADD_SCENE_QR_CODE", "qr_scene": 98765, "qr_scene_str": ""}
    server.will(Reply(fan), Reply({"subscribe": 0, "openid": "o2"}))
    known = await mp.user_info(client, token="t", openid="o1")
    assert known == mp.Follower("o1", "u1", True, 1382694957, "ADD_SCENE_QR_CODE", "98765")
    stranger = await mp.user_info(client, token="t", openid="o2")
    assert stranger == mp.Follower("o2", None, False, None, None, None)


Call = Callable[[Client], Awaitable[Any]]


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (lambda c: mp.access_token(c, appid="a", secret="s"), {"access_token": "", "expires_in": 1}),
        (lambda c: mp.access_token(c, appid="a", secret="s"), {"access_token": "t"}),
        (lambda c: mp.jsapi_ticket(c, token="t"), {"errcode": 0}),
        (lambda c: mp.oauth_token(c, appid="a", secret="s", code="c"), {"access_token": "t", "expires_in": 1}),
    ],
)
async def test_an_answer_without_its_fields_is_a_bad_message(
    server: Scripted, client: Client, call: Call, answer: object
) -> None:
    server.will(Reply(answer))
    with pytest.raises(BadMessage, match="has no"):
        await call(client)


def test_tokens_say_when_to_refresh_and_not_what_they_are() -> None:
    token = Token("value-of-it", 7200)
    assert (token.expires_at(1000), token.refresh_at(1000)) == (8200, 7600)
    assert Token("x", 600).refresh_at(0) == 300
    assert "value-of-it" not in repr(token)
    assert seconds({"expires_in": "7200"}) == 7200
