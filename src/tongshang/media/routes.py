"""Uploading pictures, serving them for ever, and the library they are kept in."""

import asyncio
from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put

from tongshang.media import files, library, uploads
from tongshang.media.encode import jpeg
from tongshang.media.library import Folder, Shot
from tongshang.media.pictures import Picture
from tongshang.media.uploads import Upload
from tongshang.media.uses import Use
from tongshang.platform.errors import Invalid, NotFound
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.platform.web import AnyRequest, world_of
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

FOREVER = {"cache-control": "public, max-age=31536000, immutable", "content-security-policy": "default-src 'none'"}
MANAGER = {"role": Role.MANAGER}


@post("/media", operation_id="upload_picture")
async def upload_picture(who: Staff, data: Upload) -> Picture:
    """Upload a picture as the part `file`; at most 10 MB and 40 megapixels."""
    body, name = await uploads.sent(data)
    picture = await files.keep(who.world, who.merchant, data=body, name=name)
    async with who.tx():
        pass  # the audit's line
    return picture


@get("/media/{merchant:str}/{picture:str}/{name:str}", operation_id="get_picture", include_in_schema=False)
async def get_picture(request: AnyRequest, merchant: str, picture: str, name: str) -> Response[bytes]:
    """Serve a picture, as WebP or as JPEG; its address is its content, so it never goes stale."""
    size, _, kind = name.partition(".")
    try:
        ids, width = (UUID(merchant), UUID(picture)), int(size)
    except ValueError:
        raise NotFound from None
    if kind not in ("webp", "jpg"):
        raise NotFound
    body = await files.read(world_of(request), *ids, width)
    if kind == "jpg":
        return Response(await asyncio.to_thread(jpeg, body), media_type="image/jpeg", headers=FOREVER)
    return Response(body, media_type="image/webp", headers=FOREVER)


class Named(msgspec.Struct, forbid_unknown_fields=True):
    """A name."""

    name: str


class Placement(msgspec.Struct, forbid_unknown_fields=True):
    """Which pictures go into which folder; without one, into none."""

    ids: list[UUID]
    folder_id: UUID | None = None


@get("/media", operation_id="list_pictures")
async def list_pictures(
    who: Staff, q: str = "", folder: str = "", after: str | None = None, limit: int | None = None
) -> Page[Shot]:
    """List the library's pictures, newest first; the folder "none" has those in no folder."""
    most, before = limit_of(limit, default=40), None
    if after:
        at, last = read_cursor(after, datetime, UUID)
        before = (at, last)
    try:
        chosen = None if folder in ("", "none") else UUID(folder)
    except ValueError:
        raise Invalid(field="folder", problem="unknown") from None
    async with who.tx() as tx:
        found = await library.listed(tx, text=q, folder=chosen, loose=folder == "none", before=before, limit=most)
    return page_of(found, most, lambda one: (one.created_at, one.id))


@get("/media/{picture_id:uuid}/uses", operation_id="list_picture_uses")
async def list_picture_uses(who: Staff, picture_id: UUID) -> list[Use]:
    """Say where a picture is shown."""
    async with who.tx() as tx:
        return await library.where(tx, picture=picture_id)


@put("/media/placement", operation_id="place_pictures", opt=MANAGER, status_code=204)
async def place_pictures(who: Staff, data: Placement) -> None:
    """Put pictures into a folder, or out of any."""
    async with who.tx() as tx:
        await library.move(tx, wanted=data.ids, folder=data.folder_id)


@put("/media/{picture_id:uuid}", operation_id="rename_picture", opt=MANAGER, status_code=204)
async def rename_picture(who: Staff, picture_id: UUID, data: Named) -> None:
    """Give a picture another name."""
    async with who.tx() as tx:
        await library.rename(tx, picture=picture_id, name=data.name)


@delete("/media/{picture_id:uuid}", operation_id="drop_picture", opt=MANAGER)
async def drop_picture(who: Staff, picture_id: UUID) -> None:
    """Take a picture out of the library; refused while it is shown anywhere."""
    async with who.tx() as tx:
        await library.drop(tx, picture=picture_id)


@get("/media-folders", operation_id="list_folders")
async def list_folders(who: Staff) -> list[Folder]:
    """List the folders by name."""
    async with who.tx() as tx:
        return await library.folders(tx)


@put("/media-folders/{folder_id:uuid}", operation_id="put_folder", opt=MANAGER)
async def put_folder(who: Staff, folder_id: UUID, data: Named) -> list[Folder]:
    """Add a folder, or give it another name."""
    async with who.tx() as tx:
        await library.put_folder(tx, folder=folder_id, name=data.name)
        return await library.folders(tx)


@delete("/media-folders/{folder_id:uuid}", operation_id="drop_folder", opt=MANAGER)
async def drop_folder(who: Staff, folder_id: UUID) -> None:
    """Remove a folder; its pictures stay, in none."""
    async with who.tx() as tx:
        await library.drop_folder(tx, folder=folder_id)


console = [
    upload_picture, list_pictures, list_picture_uses, place_pictures, rename_picture, drop_picture, list_folders,
    put_folder, drop_folder,
]  # fmt: skip
public = [get_picture]
