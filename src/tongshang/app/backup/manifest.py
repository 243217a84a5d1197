"""A backup's manifest: what is in it, under which hashes, and whether it is still what was written."""

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tongshang.app.terminal import Stop
from tongshang.media.checks import digest_of
from tongshang.platform.secrets import Secrets

FORMAT = 1
NAME, SUMS = "manifest.json", "SHA256SUMS"
PURPOSE = "backup manifest"


class Kept(msgspec.Struct, frozen=True):
    """A table in a backup: its columns in the order of the file, and how many rows there are."""

    name: str
    columns: list[str]
    rows: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself. `seal` is an HMAC-SHA256 over all the rest."""

    format: int
    made_at: str
    postgres: str
    migrations: list[str]
    master_keys: list[str]
    with_key: bool
    journal: list[str]
    """The first and the last day of the WeChat journal, where there is any: its days are partitions."""
    tables: list[Kept]
    files: int
    bytes: int
    sums: str
    """The SHA-256 of SHA256SUMS."""
    seal: str = ""


class Damaged(Stop):
    """The backup is not what was written."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(
            f"备份不完整或已被改动：{zh}。没有恢复任何数据。", f"The backup is damaged: {en}. Nothing was restored."
        )


def write(folder: Path, manifest: Manifest, keys: Secrets) -> Manifest:
    """Seal a manifest and write it down, the last file of a backup; give it sealed."""
    whole = msgspec.structs.replace(manifest, seal=_seal(manifest, keys))
    (folder / NAME).write_bytes(msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n")
    return whole


def read(folder: Path) -> Manifest:
    """Read a manifest; raises Damaged, or Stop where there is none or it is of a newer release."""
    if not (folder / NAME).is_file():
        raise Stop(
            f"{folder} 里没有 {NAME}，不是一份完整的备份。", f"There is no {NAME} in {folder}: this is no whole backup."
        )
    try:
        found = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Damaged(f"{NAME} 无法读取", f"{NAME} cannot be read") from None
    if found.format > FORMAT:
        raise Stop(
            "这份备份来自更新的版本，请先升级程序。", "This backup is of a newer release: upgrade the program first."
        )
    return found


def verify(folder: Path, manifest: Manifest, keys: Secrets) -> None:
    """Compare every file with its hash, and the manifest with its seal; raises Damaged."""
    if not hmac.compare_digest(manifest.seal, _seal(manifest, keys)):
        raise Damaged(f"{NAME} 与主密钥签名不符", f"{NAME} does not bear the master key's seal")
    if digest_of(folder / SUMS) != manifest.sums:
        raise Damaged(f"{SUMS} 与清单不符", f"{SUMS} is not what the manifest says")
    for digest, name in listed(folder):
        if digest_of(folder / name) != digest:
            raise Damaged(f"{name} 缺失或内容不符", f"{name} is missing or changed")


def listed(folder: Path) -> Iterator[tuple[str, str]]:
    """Read SHA256SUMS line by line: hash and name of each file."""
    with (folder / SUMS).open() as file:
        for line in file:
            digest, _, name = line.rstrip("\n").partition("  ")
            yield digest, name


def _seal(manifest: Manifest, keys: Secrets) -> str:
    words = msgspec.json.encode(msgspec.structs.replace(manifest, seal=""))
    return hmac.new(keys.derive(PURPOSE).encode(), words, hashlib.sha256).hexdigest()
