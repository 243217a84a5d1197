"""People: ids that stay, what a scan means, and everything a phone can send."""

from typing import Any

import msgspec
import pytest

from make.platforms import ACCOUNT, Stage
from wxsandbox import crypto
from wxsandbox.client import SandboxError

KEY = "A" * 43


async def test_an_openid_belongs_to_one_person_at_one_account(stage: Stage) -> None:
    other = (await stage.sandbox.account(nick_name="云上餐厅"))["appid"]
    bob = await stage.sandbox.person("bob")
    mine, yours = await stage.alice.follow(ACCOUNT), await bob.follow(ACCOUNT)
    elsewhere = await stage.alice.follow(other)
    assert len({mine["openid"], yours["openid"], elsewhere["openid"]}) == 3
    await stage.alice.unfollow(ACCOUNT)
    assert (await stage.alice.follow(ACCOUNT))["openid"] == mine["openid"]
    await bob.close()


async def test_what_a_scan_means(stage: Stage) -> None:
    scan = stage.alice.scan
    assert (await scan(text="weixin://wxpay/bizpayurl?pr=1"))["kind"] == "pay"
    assert (await scan(text="http://localhost:9/x"))["url"] == "http://alice.localhost:9/x"
    assert (await scan(text="随便"))["kind"] == "text"
    card = await stage.alice.act("scan", text=f"http://weixin.qq.com/r/{ACCOUNT}", follow=False)
    assert (card["appid"], card["subscribed"]) == (ACCOUNT, False)
    assert (await scan(text=f"http://weixin.qq.com/r/{ACCOUNT}"))["new"] is True
    with pytest.raises(SandboxError, match="unknown ticket"):
        await scan(ticket="nope")


@pytest.mark.parametrize(
    ("act", "fields", "expected"),
    [
        ("say", {"text": "茶", "menu_id": "101"}, {"MsgType": "text", "Content": "茶", "bizmsgmenuid": "101"}),
        ("say", {"kind": "voice"}, {"MsgType": "voice", "Format": "amr"}),
        ("locate", {"latitude": 30.2, "longitude": 120.1}, {"Event": "LOCATION", "Latitude": 30.2}),
        (
            "tap",
            {"button": "扫码", "result": "6901"},
            {"Event": "scancode_waitmsg", "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "6901"}},
        ),
        ("tap", {"button": "小程序"}, {"Event": "view_miniprogram", "EventKey": "pages/index"}),
    ],
)
async def test_acts_as_json_in_safe_mode(
    stage: Stage, act: str, fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    push = {"url": f"{stage.receiver.url}/own?shop=1", "token": "t0k", "aes_key": KEY, "mode": "safe", "format": "json"}
    await stage.sandbox.account(ACCOUNT, push=push)
    mini = {"name": "小程序", "type": "miniprogram", "url": "http://u/", "appid": "wx9", "pagepath": "pages/index"}
    menu = {"button": [{"name": "扫码", "type": "scancode_waitmsg", "key": "6"}, mini]}
    await stage.post("/cgi-bin/menu/create", menu, access_token=await stage.own_token())
    await stage.alice.follow(ACCOUNT)
    await stage.alice.act(act, appid=ACCOUNT, **fields)
    await stage.sandbox.settle()
    got = stage.receiver.at("/own")[-1]
    assert got.query["shop"] == "1"
    sealed = msgspec.json.decode(got.body)["Encrypt"]
    message = msgspec.json.decode(crypto.decrypt(sealed, aes_key=KEY, appid=ACCOUNT))
    assert {name: message[name] for name in expected} == expected


async def test_acts_that_cannot_be(stage: Stage) -> None:
    with pytest.raises(SandboxError, match="no button"):
        await stage.alice.tap(ACCOUNT, "x")
    await stage.alice.follow(ACCOUNT)
    with pytest.raises(SandboxError, match="unknown kind"):
        await stage.alice.act("say", appid=ACCOUNT, kind="shout")
    with pytest.raises(SandboxError, match="no account"):
        await stage.alice.follow("wx0")


async def test_the_profile_lists_chats_newest_first(stage: Stage) -> None:
    other = (await stage.sandbox.account(nick_name="云上餐厅"))["appid"]
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.advance(10)
    await stage.alice.follow(other)
    await stage.sandbox.advance(10)
    await stage.alice.say(ACCOUNT, "在吗")
    profile = await stage.alice.profile()
    assert (profile["name"], profile["nickname"]) == ("alice", "小爱")
    assert [chat["appid"] for chat in profile["chats"]] == [ACCOUNT, other]


async def test_a_long_chat_is_kept_short(stage: Stage) -> None:
    await stage.alice.follow(ACCOUNT)
    for n in range(310):
        await stage.alice.say(ACCOUNT, str(n))
    chat = await stage.sandbox.call("GET", f"/people/alice/chats/{ACCOUNT}", limit=1000)
    assert [b["content"]["text"] for b in chat["messages"]] == [str(n) for n in range(10, 310)]
