"""Threads: what people said and what was said to them, in one line, newest first."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.fans import people
from tongshang.fans.model import Source
from tongshang.messages.broadcasts.seen import TO_PERSON
from tongshang.messages.conversations.facts import FileSaid
from tongshang.messages.reasons import Why
from tongshang.platform.db import Tx
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.wechat.facts import Said

TEXT_MOST = 2000
ADD = """insert into said (merchant_id, id, fan_id, at, kind, text, about, place)
select $1, n.* from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::jsonb[], $8::uuid[])
  as n
on conflict (merchant_id, id) do nothing returning id"""
HEARD = """insert into conversation as c (merchant_id, fan_id, last_at, last_text, unread, last_by)
select $1, n.*, 'fan' from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::integer[]) as n
on conflict (merchant_id, fan_id) do update set unread = c.unread + excluded.unread,
  last_at = greatest(c.last_at, excluded.last_at),
  last_text = case when c.last_at > excluded.last_at then c.last_text else excluded.last_text end,
  last_by = case when c.last_at > excluded.last_at then c.last_by else 'fan' end"""
WRITTEN = """insert into conversation as c (merchant_id, fan_id, last_at, last_text, last_by)
values ($1, $2, $3, $4, 'account')
on conflict (merchant_id, fan_id) do update set unread = 0, last_at = $3, last_text = $4, last_by = 'account'"""
# What was sent by a machine shows, but starts no conversation, and nobody has read what was said for that.
SENT = """update conversation set last_at = $3, last_text = $4, last_by = 'account'
where merchant_id = $1 and fan_id = $2 and last_at <= $3"""
READ = "update conversation set unread = 0 where merchant_id = $1 and fan_id = $2"
LIST = """select c.fan_id, c.last_at, c.last_text, c.last_by, c.unread, f.nickname, f.avatar, f.remark, f.subscribed,
  f.blocked from conversation c join fan f on f.merchant_id = c.merchant_id and f.id = c.fan_id
where c.merchant_id = $1 and (not $2 or c.unread > 0) and ($3 = '' or f.nickname ilike '%' || $3 || '%'
  or f.remark ilike '%' || $3 || '%') and ($4::timestamptz is null or (c.last_at, c.fan_id) < ($4, $5))
order by c.last_at desc, c.fan_id desc limit $6"""
UNREAD = "select count(*) from conversation where merchant_id = $1 and unread > 0"
# WeChat tells time in seconds, so several lines may share a moment: they stand in the order in which they came to be.
LINES = f"""select * from (
  (select id, at, 'fan' as by, kind, text, about, (file_sha is not null) as file, file_type, 'said' as state,
    null::jsonb as why, null::text as outcome, '' as channel, null::uuid as staff_id, null::jsonb as content,
    coalesce(place, id) as place
  from said where merchant_id = $1 and fan_id = $2 and ($3::timestamptz is null or (at, coalesce(place, id)) < ($3, $4))
  order by at desc, coalesce(place, id) desc limit $5)
  union all
  (select id, created_at as at, 'account' as by, kind, text, '{{}}'::jsonb, false, null, state, why, outcome, channel,
    staff_id, content, coalesce(place, id) as place
  from outgoing where merchant_id = $1 and fan_id = $2
    and ($3::timestamptz is null or (created_at, coalesce(place, id)) < ($3, $4))
  order by created_at desc, coalesce(place, id) desc limit $5)
  union all
  {TO_PERSON}
) t order by at desc, place desc limit $5"""
FILE = "select file_sha, file_type from said where merchant_id = $1 and fan_id = $2 and id = $3"
KEEP_FILE = "update said set file_sha = $3, file_type = $4 where merchant_id = $1 and id = $2"


class Known(msgspec.Struct, frozen=True):
    """A line by its id."""

    id: UUID


class Conversation(msgspec.Struct, frozen=True):
    """The latest of a conversation, and how much of it nobody has read."""

    fan_id: UUID
    last_at: datetime
    last_text: str
    last_by: str
    unread: int
    nickname: str | None
    avatar: str | None
    remark: str
    subscribed: bool
    blocked: bool


class Line(msgspec.Struct, frozen=True):
    """One thing that was said, by whom, and what became of it."""

    id: UUID
    at: datetime
    by: str
    kind: str
    text: str
    about: dict[str, Any]
    file: bool
    file_type: str | None
    state: str
    why: Why | None
    outcome: str | None
    channel: str
    staff_id: UUID | None
    content: dict[str, Any] | None
    place: UUID


class File(msgspec.Struct, frozen=True):
    """The file of a message."""

    file_sha: bytes | None
    file_type: str | None


async def hear(tx: Tx, facts: Sequence[Said]) -> list[UUID]:
    """Keep what people said; a repeat changes nothing. Gives the fan of each."""
    fans = await people.all_known(tx, who=[(fact.appid, fact.openid) for fact in facts], source=Source.MESSAGE)
    heard = [fans[fact.appid, fact.openid] for fact in facts]
    rows = {
        (said_id := fact.push or tx.new_id()): (
            said_id,
            fan_id,
            _at(fact),
            fact.msg_type,
            fact.text[:TEXT_MOST],
            _about(fact),
            tx.new_id(),
        )
        for fan_id, fact in zip(heard, facts, strict=True)
    }
    new = {one.id for one in await tx.all(Known, ADD, tx.merchant, *map(list, zip(*rows.values(), strict=True)))}
    latest: dict[UUID, tuple[UUID, datetime, str, int]] = {}
    for said_id, fan_id, at, _, text, about, _ in rows.values():
        if said_id not in new:
            continue
        _, last_at, last_text, unread = latest.get(fan_id, (fan_id, at, text, 0))
        last = (last_at, last_text) if last_at > at else (at, text[:200])
        latest[fan_id] = (fan_id, *last, unread + 1)
        if "media_id" in about:
            await tx.emit(FileSaid(fan_id, said_id, about["media_id"]))
    if latest:
        await tx.run(HEARD, tx.merchant, *map(list, zip(*latest.values(), strict=True)))
    return heard


def _at(fact: Said) -> datetime:
    return datetime.fromtimestamp(fact.at, UTC)


def _about(fact: Said) -> dict[str, str]:
    names = ("media_id", "format", "title", "url", "latitude", "longitude", "appid_of", "menu_id", "article")
    return {name: value for name in names if (value := getattr(fact, name)) is not None}


async def wrote(tx: Tx, *, fan_id: UUID, text: str) -> None:
    """Note that a member of staff wrote: what was said before has been read."""
    await tx.run(WRITTEN, tx.merchant, fan_id, tx.now, text[:200])


async def sent(tx: Tx, *, fan_id: UUID, text: str) -> None:
    """Note that a message was sent, by whatever."""
    await tx.run(SENT, tx.merchant, fan_id, tx.now, text[:200])


async def read(tx: Tx, *, fan_id: UUID) -> None:
    """Note that somebody has read a conversation."""
    await people.get(tx, fan_id=fan_id)
    await tx.run(READ, tx.merchant, fan_id)


async def listed(
    tx: Tx, *, unread: bool = False, q: str = "", after: str | None = None, limit: int | None = None
) -> Page[Conversation]:
    """List conversations, the latest first."""
    most = limit_of(limit)
    at, fan_id = read_cursor(after, datetime, UUID) if after else (None, None)
    rows = await tx.all(Conversation, LIST, tx.merchant, unread, q.strip()[:60], at, fan_id, most + 1)
    return page_of(rows, most, lambda one: (one.last_at, one.fan_id))


async def unread(tx: Tx) -> int:
    """Count conversations that nobody has read to their end."""
    count: int = await tx.value(UNREAD, tx.merchant)
    return count


async def lines(tx: Tx, *, fan_id: UUID, after: str | None = None, limit: int | None = None) -> Page[Line]:
    """List what was said between a person and the account, newest first."""
    await people.get(tx, fan_id=fan_id)
    most = limit_of(limit, default=30)
    at, line_id = read_cursor(after, datetime, UUID) if after else (None, None)
    rows = await tx.all(Line, LINES, tx.merchant, fan_id, at, line_id, most + 1)
    return page_of(rows, most, lambda one: (one.at, one.place))


async def file_of(tx: Tx, *, fan_id: UUID, said_id: UUID) -> File:
    """Give the file of what a person said, or refuse."""
    return await tx.one(File, FILE, tx.merchant, fan_id, said_id)


async def keep_file(tx: Tx, *, said_id: UUID, digest: bytes, content_type: str) -> None:
    """Keep where the file of a message lies."""
    await tx.run(KEEP_FILE, tx.merchant, said_id, digest, content_type)
