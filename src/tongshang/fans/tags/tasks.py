"""Tasks: a change to many people, promised person by person, carried to WeChat in its own batches, and counted.

A person is done when the row of the promise is gone; one who failed keeps it, with WeChat's reason. Every call may be
repeated: to tag who is tagged is nothing new to WeChat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tongshang.fans.facts import TaskAsked
from tongshang.fans.tags import catalogue
from tongshang.fans.tags.model import Kind, NobodyChosen, RemarkTooLong, TagNotReady, TagState, Task
from tongshang.platform.db import Tx
from tongshang.platform.errors import Mismatch
from tongshang.wechat.authorization import permissions
from weixin.products.mp import users

MOST_CHOSEN, MOST_ALL = 1_000, 100_000
FIELDS = "id, appid, kind, tag_id, note, total, done, failed, state, errcode, created_at, finished_at"
ONE = f"select {FIELDS} from fan_task where merchant_id = $1 and id = $2"
LATEST = f"""select {FIELDS} from fan_task where merchant_id = $1 and state = 'waiting' order by id desc limit 5"""
CHOSEN = """insert into fan_task_item (merchant_id, task_id, fan_id, openid)
select $1, $2, f.id, f.openid from fan f
where f.merchant_id = $1 and f.appid = $3 and f.id = any($4) and (f.subscribed or $5)"""
ALL = """insert into fan_task_item (merchant_id, task_id, fan_id, openid)
select $1, $2, f.id, f.openid from fan f
where f.merchant_id = $1 and f.appid = $3 and f.subscribed
  and ($4 = '' or f.nickname ilike '%' || $4 || '%' or f.remark ilike '%' || $4 || '%' or f.openid = $4)
  and ($5::uuid is null or exists (
    select 1 from fan_tag t where t.merchant_id = $1 and t.tag_id = $5 and t.fan_id = f.id))
order by f.id desc limit $6"""
TOTAL = "update fan_task set total = $3 where merchant_id = $1 and id = $2"
FAILED = """select fan_id, openid, errcode from fan_task_item
where merchant_id = $1 and task_id = $2 and errcode is not null order by fan_id limit 100"""


@dataclass(frozen=True)
class Item:
    """One person of a task."""

    fan_id: UUID
    openid: str
    errcode: int | None


async def begin(
    tx: Tx,
    *,
    task_id: UUID,
    kind: Kind,
    tag_id: UUID | None = None,
    note: str = "",
    fan_ids: Sequence[UUID] = (),
    everybody: tuple[str, UUID | None] | None = None,
) -> Task:
    """Promise a change to chosen people, or to `everybody` who follows (words to search for, a tag they have).

    The same id again is the same task. Raises NobodyChosen, TagNotReady, RemarkTooLong, NoAccount.
    """
    if known := await tx.first(Task, ONE, tx.merchant, task_id):
        if (known.kind, known.tag_id, known.note) != (kind, tag_id, note):
            raise Mismatch
        return known
    await _check(tx, kind=kind, tag_id=tag_id, note=note, chosen=len(fan_ids), everybody=everybody is not None)
    account = await permissions.needs(tx, "tags")
    await tx.insert(
        "fan_task", Task(task_id, account.appid, kind, tag_id, note, 0, 0, 0, "waiting", None, tx.now, None)
    )
    if everybody is not None:
        words, tag = everybody
        total = await tx.run(ALL, tx.merchant, task_id, account.appid, words.strip()[:60], tag, MOST_ALL)
    else:
        # Who left can still be blocked or freed, but neither tagged nor named.
        gone = kind in (Kind.BLOCK, Kind.UNBLOCK)
        total = await tx.run(CHOSEN, tx.merchant, task_id, account.appid, list(fan_ids), gone)
    if not total:
        raise NobodyChosen(most=MOST_CHOSEN)
    await tx.run(TOTAL, tx.merchant, task_id, total)
    await tx.emit(TaskAsked(task_id))
    return await get(tx, task_id=task_id)


async def _check(tx: Tx, *, kind: Kind, tag_id: UUID | None, note: str, chosen: int, everybody: bool) -> None:
    if not everybody and not 1 <= chosen <= MOST_CHOSEN:
        raise NobodyChosen(most=MOST_CHOSEN)
    if kind is Kind.REMARK:
        if chosen != 1:
            raise NobodyChosen(most=1)
        if len(note) > users.REMARK_LONGEST:
            raise RemarkTooLong(most=users.REMARK_LONGEST)
    if kind in (Kind.TAG, Kind.UNTAG):
        if tag_id is None:
            raise TagNotReady
        tag = await catalogue.get(tx, tag_id=tag_id)
        if tag.wechat_id is None or tag.state is TagState.DROPPING:
            raise TagNotReady


async def get(tx: Tx, *, task_id: UUID) -> Task:
    """Give a task."""
    return await tx.one(Task, ONE, tx.merchant, task_id)


async def running(tx: Tx) -> list[Task]:
    """List the tasks that are not done yet, newest first."""
    return await tx.all(Task, LATEST, tx.merchant)


async def failures(tx: Tx, *, task_id: UUID) -> list[Item]:
    """List whom a task failed for, and WeChat's code for it; a hundred at most."""
    return await tx.all(Item, FAILED, tx.merchant, task_id)
