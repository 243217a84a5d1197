"""A stranger's client (WeRoBot 1.13) as an account's own server calling WeChat: every family of calls it has."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from werobot.client import ClientException

from make.files import mp4, picture
from make.platforms import ACCOUNT, Stage, staged
from make.robots import calling

MENU = {"button": [{"name": "今日茶单", "type": "click", "key": "TODAY"}]}


async def off(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run the SDK's blocking call beside the simulator's loop."""
    return await asyncio.to_thread(work, *args, **kwargs)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as set_up:
        yield set_up


@pytest.fixture
def client(stage: Stage) -> Iterator[Any]:
    with calling(stage.box.url, ACCOUNT, stage.account["secret"]) as made:
        yield made


async def refused(work: Callable[..., Any], *args: Any) -> int:
    """Give the code a call is refused with."""
    with pytest.raises(ClientException) as wrong:
        await off(work, *args)
    return int(str(wrong.value).partition(":")[0])


async def test_token_addresses_and_menus(stage: Stage, client: Any) -> None:
    assert "ip_list" in await off(client.get_ip_list)
    assert await refused(client.get_menu) == 46003
    await off(client.create_menu, MENU)
    assert (await off(client.get_menu))["menu"]["button"][0]["key"] == "TODAY"
    assert await refused(client.create_menu, {"button": []}) == 40016
    await off(client.delete_menu)
    with calling(stage.box.url, ACCOUNT, "wrong") as wrong:
        assert await refused(wrong.get_menu) == 40125


async def test_followers_remarks_and_tags(stage: Stage, client: Any) -> None:
    fan = (await stage.alice.follow(ACCOUNT))["openid"]
    assert (await off(client.get_followers))["data"]["openid"] == [fan]
    await off(client.remark_user, fan, "老茶客")
    tag = (await off(client.create_tag, "爱喝龙井"))["tag"]
    assert await refused(client.create_tag, "爱喝龙井") == 45157
    await off(client.tag_users, tag["id"], [fan])
    info = await off(client.get_user_info, fan)
    assert (info["subscribe"], info["remark"], info["tagid_list"]) == (1, "老茶客", [tag["id"]])
    batch = (await off(client.get_users_info, [fan]))["user_info_list"]
    assert [one["openid"] for one in batch] == [fan]
    assert (await off(client.get_users_by_tag, tag["id"]))["data"]["openid"] == [fan]
    assert (await off(client.get_tags_by_user, fan))["tagid_list"] == [tag["id"]]
    await off(client.update_tag, tag["id"], "龙井会")
    listed = {one["id"]: one for one in (await off(client.get_tags))["tags"]}
    assert (listed[tag["id"]]["name"], listed[tag["id"]]["count"]) == ("龙井会", 1)
    await off(client.untag_users, tag["id"], [fan])
    await off(client.delete_tag, tag["id"])
    assert (await off(client.get_tags_by_user, fan))["tagid_list"] == []
    assert await refused(client.get_user_info, "oNobody") == 40003


async def test_codes_media_and_messages_of_every_kind(stage: Stage, client: Any) -> None:
    scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "door"}}}
    ticket = await off(client.create_qrcode, scene)
    await stage.alice.scan(text=ticket["url"])
    fan = (await stage.alice.profile())["chats"][0]["openid"]
    await stage.sandbox.advance(61)  # the short window, of whoever scans, is over
    await stage.alice.say(ACCOUNT, "在吗")  # opens the long one: five messages

    drawn = picture()
    uploaded = await off(client.upload_media, "image", ("tea.png", io.BytesIO(drawn)))
    assert uploaded["type"] == "image"
    await off(client.send_text_message, fan, "您好")
    await off(client.send_image_message, fan, uploaded["media_id"])
    music = {"url": "http://m/", "hq_url": "http://m/hq", "thumb_media_id": uploaded["media_id"]}
    await off(client.send_music_message, fan, title="茶歌", description="d", **music)
    card = [{"title": "春茶", "description": "d", "url": "http://u/", "picurl": "http://p"}]
    await off(client.send_article_message, fan, card)
    assert await refused(client.send_article_message, fan, card * 2) == 45008
    await off(client.send_text_message, fan, "再见")
    assert await refused(client.send_text_message, fan, "还在吗") == 45047
    shown = [b["kind"] for b in await stage.alice.chat(ACCOUNT) if b["who"] == "account"]
    assert shown == ["text", "image", "music", "news", "text"]

    kept = await off(client.upload_permanent_media, "image", ("tea.png", io.BytesIO(drawn)))
    assert (await off(client.get_media_count))["image_count"] == 1
    names = [one["name"] for one in (await off(client.get_media_list, "image", 0, 20))["item"]]
    assert names == ["tea.png"]
    address = (await off(client.upload_news_picture, ("in.png", io.BytesIO(drawn))))["url"]
    assert address.startswith("http")
    film = await off(client.upload_permanent_video, "采茶", "清明前", ("tea.mp4", io.BytesIO(mp4())))
    assert (await off(client.get_media_count))["video_count"] == 1
    assert film.json()["media_id"]
    assert (await off(client.show_qrcode, ticket["ticket"])).content.startswith(b"\xff\xd8")
    assert (await off(client.download_media, uploaded["media_id"])).content == drawn
    await off(client.delete_permanent_media, kept["media_id"])
    assert (await off(client.get_media_count))["image_count"] == 0
    assert await refused(client.upload_media, "image", ("bad.png", io.BytesIO(b"not a picture"))) == 40005
