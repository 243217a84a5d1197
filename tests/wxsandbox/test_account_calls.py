"""An account's calls, each with its wrong fields: menus, QR codes, followers, custom messages."""

import io
from typing import Any

import pytest
from PIL import Image

from make.platforms import ACCOUNT, Stage

LINK = {"name": "a", "type": "view", "url": "http://x.example.com/"}


def sub(**fields: Any) -> dict[str, Any]:
    return {"name": "a", "sub_button": [{"name": "b", "type": "click", "key": "k", **fields}]}


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([LINK] * 4, 40016),
        ("x", 40016),
        ([{**LINK, "name": "五个汉字啊啊"}], 40018),
        ([{**LINK, "name": 5}], 40018),
        ([{"name": "a"}], 40017),
        ([{**LINK, "type": "shout"}], 40017),
        ([{"name": "a", "type": "click"}], 40019),
        ([{"name": "a", "type": "click", "key": "k" * 129}], 40019),
        ([{**LINK, "url": "javascript:1"}], 40020),
        ([{**LINK, "url": "http://x/" + "y" * 1024}], 40020),
        ([{"name": "a", "sub_button": [LINK] * 6}], 40023),
        ([sub(type="shout")], 40024),
        ([sub(name="字" * 21)], 40025),
        ([sub(key="")], 40026),
        ([sub(type="view", url="ftp://x")], 40027),
        ([{"name": "a", "sub_button": [{"name": "b", "sub_button": [LINK]}]}], 40022),
    ],
)
async def test_wrong_menus(stage: Stage, buttons: Any, code: int) -> None:
    token = await stage.own_token()
    assert (await stage.post("/cgi-bin/menu/create", {"button": buttons}, access_token=token))["errcode"] == code


async def test_a_menu_in_escaped_unicode_is_refused(stage: Stage) -> None:
    token = await stage.own_token()
    body = b'{"button":[{"name":"\\u5546","type":"click","key":"k"}]}'
    assert (await stage.post("/cgi-bin/menu/create", body, access_token=token))["errcode"] == 40033


def scene(action: str = "QR_SCENE", **fields: Any) -> dict[str, Any]:
    return {"action_name": action, "action_info": {"scene": fields}}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (scene("QR_NOPE", scene_id=1), 40052),
        (scene(scene_id=0), 40053),
        (scene(scene_id="1"), 40053),
        (scene("QR_LIMIT_SCENE", scene_id=100_001), 40053),
        (scene("QR_STR_SCENE"), 40053),
        (scene("QR_LIMIT_STR_SCENE", scene_str="x" * 65), 40053),
        ({"action_name": "QR_SCENE"}, 40053),
        ({"action_info": {"scene": {"scene_id": 1}}}, 40052),
        ({**scene(scene_id=1), "expire_seconds": 2_592_001}, 47001),
    ],
)
async def test_wrong_qr_codes(stage: Stage, body: Any, code: int) -> None:
    token = await stage.own_token()
    assert (await stage.post("/cgi-bin/qrcode/create", body, access_token=token))["errcode"] == code


async def test_a_qr_code_is_a_picture_and_expires(stage: Stage) -> None:
    token = await stage.own_token()
    made = await stage.post("/cgi-bin/qrcode/create", {**scene(scene_id=7), "expire_seconds": 90}, access_token=token)
    assert made["expire_seconds"] == 90
    picture = f"{stage.box.url}/mp.weixin.qq.com/cgi-bin/showqrcode"
    async with stage.http.get(picture, params={"ticket": made["ticket"]}) as answer:
        assert answer.headers["content-type"] == "image/jpg"
        assert Image.open(io.BytesIO(await answer.read())).format == "JPEG"
    async with stage.http.get(picture, params={"ticket": "nope"}) as answer:
        assert answer.status == 404
    await stage.sandbox.advance(91)
    with pytest.raises(Exception, match="二维码已过期"):
        await stage.alice.scan(ticket=made["ticket"])


async def test_followers_are_listed_and_described(stage: Stage) -> None:
    token = await stage.own_token()
    assert await stage.get("/cgi-bin/user/get", access_token=token) == {"total": 0, "count": 0, "next_openid": ""}
    fan = await stage.alice.follow(ACCOUNT)
    listed = await stage.get("/cgi-bin/user/get", access_token=token)
    assert listed["data"]["openid"] == [fan["openid"]]
    info = await stage.get("/cgi-bin/user/info", access_token=token, openid=fan["openid"])
    assert (info["subscribe"], info["nickname"], info["sex"], info["tagid_list"]) == (1, "", 0, [])
    assert "unionid" not in info
    await stage.sandbox.account(ACCOUNT, open_appid="open1")
    batch = {"user_list": [{"openid": fan["openid"]}]}
    many = await stage.post("/cgi-bin/user/info/batchget", batch, access_token=token)
    assert many["user_info_list"][0]["unionid"].startswith("o6_")
    assert (await stage.get("/cgi-bin/user/info", access_token=token, openid="oX"))["errcode"] == 40003
    assert (await stage.get("/cgi-bin/user/info", access_token=token))["errcode"] == 41009
    empty = await stage.post("/cgi-bin/user/info/batchget", {"user_list": []}, access_token=token)
    assert empty["errcode"] == 40032


async def test_custom_messages_keep_to_their_windows(stage: Stage) -> None:
    token = await stage.own_token()
    fan = await stage.alice.follow(ACCOUNT)
    await stage.sandbox.advance(61)

    async def send(words: str = "你好") -> int:
        body = {"touser": fan["openid"], "msgtype": "text", "text": {"content": words}}
        return int((await stage.post("/cgi-bin/message/custom/send", body, access_token=token))["errcode"])

    assert await send() == 45015
    await stage.alice.say(ACCOUNT, "在吗")
    assert [await send(str(n)) for n in range(6)] == [0, 0, 0, 0, 0, 45047]
    assert [b["content"]["text"] for b in await stage.alice.chat(ACCOUNT)] == ["在吗", "0", "1", "2", "3", "4"]
    await stage.alice.say(ACCOUNT, "还在吗")
    await stage.sandbox.advance(48 * 3600 + 1)
    fresh = await stage.own_token()
    body = {"touser": fan["openid"], "msgtype": "text", "text": {"content": "x"}}
    assert (await stage.post("/cgi-bin/message/custom/send", body, access_token=fresh))["errcode"] == 45015


async def test_a_followers_window_is_a_minute_and_three(stage: Stage) -> None:
    token = await stage.own_token()
    fan = await stage.alice.follow(ACCOUNT)
    body = {"touser": fan["openid"], "msgtype": "text", "text": {"content": "x"}}
    codes = [(await stage.post("/cgi-bin/message/custom/send", body, access_token=token))["errcode"] for _ in range(4)]
    assert codes == [0, 0, 0, 45047]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"touser": "oX"}, 40003),
        ({"touser": 5}, 40003),
        ({"msgtype": "shout"}, 40008),
        ({"text": {}}, 44004),
        ({"text": {"content": ""}}, 44004),
        ({"text": {"content": "字" * 700}}, 45002),
        ({"msgtype": "news", "news": {"articles": [{"title": "a"}, {"title": "b"}]}}, 45008),
        ({"msgtype": "image", "image": {}}, 40007),
    ],
)
async def test_wrong_custom_messages(stage: Stage, change: dict[str, Any], code: int) -> None:
    token = await stage.own_token()
    fan = await stage.alice.follow(ACCOUNT)
    body = {"touser": fan["openid"], "msgtype": "text", "text": {"content": "x"}, **change}
    answer = await stage.post("/cgi-bin/message/custom/send", body, access_token=token)
    assert answer["errcode"] == code


async def test_escaped_unicode_in_a_custom_message_is_shown_as_it_is(stage: Stage) -> None:
    token = await stage.own_token()
    fan = await stage.alice.follow(ACCOUNT)
    body = b'{"touser":"%s","msgtype":"text","text":{"content":"\\u4f60"}}' % fan["openid"].encode()
    assert (await stage.post("/cgi-bin/message/custom/send", body, access_token=token))["errcode"] == 0
    assert (await stage.alice.chat(ACCOUNT))[-1]["content"]["text"] == "\\u4f60"
