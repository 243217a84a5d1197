"""What follows when an application is sent, and when its data's time is over."""

from datetime import datetime, timedelta

import structlog

from tongshang.payments.applyments import drafts, provider, sending
from tongshang.payments.applyments.facts import ApplymentSent, ProviderKeysChanged
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job
from tongshang.platform.world import World

log = structlog.get_logger("applyments")
reactions = Reactions("applyments")


@reactions.outside(ApplymentSent)
async def pursue_applyment(job: Job, fact: ApplymentSent) -> None:
    """Hand the application to WeChat, and ask after it until a person is needed or it has ended."""
    await sending.pursue(job.world, job.merchant, applyment=fact.applyment_id, rev=fact.rev)


@reactions.outside(ProviderKeysChanged)
async def hand_keys_on(job: Job, fact: ProviderKeysChanged) -> None:
    """Give the provider's new keys to the merchants that trade under its number."""
    await provider.hand_on(job.world, mchid=fact.mchid)


@reactions.every(timedelta(hours=6))
async def forget_applyments(world: World, due: datetime) -> None:
    """Delete forms and pictures whose day has come."""
    if count := await drafts.forget(world, now=world.clock.now()):
        log.info("applyments.forgotten", count=count)
