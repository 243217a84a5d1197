"""Conversations: what people say is kept and shown, staff answer within WeChat's windows, each message once."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from make import files
from make.towns import ACCOUNT, Town, founded

CALL = "/cgi-bin/message/custom/send"
PATH = "/api/console/conversations"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        await made.owner("PUT", "/api/console/welcome", {"enabled": False})
        await made.alice.follow(ACCOUNT)
        await made.settle()
        yield made


async def fan(town: Town) -> str:
    return str((await town.fans())[0]["id"])


async def write(town: Town, message: Any, message_id: str = "") -> tuple[int, Any]:
    body = {"message": {"kind": "text", "text": message} if isinstance(message, str) else message}
    answer = await town.owner("PUT", f"{PATH}/{await fan(town)}/messages/{message_id or uuid4()}", body)
    await town.settle()
    return answer


async def thread(town: Town) -> list[dict[str, Any]]:
    status, page = await town.owner("GET", f"{PATH}/{await fan(town)}/messages")
    assert status == 200, page
    return list(page["items"])


async def windows(town: Town) -> dict[str, Any]:
    status, found = await town.owner("GET", f"{PATH}/{await fan(town)}")
    assert status == 200, found
    return dict(found["windows"])


async def test_somebody_writes_and_is_answered_once(town: Town) -> None:
    await town.alice.say(ACCOUNT, "请问几点关门？")
    await town.settle()
    status, found = await town.owner("GET", PATH)
    assert (status, found["unread"]) == (200, 1)
    [one] = found["items"]
    assert (one["last_text"], one["last_by"], one["unread"]) == ("请问几点关门？", "fan", 1)
    message_id = str(uuid4())
    for _ in range(2):
        status, made = await write(town, "九点", message_id)
        assert status == 202, made
    assert (await write(town, "十点", message_id))[0] == 409
    assert await town.calls(CALL) == 1
    shown = [line["content"]["text"] for line in await town.alice.chat(ACCOUNT) if line["who"] == "account"]
    assert shown == ["九点"]
    lines = await thread(town)
    assert [(line["by"], line["text"], line["state"]) for line in lines] == [
        ("account", "九点", "sent"), ("fan", "请问几点关门？", "said"),
    ]  # fmt: skip
    assert lines[0]["staff_id"] is not None
    assert (await town.owner("GET", PATH))[1]["unread"] == 0
    assert (await windows(town))["left"] == 4 + 3  # the follow's minute is not over, but what ends first goes first


async def test_what_wechat_would_refuse_is_refused_before(town: Town) -> None:
    await town.advance(minutes=2)
    assert (await windows(town))["refusal"] == 45015
    status, problem = await write(town, "在吗")
    assert (status, problem["code"]) == (409, "conversation.closed")
    await town.alice.say(ACCOUNT, "在")
    await town.settle()
    for n in range(5):
        assert (await write(town, f"第{n}条"))[0] == 202
    status, problem = await write(town, "第六条")
    assert (status, problem["code"]) == (409, "conversation.used_up")
    assert await town.calls(CALL) == 5
    await town.advance(seconds=1)
    await town.alice.say(ACCOUNT, "还在吗")
    await town.settle()
    assert (await windows(town))["left"] == 5
    await town.advance(hours=47)
    await town.sandbox.fault(f"POST {CALL}", "error", errcode=48002, times=1)
    assert (await write(town, "收得到吗"))[0] == 202
    refused = (await thread(town))[0]
    assert refused["state"] == "refused"
    assert refused["why"] == {"code": "48002", "zh": "对方拒收公众号的消息。", "en": refused["why"]["en"]}
    told = [line for line in (await town.fan())["timeline"] if line["kind"] == "message.not_sent"]
    assert (told[0]["data"]["code"], told[0]["zh"]) == ("48002", "消息未能送达：对方拒收公众号的消息。")
    await town.advance(hours=2)
    assert (await write(town, "太晚了"))[1]["code"] == "conversation.closed"


async def published(town: Town) -> str:
    """Publish an article; give WeChat's number of it."""
    form = aiohttp.FormData()
    form.add_field("file", files.picture("#246", (940, 400)), filename="a.png", content_type="image/png")
    _, cover = await town.owner("POST", "/api/console/materials?kind=image", None, data=form)
    path = f"/api/console/articles/{uuid4()}"
    one = {"title": "春茶", "body": "<p>明前</p>", "cover_id": cover["id"]}
    await town.owner("PUT", path, {"articles": [one]})
    await town.owner("PUT", f"{path}/publications/{uuid4()}")
    await town.settle()
    await town.advance(seconds=6)
    await town.settle()
    _, found = await town.owner("GET", "/api/console/archive?place=published")
    return str(found["items"][0]["wechat_id"])


async def test_every_kind_goes_out_in_wechats_words(town: Town) -> None:
    await town.alice.say(ACCOUNT, "看看")
    await town.settle()
    card = {"kind": "news", "title": "新茶", "url": "https://example.com/tea"}
    ask = {"kind": "choices", "head": "满意吗？", "choices": [{"id": "1", "text": "满意"}, {"id": "2", "text": "不"}]}
    article = {"kind": "article", "article_id": await published(town), "title": "春茶"}
    for message in (card, ask, article, {"kind": "wxcard", "card_id": "c1"}):
        status, made = await write(town, message)
        assert status == 202, made
    kinds = [line["kind"] for line in await town.alice.chat(ACCOUNT) if line["who"] == "account"]
    assert kinds == ["news", "msgmenu", "mpnewsarticle", "wxcard"]
    [shown] = [line["content"] for line in await town.alice.chat(ACCOUNT) if line["kind"] == "mpnewsarticle"]
    assert "明前" in (await town.alice.open(shown["articles"][0]["url"])).text
    await town.alice.act("say", appid=ACCOUNT, text="满意", menu_id="1")
    await town.settle()
    [line] = [line for line in await thread(town) if line["text"] == "满意"]
    assert line["about"] == {"menu_id": "1"}
    assert {one["kind"] for one in (await windows(town))["open"]} >= {"message", "menu"}


async def test_typing_shows_after_a_message_alone(town: Town) -> None:
    path = f"{PATH}/{await fan(town)}/typing"
    assert await town.owner("POST", path, {"on": True}) == (200, {"shown": False})
    await town.alice.say(ACCOUNT, "你好")
    await town.settle()
    assert await town.owner("POST", path, {"on": True}) == (200, {"shown": True})


async def test_a_voice_is_kept_before_wechat_drops_it(town: Town) -> None:
    await town.alice.act("say", appid=ACCOUNT, kind="voice", seconds=2)
    await town.settle()
    [line] = await thread(town)
    assert (line["kind"], line["file_type"]) == ("voice", "audio/amr")
    await town.advance(hours=80)
    status, body = await town.owner("GET", line["file"])
    assert status == 200
    assert body.startswith(b"#!AMR")


async def test_reading_and_pictures(town: Town) -> None:
    await town.alice.act("say", appid=ACCOUNT, kind="image", url="https://example.com/p.jpg")
    await town.settle()
    [line] = await thread(town)
    assert (line["kind"], line["text"], line["about"]["url"]) == ("image", "[图片]", "https://example.com/p.jpg")
    assert (await town.owner("PUT", f"{PATH}/{await fan(town)}/reading"))[0] == 204
    assert (await town.owner("GET", f"{PATH}?unread=true"))[1]["items"] == []
