"""Articles: written here, drafted, published and taken back at WeChat; what fails says why."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from make import files
from make.towns import Town, founded
from wxsandbox.mp.drafts import Draft
from wxsandbox.mp.uploads import StoredFile

SUBMIT = "POST /cgi-bin/freepublish/submit"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


async def do(town: Town, method: str, path: str, body: Any = None, *, status: int = 0) -> Any:
    answered, answer = await town.owner(method, f"/api/console{path}", body)
    assert answered == status if status else answered < 300, (answered, answer)
    return answer


async def picture(town: Town, color: str = "#246") -> str:
    form = aiohttp.FormData()
    form.add_field("file", files.picture(color, (940, 400)), filename="cover.png", content_type="image/png")
    status, made = await town.owner("POST", "/api/console/materials?kind=image", None, data=form)
    assert status == 201, made
    return str(made["id"])


async def write(town: Town, **more: Any) -> dict[str, Any]:
    cover, inner = await picture(town), await picture(town, "#852")
    body = f'<p>明前龙井<script>x()</script></p><p><img data-material="{inner}"></p>'
    first = {"title": "春茶上市", "body": body, "cover_id": cover, "author": "掌柜",
             "crop_wide": {"x1": 0, "y1": 0.1, "x2": 1, "y2": 0.9}, **more}  # fmt: skip
    asked = {"articles": [first, {"title": "冲泡", "body": "<p>水温</p>", "cover_id": cover}]}
    return dict(await do(town, "PUT", f"/articles/{uuid4()}", asked))


def drafts(town: Town) -> list[Draft]:
    return town.box.state.table(Draft).all()


async def test_a_set_is_drafted_with_its_pictures_changed_and_published(town: Town) -> None:
    kept = await write(town)
    assert "script" not in kept["articles"][0]["body"]
    assert (await do(town, "POST", f"/articles/{kept['id']}/draft"))["draft"] == "same"
    (draft,) = drafts(town)
    assert "mmbiz.qpic.cn" in draft.articles[0]["content"]
    assert draft.articles[0]["pic_crop_235_1"] == "0_0.1_1_0.9"
    articles = kept["articles"]
    articles[1]["title"] = "怎样冲泡"
    changed = await do(town, "PUT", f"/articles/{kept['id']}", {"articles": articles, "rev": 1})
    assert (changed["rev"], changed["draft"]) == (2, "behind")
    stale = await do(town, "PUT", f"/articles/{kept['id']}", {"articles": articles[:1], "rev": 1}, status=409)
    assert stale["code"] == "article.edited"
    shown = await do(town, "POST", f"/articles/{kept['id']}/preview")
    assert "怎样冲泡" in (await town.alice.open(shown["urls"][1])).text
    assert [one.id for one in drafts(town)] == [draft.id]
    assert len([f for f in town.box.state.table(StoredFile) if f.use == "article"]) == 1
    publication = uuid4()
    for _ in range(2):
        asked = await do(town, "PUT", f"/articles/{kept['id']}/publications/{publication}")
    assert asked["publications"][0]["state"] == "asked"
    await town.settle()
    again = await do(town, "PUT", f"/articles/{kept['id']}/publications/{uuid4()}", status=409)
    assert again["code"] == "publication.under_way"
    await town.advance(seconds=6)
    await town.settle()
    done = await do(town, "GET", f"/articles/{kept['id']}")
    out = done["publications"][0]
    assert (out["state"], len(out["urls"]), done["draft"], drafts(town)) == ("published", 2, "none", [])
    assert "明前龙井" in (await town.alice.open(out["urls"][0])).text
    one = await do(town, "POST", f"/publications/{out['id']}/deletion", {"article": 1})
    assert (one["state"], one["deleted"]) == ("published", [1])
    assert "已被发布者删除" in (await town.alice.open(out["urls"][0])).text
    assert (await do(town, "POST", f"/publications/{out['id']}/deletion", {}))["state"] == "deleted"
    assert (await do(town, "GET", "/articles"))["items"][0]["publication"]["state"] == "deleted"
    assert (await do(town, "DELETE", f"/articles/{kept['id']}", status=409))["code"] == "article.published"


async def test_without_the_event_asking_finds_the_end(town: Town) -> None:
    kept = await write(town)
    await town.sandbox.fault("callback:message.event.PUBLISHJOBFINISH", "lose")
    await do(town, "PUT", f"/articles/{kept['id']}/publications/{uuid4()}")
    await town.settle()
    await town.advance(seconds=31)
    await town.settle()
    assert (await do(town, "GET", f"/articles/{kept['id']}"))["publications"][0]["state"] == "published"


async def test_what_wechat_refuses_is_said_as_a_sentence(town: Town) -> None:
    kept = await write(town)
    await town.sandbox.fault("publish", "verdict", data={"status": 4}, times=1)
    await do(town, "PUT", f"/articles/{kept['id']}/publications/{uuid4()}")
    await town.settle()
    await town.advance(seconds=6)
    await town.settle()
    failed = (await do(town, "GET", f"/articles/{kept['id']}"))["publications"][0]
    assert (failed["state"], failed["why"][0]) == ("failed", "图文未通过微信平台审核，请检查内容是否违规")
    await town.sandbox.fault(SUBMIT, "error", errcode=53500, times=1)
    await do(town, "PUT", f"/articles/{kept['id']}/publications/{uuid4()}")
    await town.settle()
    refused = (await do(town, "GET", f"/articles/{kept['id']}"))["publications"][0]
    assert "封禁" in refused["why"][0]


async def test_what_wechat_wants_later_is_asked_later_and_has_not_failed(town: Town) -> None:
    kept = await write(town)
    await town.sandbox.fault(SUBMIT, "error", errcode=53501, times=1)
    await do(town, "PUT", f"/articles/{kept['id']}/publications/{uuid4()}")
    for _ in range(10):
        await town.settle()
        state = (await do(town, "GET", f"/articles/{kept['id']}"))["publications"][0]["state"]
        assert state != "failed"
        if state == "published":
            break
        await town.advance(seconds=6)
    assert state == "published"


async def test_a_lost_answer_is_not_asked_again_and_the_event_clears_it_up(town: Town) -> None:
    kept = await write(town)
    await town.sandbox.fault(SUBMIT, "lost", times=1)
    await do(town, "PUT", f"/articles/{kept['id']}/publications/{uuid4()}")
    await town.settle()
    await town.advance(seconds=4)  # the job is tried again, finds no answer, and leaves it
    await town.settle()
    assert (await do(town, "GET", f"/articles/{kept['id']}"))["publications"][0]["state"] == "unknown"
    blocked = await do(town, "PUT", f"/articles/{kept['id']}/publications/{uuid4()}", status=409)
    assert blocked["code"] == "publication.unknown"
    await town.advance(seconds=6)
    await town.settle()
    assert (await do(town, "GET", f"/articles/{kept['id']}"))["publications"][0]["state"] == "published"
    assert await town.calls("/cgi-bin/freepublish/submit") == 1


async def test_what_wechat_would_refuse_is_refused_before(town: Town) -> None:
    wrong = [
        ({"title": "长" * 33}, 400), ({"author": "长" * 17}, 400), ({"body": "长" * 20_000}, 400),
        ({"source_url": "javascript:x"}, 400), ({"cover_id": str(uuid4())}, 400),
    ]  # fmt: skip
    for fields, status in wrong:
        asked = {"articles": [{"title": "茶", "body": "<p>水</p>", **fields}]}
        assert (await do(town, "PUT", f"/articles/{uuid4()}", asked, status=status))["code"] == "article.invalid"
    bare = await do(town, "PUT", f"/articles/{uuid4()}", {"articles": [{"title": "茶"}]})
    assert (await do(town, "POST", f"/articles/{bare['id']}/draft", status=400))["code"] == "article.invalid"
    await do(town, "DELETE", f"/articles/{bare['id']}")
    assert await town.calls("/cgi-bin/draft") == 0
