"""What sheets do when one is brought in or confirmed."""

from tongshang.catalog.sheets import working
from tongshang.catalog.sheets.facts import SheetBrought, SheetConfirmed
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job

reactions = Reactions("sheets")


@reactions.outside(SheetBrought)
async def look_through(job: Job, fact: SheetBrought) -> None:
    """Look a sheet through; it takes more than one transaction, and changes no goods."""
    await working.look_through(job.world, job.merchant, sheet=fact.sheet_id)


@reactions.outside(SheetConfirmed)
async def apply(job: Job, fact: SheetConfirmed) -> None:
    """Write a sheet's good products down, some at a time."""
    await working.apply(job.world, job.merchant, sheet=fact.sheet_id)
