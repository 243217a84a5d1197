"""`tongshang restore`: read a backup into an empty database and an install of its own, then check everything.

Nothing is written before every hash agrees. The database is filled last and in one transaction, so a restore that was
stopped is simply begun again.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from tongshang.app import checking
from tongshang.app.backup import files, manifest
from tongshang.app.backup.load import filled, load
from tongshang.app.backup.manifest import Damaged, Manifest
from tongshang.app.backup.progress import Progress
from tongshang.app.checking import Wrong
from tongshang.app.standing import standing
from tongshang.app.terminal import Stop, say
from tongshang.app.world import ROLES_PURPOSE, make_world
from tongshang.platform import secrets
from tongshang.platform.clock import SystemClock
from tongshang.platform.config import Settings
from tongshang.platform.migrate import known, migrate

PLACES = ("tables", "keys", *files.FOLDERS)


def main(settings: Settings, *, source: Path) -> None:
    """Restore a backup and check it, printing how it goes; raises Stop with the reason when that cannot be."""
    read = manifest.read(source)
    try:
        with standing(settings) as dsn:
            wrong = asyncio.run(restore(settings, dsn, source, read, tell=say))
    except OSError as error:
        raise Stop(f"恢复没有完成：{error}。", f"The restore did not end: {error}.") from None
    if wrong:
        raise Stop(f"数据已恢复，但有 {len(wrong)} 项核对不符。", f"Restored, but {len(wrong)} checks do not agree.")
    say(f"恢复完成，全部相符 / restored, and everything agrees: {source}")


async def restore(
    settings: Settings, dsn: str, source: Path, read: Manifest, *, tell: Callable[[str], None] = lambda line: None
) -> list[Wrong]:
    """Restore a backup into an empty database and a var; give what the checks find afterwards, which is nothing.

    Raises Damaged, and Stop where the database is not empty, the master key is another one, or the backup is newer.
    """
    if name := await filled(dsn):
        raise Stop(
            f"数据库不是空的（{name} 里有数据），没有恢复。",
            f"The database is not empty ({name} has rows); nothing was restored.",
        )
    if unknown := sorted(set(read.migrations) - set(known())):
        raise Stop(f"这份备份来自更新的版本（{unknown[-1]}）。", f"This backup is of a newer release ({unknown[-1]}).")
    keys = await asyncio.to_thread(_keys, settings, source, read)
    await asyncio.to_thread(_verify, source, read, keys)
    tell(f"· 校验 / hashes: {len(read.tables)} 张表 / tables, {read.files} 个文件 / files")
    await asyncio.to_thread(_files, settings, source, read)
    password = keys.derive(ROLES_PURPOSE)
    await asyncio.to_thread(migrate, dsn, password=password, only=read.migrations)
    await load(dsn, source, read, progress=Progress(tell).table)
    tell(f"· 数据库 / database: {sum(table.rows for table in read.tables)} 行 / rows")
    await asyncio.to_thread(migrate, dsn, password=password)
    world = await make_world(settings, dsn, clock=SystemClock())
    try:
        return await checking.look(world, progress=checking.told if tell is say else lambda *_: None)
    finally:
        await world.close()


def _keys(settings: Settings, source: Path, read: Manifest) -> secrets.Secrets:
    """Give the master keys: those that are here, or those that came with the backup."""
    place = settings.keys_path
    if not place.exists() and not read.with_key:
        raise Stop(
            f"请先把原来的主密钥放到 {place}，它不在备份里。",
            f"Put the master key to {place} first: it is not in the backup.",
        )
    try:
        keys = secrets.load(place if place.exists() else source / "keys" / "master.json")
    except (ValueError, KeyError):
        raise Damaged("主密钥文件无法读取", "the master key's file cannot be read") from None
    if missing := sorted(set(read.master_keys) - set(keys.ids)):
        raise Stop(
            f"主密钥不是这份备份的：缺少 {'、'.join(missing)}。",
            f"These are other master keys: {', '.join(missing)} is not here.",
        )
    return keys


def _verify(source: Path, read: Manifest, keys: secrets.Secrets) -> None:
    manifest.verify(source, read, keys)
    for _, name in manifest.listed(source):
        if Path(name).parts[0] not in PLACES or ".." in Path(name).parts:
            raise Damaged(f"{name} 不该在备份里", f"{name} does not belong in a backup")


def _files(settings: Settings, source: Path, read: Manifest) -> None:
    """Put files where they lay; what is there already is written over with the same."""
    for digest, name in manifest.listed(source):
        if Path(name).parts[0] in files.FOLDERS and files.copy(source / name, settings.var / name)[0] != digest:
            raise Damaged(f"{name} 读取时发生变化", f"{name} changed while it was read")
    if read.with_key and not settings.keys_path.exists():
        files.copy(source / "keys" / "master.json", settings.keys_path, mode=0o600)
