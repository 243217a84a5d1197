"""Drafts: one to eight articles under one media_id, to be published or sent.

https://developers.weixin.qq.com/doc/offiaccount/Draft_Box/Add_draft.html (2026-11). A draft disappears once it is
published or sent; its pictures must be WeChat's own addresses, its cover a permanent material.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weixin.client import Client
from weixin.tokens import text

Article = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft in a list."""

    media_id: str
    articles: list[dict[str, Any]]
    updated_at: int


async def is_open(client: Client, *, token: str) -> bool:
    """Say whether the account has switched to drafts (POST /cgi-bin/draft/switch?checkonly=1)."""
    answer = await client.post("/cgi-bin/draft/switch", {}, token=token, params={"checkonly": 1})
    return bool(answer.get("is_open"))


async def switch_on(client: Client, *, token: str) -> None:
    """Switch the account to drafts, which cannot be undone."""
    await client.post("/cgi-bin/draft/switch", {}, token=token)


async def add(client: Client, *, token: str, articles: Sequence[Article]) -> str:
    """Add a draft; give its media_id. 40007 cover, 45003 title, 45004 digest, 45005 link, 45166 content."""
    return text(await client.post("/cgi-bin/draft/add", {"articles": list(articles)}, token=token), "media_id")


async def get(client: Client, *, token: str, media_id: str) -> list[dict[str, Any]]:
    """Read a draft's articles, each with a `url` at which it can be looked at for a while; 40007."""
    answer = await client.post("/cgi-bin/draft/get", {"media_id": media_id}, token=token)
    return [dict(one) for one in answer.get("news_item") or []]


async def update(client: Client, *, token: str, media_id: str, index: int, article: Article) -> None:
    """Change one article of a draft, counted from 0; 40007 draft, 40114 index."""
    body = {"media_id": media_id, "index": index, "articles": dict(article)}
    await client.post("/cgi-bin/draft/update", body, token=token)


async def delete(client: Client, *, token: str, media_id: str) -> None:
    """Delete a draft for good."""
    await client.post("/cgi-bin/draft/delete", {"media_id": media_id}, token=token)


async def count(client: Client, *, token: str) -> int:
    """Count the drafts."""
    return int((await client.get("/cgi-bin/draft/count", token=token)).get("total_count") or 0)


async def page(client: Client, *, token: str, offset: int, count: int = 20) -> tuple[int, list[Draft]]:
    """List drafts without their bodies, 1 to 20 at a time; give how many there are in all."""
    body = {"offset": offset, "count": count, "no_content": 1}
    answer = await client.post("/cgi-bin/draft/batchget", body, token=token)
    return int(answer.get("total_count") or 0), [
        Draft(text(one, "media_id"), list(one["content"].get("news_item") or []), int(one.get("update_time") or 0))
        for one in answer.get("item") or []
    ]
