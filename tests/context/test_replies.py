"""Automatic replies: on the spot when they are ready, the rest after it, each once, whatever WeChat repeats."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from make.shops import png
from make.towns import ACCOUNT, Town, founded
from tongshang.messages.replies import passive
from tongshang.wechat.callbacks import RESPONDERS

SEND = "POST /cgi-bin/message/custom/send"
CALL = "/cgi-bin/message/custom/send"
HELLO = {"kind": "text", "text": "你好，{{nickname}}，{{shop}}欢迎你"}


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        await made.owner("PUT", "/api/console/welcome", {"enabled": False})
        await made.alice.follow(ACCOUNT)
        await made.settle()
        yield made


async def rule(town: Town, *messages: dict[str, Any], trigger: str = "keyword", **more: Any) -> dict[str, Any]:
    body = {"name": "规则", "trigger": trigger, "messages": list(messages), **more}
    if trigger == "keyword":
        body.setdefault("words", [{"how": "contains", "text": "你好"}])
    status, made = await town.owner("PUT", f"/api/console/replies/{uuid4()}", body)
    assert status == 200, made
    return dict(made)


async def answers(town: Town) -> list[tuple[str, str, Any]]:
    """What the account said to Alice: how, what kind, what."""
    lines = await town.alice.chat(ACCOUNT)
    return [(line["via"], line["kind"], line["content"]) for line in lines if line["who"] != "person"]


async def say(town: Town, text: str) -> list[tuple[str, str, Any]]:
    before = len(await answers(town))
    await town.alice.say(ACCOUNT, text)
    await town.settle()
    return (await answers(town))[before:]


async def test_the_first_message_is_the_answer_itself_and_the_others_follow_in_order(town: Town) -> None:
    card = {"kind": "news", "title": "新茶上市", "url": "https://example.com/a"}
    await rule(town, HELLO, {"kind": "text", "text": "第二条：{{store}}"}, card)
    said = await say(town, "你好呀")
    assert [(via, kind) for via, kind, _ in said] == [("passive", "text"), ("custom", "text"), ("custom", "news")]
    assert said[0][2]["text"] == "你好，朋友，云上茶园欢迎你"
    assert f'<a href="{town.at("/s/tea/")}">' in said[1][2]["text"]
    assert await town.calls(CALL) == 2
    assert [line["kind"] for line in (await town.fan())["timeline"]].count("message.sent") == 3
    assert await say(town, "再见") == []


async def test_a_push_sent_three_times_has_one_answer(town: Town) -> None:
    await rule(town, HELLO, {"kind": "text", "text": "还有"})
    await town.sandbox.fault("callback:message.text", "repeat", count=3, times=1)
    said = await say(town, "你好")
    assert [via for via, _, _ in said] == ["passive", "custom"]
    lines = [line for line in await town.sandbox.journal(limit=200) if line["name"] == "message.text"]
    assert len(lines) == 3
    assert all("<Encrypt>" in line["response"] for line in lines)


async def test_what_is_not_ready_in_time_goes_by_customer_service(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await rule(town, HELLO)
    monkeypatch.setattr(passive, "SECONDS", 0.0)
    said = await say(town, "你好")
    for _ in range(50):
        if not town.world.shelf.get("messages.late"):
            break
        await asyncio.sleep(0.02)
    await town.settle()
    said = said or await answers(town)
    assert len(said) == 1
    assert said[0][2]["text"].startswith("你好")


async def test_without_an_answer_on_the_spot_all_of_it_still_comes(town: Town) -> None:
    await rule(town, HELLO, {"kind": "text", "text": "还有"})
    town.world.fill(RESPONDERS, [])
    said = await say(town, "你好")
    assert [(via, content["text"][:2]) for via, _, content in said] == [("custom", "你好"), ("custom", "还有")]


async def test_what_wechat_refuses_ends_the_rest(town: Town) -> None:
    await rule(town, HELLO, {"kind": "text", "text": "二"}, {"kind": "text", "text": "三"})
    await town.sandbox.fault(SEND, "error", errcode=45047)
    assert [via for via, _, _ in await say(town, "你好")] == ["passive"]
    await town.advance(minutes=30)
    await town.settle()
    assert await town.calls(CALL) == 1


async def test_what_waits_for_a_ticket_is_sent_when_there_is_one(town: Town) -> None:
    await rule(town, HELLO, {"kind": "text", "text": "还有"})
    await town.advance(hours=2, seconds=1)
    await town.sandbox.fault("POST /cgi-bin/component/api_component_token", "error", errcode=61006)
    assert [via for via, _, _ in await say(town, "你好")] == ["passive"], "no token is to be had just now"
    await town.sandbox.heal()
    await town.advance(minutes=3)
    await town.settle()
    assert [via for via, _, _ in await answers(town)][-2:] == ["passive", "custom"]


async def test_a_picture_is_uploaded_once_and_then_answers_on_the_spot(town: Town) -> None:
    form = aiohttp.FormData()
    form.add_field("file", png(), filename="tea.png", content_type="image/png")
    status, picture = await town.owner("POST", "/api/console/media", data=form)
    assert status == 201, picture
    await rule(town, {"kind": "image", "picture_id": picture["id"]})
    (first,) = await say(town, "你好")
    await town.advance(hours=1)
    (second,) = await say(town, "你好")
    assert (first[0], second[0]) == ("custom", "passive")
    assert first[2]["media_id"] == second[2]["media_id"]
    assert await town.calls("/cgi-bin/media/upload") == 1
    await town.advance(days=3)
    (third,) = await say(town, "你好")
    assert third[0] == "custom"
    assert third[2]["media_id"] != first[2]["media_id"]


async def test_defaults_taps_scans_and_follows_have_rules_too(town: Town) -> None:
    await rule(town, {"kind": "text", "text": "没听懂"}, trigger="default")
    await rule(town, {"kind": "text", "text": "扫了{{date}}"}, trigger="scan", keys=["door"])
    await rule(town, {"kind": "text", "text": "又见面了"}, trigger="follow")
    assert (await say(town, "xyz"))[0][2]["text"] == "没听懂"
    await town.alice.act("say", appid=ACCOUNT, kind="location", latitude=30.2, longitude=120.1, label="龙井路")
    await town.settle()
    assert [line[2]["text"] for line in await answers(town)] == ["没听懂", "没听懂"]
    await town.advance(seconds=5)
    await town.alice.unfollow(ACCOUNT)
    await town.settle()
    await town.advance(seconds=5)
    await town.alice.follow(ACCOUNT)
    await town.settle()
    assert (await answers(town))[-1][:2] == ("passive", "text")
    assert (await answers(town))[-1][2]["text"] == "又见面了"


async def test_the_try_out_says_what_would_be_sent_and_why(town: Town) -> None:
    first = await rule(town, HELLO, name="夜里", windows=[{"from_time": "22:00", "to_time": "06:00"}])
    second = await rule(town, HELLO, {"kind": "text", "text": "还有"}, words=[{"how": "pattern", "text": "^你.?好"}])
    asked = {"text": "你也好", "nickname": "小<b>爱", "at": "2026-11-20T04:00:00Z"}
    status, tried = await town.owner("POST", "/api/console/replies/trial", asked)
    assert (status, tried["by"], tried["rule_id"]) == (200, "rule", second["id"]), tried
    assert [(step["rule_id"], step["fits"]) for step in tried["steps"]] == [(first["id"], False), (second["id"], True)]
    assert [(one["how"], one["shown"]) for one in tried["messages"]] == [
        ("at_once", "你好，小b爱，云上茶园欢迎你"),
        ("custom", "还有"),
    ]
    status, items = await town.owner("PUT", "/api/console/replies/order", {"ids": [second["id"]]})
    assert (status, [item["id"] for item in items]) == (200, [second["id"], first["id"]])
    await town.owner("PUT", "/api/console/replies/synonyms", {"groups": [["你好", "哈喽"]]})
    night = {"text": "哈喽", "at": "2026-11-20T15:00:00Z"}
    assert (await town.owner("POST", "/api/console/replies/trial", night))[1]["rule_id"] == first["id"]
    assert (await town.owner("DELETE", f"/api/console/replies/{first['id']}"))[0] == 204
    assert (await town.owner("POST", "/api/console/replies/trial", night))[1]["by"] == "nothing"
    bad = {"name": "坏", "trigger": "keyword", "messages": [HELLO], "words": [{"how": "pattern", "text": "(a"}]}
    status, answer = await town.owner("PUT", f"/api/console/replies/{uuid4()}", bad)
    assert (status, answer["code"]) == (400, "reply.bad_pattern")
    assert await town.calls(CALL) == 0


async def test_a_question_is_asked_and_each_answer_has_its_own_words(town: Town) -> None:
    choices = [
        {"id": "rate-good", "text": "满意", "then": "谢谢，{{shop}}等您再来"},
        {"id": "rate-bad", "text": "不满意"},
    ]
    await rule(town, {"kind": "choices", "head": "{{shop}}的服务如何？", "choices": choices, "tail": "点一下就好"})
    await rule(town, {"kind": "text", "text": "抱歉，我们会改进"}, words=[{"how": "exact", "text": "不满意"}])
    ((via, kind, asked),) = await say(town, "你好")
    assert (via, kind, asked["head_content"]) == ("custom", "msgmenu", "云上茶园的服务如何？")
    assert [one["content"] for one in asked["list"]] == ["满意", "不满意"]
    said = []
    for number, words in (("rate-good", "满意"), ("rate-bad", "不满意")):
        before = len(await answers(town))
        await town.alice.act("say", appid=ACCOUNT, text=words, menu_id=number)
        await town.settle()
        said += [(via, content["text"]) for via, _, content in (await answers(town))[before:]]
    assert said == [("passive", "谢谢，云上茶园等您再来"), ("passive", "抱歉，我们会改进")]
    _, tried = await town.owner("POST", "/api/console/replies/trial", {"text": "满意", "key": "rate-good"})
    assert (tried["by"], tried["messages"][0]["shown"]) == ("rule", "谢谢，云上茶园等您再来")
    short = {"kind": "choices", "head": "？", "choices": [{"id": "1", "text": "好", "then": "谢谢"}]}
    body = {"name": "规则", "trigger": "default", "messages": [short]}
    assert (await town.owner("PUT", f"/api/console/replies/{uuid4()}", body))[0] == 400


async def test_cards_are_answers_too_and_an_article_that_is_gone_ends_them(town: Town) -> None:
    await rule(town, {"kind": "wxcard", "card_id": "p-1", "title": "茶券"}, {"kind": "article", "article_id": "gone"})
    assert [(via, kind) for via, kind, _ in await say(town, "你好")] == [("custom", "wxcard")]
    _, page = await town.owner("GET", f"/api/console/conversations/{(await town.fan())['id']}/messages")
    assert page["items"][0]["state"] == "refused"
