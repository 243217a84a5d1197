"""Files of an install, copied with their hashes, one after the other."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("media", "verify")
"""What of var/ is kept: what merchants and the provider brought in."""
PIECE = 1 << 20


def found(root: Path) -> Iterator[Path]:
    """Give every file that is kept, relative to `root`; drafts of files being written are none yet."""
    for folder in FOLDERS:
        yield from below(root, folder)


def below(root: Path, folder: str) -> Iterator[Path]:
    """Give every file below one folder of `root`, relative to `root`, in an order that does not change."""
    for place, folders, names in os.walk(root / folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place) / name
            if not name.endswith(".part") and path.is_file() and not path.is_symlink():
                yield path.relative_to(root)


def copy(source: Path, target: Path, *, mode: int = 0o644) -> tuple[str, int]:
    """Copy a file and give the SHA-256 and the length of what was copied; what is there is written over."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft, digest, size = target.with_name(f"{target.name}.part"), hashlib.sha256(), 0
    draft.unlink(missing_ok=True)
    with source.open("rb") as read, os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        while piece := read.read(PIECE):
            digest.update(piece)
            size += len(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    return digest.hexdigest(), size
