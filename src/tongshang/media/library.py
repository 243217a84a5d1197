"""The merchant's library of pictures: folders, search, and taking out what nobody uses.

Taken out, a picture is no longer offered; its file stays, because orders of long ago and links that were shared show
it. The same picture uploaded again is back.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from tongshang.media import pictures, uses
from tongshang.media.pictures import Picture
from tongshang.media.uses import Use
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, NotFound, Refused

MOST = 200
LIST = """select id, name, bytes, folder_id, created_at from media_file
where merchant_id = $1 and gone_at is null and ($2 = '' or name ilike '%' || $2 || '%')
  and ($3::uuid is null or folder_id = $3) and (not $4 or folder_id is null)
  and ($5::timestamptz is null or (created_at, id) < ($5, $6)) order by created_at desc, id desc limit $7"""
MOVE = "update media_file set folder_id = $3 where merchant_id = $1 and id = any($2) and gone_at is null"
NAME = "update media_file set name = $3 where merchant_id = $1 and id = $2 and gone_at is null"
DROP = (
    "update media_file set gone_at = $3, folder_id = null where merchant_id = $1 and id = any($2) and gone_at is null"
)
FOLDERS = """select f.id, f.name, (select count(*)::integer from media_file m where m.merchant_id = f.merchant_id
  and m.folder_id = f.id and m.gone_at is null) as pictures
from media_folder f where f.merchant_id = $1 order by f.name"""
PUT_FOLDER = """insert into media_folder (merchant_id, id, name) values ($1, $2, $3)
on conflict (merchant_id, id) do update set name = $3"""
EMPTY = "update media_file set folder_id = null where merchant_id = $1 and folder_id = $2"
DROP_FOLDER = "delete from media_folder where merchant_id = $1 and id = $2"
KNOWN_FOLDER = "select 1 from media_folder where merchant_id = $1 and id = $2"


class FolderTaken(Refused):
    """There is a folder of that name already."""

    code, status, zh = "media.folder_taken", 409, "已有同名图片分组。"


class InUse(Refused):
    """This picture is shown in {where}; take it away there first."""

    code, status, zh = "media.in_use", 409, "图片正在“{where}”使用，请先在那里移除。"


class _Row(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    bytes: int
    folder_id: UUID | None
    created_at: datetime


class Shot(msgspec.Struct, frozen=True):
    """A picture of the library."""

    id: UUID
    name: str
    bytes: int
    folder_id: UUID | None
    created_at: datetime
    picture: Picture
    uses: int


class Folder(msgspec.Struct, frozen=True):
    """A folder, and how many pictures are in it."""

    id: UUID
    name: str
    pictures: int


async def listed(
    tx: Tx, *, text: str, folder: UUID | None, loose: bool, before: tuple[datetime, UUID] | None, limit: int
) -> list[Shot]:
    """List pictures, newest first; `loose` are those in no folder. One more than asked for tells of more."""
    at, last = before or (None, None)
    text = text.strip().replace("%", "").replace("_", "")
    rows = await tx.all(_Row, LIST, tx.merchant, text, folder, loose, at, last, limit + 1)
    ids = [row.id for row in rows]
    shown, used = await pictures.find(tx, ids), await uses.of(tx, wanted=ids)
    return [
        Shot(row.id, row.name, row.bytes, row.folder_id, row.created_at, shown[row.id], len(used.get(row.id, [])))
        for row in rows
    ]


async def where(tx: Tx, *, picture: UUID) -> list[Use]:
    """Say where a picture is shown."""
    if not await pictures.find(tx, [picture]):
        raise NotFound
    return (await uses.of(tx, wanted=[picture])).get(picture, [])


async def move(tx: Tx, *, wanted: Sequence[UUID], folder: UUID | None) -> None:
    """Put pictures into a folder, or out of any."""
    if not 1 <= len(wanted) <= MOST:
        raise Invalid(field="ids", problem=f"1-{MOST}")
    if folder is not None and not await tx.value(KNOWN_FOLDER, tx.merchant, folder):
        raise Invalid(field="folder_id", problem="unknown")
    await tx.run(MOVE, tx.merchant, list(wanted), folder)


async def rename(tx: Tx, *, picture: UUID, name: str) -> None:
    """Give a picture another name."""
    if not 1 <= len(name.strip()) <= 100:
        raise Invalid(field="name", problem="1-100")
    if not await tx.run(NAME, tx.merchant, picture, name.strip()):
        raise NotFound


async def drop(tx: Tx, *, picture: UUID) -> None:
    """Take a picture out of the library; refused while it is shown anywhere."""
    if found := await where(tx, picture=picture):
        raise InUse(where=found[0].title, count=len(found))
    if not await tx.run(DROP, tx.merchant, [picture], tx.now):
        raise NotFound


async def folders(tx: Tx) -> list[Folder]:
    """List the folders by name."""
    return await tx.all(Folder, FOLDERS, tx.merchant)


async def put_folder(tx: Tx, *, folder: UUID, name: str) -> None:
    """Add a folder, or give it another name."""
    if not 1 <= len(name.strip()) <= 20:
        raise Invalid(field="name", problem="1-20")
    try:
        await tx.run(PUT_FOLDER, tx.merchant, folder, name.strip())
    except asyncpg.UniqueViolationError as error:
        if violates(error, "media_folder_name_once"):
            raise FolderTaken from None
        raise


async def drop_folder(tx: Tx, *, folder: UUID) -> None:
    """Remove a folder; its pictures stay, in none."""
    await tx.run(EMPTY, tx.merchant, folder)
    if not await tx.run(DROP_FOLDER, tx.merchant, folder):
        raise NotFound
