"""A stranger's framework (WeRoBot 1.13) as an account's own server: the simulator pushes, people see its replies."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from werobot.replies import ImageReply, MusicReply, SuccessReply, TransferCustomerServiceReply, VideoReply, VoiceReply

from make.platforms import ACCOUNT, Stage, staged
from make.robots import robot, running

TOKEN, KEY = "robottoken", "kVJk9sZ0uQe3Yb7TnW5xLr2HcM8pDgFa4oEiXvB1StG"
MENU = {
    "button": [
        {"name": "茶单", "type": "click", "key": "TODAY"},
        {"name": "看看", "sub_button": [{"name": "官网", "type": "view", "url": "http://tea.example.com/"}]},
        {"name": "扫码", "type": "scancode_waitmsg", "key": "SCAN"},
    ]
}
REPLIES: dict[str, Any] = {
    "图": lambda m: ImageReply(message=m, media_id="image-1"),
    "声": lambda m: VoiceReply(message=m, media_id="voice-1"),
    "影": lambda m: VideoReply(message=m, media_id="video-1", title="采茶", description="清明前"),
    "歌": lambda m: MusicReply(message=m, title="茶歌", description="d", url="http://m/"),
    "人": lambda m: TransferCustomerServiceReply(message=m),
    "好": lambda m: SuccessReply(message=m),
}


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as set_up:
        yield set_up


def tea_house(aes_key: str | None) -> tuple[Any, list[Any]]:
    """Write the robot as its documentation shows it; the list keeps what it understood."""
    app, heard = robot(TOKEN, ACCOUNT, aes_key), []

    def note(*facts: Any) -> None:
        heard.append(facts)

    @app.subscribe  # type: ignore[untyped-decorator]
    def welcome(message: Any) -> Any:
        note("subscribe", message.key)
        return [["欢迎", "第一次来", "http://p/1.jpg", "http://u/1"], ["茶单", "今日", "http://p/2.jpg", "http://u/2"]]

    @app.text  # type: ignore[untyped-decorator]
    def talk(message: Any) -> Any:
        note("text", message.content, message.message_id)
        return REPLIES[message.content](message) if message.content in REPLIES else f"你说：{message.content}"

    @app.image  # type: ignore[untyped-decorator]
    def picture(message: Any) -> Any:
        note("image", message.img)
        return "好看"

    @app.location  # type: ignore[untyped-decorator]
    def place(message: Any) -> Any:
        note("location", message.location, message.label)
        return f"{message.label}有店"

    @app.link  # type: ignore[untyped-decorator]
    def link(message: Any) -> None:
        note("link", message.title, message.url)

    @app.voice  # type: ignore[untyped-decorator]
    def voice(message: Any) -> None:
        note("voice", message.format)

    @app.key_click("TODAY")  # type: ignore[untyped-decorator]
    def today(message: Any) -> Any:
        note("click", message.key)
        return "今日龙井"

    @app.scancode_waitmsg  # type: ignore[untyped-decorator]
    def scanned(message: Any) -> Any:
        note("scanned", message.key, message.scan_result)
        return "真品"

    @app.scan  # type: ignore[untyped-decorator]
    def again(message: Any) -> Any:
        note("scan", message.key)
        return "又见面了"

    @app.location_event  # type: ignore[untyped-decorator]
    def near(message: Any) -> None:
        note("near", message.latitude, message.longitude)

    @app.view  # type: ignore[untyped-decorator]
    def viewed(message: Any) -> None:
        note("view", message.key)

    @app.unsubscribe  # type: ignore[untyped-decorator]
    def gone(message: Any) -> None:
        note("unsubscribe", message.source)

    return app, heard


@pytest.fixture(params=["plain", "compatible", "safe"])
def house(request: pytest.FixtureRequest) -> Iterator[tuple[dict[str, str], list[Any]]]:
    key = None if request.param == "plain" else KEY
    app, heard = tea_house(key)
    with running(app) as url:
        yield {"url": url, "token": TOKEN, "aes_key": key or "", "mode": request.param}, heard


async def test_a_whole_conversation(stage: Stage, house: tuple[dict[str, str], list[Any]]) -> None:
    push, heard = house
    await stage.sandbox.account(ACCOUNT, push=push)
    token = await stage.own_token()
    assert (await stage.post("/cgi-bin/menu/create", MENU, access_token=token))["errcode"] == 0
    scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "door"}}}
    code = await stage.post("/cgi-bin/qrcode/create", scene, access_token=token)
    alice = stage.alice
    fan = (await alice.scan(text=code["url"])) and (await alice.profile())["chats"][0]
    steps = [
        ("say", {"text": "龙井"}),
        ("say", {"kind": "image", "url": "http://p/9.jpg"}),
        ("say", {"kind": "location", "latitude": 30.25, "longitude": 120.1, "label": "龙井村"}),
        ("say", {"kind": "link", "url": "http://u/", "title": "茶经"}),
        ("say", {"kind": "voice"}),
        ("tap", {"button": "茶单"}),
        ("tap", {"button": "1.0"}),
        ("tap", {"button": "扫码", "result": "SN1"}),
        ("locate", {"latitude": 30.5, "longitude": 120.5}),
    ]
    await stage.sandbox.settle()
    for what, fields in steps:
        await alice.act(what, appid=ACCOUNT, **fields)
        await stage.sandbox.settle()
    await alice.scan(text=code["url"])
    await stage.sandbox.settle()
    shown = [b for b in await alice.chat(ACCOUNT) if b["who"] != "person"]
    assert [a["title"] for a in shown[0]["content"]["articles"]] == ["欢迎", "茶单"]
    words = [b["content"].get("text") for b in shown[1:]]
    assert words == ["你说：龙井", "好看", "龙井村有店", "今日龙井", "真品", "又见面了"]
    await alice.unfollow(ACCOUNT)
    await stage.sandbox.settle()
    assert [fact[0] for fact in heard] == [
        "subscribe", "text", "image", "location", "link", "voice", "click", "view", "scanned", "near", "scan",
        "unsubscribe",
    ]  # fmt: skip
    assert heard[0] == ("subscribe", "qrscene_door")
    assert len(str(heard[1][2])) == 17  # the message's id, whole
    assert heard[3] == ("location", (30.25, 120.1), "龙井村")
    assert heard[6:9] == [("click", "TODAY"), ("view", "http://tea.example.com/"), ("scanned", "SCAN", "SN1")]
    assert heard[9:] == [("near", 30.5, 120.5), ("scan", "door"), ("unsubscribe", fan["openid"])]


async def test_every_kind_of_reply(stage: Stage, house: tuple[dict[str, str], list[Any]]) -> None:
    push, heard = house
    await stage.sandbox.account(ACCOUNT, push=push)
    await stage.alice.follow(ACCOUNT)
    await stage.sandbox.settle()
    shown = {}
    for word in REPLIES:
        before = len(await stage.alice.chat(ACCOUNT))
        await stage.alice.say(ACCOUNT, word)
        await stage.sandbox.settle()
        shown[word] = [(b["who"], b["kind"], b["content"]) for b in (await stage.alice.chat(ACCOUNT))[before + 1 :]]
    assert shown["图"] == [("account", "image", {"media_id": "image-1"})]
    assert shown["声"] == [("account", "voice", {"media_id": "voice-1"})]
    video = {"media_id": "video-1", "title": "采茶", "description": "清明前"}
    assert shown["影"] == [("account", "video", video)]
    # WeRoBot's music has no ThumbMediaId, which WeChat demands: the person sees that the account is not available.
    assert [one[:2] for one in shown["歌"]] == [("system", "notice")]
    assert shown["人"] == []
    # "success" within an encrypted envelope is no "success": WeRoBot seals it like any reply.
    assert [one[:2] for one in shown["好"]] == ([] if push["mode"] == "plain" else [("system", "notice")])
    assert [fact[1] for fact in heard[1:]] == list(REPLIES)


async def test_a_stranger_at_its_door_is_turned_away(stage: Stage) -> None:
    app, heard = tea_house(KEY)
    with running(app) as url:
        push = {"url": url, "token": TOKEN, "aes_key": KEY, "mode": "safe"}
        await stage.sandbox.account(ACCOUNT, push=push)
        await stage.sandbox.fault("callback:message.text", "forge", times=1)
        await stage.alice.follow(ACCOUNT)
        await stage.alice.say(ACCOUNT, "在吗")
        await stage.sandbox.settle()
        await stage.sandbox.advance(11)
        await stage.sandbox.settle()
    calls = await stage.sandbox.journal(kind="callback", name="message.text")
    # Newest first: the forged copy got the robot's 403, the true one after it a reply.
    assert [call["status"] for call in calls] == [200, 403]
    assert [fact[:2] for fact in heard if fact[0] == "text"] == [("text", "在吗")]
