"""Sheets of goods over HTTP: template, export, bringing one in, its report, applying it."""

import tempfile
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, delete, get, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter

from tongshang.catalog.sheets import exports, imports
from tongshang.catalog.sheets.exports import TYPES
from tongshang.catalog.sheets.imports import Item, Sheet
from tongshang.catalog.sheets.workbooks import MOST_BYTES
from tongshang.catalog.sheets.writing import Format
from tongshang.platform.errors import Invalid, TooLarge
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MANAGER = {"role": Role.MANAGER}
Upload = Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)]
Kind = Annotated[Format, Parameter(query="format")]
ItemState = Annotated[Literal["", "good", "bad", "same", "done", "refused"], Parameter(query="state")]


class SheetView(msgspec.Struct):
    """A sheet, how far it has come, and how many of its products are in which state."""

    id: UUID
    state: str
    name: str
    rows: int
    products: int
    good: int
    done: int
    refused: int
    skip_bad: bool
    problem: dict[str, str] | None
    staff_name: str
    asked_at: Any
    ended_at: Any
    tally: dict[str, int]


class Confirmation(msgspec.Struct, forbid_unknown_fields=True):
    """Whether goods with something wrong are to be left out."""

    skip_bad: bool = False


def _view(found: Sheet, tally: dict[str, int]) -> SheetView:
    fields = {name: getattr(found, name) for name in SheetView.__struct_fields__ if name != "tally"}
    return SheetView(**fields, tally=tally)


@get("/product-sheets/template", operation_id="get_sheet_template", opt=MANAGER)
async def get_sheet_template(who: Staff, kind: Kind = "xlsx") -> Response[bytes]:
    """Give the empty template."""
    return _file(exports.template(kind), kind, "template")


@get("/product-sheets/export", operation_id="export_products", opt=MANAGER)
async def export_products(who: Staff, kind: Kind = "xlsx") -> Response[bytes]:
    """Give all goods as a file that can be brought in again."""
    with tempfile.TemporaryFile() as file:
        await exports.write(who.world, who.merchant, file=file, kind=kind)
        file.seek(0)
        return _file(file.read(), kind, "goods")


def _file(body: bytes, kind: str, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="{name}.{kind}"', "cache-control": "no-store"}
    return Response(body, media_type=TYPES[kind], headers=headers)


@get("/product-sheets", operation_id="list_sheets", opt=MANAGER)
async def list_sheets(who: Staff) -> list[SheetView]:
    """List the latest sheets."""
    async with who.tx() as tx:
        return [_view(one, {}) for one in await imports.listed(tx)]


@put("/product-sheets/{sheet_id:uuid}", operation_id="bring_sheet", opt=MANAGER, status_code=202)
async def bring_sheet(who: Staff, sheet_id: UUID, data: Upload) -> SheetView:
    """Bring a sheet in as the part `file`, .xlsx or .csv; it is looked through, and nothing is changed."""
    upload = data.get("file")
    if upload is None:
        raise Invalid(field="file", problem="required")
    body = await upload.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise TooLarge(limit=MOST_BYTES)
    digest = await imports.bring(who.world, who.merchant, data=body)
    async with who.tx() as tx:
        return _view(await imports.add(tx, sheet=sheet_id, name=upload.filename or "", digest=digest, by=who.name), {})


@get("/product-sheets/{sheet_id:uuid}", operation_id="get_sheet", opt=MANAGER)
async def get_sheet(who: Staff, sheet_id: UUID) -> SheetView:
    """Show how far a sheet has come."""
    async with who.tx() as tx:
        return _view(await imports.get(tx, sheet=sheet_id), await imports.tally(tx, sheet=sheet_id))


@get("/product-sheets/{sheet_id:uuid}/items", operation_id="list_sheet_items", opt=MANAGER)
async def list_sheet_items(
    who: Staff, sheet_id: UUID, section: ItemState = "", after: str | None = None, limit: int | None = None
) -> Page[Item]:
    """List a sheet's products in its order: what is wrong with each, or what would change."""
    most, start = limit_of(limit), read_cursor(after, int)[0] if after else -1
    async with who.tx() as tx:
        await imports.get(tx, sheet=sheet_id)
        found = await imports.items(tx, sheet=sheet_id, state=section, after=start, limit=most)
    return page_of(found, most, lambda item: (item.nth,))


@put("/product-sheets/{sheet_id:uuid}/confirmation", operation_id="confirm_sheet", opt=MANAGER, status_code=202)
async def confirm_sheet(who: Staff, sheet_id: UUID, data: Confirmation) -> SheetView:
    """Have a sheet applied; goods with something wrong stop it unless they are to be left out."""
    async with who.tx() as tx:
        found = await imports.confirm(tx, sheet=sheet_id, skip_bad=data.skip_bad)
        return _view(found, await imports.tally(tx, sheet=sheet_id))


@delete("/product-sheets/{sheet_id:uuid}", operation_id="drop_sheet", opt=MANAGER)
async def drop_sheet(who: Staff, sheet_id: UUID) -> None:
    """Put a sheet aside that was not applied."""
    async with who.tx() as tx:
        await imports.drop(tx, sheet=sheet_id)


console = [
    get_sheet_template, export_products, list_sheets, bring_sheet, get_sheet, list_sheet_items, confirm_sheet,
    drop_sheet,
]  # fmt: skip
