"""An import goes on until it has read everything; what is published here is in the archive at once."""

from typing import Any

from tongshang.messages.archive import reading, shelf
from tongshang.messages.archive.reading import ArticleImportStarted
from tongshang.messages.articles import publications, sets
from tongshang.messages.articles.facts import ArticlesPublished, PublicationDeleted
from tongshang.messages.articles.model import Publication
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Job

reactions = Reactions("archive")


@reactions.outside(ArticleImportStarted)
async def read_archive(job: Job, fact: ArticleImportStarted) -> None:
    """Read some pages of the account's drafts and publications."""
    await reading.go_on(job, import_id=fact.import_id)


@reactions.inside(ArticlesPublished)
async def shelve_publication(tx: Tx, fact: ArticlesPublished) -> None:
    """Put what came out into the archive."""
    await _shelve(tx, await publications.get(tx, publication_id=fact.publication_id))


@reactions.inside(PublicationDeleted)
async def mark_deleted(tx: Tx, fact: PublicationDeleted) -> None:
    """Say in the archive what was deleted."""
    await _shelve(tx, await publications.get(tx, publication_id=fact.publication_id))


async def _shelve(tx: Tx, one: Publication) -> None:
    assert one.wechat_article_id is not None, "published ones have it"
    written = (await sets.get(tx, set_id=one.article_set_id)).articles
    told: list[dict[str, Any]] = [
        {"title": article.title, "digest": article.digest, "author": article.author, "url": url,
         "is_deleted": number in one.deleted, "need_open_comment": int(article.comments)}
        for number, (article, url) in enumerate(zip(written, one.urls, strict=False), 1)
    ]  # fmt: skip
    at = int((one.ended_at or tx.now).timestamp())
    await shelf.see(
        tx, appid=one.appid, place="published", wechat_id=one.wechat_article_id, articles=told, changed_at=at
    )
