"""What must be true of a merchant's files: each is there, whole, and what its row says it is."""

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path

from tongshang.media import blobs, files
from tongshang.media.pictures import WIDTHS
from tongshang.platform.checks import MOST, Check
from tongshang.platform.db import Tx

PICTURES = "select id, prints from media_file where merchant_id = '{merchant}' order by id"
BLOBS = "select distinct {column} as digest from {table} where merchant_id = '{merchant}' and {column} is not null"


def checks(named: Mapping[str, str]) -> list[Check]:
    """Make the checks of files; `named` says which column of which table names a kept file by its SHA-256."""

    async def kept(tx: Tx) -> list[str]:
        found: list[str] = []
        for table, column in named.items():
            async for rows in tx.stream(BLOBS.format(table=table, column=column, merchant=tx.merchant)):
                for row in rows:
                    path = blobs.place(tx.world, tx.merchant, row["digest"])
                    if await asyncio.to_thread(digest_of, path) != row["digest"].hex():
                        found.append(f"{table} {row['digest'].hex()}")
                if len(found) >= MOST:
                    return found[:MOST]
        return found

    return [
        Check("pictures", "图片文件齐全且内容相符", "every picture's files are there and unchanged", _pictures),
        Check("files", "素材等文件齐全且内容相符", "every other file is there and unchanged", kept),
    ]


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file as hex, or nothing where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


async def _pictures(tx: Tx) -> list[str]:
    found: list[str] = []
    async for rows in tx.stream(PICTURES.format(merchant=tx.merchant)):
        for row in rows:
            places = {width: files.place(tx.world, tx.merchant, row["id"], width) for width in WIDTHS}
            if wrong := await asyncio.to_thread(_wrong, places, row["prints"]):
                found += wrong
        if len(found) >= MOST:
            break
    return found[:MOST]


def _wrong(places: Mapping[int, Path], prints: Mapping[str, str]) -> list[str]:
    """Name what is wrong with a picture's files; where no hash was kept, that each is a whole WebP must do."""
    wrong = []
    for width, path in places.items():
        known = prints.get(str(width))
        if not (digest_of(path) == known if known else _whole(path)):
            wrong.append(path.name)
    return wrong


def _whole(path: Path) -> bool:
    """Say whether a file is a WebP of the length that its own head says."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
        said = int.from_bytes(head[4:8], "little") + 8
        return head[:4] == b"RIFF" and head[8:] == b"WEBP" and path.stat().st_size == said
    except FileNotFoundError:
        return False
