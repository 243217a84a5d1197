"""Comments on articles that were published or sent: opened, listed, featured, answered, deleted.

https://developers.weixin.qq.com/doc/offiaccount/Comments_management/Image_Comments_Management_Interface.html
(2026-11). An article is named by the msg_data_id of its publication or mass send, and its place, here counted from 1.
Raises 88000 without the privilege, 88001 for an unknown article, 88008 for an unknown comment and others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from weixin.client import Client

MOST = 50
ALL, NORMAL, ELECTED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Article:
    """Which article: msg_data_id, and its place counted from 1."""

    msg_data_id: str
    number: int

    def wire(self) -> dict[str, int]:
        """Write it the way WeChat wants it, which counts from 0."""
        return {"msg_data_id": int(self.msg_data_id), "index": self.number - 1}


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote below an article, and the account's answer; times in unix seconds."""

    id: str
    openid: str
    at: int
    content: str
    elected: bool
    reply: str | None
    replied_at: int | None


async def switch(client: Client, *, token: str, article: Article, open: bool) -> None:
    """Open an article to comments, or close it."""
    await client.post(f"/cgi-bin/comment/{'open' if open else 'close'}", article.wire(), token=token)


async def page(
    client: Client, *, token: str, article: Article, begin: int = 0, count: int = MOST, kind: int = ALL
) -> tuple[int, list[Comment]]:
    """List comments, at most 50 at a time (88010); give how many there are in all."""
    body = {**article.wire(), "begin": begin, "count": count, "type": kind}
    answer = await client.post("/cgi-bin/comment/list", body, token=token)
    return int(answer.get("total") or 0), [_read(one) for one in answer.get("comment") or []]


async def elect(client: Client, *, token: str, article: Article, comment: str, on: bool = True) -> None:
    """Feature a comment, or no longer; 88003 when too many are."""
    name = "markelect" if on else "unmarkelect"
    await client.post(f"/cgi-bin/comment/{name}", _one(article, comment), token=token)


async def delete(client: Client, *, token: str, article: Article, comment: str) -> None:
    """Delete a comment for good."""
    await client.post("/cgi-bin/comment/delete", _one(article, comment), token=token)


async def reply(client: Client, *, token: str, article: Article, comment: str, content: str) -> None:
    """Answer a comment in public; 88005 answered already, 88007 too long."""
    body = {**_one(article, comment), "content": content}
    await client.post("/cgi-bin/comment/reply/add", body, token=token)


async def take_reply_back(client: Client, *, token: str, article: Article, comment: str) -> None:
    """Delete the answer to a comment; 88009 when there is none."""
    await client.post("/cgi-bin/comment/reply/delete", _one(article, comment), token=token)


def _one(article: Article, comment: str) -> dict[str, Any]:
    return {**article.wire(), "user_comment_id": int(comment)}


def _read(told: Mapping[str, Any]) -> Comment:
    # One fixture of the official pages has an object, another a list.
    reply = told.get("reply") or {}
    if isinstance(reply, list):
        reply = reply[0] if reply else {}
    said = str(reply.get("content") or "") or None
    return Comment(
        str(told.get("user_comment_id", "")), str(told.get("openid", "")), int(told.get("create_time") or 0),
        str(told.get("content", "")), int(told.get("comment_type") or 0) == 1, said,
        int(reply.get("create_time") or 0) if said else None,
    )  # fmt: skip
