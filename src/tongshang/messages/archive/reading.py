"""Reading the account's drafts and publications at WeChat, page by page; a break costs one page.

A job reads some pages and, when there are more, passes on to the next. How far it is stands in a row, written together
with the page, so a worker that is killed leaves an import that goes on where it was. Bodies are not fetched: they are
read when somebody wants one, for a page of them may be many megabytes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from tongshang.messages.archive import shelf
from tongshang.messages.archive.shelf import Place
from tongshang.platform.db import Tx
from tongshang.platform.facts import Fact
from tongshang.platform.jobs import Job
from tongshang.wechat import accounts, calls
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import drafts, publishing

PAGES_AT_ONCE = 20
STANDS_STILL = timedelta(hours=1)
FIELDS = """id, appid, state, place, reached, total, seen, added, gone, moving, errcode, started_at, moved_at,
  finished_at"""
ONE = f"select {FIELDS} from article_import where merchant_id = $1 and id = $2"
LATEST = f"select {FIELDS} from article_import where merchant_id = $1 order by started_at desc limit 1"
RUNNING = f"select {FIELDS} from article_import where merchant_id = $1 and state = 'running' for update"
START = """insert into article_import (merchant_id, id, appid, state, place, started_at, moved_at)
values ($1, $2, $3, 'running', 'draft', $4, $4) on conflict (merchant_id) where state = 'running' do nothing"""
# Compared with the place that was read: two workers cannot both move it on.
MOVE = """update article_import set place = $5, reached = $6, total = $7, seen = seen + $8, added = added + $9,
  gone = gone + $10, moving = $11, moved_at = $12
where merchant_id = $1 and id = $2 and state = 'running' and place = $3 and reached = $4"""
END = """update article_import set state = $3, errcode = $4, moved_at = $5, finished_at = $5
where merchant_id = $1 and id = $2 and state = 'running'"""
TOUCH = "update article_import set moved_at = $3 where merchant_id = $1 and id = $2 and state = 'running'"
UNSEEN = """delete from account_article where merchant_id = $1 and appid = $2 and place = $3
  and import_id is distinct from $4 and found_at < $5"""


class ArticleImportStarted(Fact, frozen=True):
    """An import of the account's articles began, or goes on."""

    kind: ClassVar[str] = "messages.article_import_started"
    import_id: UUID
    page: int = 0


@dataclass(frozen=True)
class Import:
    """One reading of the account's drafts and publications."""

    id: UUID
    appid: str
    state: str
    place: Place
    reached: int
    total: int
    seen: int
    added: int
    gone: int
    moving: bool
    errcode: int | None
    started_at: datetime
    moved_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Item:
    """One of a page: its number at WeChat, its articles, and when it was changed."""

    wechat_id: str
    articles: list[dict[str, Any]]
    changed_at: int


async def latest(tx: Tx) -> Import | None:
    """Give the latest import, running or not."""
    return await tx.first(Import, LATEST, tx.merchant)


async def start(tx: Tx) -> Import:
    """Begin an import; one that is under way is left alone, unless it stands still. Raises NoAccount."""
    account = await accounts.current(tx)
    running = await tx.first(Import, RUNNING, tx.merchant)
    if running is not None and running.appid != account.appid:
        await tx.run(END, tx.merchant, running.id, "failed", None, tx.now)  # of an account that is not ours any more
    elif running is not None and running.moved_at < tx.now - STANDS_STILL:
        # Its job was given up in bad times: it goes on where it stands.
        await tx.run(TOUCH, tx.merchant, running.id, tx.now)
        await tx.emit(ArticleImportStarted(running.id, running.seen))
    import_id = tx.new_id()
    if await tx.run(START, tx.merchant, import_id, account.appid, tx.now):
        await tx.emit(ArticleImportStarted(import_id))
    return await tx.one(Import, RUNNING, tx.merchant)


async def go_on(job: Job, *, import_id: UUID) -> None:
    """Read some pages and end the job, with the next one promised if there is more to read."""
    async with job.begin() as tx:
        one = await tx.one(Import, ONE, tx.merchant, import_id)
    for _ in range(PAGES_AT_ONCE):
        if one.state != "running":
            return
        try:
            total, items = await _page(job, one)
        except Unreachable:
            raise
        except WeixinError as error:
            async with job.finish() as tx:
                await tx.run(END, tx.merchant, import_id, "failed", error.errcode, tx.now)
            return
        async with job.begin() as tx:
            one = await _take(tx, one, total, items)
    async with job.finish() as tx:
        if one.state == "running":
            await tx.emit(ArticleImportStarted(import_id, one.seen))


async def _page(job: Job, one: Import) -> tuple[int, list[Item]]:
    if one.place == "draft":
        total, some = await calls.ask(
            job, job.merchant, lambda c, token: drafts.page(c, token=token, offset=one.reached)
        )
        return total, [Item(x.media_id, x.articles, x.updated_at) for x in some]
    count, out = await calls.ask(
        job, job.merchant, lambda c, token: publishing.page(c, token=token, offset=one.reached)
    )
    return count, [Item(x.article_id, x.articles, x.updated_at) for x in out]


async def _take(tx: Tx, one: Import, total: int, items: list[Item]) -> Import:
    """Write a page down and move on, together; give the import as it now is."""
    added = 0
    for item in items:
        added += await shelf.see(
            tx, appid=one.appid, place=one.place, wechat_id=item.wechat_id, articles=item.articles,
            changed_at=item.changed_at, import_id=one.id,
        )  # fmt: skip
    # Something was added or deleted while we read: what we missed may have slid over a page's edge.
    moving = one.moving or (one.reached > 0 and total != one.total)
    reached = one.reached + len(items)
    over, gone, place = not items or reached >= total, 0, one.place
    if over and not moving:
        gone = await tx.run(UNSEEN, tx.merchant, one.appid, one.place, one.id, one.started_at)
    if over and one.place == "draft":
        place, reached, total, moving = "published", 0, 0, False
    moved = (place, reached, total, len(items), added, gone, moving, tx.now)
    if await tx.run(MOVE, tx.merchant, one.id, one.place, one.reached, *moved) and over and place is one.place:
        await tx.run(END, tx.merchant, one.id, "done", None, tx.now)
    return await tx.one(Import, ONE, tx.merchant, one.id)
