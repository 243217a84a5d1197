"""Contacts: kept as they come, and counted against before anything is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from tongshang.messages.conversations.windows import CLOSED, LONGEST, Windows, look
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused

KEEP = """insert into contact as c (merchant_id, fan_id, kind, at) values ($1, $2, $3, $4)
on conflict (merchant_id, fan_id, kind) do update set at = greatest(c.at, excluded.at)"""
KEEP_SOME = """insert into contact as c (merchant_id, fan_id, kind, at)
select $1, n.fan_id, n.kind, max(n.at) from unnest($2::uuid[], $3::text[], $4::timestamptz[]) as n(fan_id, kind, at)
group by n.fan_id, n.kind order by n.fan_id, n.kind
on conflict (merchant_id, fan_id, kind) do update set at = greatest(c.at, excluded.at)"""
ALL = "select kind, at from contact where merchant_id = $1 and fan_id = $2 and at > $3"
SENT = """select array(select tried_at from outgoing where merchant_id = $1 and fan_id = $2 and tried_at > $3
  and channel = 'custom' and state in ('sending', 'sent', 'unknown') order by tried_at)"""


class WindowClosed(Refused):
    """WeChat takes service messages only for a while after the person was in touch; wait for their next message."""

    code, status = "conversation.closed", 409
    zh = "对方超过 48 小时没有互动，微信不允许再发客服消息，请等对方发来消息。"


class WindowUsedUp(Refused):
    """All service messages WeChat allows after the person's last act were sent; wait until they are in touch again."""

    code, status = "conversation.used_up", 409
    zh = "对方上次互动后可发的客服消息已用完，请等对方再次互动。"


@dataclass(frozen=True)
class Contact:
    """The last act of a kind."""

    kind: str
    at: datetime


async def keep(tx: Tx, *, fan_id: UUID, kind: str, at: int | datetime) -> None:
    """Keep that a person was in touch; unix seconds, or a moment."""
    moment = at if isinstance(at, datetime) else datetime.fromtimestamp(at, UTC)
    await tx.run(KEEP, tx.merchant, fan_id, kind, moment)


async def keep_some(tx: Tx, touches: Sequence[tuple[UUID, str, datetime]]) -> None:
    """Keep of people (fan, kind, moment) that they were in touch."""
    await tx.run(KEEP_SOME, tx.merchant, *([touch[n] for touch in touches] for n in range(3)))


async def windows(tx: Tx, *, fan_id: UUID, lock: bool = False) -> Windows:
    """Say which windows are open; with a lock two senders cannot use up the same message."""
    since = tx.now - LONGEST
    found = await tx.all(Contact, ALL + (" for update" if lock else ""), tx.merchant, fan_id, since)
    sent = await tx.value(SENT, tx.merchant, fan_id, since)
    return look({one.kind: one.at for one in found}, sent, tx.now)


def refuse(state: Windows) -> None:
    """Refuse when WeChat would: raises WindowClosed (45015), WindowUsedUp (45047)."""
    if state.refusal:
        raise WindowClosed if state.refusal == CLOSED else WindowUsedUp
