"""Our calls for articles and mass sends against the simulator: who gets what, how often, and what is told of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from make import files
from make.platforms import ACCOUNT, Stage, staged
from weixin.client import Client
from weixin.errors import Unreachable, WeixinError
from weixin.messages import read
from weixin.multipart import File
from weixin.products.mp import broadcasts, drafts, materials, publishing
from weixin.safexml import parse
from weixin.transport import Transport

HELLO = {"msgtype": "text", "text": {"content": "新茶上市"}}
WORDS = "<p>" + "明前龙井，今日开采，" * 30 + "</p>"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as set_up:
        await set_up.sandbox.account(ACCOUNT, push={"url": f"{set_up.receiver.url}/own", "token": "t", "mode": "plain"})
        yield set_up


@pytest.fixture
async def client(stage: Stage) -> AsyncIterator[Client]:
    async with Transport() as transport:
        yield Client(transport, stage.api)


async def code(call: Any) -> int:
    with pytest.raises(WeixinError) as refused:
        await call
    return refused.value.errcode


async def cover(stage: Stage, client: Client, token: str) -> str:
    file = File("c.png", "image/png", files.picture())
    return (await materials.add(client, token=token, kind="image", file=file)).media_id


def article(thumb: str, **more: Any) -> dict[str, Any]:
    return {"title": "春茶", "author": "掌柜", "content": WORDS, "thumb_media_id": thumb, **more}


async def heard(stage: Stage, event: str) -> list[Any]:
    await stage.sandbox.settle()
    found = [read(parse(got.body)) for got in stage.receiver.at("/own")]
    return [one for one in found if type(one).__name__ == event]


async def bubbles(phone: Any) -> list[dict[str, Any]]:
    return [b for b in await phone.chat(ACCOUNT) if b["via"] in ("mass", "preview")]


async def test_the_right_people_get_a_message_once_and_the_result_is_told(stage: Stage, client: Client) -> None:
    bob = await stage.sandbox.person("bob")
    ann = await stage.alice.follow(ACCOUNT)
    await bob.follow(ACCOUNT)
    token = await stage.own_token()
    tag = (await stage.post("/cgi-bin/tags/create", {"tag": {"name": "老客"}}, access_token=token))["tag"]["id"]
    tagged = {"openid_list": [ann["openid"]], "tagid": tag}
    await stage.post("/cgi-bin/tags/members/batchtagging", tagged, access_token=token)
    first = await broadcasts.send_all(client, token=token, message=HELLO, key="one", tag=tag)
    again = await broadcasts.send_all(client, token=token, message=HELLO, key="one", tag=tag)
    assert (again.msg_id, again.again, first.again) == (first.msg_id, True, False)
    assert await broadcasts.state(client, token=token, msg_id=first.msg_id) == "SENDING"
    await stage.sandbox.advance(5)
    assert [b["content"]["text"] for b in await bubbles(stage.alice)] == ["新茶上市"]
    assert await bubbles(bob) == []
    (told,) = await heard(stage, "MassSendFinished")
    assert (told.msg_id, told.status, told.total, told.sent) == (first.msg_id, "send success", 1, 1)
    assert await broadcasts.state(client, token=token, msg_id=first.msg_id) == "SEND_SUCCESS"
    assert await code(broadcasts.send_to(client, token=token, openids=[ann["openid"]], message=HELLO, key="x")) == 40130
    assert await code(broadcasts.send_all(client, token=token, message=HELLO, key="x" * 65)) == 45067
    assert await code(broadcasts.send_all(client, token=token, message=HELLO, key="y", tag=999)) == 45159
    await broadcasts.preview(client, token=token, message=HELLO, name="bob")
    assert len(await bubbles(bob)) == 1
    assert await code(broadcasts.preview(client, token=token, message=HELLO, name="nobody")) == 40132
    assert await broadcasts.speed(client, token=token) == (0, 80)
    await broadcasts.set_speed(client, token=token, level=4)
    assert await broadcasts.speed(client, token=token) == (4, 10)
    assert await code(broadcasts.set_speed(client, token=token, level=5)) == 45083
    await bob.close()


@pytest.mark.parametrize(("service_type", "allowed"), [(2, 4), (1, 1)])
async def test_quotas_by_kind_of_account(stage: Stage, client: Client, service_type: int, allowed: int) -> None:
    await stage.sandbox.account(ACCOUNT, service_type=service_type)
    await stage.alice.follow(ACCOUNT)
    token = await stage.own_token()
    for n in range(allowed):
        await broadcasts.send_all(client, token=token, message=HELLO, key=f"k{n}")
        await stage.sandbox.advance(5)
    assert await code(broadcasts.send_all(client, token=token, message=HELLO, key="last")) == 45028
    await stage.sandbox.advance(32 * 86_400)
    token = await stage.own_token()
    await broadcasts.send_all(client, token=token, message=HELLO, key="next month")


async def test_articles_are_drafted_published_read_and_deleted(stage: Stage, client: Client) -> None:
    await stage.alice.follow(ACCOUNT)
    token = await stage.own_token()
    thumb = await cover(stage, client, token)
    wrong = [
        ({"title": "长" * 33}, 45003), ({"author": "长" * 17}, 45110), ({"digest": "长" * 129}, 45004),
        ({"content": "长" * 20_000}, 45002), ({"thumb_media_id": "nope"}, 40007), ({"content": ""}, 44004),
        ({"content_source_url": "http://x/" + "y" * 1024}, 45005),
    ]  # fmt: skip
    for fields, wanted in wrong:
        assert await code(drafts.add(client, token=token, articles=[article(thumb, **fields)])) == wanted
    assert await code(drafts.add(client, token=token, articles=[article(thumb)] * 9)) == 45008
    assert await drafts.is_open(client, token=token)
    dirty = WORDS + '<script>x()</script><p onclick="x()">好</p><img src="http://elsewhere.example/1.png">'
    media_id = await drafts.add(client, token=token, articles=[article(thumb, content=dirty), article(thumb)])
    (first, _) = await drafts.get(client, token=token, media_id=media_id)
    assert not any(word in first["content"] for word in ("script", "onclick", "elsewhere"))
    await drafts.update(client, token=token, media_id=media_id, index=1, article=article(thumb, title="夏茶"))
    assert await code(drafts.update(client, token=token, media_id=media_id, index=2, article=article(thumb))) == 40114
    assert (await drafts.count(client, token=token), (await drafts.page(client, token=token, offset=0))[0]) == (1, 1)
    publish_id = (await publishing.submit(client, token=token, media_id=media_id)).publish_id
    assert (await publishing.get(client, token=token, publish_id=publish_id)).status == publishing.UNDER_WAY
    await stage.sandbox.advance(6)
    done = await publishing.get(client, token=token, publish_id=publish_id)
    (told,) = await heard(stage, "PublishFinished")
    assert (told.status, told.article_id, len(told.urls)) == (0, done.article_id, 2)
    assert await code(drafts.get(client, token=token, media_id=media_id)) == 40007
    page = await stage.alice.open(done.urls[1])
    assert ("夏茶" in page.text, "阅读 1" in page.text) == (True, True)
    assert done.article_id
    await publishing.delete(client, token=token, article_id=done.article_id, index=2)
    assert "已被发布者删除" in (await stage.alice.open(done.urls[1])).text
    told_now = await publishing.articles(client, token=token, article_id=done.article_id)
    assert [one["is_deleted"] for one in told_now] == [False, True]
    assert (await publishing.page(client, token=token, offset=0))[0] == 1
    assert await code(publishing.delete(client, token=token, article_id="nope")) == 53600


async def test_a_copy_is_found_out_and_sent_only_when_that_is_wanted(stage: Stage, client: Client) -> None:
    other = await stage.sandbox.account("wxbbbbbbbbbbbbbbbb", nick_name="原创者")
    theirs = (
        await stage.get(
            "/cgi-bin/token", grant_type="client_credential", appid="wxbbbbbbbbbbbbbbbb", secret=other["secret"]
        )
    )["access_token"]
    original = await drafts.add(
        client, token=theirs, articles=[article(await cover(stage, client, theirs), title="原文")]
    )
    await publishing.submit(client, token=theirs, media_id=original)
    await stage.sandbox.advance(6)
    await stage.alice.follow(ACCOUNT)
    token = await stage.own_token()
    copy = await drafts.add(client, token=token, articles=[article(await cover(stage, client, token))])
    message = {"msgtype": "mpnews", "mpnews": {"media_id": copy}}
    await broadcasts.send_all(client, token=token, message=message, key="a")
    await stage.sandbox.advance(5)
    second = await broadcasts.send_all(client, token=token, message=message, key="b", ignore_reprint=True)
    await stage.sandbox.advance(5)
    refused, sent = await heard(stage, "MassSendFinished")
    assert (refused.status, refused.check_state, refused.sent) == ("err(30003)", 2, 0)
    assert (sent.status, sent.sent, len(sent.urls)) == ("send success", 1, 1)
    (card,) = await bubbles(stage.alice)
    assert "明前龙井" in (await stage.alice.open(card["content"]["articles"][0]["url"])).text
    await broadcasts.delete(client, token=token, msg_id=second.msg_id)
    assert "已被发布者删除" in (await stage.alice.open(card["content"]["articles"][0]["url"])).text
    assert await broadcasts.state(client, token=token, msg_id=second.msg_id) == "DELETE"


async def test_an_answer_that_was_lost_is_found_again_under_the_same_key(stage: Stage, client: Client) -> None:
    await stage.alice.follow(ACCOUNT)
    token = await stage.own_token()
    await stage.sandbox.fault("POST /cgi-bin/message/mass/sendall", "lost", times=1)
    with pytest.raises(Unreachable):
        await broadcasts.send_all(client, token=token, message=HELLO, key="k")
    assert (await broadcasts.send_all(client, token=token, message=HELLO, key="k")).again
    await stage.sandbox.advance(5)
    assert len(await bubbles(stage.alice)) == 1
