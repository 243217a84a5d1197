"""Every night the list of followers is read anew, so that what no push tells (tags and remarks changed at WeChat, the
blacklist, events that were lost) is true here by the morning.

The night is four hours long and every merchant has a minute of its own in it. A list that was read within a day is
left alone, and a run that stands still goes on where it stands.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from tongshang.fans.sync import runs
from tongshang.fans.sync.runs import Origin, Run, State
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.world import World
from tongshang.wechat import accounts

NIGHT, MINUTES = time(1, 0), 240
# A day, less what a night's run may begin earlier than the last one did.
DAY = timedelta(hours=23)
BATCH = 500
SETTING = "select enabled from follower_nightly where merchant_id = $1"
PUT = """insert into follower_nightly (merchant_id, enabled, updated_at) values ($1, $2, $3)
on conflict (merchant_id) do update set enabled = $2, updated_at = $3"""
LEFT_ALONE = """select merchant_id from follower_sync where merchant_id = any($1) and started_at > $2
union select merchant_id from follower_nightly where merchant_id = any($1) and not enabled"""


@dataclass(frozen=True)
class Alone:
    """A merchant whose list is not read tonight."""

    merchant_id: UUID


async def enabled(tx: Tx) -> bool:
    """Say whether a merchant's list is read every night."""
    setting: bool | None = await tx.value(SETTING, tx.merchant)
    return setting is not False


async def switch(tx: Tx, *, on: bool) -> None:
    """Switch the nightly reading on or off."""
    await tx.run(PUT, tx.merchant, on, tx.now)


def minute_of(merchant: UUID) -> int:
    """Give a merchant's own minute of the night."""
    return merchant.int % MINUTES


def next_at(merchant: UUID, *, now: datetime, last: Run | None) -> datetime:
    """Say when the list is read next by itself."""
    slot = _slot(merchant, now)
    while slot <= now or (last is not None and slot - last.started_at < DAY):
        slot += timedelta(days=1)
    return slot


def _slot(merchant: UUID, now: datetime) -> datetime:
    night = datetime.combine(now.astimezone(SHANGHAI).date(), NIGHT, SHANGHAI)
    return night + timedelta(minutes=minute_of(merchant))


async def begin_all(world: World, now: datetime) -> None:
    """Begin for every merchant whose minute of this night is past; nothing by day."""
    local = now.astimezone(SHANGHAI)
    passed = (local.hour - NIGHT.hour) * 60 + local.minute
    if not 0 <= passed < MINUTES:
        return
    after = ""
    while True:
        async with world.system_tx() as tx:
            some = await accounts.active(tx, since=now, after=after, limit=BATCH)
            found = await tx.all(Alone, LEFT_ALONE, [one.merchant_id for one in some], now - DAY)
        alone = {one.merchant_id for one in found}
        for one in some:
            if one.merchant_id not in alone and minute_of(one.merchant_id) <= passed:
                async with world.tx(one.merchant_id) as tx:
                    await begin(tx, appid=one.appid)
        if len(some) < BATCH:
            return
        after = some[-1].appid


async def begin(tx: Tx, *, appid: str) -> None:
    """Begin a merchant's run of the night, or have one that stands still gone on with; once however often asked."""
    last = await runs.latest(tx)
    if last is not None and last.state is State.RUNNING:
        if last.moved_at < tx.now - DAY:
            await runs.go_on(tx, last)
        return
    if last is None or last.appid != appid or last.started_at <= tx.now - DAY:
        await runs.begin(tx, sync_id=tx.new_id(), origin=Origin.NIGHT)
