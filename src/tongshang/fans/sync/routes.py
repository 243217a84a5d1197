"""The follower sync over HTTP: begun, watched and cancelled in the console."""

from uuid import UUID

import msgspec
from litestar import delete, get, put

from tongshang.fans.sync import runs
from tongshang.fans.sync.runs import Run
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role


class SyncView(msgspec.Struct):
    """The last run, if there was one."""

    run: Run | None


@get("/fan-syncs/latest", operation_id="get_fan_sync", opt={"role": Role.CLERK})
async def get_fan_sync(who: Staff) -> SyncView:
    """Show how far the last sync of followers is."""
    async with who.tx() as tx:
        return SyncView(await runs.latest(tx))


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


console = [get_fan_sync, put_fan_sync, cancel_fan_sync]
