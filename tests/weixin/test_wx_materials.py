"""Our calls for media and materials against the simulator: the same bytes come back, limits are kept."""

import os
from collections.abc import AsyncIterator
from typing import Any

import pytest

from make import files
from make.platforms import Stage, staged
from weixin.client import Client
from weixin.errors import WeixinError
from weixin.multipart import File
from weixin.products.mp import materials, media
from weixin.transport import Answer, Transport


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as set_up:
        yield set_up


@pytest.fixture
async def client(stage: Stage) -> AsyncIterator[Client]:
    async with Transport() as transport:
        yield Client(transport, stage.api)


async def code(call: Any) -> int:
    """Give the errcode a call is refused with."""
    with pytest.raises(WeixinError) as refused:
        await call
    return refused.value.errcode


async def test_what_is_uploaded_comes_back_byte_for_byte_and_ends(stage: Stage, client: Client) -> None:
    token = await stage.own_token()
    # Bytes that look like the end of a line, of a part and of a form must survive.
    body = files.picture() + b"\r\n--ts\r\n\r\n\x00\xff" + os.urandom(2_000) + b"\r\n"
    made = await media.upload(client, token=token, kind="image", file=File('图"1.png', "image/png", body))
    found = await media.get(client, token=token, media_id=made.media_id)
    assert isinstance(found, Answer)
    assert (found.body, found.headers["content-type"]) == (body, "image/png")
    video = await media.upload(client, token=token, kind="video", file=File("a.mp4", "video/mp4", files.mp4()))
    address = await media.get(client, token=token, media_id=video.media_id)
    assert isinstance(address, str)
    assert (await stage.alice.open(address)).body == files.mp4()
    await stage.sandbox.advance(3 * 86_400)
    token = await stage.own_token()
    assert await code(media.get(client, token=token, media_id=made.media_id)) == 40007


@pytest.mark.parametrize(
    ("kind", "name", "body", "wanted"),
    [
        ("sound", "a.amr", files.amr(), 40004),
        ("image", "a.png", b"not a picture", 40005),
        ("image", "a.png", b"", 44001),
        ("voice", "a.amr", files.amr(61), 45007),
        ("voice", "a.mp3", files.mp3(140), 40010),
        ("thumb", "a.jpg", files.picture(), 40005),
        ("video", "a.mp4", files.mp4(11_000_000), 40011),
    ],
)
async def test_wrong_files(stage: Stage, client: Client, kind: str, name: str, body: bytes, wanted: int) -> None:
    token = await stage.own_token()
    sent = media.upload(client, token=token, kind=kind, file=File(name, "application/octet-stream", body))
    assert await code(sent) == wanted


async def test_the_library_is_added_to_listed_counted_and_cleared(stage: Stage, client: Client) -> None:
    token = await stage.own_token()
    voice = await materials.add(client, token=token, kind="voice", file=File("a.amr", "audio/amr", files.amr()))
    assert voice.url is None
    added = [
        await materials.add(client, token=token, kind="image", file=File(f"{n}.png", "image/png", files.picture()))
        for n in range(21)
    ]
    assert added[0].url
    assert (await stage.alice.open(added[0].url)).body == files.picture()
    film = await materials.add(
        client, token=token, kind="video", file=File("b.mp4", "video/mp4", files.mp4()), title="采茶", introduction="春"
    )
    shown = await materials.get(client, token=token, media_id=film.media_id)
    assert isinstance(shown, materials.Video)
    assert (shown.title, shown.description) == ("采茶", "春")
    assert await materials.counts(client, token=token) == materials.Counts(21, 1, 1, 0)
    first = await materials.page(client, token=token, kind="image", offset=0)
    last = await materials.page(client, token=token, kind="image", offset=20)
    assert (first.total, len(first.items), [one.media_id for one in last.items]) == (21, 20, [added[0].media_id])
    await materials.delete(client, token=token, media_id=voice.media_id)
    assert await code(materials.get(client, token=token, media_id=voice.media_id)) == 40007
    assert (await stage.post("/cgi-bin/material/batchget_material", {"type": "news", "count": 21}, access_token=token))[
        "errcode"
    ] == 40097


async def test_pictures_of_articles_are_small_and_public(stage: Stage, client: Client) -> None:
    token = await stage.own_token()
    url = await media.upload_picture(client, token=token, file=File("a.png", "image/png", files.picture()))
    assert "mmbiz.qpic.cn" in url
    assert (await stage.alice.open(url)).body == files.picture()
    large = File("a.png", "image/png", files.picture() + bytes(1024 * 1024))
    assert await code(media.upload_picture(client, token=token, file=large)) == 40009
    gif = File("a.gif", "image/gif", files.picture(kind="GIF"))
    assert await code(media.upload_picture(client, token=token, file=gif)) == 40005
