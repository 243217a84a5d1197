"""Pulling the list: a piece of it is read, stored and behind us; after half a minute the job gives way and comes again.

https://developers.weixin.qq.com/doc/offiaccount/User_Management/Getting_a_User_List.html (2026-11)
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tongshang.fans.sync import runs, store
from tongshang.fans.sync.runs import Phase, Run
from tongshang.fans.tags import catalogue
from tongshang.platform.errors import Refused
from tongshang.platform.ids import NIL
from tongshang.platform.jobs import Again, Job
from tongshang.wechat import calls
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import users

PIECE = 1_000
# Calls at once; WeChat names no limit, so it stays modest.
AT_ONCE = 5
SLICE_SECONDS = 30.0
# Whose clock is right within a minute is not worth an argument.
SLACK = timedelta(seconds=60)
MINUTE_QUOTA, DAY_QUOTA = 45011, 45009
WAIT_SECONDS = {MINUTE_QUOTA: 60.0, DAY_QUOTA: 3600.0}
# A list that lacks more than a twentieth of what it promised is not believed about who is gone.
ENOUGH = 0.95


@dataclass(frozen=True)
class _Pull:
    """Who pulls, until when (the loop's time), and how many people at once."""

    job: Job
    until: float
    piece: int

    @property
    def is_late(self) -> bool:
        """Say whether it is time to give way."""
        return asyncio.get_running_loop().time() > self.until


async def go_on(job: Job, sync_id: UUID, *, slice_seconds: float = SLICE_SECONDS, piece: int = PIECE) -> None:
    """Go on with a run until it is over, its time slice is used up, or WeChat wants a pause."""
    pull = _Pull(job, asyncio.get_running_loop().time() + slice_seconds, piece)
    while True:
        async with job.begin() as tx:
            run = await runs.get(tx, sync_id=sync_id)
        if run.state is not runs.State.RUNNING:
            return
        try:
            await _STEPS[run.phase](pull, run)
        except runs.Overtaken:
            continue
        except Unreachable as pause:
            async with job.begin() as tx:
                await runs.note(tx, run, errcode=pause.errcode, error=pause.errmsg)
            raise Again(pause.retry_after_seconds or WAIT_SECONDS.get(pause.errcode, 15.0)) from pause
        except WeixinError as refusal:
            async with job.finish() as tx:
                await runs.fail(tx, run, errcode=refusal.errcode, error=refusal.errmsg)
            return
        except Refused as refusal:
            async with job.finish() as tx:
                await runs.fail(tx, run, errcode=None, error=refusal.code)
            return
        if pull.is_late:
            raise Again(0)


async def _tags(pull: _Pull, run: Run) -> None:
    job = pull.job
    await catalogue.pull(job.world, job.merchant, appid=run.appid)
    async with job.begin() as tx:
        await runs.move(tx, run, phase=Phase.PEOPLE, cursor="", total=run.total)


async def _people(pull: _Pull, run: Run) -> None:
    """Read one page of openids, and describe and store its people piece by piece."""
    job = pull.job
    page = await calls.ask(
        job, job.merchant, lambda client, token: users.followers(client, token=token, after=run.cursor)
    )
    if not page.openids:
        async with job.begin() as tx:
            if run.seen < page.total * ENOUGH:
                await runs.fail(tx, run, errcode=None, error="sync.short")
            else:
                await runs.move(tx, run, phase=Phase.BLOCKED, cursor="", total=page.total)
        return
    for piece in _pieces(page.openids, pull.piece):
        read_at = job.world.clock.now()
        persons = await _described(job, piece)
        async with job.begin() as tx:
            added = await store.people(tx, run, persons, read_at=read_at)
            seen = sum(one.subscribed for one in persons)
            await runs.move(tx, run, phase=Phase.PEOPLE, cursor=piece[-1], total=page.total, seen=seen, added=added)
            run = await runs.get(tx, sync_id=run.id)
        if pull.is_late:
            return


async def _described(job: Job, openids: Sequence[str]) -> list[users.Person]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def some(part: Sequence[str]) -> list[users.Person]:
        async with gate:
            return await calls.ask(
                job, job.merchant, lambda client, token: users.described(client, token=token, openids=part)
            )

    parts = await asyncio.gather(*(some(part) for part in _pieces(openids, users.DESCRIBE_MOST)))
    return [one for part in parts for one in part]


async def _blocked(pull: _Pull, run: Run) -> None:
    job = pull.job
    read_at = job.world.clock.now()
    try:
        page = await calls.ask(
            job, job.merchant, lambda client, token: users.blacklist(client, token=token, after=run.cursor)
        )
    except Unreachable:
        raise
    except WeixinError:
        page = None  # accounts that were never verified have no blacklist to read
    async with job.begin() as tx:
        if page is not None and page.openids:
            await store.blocked(tx, run, page.openids, read_at=read_at)
            await runs.move(tx, run, phase=Phase.BLOCKED, cursor=page.openids[-1], total=run.total)
            return
        if page is not None:
            await store.unblocked(tx, run)
        await runs.move(tx, run, phase=Phase.GONE, cursor="", total=run.total)


async def _gone(pull: _Pull, run: Run) -> None:
    job = pull.job
    after = UUID(run.cursor) if run.cursor else NIL
    async with job.begin() as tx:
        found, left = await store.gone(
            tx, run, after=after, before_second=_second(run.started_at - SLACK), limit=pull.piece
        )
        if found:
            await runs.move(tx, run, phase=Phase.GONE, cursor=str(found[-1]), total=run.total, gone=left)
        else:
            await runs.finish(tx, run)


def _pieces(openids: Sequence[str], size: int) -> list[Sequence[str]]:
    return [openids[start : start + size] for start in range(0, len(openids), size)]


def _second(moment: datetime) -> int:
    return int(moment.timestamp())


_STEPS = {Phase.TAGS: _tags, Phase.PEOPLE: _people, Phase.BLOCKED: _blocked, Phase.GONE: _gone}
