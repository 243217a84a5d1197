"""The archive's format: one tar, its manifest last, so that what was cut off has none.

tables/NAME.jsonl.gz   the rows of a table, one JSON object per line, a table after those it refers to
media/...              the merchant's files, as they lie below var/media/<merchant>/
SHA256SUMS             the hash of every member before it, in order
manifest.json          who, when, how many, the sums, and a seal over all of it
"""

import hashlib
import io
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from tongshang.platform.errors import Refused
from tongshang.platform.passphrases import Carrier, WrongPassphrase

FORMAT = 1
KNOWN, KNOWN_AT = b"tongshang merchant archive", "manifest.check"
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
MEMBER = re.compile(r"tables/[a-z_]+\.jsonl\.gz|media/(?!.*\.\.)[\w.-]+(/[\w.-]+)*")
MOST_OF_MANIFEST = 10 << 20
PIECE = 1 << 20


class Damaged(Refused):
    """The archive is damaged or was changed: {what}. Nothing was brought in."""

    code, status, zh = "archive.damaged", 400, "文件不完整或已被改动：{what}。没有导入任何数据。"


class OtherPassphrase(Refused):
    """This is not the passphrase the archive was made with."""

    code, status, zh = "archive.passphrase", 400, "口令不是导出时设置的那一个。"


class Newer(Refused):
    """The archive is of a newer release ({what}): upgrade this install first."""

    code, status, zh = "archive.newer", 400, "文件来自更新的版本（{what}），请先升级本站。"


class Rows(msgspec.Struct, frozen=True):
    """A table in an archive: how many rows, and the sum of each column of whole numbers."""

    name: str
    columns: list[str]
    rows: int
    sums: dict[str, str]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive says of itself. `seal` is an HMAC-SHA256 over all the rest, under the passphrase's key."""

    format: int
    merchant_id: str
    name: str
    slug: str
    made_at: str
    salt: str
    check: str
    """Known words, sealed: they tell a wrong passphrase."""
    tables: list[Rows]
    sums: dict[str, int]
    files: int
    bytes: int
    listed: str
    """The SHA-256 of SHA256SUMS."""
    seal: str = ""


def sealed(manifest: Manifest, carrier: Carrier) -> Manifest:
    """Put the seal on a manifest."""
    return msgspec.structs.replace(manifest, seal=carrier.mark(_words(manifest)))


def open_seal(manifest: Manifest, carrier: Carrier) -> None:
    """Have a passphrase proved by the manifest, and the manifest by the passphrase."""
    try:
        fine = carrier.open(KNOWN_AT, bytes.fromhex(manifest.check)) == KNOWN
    except (WrongPassphrase, ValueError):
        fine = False
    if not fine:
        raise OtherPassphrase
    if manifest.seal != carrier.mark(_words(manifest)):
        raise Damaged(what=MANIFEST)


def _words(manifest: Manifest) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(manifest, seal=""))


class Out:
    """An archive being written: members one after the other, each with its hash."""

    def __init__(self, file: IO[bytes], listed: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by close
        self._listed = listed

    def add(self, name: str, body: IO[bytes]) -> int:
        """Add a member read from a file, from its beginning to its end; give its length."""
        size, digest = body.seek(0, 2), hashed(body)
        self._put(name, body, size)
        self._listed.write(f"{digest.hex()}  {name}\n".encode())
        return size

    def close(self, manifest: Manifest, carrier: Carrier) -> None:
        """Add the list of hashes and the manifest, and end."""
        size, digest = self._listed.seek(0, 2), hashed(self._listed).hex()
        self._put(SUMS, self._listed, size)
        whole = sealed(msgspec.structs.replace(manifest, listed=digest), carrier)
        words = msgspec.json.format(msgspec.json.encode(whole), indent=1)
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(words), 0o600
        self._tar.addfile(info, fileobj=io.BytesIO(words))
        self._tar.close()

    def _put(self, name: str, body: IO[bytes], size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        body.seek(0)
        self._tar.addfile(info, fileobj=body)
        _forget(self._tar)


def hashed(body: IO[bytes]) -> bytes:
    """Give the SHA-256 of a file from its beginning."""
    digest = hashlib.sha256()
    body.seek(0)
    while piece := body.read(PIECE):
        digest.update(piece)
    return digest.digest()


def _forget(tar: tarfile.TarFile) -> None:
    """Have a tar not remember every member it has seen."""
    tar.members.clear()  # type: ignore[attr-defined]  # there since Python 2, unknown to its types


@contextmanager
def members(path: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Open an archive and give its members one after the other; raises Damaged for what is no archive."""

    def each(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
        for info in tar:
            body = tar.extractfile(info)
            if body is None or not (MEMBER.fullmatch(info.name) or info.name in (SUMS, MANIFEST)):
                raise Damaged(what=info.name[:100])
            yield info.name, body
            _forget(tar)

    try:
        with tarfile.open(path, mode="r|") as tar:
            yield each(tar)
    except (tarfile.TarError, EOFError) as error:
        raise Damaged(what=path.name) from error


def verify(path: Path) -> Manifest:
    """Read an archive through, compare every hash, and give its manifest; in memory is one member's piece at a time."""
    again, said, manifest = hashlib.sha256(), "", None
    with members(path) as found:
        for name, body in found:
            if name == MANIFEST:
                manifest = _manifest(body.read(MOST_OF_MANIFEST))
                continue
            digest = hashlib.sha256()
            while piece := body.read(PIECE):
                digest.update(piece)
            if name == SUMS:
                said = digest.hexdigest()
            else:
                again.update(f"{digest.hexdigest()}  {name}\n".encode())
    if manifest is None:
        raise Damaged(what=MANIFEST)
    if not said == manifest.listed == again.hexdigest():
        raise Damaged(what=SUMS)
    return manifest


def _manifest(words: bytes) -> Manifest:
    try:
        found = msgspec.json.decode(words, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Damaged(what=MANIFEST) from None
    if found.format > FORMAT:
        raise Newer(what=f"format {found.format}")
    return found
