"""Publishing drafts: no push to anybody, but an address for ever.

https://developers.weixin.qq.com/doc/offiaccount/Publish/Publish.html (2026-11). Publishing is a job: what became of
it comes as the event PUBLISHJOBFINISH, or is asked for.
"""

from dataclasses import dataclass
from typing import Any

from weixin.client import Client
from weixin.tokens import text

# publish_status: 0 published, 1 under way, 2 originality, 3 failed, 4 refused by audit, 5 deleted by the account,
# 6 banned by WeChat.
DONE, UNDER_WAY = 0, 1


@dataclass(frozen=True, slots=True)
class Submitted:
    """A publication WeChat took on; `msg_data_id` is what its comments and figures go by."""

    publish_id: str
    msg_data_id: str | None


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of a publication: its status, and the article's id and addresses once it is out."""

    status: int
    article_id: str | None
    urls: list[str]
    failed: list[int]


@dataclass(frozen=True, slots=True)
class Published:
    """A published set of articles in a list."""

    article_id: str
    articles: list[dict[str, Any]]
    updated_at: int


async def submit(client: Client, *, token: str, media_id: str) -> Submitted:
    """Ask for a draft to be published. 53503 draft not fit, 53501 too often, 53500 banned."""
    answer = await client.post("/cgi-bin/freepublish/submit", {"media_id": media_id}, token=token)
    data = answer.get("msg_data_id")
    return Submitted(text(answer, "publish_id"), str(data) if data else None)


async def get(client: Client, *, token: str, publish_id: str) -> Publication:
    """Ask what became of a publication; 53502 unknown number."""
    answer = await client.post("/cgi-bin/freepublish/get", {"publish_id": publish_id}, token=token)
    items = (answer.get("article_detail") or {}).get("item") or []
    return Publication(
        int(answer.get("publish_status", UNDER_WAY)),
        str(answer.get("article_id") or "") or None,
        [str(one.get("article_url", "")) for one in sorted(items, key=lambda one: int(one.get("idx") or 0))],
        [int(number) for number in answer.get("fail_idx") or []],
    )


async def delete(client: Client, *, token: str, article_id: str, index: int = 0) -> None:
    """Delete one published article (counted from 1), or all of them (0), for good; 53600 unknown."""
    await client.post("/cgi-bin/freepublish/delete", {"article_id": article_id, "index": index}, token=token)


async def articles(client: Client, *, token: str, article_id: str) -> list[dict[str, Any]]:
    """Read what was published under an id, each with its `url` and `is_deleted`; 53600 unknown."""
    answer = await client.post("/cgi-bin/freepublish/getarticle", {"article_id": article_id}, token=token)
    return [dict(one) for one in answer.get("news_item") or []]


async def page(client: Client, *, token: str, offset: int, count: int = 20) -> tuple[int, list[Published]]:
    """List what was published, without bodies, 1 to 20 at a time; give how many there are in all."""
    body = {"offset": offset, "count": count, "no_content": 1}
    answer = await client.post("/cgi-bin/freepublish/batchget", body, token=token)
    return int(answer.get("total_count") or 0), [
        Published(text(one, "article_id"), list(one["content"].get("news_item") or []), int(one["update_time"]))
        for one in answer.get("item") or []
    ]
