"""Messages and events to an account's server, passive replies, and what the chat shows."""

from typing import Any

import pytest

from make.platforms import ACCOUNT, AES_KEY, COMPONENT, TOKEN, Stage
from make.receiver import Got
from wxsandbox import crypto, xml

NOTICE = "该公众号暂时无法提供服务，请稍后再试"
OWN_KEY = "A" * 43


def opened(got: Got, *, token: str = TOKEN, key: str = AES_KEY, tail: str = COMPONENT) -> dict[str, Any]:
    """Open a sealed message, checking signature and tail."""
    outer = xml.read(got.body)
    parts = (token, got.query["timestamp"], got.query["nonce"], outer["Encrypt"])
    assert crypto.signature(*parts) == got.query["msg_signature"]
    return xml.read(crypto.decrypt(outer["Encrypt"], aes_key=key, appid=tail))


def reply_to(got: Got, **fields: Any) -> str:
    """Seal a passive reply to a message."""
    message = opened(got)
    inner = xml.write(
        {"ToUserName": message["FromUserName"], "FromUserName": message["ToUserName"], "CreateTime": 1, **fields}
    )
    sealed = crypto.encrypt(inner.encode(), aes_key=AES_KEY, appid=COMPONENT, random16=b"0123456789abcdef")
    nonce = got.query["nonce"]
    signed = crypto.signature(TOKEN, "7", nonce, sealed)
    return xml.write({"Encrypt": sealed, "MsgSignature": signed, "TimeStamp": 7, "Nonce": nonce})


async def chat(stage: Stage) -> list[tuple[str, str, dict[str, Any]]]:
    await stage.sandbox.settle()
    return [(bubble["who"], bubble["kind"], bubble["content"]) for bubble in await stage.alice.chat(ACCOUNT)]


def messages(stage: Stage) -> list[Got]:
    return stage.receiver.at(f"/{ACCOUNT}/messages")


async def test_a_follower_is_told_to_the_platform_and_the_welcome_reaches_the_chat(stage: Stage) -> None:
    await stage.authorized()
    stage.receiver.answer = lambda got: reply_to(got, MsgType="text", Content="欢迎 <a href='http://x'>点我</a>")
    fan = await stage.alice.follow(ACCOUNT)
    assert await chat(stage) == [("account", "text", {"text": "欢迎 <a href='http://x'>点我</a>"})]
    [got] = messages(stage)
    message = opened(got)
    assert message["ToUserName"] == stage.account["user_name"] == xml.read(got.body)["ToUserName"]
    assert message["FromUserName"] == fan["openid"] == got.query["openid"]
    assert (message["MsgType"], message["Event"], message["EventKey"]) == ("event", "subscribe", "")
    assert len(fan["openid"]) == 28


async def test_scene_codes_follow_then_scan(stage: Stage) -> None:
    await stage.authorized()
    token = await stage.own_token()
    body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "table-7"}}}
    made = await stage.post("/cgi-bin/qrcode/create", body, access_token=token)
    first = await stage.alice.scan(text=made["url"])
    second = await stage.alice.scan(ticket=made["ticket"])
    assert (first["new"], second["new"]) == (True, False)
    await stage.sandbox.settle()
    events = [opened(got) for got in messages(stage)]
    assert [(e["Event"], e["EventKey"]) for e in events] == [("subscribe", "qrscene_table-7"), ("SCAN", "table-7")]
    assert all(e["Ticket"] == made["ticket"] for e in events)
    info = await stage.get("/cgi-bin/user/info", access_token=token, openid=events[0]["FromUserName"])
    assert (info["subscribe"], info["subscribe_scene"], info["qr_scene_str"]) == (1, "ADD_SCENE_QR_CODE", "table-7")
    await stage.alice.unfollow(ACCOUNT)
    assert (await stage.get("/cgi-bin/user/info", access_token=token, openid=info["openid"]))["subscribe"] == 0


async def test_texts_have_numbers_and_news_is_shown(stage: Stage) -> None:
    await stage.authorized()
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.settle()
    item = {"Title": "春茶上新", "Description": "明前", "PicUrl": "http://p", "Url": "http://shop.example.com/"}
    stage.receiver.answer = lambda got: reply_to(got, MsgType="news", ArticleCount=1, Articles={"item": item})
    await stage.alice.say(ACCOUNT, "你好 <]]> & 茶")
    shown = await chat(stage)
    assert shown[-2] == ("person", "text", {"text": "你好 <]]> & 茶"})
    assert shown[-1][1] == "news"
    assert shown[-1][2]["articles"][0]["title"] == "春茶上新"
    message = opened(messages(stage)[-1])
    assert message["Content"] == "你好 <]]> & 茶"
    assert int(message["MsgId"]) > 2**53


async def test_what_is_said_arrives_in_order(stage: Stage) -> None:
    await stage.authorized()
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.settle()
    said = [str(n) for n in range(30)]
    for words in said:
        await stage.alice.say(ACCOUNT, words)
    await stage.sandbox.settle()
    assert [opened(got)["Content"] for got in messages(stage)[1:]] == said


async def test_no_answer_is_tried_three_times_then_the_notice_is_shown(stage: Stage) -> None:
    await stage.authorized()
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.settle()
    stage.receiver.answer = lambda got: 500
    await stage.alice.say(ACCOUNT, "有人吗")
    await stage.sandbox.settle()
    assert len(messages(stage)) == 2
    await stage.sandbox.advance(5)
    assert len(messages(stage)) == 3
    await stage.sandbox.advance(5)
    assert len(messages(stage)) == 4
    await stage.sandbox.advance(60)
    tries = [opened(got) for got in messages(stage)[1:]]
    assert len(tries) == 3
    assert len({one["MsgId"] for one in tries}) == 1
    assert (await chat(stage))[-1] == ("system", "notice", {"text": NOTICE})


async def test_the_timetable_is_a_setting(stage: Stage) -> None:
    await stage.authorized()
    await stage.sandbox.call("PUT", "/settings", {"pauses": {"message": [1.0]}, "deadline_seconds": {"message": 0.2}})
    stage.receiver.answer = lambda got: 500
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.advance(60)
    assert len(messages(stage)) == 2


@pytest.mark.parametrize(
    "nonsense",
    ["<html>", "{}", "ok", "<xml><MsgType>text</MsgType></xml>"],
)
async def test_nonsense_shows_the_notice_and_is_not_repeated(stage: Stage, nonsense: str) -> None:
    await stage.authorized()
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.settle()
    stage.receiver.answer = lambda got: nonsense
    await stage.alice.say(ACCOUNT, "喂")
    await stage.sandbox.advance(60)
    assert (await chat(stage))[-1] == ("system", "notice", {"text": NOTICE})
    assert len(messages(stage)) == 2


async def test_a_reply_with_a_wrong_signature_is_not_shown(stage: Stage) -> None:
    await stage.authorized()
    begin = "<MsgSignature><![CDATA["
    stage.receiver.answer = lambda got: reply_to(got, MsgType="text", Content="hi").replace(begin, begin + "0")
    await stage.alice.follow(ACCOUNT)
    assert await chat(stage) == [("system", "notice", {"text": NOTICE})]
    [entry] = await stage.sandbox.journal(words="bad passive reply")
    assert "MsgSignature is wrong" in entry["note"]


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
async def test_an_account_with_its_own_server(stage: Stage, mode: str) -> None:
    url = f"{stage.receiver.url}/own"
    push = {"url": url, "token": "owntoken", "aes_key": OWN_KEY, "mode": mode}
    await stage.sandbox.account(ACCOUNT, push=push)
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.settle()
    [got] = stage.receiver.at("/own")
    assert crypto.signature("owntoken", got.query["timestamp"], got.query["nonce"]) == got.query["signature"]
    assert ("msg_signature" in got.query) is (mode != "plain")
    if mode != "safe":
        assert xml.read(got.body)["Event"] == "subscribe"
    if mode != "plain":
        assert opened(got, token="owntoken", key=OWN_KEY, tail=ACCOUNT)["Event"] == "subscribe"


async def test_the_menu_is_tapped(stage: Stage) -> None:
    info = await stage.authorized()
    token = info["authorizer_access_token"]
    menu = {
        "button": [
            {"name": "商城", "type": "view", "url": "http://localhost:9/s/tea/"},
            {"name": "我的", "sub_button": [{"name": "优惠券", "type": "click", "key": "COUPON"}]},
        ]
    }
    made = await stage.post("/cgi-bin/menu/create", menu, access_token=token)
    assert made == {"errcode": 0, "errmsg": "ok"}
    kept = (await stage.get("/cgi-bin/menu/get", access_token=token))["menu"]["button"]
    assert kept[1]["sub_button"][0]["key"] == "COUPON"
    await stage.alice.follow(ACCOUNT)
    opening = await stage.alice.tap(ACCOUNT, "商城")
    assert opening["open"] == "http://alice.localhost:9/s/tea/"
    await stage.alice.tap(ACCOUNT, "1.0")
    await stage.sandbox.settle()
    events = [opened(got) for got in messages(stage)]
    assert [(e["Event"], e["EventKey"]) for e in events[1:]] == [
        ("VIEW", "http://localhost:9/s/tea/"),
        ("CLICK", "COUPON"),
    ]
    assert (await stage.get("/cgi-bin/menu/delete", access_token=token))["errcode"] == 0
    assert (await stage.get("/cgi-bin/menu/get", access_token=token))["errcode"] == 46003
