"""Keeping pushes: gathered per bucket while the last batch is in flight, durable before WeChat hears `success`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tongshang.platform.batch import Batcher
from tongshang.platform.world import World
from tongshang.wechat.model import bucket_of

KEEP = "select app.keep_pushes($1, $2, $3, $4, $5, $6, $7, $8)"


@dataclass(frozen=True, slots=True)
class Pushed:
    """A verified push on its way into the inbox; `id` is the same for every delivery of it."""

    id: UUID
    appid: str
    kind: str
    openid: str
    raw: bytes = field(repr=False)


async def keep(world: World, push: Pushed) -> None:
    """Store a push and wake its reader; returns after the commit. A repeat is stored once."""
    batcher: Batcher[Pushed, None] | None = world.shelf.get("wechat.inbox")
    if batcher is None:

        async def run(bucket: int, batch: Sequence[Pushed]) -> Sequence[None]:
            return await _store(world, bucket, batch)

        batcher = world.shelf["wechat.inbox"] = Batcher(run)
    await batcher.ask(bucket_of(push.appid), push)


async def _store(world: World, bucket: int, batch: Sequence[Pushed]) -> Sequence[None]:
    async with world.inbox_tx() as tx:
        new = await tx.value(
            KEEP,
            bucket,
            tx.now,
            tx.new_id(),
            [push.id for push in batch],
            [push.appid for push in batch],
            [push.kind for push in batch],
            [push.openid for push in batch],
            [push.raw for push in batch],
        )
        if new:
            tx.after_commit.append(world.wake)
    return [None] * len(batch)
