"""Alarms: a component whose tickets have fallen silent, before its tokens run out.

Tickets come every ten minutes and live for twelve hours, so a quarter of an hour of silence is a warning in time.
"""

from datetime import datetime, timedelta

import msgspec
import structlog
from prometheus_client import Gauge

from tongshang.platform.ids import NIL
from tongshang.platform.world import World

SILENCE = timedelta(minutes=15)
TICKETS = "select appid, coalesce(ticket_at, chosen_at) as since from component where merchant_id = $1 order by appid"
AGE = Gauge(
    "tongshang_component_ticket_age_seconds",
    "How long ago WeChat pushed a component's ticket",
    ["component"],
    multiprocess_mode="mostrecent",
)
log = structlog.get_logger("alarms")


class Silent(msgspec.Struct, frozen=True):
    """A component that WeChat has sent no ticket since."""

    appid: str
    since: datetime


async def silent(world: World) -> list[Silent]:
    """List the components whose tickets are silent for a quarter of an hour or longer."""
    async with world.tx(NIL) as tx:
        known = await tx.all(Silent, TICKETS, NIL)
        now = tx.now
    for one in known:
        AGE.labels(one.appid).set((now - one.since).total_seconds())
    return [one for one in known if now - one.since >= SILENCE]


async def watch(world: World) -> None:
    """Measure the age of every ticket, and say in the log which are silent."""
    for one in await silent(world):
        log.error("ticket.silent", appid=one.appid, since=one.since.isoformat())
