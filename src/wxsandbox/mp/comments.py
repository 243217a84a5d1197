"""Comments on articles: written on the page by whoever reads it, managed by the account.

Official page: developers.weixin.qq.com/doc/offiaccount/Comments_management/Image_Comments_Management_Interface.html,
2026-09. `index` counts from 0. Others than the author see featured comments alone, as on a phone.
"""

from html import escape
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from wxsandbox import looks, tokens
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call, Reply
from wxsandbox.mp.articles import HOST, ArticlePage
from wxsandbox.mp.base import API, DATE, PAGES
from wxsandbox.people import Person, fan
from wxsandbox.routes import Route
from wxsandbox.validate import read

if TYPE_CHECKING:
    from wxsandbox.box import Box

MASS_SET = 7
PAGE = f"{PAGES}/Comments_management/Image_Comments_Management_Interface.html"
MOST, REPLY_MOST, COMMENT_MOST, ELECTED_MOST = 50, 600, 600, 100
NORMAL, ELECTED = 0, 1


class Comment(msgspec.Struct, kw_only=True):
    """One comment; `kind` 1 is featured."""

    id: str
    seq: int
    msgid: str  # msg_data_id + _ + place counted from 1
    person: str
    openid: str
    content: str
    at: int
    kind: int = NORMAL
    reply: str = ""
    replied: int = 0


class CommentSwitch(msgspec.Struct, kw_only=True):
    """Whether an article takes comments, once the account has changed it."""

    id: str  # msgid
    open: bool


class Which(msgspec.Struct):
    """Which article."""

    msg_data_id: int
    index: Annotated[int, msgspec.Meta(ge=0)] = 0


class List(Which):
    """Body of comment/list."""

    begin: Annotated[int, msgspec.Meta(ge=0)] = 0
    count: int = 50
    type: Annotated[int, msgspec.Meta(ge=0, le=2)] = 0


class One(Which, kw_only=True):
    """Which comment."""

    user_comment_id: int


class Answer(One, kw_only=True):
    """Body of comment/reply/add."""

    content: str


CODES = {"msg_data_id": 88001, "index": 88001, "begin": 88010, "type": 88010, "user_comment_id": 88008}


def page_of(call: Call, body: Which) -> ArticlePage:
    """Find the article; raises 88001."""
    account = tokens.account_call(call, MASS_SET)
    rows = call.box.state.table(ArticlePage).by("msgid", f"{body.msg_data_id}_{body.index + 1}")
    found = next((page for page in rows if page.appid == account.appid), None)
    if found is None:
        raise WxError(88001)
    return found


def one_of(call: Call, body: One) -> Comment:
    """Find a comment; raises 88008."""
    page = page_of(call, body)
    found = call.box.state.table(Comment).get(str(body.user_comment_id))
    if found is None or found.msgid != page.msgid:
        raise WxError(88008)
    return found


def is_open(box: "Box", page: ArticlePage) -> bool:
    """Say whether an article takes comments."""
    known = box.state.table(CommentSwitch).get(page.msgid)
    return known.open if known else bool(page.article.get("need_open_comment"))


async def open_(call: Call) -> Any:
    """Open an article to comments."""
    page = page_of(call, read(call.body, Which, CODES))
    call.box.state.table(CommentSwitch).put(CommentSwitch(id=page.msgid, open=True))
    return OK


async def close(call: Call) -> Any:
    """Close an article to comments; those that are there stay."""
    page = page_of(call, read(call.body, Which, CODES))
    call.box.state.table(CommentSwitch).put(CommentSwitch(id=page.msgid, open=False))
    return OK


async def list_(call: Call) -> Any:
    """List comments, the latest first."""
    body = read(call.body, List, CODES)
    page = page_of(call, body)
    if not 1 <= body.count <= MOST:
        raise WxError(88010)
    rows = call.box.state.table(Comment).by("msgid", page.msgid)[::-1]
    if body.type:
        rows = [one for one in rows if one.kind == body.type - 1]
    return {**OK, "total": len(rows), "comment": [told(one) for one in rows[body.begin : body.begin + body.count]]}


def told(one: Comment) -> dict[str, Any]:
    """Write a comment as the list does."""
    answer = {
        "user_comment_id": int(one.id), "openid": one.openid, "create_time": one.at, "content": one.content,
        "comment_type": one.kind,
    }  # fmt: skip
    return answer | ({"reply": {"content": one.reply, "create_time": one.replied}} if one.reply else {})


async def markelect(call: Call) -> Any:
    """Feature a comment."""
    one = one_of(call, read(call.body, One, CODES))
    table = call.box.state.table(Comment)
    if one.kind != ELECTED and sum(x.kind == ELECTED for x in table.by("msgid", one.msgid)) >= ELECTED_MOST:
        raise WxError(88003)
    one.kind = ELECTED
    table.put(one)
    return OK


async def unmarkelect(call: Call) -> Any:
    """Feature a comment no longer."""
    one = one_of(call, read(call.body, One, CODES))
    one.kind = NORMAL
    call.box.state.table(Comment).put(one)
    return OK


async def delete(call: Call) -> Any:
    """Delete a comment."""
    call.box.state.table(Comment).delete(one_of(call, read(call.body, One, CODES)).id)
    return OK


async def add_reply(call: Call) -> Any:
    """Answer a comment, once."""
    body = read(call.body, Answer, CODES)
    one = one_of(call, body)
    if one.reply:
        raise WxError(88005)
    if not 1 <= len(body.content) <= REPLY_MOST:
        raise WxError(88007)
    one.reply, one.replied = body.content, call.box.clock.seconds()
    call.box.state.table(Comment).put(one)
    return OK


async def delete_reply(call: Call) -> Any:
    """Take the answer to a comment back."""
    one = one_of(call, read(call.body, One, CODES))
    if not one.reply:
        raise WxError(88009)
    one.reply, one.replied = "", 0
    call.box.state.table(Comment).put(one)
    return OK


async def write(call: Call) -> Reply:
    """Take what a reader wrote below an article."""
    box, who = call.box, call.person()
    page = box.state.table(ArticlePage).get(call.params["key"])
    words = call.form().get("content", "").strip()[:COMMENT_MOST]
    if page is None or who is None or not words or page.deleted or not is_open(box, page):
        return looks.problem("该文章未开放留言")
    one = fan(box, who, page.appid)
    if page.article.get("only_fans_can_comment") and not one.subscribed:
        return looks.problem("关注公众号后才能留言")
    seq = box.state.next("comment")
    box.state.table(Comment).put(
        Comment(
            id=str(seq), seq=seq, msgid=page.msgid, person=who, openid=one.openid, content=words,
            at=box.clock.seconds(),
        )
    )  # fmt: skip
    back = f"<a class='go' href='{escape(call.url(HOST, f'/s/{page.id}'))}'>返回文章</a>"
    return looks.page("微信", f"<div class='center'><div class='mark ok'>✓</div><h1>留言已提交</h1>{back}</div>")


def below(call: Call, page: ArticlePage) -> str:
    """Draw what is below an article on a phone: a field, one's own comments, and the featured ones."""
    if page.state == "draft":
        return ""
    box, who = call.box, call.person()
    rows = [
        one for one in box.state.table(Comment).by("msgid", page.msgid) if one.kind == ELECTED or one.person == who
    ][::-1]
    names = {person.id: person.nickname for person in box.state.table(Person)}
    shown = "".join(
        f"<div><p class='dim'>{escape(names.get(one.person, ''))}</p>"
        f"<p>{escape(one.content)}</p>"
        + (f"<p class='dim'>作者回复：{escape(one.reply)}</p>" if one.reply else "")
        + "</div><hr>"
        for one in rows
    )
    form = (
        f"<form method='post' action='{escape(call.url(HOST, f'/s/{page.id}/comments'))}'>"
        "<input name='content' maxlength='600' required placeholder='写留言' aria-label='写留言' "
        "style='width:100%;padding:10px;border:1px solid #ddd;border-radius:8px;font:inherit'>"
        "<button class='go'>留言</button></form>"
        if is_open(box, page)
        else "<p class='dim center'>作者未开放留言</p>"
    )
    return f"<hr><section aria-label='留言'><h1>留言</h1>{shown}{form}</section>"


ERRORS = (40001, 41001, 42001, 61007, 88001)
BASE = "/cgi-bin/comment"
ROUTES = (
    Route(API, "POST", f"{BASE}/open", open_, PAGE, DATE, Which, ERRORS),
    Route(API, "POST", f"{BASE}/close", close, PAGE, DATE, Which, ERRORS),
    Route(API, "POST", f"{BASE}/list", list_, PAGE, DATE, List, (*ERRORS, 88010)),
    Route(API, "POST", f"{BASE}/markelect", markelect, PAGE, DATE, One, (*ERRORS, 88003, 88008)),
    Route(API, "POST", f"{BASE}/unmarkelect", unmarkelect, PAGE, DATE, One, (*ERRORS, 88008)),
    Route(API, "POST", f"{BASE}/delete", delete, PAGE, DATE, One, (*ERRORS, 88008)),
    Route(API, "POST", f"{BASE}/reply/add", add_reply, PAGE, DATE, Answer, (*ERRORS, 88005, 88007, 88008)),
    Route(API, "POST", f"{BASE}/reply/delete", delete_reply, PAGE, DATE, One, (*ERRORS, 88008, 88009)),
    Route(HOST, "POST", "/s/{key}/comments", write, PAGE, DATE, journal=False),
)
