"""Reading the account's library at WeChat into ours, page by page; a break costs one page.

A job reads some pages and, when there are more, passes on to the next. Its place is a row, written together with the
page, so a worker that is killed leaves a sync that goes on where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from tongshang.messages.materials.limits import Kind
from tongshang.platform.db import Tx
from tongshang.platform.facts import Fact
from tongshang.platform.jobs import Job
from tongshang.wechat import accounts, calls
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import materials

PAGES_AT_ONCE = 20
STANDS_STILL = timedelta(hours=1)
ORDER = (Kind.IMAGE, Kind.VOICE, Kind.VIDEO)
FIELDS = "id, appid, state, kind, place, total, seen, added, gone, moving, errcode, started_at, moved_at, finished_at"
ONE = f"select {FIELDS} from material_sync where merchant_id = $1 and id = $2"
LATEST = f"select {FIELDS} from material_sync where merchant_id = $1 order by started_at desc limit 1"
RUNNING = f"select {FIELDS} from material_sync where merchant_id = $1 and state = 'running' for update"
START = """insert into material_sync (merchant_id, id, appid, state, kind, started_at, moved_at)
values ($1, $2, $3, 'running', 'image', $4, $4) on conflict (merchant_id) where state = 'running' do nothing"""
# Compared with the place that was read: two workers cannot both move it on.
MOVE = """update material_sync set kind = $4, place = $5, total = $6, seen = seen + $7, added = added + $8,
  gone = gone + $9, moving = $10, moved_at = $11
where merchant_id = $1 and id = $2 and state = 'running' and (kind, place) = ($12, $3)"""
END = """update material_sync set state = $3, errcode = $4, moved_at = $5, finished_at = $5
where merchant_id = $1 and id = $2 and state = 'running'"""
TOUCH = "update material_sync set moved_at = $3 where merchant_id = $1 and id = $2 and state = 'running'"
SEEN = """update media_upload set sync_id = $3, url = coalesce($5, url)
where merchant_id = $1 and appid = $2 and media_id = $4 and use = 'permanent' returning material_id"""
KNOWN = "select material_id from media_upload where merchant_id = $1 and appid = $2 and media_id = $3"
ADD = """insert into material (merchant_id, id, kind, name, title, created_at) values ($1, $2, $3, $4, $5, $6)"""
ADD_UPLOAD = """insert into media_upload (merchant_id, appid, material_id, use, media_id, url, uploaded_at, sync_id)
values ($1, $2, $3, 'permanent', $4, $5, $6, $7)"""
# Only what was there before the sync began: a file uploaded meanwhile may lie on a page that was read already.
UNSEEN = """delete from media_upload u using material m
where u.merchant_id = $1 and u.appid = $2 and u.use = 'permanent' and u.sync_id is distinct from $3
  and u.uploaded_at < $4 and m.merchant_id = u.merchant_id and m.id = u.material_id and m.kind = $5"""
HOLLOW = """delete from material m where m.merchant_id = $1 and m.sha256 is null and not exists (
  select 1 from media_upload u where u.merchant_id = m.merchant_id and u.material_id = m.id)"""


class MaterialSyncStarted(Fact, frozen=True):
    """A sync of the library began, or goes on."""

    kind: ClassVar[str] = "messages.material_sync_started"
    sync_id: UUID
    page: int = 0


@dataclass(frozen=True)
class Sync:
    """One look at the account's library."""

    id: UUID
    appid: str
    state: str
    kind: Kind
    place: int
    total: int
    seen: int
    added: int
    gone: int
    moving: bool
    errcode: int | None
    started_at: datetime
    moved_at: datetime
    finished_at: datetime | None


async def latest(tx: Tx) -> Sync | None:
    """Give the latest sync, running or not."""
    return await tx.first(Sync, LATEST, tx.merchant)


async def start(tx: Tx) -> Sync:
    """Begin a sync; one that is under way is left alone, unless it stands still. Raises NoAccount."""
    account = await accounts.current(tx)
    running = await tx.first(Sync, RUNNING, tx.merchant)
    if running is not None and running.appid != account.appid:
        await tx.run(END, tx.merchant, running.id, "failed", None, tx.now)  # of an account that is not ours any more
    elif running is not None and running.moved_at < tx.now - STANDS_STILL:
        # Its job was given up in bad times: it goes on where it stands.
        await tx.run(TOUCH, tx.merchant, running.id, tx.now)
        await tx.emit(MaterialSyncStarted(running.id, running.seen))
    sync_id = tx.new_id()
    if await tx.run(START, tx.merchant, sync_id, account.appid, tx.now):
        await tx.emit(MaterialSyncStarted(sync_id))
    return await tx.one(Sync, RUNNING, tx.merchant)


async def go_on(job: Job, *, sync_id: UUID) -> None:
    """Read some pages and end the job, with the next one promised if there is more to read."""
    async with job.begin() as tx:
        sync = await tx.one(Sync, ONE, tx.merchant, sync_id)
    for _ in range(PAGES_AT_ONCE):
        if sync.state != "running":
            return
        try:
            page = await _page(job, sync)
        except Unreachable:
            raise
        except WeixinError as error:
            async with job.finish() as tx:
                await tx.run(END, tx.merchant, sync_id, "failed", error.errcode, tx.now)
            return
        async with job.begin() as tx:
            sync = await _take(tx, sync, page)
    async with job.finish() as tx:
        if sync.state == "running":
            await tx.emit(MaterialSyncStarted(sync_id, sync.seen))


async def _page(job: Job, sync: Sync) -> materials.Page:
    return await calls.ask(
        job,
        job.merchant,
        lambda client, token: materials.page(client, token=token, kind=sync.kind, offset=sync.place),
    )


async def _take(tx: Tx, sync: Sync, page: materials.Page) -> Sync:
    """Write a page down and move the place on, together; give the sync as it now is."""
    added = 0
    for item in page.items:
        added += await _see(tx, sync, item)
    # Something was added or deleted at WeChat while we read: what we missed may have slid over a page's edge.
    moving = sync.moving or (sync.place > 0 and page.total != sync.total)
    end = sync.place + len(page.items)
    over = not page.items or end >= page.total
    gone, kind, place, total = 0, sync.kind, end, page.total
    if over:
        if not moving:
            gone = await tx.run(UNSEEN, tx.merchant, sync.appid, sync.id, sync.started_at, sync.kind)
            await tx.run(HOLLOW, tx.merchant)
        following: Sequence[Kind] = ORDER[ORDER.index(sync.kind) + 1 :]
        if following:
            kind, place, total, moving = following[0], 0, 0, False
    moved = (kind, place, total, len(page.items), added, gone, moving, tx.now, sync.kind)
    if await tx.run(MOVE, tx.merchant, sync.id, sync.place, *moved) and over and kind is sync.kind:
        await tx.run(END, tx.merchant, sync.id, "done", None, tx.now)
    return await tx.one(Sync, ONE, tx.merchant, sync.id)


async def _see(tx: Tx, sync: Sync, item: materials.Item) -> int:
    if await tx.value(SEEN, tx.merchant, sync.appid, sync.id, item.media_id, item.url) is not None:
        return 0
    await _add(tx, sync.appid, sync.kind, item, sync.id)
    return 1


async def met(tx: Tx, *, appid: str, item: materials.Item) -> UUID:
    """Give our material for a picture that WeChat has; one we do not know is written down, its file fetched later."""
    known: UUID | None = await tx.value(KNOWN, tx.merchant, appid, item.media_id)
    return known or await _add(tx, appid, Kind.IMAGE, item, None)


async def _add(tx: Tx, appid: str, kind: Kind, item: materials.Item, sync_id: UUID | None) -> UUID:
    material_id = tx.new_id()
    name = item.name[:100] or item.media_id[:20]
    title = name[:64] if kind is Kind.VIDEO else ""
    at = datetime.fromtimestamp(item.updated_at, UTC) if item.updated_at else tx.now
    await tx.run(ADD, tx.merchant, material_id, kind, name, title, at)
    await tx.run(ADD_UPLOAD, tx.merchant, appid, material_id, item.media_id, item.url, at, sync_id)
    return material_id
