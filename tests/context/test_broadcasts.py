"""Messages to many: counted, confirmed with the count, sent once to the right people, and told of."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest

from make import files
from make.towns import ACCOUNT, Town, founded
from tongshang.platform.work import settle
from wxsandbox.client import Phone

SENDALL, SEND = "POST /cgi-bin/message/mass/sendall", "POST /cgi-bin/message/mass/send"
RESULT = "callback:message.event.MASSSENDJOBFINISH"
HELLO = {"kind": "text", "text": "新茶上市"}


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        await made.owner("PUT", "/api/console/welcome", {"enabled": False})
        yield made


async def people(town: Town, *names: str) -> list[Phone]:
    phones = [await town.sandbox.person(name) for name in names]
    for phone in phones:
        await phone.follow(ACCOUNT)
    await town.settle()
    return phones


async def do(town: Town, method: str, path: str, body: Any = None, *, status: int = 0) -> Any:
    answered, answer = await town.owner(method, f"/api/console/broadcasts{path}", body)
    assert answered == status if status else answered < 300, (answered, answer)
    return answer


async def write(town: Town, *, message: Any = None, **audience: Any) -> str:
    one = str(uuid4())
    await do(town, "PUT", f"/{one}", {"message": message or HELLO, "audience": audience or {"by": "all"}})
    return one


async def confirm(town: Town, one: str, count: int, **more: Any) -> Any:
    return await do(town, "POST", f"/{one}/confirmation", {"people": count, **more})


async def finish(town: Town) -> None:
    await town.settle()
    await town.advance(seconds=5)
    await town.settle()


async def got(phone: Phone) -> list[dict[str, Any]]:
    return [bubble for bubble in await phone.chat(ACCOUNT) if bubble["via"] == "mass"]


async def test_everybody_gets_it_once_however_often_it_is_asked_for(town: Town) -> None:
    ann, bob = await people(town, "ann", "bob")
    one = await write(town)
    assert await do(town, "POST", "/reach", {"audience": {"by": "all"}}) == {"people": 2, "exhausted": 0}
    wrong = await do(town, "POST", f"/{one}/confirmation", {"people": 3}, status=409)
    assert (wrong["code"], wrong["now"]) == ("broadcast.other_count", "2")
    # The answer is lost twice: the same number goes out three times, and WeChat sends once.
    await town.sandbox.fault(SENDALL, "lost", times=2)
    for _ in range(2):
        await confirm(town, one, 2)
    for _ in range(60):  # the pauses between the attempts are drawn
        await finish(town)
        if (await do(town, "GET", f"/{one}"))["state"] == "finished":
            break
    assert [len(await got(ann)), len(await got(bob))] == [1, 1]
    done = await do(town, "GET", f"/{one}")
    assert (done["state"], done["total"], done["sent"], done["errors"]) == ("finished", 2, 2, 0)
    assert [line["kind"] for line in done["timeline"]] == [
        "broadcast.finished", "broadcast.handed", "broadcast.confirmed",
    ]  # fmt: skip
    assert await town.calls("/cgi-bin/message/mass/sendall") == 3
    assert (await do(town, "POST", f"/{one}/cancellation", status=409))["code"] == "state.illegal_move"


async def test_a_filter_names_people_and_leaves_out_who_can_get_no_more(town: Town) -> None:
    ann, bob, cat = await people(town, "ann", "bob", "cat")
    fans = {fan["id"] for fan in await town.fans()}
    tag, ours = uuid4(), sorted(UUID(fan) for fan in fans)
    status, made = await town.owner("PUT", f"/api/console/tags/{tag}", {"name": "老客"})
    assert status < 300, made
    await town.settle()
    task = {"kind": "tag", "tag_id": str(tag), "fan_ids": [str(fan) for fan in ours[:2]]}
    status, made = await town.owner("PUT", f"/api/console/fan-tasks/{uuid4()}", task)
    assert status < 300, made
    await town.settle()
    audience = {"by": "filter", "tag_ids": [str(tag)], "bought": False}
    for _ in range(4):
        one = await write(town, **audience)
        await confirm(town, one, 2)
        await finish(town)
    assert (await do(town, "GET", f"/{one}"))["state"] == "finished"
    assert await do(town, "POST", "/reach", {"audience": audience}) == {"people": 2, "exhausted": 2}
    fifth = await write(town, **audience)
    refused = await do(town, "POST", f"/{fifth}/confirmation", {"people": 2}, status=409)
    assert refused["code"] == "broadcast.nobody"
    counts = [len(await got(phone)) for phone in (ann, bob, cat)]
    assert sorted(counts) == [0, 4, 4]
    nobody = await do(town, "POST", "/reach", {"audience": {**audience, "bought": True}})
    assert nobody == {"people": 0, "exhausted": 0}
    later = {"by": "filter", "followed_from": (town.world.clock.now() + timedelta(days=1)).isoformat()}
    assert (await do(town, "POST", "/reach", {"audience": later}))["people"] == 0


async def test_it_goes_when_its_time_has_come_unless_it_is_called_off(town: Town) -> None:
    ann, _ = await people(town, "ann", "bob")
    at = (town.world.clock.now() + timedelta(hours=2)).isoformat()
    keep, off = await write(town), await write(town)
    for one in (keep, off):
        await confirm(town, one, 2, send_at=at)
    await town.settle()
    assert (await do(town, "POST", f"/{off}/cancellation"))["state"] == "cancelled"
    await town.advance(hours=1)
    await town.settle()
    assert await got(ann) == []
    await town.advance(hours=1, seconds=1)
    await finish(town)
    assert len(await got(ann)) == 1
    assert [(await do(town, "GET", f"/{one}"))["state"] for one in (keep, off)] == ["finished", "cancelled"]
    past = (town.world.clock.now() - timedelta(hours=1)).isoformat()
    late = await do(town, "POST", f"/{await write(town)}/confirmation", {"people": 2, "send_at": past}, status=400)
    assert late["code"] == "broadcast.past"


async def test_a_subscription_account_sends_once_a_day(town: Town) -> None:
    await people(town, "ann", "bob")
    await town.sandbox.account(ACCOUNT, service_type=1)
    async with town.world.tx(town.merchant) as tx:
        await tx.run("update account set service_type = 1 where merchant_id = $1", tx.merchant)
    await confirm(town, await write(town), 2)
    await finish(town)
    quota = await do(town, "GET", "/quota")
    assert (quota["service"], quota["per_day"], quota["left_today"]) == (False, 1, 0)
    refused = await do(town, "POST", f"/{await write(town)}/confirmation", {"people": 2}, status=409)
    assert refused["code"] == "broadcast.quota"
    assert await town.calls("/cgi-bin/message/mass/sendall") == 1


async def test_what_wechat_judges_is_said_and_without_its_event_we_ask(town: Town) -> None:
    await people(town, "ann", "bob")
    await town.sandbox.fault("mass", "verdict", data={"status": "err(20001)"}, times=1)
    bad = await write(town)
    await confirm(town, bad, 2)
    await finish(town)
    shown = await do(town, "GET", f"/{bad}")
    assert (shown["state"], shown["why"][0]) == ("failed", "涉嫌政治，微信未发送")
    await town.sandbox.fault(SENDALL, "error", errcode=48003, times=1)
    no_terms = await write(town)
    await confirm(town, no_terms, 2)
    await finish(town)
    assert "群发协议" in (await do(town, "GET", f"/{no_terms}"))["why"][0]
    await town.sandbox.fault(RESULT, "lose")
    quiet = await write(town)
    await confirm(town, quiet, 2)
    await finish(town)
    assert (await do(town, "GET", f"/{quiet}"))["state"] == "sent"
    for _ in range(8):
        await town.advance(minutes=2)
        await town.settle()
    asked = await do(town, "GET", f"/{quiet}")
    assert (asked["state"], asked["sent"]) == ("finished", None)


async def test_a_result_that_overtakes_our_own_answer_is_not_lost(town: Town) -> None:
    await people(town, "ann", "bob")
    await town.sandbox.fault(SENDALL, "lost", times=1)
    one = await write(town)
    await confirm(town, one, 2)
    await settle(town.world)
    await town.sandbox.advance(5)  # WeChat has sent it and says so; our own call has not been repeated yet
    await settle(town.world)
    assert (await do(town, "GET", f"/{one}"))["parts"][0]["state"] == "sending"
    await town.advance(seconds=5)
    await finish(town)
    assert (await do(town, "GET", f"/{one}"))["sent"] == 2


async def material(town: Town, kind: str, data: bytes, name: str) -> str:
    form = aiohttp.FormData()
    form.add_field("file", data, filename=name, content_type="application/octet-stream")
    query = {"kind": kind, "title": "采茶"}
    status, made = await town.owner("POST", "/api/console/materials", None, data=form, params=query)
    assert status == 201, made
    return str(made["id"])


async def test_pictures_voices_films_and_articles_arrive_and_can_be_tried_first(town: Town) -> None:
    ann, bob = await people(town, "ann", "bob")
    picture = await material(town, "image", files.picture(), "a.png")
    voice = await material(town, "voice", files.amr(), "a.amr")
    film = await material(town, "video", files.mp4(), "a.mp4")
    articles = str(uuid4())
    body = {"articles": [{"title": "春茶", "body": "<p>明前</p>", "cover_id": picture, "digest": "今日开采"}]}
    assert (await town.owner("PUT", f"/api/console/articles/{articles}", body))[0] == 200
    messages = [
        {"kind": "image", "materials": [picture]}, {"kind": "voice", "materials": [voice]},
        {"kind": "video", "materials": [film]}, {"kind": "mpnews", "article_set_id": articles},
    ]  # fmt: skip
    fan = (await town.fans())[0]
    for message in messages:
        one = await write(town, message=message)
        await do(town, "POST", f"/{one}/trial", {"fan_id": fan["id"]})
        await confirm(town, one, 2)
        await finish(town)
        assert (await do(town, "GET", f"/{one}"))["state"] == "finished", message
    assert [bubble["kind"] for bubble in await got(ann)] == ["image", "voice", "video", "news"]
    card = (await got(ann))[-1]["content"]["articles"][0]
    assert (card["title"], card["description"]) == ("春茶", "今日开采")
    assert "明前" in (await ann.open(card["url"])).text
    tried = [b["kind"] for phone in (ann, bob) for b in await phone.chat(ACCOUNT) if b["via"] == "preview"]
    assert tried == ["image", "voice", "video", "news"]
    assert (await do(town, "POST", f"/{one}/deletion", {}))["state"] == "deleted"
    assert "已被发布者删除" in (await ann.open(card["url"])).text
    text = await write(town)
    await do(town, "POST", f"/{text}/trial", {"name": "bob"})
    wrong = {"message": {"kind": "voice", "materials": [picture]}, "audience": {"by": "all"}}
    assert (await do(town, "PUT", f"/{uuid4()}", wrong, status=400))["code"] == "invalid"
    speed = await do(town, "PUT", "/speed", {"level": 4})
    assert (speed["level"], speed["people_per_minute"]) == (4, 100_000)
