"""Insights over HTTP."""

from uuid import UUID

from litestar import get

from tongshang.insights import figures, readings
from tongshang.insights.figures import Insights
from tongshang.insights.readings import Reading
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role


@get("/insights", operation_id="get_insights", opt={"role": Role.MANAGER})
async def get_insights(who: Staff, days: int = 30) -> Insights:
    """Show growth, messages, articles and the interface, day by day."""
    async with who.tx() as tx:
        return await figures.shown(tx, days=days)


@get("/broadcasts/{broadcast_id:uuid}/readings", operation_id="list_broadcast_readings", opt={"role": Role.MANAGER})
async def list_broadcast_readings(who: Staff, broadcast_id: UUID) -> list[Reading]:
    """Show how each article of a broadcast was read, as far as WeChat has told."""
    async with who.tx() as tx:
        return await readings.of_broadcast(tx, broadcast_id=broadcast_id)


console = [get_insights, list_broadcast_readings]
