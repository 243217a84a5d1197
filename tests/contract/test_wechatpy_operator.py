"""A stranger's SDK (wechatpy 1.8) doing what an operator does, unchanged: it believes it talks to WeChat itself."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any

import pytest
from wechatpy import WeChatClient, parse_message
from wechatpy.exceptions import WeChatClientException

from make.detour import detour
from make.files import amr, picture
from make.platforms import ACCOUNT, Stage, staged

MENU = {"button": [{"name": "茶单", "type": "click", "key": "TODAY"}]}


async def off(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run the SDK's blocking call beside the simulator's loop."""
    return await asyncio.to_thread(work, *args, **kwargs)


async def refused(work: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
    """Give the code a call is refused with."""
    with pytest.raises(WeChatClientException) as wrong:
        await off(work, *args, **kwargs)
    return int(wrong.value.errcode)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as set_up:
        push = {"url": f"{set_up.receiver.url}/own", "token": "owntoken", "mode": "plain"}
        await set_up.sandbox.account(ACCOUNT, push=push)
        yield set_up


@pytest.fixture
def client(stage: Stage) -> Any:
    made = WeChatClient(ACCOUNT, stage.account["secret"])
    detour(made._http, stage.box.url)
    return made


@pytest.fixture
async def fan(stage: Stage) -> str:
    return str((await stage.alice.follow(ACCOUNT))["openid"])


async def events(stage: Stage, name: str) -> list[Any]:
    """Give the events of a kind that the account's server got, as the SDK reads them."""
    await stage.sandbox.settle()
    said = [parse_message(got.body) for got in stage.receiver.at("/own")]
    return [one for one in said if one.type == "event" and one.event == name]


async def test_menus_for_all_and_for_some(stage: Stage, client: Any, fan: str) -> None:
    assert await off(client.menu.get) is None
    await off(client.menu.create, MENU)
    tag = (await off(client.tag.create, "常客"))["id"]
    special = {"button": [{"name": "会员茶单", "type": "click", "key": "VIP"}], "matchrule": {"tag_id": str(tag)}}
    menuid = (await off(client.menu.add_conditional, special))["menuid"]
    assert (await off(client.menu.try_match, fan))["button"][0]["name"] == "茶单"
    await off(client.tag.tag_user, tag, [fan])
    assert (await off(client.menu.try_match, fan))["button"][0]["name"] == "会员茶单"
    shown = await off(client.menu.get)
    assert [one["menuid"] for one in shown["conditionalmenu"]] == [int(menuid)]
    assert (await off(client.menu.get_menu_info))["is_menu_open"] == 1
    await stage.alice.act("tap", appid=ACCOUNT, button="会员茶单")
    assert [one.key for one in await events(stage, "click")] == ["VIP"]
    await off(client.menu.del_conditional, menuid)
    assert (await off(client.menu.try_match, fan))["button"][0]["name"] == "茶单"


async def test_tags_and_the_blacklist(stage: Stage, client: Any, fan: str) -> None:
    tag = (await off(client.tag.create, "常客"))["id"]
    assert await refused(client.tag.create, "常客") == 45157
    await off(client.tag.tag_user, tag, [fan])
    assert await off(client.tag.get_user_tag, fan) == [tag]
    assert list(await off(lambda: list(client.tag.iter_tag_users(tag)))) == [fan]
    await off(client.tag.update, tag, "老茶客")
    assert {one["name"] for one in await off(client.tag.get)} >= {"老茶客"}
    await off(client.tag.batch_black_list, [fan])
    assert (await off(client.tag.get_black_list))["data"]["openid"] == [fan]
    assert await refused(client.message.send_text, fan, "在吗") == 48002
    await off(client.tag.batch_unblack_list, [fan])
    assert (await off(client.user.get_batch, [fan]))[0]["tagid_list"] == [tag]
    await off(client.user.update_remark, fan, "王老板")
    assert (await off(client.user.get, fan))["remark"] == "王老板"
    assert await off(lambda: list(client.user.iter_followers())) == [fan]


async def test_files_for_three_days_and_for_ever(stage: Stage, client: Any) -> None:
    sent = picture()
    media = (await off(client.media.upload, "image", ("a.png", io.BytesIO(sent))))["media_id"]
    assert (await off(client.media.download, media)).content == sent
    voice = await off(client.media.upload, "voice", ("a.amr", io.BytesIO(amr())))
    assert voice["type"] == "voice"
    assert (await off(client.media.upload_image, ("b.png", io.BytesIO(sent)))).startswith("http")
    kept = (await off(client.material.add, "image", ("c.png", io.BytesIO(sent))))["media_id"]
    assert (await off(client.material.get_count))["image_count"] == 1
    assert (await off(client.material.get, kept)).content == sent
    assert (await off(client.material.batchget, "image"))["item"][0]["media_id"] == kept
    await off(client.material.delete, kept)
    assert await refused(client.material.get, kept) == 40007
    await stage.sandbox.advance(3 * 86_400 + 1)
    assert await refused(client.media.download, media) == 40007


async def test_a_mass_send_is_looked_at_sent_and_reported(stage: Stage, client: Any, fan: str) -> None:
    await off(client.message.send_mass_text, fan, "先看看", preview=True)
    bob = await stage.sandbox.person("bob")
    other = (await bob.follow(ACCOUNT))["openid"]
    await bob.close()
    assert await refused(client.message.send_mass_text, [fan], "一个人") == 40130
    sent = await off(client.message.send_mass_text, [fan, other], "新茶上市", client_msg_id="spring")
    assert await refused(client.message.send_mass_text, [fan, other], "新茶上市", client_msg_id="spring") == 45065
    await stage.sandbox.advance(3600)
    assert (await off(client.message.get_mass, sent["msg_id"]))["msg_status"] == "SEND_SUCCESS"
    (report,) = await events(stage, "masssendjobfinish")
    assert (report.id, report.status, report.sent_count) == (sent["msg_id"], "send success", 2)
    await off(client.message.send_mass_text, None, "致所有人", is_to_all=True)
    await stage.sandbox.advance(3600)
    shown = [one["content"].get("text") for one in await stage.alice.chat(ACCOUNT) if one["who"] == "account"]
    assert shown == ["先看看", "新茶上市", "致所有人"]


async def test_templates_and_notices(stage: Stage, client: Any, fan: str) -> None:
    await off(client.template.set_industry, "1", "10")
    assert "primary_industry" in await off(client.template.get_industry)
    template = await off(client.template.get, "TM00015")
    assert (await off(client.template.get_all_private_template))["template_list"][0]["template_id"] == template
    values = {f"keyword{n}": {"value": f"值{n}"} for n in (1, 2, 3)}
    sent = await off(client.message.send_template, fan, template, values, url="http://u.example/")
    (report,) = await events(stage, "templatesendjobfinish")
    assert (report.id, report.status) == (sent["msgid"], "success")
    assert await refused(client.message.send_template, fan, "nothing", values) == 40037
    await off(client.template.del_private_template, template)
    assert await refused(client.message.send_template, fan, template, values) == 40037

    link = await off(client.message.get_subscribe_authorize_url, 7, "T1", f"{stage.receiver.url}/back", "r1")
    page = await stage.alice.open(link.replace("https://mp.weixin.qq.com", f"{stage.box.url}/mp.weixin.qq.com"))
    await stage.alice.consent(page)
    body = {"content": {"value": "新茶到了"}}
    await off(client.message.send_subscribe_template, fan, "T1", "7", "到货了", body, "http://u.example/")
    again = (fan, "T1", "7", "到货了", body, "http://u.example/")
    assert await refused(client.message.send_subscribe_template, *again) == 43101


async def test_the_desk(stage: Stage, client: Any, fan: str) -> None:
    kf = "anna@tea"
    await off(client.customservice.add_account, kf, "安娜", "password")
    assert await refused(client.customservice.add_account, kf, "安娜", "password") == 65406
    await off(client.customservice.update_account, kf, "安娜姐", "password")
    await off(client.customservice.upload_headimg, kf, ("a.jpg", io.BytesIO(picture(kind="JPEG"))))
    assert [one["kf_nick"] for one in await off(client.customservice.get_accounts)] == ["安娜姐"]
    worker = {"kf_account": kf, "invite_wx": "anna"}
    await off(client.post, "https://api.weixin.qq.com/customservice/kfaccount/inviteworker", data=worker)
    await stage.sandbox.call("POST", f"/accounts/{ACCOUNT}/desk", {"kf_account": kf, "accepts": True, "online": True})
    await off(client.customservice.create_session, fan, kf)
    assert (await off(client.customservice.get_session, fan))["kf_account"] == kf
    assert [one["openid"] for one in await off(client.customservice.get_session_list, kf)] == [fan]
    assert (await off(client.customservice.get_online_accounts))[0]["kf_account"] == kf
    assert (await off(client.customservice.get_wait_case))["count"] == 0
    await off(client.customservice.close_session, fan, kf)
    await stage.sandbox.advance(61)
    await stage.alice.say(ACCOUNT, "在吗")
    choices = {"head_content": "满意吗", "list": [{"id": "1", "content": "满意"}], "tail_content": ""}
    await off(client.message.send_msg_menu, fan, choices)
    await off(client.message.send_text, fan, "我是安娜", account=kf)
    now = int(await stage.sandbox.now())
    records = await off(client.customservice.get_records, now - 120, now + 1)
    assert "在吗" in [one["text"] for one in records["recordlist"]]
    await off(client.customservice.delete_account, kf)
    assert await off(client.customservice.get_accounts) == []


async def test_figures_of_yesterday(stage: Stage, client: Any, fan: str) -> None:
    await stage.alice.say(ACCOUNT, "在吗")
    await stage.sandbox.settle()
    await stage.sandbox.advance(86_400 + 8 * 3600)
    day = date(2026, 9, 1)
    summary = await off(client.datacube.get_user_summary, day, day)
    assert sum(row["new_user"] for row in summary) == 1
    assert (await off(client.datacube.get_user_cumulate, day, day))[0]["cumulate_user"] == 1
    assert sum(row["msg_count"] for row in await off(client.datacube.get_upstream_msg, day, day)) == 1
    assert (await off(client.datacube.get_interface_summary, day, day))[0]["callback_count"] >= 1
    assert await refused(client.datacube.get_user_summary, day, date(2026, 9, 20)) == 61501
    assert fan


async def test_automatic_replies_are_told_of(stage: Stage, client: Any) -> None:
    rule = {
        "rule_name": "营业时间", "keywords": [{"content": "几点", "match_mode": "equal"}],
        "replies": [{"type": "text", "content": "早九晚九"}],
    }  # fmt: skip
    written = {"follow": {"type": "text", "content": "欢迎"}, "rules": [rule]}
    await stage.sandbox.call("PUT", f"/accounts/{ACCOUNT}/autoreplies", written)
    told = await off(client.message.get_autoreply_info)
    assert (told["is_add_friend_reply_open"], told["add_friend_autoreply_info"]["content"]) == (1, "欢迎")
    [found] = told["keyword_autoreply_info"]["list"]
    assert found["keyword_list_info"] == [{"type": "text", "match_mode": "equal", "content": "几点"}]
    assert found["reply_list_info"][0]["content"] == "早九晚九"
