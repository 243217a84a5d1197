"""Keeping pictures: files on disk under an id made of their content, a row for what is known of them."""

import asyncio
import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from tongshang.media import encode
from tongshang.media.pictures import WIDTHS, Picture, find
from tongshang.platform.errors import NotFound
from tongshang.platform.world import World

ADD = """insert into media_file (merchant_id, id, sha256, width, height, bytes, name, created_at, prints)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (merchant_id, id) do update set gone_at = null"""


@dataclass(frozen=True)
class MediaFile:
    """What is known of a picture."""

    id: UUID
    sha256: bytes
    width: int
    height: int
    bytes: int
    name: str
    created_at: datetime


def picture_id(data: bytes) -> UUID:
    """Make a picture's id of its content."""
    return UUID(bytes=hashlib.sha256(data).digest()[:16])


def place(world: World, merchant: UUID, picture: UUID, width: int) -> Path:
    """Say where a picture's file lies; every part of the path is made of checked values."""
    return world.settings.var / "media" / merchant.hex / picture.hex[:2] / f"{picture.hex}-{width}.webp"


async def keep(world: World, merchant: UUID, *, data: bytes, name: str) -> Picture:
    """Keep an uploaded picture; the same picture twice is kept once.

    Files first, row second: a row always has its files, and a file without a row is only a little disk.
    """
    picture = picture_id(data)
    width, height, sizes = await asyncio.to_thread(encode.encode, data, WIDTHS)
    written = [(place(world, merchant, picture, size), body) for size, body in sizes.items()]
    prints = dict(zip(map(str, sizes), await asyncio.to_thread(_write, written), strict=True))
    async with world.tx(merchant) as tx:
        digest = hashlib.sha256(data).digest()
        await tx.run(ADD, merchant, picture, digest, width, height, len(data), name[:100], tx.now, prints)
        return (await find(tx, [picture]))[picture]


def _write(files: list[tuple[Path, bytes]]) -> list[str]:
    """Write what is not there yet; give the SHA-256 of each file as it lies there."""
    for path, body in files:
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.part")
        with draft.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path, _ in files]


async def read(world: World, merchant: UUID, picture: UUID, width: int) -> bytes:
    """Read a picture's file, or raise NotFound."""
    if width not in WIDTHS:
        raise NotFound
    try:
        return await asyncio.to_thread(place(world, merchant, picture, width).read_bytes)
    except FileNotFoundError:
        raise NotFound from None
