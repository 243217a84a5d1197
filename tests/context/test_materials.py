"""The library: a file is kept once, uploaded once, found again; WeChat's own library is read into ours."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import pytest

from make import files
from make.towns import Town, founded
from tongshang.messages.materials import library, transfer
from tongshang.messages.materials.limits import Kind, Use
from wxsandbox.mp.uploads import StoredFile

ADD, LIST = "/cgi-bin/material/add_material", "POST /cgi-bin/material/batchget_material"


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with founded(database_url, tmp_path) as made:
        await made.authorize()
        yield made


async def add(town: Town, data: bytes, *, kind: str = "image", name: str = "a.png", **fields: str) -> tuple[int, Any]:
    form = aiohttp.FormData()
    form.add_field("file", data, filename=name, content_type="application/octet-stream")
    query = {"kind": kind, **fields}
    return await town.owner("POST", "/api/console/materials", None, data=form, params=query)


async def do(town: Town, method: str, path: str) -> Any:
    status, answer = await town.owner(method, f"/api/console/materials{path}")
    assert status < 300, answer
    return answer


def stored(town: Town, use: str = "permanent") -> list[StoredFile]:
    """List what the account has at WeChat."""
    return [file for file in town.box.state.table(StoredFile) if file.use == use]


async def test_a_file_is_kept_once_uploaded_once_and_deleted_on_both_sides(town: Town) -> None:
    status, first = await add(town, files.picture())
    assert (status, first["media_id"], first["content_type"]) == (201, None, "image/png")
    status, again = await add(town, files.picture(), name="b.png")
    assert (again["id"], again["name"]) == (first["id"], "a.png")
    for _ in range(2):
        sent = await do(town, "POST", f"/{first['id']}/upload")
    assert await town.calls(ADD) == 1
    (file,) = stored(town)
    assert sent["media_id"] == file.id
    assert (await do(town, "GET", f"/{first['id']}/file")) == file.data
    used = (await do(town, "GET", "/library"))["used"]
    assert [(one["kind"], one["used"], one["most"]) for one in used] == [
        ("image", 1, 100_000), ("voice", 0, 1_000), ("video", 0, 1_000),
    ]  # fmt: skip
    await do(town, "DELETE", f"/{first['id']}")
    assert stored(town) == []
    assert (await do(town, "GET", "?kind=image"))["items"] == []


async def test_what_wechat_would_refuse_is_refused_before(town: Town) -> None:
    wrong = [
        (b"hello", "image", 415, "media.not_a_picture"),
        (files.picture(), "voice", 415, "material.format"),
        (b"", "voice", 400, "material.empty"),
        (files.amr(61), "voice", 400, "material.too_long"),
        (files.mp3(59.9) + bytes(2 * 2**20), "voice", 413, "material.too_large"),
        (files.mp4(), "video", 400, "invalid"),
        (files.picture(), "film", 400, "invalid"),
    ]
    for data, kind, status, code in wrong:
        answered, problem = await add(town, data, kind=kind)
        assert (answered, problem["code"]) == (status, code), kind
    for seconds, data in ((1.0, files.amr()), (10.0, files.mp3(10))):
        status, made = await add(town, data, kind="voice")
        assert status == 201
        assert made["seconds"] == pytest.approx(seconds, abs=0.05)
    assert await town.calls("/cgi-bin/material") == 0


async def test_a_photo_loses_what_the_camera_wrote_and_a_webp_becomes_a_jpeg(town: Town) -> None:
    _, made = await add(town, files.picture(kind="WEBP"), name="a.webp")
    assert made["content_type"] == "image/jpeg"
    await do(town, "POST", f"/{made['id']}/upload")
    assert stored(town)[0].name == "a.jpg"


async def test_a_temporary_upload_is_found_again_until_it_ends(town: Town) -> None:
    _, made = await add(town, files.amr(), kind="voice")
    one = UUID(made["id"])

    async def ask() -> str:
        return await transfer.media_id(town.world, town.merchant, material_id=one, use=Use.TEMPORARY)

    first = await ask()
    await town.advance(days=2)
    assert await ask() == first
    await town.advance(hours=23, minutes=30)
    second = await ask()
    assert second != first
    _, picture = await add(town, files.picture(size=(1500, 1100)))
    address = await transfer.address(town.world, town.merchant, material_id=UUID(picture["id"]))
    assert "mmbiz.qpic.cn" in address
    assert len(stored(town, "article")) == 1


async def test_the_library_at_wechat_is_read_into_ours_and_goes_on_after_a_break(town: Town) -> None:
    for n in range(25):
        _, made = await add(town, files.picture(f"#0000{n:02x}"))
        await do(town, "POST", f"/{made['id']}/upload")
    async with town.world.tx(town.merchant) as tx:
        for one in (await library.listed(tx, kind=Kind.IMAGE, limit=24)).items:
            await tx.run(library.DROP, tx.merchant, one.id)  # as if somebody had uploaded these elsewhere
        (kept,) = (await library.listed(tx, kind=Kind.IMAGE)).items
    assert kept.media_id
    town.box.state.table(StoredFile).delete(kept.media_id)  # deleted at WeChat by hand
    await town.advance(seconds=1)
    await town.sandbox.fault(LIST, "lost", after=1, times=1)
    await do(town, "POST", "/library/sync")
    await town.settle()
    halfway = (await do(town, "GET", "/library"))["sync"]
    assert (halfway["state"], halfway["place"], halfway["total"]) == ("running", 20, 24)
    await town.advance(seconds=5)
    await town.settle()
    done = (await do(town, "GET", "/library"))["sync"]
    assert (done["state"], done["seen"], done["added"], done["gone"]) == ("done", 24, 24, 1)
    items = (await do(town, "GET", "?kind=image&limit=100"))["items"]
    # The one that WeChat lost is still ours: its file is here.
    assert [one["media_id"] is None for one in items].count(True) == 1
    fetched = next(one for one in items if one["media_id"])
    assert (fetched["bytes"], fetched["picture"]) == (None, None)
    before = town.box.state.table(StoredFile).get(fetched["media_id"])
    assert before is not None
    assert await do(town, "GET", f"/{fetched['id']}/file") == before.data
    assert (await do(town, "GET", f"/{fetched['id']}"))["picture"]


async def test_a_sync_that_stands_still_is_gone_on_with(town: Town) -> None:
    _, made = await add(town, files.picture())
    await do(town, "POST", f"/{made['id']}/upload")
    await do(town, "POST", "/library/sync")
    async with town.world.tx(town.merchant) as tx:
        await tx.run("delete from job where merchant_id = $1", tx.merchant)  # given up, and dismissed by somebody
    await town.advance(minutes=30)
    assert (await do(town, "POST", "/library/sync"))["state"] == "running"
    await town.settle()
    assert (await do(town, "GET", "/library"))["sync"]["state"] == "running", "it may be under way"
    await town.advance(minutes=31)
    await do(town, "POST", "/library/sync")
    await town.settle()
    assert (await do(town, "GET", "/library"))["sync"]["state"] == "done"
