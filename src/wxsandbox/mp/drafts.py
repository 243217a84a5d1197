"""The draft box.

Official pages: developers.weixin.qq.com/doc/offiaccount/Draft_Box/Add_draft.html, Get_draft.html, Delete_draft.html,
Update_draft.html, Count_drafts.html, Get_draft_list.html, Temporary_MP_Switch.html, read 2026-09.
"""

from typing import Annotated, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp.articles import all_checked, checked, link, open_pages
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.routes import Route
from wxsandbox.validate import read

DRAFT_SETS = (11, 100)
FOLDER = f"{PAGES}/Draft_Box"


class Draft(msgspec.Struct, kw_only=True):
    """Articles under one media id, until they are published or sent."""

    id: str  # media_id
    seq: int
    appid: str
    articles: list[dict[str, Any]]
    pages: list[str]
    at: int


class DraftSwitch(msgspec.Struct):
    """Whether an account has switched to drafts; every account of today has."""

    id: str  # appid
    on: bool = True


class Add(msgspec.Struct):
    """Body of draft/add."""

    articles: list[dict[str, Any]]


class One(msgspec.Struct):
    """Body of draft/get and draft/delete."""

    media_id: Text


class Update(msgspec.Struct):
    """Body of draft/update."""

    media_id: Text
    index: int
    articles: dict[str, Any]


class Batch(msgspec.Struct):
    """Body of draft/batchget and freepublish/batchget."""

    offset: Annotated[int, msgspec.Meta(ge=0)] = 0
    count: Annotated[int, msgspec.Meta(ge=1, le=20)] = 20
    no_content: int = 0


CODES = {"media_id": 40007, "articles": 44003, "index": 40114, "offset": 40097, "count": 40097}


def one_of(call: Call, appid: str, media_id: str) -> Draft:
    """Find a draft; raises 40007."""
    draft = call.box.state.table(Draft).get(media_id)
    if draft is None or draft.appid != appid:
        raise WxError(40007)
    return draft


def items(call: Call, articles: list[dict[str, Any]], pages: list[str], *, bare: bool = False) -> list[dict[str, Any]]:
    """Write articles as lists and details do."""
    hidden = {"content"} if bare else set()
    return [
        {name: value for name, value in one.items() if name not in hidden} | {"url": link(call, page)}
        for one, page in zip(articles, pages, strict=True)
    ]


async def switch(call: Call) -> Any:
    """Say whether drafts are on, or switch them on."""
    account = tokens.account_call(call, *DRAFT_SETS)
    table = call.box.state.table(DraftSwitch)
    known = table.get(account.appid) or DraftSwitch(account.appid)
    if call.query.get("checkonly") != "1":
        known = table.put(DraftSwitch(account.appid))
    return {**OK, "is_open": int(known.on)}


async def add(call: Call) -> Any:
    """Take a draft of one to eight articles."""
    account = tokens.account_call(call, *DRAFT_SETS)
    box = call.box
    articles = all_checked(call, account.appid, read(call.body, Add, CODES).articles)
    pages = open_pages(box, account.appid, articles, state="draft", msgid="0")
    draft = Draft(
        id=box.dice.text(64), seq=box.state.next("draft"), appid=account.appid, articles=articles, pages=pages,
        at=box.clock.seconds(),
    )  # fmt: skip
    return {"media_id": box.state.table(Draft).put(draft).id}


async def get(call: Call) -> Any:
    """Give a draft, each article with an address to look at it."""
    account = tokens.account_call(call, *DRAFT_SETS)
    draft = one_of(call, account.appid, read(call.body, One, CODES).media_id)
    return {"news_item": items(call, draft.articles, draft.pages)}


async def update(call: Call) -> Any:
    """Change one article of a draft."""
    account = tokens.account_call(call, *DRAFT_SETS)
    body = read(call.body, Update, CODES)
    draft = one_of(call, account.appid, body.media_id)
    if not 0 <= body.index < len(draft.articles):
        raise WxError(40114)
    article = checked(call, account.appid, body.articles)
    draft.articles[body.index] = article
    draft.pages[body.index] = open_pages(call.box, account.appid, [article], state="draft", msgid="0")[0]
    draft.at = call.box.clock.seconds()
    call.box.state.table(Draft).put(draft)
    return OK


async def delete(call: Call) -> Any:
    """Forget a draft."""
    account = tokens.account_call(call, *DRAFT_SETS)
    draft = one_of(call, account.appid, read(call.body, One, CODES).media_id)
    call.box.state.table(Draft).delete(draft.id)
    return OK


async def count(call: Call) -> Any:
    """Count the drafts."""
    account = tokens.account_call(call, *DRAFT_SETS)
    return {"total_count": len(call.box.state.table(Draft).by("appid", account.appid))}


async def batchget(call: Call) -> Any:
    """List drafts, newest first."""
    account = tokens.account_call(call, *DRAFT_SETS)
    body = read(call.body, Batch, CODES)
    drafts = call.box.state.table(Draft).by("appid", account.appid)[::-1]
    page = drafts[body.offset : body.offset + body.count]
    found = [
        {
            "media_id": d.id,
            "content": {"news_item": items(call, d.articles, d.pages, bare=bool(body.no_content))},
            "update_time": d.at,
        }
        for d in page
    ]
    return {"total_count": len(drafts), "item_count": len(found), "item": found}


ERRORS = (40001, 41001, 42001, 61007)
FIELDS = (40007, 44003, 44004, 45002, 45003, 45004, 45005, 45008, 45110, 47001)
ROUTES = (
    Route(API, "POST", "/cgi-bin/draft/switch", switch, f"{FOLDER}/Temporary_MP_Switch.html", DATE, None, ERRORS),
    Route(API, "POST", "/cgi-bin/draft/add", add, f"{FOLDER}/Add_draft.html", DATE, Add, (*ERRORS, *FIELDS)),
    Route(API, "POST", "/cgi-bin/draft/get", get, f"{FOLDER}/Get_draft.html", DATE, One, (*ERRORS, 40007)),
    Route(
        API, "POST", "/cgi-bin/draft/update", update, f"{FOLDER}/Update_draft.html", DATE, Update,
        (*ERRORS, *FIELDS, 40114),
    ),
    Route(API, "POST", "/cgi-bin/draft/delete", delete, f"{FOLDER}/Delete_draft.html", DATE, One, (*ERRORS, 40007)),
    Route(API, "GET", "/cgi-bin/draft/count", count, f"{FOLDER}/Count_drafts.html", DATE, None, ERRORS),
    Route(
        API, "POST", "/cgi-bin/draft/batchget", batchget, f"{FOLDER}/Get_draft_list.html", DATE, Batch,
        (*ERRORS, 40097),
    ),
)  # fmt: skip
