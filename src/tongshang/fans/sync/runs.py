"""Runs of the follower sync: begun, moved on, cancelled, finished; at most one goes on at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import asyncpg

from tongshang.fans.facts import FollowersSynced, SyncAsked
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Refused
from tongshang.wechat import accounts

FIELDS = """id, appid, state, phase, cursor, total, seen, added, gone, errcode, error, started_at, moved_at,
  finished_at, origin"""
ONE = f"select {FIELDS} from follower_sync where merchant_id = $1 and id = $2"
LATEST = f"select {FIELDS} from follower_sync where merchant_id = $1 order by started_at desc, id desc limit 1"
ADD = """insert into follower_sync (merchant_id, id, appid, state, phase, started_at, moved_at, origin)
values ($1, $2, $3, 'running', 'tags', $4, $4, $5)"""
# Whoever took over has moved the cursor: then nothing of ours counts.
MOVE = """update follower_sync set phase = $5, cursor = $6, total = $7, seen = seen + $8, added = added + $9,
  gone = gone + $10, moved_at = $11, errcode = null, error = null
where merchant_id = $1 and id = $2 and state = 'running' and phase = $3 and cursor = $4"""
END = """update follower_sync set state = $3, finished_at = $4, errcode = $5, error = $6
where merchant_id = $1 and id = $2 and state = 'running'"""
NOTE = "update follower_sync set errcode = $3, error = $4 where merchant_id = $1 and id = $2 and state = 'running'"
FRESH = timedelta(days=1)


class State(StrEnum):
    """Whether a run goes on, and how it ended."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Phase(StrEnum):
    """What a run reads."""

    TAGS = "tags"
    PEOPLE = "people"
    BLOCKED = "blocked"
    GONE = "gone"


class Origin(StrEnum):
    """Who began a run: a member of staff, the authorization of an account, or the night."""

    STAFF = "staff"
    ACCOUNT = "account"
    NIGHT = "night"


class SyncRunning(Refused):
    """The followers are being synced already."""

    code, status, zh = "sync.running", 409, "正在同步粉丝，请等待完成或先取消。"


@dataclass(frozen=True)
class Run:
    """One reading of the list; `cursor` is the last openid (in the last phase: fan) that is stored."""

    id: UUID
    appid: str
    state: State
    phase: Phase
    cursor: str
    total: int
    seen: int
    added: int
    gone: int
    errcode: int | None
    error: str | None
    started_at: datetime
    moved_at: datetime
    finished_at: datetime | None
    origin: Origin = Origin.STAFF


class Overtaken(Exception):
    """The run was cancelled, or somebody else goes on with it: what we were about to store is rolled back."""


async def begin(tx: Tx, *, sync_id: UUID, origin: Origin = Origin.STAFF) -> Run:
    """Begin to read the list; the same id again is the same run. Raises SyncRunning, NoAccount."""
    if known := await tx.first(Run, ONE, tx.merchant, sync_id):
        return known
    account = await accounts.current(tx)
    try:
        await tx.run(ADD, tx.merchant, sync_id, account.appid, tx.now, origin)
    except asyncpg.UniqueViolationError as error:
        if violates(error, "follower_sync_one"):
            raise SyncRunning from None
        raise
    await tx.emit(SyncAsked(sync_id))
    return await get(tx, sync_id=sync_id)


async def begin_by_itself(tx: Tx, *, appid: str) -> None:
    """Begin after an authorization, unless the list is being read or was read within a day."""
    last = await latest(tx)
    busy = last is not None and last.state is State.RUNNING
    known = last is not None and last.appid == appid and last.state is State.DONE and last.started_at > tx.now - FRESH
    if not busy and not known:
        await begin(tx, sync_id=tx.new_id(), origin=Origin.ACCOUNT)


async def go_on(tx: Tx, run: Run) -> None:
    """Have a run gone on with that nobody has moved for long: it begins where it stands."""
    await tx.emit(SyncAsked(run.id))


async def get(tx: Tx, *, sync_id: UUID) -> Run:
    """Give a run."""
    return await tx.one(Run, ONE, tx.merchant, sync_id)


async def latest(tx: Tx) -> Run | None:
    """Give the last run, whatever became of it."""
    return await tx.first(Run, LATEST, tx.merchant)


async def move(
    tx: Tx, run: Run, *, phase: Phase, cursor: str, total: int, seen: int = 0, added: int = 0, gone: int = 0
) -> None:
    """Move a run on in the transaction that stored what was read; raises Overtaken."""
    moved = await tx.run(
        MOVE, tx.merchant, run.id, run.phase, run.cursor, phase, cursor, total, seen, added, gone, tx.now
    )
    if not moved:
        raise Overtaken


async def cancel(tx: Tx, *, sync_id: UUID) -> Run:
    """Cancel a run; what was read stays. One that is over stays as it is."""
    await tx.run(END, tx.merchant, sync_id, State.CANCELLED, tx.now, None, None)
    return await get(tx, sync_id=sync_id)


async def note(tx: Tx, run: Run, *, errcode: int, error: str) -> None:
    """Note what a run waits for."""
    await tx.run(NOTE, tx.merchant, run.id, errcode, error[:300])


async def fail(tx: Tx, run: Run, *, errcode: int | None, error: str) -> None:
    """End a run that cannot go on."""
    await tx.run(END, tx.merchant, run.id, State.FAILED, tx.now, errcode, error[:300])


async def finish(tx: Tx, run: Run) -> None:
    """End a run that has read everything."""
    if await tx.run(END, tx.merchant, run.id, State.DONE, tx.now, None, None):
        await tx.emit(FollowersSynced(run.id, run.seen, run.added, run.gone))
