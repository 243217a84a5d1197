"""Articles over HTTP: the console's editor."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get, post, put

from tongshang.messages.articles import drafts, publications, sets
from tongshang.messages.articles.model import Article, ArticleSet, Publication
from tongshang.messages.articles.sentences import UNKNOWN, why
from tongshang.platform.paging import Page
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MANAGER = {"role": Role.MANAGER}


class SetAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A set as it is to be; `rev` is the one that was edited, none for a new set."""

    articles: list[Article]
    rev: int | None = None


class PublicationView(msgspec.Struct):
    """A publication; `why` says in both languages why it failed."""

    id: UUID
    state: str
    rev: int
    urls: list[str]
    deleted: list[int]
    failed: list[int]
    why: tuple[str, str] | None
    asked_at: datetime
    ended_at: datetime | None


class SetView(msgspec.Struct):
    """A set, whether WeChat's draft of it says the same, and what became of its publications."""

    id: UUID
    title: str
    articles: list[Article]
    rev: int
    draft: str  # none, behind, same
    draft_at: datetime | None
    publications: list[PublicationView]
    created_at: datetime
    updated_at: datetime


class SetLine(msgspec.Struct):
    """A set in a list."""

    id: UUID
    title: str
    count: int
    cover_id: UUID | None
    draft: str
    publication: PublicationView | None
    updated_at: datetime


class Taken(msgspec.Struct):
    """Which article is taken back, counted from 1; 0 is all."""

    article: int = 0


class Preview(msgspec.Struct):
    """Where WeChat shows a draft for a while, article by article."""

    urls: list[str]


@get("/articles", operation_id="list_articles", opt=MANAGER)
async def list_articles(who: Staff, after: str | None = None, limit: int | None = None) -> Page[SetLine]:
    """List sets of articles, newest first."""
    async with who.tx() as tx:
        page = await sets.listed(tx, after=after, limit=limit)
        known = await publications.latest(tx, set_ids=[one.id for one in page.items])
    return Page([_line(one, known.get(one.id)) for one in page.items], page.next)


@get("/articles/{set_id:uuid}", operation_id="get_articles", opt=MANAGER)
async def get_articles(who: Staff, set_id: UUID) -> SetView:
    """Show a set of articles."""
    return await _shown(who, set_id)


@put("/articles/{set_id:uuid}", operation_id="put_articles", opt=MANAGER)
async def put_articles(who: Staff, set_id: UUID, data: SetAsked) -> SetView:
    """Write a set of articles; what WeChat does not keep is taken out."""
    async with who.tx() as tx:
        await sets.put(tx, set_id=set_id, articles=data.articles, rev=data.rev)
    return await _shown(who, set_id)


@delete("/articles/{set_id:uuid}", operation_id="drop_articles", opt=MANAGER, status_code=204)
async def drop_articles(who: Staff, set_id: UUID) -> None:
    """Forget a set that was never published, here and in WeChat's draft box."""
    async with who.tx() as tx:
        await sets.get(tx, set_id=set_id)
    await drafts.drop(who.world, who.merchant, set_id=set_id)
    async with who.tx() as tx:
        await sets.drop(tx, set_id=set_id)


@post("/articles/{set_id:uuid}/draft", operation_id="push_draft", opt=MANAGER, status_code=200)
async def push_draft(who: Staff, set_id: UUID) -> SetView:
    """Bring a set to WeChat's draft box, or change the draft that is there."""
    async with who.tx() as tx:
        await sets.get(tx, set_id=set_id)
    await drafts.pushed(who.world, who.merchant, set_id=set_id)
    return await _shown(who, set_id)


@post("/articles/{set_id:uuid}/preview", operation_id="preview_draft", opt=MANAGER, status_code=200)
async def preview_draft(who: Staff, set_id: UUID) -> Preview:
    """Give the addresses at which WeChat itself shows the draft for a while."""
    async with who.tx() as tx:
        await sets.get(tx, set_id=set_id)
    return Preview(await drafts.address(who.world, who.merchant, set_id=set_id))


@put("/articles/{set_id:uuid}/publications/{publication_id:uuid}", operation_id="publish_articles", opt=MANAGER)
async def publish_articles(who: Staff, set_id: UUID, publication_id: UUID) -> SetView:
    """Have a set published; what becomes of it shows by and by."""
    async with who.tx() as tx:
        await sets.get(tx, set_id=set_id)
        await publications.ask(tx, publication_id=publication_id, set_id=set_id)
    return await _shown(who, set_id)


@post("/publications/{publication_id:uuid}/check", operation_id="check_publication", opt=MANAGER, status_code=200)
async def check_publication(who: Staff, publication_id: UUID) -> PublicationView:
    """Find out what became of a publication whose answer was lost."""
    async with who.tx() as tx:
        await publications.get(tx, publication_id=publication_id)
    return _publication(await publications.look(who.world, who.merchant, publication_id=publication_id))


@post("/publications/{publication_id:uuid}/deletion", operation_id="delete_publication", opt=MANAGER, status_code=200)
async def delete_publication(who: Staff, publication_id: UUID, data: Taken) -> PublicationView:
    """Delete a published article at WeChat, or all of them, for good."""
    async with who.tx() as tx:
        await publications.get(tx, publication_id=publication_id)
    return _publication(
        await publications.take_back(who.world, who.merchant, publication_id=publication_id, article=data.article)
    )


async def _shown(who: Staff, set_id: UUID) -> SetView:
    async with who.tx() as tx:
        one = await sets.get(tx, set_id=set_id)
        known = await publications.of_set(tx, set_id=set_id)
    return SetView(
        one.id, one.title, one.articles, one.rev, _draft(one), one.draft_at, [_publication(x) for x in known],
        one.created_at, one.updated_at,
    )  # fmt: skip


def _draft(one: ArticleSet) -> str:
    if one.draft_media_id is None:
        return "none"
    return "same" if one.draft_rev == one.rev else "behind"


def _line(one: ArticleSet, known: Publication | None) -> SetLine:
    first = one.articles[0]
    cover = first.cover_id or (first.pictures[0] if first.pictures else None)
    told = _publication(known) if known else None
    return SetLine(one.id, one.title, len(one.articles), cover, _draft(one), told, one.updated_at)


def _publication(one: Publication) -> PublicationView:
    failed = {"failed": lambda: why(one.status, one.errcode), "unknown": lambda: UNKNOWN}.get(one.state)
    return PublicationView(
        one.id, one.state, one.rev, one.urls, one.deleted, one.failed, failed() if failed else None, one.asked_at,
        one.ended_at,
    )  # fmt: skip


console = [
    list_articles, get_articles, put_articles, drop_articles, push_draft, preview_draft, publish_articles,
    check_publication, delete_publication,
]  # fmt: skip
