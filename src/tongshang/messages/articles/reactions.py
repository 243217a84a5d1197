"""Publications are handed to WeChat, asked after, and ended by its event."""

from datetime import timedelta

from tongshang.messages.articles import publications
from tongshang.messages.articles.facts import PublicationAsked, PublicationSubmitted
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job
from tongshang.wechat.pushed import PublishFinished

reactions = Reactions("articles")


@reactions.outside(PublicationAsked)
async def submit_publication(job: Job, fact: PublicationAsked) -> None:
    """Hand a publication to WeChat."""
    await publications.submit(job, publication_id=fact.publication_id)


@reactions.outside(PublicationSubmitted, after=timedelta(seconds=30))
async def watch_publication(job: Job, fact: PublicationSubmitted) -> None:
    """Ask what became of a publication whose event has not come."""
    await publications.watch(job, publication_id=fact.publication_id)


@reactions.inside(PublishFinished)
async def end_publication(tx: Tx, fact: PublishFinished) -> None:
    """Record what WeChat says became of a publication."""
    one = await publications.told(tx, appid=fact.appid, publish_id=fact.publish_id)
    if one is None:
        return  # published elsewhere
    urls = [x.url for x in sorted(fact.urls, key=lambda x: x.article)]
    await publications.ended(
        tx, one, status=fact.status, article_id=fact.article_id, urls=urls, failed=fact.failed,
        publish_id=fact.publish_id,
    )  # fmt: skip
