"""A sync of the library goes on until it has read everything."""

from tongshang.messages.materials import sync
from tongshang.messages.materials.sync import MaterialSyncStarted
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job

reactions = Reactions("materials")


@reactions.outside(MaterialSyncStarted)
async def read_library(job: Job, fact: MaterialSyncStarted) -> None:
    """Read some pages of the library."""
    await sync.go_on(job, sync_id=fact.sync_id)
