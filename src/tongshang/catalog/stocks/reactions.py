"""What stock does by itself."""

from datetime import datetime, timedelta

from tongshang.catalog.stocks import warning
from tongshang.platform.facts import Reactions
from tongshang.platform.world import World

reactions = Reactions("stocks")


@reactions.every(timedelta(minutes=5))
async def warn_of_low_stock(world: World, due: datetime) -> None:
    """Tell merchants what runs low."""
    await warning.look_everywhere(world)
