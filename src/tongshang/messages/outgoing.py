"""Sending one message once: promised, asked for, recorded.

A customer-service message has no number of ours by which WeChat would know a repeat. So the promise says `sending`
before WeChat is asked, and an attempt that finds it so was killed, or lost its answer: the person may have the
message already, and nobody wants to be greeted twice, so it is not sent again. What surely never left is.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongshang.messages.facts import MessageNotSent, MessageSent
from tongshang.messages.replies import lent
from tongshang.messages.replies.model import Ready
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.jobs import Job
from tongshang.wechat import calls
from weixin.client import Client
from weixin.errors import Unreachable, WeixinError
from weixin.products import mp

ONE = """select id, fan_id, kind, text, state, attempts, error, created_at, sent_at, content from outgoing
where merchant_id = $1 and id = $2"""
TEXT_MOST = 1000
MOVE = """update outgoing set state = $3, error = $4, sent_at = $5, attempts = attempts + $6
where merchant_id = $1 and id = $2"""


@dataclass(frozen=True)
class Outgoing:
    """A message on its way."""

    id: UUID
    fan_id: UUID
    kind: str
    text: str
    state: str
    attempts: int
    error: str | None
    created_at: datetime
    sent_at: datetime | None
    # What WeChat is told; without it the text is the message.
    content: Ready | None = None


async def promised(tx: Tx, *, message_id: UUID) -> Outgoing | None:
    """Give a promise, if it was made."""
    return await tx.first(Outgoing, ONE, tx.merchant, message_id)


async def promise(tx: Tx, *, message_id: UUID, fan_id: UUID, kind: str, text: str, ready: Ready | None = None) -> None:
    """Promise a message."""
    row = Outgoing(message_id, fan_id, kind, text[:TEXT_MOST], "waiting", 0, None, tx.now, None, ready)
    await tx.insert("outgoing", row)


async def note_sent(job: Job, *, message_id: UUID, fan_id: UUID, kind: str, ready: Ready, last: bool) -> None:
    """Write down a message that was the answer to WeChat's own push; once."""
    async with job.begin() as tx:
        if await promised(tx, message_id=message_id) is None:
            row = Outgoing(message_id, fan_id, kind, ready.shown[:TEXT_MOST], "sent", 1, None, tx.now, tx.now, ready)
            await tx.insert("outgoing", row)
            await tx.emit(MessageSent(fan_id, row.text, kind))
    if last:
        async with job.finish():
            pass


async def send(job: Job, *, message_id: UUID, openid: str, last: bool = True) -> str:
    """Send a promised message and, if it is the last, end the job; say what became of it. A repeat is harmless.

    Raises Unreachable to come again.
    """
    async with job.begin() as tx:
        message = await promised(tx, message_id=message_id)
    if message is None or message.state in ("sent", "refused", "unknown"):
        return message.state if message else "refused"
    if message.state == "sending":
        return await _end(job, message, "unknown", "no answer from WeChat", last=last)
    try:
        ready = await lent.upload(job, message.content) if message.content else None
    except Unreachable:
        raise
    except (WeixinError, Refused) as error:
        return await _end(job, message, "refused", str(error)[:300], last=last)
    async with job.begin() as tx:
        await tx.run(MOVE, tx.merchant, message_id, "sending", None, None, 1)
    left = False

    async def ask(client: Client, token: str) -> None:
        nonlocal left
        left = True
        kind, content = (ready.msgtype, ready.content) if ready else ("text", {"content": message.text})
        await mp.custom_send(client, token=token, openid=openid, kind=kind, content=content)

    try:
        await calls.ask(job, job.merchant, ask)
    except Unreachable as error:
        if left and not surely_undone(error):
            raise  # the next attempt finds `sending` and leaves it there
        async with job.begin() as tx:
            await tx.run(MOVE, tx.merchant, message_id, "waiting", str(error)[:300], None, 0)
        raise
    except (WeixinError, Refused) as error:
        return await _end(job, message, "refused", str(error)[:300], last=last)
    return await _end(job, message, "sent", None, last=last)


async def _end(job: Job, message: Outgoing, state: str, error: str | None, *, last: bool) -> str:
    # What is refused ends the rest with it.
    async with job.finish() if last or state == "refused" else job.begin() as tx:
        sent = state == "sent"
        await tx.run(MOVE, tx.merchant, message.id, state, error, tx.now if sent else None, 0)
        if sent:
            await tx.emit(MessageSent(message.fan_id, message.text, message.kind))
        else:
            await tx.emit(MessageNotSent(message.fan_id, error or "", message.kind))
    return state


def surely_undone(error: Unreachable) -> bool:
    """Say whether WeChat surely did nothing: it said so itself (busy, over quota), or was never connected to."""
    answered = error.status is None and " failed: " not in error.errmsg and not error.errmsg.startswith("the answer")
    return answered or "ClientConnector" in error.errmsg or "ConnectionTimeout" in error.errmsg
