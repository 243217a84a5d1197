"""Carrying tasks to WeChat: 50 people at a time for tags, 20 for the blacklist, one for a remark.

When WeChat refuses a batch because of somebody in it, each is asked for alone; when it refuses the change itself,
everybody left has failed.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tongshang.fans.facts import FanBlocked, FanFact, FanRemarked, FanTagged, FanUnblocked, FanUntagged
from tongshang.fans.tags import catalogue, tasks
from tongshang.fans.tags.model import Kind, Tag, Task
from tongshang.fans.tags.tasks import Item
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound
from tongshang.platform.jobs import Again, Job
from tongshang.wechat import calls
from weixin.client import Client
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import tags as wx_tags
from weixin.products.mp import users

BATCH = {Kind.TAG: wx_tags.BATCH, Kind.UNTAG: wx_tags.BATCH, Kind.BLOCK: users.BLOCK_MOST,
         Kind.UNBLOCK: users.BLOCK_MOST, Kind.REMARK: 1}  # fmt: skip
FULL, NO_TAG = 45059, 45159
# The person is the trouble, not the change: a stranger's openid, somebody with 20 tags, who does not follow.
PERSONAL = frozenset({40003, 40031, 43004, 46004, 49003, FULL, 40092})
SLICE_SECONDS = 30.0
NEXT = """select fan_id, openid, errcode from fan_task_item
where merchant_id = $1 and task_id = $2 and errcode is null order by fan_id limit $3"""
FULL_ONES = """select i.fan_id from fan_task_item i where i.merchant_id = $1 and i.task_id = $2
  and i.fan_id = any($3) and (select count(*) from fan_tag t where t.merchant_id = $1 and t.fan_id = i.fan_id
    and t.tag_id <> $4) >= $5"""
DONE = "delete from fan_task_item where merchant_id = $1 and task_id = $2 and fan_id = any($3) and errcode is null"
FAIL = """update fan_task_item set errcode = $4
where merchant_id = $1 and task_id = $2 and fan_id = any($3) and errcode is null"""
FAIL_ALL = "update fan_task_item set errcode = $3 where merchant_id = $1 and task_id = $2 and errcode is null"
COUNT = "update fan_task set done = done + $3, failed = failed + $4 where merchant_id = $1 and id = $2"
END = """update fan_task set state = 'done', finished_at = $3, errcode = coalesce($4, errcode)
where merchant_id = $1 and id = $2"""
EDITED = "update fan set edited_at = $3 where merchant_id = $1 and id = any($2)"
TAG = """insert into fan_tag (merchant_id, tag_id, fan_id) select $1, $2, f from unnest($3::uuid[]) as f
on conflict (merchant_id, tag_id, fan_id) do nothing"""
UNTAG = "delete from fan_tag where merchant_id = $1 and tag_id = $2 and fan_id = any($3)"
PEOPLE = "update tag set people = greatest(0, people + $3) where merchant_id = $1 and id = $2"
BLOCK = "update fan set blocked = $3 where merchant_id = $1 and id = any($2)"
REMARK = "update fan set remark = $3 where merchant_id = $1 and id = any($2)"


@dataclass(frozen=True)
class Somebody:
    """A person's id."""

    fan_id: UUID


async def go_on(job: Job, task_id: UUID) -> None:
    """Go on with a task until it is over or its time slice is used up. Raises Unreachable to come again."""
    end = asyncio.get_running_loop().time() + SLICE_SECONDS
    while True:
        async with job.begin() as tx:
            task = await tasks.get(tx, task_id=task_id)
            if task.state == "done":
                return
            tag = await _tag(tx, task)
            batch = await _next(tx, task, tag)
        if not batch or (task.tag_id and tag is None):
            await _end(job, task, NO_TAG if batch else None)
            return
        try:
            await _batch(job, task, tag, batch)
        except Unreachable as pause:
            if pause.errcode == -1:
                raise
            raise Again(pause.retry_after_seconds or 60) from pause  # the minute's quota, or the day's
        except WeixinError as refusal:
            await _end(job, task, refusal.errcode)
            return
        if asyncio.get_running_loop().time() > end:
            raise Again(0)


async def _tag(tx: Tx, task: Task) -> Tag | None:
    try:
        return await catalogue.get(tx, tag_id=task.tag_id) if task.tag_id else None
    except NotFound:
        return None


async def _next(tx: Tx, task: Task, tag: Tag | None) -> list[Item]:
    """Give the next people; those with 20 tags are refused here, before WeChat refuses all that are with them."""
    items = await tx.all(Item, NEXT, tx.merchant, task.id, BATCH[task.kind])
    if task.kind is not Kind.TAG or tag is None or not items:
        return items
    chosen = [one.fan_id for one in items]
    found = await tx.all(Somebody, FULL_ONES, tx.merchant, task.id, chosen, tag.id, wx_tags.PER_PERSON)
    full = {one.fan_id for one in found}
    await _failed(tx, task, list(full), FULL)
    left = [one for one in items if one.fan_id not in full]
    return left or (await _next(tx, task, tag) if full else [])


async def _batch(job: Job, task: Task, tag: Tag | None, items: Sequence[Item]) -> None:
    try:
        await _reach(job, task, tag, [one.openid for one in items])
    except WeixinError as refusal:
        if refusal.errcode not in PERSONAL:
            raise
        if len(items) == 1:
            async with job.begin() as tx:
                await _failed(tx, task, [items[0].fan_id], refusal.errcode)
            return
        for one in items:
            await _batch(job, task, tag, [one])
        return
    async with job.begin() as tx:
        await _done(tx, task, tag, [one.fan_id for one in items])


async def _reach(job: Job, task: Task, tag: Tag | None, openids: Sequence[str]) -> None:
    number = tag.wechat_id if tag and tag.wechat_id else 0

    async def call(client: Client, token: str) -> None:
        match task.kind:
            case Kind.TAG:
                await wx_tags.put_on(client, token=token, tag_id=number, openids=openids)
            case Kind.UNTAG:
                await wx_tags.take_off(client, token=token, tag_id=number, openids=openids)
            case Kind.BLOCK:
                await users.block(client, token=token, openids=openids)
            case Kind.UNBLOCK:
                await users.unblock(client, token=token, openids=openids)
            case Kind.REMARK:
                await users.set_remark(client, token=token, openid=openids[0], remark=task.note)

    await calls.ask(job, job.merchant, call)


async def _done(tx: Tx, task: Task, tag: Tag | None, fans: list[UUID]) -> None:
    """Record what WeChat has done: the people, their timelines, the count."""
    done = await tx.run(DONE, tx.merchant, task.id, fans)
    if not done:
        return
    await tx.run(COUNT, tx.merchant, task.id, done, 0)
    await tx.run(EDITED, tx.merchant, fans, tx.now)
    if tag is not None:
        changed = await tx.run(TAG if task.kind is Kind.TAG else UNTAG, tx.merchant, tag.id, fans)
        await tx.run(PEOPLE, tx.merchant, tag.id, changed if task.kind is Kind.TAG else -changed)
    elif task.kind is Kind.REMARK:
        await tx.run(REMARK, tx.merchant, fans, task.note)
    else:
        await tx.run(BLOCK, tx.merchant, fans, task.kind is Kind.BLOCK)
    for fan in fans:
        await tx.emit(_fact(task, tag, fan))


def _fact(task: Task, tag: Tag | None, fan: UUID) -> FanFact:
    name = tag.name if tag else ""
    match task.kind:
        case Kind.TAG:
            return FanTagged(fan, name)
        case Kind.UNTAG:
            return FanUntagged(fan, name)
        case Kind.BLOCK:
            return FanBlocked(fan)
        case Kind.UNBLOCK:
            return FanUnblocked(fan)
        case Kind.REMARK:
            return FanRemarked(fan)


async def _failed(tx: Tx, task: Task, fans: list[UUID], errcode: int) -> None:
    if fans:
        await tx.run(COUNT, tx.merchant, task.id, 0, await tx.run(FAIL, tx.merchant, task.id, fans, errcode))


async def _end(job: Job, task: Task, errcode: int | None) -> None:
    """End a task; with a code, everybody left has failed by it."""
    async with job.finish() as tx:
        if errcode is not None:
            await tx.run(COUNT, tx.merchant, task.id, 0, await tx.run(FAIL_ALL, tx.merchant, task.id, errcode))
        await tx.run(END, tx.merchant, task.id, tx.now, errcode)
