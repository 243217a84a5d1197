"""What search does by itself."""

from datetime import datetime, timedelta

from tongshang.catalog.search import upkeep
from tongshang.platform.facts import Reactions
from tongshang.platform.world import World

reactions = Reactions("search")


@reactions.every(timedelta(minutes=1))
async def look_after_search(world: World, due: datetime) -> None:
    """Let the index know what was sold, what is sold out, and what is new."""
    await upkeep.look_after_all(world)
