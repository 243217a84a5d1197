"""Sending one message once: promised, asked for, recorded.

A customer-service message has no number of ours by which WeChat would know a repeat. So the promise says `sending`
before WeChat is asked, and an attempt that finds it so was killed, or lost its answer: the person may have the
message already, and nobody wants to be greeted twice, so it is not sent again. What surely never left is.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.messages import reasons, ways
from tongshang.messages.conversations import contacts
from tongshang.messages.facts import MessageNotSent, MessageSent
from tongshang.messages.reasons import NO_ANSWER, Why
from tongshang.messages.replies import lent
from tongshang.messages.replies.model import Ready
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Job
from tongshang.wechat import calls
from weixin.client import Client
from weixin.errors import Unreachable, WeixinError

ONE = """select id, fan_id, kind, text, state, attempts, code, why, created_at, sent_at, content, channel, number,
  staff_id, place from outgoing where merchant_id = $1 and id = $2"""
TEXT_MOST = 1000
MOVE = """update outgoing set state = $3, code = $4, why = $5, sent_at = $6, attempts = attempts + $7,
  tried_at = case when $3 = 'sending' then $8 else tried_at end, number = coalesce($9, number)
where merchant_id = $1 and id = $2"""
# A person or an order asks for these; what answers an act of the person opens its own window, and WeChat judges.
CAREFUL = ("service", "notice")


@dataclass(frozen=True)
class Outgoing:
    """A message on its way."""

    id: UUID
    fan_id: UUID
    kind: str
    text: str
    state: str
    attempts: int
    code: str | None
    why: Why | None
    created_at: datetime
    sent_at: datetime | None
    # What WeChat is told; without it the text is the message.
    content: Ready | None = None
    channel: str = "custom"
    number: str | None = None
    staff_id: UUID | None = None
    # What happened in one moment stands in the order of its places.
    place: UUID | None = None


async def promised(tx: Tx, *, message_id: UUID) -> Outgoing | None:
    """Give a promise, if it was made."""
    return await tx.first(Outgoing, ONE, tx.merchant, message_id)


async def get(tx: Tx, *, message_id: UUID) -> Outgoing:
    """Give a promise, or refuse."""
    return await tx.one(Outgoing, ONE, tx.merchant, message_id)


async def promise(
    tx: Tx, *, message_id: UUID, fan_id: UUID, kind: str, text: str, ready: Ready | None = None,
    channel: str = "custom", staff_id: UUID | None = None,
) -> None:  # fmt: skip
    """Promise a message."""
    row = Outgoing(
        message_id, fan_id, kind, text[:TEXT_MOST], "waiting", 0, None, None, tx.now, None, ready, channel, None,
        staff_id, tx.new_id(),
    )  # fmt: skip
    await tx.insert("outgoing", row)


async def note_sent(job: Job, *, message_id: UUID, fan_id: UUID, kind: str, ready: Ready, last: bool) -> None:
    """Write down a message that was the answer to WeChat's own push; once."""
    async with job.begin() as tx:
        if await promised(tx, message_id=message_id) is None:
            shown, now = ready.shown[:TEXT_MOST], tx.now
            row = Outgoing(
                message_id, fan_id, kind, shown, "sent", 1, None, None, now, now, ready, "passive", place=tx.new_id()
            )
            await tx.insert("outgoing", row)
            await tx.emit(MessageSent(fan_id, row.text, kind))
    if last:
        async with job.finish():
            pass


async def send(job: Job, *, message_id: UUID, openid: str, last: bool = True, goes_on: bool = False) -> str:
    """Send a promised message and, if it is the last, end the job; say what became of it. A repeat is harmless.

    With `goes_on` a refused message leaves the job to whoever tries another way. Raises Unreachable to come again.
    """
    async with job.begin() as tx:
        message = await promised(tx, message_id=message_id)
    if message is None or message.state in ("sent", "refused", "unknown"):
        return message.state if message else "refused"
    again = message.state == "sending"
    if again and message.channel != "template":  # that one has a number of ours
        return await _end(job, message, "unknown", NO_ANSWER, last=last)
    number, left = None, False

    async def ask(client: Client, token: str) -> None:
        nonlocal left, number
        left = True
        number = await ways.send(client, token, openid=openid, message_id=message_id, text=message.text, ready=ready)

    try:
        ready = await lent.upload(job, message.content) if message.content else None
        await _set_out(job, message)
        await calls.ask(job, job.merchant, ask)
    except Unreachable as error:
        if left and not surely_undone(error):
            raise  # the next attempt finds `sending` and leaves it there
        async with job.begin() as tx:
            await _move(tx, message_id, "waiting", reasons.of(error))
        raise
    except (WeixinError, Refused) as error:
        return await _end(job, message, "refused", reasons.of(error), last=last, goes_on=goes_on)
    return await _end(job, message, "sent", None, last=last, number=number)


async def _set_out(job: Job, message: Outgoing) -> None:
    """Note that WeChat is asked now, unless it would refuse; raises WindowClosed, WindowUsedUp."""
    async with job.begin() as tx:
        if message.channel == "custom" and message.kind in CAREFUL:
            contacts.refuse(await contacts.windows(tx, fan_id=message.fan_id, lock=True))
        await _move(tx, message.id, "sending", None, attempts=1)


async def _move(
    tx: Tx, message_id: UUID, state: str, why: Why | None, *, attempts: int = 0, number: str | None = None
) -> None:
    code, sent_at = why.code if why else None, tx.now if state == "sent" else None
    await tx.run(MOVE, tx.merchant, message_id, state, code, why, sent_at, attempts, tx.now, number)


async def _end(
    job: Job, message: Outgoing, state: str, why: Why | None, *, last: bool, goes_on: bool = False,
    number: str | None = None,
) -> str:  # fmt: skip
    # What is refused ends the rest with it, unless there is another way.
    ends = not goes_on if state == "refused" else last
    async with job.finish() if ends else job.begin() as tx:
        await _move(tx, message.id, state, why, number=number)
        if state == "sent":
            await tx.emit(MessageSent(message.fan_id, message.text, message.kind))
        elif ends and why is not None:
            await tx.emit(not_sent(message.fan_id, why, message.kind))
    return state


def not_sent(fan_id: UUID, why: Why, kind: str) -> MessageNotSent:
    """Say on the timeline that a message was not sent, and why."""
    return MessageNotSent(fan_id, why.zh, kind, why.code, why.en)


def surely_undone(error: Unreachable) -> bool:
    """Say whether WeChat surely did nothing: it said so itself (busy, over quota), or was never connected to."""
    answered = error.status is None and " failed: " not in error.errmsg and not error.errmsg.startswith("the answer")
    return answered or "ClientConnector" in error.errmsg or "ConnectionTimeout" in error.errmsg
