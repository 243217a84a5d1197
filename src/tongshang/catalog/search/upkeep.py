"""Keeping the index true: products that are not in it yet, what was sold since, and the shop's words."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from tongshang.catalog.search import index, misses, words
from tongshang.platform.db import Tx
from tongshang.platform.ids import NIL
from tongshang.platform.world import World

BATCH = 500
WORDS_EVERY = timedelta(minutes=10)
# Shops whose shelf has changed since the index was last looked after; the lists' version stands under the nil id.
CHANGED = f"""select v.merchant_id, v.version, s.worded_at from shelf_version v
left join search_setting s on s.merchant_id = v.merchant_id
where v.subject_id = '{NIL}' and v.version <> coalesce(s.seen, 0)"""
SEEN = """insert into search_setting (merchant_id, seen, worded_at) values ($1, $2, $3)
on conflict (merchant_id) do update set seen = $2, worded_at = $3"""


class _Changed(msgspec.Struct, frozen=True):
    merchant_id: UUID
    version: int
    worded_at: datetime | None


async def look_after_all(world: World) -> None:
    """Look after the index of every shop whose shelf has changed."""
    async with world.system_tx() as tx:
        changed = await tx.all(_Changed, CHANGED)
    for one in changed:
        await look_after(world, one.merchant_id, version=one.version, worded_at=one.worded_at)


async def look_after(world: World, merchant: UUID, *, version: int, worded_at: datetime | None) -> None:
    """Bring a shop's index up to a version of its shelf; its words at most every ten minutes."""
    after: UUID | None = NIL
    while after is not None:
        async with world.tx(merchant) as tx:
            after = await index.catch_up(tx, after=after, most=BATCH)
    async with world.tx(merchant) as tx:
        await index.follow(tx)
        await _see(tx, version, worded_at)


async def _see(tx: Tx, version: int, worded_at: datetime | None) -> None:
    """Make the words anew and call the version seen; before their time leave it unseen, to come back to it."""
    if worded_at is None or tx.now - worded_at >= WORDS_EVERY:
        await words.make(tx)
        await misses.forget(tx)
        await tx.run(SEEN, tx.merchant, version, tx.now)
