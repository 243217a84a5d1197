"""What moving does in the background."""

from datetime import datetime, timedelta

from tongshang.app.moving import exports
from tongshang.app.moving.facts import ExportAsked
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job
from tongshang.platform.world import World

reactions = Reactions("moving")


@reactions.outside(ExportAsked)
async def write_export(job: Job, fact: ExportAsked) -> None:
    """Write the merchant out; the export has a lease of its own, for it may take longer than a job's."""
    await exports.work(job.world, job.merchant, export=fact.export_id)


@reactions.every(timedelta(minutes=10))
async def drop_old_exports(world: World, due: datetime) -> None:
    """Take away files whose day is over."""
    await exports.drop_old(world)
