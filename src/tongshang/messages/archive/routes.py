"""The account's articles at WeChat over HTTP: looked through, imported, adopted."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post, put

from tongshang.messages.archive import adopting, reading, shelf
from tongshang.messages.archive.reading import Import
from tongshang.messages.archive.shelf import Found, Piece, Place
from tongshang.platform.paging import Page
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

CLERK, MANAGER = {"role": Role.CLERK}, {"role": Role.MANAGER}


class FoundView(msgspec.Struct):
    """Articles at WeChat; `article_set_id` is the set of ours they were made from."""

    id: UUID
    place: Place
    wechat_id: str
    title: str
    articles: list[Piece]
    article_set_id: UUID | None
    changed_at: datetime


class ImportView(msgspec.Struct):
    """How far an import is."""

    state: str
    place: Place
    reached: int
    total: int
    seen: int
    added: int
    gone: int
    errcode: int | None
    started_at: datetime
    finished_at: datetime | None


class ImportShown(msgspec.Struct):
    """The latest import, if there was one."""

    latest: ImportView | None


class Adopted(msgspec.Struct):
    """The set of ours that was made, or was there."""

    article_set_id: UUID


@get("/archive", operation_id="list_archive", opt=CLERK)
async def list_archive(
    who: Staff, place: Place = "published", q: str = "", after: str | None = None, limit: int | None = None
) -> Page[FoundView]:
    """List the account's drafts or publications, the latest first."""
    async with who.tx() as tx:
        page = await shelf.listed(tx, place=place, q=q, after=after, limit=limit)
        known = await shelf.ours(tx, found=page.items)
    return Page([_found(one, known.get(one.wechat_id)) for one in page.items], page.next)


@get("/archive/import", operation_id="get_archive_import", opt=CLERK)
async def get_archive_import(who: Staff) -> ImportShown:
    """Show how far the latest import is."""
    async with who.tx() as tx:
        latest = await reading.latest(tx)
    return ImportShown(_import(latest) if latest else None)


@post("/archive/import", operation_id="import_archive", opt=MANAGER, status_code=202)
async def import_archive(who: Staff) -> ImportView:
    """Begin to read the account's drafts and publications; an import that is under way goes on."""
    async with who.tx() as tx:
        return _import(await reading.start(tx))


@put("/archive/{found_id:uuid}/adoption/{set_id:uuid}", operation_id="adopt_articles", opt=MANAGER)
async def adopt_articles(who: Staff, found_id: UUID, set_id: UUID) -> Adopted:
    """Make a set of ours from articles at WeChat, to be edited here."""
    async with who.tx() as tx:
        await shelf.get(tx, found_id=found_id)
    made = await adopting.adopt(who.world, who.merchant, found_id=found_id, set_id=set_id)
    return Adopted(made.id)


def _found(one: Found, article_set_id: UUID | None) -> FoundView:
    return FoundView(one.id, one.place, one.wechat_id, one.title, one.articles, article_set_id, one.changed_at)


def _import(one: Import) -> ImportView:
    return ImportView(
        one.state, one.place, one.reached, one.total, one.seen, one.added, one.gone, one.errcode, one.started_at,
        one.finished_at,
    )  # fmt: skip


console = [list_archive, get_archive_import, import_archive, adopt_articles]
