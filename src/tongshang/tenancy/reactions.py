"""What tenancy does by itself."""

from datetime import datetime, timedelta

from tongshang.platform.facts import Reactions
from tongshang.platform.world import World
from tongshang.tenancy import throttle

reactions = Reactions("tenancy")


@reactions.every(timedelta(hours=1))
async def forget_guesses(world: World, due: datetime) -> None:
    """Drop guesses at log-ins that count no more: anybody may make them, so they would fill the table."""
    await throttle.forget(world, due)
