"""Broadcasts go when their time has come, and end when WeChat says so."""

from datetime import timedelta

from tongshang.messages.broadcasts import results, sending
from tongshang.messages.broadcasts.facts import BroadcastConfirmed, BroadcastHanded
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job
from tongshang.wechat.pushed import MassSendFinished

reactions = Reactions("broadcasts")


@reactions.outside(BroadcastConfirmed)
async def send_broadcast(job: Job, fact: BroadcastConfirmed) -> None:
    """Send a broadcast when its time has come."""
    await sending.go(job, broadcast_id=fact.broadcast_id)


@reactions.outside(BroadcastHanded, after=timedelta(minutes=1))
async def watch_broadcast(job: Job, fact: BroadcastHanded) -> None:
    """Ask what became of a broadcast whose event has not come."""
    await results.watch(job, broadcast_id=fact.broadcast_id)


@reactions.outside(MassSendFinished)
async def end_part(job: Job, fact: MassSendFinished) -> None:
    """Record what WeChat says became of a part."""
    await results.heard(job, fact)
