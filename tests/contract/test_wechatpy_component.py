"""A stranger's SDK (wechatpy) as a third-party platform, over real HTTP, against the simulator."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from wechatpy.client import WeChatComponentClient
from wechatpy.component import ComponentOAuth, WeChatComponent
from wechatpy.exceptions import WeChatClientException
from wechatpy.parser import parse_message
from wechatpy.replies import ArticlesReply, TextReply

from make.platforms import ACCOUNT, AES_KEY, COMPONENT, TOKEN, Stage, staged
from make.receiver import Got


async def off(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run the SDK's blocking call beside the simulator's loop."""
    return await asyncio.to_thread(work, *args, **kwargs)


@pytest.fixture
async def stage():  # type: ignore[no-untyped-def]
    async with staged() as set_up:
        yield set_up


def platform(stage: Stage) -> Any:
    made = WeChatComponent(COMPONENT, stage.component["secret"], TOKEN, AES_KEY)
    made.API_BASE_URL = f"{stage.api}/cgi-bin"
    return made


def hear(component: Any, got: Got) -> Any:
    """Let the SDK verify and open one event."""
    query = got.query
    return component.parse_message(got.body, query["msg_signature"], query["timestamp"], query["nonce"])


@pytest.fixture
async def component(stage: Stage) -> Any:
    made = platform(stage)
    ticket = await off(hear, made, stage.receiver.at("/events")[0])
    assert ticket.type == "component_verify_ticket"
    return made


async def authorized(stage: Stage, component: Any) -> Any:
    url = await off(component.get_pre_auth_url, f"{stage.receiver.url}/authorized")
    link = url.replace("https://mp.weixin.qq.com", f"{stage.box.url}/mp.weixin.qq.com")
    await stage.alice.authorize(link, ACCOUNT)
    await stage.sandbox.settle()
    event = await off(hear, component, stage.receiver.at("/events")[-1])
    assert event.type == "authorized"
    assert event.query_auth_result["authorization_info"]["authorizer_appid"] == ACCOUNT
    return event


async def account_client(stage: Stage, component: Any) -> Any:
    await authorized(stage, component)
    client = await off(component.get_client_by_appid, ACCOUNT)
    assert isinstance(client, WeChatComponentClient)
    client.API_BASE_URL = f"{stage.api}/cgi-bin/"
    return client


async def test_ticket_token_authorization_and_refresh(stage: Stage, component: Any) -> None:
    event = await authorized(stage, component)
    info = event.query_auth_result["authorization_info"]
    refreshed = await off(component.refresh_authorizer_token, ACCOUNT, info["authorizer_refresh_token"])
    assert refreshed["authorizer_access_token"] != info["authorizer_access_token"]
    about = await off(component.get_authorizer_info, ACCOUNT)
    assert about["authorizer_info"]["nick_name"] == "半山茶铺"
    assert (await off(component.get_authorizer_list))["total_count"] == 1
    await off(component.set_authorizer_option, ACCOUNT, "location_report", "1")
    option = await off(component.get_authorizer_option, ACCOUNT, "location_report")
    assert option["option_value"] == "1"
    await stage.sandbox.withdraw(COMPONENT, ACCOUNT)
    await stage.sandbox.settle()
    gone = await off(hear, component, stage.receiver.at("/events")[-1])
    assert (gone.type, gone.authorizer_appid) == ("unauthorized", ACCOUNT)
    with pytest.raises(WeChatClientException) as refused:
        await off(component.refresh_authorizer_token, ACCOUNT, info["authorizer_refresh_token"])
    assert refused.value.errcode == 61003


async def test_messages_both_ways(stage: Stage, component: Any) -> None:
    await authorized(stage, component)

    def answer(got: Got) -> str:
        query = got.query
        plain = component.crypto.decrypt_message(got.body, query["msg_signature"], query["timestamp"], query["nonce"])
        message = parse_message(plain)
        if message.type == "event":
            assert message.event in ("subscribe", "subscribe_scan")
            reply = ArticlesReply(message=message)
            reply.add_article({"title": "欢迎", "description": "d", "image": "http://p", "url": "http://u/"})
        else:
            reply = TextReply(message=message, content=f"收到：{message.content}")
        return str(component.crypto.encrypt_message(reply.render(), query["nonce"], query["timestamp"]))

    stage.receiver.answer = answer
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.settle()
    await stage.alice.say(ACCOUNT, "龙井")
    await stage.sandbox.settle()
    shown = [(b["who"], b["kind"], b["content"]) for b in await stage.alice.chat(ACCOUNT)]
    assert [one[:2] for one in shown] == [("account", "news"), ("person", "text"), ("account", "text")]
    assert shown[0][2]["articles"][0]["title"] == "欢迎"
    assert shown[2][2] == {"text": "收到：龙井"}


async def test_menu_qr_code_and_custom_message(stage: Stage, component: Any) -> None:
    client = await account_client(stage, component)
    menu = {"button": [{"name": "今日茶单", "type": "click", "key": "TODAY"}]}
    await off(client.menu.create, menu)
    assert (await off(client.menu.get))["menu"]["button"][0]["name"] == "今日茶单"
    code = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "door"}}}
    ticket = await off(client.qrcode.create, code)
    await stage.alice.scan(text=ticket["url"])
    fan = (await stage.alice.profile())["chats"][0]
    await off(client.message.send_text, fan["openid"], "您好，茶已备好")
    assert (await stage.alice.chat(ACCOUNT))[-1]["content"] == {"text": "您好，茶已备好"}
    user = await off(client.user.get, fan["openid"])
    assert (user["subscribe"], user["qr_scene_str"]) == (1, "door")
    assert len(await off(client.jsapi.get_jsapi_ticket)) == 86
    await off(client.menu.delete)
    assert await off(client.menu.get) is None  # the SDK's word for 46003


async def test_the_sdk_renews_a_token_that_died_early(stage: Stage, component: Any) -> None:
    client = await account_client(stage, component)
    await stage.sandbox.fault("POST /cgi-bin/menu/create", "expire_token", times=1)
    menu = {"button": [{"name": "a", "type": "click", "key": "k"}]}
    assert (await off(client.menu.create, menu))["errcode"] == 0


async def test_oauth_through_the_platform(stage: Stage, component: Any) -> None:
    await authorized(stage, component)
    oauth = await off(component.get_component_oauth, ACCOUNT)
    assert isinstance(oauth, ComponentOAuth)
    oauth.API_BASE_URL = f"{stage.api}/"
    oauth.OAUTH_BASE_URL = f"{stage.box.url}/open.weixin.qq.com/connect/"
    url = oauth.get_authorize_url(f"{stage.receiver.url}/back", "snsapi_userinfo", "s1")
    page = await stage.alice.consent(await stage.alice.open(url))
    back = parse_qs(urlsplit(page.url).query)
    assert (back["state"], back["appid"]) == (["s1"], [ACCOUNT])
    token = await off(oauth.fetch_access_token, back["code"][0])
    assert (await off(oauth.get_user_info))["nickname"] == "小爱"
    again = await off(oauth.refresh_access_token, token["refresh_token"])
    assert again["openid"] == token["openid"]
