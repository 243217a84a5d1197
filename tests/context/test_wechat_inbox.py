"""The inbox: only what WeChat signed comes in, it is durable before it is answered, and it counts once."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import aiohttp
import pytest

from make.worlds import START, Browser
from tongshang.platform.ids import NIL
from tongshang.platform.work import settle
from tongshang.platform.world import World
from tongshang.wechat import accounts, components
from tongshang.wechat.callbacks import RESPONDERS
from tongshang.wechat.inbox import read
from tongshang.wechat.model import bucket_of
from weixin import replies
from weixin.crypto import MessageCrypt
from weixin.signing import sha1_signature

COMPONENT, ACCOUNT = "wxc0c0c0c0c0c0c0c0", "wxa1a1a1a1a1a1a1a1"
TOKEN, KEY, NEXT_KEY = "platformtoken", "A" * 42 + "E", "B" * 42 + "E"
NOW = int(START.timestamp())
CANCEL = """select pg_cancel_backend(pid) from pg_stat_activity
where query like '%keep_pushes%' and pid <> pg_backend_pid()"""
FOLLOW = "<Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[qrscene_door]]></EventKey><Ticket>t</Ticket>"


def event(inner: str, *, openid: str = "oAlice", at: int = NOW) -> str:
    head = f"<ToUserName>gh_1</ToUserName><FromUserName>{openid}</FromUserName><CreateTime>{at}</CreateTime>"
    return f"<xml>{head}<MsgType>event</MsgType>{inner}</xml>"


def text(words: str, number: int) -> str:
    head = f"<ToUserName>gh_1</ToUserName><FromUserName>oAlice</FromUserName><CreateTime>{NOW}</CreateTime>"
    return f"<xml>{head}<MsgType>text</MsgType><Content>{words}</Content><MsgId>{number}</MsgId></xml>"


class WeChat:
    """WeChat's servers, as far as pushes go; it may be lied about."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url, self.session = url, session

    async def push(
        self, xml: str, *, appid: str = ACCOUNT, at: int = NOW, token: str = TOKEN, key: str = KEY, path: str = ""
    ) -> tuple[int, str]:
        sealed = MessageCrypt(token, key, COMPONENT).seal(xml.encode(), at, "nonce", random.randbytes(16))
        query = {"timestamp": str(at), "nonce": "nonce", "msg_signature": sealed.msg_signature, "encrypt_type": "aes"}
        body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{sealed.encrypt}</Encrypt></xml>"
        return await self.post(path or f"/wechat/messages/{appid}", query, body.encode())

    async def post(self, path: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
        async with self.session.post(self.url + path, params=query, data=body) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def wechat(world: World, merchant: UUID, url: str) -> AsyncIterator[WeChat]:
    """WeChat, with one account that has authorized."""
    async with world.tx(NIL) as tx:
        await components.configure(tx, appid=COMPONENT, secret="s" * 32, token=TOKEN, aes_key=KEY)
    async with world.tx(merchant) as tx:
        await accounts.authorize(tx, appid=ACCOUNT, component=COMPONENT, permissions=[1, 2, 3])
    # One connection per push: after a flood the platform hangs up, and the next push must not meet that.
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        yield WeChat(url, session)


async def facts(world: World, merchant: UUID, kind: str = "wechat.%") -> list[dict[str, Any]]:
    async with world.tx(merchant) as tx:
        sql = "select coalesce(jsonb_agg(data order by id), '[]') from fact where merchant_id = $1 and kind like $2"
        found = await tx.value(sql, merchant, kind)
    return list(found)


async def journal(owner: Browser) -> list[tuple[str, str | None, int]]:
    _, view = await owner("GET", "/api/console/wechat")
    return [(line["state"], line["event"], line["times"]) for line in view["callbacks"]]


async def test_a_follow_is_answered_and_becomes_a_fact(wechat: WeChat, world: World, merchant: UUID) -> None:
    assert (await wechat.push(event(FOLLOW)))[0] == 200
    await settle(world)
    expected = {"appid": ACCOUNT, "openid": "oAlice", "at": NOW, "scene": "door", "ticket": "t"}
    (followed,) = await facts(world, merchant, "wechat.followed")
    assert UUID(followed.pop("push"))
    assert followed == expected


async def test_it_is_durable_before_it_is_answered(wechat: WeChat, world: World) -> None:
    await wechat.push(text("你好", 1))
    async with world.inbox_tx() as tx:
        assert (
            await tx.value("select count(*) from inbox where bucket = $1 and raw is not null", bucket_of(ACCOUNT)) == 1
        )


async def test_a_database_that_cannot_commit_is_not_a_success(wechat: WeChat, world: World) -> None:
    async with world.inbox_tx() as tx:
        # Somebody holds the bucket, and the statement that waits for it is broken off.
        await tx.run("insert into inbox_bucket (bucket) values ($1)", bucket_of(ACCOUNT))
        waiting = asyncio.create_task(wechat.push(text("x", 1)))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await tx.run(CANCEL)
        status, _ = await waiting
    assert status >= 500


async def test_a_repeat_counts_once(wechat: WeChat, world: World, merchant: UUID) -> None:
    answers = await asyncio.gather(*(wechat.push(event(FOLLOW)) for _ in range(5)))
    # One delivery may carry the welcome; the others hear "success" or the same.
    assert {status for status, _ in answers} == {200}
    await settle(world)
    assert (await wechat.push(event(FOLLOW)))[0] == 200
    await settle(world)
    assert len(await facts(world, merchant, "wechat.followed")) == 1


async def test_two_messages_with_the_same_words_are_two(wechat: WeChat, world: World, merchant: UUID) -> None:
    await wechat.push(text("在吗", 1))
    await wechat.push(text("在吗", 2))
    await settle(world)
    assert len(await facts(world, merchant, "wechat.said")) == 2


async def test_what_is_signed_but_lacks_a_part_is_kept_and_shown(
    wechat: WeChat, world: World, merchant: UUID, owner: Browser
) -> None:
    await wechat.push(text("没有编号", 1).replace("<MsgId>1</MsgId>", ""))
    status, answer = await wechat.push(event("<Event>MASSSENDJOBFINISH</Event><Status>send success</Status>"))
    assert (status, answer) == (200, "success"), "WeChat would come again, and tell people that nobody answers"
    await settle(world)
    (said,) = await facts(world, merchant, "wechat.said")
    assert said["text"] == "没有编号"
    (kept,) = await facts(world, merchant, "wechat.other_pushed")
    assert (kept["name"], kept["data"]["Status"]) == ("MASSSENDJOBFINISH", "send success")
    assert {line[1] for line in await journal(owner)} == {"text", "masssendjobfinish"}


async def test_many_keep_their_order_and_none_is_lost(wechat: WeChat, world: World, merchant: UUID) -> None:
    for start in range(0, 60, 20):
        await asyncio.gather(*(wechat.push(text(f"{n:03}", n + 1)) for n in range(start, start + 20)))
    await asyncio.gather(settle(world), settle(world))
    said = [fact["text"] for fact in await facts(world, merchant, "wechat.said")]
    assert sorted(said) == [f"{n:03}" for n in range(60)]
    assert [w[:1] for w in said] == sorted(w[:1] for w in said)


async def test_a_reader_killed_between_effect_and_mark_reads_again_without_effect(
    wechat: WeChat, world: World, merchant: UUID
) -> None:
    await wechat.push(event(FOLLOW))
    bucket = bucket_of(ACCOUNT)
    async with world.inbox_tx() as tx:
        letters = await tx.all(read.Letter, read.UNREAD, bucket, 10)
    await read._deliver(world, letters)  # and the process dies before the inbox hears of it
    await settle(world)
    assert len(await facts(world, merchant, "wechat.followed")) == 1


async def test_one_reader_per_bucket(wechat: WeChat, world: World, merchant: UUID) -> None:
    await wechat.push(event(FOLLOW))
    async with world.inbox_tx() as tx:
        fence = await tx.value(read.TAKE, bucket_of(ACCOUNT))
    await settle(world)
    assert await facts(world, merchant, "wechat.followed") == []
    async with world.inbox_tx() as tx:
        await tx.run(read.FREE, bucket_of(ACCOUNT), fence)
    world.clock.advance(read.timedelta(seconds=1))  # type: ignore[attr-defined]
    await settle(world)
    assert len(await facts(world, merchant, "wechat.followed")) == 1


async def test_forgeries_are_refused_and_counted(wechat: WeChat, owner: Browser) -> None:
    for _ in range(3):
        status, answer = await wechat.push(event(FOLLOW), token="guessed")
        assert (status, "callback.forged" in answer) == (401, True)
    assert (await wechat.push(event(FOLLOW), key=NEXT_KEY))[0] == 400
    assert (await wechat.push(event(FOLLOW), at=NOW - 700))[0] == 401
    assert sorted(await journal(owner)) == [("forged", None, 3), ("stale", None, 1), ("unreadable", None, 1)]


async def test_plain_bodies_bombs_and_floods_are_refused(wechat: WeChat) -> None:
    path, query = f"/wechat/messages/{ACCOUNT}", {"timestamp": str(NOW), "nonce": "n", "signature": "x"}
    assert (await wechat.post(path, query, event(FOLLOW).encode()))[0] == 401
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><Encrypt>&a;</Encrypt></xml>'
    assert (await wechat.post(path, query, bomb))[0] == 400
    assert (await wechat.post(path, query, b"x" * 300_000))[0] == 413
    assert (await wechat.post(path, query, b""))[0] == 400


async def test_strangers_get_no_hint(wechat: WeChat) -> None:
    for path in ("/wechat/messages/wxffffffffffffffff", "/wechat/messages/", "/wechat/component/wx1234/ticket",
                 f"/wechat/component/{COMPONENT}", f"/wechat/messages/{ACCOUNT}/more"):  # fmt: skip
        status, answer = await wechat.push(event(FOLLOW), path=path)
        assert (status, "not_found" in answer) == (404, True), path


async def test_the_address_check_is_answered(wechat: WeChat) -> None:
    query = {"timestamp": "1", "nonce": "n", "signature": sha1_signature(TOKEN, "1", "n"), "echostr": "hello"}
    for path in (f"/wechat/messages/{ACCOUNT}", f"/wechat/component/{COMPONENT}/ticket"):
        async with wechat.session.get(wechat.url + path, params=query) as answer:
            assert (answer.status, await answer.text()) == (200, "hello")
        async with wechat.session.get(wechat.url + path, params=query | {"signature": "x"}) as answer:
            assert answer.status == 401


async def test_keys_are_rotated_without_losing_a_message(wechat: WeChat, world: World, merchant: UUID) -> None:
    await wechat.push(text("old", 1))
    async with world.tx(NIL) as tx:
        await components.configure(tx, appid=COMPONENT, secret="s" * 32, token=TOKEN, aes_key=NEXT_KEY)
    assert (await wechat.push(text("new", 2), key=NEXT_KEY))[0] == 200
    assert (await wechat.push(text("still old", 3), key=KEY))[0] == 200
    await settle(world)
    assert len(await facts(world, merchant, "wechat.said")) == 3


async def test_a_responder_answers_on_the_spot(wechat: WeChat, world: World) -> None:
    async def parrot(_: World, __: UUID, push: Any) -> bytes | None:
        said = push.message
        return replies.passive_text(said, f"{said.content}!", now=NOW) if push.kind == "message.text" else None

    world.fill(RESPONDERS, [parrot])
    status, answer = await wechat.push(text("你好", 1))
    assert (status, answer.startswith("<xml><Encrypt>")) == (200, True)
    assert await wechat.push(event(FOLLOW)) == (200, "success")


async def test_everything_else_is_kept_by_name(wechat: WeChat, world: World, merchant: UUID) -> None:
    for inner in (
        "<Event>unsubscribe</Event><EventKey></EventKey>",
        "<Event>SCAN</Event><EventKey>door</EventKey><Ticket>t</Ticket>",
        "<Event>CLICK</Event><EventKey>V1</EventKey>",
        "<Event>VIEW</Event><EventKey>http://x</EventKey><MenuId>1</MenuId>",
        "<Event>LOCATION</Event><Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>1</Precision>",
        "<Event>never_heard_of</Event><EventKey>k</EventKey>",
    ):
        assert (await wechat.push(event(inner)))[0] == 200
    await settle(world)
    kinds = ["located", "menu_clicked", "menu_clicked", "other_pushed", "scanned", "unfollowed"]
    async with world.tx(merchant) as tx:
        found = await tx.value(
            """select array_agg(kind order by kind) from fact
            where merchant_id = $1 and kind like 'wechat.%' and kind <> $2""",
            merchant,
            "wechat.account_authorized",
        )
    assert found == [f"wechat.{kind}" for kind in kinds]


async def test_the_inbox_role_can_do_nothing_else(world: World) -> None:
    for sql in (
        "select 1 from account_directory",
        "select 1 from job",
        "insert into job (merchant_id, id, kind, data, due_at, created_at) "
        f"values ('{NIL}', '{NIL}', 'a.b', '{{}}', now(), now())",
    ):
        with pytest.raises(Exception, match=r"permission denied|row-level security"):
            async with world.inbox_tx() as tx:
                await tx.run(sql)
