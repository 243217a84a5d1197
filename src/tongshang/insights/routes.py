"""Insights over HTTP."""

from litestar import get

from tongshang.insights import figures
from tongshang.insights.figures import Insights
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role


@get("/insights", operation_id="get_insights", opt={"role": Role.MANAGER})
async def get_insights(who: Staff, days: int = 30) -> Insights:
    """Show growth, messages, articles and the interface, day by day."""
    async with who.tx() as tx:
        return await figures.shown(tx, days=days)


console = [get_insights]
