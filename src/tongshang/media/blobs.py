"""Files of any kind, kept under the hash of their content: the same file twice is kept once."""

import asyncio
import hashlib
import os
from pathlib import Path
from uuid import UUID

from tongshang.platform.errors import NotFound
from tongshang.platform.world import World


def place(world: World, merchant: UUID, digest: bytes) -> Path:
    """Say where a file lies; every part of the path is made of checked values."""
    name = digest.hex()
    return world.settings.var / "media" / merchant.hex / "files" / name[:2] / name


async def keep(world: World, merchant: UUID, *, data: bytes) -> bytes:
    """Keep a file and give its SHA-256; write the row that names it afterwards, so that a row always has its file."""
    digest = hashlib.sha256(data).digest()
    await asyncio.to_thread(_write, place(world, merchant, digest), data)
    return digest


async def read(world: World, merchant: UUID, *, digest: bytes) -> bytes:
    """Read a file, or raise NotFound."""
    try:
        return await asyncio.to_thread(place(world, merchant, digest).read_bytes)
    except FileNotFoundError:
        raise NotFound from None


async def drop(world: World, merchant: UUID, *, digest: bytes) -> None:
    """Delete a file, after the last row that names it is gone; one that is not there is no error."""
    path = place(world, merchant, digest)
    await asyncio.to_thread(path.unlink, missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.part")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
