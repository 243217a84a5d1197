"""The goods workbench over HTTP: drafts of the editor.

Keeping a draft is not audited: it happens as somebody types, and changes nothing that anybody else sees.
"""

from typing import Any
from uuid import UUID

import msgspec
from litestar import delete, get, put

from tongshang.catalog.workbench import drafts
from tongshang.catalog.workbench.drafts import Draft, DraftLine
from tongshang.platform.errors import Invalid
from tongshang.platform.web import AnyRequest
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MANAGER = {"role": Role.MANAGER}


class DraftAsked(msgspec.Struct, forbid_unknown_fields=True):
    """What is being written, and the version of the goods it began from."""

    doc: dict[str, Any]
    base_version: int = 0


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
    seen = request.headers.get("if-match", "").strip('W/"')
    if not seen.isdigit():
        raise Invalid(field="If-Match", problem="revision required")
    async with who.world.tx(who.merchant) as tx:
        return await drafts.put(
            tx, product=product_id, doc=data.doc, base_version=data.base_version, seen=int(seen), by=who.name
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


console = [list_product_drafts, get_product_draft, put_product_draft, discard_product_draft, restore_product_draft]
