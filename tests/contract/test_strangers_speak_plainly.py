"""Strangers play WeChat with an account of its own in plain mode: their signatures over the query, their readers."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest
from wechatpy.replies import deserialize_reply
from wechatpy.utils import check_signature
from werobot.parser import parse_user_msg

from contract.test_strangers_speak_to_the_platform import (
    ACCOUNT,
    HEAD,
    KEY,
    NOW,
    TOKEN,
    WeChat,
    Wechatpy,
    Werobot,
    facts,
)
from make.worlds import Browser
from tongshang.platform.work import settle
from tongshang.platform.world import World
from tongshang.wechat.authorization import own

NEWS = {"kind": "news", "title": "新茶", "description": "明前", "url": "https://u.example/"}


class Plain(WeChat):
    """WeChat's servers in plain mode: the query is signed, the body is as it is."""

    async def push(self, kind: str, inner: str, *, number: int = 0) -> tuple[int, str]:
        """Push one message or event; what was answered, unread."""
        self.count += 1
        nonce = f"nonce{self.count}"
        tail = "" if kind == "event" else f"<MsgId>{number or 24_000_000_000_000_000 + self.count}</MsgId>"
        body = f"<xml>{HEAD}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}{tail}</xml>"
        query = {"signature": self.stranger.sign(TOKEN, NOW, nonce), "timestamp": NOW, "nonce": nonce,
                 "openid": "oAlice"}  # fmt: skip
        check_signature(TOKEN, query["signature"], NOW, nonce)
        async with self.http.post(self.address, params=query, data=body.encode()) as answer:
            return answer.status, await answer.text()

    async def hear(self, kind: str, inner: str) -> dict[str, Any]:
        """Push something and let both SDKs read the answer."""
        status, answer = await self.push(kind, inner)
        assert status == 200, answer
        if answer == "success":
            return {}
        if isinstance(self.stranger, Werobot):
            said = parse_user_msg(answer.encode())
            return {"type": said.type, "to": said.target, "words": said.content if said.type == "text" else ""}
        said = deserialize_reply(answer) if "<item>" not in answer else None
        if said is None:
            return {"type": "news", "to": "oAlice", "words": ""}
        return {"type": said.type, "to": said.target, "words": getattr(said, "content", "")}


@pytest.fixture(params=[Wechatpy, Werobot])
async def wechat(
    request: pytest.FixtureRequest, world: World, merchant: UUID, url: str, owner: Browser
) -> AsyncIterator[Plain]:
    """A merchant's account that is connected by its own secret, and two rules."""
    async with world.tx(merchant) as tx:
        await own.connect(tx, appid=ACCOUNT, secret="s" * 32, token=TOKEN, aes_key=KEY, mode="plain")
    await owner("PUT", "/api/console/welcome", {"enabled": False})
    for words, message in (("茶", {"kind": "text", "text": "{{text}}？有的"}), ("新", NEWS)):
        body = {
            "name": "规则",
            "trigger": "keyword",
            "words": [{"how": "contains", "text": words}],
            "messages": [message],
        }
        status, made = await owner("PUT", f"/api/console/replies/{uuid4()}", body)
        assert status == 200, made
    async with aiohttp.ClientSession() as http:
        yield Plain(request.param(), url, http)


async def test_a_plain_conversation(wechat: Plain, world: World, merchant: UUID) -> None:
    query = {"timestamp": NOW, "nonce": "n", "signature": wechat.stranger.sign(TOKEN, NOW, "n"), "echostr": "echo"}
    async with wechat.http.get(wechat.address, params=query) as answer:
        assert (answer.status, await answer.text()) == (200, "echo")
    assert await wechat.hear("event", "<Event>subscribe</Event><EventKey></EventKey>") == {}
    assert await wechat.hear("text", "<Content><![CDATA[有茶吗 <b>]]></Content>") == {
        "type": "text", "to": "oAlice", "words": "有茶吗 b？有的",
    }  # fmt: skip
    assert (await wechat.hear("text", "<Content>新品</Content>"))["type"] == "news"
    said = [await wechat.push("text", "<Content>茶</Content>", number=24_000_000_000_000_777) for _ in range(3)]
    assert {(status, "茶？有的" in text) for status, text in said} == {(200, True)}
    await settle(world)
    assert (await facts(world, merchant)).count("wechat.said") == 3


async def test_a_wrong_hand_is_refused(wechat: Plain) -> None:
    query = {"timestamp": NOW, "nonce": "n", "signature": wechat.stranger.sign("guessed", NOW, "n"), "openid": "oAlice"}
    body = f"<xml>{HEAD}</CreateTime><MsgType>text</MsgType><Content>茶</Content><MsgId>1</MsgId></xml>"
    async with wechat.http.post(wechat.address, params=query, data=body.encode()) as answer:
        assert (answer.status, "callback.forged" in await answer.text()) == (401, True)
