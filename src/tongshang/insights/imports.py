"""Imports: whatever is missing of WeChat's reports is fetched, day by day, until nothing is.

What is there is there: a kill in the middle costs the calls that were under way. A report that WeChat refuses is named
with its reason and asked for again the next day.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any
from uuid import UUID

from tongshang.insights import windows
from tongshang.insights.facts import FiguresDue
from tongshang.insights.windows import Window
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Again, Job
from tongshang.platform.world import World
from tongshang.wechat import accounts, calls
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import datacube

SLICE_SECONDS = 30.0
BATCH = 500
NOT_READY, MINUTE_QUOTA, DAY_QUOTA = 61503, 45011, 45009
WAIT_SECONDS = {MINUTE_QUOTA: 60.0, DAY_QUOTA: 3600.0}
NOT_READY_SECONDS = 1800.0
CLAIM = """insert into datacube_import as i (merchant_id, appid, day, state, started_at)
values ($1, $2, $3, 'running', $4)
on conflict (merchant_id, appid) do update set day = excluded.day, state = 'running', asked = 0, refused = '{}',
  started_at = excluded.started_at, finished_at = null where i.day < excluded.day"""
PUT_OFF = """insert into datacube_import (merchant_id, appid, day, state, started_at, finished_at)
values ($1, $2, $3, 'done', $4, $4)
on conflict (merchant_id, appid) do update set day = greatest(datacube_import.day, excluded.day)"""
ONE = """select appid, day, state, asked, refused, started_at, finished_at from datacube_import
where merchant_id = $1 and appid = $2"""
DONE_BY = "select appid, merchant_id from datacube_import where day >= $1 and merchant_id = any($2)"
KNOWN = "select name, day, fetched_at from datacube where merchant_id = $1 and appid = $2 and day >= $3"
KEEP = """insert into datacube (merchant_id, appid, name, day, rows, fetched_at)
values ($1, $2, $3, $4, $5, $6)
on conflict (merchant_id, appid, name, day) do update set rows = excluded.rows, fetched_at = excluded.fetched_at"""
ASKED = "update datacube_import set asked = asked + $3 where merchant_id = $1 and appid = $2"
REFUSED = "update datacube_import set refused = refused || $3 where merchant_id = $1 and appid = $2"
END = "update datacube_import set state = 'done', finished_at = $3 where merchant_id = $1 and appid = $2"


@dataclass(frozen=True)
class Import:
    """How far the figures of an account are: up to which day, and what was refused (report to errcode)."""

    appid: str
    day: date
    state: str
    asked: int
    refused: dict[str, int]
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Known:
    """A day of a report that is there."""

    name: str
    day: date
    fetched_at: datetime


@dataclass(frozen=True)
class Done:
    """An account whose figures were asked for today."""

    appid: str
    merchant_id: UUID


async def begin(tx: Tx, *, appid: str) -> bool:
    """Begin to fetch what an account lacks; False when that was begun today."""
    if not await tx.run(CLAIM, tx.merchant, appid, windows.last_ready(tx.now), tx.now):
        return False
    await tx.emit(FiguresDue(appid))
    return True


async def put_off(tx: Tx, *, appid: str, until: date) -> None:
    """Fetch nothing before `until` is a day whose figures are wanted; what is older comes with it."""
    await tx.run(PUT_OFF, tx.merchant, appid, until - timedelta(days=1), tx.now)


async def begin_all(world: World, now: datetime) -> None:
    """Begin for every account whose figures of yesterday have not been asked for.

    One that authorized us today is begun with its authorization.
    """
    after, since = "", windows.ready_at(now)
    while True:
        async with world.system_tx() as tx:
            some = await accounts.active(tx, since=since, after=after, limit=BATCH)
            known = await tx.all(Done, DONE_BY, windows.last_ready(now), [one.merchant_id for one in some])
        done = {(one.merchant_id, one.appid) for one in known}
        for one in some:
            if (one.merchant_id, one.appid) not in done:
                async with world.tx(one.merchant_id) as tx:
                    await begin(tx, appid=one.appid)
        if len(some) < BATCH:
            return
        after = some[-1].appid


async def get(tx: Tx, *, appid: str) -> Import | None:
    """Give how far an account's figures are."""
    return await tx.first(Import, ONE, tx.merchant, appid)


async def go_on(job: Job, appid: str) -> None:
    """Fetch what is missing until nothing is, the time slice is used up, or WeChat wants a pause."""
    end = asyncio.get_running_loop().time() + SLICE_SECONDS
    refused: set[str] = set()
    late = False
    # One call of each report at a time: what it is refused for would be said of its other days, too.
    for some in zip_longest(*await _missing(job, appid)):
        asked = [one for one in some if one is not None and one.report.name not in refused]
        for window, error in await _fetch(job, appid, asked):
            if isinstance(error, Unreachable):
                raise Again(error.retry_after_seconds or WAIT_SECONDS.get(error.errcode, 30.0)) from error
            if isinstance(error, Refused):
                await _end(job, appid)  # the account has gone; what was fetched stays
                return
            if not isinstance(error, WeixinError):
                raise error
            refused.add(window.report.name)
            late = late or error.errcode == NOT_READY
            if error.errcode != NOT_READY:
                async with job.begin() as tx:
                    await tx.run(REFUSED, job.merchant, appid, {window.report.name: error.errcode})
        if asyncio.get_running_loop().time() > end:
            raise Again(0)
    if late:
        raise Again(NOT_READY_SECONDS)
    await _end(job, appid)


async def _end(job: Job, appid: str) -> None:
    async with job.finish() as tx:
        await tx.run(END, job.merchant, appid, tx.now)


async def _missing(job: Job, appid: str) -> list[list[Window]]:
    """List the calls still to be made, report by report; those that were refused today are left alone."""
    async with job.begin() as tx:
        state = await get(tx, appid=appid)
        if state is None:
            return []
        # A month begins up to a month before the first day that is wanted.
        since = windows.first_wanted(windows.first_wanted(state.day))
        fetched: dict[str, dict[date, datetime]] = {}
        for one in await tx.all(Known, KNOWN, tx.merchant, appid, since):
            fetched.setdefault(one.name, {})[one.day] = one.fetched_at
    return [
        windows.missing(report, last=state.day, fetched=fetched.get(report.name, {}))
        for report in datacube.REPORTS
        if report.name not in state.refused
    ]


async def _fetch(job: Job, appid: str, asked: Sequence[Window]) -> list[tuple[Window, BaseException]]:
    """Make calls at once and keep their answers in one commit; give those that failed."""
    answers = await asyncio.gather(*(_read(job, window) for window in asked), return_exceptions=True)
    kept: list[tuple[Any, ...]] = []
    failed: list[tuple[Window, BaseException]] = []
    async with job.begin() as tx:
        for window, answer in zip(asked, answers, strict=True):
            if isinstance(answer, BaseException):
                failed.append((window, answer))
            else:
                days = _by_day(window, answer).items()
                kept += [(tx.merchant, appid, window.report.name, day, rows, tx.now) for day, rows in days]
        await tx.run_many(KEEP, kept)
        await tx.run(ASKED, tx.merchant, appid, len(asked) - len(failed))
    # What WeChat refused is known for good; what was out of reach may end this turn.
    return sorted(failed, key=lambda one: isinstance(one[1], Unreachable))


async def _read(job: Job, window: Window) -> list[dict[str, Any]]:
    name, begin, end = window.report.name, window.begin, window.end
    return await calls.ask(
        job, job.merchant, lambda client, token: datacube.read(client, token=token, name=name, begin=begin, end=end)
    )


def _by_day(window: Window, rows: list[dict[str, Any]]) -> dict[date, list[dict[str, Any]]]:
    if len(window.days) == 1:
        return {window.days[0]: rows}
    return {day: [row for row in rows if row.get("ref_date") == f"{day}"] for day in window.days}
