"""A stranger's SDK (wechatpy) as an account with its own server, over real HTTP, against the simulator."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from wechatpy import WeChatClient, WeChatOAuth, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatClientException, WeChatOAuthException
from wechatpy.replies import TextReply
from wechatpy.utils import check_signature

from make.platforms import ACCOUNT, Stage, staged
from make.receiver import Got

TOKEN, KEY = "owntoken", "A" * 43


async def off(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run the SDK's blocking call beside the simulator's loop."""
    return await asyncio.to_thread(work, *args, **kwargs)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as set_up:
        yield set_up


class Client(WeChatClient):  # type: ignore[misc]
    """The SDK's client; it writes the host of its token call into the code, so that one line is ours."""

    def fetch_access_token(self) -> Any:
        query = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(url=f"{self.API_BASE_URL}token", params=query)


def client_of(stage: Stage, secret: str) -> Any:
    made = Client(ACCOUNT, secret)
    made.API_BASE_URL = f"{stage.api}/cgi-bin/"
    return made


@pytest.fixture
def client(stage: Stage) -> Any:
    return client_of(stage, stage.account["secret"])


async def test_plain_messages_and_their_reply(stage: Stage) -> None:
    await stage.sandbox.account(ACCOUNT, push={"url": f"{stage.receiver.url}/own", "token": TOKEN})

    def answer(got: Got) -> str:
        check_signature(TOKEN, got.query["signature"], got.query["timestamp"], got.query["nonce"])
        return str(TextReply(message=parse_message(got.body), content="你好").render())

    stage.receiver.answer = answer
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.settle()
    assert (await stage.alice.chat(ACCOUNT))[-1]["content"] == {"text": "你好"}


@pytest.mark.parametrize(
    ("say", "kind", "field", "value"),
    [
        ({"text": "茶"}, "text", "content", "茶"),
        ({"kind": "image", "url": "http://p/1.jpg"}, "image", "image", "http://p/1.jpg"),
        ({"kind": "location", "latitude": 30.25, "longitude": 120.1, "label": "龙井村"}, "location", "label", "龙井村"),
        ({"kind": "link", "url": "http://u/", "title": "t"}, "link", "url", "http://u/"),
    ],
)
async def test_every_kind_of_message_sealed(
    stage: Stage, say: dict[str, Any], kind: str, field: str, value: str
) -> None:
    push = {"url": f"{stage.receiver.url}/own", "token": TOKEN, "aes_key": KEY, "mode": "safe"}
    await stage.sandbox.account(ACCOUNT, push=push)
    await stage.alice.follow(ACCOUNT)
    await stage.alice.act("say", appid=ACCOUNT, **say)
    await stage.sandbox.settle()
    got = stage.receiver.at("/own")[-1]
    crypto = WeChatCrypto(TOKEN, KEY, ACCOUNT)
    plain = crypto.decrypt_message(got.body, got.query["msg_signature"], got.query["timestamp"], got.query["nonce"])
    message = parse_message(plain)
    assert (message.type, getattr(message, field)) == (kind, value)


async def test_tokens_followers_and_errors(stage: Stage, client: Any) -> None:
    fan = await stage.alice.follow(ACCOUNT)
    assert (await off(client.user.get, fan["openid"]))["subscribe"] == 1
    assert (await off(client.user.get_followers))["data"]["openid"] == [fan["openid"]]
    with pytest.raises(WeChatClientException) as unknown:
        await off(client.user.get, "oNobody")
    assert unknown.value.errcode == 40003
    with pytest.raises(WeChatClientException) as refused:
        await off(client_of(stage, "wrong").menu.get)
    assert refused.value.errcode == 40125


async def test_news_to_a_chat(stage: Stage, client: Any) -> None:
    fan = await stage.alice.follow(ACCOUNT)
    articles = [{"title": "春茶", "description": "d", "url": "http://u/", "image": "http://p"}]
    await off(client.message.send_articles, fan["openid"], articles)
    shown = (await stage.alice.chat(ACCOUNT))[-1]
    assert (shown["kind"], shown["content"]["articles"][0]["title"]) == ("news", "春茶")


async def test_oauth(stage: Stage) -> None:
    oauth = WeChatOAuth(ACCOUNT, stage.account["secret"], f"{stage.receiver.url}/back", state="s1")
    oauth.API_BASE_URL = f"{stage.api}/"
    oauth.OAUTH_BASE_URL = f"{stage.box.url}/open.weixin.qq.com/connect/"
    page = await stage.alice.open(oauth.authorize_url)
    code = parse_qs(urlsplit(page.url).query)["code"][0]
    token = await off(oauth.fetch_access_token, code)
    assert (await off(oauth.check_access_token)) is True
    assert (await off(oauth.refresh_access_token, token["refresh_token"]))["openid"] == token["openid"]
    with pytest.raises(WeChatOAuthException) as used:
        await off(oauth.fetch_access_token, code)
    assert used.value.errcode == 40163
