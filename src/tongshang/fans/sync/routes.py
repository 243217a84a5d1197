"""The follower sync over HTTP: begun, watched and cancelled in the console."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get, put

from tongshang.fans.sync import nightly, runs
from tongshang.fans.sync.runs import Run
from tongshang.platform.db import Tx
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import accounts


class SyncView(msgspec.Struct):
    """The last run, if there was one; whether the list is read every night, and when next."""

    run: Run | None
    nightly: bool
    next_at: datetime | None


class NightlyAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Whether the list is to be read every night."""

    enabled: bool


@get("/fan-syncs/latest", operation_id="get_fan_sync", opt={"role": Role.CLERK})
async def get_fan_sync(who: Staff) -> SyncView:
    """Show how far the last sync of followers is."""
    async with who.tx() as tx:
        return await _view(tx)


@put("/fan-syncs/nightly", operation_id="put_nightly_sync", opt={"role": Role.MANAGER})
async def put_nightly_sync(who: Staff, data: NightlyAsked) -> SyncView:
    """Say whether the followers are synced every night."""
    async with who.tx() as tx:
        await nightly.switch(tx, on=data.enabled)
        return await _view(tx)


async def _view(tx: Tx) -> SyncView:
    last, on = await runs.latest(tx), await nightly.enabled(tx)
    has_account = await accounts.latest(tx) is not None
    next_at = nightly.next_at(tx.merchant, now=tx.now, last=last) if on and has_account else None
    return SyncView(last, on, next_at)


@put("/fan-syncs/{sync_id:uuid}", operation_id="put_fan_sync", opt={"role": Role.MANAGER})
async def put_fan_sync(who: Staff, sync_id: UUID) -> Run:
    """Begin to sync the followers, under the caller's own id."""
    async with who.tx() as tx:
        return await runs.begin(tx, sync_id=sync_id)


@delete("/fan-syncs/{sync_id:uuid}", operation_id="cancel_fan_sync", opt={"role": Role.MANAGER}, status_code=200)
async def cancel_fan_sync(who: Staff, sync_id: UUID) -> Run:
    """Cancel a sync; what it has read so far stays."""
    async with who.tx() as tx:
        return await runs.cancel(tx, sync_id=sync_id)


console = [get_fan_sync, put_nightly_sync, put_fan_sync, cancel_fan_sync]
