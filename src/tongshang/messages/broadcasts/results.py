"""What became of a broadcast: by WeChat's event, or by asking; and what was sent made unreadable again."""

from datetime import timedelta
from uuid import UUID

from tongshang.messages.broadcasts import letters
from tongshang.messages.broadcasts.facts import BroadcastDeleted, BroadcastFailed, BroadcastFinished, FansWereSent
from tongshang.messages.broadcasts.model import BROADCAST, PART, Broadcast, By, Kind, Part, PartState, State
from tongshang.messages.broadcasts.sentences import DONE, why
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Again, Job
from tongshang.platform.world import World
from tongshang.wechat import calls
from tongshang.wechat.pushed import MassSendFinished
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import broadcasts

# The event carries the counts: asking, which does not, has the last word only when it stays away.
EVENT_WAIT = timedelta(minutes=10)
GIVE_UP = timedelta(days=1)
GONE = 40204
BY_NUMBER = f"select {letters.PARTS} from broadcast_part where merchant_id = $1 and msg_id = $2"
ASKED_FOR = "select count(*) from broadcast_part where merchant_id = $1 and state = 'sending'"
END_PART = """update broadcast_part set state = $4, status = $5, total = $6, filtered = $7, sent = $8, errors = $9,
  check_state = $10, urls = $11, finished_at = $12 where merchant_id = $1 and id = $2 and state = any($3)"""
FINISH = """update broadcast set state = $4, total = $5, filtered = $6, sent = $7, errors = $8, status = $9,
  finished_at = $10, updated_at = $10 where merchant_id = $1 and id = $2 and state = any($3)"""
DELETE_PART = "update broadcast_part set state = $4 where merchant_id = $1 and id = $2 and state = any($3)"
DELETE = "update broadcast set state = $4, updated_at = $5 where merchant_id = $1 and id = $2 and state = any($3)"
# A fact with a million subjects is written where they are, and not carried through this process.
TELL = """with told as (
  insert into fact (merchant_id, id, kind, data, at) values ($1, $2, $3, $4, $5) returning id)
insert into fact_subject (merchant_id, subject_id, fact_id)
select r.merchant_id, r.fan_id, told.id from told, broadcast_recipient r
where r.merchant_id = $1 and r.part_id = $6 and not (r.fan_id = any($7))"""


class NotDeletable(Refused):
    """Only articles and films can be made unreadable after they were sent."""

    code, status, zh = "broadcast.not_deletable", 409, "只有图文和视频可以在发出后删除，其他消息无法撤回。"


async def heard(job: Job, fact: MassSendFinished) -> None:
    """Record what WeChat says became of a part; its event may come before the answer to our own call."""
    async with job.begin() as tx:
        # Counted before it is looked for: the answer with the number may be written down between the two.
        asked = int(await tx.value(ASKED_FOR, tx.merchant)) > 0
        part = await tx.first(Part, BY_NUMBER, tx.merchant, fact.msg_id)
    if part is None and asked:
        raise Again(2)
    async with job.finish() as tx:
        if part is None:
            return  # sent elsewhere
        urls = [x.url for x in sorted(fact.urls, key=lambda x: x.article)]
        counts = (fact.total, fact.filtered, fact.sent, fact.errors, fact.check_state, urls)
        await _end(tx, part, fact.status, counts)


async def watch(job: Job, *, broadcast_id: UUID) -> None:
    """Ask WeChat how the parts of a broadcast are doing, until each has ended."""
    async with job.begin() as tx:
        parts, now = await letters.parts(tx, broadcast_id=broadcast_id), tx.now
    for part in parts:
        if part.state is not PartState.ACCEPTED or part.msg_id is None or part.accepted_at is None:
            continue
        number = part.msg_id
        try:
            said = await calls.ask(
                job,
                job.merchant,
                lambda c, token, number=number: broadcasts.state(c, token=token, msg_id=number),  # type: ignore[misc]
            )
        except Unreachable:
            raise
        except WeixinError:
            said = ""
        waited = now - part.accepted_at
        if said in ("SEND_SUCCESS", "DELETE") and waited < EVENT_WAIT:
            raise Again(120)
        if said not in ("SEND_SUCCESS", "SEND_FAIL", "DELETE") and waited < GIVE_UP:
            raise Again(300)
        async with job.begin() as tx:
            status = DONE if said in ("SEND_SUCCESS", "DELETE") else "send fail"
            await _end(tx, part, status, (None, None, None, None, 0, []))


async def _end(tx: Tx, part: Part, status: str, counts: tuple[object, ...]) -> None:
    good = status == DONE
    state = PartState.FINISHED if good else PartState.FAILED
    sources = PART.sources("finish" if good else "fail")
    if not await tx.run(END_PART, tx.merchant, part.id, sources, state, status, *counts, tx.now):
        return
    if good:
        await _tell(tx, part)
    await settle(tx, part.broadcast_id)


async def _tell(tx: Tx, part: Part) -> None:
    """Put it on the timeline of everybody it was for; what was for all is seen in their conversations alone."""
    one = await letters.get(tx, broadcast_id=part.broadcast_id)
    if one.audience.by is By.ALL:
        return
    fact = FansWereSent(one.id, await letters.headline(tx, one))
    await tx.run(TELL, tx.merchant, tx.new_id(), fact.kind, fact, tx.now, part.id, [])


async def settle(tx: Tx, broadcast_id: UUID) -> None:
    """End a broadcast when each of its parts has ended."""
    one = await letters.get(tx, broadcast_id=broadcast_id, lock=True)
    parts = await letters.parts(tx, broadcast_id=broadcast_id)
    done = [part for part in parts if part.state is PartState.FINISHED]
    if one.state not in (State.SENDING, State.SENT) or any(
        part.state in (PartState.WAITING, PartState.SENDING, PartState.ACCEPTED) for part in parts
    ):
        return
    move, state = ("finish", State.FINISHED) if done else ("fail", State.FAILED)
    sums = [_sum([getattr(part, name) for part in done]) for name in ("total", "filtered", "sent", "errors")]
    first = (done or parts)[0]
    if await tx.run(FINISH, tx.merchant, one.id, BROADCAST.sources(move), state, *sums, first.status, tx.now):
        if done:
            await tx.emit(BroadcastFinished(one.id, sums[2], sums[3]))
        else:
            zh, en = why(first.status, first.errcode)
            await tx.emit(BroadcastFailed(one.id, en, zh))


def _sum(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


async def delete(world: World, merchant: UUID, *, broadcast_id: UUID, article: int = 0) -> Broadcast:
    """Make what was sent unreadable: one article (counted from 1) or all (0). The cards stay in people's chats."""
    async with world.tx(merchant) as tx:
        one, parts = (
            await letters.get(tx, broadcast_id=broadcast_id),
            await letters.parts(tx, broadcast_id=broadcast_id),
        )
    BROADCAST.move("delete", one.state)
    if one.kind not in (Kind.MPNEWS, Kind.VIDEO):
        raise NotDeletable
    for part in parts:
        if part.state is not PartState.FINISHED or part.msg_id is None:
            continue
        number = part.msg_id
        try:
            await calls.ask(
                world,
                merchant,
                lambda c, token, number=number: broadcasts.delete(c, token=token, msg_id=number, index=article),  # type: ignore[misc]
            )
        except WeixinError as error:
            if error.errcode != GONE:
                raise
        if article == 0:
            async with world.tx(merchant) as tx:
                await tx.run(DELETE_PART, merchant, part.id, PART.sources("delete"), PartState.DELETED)
    async with world.tx(merchant) as tx:
        if article == 0:
            await tx.run(DELETE, merchant, one.id, BROADCAST.sources("delete"), State.DELETED, tx.now)
        await tx.emit(BroadcastDeleted(one.id, article))
        return await letters.get(tx, broadcast_id=broadcast_id)
