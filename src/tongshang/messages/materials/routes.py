"""Materials over HTTP: the console's library."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from tongshang.media.pictures import address
from tongshang.messages.materials import library, sync, transfer
from tongshang.messages.materials.library import Material, Used
from tongshang.messages.materials.limits import Kind, Use
from tongshang.messages.materials.sync import Sync
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import Page
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

CLERK, MANAGER = {"role": Role.CLERK}, {"role": Role.MANAGER}
MOST = 11_000_000
Upload = Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)]
# A stranger's file on our own host: shown as what it says it is, and never run.
SAFE = {"cache-control": "private, max-age=86400", "content-security-policy": "default-src 'none'; sandbox"}


class MaterialView(msgspec.Struct):
    """A material; `file` is where it can be had, `media_id` what WeChat's library knows it by."""

    id: UUID
    kind: str
    name: str
    title: str
    introduction: str
    bytes: int | None
    content_type: str
    seconds: float | None
    picture_id: UUID | None
    picture: str | None
    file: str
    media_id: str | None
    uploaded_at: datetime | None
    created_at: datetime


class SyncView(msgspec.Struct):
    """How far the reading of WeChat's library is."""

    state: str
    kind: str
    place: int
    total: int
    seen: int
    added: int
    gone: int
    errcode: int | None
    started_at: datetime
    finished_at: datetime | None


class Library(msgspec.Struct):
    """What the library holds against WeChat's limits, and its latest sync."""

    used: list[Used]
    sync: SyncView | None


@get("/materials", operation_id="list_materials", opt=CLERK)
async def list_materials(
    who: Staff, kind: Kind = Kind.IMAGE, q: str = "", after: str | None = None, limit: int | None = None
) -> Page[MaterialView]:
    """List materials of a kind, newest first."""
    async with who.tx() as tx:
        page = await library.listed(tx, kind=kind, q=q, after=after, limit=limit)
    return Page([view(who.merchant, one) for one in page.items], page.next)


@get("/materials/library", operation_id="get_library", opt=CLERK)
async def get_library(who: Staff) -> Library:
    """Show how full WeChat's library is, and the latest sync."""
    async with who.tx() as tx:
        latest = await sync.latest(tx)
    return Library(await library.used(who.world, who.merchant), _sync(latest) if latest else None)


@post("/materials", operation_id="add_material", opt=MANAGER)
async def add_material(who: Staff, data: Upload, kind: Kind, title: str = "", introduction: str = "") -> MaterialView:
    """Keep the part `file` as a material of a kind, videos with a title; WeChat gets it apart."""
    file = data.get("file")
    if file is None:
        raise Invalid(field="file", problem="required")
    body = await file.read(MOST)
    async with who.tx():
        pass  # the audit's line
    material_id = await library.keep(
        who.world, who.merchant, kind=kind, data=body, name=file.filename or "", title=title,
        introduction=introduction,
    )  # fmt: skip
    return await _shown(who, material_id)


@get("/materials/{material_id:uuid}", operation_id="get_material", opt=CLERK)
async def get_material(who: Staff, material_id: UUID) -> MaterialView:
    """Show one material."""
    return await _shown(who, material_id)


@post("/materials/{material_id:uuid}/upload", operation_id="upload_material", opt=MANAGER, status_code=200)
async def upload_material(who: Staff, material_id: UUID) -> MaterialView:
    """Bring a material into WeChat's library, unless it is there."""
    async with who.tx() as tx:
        await library.get(tx, material_id=material_id)
    await transfer.media_id(who.world, who.merchant, material_id=material_id, use=Use.PERMANENT)
    return await _shown(who, material_id)


@delete("/materials/{material_id:uuid}", operation_id="drop_material", opt=MANAGER, status_code=204)
async def drop_material(who: Staff, material_id: UUID) -> None:
    """Delete a material at WeChat and here."""
    async with who.tx() as tx:
        await library.get(tx, material_id=material_id)
    await library.delete(who.world, who.merchant, material_id=material_id)


@get("/materials/{material_id:uuid}/file", operation_id="get_material_file", opt=CLERK, include_in_schema=True)
async def get_material_file(who: Staff, material_id: UUID) -> Response[bytes]:
    """Give the file of a material; one that came by a sync is fetched from WeChat, once."""
    async with who.tx() as tx:
        material = await library.get(tx, material_id=material_id)
    body = await transfer.contents(who.world, who.merchant, material)
    async with who.tx() as tx:
        material = await library.get(tx, material_id=material_id)
    return Response(body, media_type=material.content_type or "application/octet-stream", headers=SAFE)


@post("/materials/library/sync", operation_id="sync_library", opt=MANAGER, status_code=202)
async def sync_library(who: Staff) -> SyncView:
    """Begin to read WeChat's library into ours; one that is under way goes on."""
    async with who.tx() as tx:
        return _sync(await sync.start(tx))


async def _shown(who: Staff, material_id: UUID) -> MaterialView:
    async with who.tx() as tx:
        return view(who.merchant, await library.get(tx, material_id=material_id))


def view(merchant: UUID, one: Material) -> MaterialView:
    """Show a material as the console wants it."""
    picture = address(merchant, one.picture_id, 320) if one.picture_id else None
    return MaterialView(
        one.id, one.kind, one.name, one.title, one.introduction, one.bytes, one.content_type, one.seconds,
        one.picture_id, picture, f"/api/console/materials/{one.id}/file", one.media_id, one.uploaded_at,
        one.created_at,
    )  # fmt: skip


def _sync(one: Sync) -> SyncView:
    return SyncView(
        one.state, one.kind, one.place, one.total, one.seen, one.added, one.gone, one.errcode, one.started_at,
        one.finished_at,
    )  # fmt: skip


console = [
    list_materials, get_library, add_material, get_material, upload_material, drop_material, get_material_file,
    sync_library,
]  # fmt: skip
