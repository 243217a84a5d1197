"""Pictures: what comes in is decoded, turned upright, stripped and kept once; what is no picture is refused."""

import io
import struct
import zlib
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from PIL import Image

from make.shops import png
from make.worlds import Browser, make_merchant
from tongshang.platform.world import World

ORIENTATION, CAMERA = 0x0112, 0x010F


def photo(*, orientation: int = 1, size: tuple[int, int] = (800, 400)) -> bytes:
    """Take a photo as phones do: its left half red, with a camera's name and which way was up."""
    image = Image.new("RGB", size, "#00f")
    image.paste("#f00", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = orientation, "SECRETCAM"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """Make a PNG of a few bytes that would unpack to a lot."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


async def upload(browser: Browser, data: bytes, *, name: str = "a.jpg", part: str = "file") -> tuple[int, Any]:
    form = aiohttp.FormData()
    form.add_field(part, data, filename=name, content_type="image/jpeg")
    return await browser("POST", "/api/console/media", None, data=form)


async def fetched(browser: Browser, picture: dict[str, Any], width: int) -> tuple[bytes, Image.Image]:
    url = picture["url"].replace("/750.webp", f"/{width}.webp")
    status, body = await browser("GET", url)
    assert status == 200
    return body, Image.open(io.BytesIO(body))


async def test_a_photo_comes_back_upright_and_without_its_secrets(owner: Browser) -> None:
    raw = photo(orientation=6)  # the camera was held sideways: what is stored left is up
    assert b"SECRETCAM" in raw
    status, made = await upload(owner, raw)
    assert (status, made["width"], made["height"]) == (201, 400, 800)
    for width in made["widths"]:
        body, image = await fetched(owner, made, width)
        assert (image.format, b"SECRETCAM" in body, b"EXIF" in body, b"Exif" in body) == ("WEBP", False, False, False)
        assert not image.getexif()
        shown = image.convert("RGB")
        (top, _, _), (_, _, bottom) = (shown.getpixel((image.width // 2, y)) for y in (5, image.height - 6))  # type: ignore[misc]
        assert top > 200
        assert bottom > 200


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says of each what is wrong with it
async def test_a_photo_whose_camera_wrote_nonsense_is_a_photo(owner: Browser) -> None:
    raw = photo(orientation=6)
    at = raw.index(b"Exif\0\0") + 6
    for place in range(at + 8, at + 40):  # each byte of what the camera says, one after the other
        spoiled = raw[:place] + bytes([raw[place] ^ 0x0D]) + raw[place + 1 :]
        status, made = await upload(owner, spoiled)
        assert (status, {made["width"], made["height"]}) == (201, {400, 800}), place


async def test_there_are_three_widths_and_none_is_enlarged(owner: Browser) -> None:
    _, large = await upload(owner, png("#123", (2000, 1000)))
    assert large["widths"] == [320, 750, 1500]
    sizes = [(await fetched(owner, large, width))[1].size for width in (320, 750, 1500)]
    assert sizes == [(320, 160), (750, 375), (1500, 750)]
    _, small = await upload(owner, png("#321", (500, 100)))
    assert [(await fetched(owner, small, width))[1].size for width in (320, 750, 1500)] == [
        (320, 64), (500, 100), (500, 100),
    ]  # fmt: skip
    for name in ("640.webp", "x.webp", "-320.webp", "..%2f..%2fetc%2fpasswd"):
        assert (await owner("GET", large["url"].replace("750.webp", name)))[0] == 404
    assert (await owner("GET", "/media/nobody/nothing/320.webp"))[0] == 404


async def test_a_transparent_picture_stays_so(owner: Browser) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(out, "PNG")
    _, made = await upload(owner, out.getvalue())
    assert (await fetched(owner, made, 320))[1].mode == "RGBA"


async def test_wechat_gets_it_as_jpeg_on_white(owner: Browser) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 20), (255, 0, 0, 0)).save(out, "PNG")
    _, made = await upload(owner, out.getvalue(), name="a.png")
    status, body = await owner("GET", made["url"].replace(".webp", ".jpg"))
    image = Image.open(io.BytesIO(body))
    assert (status, image.format, image.size, image.getpixel((5, 5))) == (200, "JPEG", (40, 20), (255, 255, 255))
    for other in (".gif", "", ".webp.jpg"):
        assert (await owner("GET", made["url"].replace(".webp", other)))[0] == 404, other


async def test_the_same_picture_is_kept_once_for_ever(owner: Browser, world: World, merchant: UUID) -> None:
    (_, one), (_, two) = [await upload(owner, png("#456"), name=name) for name in ("a.png", "b.png")]
    assert one == two
    async with world.tx(merchant) as tx:
        assert await tx.value("select array_agg(name) from media_file where merchant_id = $1", merchant) == ["a.png"]
    assert len(list((world.settings.var / "media").rglob("*.webp"))) == 3
    assert not list((world.settings.var / "media").rglob("*.part"))
    async with owner.session.get(owner.url + one["url"]) as answer:
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_what_is_no_picture_is_refused_whatever_it_says_it_is(owner: Browser) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    whole = photo()
    for data in (svg, b"<html></html>", b"just text", b"", b"\xff\xd8\xff\xe0junk", whole[: len(whole) // 2],
                 b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", bomb(100, 100)):  # fmt: skip
        status, answer = await upload(owner, data)
        assert (status, answer["code"]) == (415, "media.not_a_picture"), data[:20]
    status, answer = await upload(owner, photo(), part="picture")
    assert (status, answer["code"], answer["field"]) == (400, "invalid", "file")
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("file", "words, no file")
    assert (await owner("POST", "/api/console/media", None, data=form))[0] == 400


async def test_a_script_behind_a_picture_does_not_come_back(owner: Browser) -> None:
    _, made = await upload(owner, photo() + b"<script>alert(1)</script>")
    for width in made["widths"]:
        assert b"script" not in (await fetched(owner, made, width))[0]


async def test_bombs_and_heavy_files_are_refused(owner: Browser, world: World) -> None:
    for width, height in ((50_000, 50_000), (8_000, 5_001), (2**31 - 1, 1)):
        status, answer = await upload(owner, bomb(width, height))
        assert (status, answer["code"]) == (413, "media.too_large"), (width, height)
    status, answer = await upload(owner, photo() + b"\0" * 10_000_000)
    assert (status, answer["code"]) == (413, "media.too_large")
    status, answer = await upload(owner, b"\0" * 13_000_000)
    assert (status, answer["code"]) == (413, "too_large")
    assert not (world.settings.var / "media").exists()


async def test_a_very_long_picture_is_made_to_fit(owner: Browser) -> None:
    for size in ((700, 20_000), (20_000, 3), (1, 50_000)):
        status, made = await upload(owner, png("#789", size))
        assert status == 201, (size, made)
        assert max(made["width"], made["height"]) <= 16_383
        assert max((await fetched(owner, made, 320))[1].size) <= 16_383


async def test_another_merchants_picture_cannot_be_used(owner: Browser, world: World, browser: Browser) -> None:
    await make_merchant(world, slug="dining", name="老王面馆")
    stranger = Browser(owner.url)
    try:
        await stranger.log_in("owner@dining")
        _, made = await upload(stranger, png("#abc"))
        sign = {"name": "云上茶园", "logo_id": made["id"]}
        status, answer = await owner("PUT", "/api/console/shop", sign)
        assert (status, answer["field"]) == (400, "logo_id")
        _, own = await upload(owner, png("#abc"))  # his own copy of the same picture
        assert (own["id"], own["url"] == made["url"]) == (made["id"], False)
        assert (await owner("PUT", "/api/console/shop", sign))[1]["logo"] == own
    finally:
        await stranger.close()


async def test_nobody_uploads_without_logging_in(browser: Browser, merchant: UUID) -> None:
    assert (await upload(browser, png()))[0] == 401
