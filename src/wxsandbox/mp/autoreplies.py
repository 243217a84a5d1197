"""The automatic replies that an administrator wrote at WeChat's own site, as get_current_autoreply_info tells of them.

Official page: developers.weixin.qq.com/doc/offiaccount/Message_Management/Getting_Rules_for_Auto_Replies.html, read
2026-09. They are only told of: when a server or a platform takes an account's messages, WeChat answers none itself.
"""

from typing import Any, Literal

import msgspec

from wxsandbox import tokens
from wxsandbox.accounts import Account
from wxsandbox.errors import NotFound
from wxsandbox.http import Call
from wxsandbox.mp.base import API, DATE, PAGES
from wxsandbox.routes import Route
from wxsandbox.validate import control

HOST = "_sandbox"
MESSAGE_SET = 1
PAGE = f"{PAGES}/Message_Management/Getting_Rules_for_Auto_Replies.html"


class News(msgspec.Struct):
    """One article of a reply."""

    title: str
    digest: str = ""
    content_url: str = ""
    cover_url: str = ""
    source_url: str = ""
    author: str = ""
    show_cover: int = 1


class Reply(msgspec.Struct):
    """One reply: words, or the media_id of a material; articles are told of one by one."""

    type: Literal["text", "img", "voice", "video", "news"]
    content: str
    articles: list[News] = []


class Keyword(msgspec.Struct):
    """A keyword: the whole sentence, or a part of it."""

    content: str
    match_mode: Literal["contain", "equal"] = "contain"


class Rule(msgspec.Struct):
    """Keywords and what answers them: everything, or one at random."""

    rule_name: str
    keywords: list[Keyword]
    replies: list[Reply]
    reply_mode: Literal["reply_all", "random_one"] = "reply_all"
    create_time: int = 0


class Written(msgspec.Struct):
    """What the administrator wrote."""

    follow_on: bool = True
    on: bool = True
    follow: Reply | None = None
    default: Reply | None = None
    rules: list[Rule] = []


class AutoReplies(msgspec.Struct, kw_only=True):
    """The automatic replies of an account."""

    id: str  # appid
    written: Written


async def put(call: Call) -> Any:
    """Write automatic replies, as the administrator does."""
    written = control(call.body, Written)
    account = call.box.table(Account).get(call.params["appid"])
    if account is None:
        raise NotFound("no such account")
    for rule in written.rules:
        rule.create_time = rule.create_time or call.box.clock.seconds()
    call.box.table(AutoReplies).put(AutoReplies(id=account.appid, written=written))
    return {"ok": True}


async def current(call: Call) -> Any:
    """Tell of the automatic replies; what was never written is left out."""
    account = tokens.account_call(call, MESSAGE_SET)
    found = call.box.table(AutoReplies).get(account.appid)
    has = found.written if found else Written(follow_on=False, on=False)
    answer: dict[str, Any] = {"is_add_friend_reply_open": int(has.follow_on), "is_autoreply_open": int(has.on)}
    if has.follow:
        answer["add_friend_autoreply_info"] = _told(has.follow)
    if has.default:
        answer["message_default_autoreply_info"] = _told(has.default)
    if has.rules:
        answer["keyword_autoreply_info"] = {"list": [_rule(rule) for rule in has.rules]}
    return answer


def _rule(rule: Rule) -> dict[str, Any]:
    words = [{"type": "text", "match_mode": one.match_mode, "content": one.content} for one in rule.keywords]
    return {
        "rule_name": rule.rule_name, "create_time": rule.create_time, "reply_mode": rule.reply_mode,
        "keyword_list_info": words, "reply_list_info": [_told(one) for one in rule.replies],
    }  # fmt: skip


def _told(reply: Reply) -> dict[str, Any]:
    told: dict[str, Any] = {"type": reply.type, "content": reply.content}
    if reply.articles:
        told["news_info"] = {"list": [msgspec.to_builtins(one) for one in reply.articles]}
    return told


ROUTES = (
    Route(API, "GET", "/cgi-bin/get_current_autoreply_info", current, PAGE, DATE, None, (40001, 41001, 42001, 61007)),
    Route(HOST, "PUT", "/accounts/{appid}/autoreplies", put, body=Written),
)
