"""The journal: everything both ways can be found, nothing secret or personal is kept open, a replay acts once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from make.towns import ACCOUNT, COMPONENT, Town, founded
from tongshang.platform.ids import NIL
from tongshang.platform.work import settle
from tongshang.wechat import accounts, calls
from tongshang.wechat.inbox import keep
from tongshang.wechat.journal import days, masking, outgoing, search
from tongshang.wechat.journal import replay as replaying
from tongshang.wechat.vault import tokens
from tongshang.wechat.vault.store import Key, Kind
from weixin.errors import Unreachable, WeixinError

QR = {"action_name": "QR_STR_SCENE", "expire_seconds": 60, "action_info": {"scene": {"scene_str": "a"}}}
SAID = "<xml><ToUserName>gh</ToUserName><FromUserName>oBob</FromUserName><CreateTime>1795140000</CreateTime>"
STRANGER = "wxdddddddddddddddd"
BREAK = "alter table fact add constraint broken check (data->>'openid' is distinct from 'oBob') not valid"
MEND = "alter table fact drop constraint broken"
PARTS = "select array(select inhrelid::regclass::text from pg_inherits where inhparent = 'wechat_journal'::regclass)"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


async def look(town: Town, query: str = "") -> list[dict[str, Any]]:
    status, page = await town.owner("GET", f"/api/console/wechat/journal?limit=100&{query}")
    assert status == 200, page
    return list(page["items"])


async def replay(town: Town, key: str) -> tuple[int, dict[str, Any]]:
    return await town.owner("POST", f"/api/console/wechat/journal/{key}/replay")


async def facts(town: Town, openid: str) -> int:
    async with town.world.tx(town.merchant) as tx:
        sql = "select count(*) from fact where merchant_id = $1 and kind = 'wechat.said' and data->>'openid' = $2"
        return int(await tx.value(sql, tx.merchant, openid))


def text(words: str, number: int, appid: str = ACCOUNT) -> keep.Pushed:
    raw = f"{SAID}<MsgType>text</MsgType><Content>{words}</Content><MsgId>{number}</MsgId></xml>"
    return keep.Pushed(uuid4(), appid, "message.text", "oBob", raw.encode())


async def test_calls_and_callbacks_are_found_by_every_field(town: Town) -> None:
    await town.alice.follow(ACCOUNT)
    await town.settle()
    await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR)
    with pytest.raises(WeixinError) as refused:
        await calls.get(town.world, town.merchant, "/cgi-bin/user/info", {"openid": "oNobody"})
    every = await look(town)
    assert [one["at"] for one in every] == sorted((one["at"] for one in every), reverse=True)
    (follow,) = await look(town, "direction=in&name=event.subscribe")
    assert (follow["state"], follow["appid"], follow["errcode"]) == ("received", ACCOUNT, 0)
    assert follow in await look(town, f"openid={follow['openid']}")
    (bad,) = await look(town, "openid=oNobody")
    assert (bad["errcode"], bad["kind"], bad["state"]) == (refused.value.errcode, "give_up", "refused")
    assert bad["rid"] == refused.value.rid
    assert bad["zh"]
    assert bad["latency_ms"] >= 0
    for query in (f"rid={bad['rid']}", f"errcode={bad['errcode']}", "state=refused&direction=out", "trouble=true"):
        assert [one["id"] for one in await look(town, query)] == [bad["id"]], query
    made = await look(town, "name=POST%20/cgi-bin/qrcode/*")
    assert [one["state"] for one in made] == ["done"]
    tokens_asked = await look(town, "name=POST%20/cgi-bin/component/*")
    assert tokens_asked, "the vault's own calls"
    assert (
        await look(town, f"until={(town.world.clock.now() - timedelta(days=1)).strftime('%Y-%m-%dT%H:%M:%SZ')}") == []
    )


async def test_slow_calls_are_found(town: Town) -> None:
    await town.sandbox.fault("POST /cgi-bin/qrcode/create", "slow", seconds=1.1, times=1)
    await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR)
    await calls.get(town.world, town.merchant, "/cgi-bin/draft/count")
    found = await look(town, "slow=true")
    assert "POST /cgi-bin/qrcode/create" in {one["name"] for one in found}
    assert all(one["latency_ms"] >= 1000 for one in found)


async def test_pages_join_without_gap_or_repeat(town: Town) -> None:
    for _ in range(5):
        await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR)
    every, found, after = [one["id"] for one in await look(town)], [], ""
    while True:
        _, page = await town.owner("GET", f"/api/console/wechat/journal?limit=2{after}")
        found += [one["id"] for one in page["items"]]
        if not page["next"]:
            break
        after = f"&after={page['next']}"
    assert len(every) > 5
    assert found == every


async def test_nothing_secret_or_personal_is_kept_open(town: Town, database_url: str) -> None:
    token = (await tokens.get(town.world, Key(town.merchant, Kind.AUTHORIZER, ACCOUNT))).value
    await town.alice.follow(ACCOUNT)
    await town.alice.say(ACCOUNT, "我叫王小明，电话13812345678，住龙井路一号")
    await town.settle()
    body = {"touser": "oX", "msgtype": "text", "text": {"content": "王小明 13812345678"}}
    template = {
        "touser": "oX",
        "template_id": "t",
        "data": {"name1": {"value": "王小明"}, "thing2": {"value": "龙井路"}},
    }
    for path, sent in (("/cgi-bin/message/custom/send", body), ("/cgi-bin/message/template/send", template)):
        try:
            await calls.post(town.world, town.merchant, path, sent)
        except WeixinError:
            pass  # nobody is called oX; what was asked is kept all the same
    await outgoing.flushed(town.world)
    connection = await asyncpg.connect(database_url)
    try:
        kept = str(await connection.fetchval("select string_agg(j::text, ' ') from wechat_journal j"))
    finally:
        await connection.close()
    said = (await look(town, "name=message.text"))[0]
    _, shown = await town.owner("GET", f"/api/console/wechat/journal/{said['id']}")
    for words in ("王小明", "13812345678", "龙井", token, "refreshtoken@@@", "preauthcode@@@", "ticket@@@"):
        assert words not in kept, words
        assert words not in str(shown), words
    assert said["openid"] in shown["request"], "openids stay"
    assert "touser" in kept
    assert len(kept) > 1000


def test_bodies_are_short_and_masked_at_any_depth() -> None:
    long = masking.body(b'{"list":[' + b'"x",' * 5000 + b'"y"]}')
    assert len(long) == masking.LIMIT
    assert masking.body(b"\x89PNG\x00") == "(5 bytes)"
    shown = masking.body(b'{"a":{"b":[{"access_token":"s3","openid":"o1","errcode":0,"n":"13812345678"}]}}')
    assert shown == '{"a":{"b":[{"access_token":"***","openid":"o1","errcode":0,"n":"***"}]}}'
    assert "\x00" not in masking.short("a\x00b")


async def test_a_push_that_broke_holds_nobody_up_and_is_replayed_once(town: Town, database_url: str) -> None:
    other = text("好的", 2)
    connection = await asyncpg.connect(database_url)
    await connection.execute(BREAK)
    await keep.keep(town.world, text("坏的", 1))
    await keep.keep(town.world, keep.Pushed(uuid4(), ACCOUNT, other.kind, "oEve", other.raw.replace(b"oBob", b"oEve")))
    try:
        await settle(town.world)
        (failed,) = await look(town, "state=failed&direction=in")
        assert (await facts(town, "oEve"), await facts(town, "oBob")) == (1, 0)
        status, answer = await replay(town, failed["id"])
        assert (status, answer["code"]) == (409, "journal.unreadable"), "what broke it breaks it still"
    finally:
        await connection.execute(MEND)
        await connection.close()
    assert await replay(town, failed["id"]) == (200, {"outcome": "effects", "answer": ""})
    assert await replay(town, failed["id"]) == (200, {"outcome": "done_before", "answer": ""})
    await settle(town.world)
    assert await facts(town, "oBob") == 1


async def test_a_push_that_was_read_is_not_read_again(town: Town) -> None:
    await keep.keep(town.world, text("在吗", 3))
    await settle(town.world)
    (said,) = await look(town, "openid=oBob")
    assert (await replay(town, said["id"]))[1]["outcome"] == "done_before"
    assert await facts(town, "oBob") == 1
    assert (await replay(town, f"1-{uuid4().hex}"))[0] == 404
    assert (await replay(town, "what"))[0] == 404


async def test_an_orphan_finds_its_merchant_later(town: Town) -> None:
    await keep.keep(town.world, text("有人吗", 4, STRANGER))
    await settle(town.world)
    assert await facts(town, "oBob") == 0
    async with town.world.tx(NIL) as tx:
        (line,) = (await search.find(tx, search.Asked(state="orphan"), after=None, limit=5)).items
    with pytest.raises(replaying.StillNobodys):
        await replaying.replay(town.world, NIL, key=line.id)
    async with town.world.system_tx() as tx:
        await tx.run(accounts.CLAIM, STRANGER, town.merchant, COMPONENT)
    assert (await replaying.replay(town.world, NIL, key=line.id)).outcome == "effects"
    assert (await replaying.replay(town.world, NIL, key=line.id)).outcome == "done_before"
    assert await facts(town, "oBob") == 1


async def test_only_what_is_safe_is_asked_again(town: Town) -> None:
    await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR)
    await calls.get(town.world, town.merchant, "/cgi-bin/draft/count")
    (wrote,), (read,) = (
        await look(town, "name=POST%20/cgi-bin/qrcode/*"),
        await look(town, "name=GET%20/cgi-bin/draft/*"),
    )
    status, answer = await replay(town, wrote["id"])
    assert (status, answer["code"]) == (409, "journal.not_safe")
    before = await town.calls("/cgi-bin/draft/count")
    status, answer = await replay(town, read["id"])
    assert (status, answer["outcome"]) == (200, "asked_again")
    assert "total_count" in answer["answer"]
    assert await town.calls("/cgi-bin/draft/count") == before + 1


async def test_a_journal_that_cannot_be_written_fails_no_call(town: Town, database_url: str) -> None:
    await outgoing.flushed(town.world)
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("alter table wechat_journal rename to elsewhere")
        assert (await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR))["ticket"]
        await outgoing.flushed(town.world)
        assert outgoing.keeper(town.world).lost == 1
        await connection.execute("alter table elsewhere rename to wechat_journal")
    finally:
        await connection.close()
    await town.sandbox.fault("POST /cgi-bin/qrcode/create", "status", status=500, times=1)
    with pytest.raises(Unreachable):
        await calls.post(town.world, town.merchant, "/cgi-bin/qrcode/create", QR)
    assert [one["state"] for one in await look(town, "trouble=true")] == ["unreachable"]


async def test_days_are_made_ahead_and_dropped_whole(town: Town) -> None:
    async def parts() -> set[str]:
        async with town.world.system_tx() as tx:
            return set(await tx.value(PARTS))

    async def lines() -> int:
        async with town.world.tx(town.merchant) as tx:
            return int(await tx.value("select count(*) from wechat_journal where merchant_id = $1", tx.merchant))

    await days.keep(town.world)
    tomorrow = f"part.wechat_journal_{town.world.clock.now() + timedelta(days=1):%Y%m%d}"
    assert tomorrow in await parts()
    await town.advance(days=1)
    await calls.get(town.world, town.merchant, "/cgi-bin/draft/count")
    await outgoing.flushed(town.world)
    async with town.world.tx(town.merchant) as tx:
        sql = "select tableoid::regclass::text from wechat_journal where merchant_id = $1 order by at desc limit 1"
        assert await tx.value(sql, tx.merchant) == tomorrow
    before = await lines()
    await town.advance(days=30)
    await days.keep(town.world)
    assert 0 < await lines() < before, "what is a day younger stays"
    await town.advance(days=1)
    await days.keep(town.world)
    assert await lines() == 0
    assert tomorrow not in await parts()
