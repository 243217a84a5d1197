"""Figures are fetched every morning after WeChat's hour, and soon after an account is new here."""

from datetime import datetime, timedelta

from tongshang.insights import imports
from tongshang.insights.facts import FiguresDue
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job
from tongshang.platform.world import World
from tongshang.wechat.facts import AccountAuthorized
from weixin.products.mp.datacube import READY_HOUR

reactions = Reactions("insights")
# First the followers are read; two hundred calls more would only stand in their way.
FIRST_LOOK = timedelta(minutes=10)


@reactions.inside(AccountAuthorized, after=FIRST_LOOK)
async def begin_import(tx: Tx, fact: AccountAuthorized) -> None:
    """Fetch the last thirty days of an account that is new here."""
    await imports.begin(tx, appid=fact.appid)


@reactions.outside(FiguresDue)
async def import_figures(job: Job, fact: FiguresDue) -> None:
    """Fetch what is missing of WeChat's reports."""
    await imports.go_on(job, fact.appid)


@reactions.every(timedelta(minutes=30))
async def begin_imports(world: World, due: datetime) -> None:
    """Begin the day's imports once WeChat's figures are ready."""
    now = world.clock.now()
    if now.astimezone(SHANGHAI).hour >= READY_HOUR:
        await imports.begin_all(world, now)
