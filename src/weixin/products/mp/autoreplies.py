"""The automatic replies that an account has at WeChat's own site: of use to whoever takes them over.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Getting_Rules_for_Auto_Replies.html (2026-11)
"""

from dataclasses import dataclass
from typing import Any

from weixin.client import Client


@dataclass(frozen=True, slots=True)
class News:
    """One article of a reply."""

    title: str
    digest: str
    url: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply; `content` is the words, or a material's media_id. `kind`: text, img, voice, video, news."""

    kind: str
    content: str
    articles: tuple[News, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Keywords (each with whether it must be the whole sentence) and the replies: all of them, or one at random."""

    name: str
    created_at: int
    all: bool
    words: tuple[tuple[str, bool], ...]
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class AutoReplies:
    """What an account answers by itself, and whether it does."""

    follow_on: bool
    on: bool
    follow: Reply | None
    default: Reply | None
    rules: tuple[Rule, ...]


async def read(client: Client, *, token: str) -> AutoReplies:
    """Read the automatic replies (GET /cgi-bin/get_current_autoreply_info)."""
    answer = await client.get("/cgi-bin/get_current_autoreply_info", token=token)
    found = (answer.get("keyword_autoreply_info") or {}).get("list") or []
    return AutoReplies(
        follow_on=answer.get("is_add_friend_reply_open") == 1,
        on=answer.get("is_autoreply_open") == 1,
        follow=_reply(answer.get("add_friend_autoreply_info")),
        default=_reply(answer.get("message_default_autoreply_info")),
        rules=tuple(_rule(one) for one in found if isinstance(one, dict)),
    )


def _rule(told: dict[str, Any]) -> Rule:
    words = (
        (str(one.get("content") or ""), one.get("match_mode") == "equal") for one in told.get("keyword_list_info") or ()
    )
    replies = (_reply(one) for one in told.get("reply_list_info") or ())
    return Rule(
        name=str(told.get("rule_name") or ""),
        created_at=int(told.get("create_time") or 0),
        all=told.get("reply_mode") != "random_one",
        words=tuple((text, exact) for text, exact in words if text),
        replies=tuple(one for one in replies if one is not None),
    )


def _reply(told: Any) -> Reply | None:
    if not isinstance(told, dict) or not told.get("type"):
        return None
    articles = (told.get("news_info") or {}).get("list") or ()
    return Reply(
        str(told["type"]),
        str(told.get("content") or ""),
        tuple(
            News(str(one.get("title") or ""), str(one.get("digest") or ""), str(one.get("content_url") or ""))
            for one in articles
        ),
    )
