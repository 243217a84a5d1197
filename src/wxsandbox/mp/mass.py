"""A mass send's life: what it says, who may have it, how it arrives, and what is told of it.

Official page: developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html,
2026-09. A subscription account may send once a day, a service account four times a natural month to each person.
"""

from typing import TYPE_CHECKING, Any

import msgspec

from wxsandbox.accounts import Account
from wxsandbox.errors import WxError
from wxsandbox.http import Call
from wxsandbox.mp import tally
from wxsandbox.mp.articles import ArticlePage, helper, open_pages, originals
from wxsandbox.mp.base import Text
from wxsandbox.mp.drafts import Draft
from wxsandbox.mp.messages import push
from wxsandbox.mp.uploads import StoredFile, address, needed
from wxsandbox.people import Fan, account_of, fan, show
from wxsandbox.validate import convert

if TYPE_CHECKING:
    from wxsandbox.box import Box

MASS_SET = 7
SERVICE = 2
A_MONTH, A_DAY = 4, 1
SPEEDS = (80, 60, 45, 30, 10)  # ten thousand people a minute, by level
LEAST_SECONDS = 3.0
MOST_TEXT_BYTES = 2048
REPRINT = "err(30003)"


class Music(msgspec.Struct):
    """music"""

    musicurl: Text
    hqmusicurl: Text
    thumb_media_id: Text
    title: str = ""
    description: str = ""


class Card(msgspec.Struct):
    """wxcard"""

    card_id: Text
    card_ext: str = ""


WHOLE: dict[str, type[msgspec.Struct]] = {"music": Music, "wxcard": Card}
KINDS = ("text", "image", "voice", "mpnews", "mpvideo", *WHOLE)


class Job(msgspec.Struct, kw_only=True):
    """One mass send. `state` as mass/get says it."""

    id: str  # msg_id
    seq: int
    appid: str
    key: str
    at: float
    kind: str
    message: dict[str, Any]
    people: list[str]
    ignore_reprint: bool
    data_id: int = 0
    state: str = "SENDING"
    reached: list[str] = []
    pages: list[str] = []
    repeats: list[float] = []


class Speed(msgspec.Struct):
    """An account's level of speed."""

    id: str  # appid
    level: int = 0


class Previews(msgspec.Struct):
    """Previews by WeChat name on one day."""

    id: str  # appid:day
    count: int = 0


class Received(msgspec.Struct):
    """How many mass messages a person had of a service account in one month."""

    id: str  # appid:person:month
    count: int = 0


def day(moment: float) -> str:
    """Name the day of a moment in Shanghai."""
    return tally.day_of(moment)[0]


def seconds_for(box: "Box", appid: str, people: int) -> float:
    """Say how long a job takes at the account's speed."""
    known = box.state.table(Speed).get(appid) or Speed(appid)
    return max(LEAST_SECONDS, people / (SPEEDS[known.level] * 10_000) * 60)


def may_have(box: "Box", account: Account, one: Fan) -> bool:
    """Say whether a person may have another message of this account."""
    now = box.clock.now()
    if account.service_type == SERVICE:
        kept = box.state.table(Received).get(f"{account.appid}:{one.person}:{day(now)[:7]}")
        return kept is None or kept.count < A_MONTH
    mine = box.state.table(Job).by("appid", account.appid)
    return sum(day(j.at) == day(now) and j.state != "SEND_FAIL" for j in mine) < A_DAY


def count_preview(box: "Box", appid: str, most: int) -> None:
    """Count a preview by WeChat name; raises 45009."""
    table, id = box.state.table(Previews), f"{appid}:{day(box.clock.now())}"
    kept = table.get(id) or Previews(id)
    if kept.count >= most:
        raise WxError(45009)
    kept.count += 1
    table.put(kept)


def message_of(call: Call, appid: str, whole: dict[str, Any]) -> dict[str, Any]:
    """Check the part named by msgtype, and give what will be shown; raises 40008, 40007, 44004, 45002."""
    kind = whole.get("msgtype", "")
    part = whole.get({"image": "images" if "images" in whole else "image"}.get(kind, kind))
    if kind not in KINDS or not isinstance(part, dict):
        raise WxError(40008)
    if kind in WHOLE:
        checked = convert(part, WHOLE[kind], {"thumb_media_id": 40007, "card_id": 44004})
        return dict(msgspec.to_builtins(checked))
    if kind == "text":
        words = str(part.get("content", ""))
        if not words:
            raise WxError(44004)
        if len(words.encode()) > MOST_TEXT_BYTES:
            raise WxError(45002)
        return {"text": words}
    if kind == "mpnews":
        draft = call.box.state.table(Draft).get(str(part.get("media_id", "")))
        if draft is None or draft.appid != appid:
            raise WxError(40007)
        return {"draft": draft.id, "articles": draft.articles, "base": call.url("mp.weixin.qq.com", "/s/")}
    ids = part.get("media_ids") or [part.get("media_id")]
    files = [needed(call.box, appid, str(id), kind.removeprefix("mp"), "permanent", "temporary") for id in ids]
    told = {"title": part.get("title", files[0].title), "description": part.get("description", "")}
    return {"files": [file.id for file in files], "urls": [address(call, file) for file in files], **told}


def show_to(
    box: "Box", account: Account, person: str, kind: str, message: dict[str, Any], *, via: str, pages: Any = ()
) -> None:
    """Put a message into a person's chat, as their phone draws it."""
    if kind == "text" or kind in WHOLE:
        show(box, appid=account.appid, person=person, who="account", kind=kind, content=message, via=via)
    elif kind == "mpnews":
        if not pages:  # a preview: pages that nobody finds, and whose reads do not count
            pages = open_pages(box, account.appid, message["articles"], state="draft", msgid="0")
        articles = [
            {"title": one["title"], "description": one.get("digest", ""), "picurl": one.get("thumb_url", ""),
             "url": message["base"] + key}
            for one, key in zip(message["articles"], pages, strict=True)
        ]  # fmt: skip
        content = {"articles": articles}
        show(box, appid=account.appid, person=person, who="account", kind="news", content=content, via=via)
    else:
        for id, url in zip(message["files"], message["urls"], strict=True):
            content = {"media_id": id, "url": url, "title": message["title"]}
            name = kind.removeprefix("mp")
            show(box, appid=account.appid, person=person, who="account", kind=name, content=content, via=via)


async def finish(box: "Box", args: dict[str, Any]) -> None:
    """Judge a job, let it arrive, and tell the account what became of it."""
    job = box.state.table(Job).get(args["id"])
    if job is None or job.state != "SENDING":
        return
    account = account_of(box, job.appid)
    articles = job.message.get("articles", [])
    copies = originals(box, job.appid, articles)
    verdict = box.faults.hit("mass", "verdict", appid=job.appid)
    status, filtered = "send success", 0
    if verdict:
        status = str(verdict.data.get("status", "send fail"))
    elif copies and not job.ignore_reprint:
        status = REPRINT
    else:
        filtered = deliver(box, account, job)
    job.state = "SEND_SUCCESS" if status == "send success" else "SEND_FAIL"
    box.state.table(Job).put(job)
    fields: dict[str, Any] = {
        "Event": "MASSSENDJOBFINISH", "MsgID": int(job.id), "Status": status, "TotalCount": len(job.people),
        "FilterCount": filtered, "SentCount": len(job.reached), "ErrorCount": filtered - len(job.reached),
    }  # fmt: skip
    if articles:
        fields |= told(box, job, copies)
    push(box, account, helper(job.appid), "event", fields)


def told(box: "Box", job: Job, copies: list[tuple[int, ArticlePage]]) -> dict[str, Any]:
    """Write the result of the originality check and the addresses, as the event does."""
    checks = [
        {
            "ArticleIdx": place, "UserDeclareState": 0, "AuditState": 2, "OriginalArticleUrl": page.id,
            "OriginalArticleType": 1, "CanReprint": 1, "NeedReplaceContent": 0, "NeedShowReprintSource": 1,
        }
        for place, page in copies
    ]  # fmt: skip
    urls = [
        {"ArticleIdx": place, "ArticleUrl": job.message["base"] + key} for place, key in enumerate(job.pages, 1)
    ]  # fmt: skip
    check = {"Count": len(checks), "ResultList": checks, "CheckState": 2 if copies else 1}
    return {"CopyrightCheckResult": check, "ArticleUrlResult": {"Count": len(urls), "ResultList": urls}}


def deliver(box: "Box", account: Account, job: Job) -> int:
    """Let a job arrive at everybody who may have it; return how many the filter let through."""
    if job.kind == "mpnews":
        articles = job.message["articles"]
        job.pages = open_pages(box, job.appid, articles, state="sent", msgid=str(job.data_id))
        for place, one in enumerate(articles, 1):
            tally.published(box, job.appid, f"{job.data_id}_{place}", one["title"], target=len(job.people))
        box.state.table(Draft).delete(job.message["draft"])
    through = 0
    for name in job.people:
        one = fan(box, name, job.appid)
        if one.blocked or not one.subscribed or (account.service_type == SERVICE and not may_have(box, account, one)):
            continue
        through += 1
        table, id = box.state.table(Received), f"{job.appid}:{name}:{day(box.clock.now())[:7]}"
        table.put(Received(id, (kept.count if (kept := table.get(id)) else 0) + 1))
        show_to(box, account, name, job.kind, job.message, via="mass", pages=job.pages)
        job.reached.append(name)
    return through


def unpublish(box: "Box", job: Job, place: int) -> None:
    """Make a job's articles (one, counted from 1, or all) or its film unreadable."""
    if job.kind == "mpvideo":
        for id in job.message["files"]:
            box.state.table(StoredFile).delete(id)
    pages = box.state.table(ArticlePage)
    for key in job.pages if place == 0 else job.pages[place - 1 : place]:
        if page := pages.get(key):
            page.deleted = True
            pages.put(page)
    if all((page := pages.get(key)) is None or page.deleted for key in job.pages):
        job.state = "DELETE"
        box.state.table(Job).put(job)
