"""Publishing drafts: a job whose end is pushed, and articles with addresses for ever.

Official pages: developers.weixin.qq.com/doc/offiaccount/Publish/Publish.html, Get_status.html,
Delete_posts.html, Get_article_from_id.html, Get_publication_records.html, Callback_on_finish.html, read 2026-09.

A fault on "publish" with the effect `verdict` and data {"status": 3} makes jobs end otherwise (3 failed, 4 audit).
"""

from typing import TYPE_CHECKING, Any

import msgspec

from wxsandbox import tokens
from wxsandbox.errors import OK, WxError
from wxsandbox.http import Call
from wxsandbox.mp.articles import ArticlePage, helper, link, open_pages, originals
from wxsandbox.mp.base import API, DATE, PAGES, Text
from wxsandbox.mp.drafts import Batch, Draft, items, one_of
from wxsandbox.mp.messages import push
from wxsandbox.people import account_of
from wxsandbox.routes import Route
from wxsandbox.validate import read

if TYPE_CHECKING:
    from wxsandbox.box import Box

PUBLISH_SET = 7
SECONDS = 5.0
DONE, UNDER_WAY, COPIED, DELETED = 0, 1, 2, 5
FOLDER = f"{PAGES}/Publish"


class PublishJob(msgspec.Struct, kw_only=True):
    """A draft on its way out, and what became of it."""

    id: str  # publish_id
    seq: int
    appid: str
    draft: str
    articles: list[dict[str, Any]]
    status: int = UNDER_WAY
    article_id: str = ""
    failed: list[int] = []
    urls: list[str] = []


class Published(msgspec.Struct, kw_only=True):
    """What was published under one article_id."""

    id: str  # article_id
    seq: int
    appid: str
    articles: list[dict[str, Any]]
    pages: list[str]
    at: int


class Submit(msgspec.Struct):
    """Body of freepublish/submit."""

    media_id: Text


class Ask(msgspec.Struct):
    """Body of freepublish/get."""

    publish_id: Text


class Delete(msgspec.Struct):
    """Body of freepublish/delete."""

    article_id: Text
    index: int = 0


class OneArticle(msgspec.Struct):
    """Body of freepublish/getarticle."""

    article_id: Text


CODES = {"media_id": 40007, "publish_id": 53502, "article_id": 53600, "index": 53600, "offset": 40097, "count": 40097}


async def submit(call: Call) -> Any:
    """Take a draft for publishing; its end comes as an event."""
    account = tokens.account_call(call, PUBLISH_SET)
    box = call.box
    draft = one_of(call, account.appid, read(call.body, Submit, CODES).media_id)
    under_way = box.state.table(PublishJob).by("draft", draft.id)
    if any(job.status == UNDER_WAY for job in under_way):
        raise WxError(53501)
    seq = box.state.next("publish")
    job = PublishJob(
        id=str(100_000_000 + seq), seq=seq, appid=account.appid, draft=draft.id, articles=draft.articles
    )  # fmt: skip
    box.state.table(PublishJob).put(job)
    base = call.url("mp.weixin.qq.com", "/s/")
    box.scheduler.at(box.clock.now() + SECONDS, "publish.finish", id=job.id, base=base)
    return {**OK, "publish_id": job.id, "msg_data_id": 2_247_000_000 + seq}


async def finish(box: "Box", args: dict[str, Any]) -> None:
    """End a job: judge it, open the pages, take the draft away, and tell the account."""
    job = box.state.table(PublishJob).get(args["id"])
    if job is None or job.status != UNDER_WAY:
        return
    verdict = box.faults.hit("publish", "verdict", appid=job.appid)
    copies = originals(box, job.appid, job.articles)
    if verdict or copies:
        job.status = int(verdict.data.get("status", 3)) if verdict else COPIED
        job.failed = [place for place, _ in copies] or list(range(1, len(job.articles) + 1))
    else:
        msgid = str(2_247_000_000 + job.seq)
        pages = open_pages(box, job.appid, job.articles, state="published", msgid=msgid)
        job.status, job.article_id, job.urls = DONE, box.dice.text(43), [args["base"] + key for key in pages]
        box.state.table(Published).put(
            Published(
                id=job.article_id, seq=job.seq, appid=job.appid, articles=job.articles, pages=pages,
                at=box.clock.seconds(),
            )
        )  # fmt: skip
        box.state.table(Draft).delete(job.draft)
    box.state.table(PublishJob).put(job)
    fields = {"Event": "PUBLISHJOBFINISH", "PublishEventInfo": described(job)}
    push(box, account_of(box, job.appid), helper(job.appid), "event", fields)


def described(job: PublishJob) -> dict[str, Any]:
    """Write what became of a job as the event does: repeated elements, not lists."""
    told: dict[str, Any] = {"publish_id": int(job.id), "publish_status": job.status}
    if job.status == DONE:
        told["article_id"] = job.article_id
        pages = tuple({"idx": place, "article_url": url} for place, url in enumerate(job.urls, 1))
        told["article_detail"] = {"count": len(job.urls), "item": pages}
    else:
        told["fail_idx"] = tuple(job.failed)
    return told


async def get(call: Call) -> Any:
    """Say what became of a job."""
    account = tokens.account_call(call, PUBLISH_SET)
    job = call.box.state.table(PublishJob).get(read(call.body, Ask, CODES).publish_id)
    if job is None or job.appid != account.appid:
        raise WxError(53502)
    told: dict[str, Any] = {"publish_id": job.id, "publish_status": job.status, "fail_idx": job.failed}
    if job.status == DONE:
        urls = [{"idx": n, "article_url": url} for n, url in enumerate(job.urls, 1)]
        told |= {"article_id": job.article_id, "article_detail": {"count": len(urls), "item": urls}}
    return told


def published(call: Call, appid: str, article_id: str) -> Published:
    """Find what was published; raises 53600."""
    found = call.box.state.table(Published).get(article_id)
    if found is None or found.appid != appid:
        raise WxError(53600)
    return found


async def delete(call: Call) -> Any:
    """Take one article (counted from 1) or all of them from their addresses."""
    account = tokens.account_call(call, PUBLISH_SET)
    body = read(call.body, Delete, CODES)
    found = published(call, account.appid, body.article_id)
    if not 0 <= body.index <= len(found.pages):
        raise WxError(53600)
    pages = call.box.state.table(ArticlePage)
    for key in found.pages if body.index == 0 else [found.pages[body.index - 1]]:
        if page := pages.get(key):
            page.deleted = True
            pages.put(page)
    if all((page := pages.get(key)) is None or page.deleted for key in found.pages):
        call.box.state.table(Published).delete(found.id)
    return OK


async def getarticle(call: Call) -> Any:
    """Give what was published under an id."""
    account = tokens.account_call(call, PUBLISH_SET)
    found = published(call, account.appid, read(call.body, OneArticle, CODES).article_id)
    return {"news_item": _told(call, found)}


async def batchget(call: Call) -> Any:
    """List what was published, newest first."""
    account = tokens.account_call(call, PUBLISH_SET)
    body = read(call.body, Batch, CODES)
    rows = call.box.state.table(Published).by("appid", account.appid)[::-1]
    page = [
        {"article_id": r.id, "content": {"news_item": _told(call, r, bare=bool(body.no_content))}, "update_time": r.at}
        for r in rows[body.offset : body.offset + body.count]
    ]
    return {"total_count": len(rows), "item_count": len(page), "item": page}


def _told(call: Call, found: Published, *, bare: bool = False) -> list[dict[str, Any]]:
    pages = call.box.state.table(ArticlePage)
    gone = [(page := pages.get(key)) is None or page.deleted for key in found.pages]
    told = items(call, found.articles, found.pages, bare=bare)
    return [one | {"is_deleted": deleted} for one, deleted in zip(told, gone, strict=True)]


def cards_of(call: Call, appid: str, kind: str, named: str) -> list[dict[str, Any]]:
    """Give what was published (`mpnewsarticle`) or a draft (`mpnews`) as a chat draws it; raises 53600, 40007."""
    found = published(call, appid, named) if kind == "mpnewsarticle" else one_of(call, appid, named)
    return [
        {"title": one["title"], "description": one.get("digest", ""), "picurl": one.get("thumb_url", ""),
         "url": link(call, key)}
        for one, key in zip(found.articles, found.pages, strict=True)
    ]  # fmt: skip


ERRORS = (40001, 41001, 42001, 61007)
DUES = {"publish.finish": finish}
ROUTES = (
    Route(
        API, "POST", "/cgi-bin/freepublish/submit", submit, f"{FOLDER}/Publish.html", DATE, Submit,
        (*ERRORS, 40007, 53501),
    ),
    Route(API, "POST", "/cgi-bin/freepublish/get", get, f"{FOLDER}/Get_status.html", DATE, Ask, (*ERRORS, 53502)),
    Route(
        API, "POST", "/cgi-bin/freepublish/delete", delete, f"{FOLDER}/Delete_posts.html", DATE, Delete,
        (*ERRORS, 53600),
    ),
    Route(
        API, "POST", "/cgi-bin/freepublish/getarticle", getarticle, f"{FOLDER}/Get_article_from_id.html", DATE,
        OneArticle, (*ERRORS, 53600),
    ),
    Route(
        API, "POST", "/cgi-bin/freepublish/batchget", batchget, f"{FOLDER}/Get_publication_records.html", DATE, Batch,
        (*ERRORS, 40097),
    ),
)  # fmt: skip
