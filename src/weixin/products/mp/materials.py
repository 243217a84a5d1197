"""Permanent materials: the account's library of pictures, voices and videos.

https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Adding_Permanent_Assets.html (2026-11).
"""

from dataclasses import dataclass

import msgspec

from weixin.client import Client
from weixin.multipart import File
from weixin.tokens import text
from weixin.transport import Answer

PAGE = 20


@dataclass(frozen=True, slots=True)
class Added:
    """A material that was added; only pictures have an address."""

    media_id: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many materials the account has of each kind."""

    images: int
    voices: int
    videos: int
    news: int


@dataclass(frozen=True, slots=True)
class Item:
    """A material in a list; `updated_at` in unix seconds."""

    media_id: str
    name: str
    updated_at: int
    url: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of materials, and how many there are in all."""

    total: int
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Video:
    """What a video is described by; its bytes are at `url`."""

    title: str
    description: str
    url: str


async def add(client: Client, *, token: str, kind: str, file: File, title: str = "", introduction: str = "") -> Added:
    """Add an `image`, `voice`, `thumb` or `video` (with title and introduction); 45001 too large, 45074 full."""
    fields = {}
    if kind == "video":
        fields["description"] = msgspec.json.encode({"title": title, "introduction": introduction}).decode()
    answer = await client.upload(
        "/cgi-bin/material/add_material", file, token=token, fields=fields, params={"type": kind}
    )
    return Added(text(answer, "media_id"), str(answer.get("url") or "") or None)


async def get(client: Client, *, token: str, media_id: str) -> Answer | Video:
    """Fetch a picture or voice, or the description of a video (POST /cgi-bin/material/get_material); 40007."""
    answer = await client.download("POST", "/cgi-bin/material/get_material", {"media_id": media_id}, token=token)
    if isinstance(answer, Answer):
        return answer
    return Video(str(answer.get("title", "")), str(answer.get("description", "")), text(answer, "down_url"))


async def delete(client: Client, *, token: str, media_id: str) -> None:
    """Delete a material for good; 40007 when it is gone already."""
    await client.post("/cgi-bin/material/del_material", {"media_id": media_id}, token=token)


async def counts(client: Client, *, token: str) -> Counts:
    """Count the materials of each kind."""
    answer = await client.get("/cgi-bin/material/get_materialcount", token=token)
    names = ("image_count", "voice_count", "video_count", "news_count")
    return Counts(*(int(answer.get(name) or 0) for name in names))


async def page(client: Client, *, token: str, kind: str, offset: int, count: int = PAGE) -> Page:
    """List materials of a kind, 1 to 20 at a time, newest first (POST /cgi-bin/material/batchget_material)."""
    body = {"type": kind, "offset": offset, "count": count}
    answer = await client.post("/cgi-bin/material/batchget_material", body, token=token)
    items = [
        Item(text(one, "media_id"), str(one.get("name", "")), int(one.get("update_time") or 0), one.get("url") or None)
        for one in answer.get("item") or []
    ]
    return Page(int(answer.get("total_count") or 0), items)
