"""Sending: the recipients written down, then each part handed to WeChat under our number.

A repeat is harmless: WeChat knows a number for a day and answers it with the job it has. So a part that is found
`sending` after a kill or a lost answer is simply asked for again.
"""

from datetime import timedelta
from uuid import UUID

from tongshang.messages.broadcasts import audience as audiences
from tongshang.messages.broadcasts import compose, letters, results
from tongshang.messages.broadcasts.audience import Person
from tongshang.messages.broadcasts.facts import BroadcastFailed, BroadcastHanded
from tongshang.messages.broadcasts.model import BROADCAST, PART, Broadcast, By, Part, PartState, State
from tongshang.messages.broadcasts.sentences import ours, why
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Again, Job
from tongshang.platform.world import World
from tongshang.wechat import calls
from weixin.client import Client
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import broadcasts
from weixin.products.mp.broadcasts import Accepted

# WeChat remembers our number for a day; what was not handed over by then is not tried again.
KNOWN_FOR = timedelta(hours=23)
BEGIN = """update broadcast set state = $4, began_at = $5, updated_at = $5
where merchant_id = $1 and id = $2 and state = any($3)"""
ADD_PART = """insert into broadcast_part (merchant_id, id, broadcast_id, number, state, people)
values ($1, $2, $3, $4, 'waiting', $5)"""
ADD_PEOPLE = """insert into broadcast_recipient (merchant_id, part_id, fan_id)
select $1, $2, f from unnest($3::uuid[]) as f"""
OPENIDS = """select f.id, f.openid from broadcast_recipient r
join fan f on f.merchant_id = r.merchant_id and f.id = r.fan_id
where r.merchant_id = $1 and r.part_id = $2 order by f.id"""
SEND_PART = "update broadcast_part set state = $4 where merchant_id = $1 and id = $2 and state = any($3)"
ACCEPT = """update broadcast_part set state = $4, msg_id = $5, msg_data_id = $6, accepted_at = $7
where merchant_id = $1 and id = $2 and state = any($3)"""
FAIL_PART = """update broadcast_part set state = $4, errcode = $5, status = $6, finished_at = $7
where merchant_id = $1 and id = $2 and state = any($3)"""
HAND = "update broadcast set state = $4, updated_at = $5 where merchant_id = $1 and id = $2 and state = any($3)"
FAIL = """update broadcast set state = $4, status = $5, errcode = $6, finished_at = $7, updated_at = $7
where merchant_id = $1 and id = $2 and state = any($3)"""


async def go(job: Job, *, broadcast_id: UUID) -> None:
    """Send a confirmed broadcast when its time has come, and end the job."""
    async with job.begin() as tx:
        one = await letters.get(tx, broadcast_id=broadcast_id, lock=True)
        if one.state is State.SCHEDULED and one.send_at is not None:
            if (wait := (one.send_at - tx.now).total_seconds()) > 0:
                raise Again(wait)
            try:
                await _begin(tx, one)
            except Refused as refusal:
                await fail(tx, one, status=ours(refusal), errcode=None)
                return
    async with job.begin() as tx:
        one, parts = (
            await letters.get(tx, broadcast_id=broadcast_id),
            await letters.parts(tx, broadcast_id=broadcast_id),
        )
        late = one.began_at is not None and tx.now > one.began_at + KNOWN_FOR
    if one.state is not State.SENDING:
        return
    for part in parts:
        if part.state in (PartState.WAITING, PartState.SENDING):
            await _hand(job, one, part, late=late)
    async with job.finish() as tx:
        await _handed(tx, broadcast_id)


async def _begin(tx: Tx, one: Broadcast) -> None:
    """Write down that sending has begun, in as many parts as WeChat wants, and who is meant, unless it is everybody."""
    await audiences.check_quota(tx)
    if one.audience.by is By.TAG:
        await audiences.wechat_tag(tx, one.audience)
    shares: list[list[Person]] = []
    if one.audience.by is By.ALL:
        count = (await audiences.reach(tx, one.audience)).people
        audiences.check_size(one.audience, count)
    else:
        people = await audiences.to_send(tx, one.audience)
        shares, count = [people] if one.audience.by is By.TAG else _split(people), len(people)
    to = BROADCAST.move("begin", one.state)
    await tx.run(BEGIN, tx.merchant, one.id, BROADCAST.sources("begin"), to, tx.now)
    if one.audience.by is By.ALL:
        await tx.run(ADD_PART, tx.merchant, tx.new_id(), one.id, 1, count)
    for number, some in enumerate(shares, 1):
        part_id = tx.new_id()
        await tx.run(ADD_PART, tx.merchant, part_id, one.id, number, len(some))
        await tx.run(ADD_PEOPLE, tx.merchant, part_id, [person.id for person in some])


def _split(people: list[Person], most: int = broadcasts.MOST_PEOPLE) -> list[list[Person]]:
    """Share people out evenly: a last part of one would be refused."""
    count = -(-len(people) // most)
    size, more = divmod(len(people), count)
    shares, start = [], 0
    for number in range(count):
        end = start + size + (number < more)
        shares.append(people[start:end])
        start = end
    return shares


async def _hand(job: Job, one: Broadcast, part: Part, *, late: bool) -> None:
    """Hand one part to WeChat; raises Unreachable to come again under the same number."""
    if late:
        await _part_failed(job, part, None, "send fail")
        return
    try:
        message = await compose.message(job, job.merchant, one, part=part)
        async with job.begin() as tx:
            await tx.run(SEND_PART, tx.merchant, part.id, PART.sources("send"), PartState.SENDING)
            openids = [person.openid for person in await tx.all(Person, OPENIDS, tx.merchant, part.id)]
            tag = await audiences.wechat_tag(tx, one.audience) if one.audience.by is By.TAG else None

        async def ask(client: Client, token: str) -> Accepted:
            key, ignore = part.id.hex, one.ignore_reprint
            if one.audience.by in (By.ALL, By.TAG):
                return await broadcasts.send_all(
                    client, token=token, message=message, key=key, tag=tag, ignore_reprint=ignore
                )
            return await broadcasts.send_to(
                client, token=token, openids=openids, message=message, key=key, ignore_reprint=ignore
            )

        accepted = await calls.ask(job, job.merchant, ask)
    except Unreachable:
        raise
    except WeixinError as error:
        await _part_failed(job, part, error.errcode, "")
        return
    except Refused as refusal:
        await _part_failed(job, part, None, ours(refusal))
        return
    async with job.begin() as tx:
        known = (PART.sources("accept"), PartState.ACCEPTED, accepted.msg_id, accepted.msg_data_id, tx.now)
        await tx.run(ACCEPT, tx.merchant, part.id, *known)


async def _part_failed(job: Job, part: Part, errcode: int | None, status: str) -> None:
    async with job.begin() as tx:
        failed = (PART.sources("fail"), PartState.FAILED, errcode, status, tx.now)
        await tx.run(FAIL_PART, tx.merchant, part.id, *failed)


async def _handed(tx: Tx, broadcast_id: UUID) -> None:
    """Say that everything was handed over, or that nothing was taken."""
    one = await letters.get(tx, broadcast_id=broadcast_id, lock=True)
    if one.state is not State.SENDING:
        return
    parts = await letters.parts(tx, broadcast_id=broadcast_id)
    if all(part.state is PartState.FAILED for part in parts):
        await fail(tx, one, status=parts[0].status, errcode=parts[0].errcode)
        return
    if await tx.run(HAND, tx.merchant, one.id, BROADCAST.sources("hand"), State.SENT, tx.now):
        await tx.emit(BroadcastHanded(one.id))
    await results.settle(tx, broadcast_id)  # the results may have been here first


async def fail(tx: Tx, one: Broadcast, *, status: str, errcode: int | None) -> None:
    """Record that nothing went out, and why."""
    moved = (BROADCAST.sources("fail"), State.FAILED, status, errcode, tx.now)
    if await tx.run(FAIL, tx.merchant, one.id, *moved):
        zh, en = why(status, errcode)
        await tx.emit(BroadcastFailed(one.id, en, zh))


async def trial(world: World, merchant: UUID, *, broadcast_id: UUID, openid: str = "", name: str = "") -> None:
    """Show a broadcast to one person before it goes. Raises WeixinError, Refused."""
    async with world.tx(merchant) as tx:
        one = await letters.get(tx, broadcast_id=broadcast_id)
    message = await compose.message(world, merchant, one)
    await calls.ask(
        world,
        merchant,
        lambda client, token: broadcasts.preview(client, token=token, message=message, openid=openid, name=name),
    )
