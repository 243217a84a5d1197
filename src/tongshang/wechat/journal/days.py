"""The days of the journal: partitions made ahead of time, and dropped whole when their time is over."""

from tongshang.platform.clock import Clock
from tongshang.platform.world import World

AHEAD_DAYS = 3
KEEP = "select app.journal_days($1, $2, $3)"


async def keep(world: World) -> int:
    """Make the days to come and drop those past keeping (a setting, in days); say how many tables changed."""
    clock: Clock = world.clock
    async with world.system_tx() as tx:
        changed: int = await tx.value(KEEP, clock.now().date(), AHEAD_DAYS, world.settings.journal_days)
    return changed
