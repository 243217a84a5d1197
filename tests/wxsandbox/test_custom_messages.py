"""Customer-service messages at the simulator: what they name has to be there, each window counts as WeChat says."""

from typing import Any

import aiohttp
import pytest

from make import files
from make.platforms import Stage
from make.towns import ACCOUNT

SEND = "/cgi-bin/message/custom/send"
MINI = "wx5e5e5e5e5e5e5e5e"


class Desk:
    """An account that uploads and sends to one follower."""

    def __init__(self, stage: Stage, token: str, openid: str) -> None:
        self.stage, self.token, self.openid = stage, token, openid

    async def upload(self, kind: str, body: bytes, name: str) -> str:
        """Upload a temporary file and give its media id."""
        form = aiohttp.FormData()
        form.add_field("media", body, filename=name)
        url = f"{self.stage.sandbox.url}/api.weixin.qq.com/cgi-bin/media/upload"
        query = {"access_token": self.token, "type": kind}
        async with aiohttp.ClientSession() as http, http.post(url, params=query, data=form) as answer:
            made = await answer.json(content_type=None)
        return str(made.get("media_id") or made["thumb_media_id"])

    async def send(self, kind: str, **content: Any) -> int:
        """Send a message; give the errcode."""
        body = {"touser": self.openid, "msgtype": kind, kind: content}
        return int((await self.stage.post(SEND, body, access_token=self.token))["errcode"])


@pytest.fixture
async def desk(stage: Stage) -> Desk:
    token = await stage.own_token()
    one = await stage.alice.follow(ACCOUNT)
    # So that every message of a test has a window.
    windows = (await stage.sandbox.call("GET", "/settings"))["windows"] | {"follow": [0, 600]}
    await stage.sandbox.call("PUT", "/settings", {"windows": windows})
    await stage.alice.unfollow(ACCOUNT)
    await stage.alice.follow(ACCOUNT)
    return Desk(stage, token, one["openid"])


async def test_files_have_to_be_there_and_of_the_kind(desk: Desk) -> None:
    picture = await desk.upload("image", files.picture(), "a.png")
    voice = await desk.upload("voice", files.amr(), "a.amr")
    video = await desk.upload("video", files.mp4(), "a.mp4")
    thumb = await desk.upload("thumb", files.picture(kind="JPEG"), "a.jpg")
    music = {"musicurl": "http://m/", "hqmusicurl": "http://m/"}
    assert [await desk.send("image", media_id=one) for one in (picture, voice, "nope")] == [0, 40007, 40007]
    assert [await desk.send("voice", media_id=one) for one in (voice, picture)] == [0, 40007]
    assert [await desk.send("video", media_id=one, thumb_media_id=thumb) for one in (video, voice)] == [0, 40007]
    assert await desk.send("video", media_id=video, thumb_media_id="nope") == 40007
    assert [await desk.send("music", **music, thumb_media_id=one) for one in (thumb, video)] == [0, 40007]
    assert await desk.send("mpnews", media_id=picture) == 40007
    # Another account's file is nobody's here, and after three days a temporary one is gone.
    await desk.stage.sandbox.advance(3 * 86_400)
    desk.token = await desk.stage.own_token()
    await desk.stage.alice.say(ACCOUNT, "在吗")
    assert await desk.send("image", media_id=picture) == 40007


async def test_mini_programs_have_to_exist_and_be_linked(desk: Desk) -> None:
    thumb = await desk.upload("thumb", files.picture(kind="JPEG"), "a.jpg")
    page = {"title": "茶", "pagepath": "pages/index", "thumb_media_id": thumb}
    words = f'看<a href="http://u/" data-miniprogram-appid="{MINI}" data-miniprogram-path="pages/index">小程序</a>'
    assert await desk.send("miniprogrampage", appid=MINI, **page) == 40166
    assert await desk.send("text", content=words) == 40166
    await desk.stage.sandbox.account(MINI, kind="mini", nick_name="茶小程序")
    assert await desk.send("miniprogrampage", appid=MINI, **page) == 45064
    assert await desk.send("text", content=words) == 45064
    await desk.stage.sandbox.call("POST", f"/accounts/{ACCOUNT}/minis", {"appid": MINI})
    assert await desk.send("miniprogrampage", appid=MINI, **page) == 0
    assert await desk.send("text", content=words) == 0
    assert await desk.send("text", content='<a href="http://u/">不是小程序</a>') == 0
    assert await desk.send("miniprogrampage", appid=MINI, **page | {"pagepath": ""}) == 40166
    assert await desk.send("miniprogrampage", appid=MINI, title="茶", thumb_media_id=thumb) == 40166
    await desk.stage.sandbox.call("POST", f"/accounts/{ACCOUNT}/minis", {"appid": MINI, "linked": False})
    assert await desk.send("text", content=words) == 45064


@pytest.mark.parametrize(
    ("act", "count", "seconds"),
    [("say", 5, 48 * 3600), ("follow", 3, 60), ("tap", 3, 60), ("scan", 3, 60), ("menu_answer", 3, 60)],
)
async def test_every_window_counts_as_wechat_says(stage: Stage, act: str, count: int, seconds: int) -> None:
    token = await stage.own_token()
    one = await stage.alice.follow(ACCOUNT)
    button = {"button": [{"type": "click", "name": "点我", "key": "K"}]}
    assert (await stage.post("/cgi-bin/menu/create", button, access_token=token))["errcode"] == 0
    code = {"action_name": "QR_STR_SCENE", "expire_seconds": 600, "action_info": {"scene": {"scene_str": "door"}}}
    ticket = (await stage.post("/cgi-bin/qrcode/create", code, access_token=token))["ticket"]
    await stage.sandbox.advance(61)

    async def contact() -> None:
        match act:
            case "say":
                await stage.alice.say(ACCOUNT, "在吗")
            case "follow":
                await stage.alice.unfollow(ACCOUNT)
                await stage.alice.follow(ACCOUNT)
            case "tap":
                await stage.alice.tap(ACCOUNT, "点我")
            case "scan":
                await stage.alice.scan(ticket=ticket)
            case _:
                await stage.alice.act("say", appid=ACCOUNT, text="满意", menu_id="1")

    async def send() -> int:
        body = {"touser": one["openid"], "msgtype": "text", "text": {"content": "好"}}
        return int((await stage.post(SEND, body, access_token=token))["errcode"])

    assert await send() == 45015
    await contact()
    assert [await send() for _ in range(count + 1)] == [0] * count + [45047]
    await contact()  # again opens the window anew
    await stage.sandbox.advance(seconds - 1)
    token = await stage.own_token()
    assert await send() == 0
    await stage.sandbox.advance(2)
    token = await stage.own_token()
    assert await send() == 45015
