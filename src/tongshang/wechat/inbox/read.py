"""Reading the inbox: each push becomes a fact in its merchant's own transaction, once.

One reader per bucket, under a lease. What makes effects happen once is not the lease but the journal's key: it is
written in the same commit as the fact, so a push that is read twice is news only the first time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec
import structlog

from tongshang.platform.facts import Fact
from tongshang.platform.ids import NIL
from tongshang.platform.jobs import Again
from tongshang.platform.world import World
from tongshang.wechat import accounts
from tongshang.wechat.inbox import meaning
from tongshang.wechat.journal import entries
from weixin import messages
from weixin.errors import BadMessage
from weixin.safexml import parse

BATCH = 200
KEPT_FOR = timedelta(days=1)
TAKE = """
insert into inbox_bucket as o (bucket, fence, leased_until) values ($1, 1, now() + interval '30 seconds')
on conflict (bucket) do update set fence = o.fence + 1, leased_until = excluded.leased_until
where o.leased_until is null or o.leased_until < now() returning fence"""
EXTEND = """update inbox_bucket set leased_until = now() + interval '30 seconds' where bucket = $1 and fence = $2"""
FREE = "update inbox_bucket set leased_until = null where bucket = $1 and fence = $2"
UNREAD = """select id, appid, kind, openid, received_at, position, raw from inbox
where bucket = $1 and raw is not null order by position limit $2"""
# The row stays for a day without its words, so that a late repeat is known.
READ = "update inbox set raw = null where bucket = $1 and position = any($2)"
FORGET = "delete from inbox where raw is null and received_at < $1"
log = structlog.get_logger("inbox")


@dataclass(frozen=True)
class Letter:
    """A push in the inbox."""

    id: UUID
    appid: str
    kind: str
    openid: str
    received_at: datetime
    position: int
    raw: bytes


async def read(world: World, bucket: int) -> None:
    """Read a bucket until it is empty; looks again later when somebody else is reading it."""
    async with world.inbox_tx() as tx:
        fence = await tx.value(TAKE, bucket)
    if fence is None:
        raise Again(0.2)
    try:
        while letters := await _unread(world, bucket, fence):
            await _deliver(world, letters)
            async with world.inbox_tx() as tx:
                await tx.run(READ, bucket, [letter.position for letter in letters])
    finally:
        async with world.inbox_tx() as tx:
            await tx.run(FREE, bucket, fence)


async def _unread(world: World, bucket: int, fence: int) -> list[Letter]:
    async with world.inbox_tx() as tx:
        if not await tx.run(EXTEND, bucket, fence):
            raise Again(0.2)  # too slow: somebody else took over
        return await tx.all(Letter, UNREAD, bucket, BATCH)


async def _deliver(world: World, letters: Sequence[Letter]) -> None:
    async with world.system_tx() as tx:
        owners = await accounts.owners(tx, appids=list({letter.appid for letter in letters}))
    by_merchant: dict[UUID, list[Letter]] = {}
    for letter in letters:
        if owner := owners.get(letter.appid):
            by_merchant.setdefault(owner, []).append(letter)
        else:
            # Nobody's yet: the provider can replay it once the account is somebody's.
            log.warning("inbox.orphan", appid=letter.appid, kind=letter.kind)
            await _shelve(world, NIL, letter, "orphan")
    for merchant, theirs in by_merchant.items():
        await _take_in(world, merchant, theirs)


async def _take_in(world: World, merchant: UUID, letters: Sequence[Letter]) -> None:
    """Give a merchant his letters; one that breaks the transaction is put aside, and holds nobody up."""
    try:
        async with world.tx(merchant) as tx:
            new = await entries.record(tx, [entry_of(letter, "received") for letter in letters])
            for letter in letters:
                if letter.id in new and (fact := fact_of(letter)):
                    await tx.emit(fact)
    except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError):
        raise  # the database is away: nothing is wrong with the letters
    except Exception as error:  # whatever is wrong with it, the next letter must come through
        if len(letters) > 1:
            for letter in letters:
                await _take_in(world, merchant, [letter])
            return
        log.warning("inbox.failed", appid=letters[0].appid, kind=letters[0].kind, error=repr(error), exc_info=error)
        await _shelve(world, merchant, letters[0], "failed")


async def _shelve(world: World, merchant: UUID, letter: Letter, state: str) -> None:
    """Keep a letter that had no effect yet, so that it can be replayed."""
    async with world.tx(merchant) as tx:
        await entries.record(tx, [entry_of(letter, state)])


def entry_of(letter: Letter, state: str) -> entries.Entry:
    """Write a letter down for the journal."""
    return entries.Entry(letter.id, letter.received_at, letter.appid, letter.kind, letter.openid, state, raw=letter.raw)


def fact_of(letter: Letter) -> Fact | None:
    """Say what a push means; None for one that cannot be read after all."""
    try:
        fields = msgspec.json.decode(letter.raw) if letter.raw[:1] == b"{" else parse(letter.raw)
        return meaning.fact_of(letter.appid, letter.id, messages.read(fields), fields)
    except (BadMessage, msgspec.DecodeError):
        log.warning("inbox.unreadable", appid=letter.appid, kind=letter.kind)
        return None


async def forget(world: World) -> None:
    """Forget what was read more than a day ago."""
    async with world.inbox_tx() as tx:
        await tx.run(FORGET, tx.now - KEPT_FOR)
