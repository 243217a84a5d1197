"""The goods workbench over HTTP: its list, changes to many, groups, and drafts of the editor.

Keeping a draft is not audited: it happens as somebody types, and changes nothing that anybody else sees.
"""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.params import Parameter

from tongshang.catalog import groups
from tongshang.catalog.groups import Group, GroupAsked
from tongshang.catalog.queries import ProductCard
from tongshang.catalog.workbench import changes, drafts, listing
from tongshang.catalog.workbench.changes import Change, Changed
from tongshang.catalog.workbench.drafts import Draft, DraftLine
from tongshang.catalog.workbench.listing import Counts, Filters, Sort, State, TagCount
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import Page, limit_of
from tongshang.platform.web import AnyRequest
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MANAGER = {"role": Role.MANAGER}


class DraftAsked(msgspec.Struct, forbid_unknown_fields=True):
    """What is being written, and the version of the goods it began from."""

    doc: dict[str, Any]
    base_version: int = 0


class ChangesAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Which goods are to be changed how; a rehearsal changes nothing, its token lets prices be changed."""

    ids: list[UUID]
    change: Change
    rehearse: bool = False
    token: str | None = None


class GroupView(msgspec.Struct):
    """A group, with what was put into it by hand."""

    group: Group
    members: list[UUID]


Looked = Annotated[State, Parameter(query="state")]


@get("/products", operation_id="list_products")
async def list_products(
    who: Staff,
    section: Looked = "",
    q: str = "",
    category: UUID | None = None,
    tag: str = "",
    group: UUID | None = None,
    sort: Sort = "new",
    after: str | None = None,
    limit: int | None = None,
) -> Page[ProductCard]:
    """List goods, newest first unless another order is asked for."""
    filters = Filters(section, category, tag, group, q)
    async with who.tx() as tx:
        return await listing.page(tx, filters=filters, sort=sort, after=after, limit=limit_of(limit))


@get("/products/counts", operation_id="count_products")
async def count_products(
    who: Staff, q: str = "", category: UUID | None = None, tag: str = "", group: UUID | None = None
) -> Counts:
    """Count what is looked for by its state."""
    async with who.tx() as tx:
        return await listing.counts(tx, filters=Filters("", category, tag, group, q))


@get("/product-tags", operation_id="list_product_tags")
async def list_product_tags(who: Staff) -> list[TagCount]:
    """List the tags that goods have, the most used first."""
    async with who.tx() as tx:
        return await listing.tags(tx)


@post("/products/changes", operation_id="change_products", opt=MANAGER, status_code=200)
async def change_products(who: Staff, data: ChangesAsked) -> Changed:
    """Change many goods, each done or refused by itself; a rehearsal tells what would become of each."""
    try:
        async with who.tx() as tx:
            return await changes.make(tx, ids=data.ids, change=data.change, token=data.token, rehearse=data.rehearse)
    except changes.Rehearsed as rehearsed:
        return rehearsed.changed


@get("/product-groups", operation_id="list_product_groups")
async def list_product_groups(who: Staff) -> list[Group]:
    """List the groups."""
    async with who.tx() as tx:
        return await groups.listed(tx)


@get("/product-groups/{group_id:uuid}", operation_id="get_product_group")
async def get_product_group(who: Staff, group_id: UUID) -> GroupView:
    """Show a group and what was put into it."""
    async with who.tx() as tx:
        return GroupView(await groups.get(tx, group=group_id), await groups.members(tx, group=group_id))


@put("/product-groups/{group_id:uuid}", operation_id="put_product_group", opt=MANAGER)
async def put_product_group(who: Staff, group_id: UUID, data: GroupAsked) -> GroupView:
    """Add a group, or change one."""
    async with who.tx() as tx:
        await groups.put(tx, group=group_id, asked=data)
        return GroupView(await groups.get(tx, group=group_id), await groups.members(tx, group=group_id))


@delete("/product-groups/{group_id:uuid}", operation_id="drop_product_group", opt=MANAGER)
async def drop_product_group(who: Staff, group_id: UUID) -> None:
    """Remove a group; its goods stay."""
    async with who.tx() as tx:
        await groups.drop(tx, group=group_id)


@get("/product-drafts", operation_id="list_product_drafts", opt=MANAGER)
async def list_product_drafts(who: Staff) -> list[DraftLine]:
    """List what is being written, newest first."""
    async with who.tx() as tx:
        return await drafts.listed(tx)


@get("/products/{product_id:uuid}/draft", operation_id="get_product_draft", opt=MANAGER)
async def get_product_draft(who: Staff, product_id: UUID) -> Draft:
    """Show a draft, also one discarded not long ago."""
    async with who.tx() as tx:
        return await drafts.get(tx, product=product_id)


@put("/products/{product_id:uuid}/draft", operation_id="put_product_draft", opt=MANAGER)
async def put_product_draft(request: AnyRequest, who: Staff, product_id: UUID, data: DraftAsked) -> Draft:
    """Keep a draft; If-Match is the revision that was edited, "0" where there was none."""
    seen = drafts.revision(request.headers.get("if-match", ""))
    if seen is None:
        raise Invalid(field="If-Match", problem="revision required")
    async with who.world.tx(who.merchant) as tx:
        return await drafts.put(
            tx, product=product_id, doc=data.doc, base_version=data.base_version, seen=seen, by=who.name
        )


@delete("/products/{product_id:uuid}/draft", operation_id="discard_product_draft", opt=MANAGER)
async def discard_product_draft(who: Staff, product_id: UUID) -> None:
    """Put a draft aside; it can be taken back for a week."""
    async with who.tx() as tx:
        await drafts.discard(tx, product=product_id)


@put("/products/{product_id:uuid}/draft/restoration", operation_id="restore_product_draft", opt=MANAGER)
async def restore_product_draft(who: Staff, product_id: UUID) -> Draft:
    """Take a discarded draft back."""
    async with who.tx() as tx:
        return await drafts.restore(tx, product=product_id)


console = [
    list_products, count_products, list_product_tags, change_products,
    list_product_groups, get_product_group, put_product_group, drop_product_group,
    list_product_drafts, get_product_draft, put_product_draft, discard_product_draft, restore_product_draft,
]  # fmt: skip
