"""Messages to many of more kinds, and how what was sent is found again with each person it went to."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from context.test_broadcasts import HELLO, confirm, do, finish, got, people, write
from make import files
from make.towns import ACCOUNT, Town, founded
from wxsandbox.client import Phone


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        await made.owner("PUT", "/api/console/welcome", {"enabled": False})
        yield made


async def thread(town: Town, openid: str) -> list[tuple[str, str]]:
    """Read a person's conversation in the console: how, and what."""
    async with town.world.tx(town.merchant) as tx:
        fan = await tx.value("select id from fan where merchant_id = $1 and openid = $2", tx.merchant, openid)
    _, page = await town.owner("GET", f"/api/console/conversations/{fan}/messages")
    return [(line["channel"], line["text"]) for line in page["items"]]


async def openid(town: Town, phone: Phone) -> str:
    payer = await town.sandbox.call("POST", f"/people/{phone.name}/payer", {"appid": ACCOUNT})
    return str(payer["openid"])


async def test_what_went_to_everybody_is_seen_in_each_thread_and_written_down_once(town: Town) -> None:
    ann, bob = await people(town, "ann", "bob")
    one = await write(town)
    await confirm(town, one, 2)
    await finish(town)
    (cat,) = await people(town, "cat")
    named = await write(town, by="people", fan_ids=[fan["id"] for fan in await town.fans()][:2], message=HELLO)
    await confirm(town, named, 2)
    await finish(town)
    async with town.world.tx(town.merchant) as tx:
        assert await tx.value("select count(*) from broadcast_recipient where merchant_id = $1", tx.merchant) == 2
    threads = {phone.name: await thread(town, await openid(town, phone)) for phone in (ann, bob, cat)}
    assert sorted(len(lines) for lines in threads.values()) == [1, 1, 2]
    assert {line for lines in threads.values() for line in lines} == {("mass", "新茶上市")}
    for phone in (ann, bob, cat):
        assert len(await got(phone)) == len(threads[phone.name])


async def test_messages_to_everybody_count_for_the_month(town: Town) -> None:
    await people(town, "ann", "bob")
    for _ in range(4):
        one = await write(town)
        await confirm(town, one, 2)
        await finish(town)
    await people(town, "cat")
    assert await do(town, "POST", "/reach", {"audience": {"by": "all"}}) == {"people": 3, "exhausted": 2}


async def test_music_cards_and_pictures_with_words_arrive(town: Town) -> None:
    ann, _ = await people(town, "ann", "bob")
    form = aiohttp.FormData()
    form.add_field("file", files.picture("#246", (940, 400)), filename="a.png", content_type="image/png")
    _, picture = await town.owner("POST", "/api/console/materials?kind=image", None, data=form)
    song = {"title": "采茶曲", "description": "民乐", "url": "https://example.com/a.mp3"}
    post = {
        "title": "茶园一日",
        "body": "清晨\n采茶 <b>",
        "kind": "newspic",
        "pictures": [picture["id"]],
        "comments": True,
    }
    set_id = str(uuid4())
    status, kept = await town.owner("PUT", f"/api/console/articles/{set_id}", {"articles": [post]})
    assert (status, kept["articles"][0]["body"]) == (200, "清晨\n采茶 <b>"), kept
    for message in (
        {"kind": "music", "materials": [picture["id"]], "extra": song},
        {"kind": "wxcard", "extra": {"card_id": "pCard"}},
        {"kind": "mpnews", "article_set_id": set_id},
    ):
        one = await write(town, message=message)
        await confirm(town, one, 2)
        await finish(town)
        done = await do(town, "GET", f"/{one}")
        assert done["state"] == "finished", done
    music, card, news = await got(ann)
    assert (music["kind"], music["content"]["title"], music["content"]["musicurl"]) == ("music", "采茶曲", song["url"])
    assert (card["kind"], card["content"]["card_id"]) == ("wxcard", "pCard")
    shown = await ann.open(news["content"]["articles"][0]["url"])
    assert "采茶 &lt;b&gt;" in shown.text
    assert "script" not in shown.headers.get("Content-Security-Policy", "script"), shown.headers
    (out,) = (await town.owner("GET", "/api/console/comments"))[1]["items"]
    assert (out["how"], out["articles"][0]["open"]) == ("sent", True)
    assert [text for _, text in await thread(town, await openid(town, ann))] == [
        "《茶园一日》",
        "[卡券]",
        "[音乐] 采茶曲",
    ]
