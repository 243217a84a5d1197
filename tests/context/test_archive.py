"""What the account has of articles at WeChat: read page by page, found by pickers, adopted to be edited here."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from context.test_articles import do, write
from make import files
from make.towns import Town, founded
from tongshang.wechat import calls
from weixin.multipart import File
from weixin.products.mp import drafts, materials, publishing

LIST = "POST /cgi-bin/draft/batchget"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


async def elsewhere(town: Town, count: int) -> list[str]:
    """Write drafts at the official site, which nobody here has heard of."""
    file = File("cover.png", "image/png", files.picture("#246", (900, 383)))
    cover = await calls.ask(
        town.world, town.merchant, lambda c, token: materials.add(c, token=token, kind="image", file=file)
    )
    made = []
    for n in range(count):
        articles = [{"title": f"旧文 {n}", "content": f"<p>第 {n} 篇</p>", "thumb_media_id": cover.media_id}]
        made.append(
            await calls.ask(
                town.world,
                town.merchant,
                lambda c, token, articles=articles: drafts.add(c, token=token, articles=articles),  # type: ignore[misc]
            )
        )
    return made


async def listed(town: Town, place: str, **query: Any) -> list[dict[str, Any]]:
    asked = "&".join(f"{name}={value}" for name, value in {"place": place, "limit": 100, **query}.items())
    return list((await do(town, "GET", f"/archive?{asked}"))["items"])


async def test_a_merchant_who_comes_with_an_account_sees_what_is_there(town: Town) -> None:
    old = await elsewhere(town, 25)
    await calls.ask(town.world, town.merchant, lambda c, token: publishing.submit(c, token=token, media_id=old[0]))
    await town.advance(seconds=6)
    assert (await do(town, "GET", "/archive/import"))["latest"] is None
    await town.sandbox.fault(LIST, "lost", after=1, times=1)
    await do(town, "POST", "/archive/import")
    await town.settle()
    halfway = (await do(town, "GET", "/archive/import"))["latest"]
    assert (halfway["state"], halfway["place"], halfway["reached"], halfway["total"]) == ("running", "draft", 20, 24)
    await town.advance(seconds=10)
    await town.settle()
    done = (await do(town, "GET", "/archive/import"))["latest"]
    assert (done["state"], done["seen"], done["added"], done["gone"]) == ("done", 25, 25, 0)
    assert len(await listed(town, "draft")) == 24
    (out,) = await listed(town, "published")
    assert (out["title"], out["article_set_id"]) == ("旧文 0", None)
    assert "第 0 篇" in (await town.alice.open(out["articles"][0]["url"])).text
    assert [one["title"] for one in await listed(town, "draft", q="旧文 7")] == ["旧文 7"]


async def test_a_draft_is_adopted_edited_and_pushed_back(town: Town) -> None:
    (media_id,) = await elsewhere(town, 1)
    await do(town, "POST", "/archive/import")
    await town.settle()
    (found,) = await listed(town, "draft")
    set_id = uuid4()
    for _ in range(2):
        made = await do(town, "PUT", f"/archive/{found['id']}/adoption/{set_id}")
        assert made["article_set_id"] == str(set_id)
    kept = await do(town, "GET", f"/articles/{set_id}")
    assert (kept["draft"], kept["articles"][0]["body"]) == ("same", "<p>第 0 篇</p>")
    assert kept["articles"][0]["cover_id"]
    (found,) = await listed(town, "draft")
    assert found["article_set_id"] == str(set_id)
    kept["articles"][0]["title"] = "新文"
    await do(town, "PUT", f"/articles/{set_id}", {"articles": kept["articles"], "rev": 1})
    await do(town, "POST", f"/articles/{set_id}/draft")
    told = await calls.ask(town.world, town.merchant, lambda c, token: drafts.get(c, token=token, media_id=media_id))
    assert told[0]["title"] == "新文"


async def test_what_is_gone_at_wechat_says_so_and_leaves_the_list(town: Town) -> None:
    (media_id,) = await elsewhere(town, 1)
    await do(town, "POST", "/archive/import")
    await town.settle()
    (found,) = await listed(town, "draft")
    await calls.ask(town.world, town.merchant, lambda c, token: drafts.delete(c, token=token, media_id=media_id))
    gone = await do(town, "PUT", f"/archive/{found['id']}/adoption/{uuid4()}", status=409)
    assert gone["code"] == "archive.gone"
    assert await listed(town, "draft") == []


async def test_what_is_published_here_is_in_the_archive_at_once(town: Town) -> None:
    kept = await write(town)
    await do(town, "PUT", f"/articles/{kept['id']}/publications/{uuid4()}")
    await town.settle()
    await town.advance(seconds=6)
    await town.settle()
    (found,) = await listed(town, "published")
    assert (found["title"], found["article_set_id"], len(found["articles"])) == ("春茶上市", kept["id"], 2)
    publication = (await do(town, "GET", f"/articles/{kept['id']}"))["publications"][0]
    await do(town, "POST", f"/publications/{publication['id']}/deletion", {"article": 2})
    await town.settle()
    (found,) = await listed(town, "published")
    assert [one["deleted"] for one in found["articles"]] == [False, True]
