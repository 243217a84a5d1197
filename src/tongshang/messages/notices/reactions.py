"""Notices are sent, their ends are heard, and what people agree to is kept."""

from tongshang.fans import people
from tongshang.fans.model import Source
from tongshang.messages.notices import consents, telling
from tongshang.messages.notices.facts import NoticeAsked
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Again, Job
from tongshang.wechat.facts import SubscriptionAnswered, SubscriptionSent, TemplateFinished

reactions = Reactions("notices")
# WeChat may tell the end before its answer to our call is recorded; later than this it was not ours.
SOON_SECONDS = 120
DELIVERED = "0"


@reactions.outside(NoticeAsked)
async def send_notice(job: Job, fact: NoticeAsked) -> None:
    """Tell a buyer what happened."""
    await telling.send(job, notice_id=fact.notice_id)


@reactions.outside(TemplateFinished)
async def end_template(job: Job, fact: TemplateFinished) -> None:
    """Record whether a template message arrived."""
    async with job.begin() as tx:
        known = await telling.known(tx, msg_id=fact.msg_id)
    if not known and job.world.clock.now().timestamp() - fact.at < SOON_SECONDS:
        raise Again(2)
    async with job.finish() as tx:
        await telling.end(tx, msg_id=fact.msg_id, status=fact.status)


@reactions.inside(SubscriptionAnswered)
async def keep_consent(tx: Tx, fact: SubscriptionAnswered) -> None:
    """Keep what somebody answered when asked for notices."""
    await consents.answered(tx, fact)


@reactions.inside(SubscriptionSent)
async def end_subscription(tx: Tx, fact: SubscriptionSent) -> None:
    """Record whether subscription notices arrived."""
    fan = await people.known(tx, appid=fact.appid, openid=fact.openid, source=Source.MESSAGE)
    for one in fact.results:
        await telling.end_notice(
            tx, fan_id=fan.id, template_id=one.template_id, msg_id=one.msg_id, delivered=one.code == DELIVERED
        )
