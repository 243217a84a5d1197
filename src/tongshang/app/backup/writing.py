"""`tongshang backup`: write an install into a folder, under a name of its own until it is whole."""

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import asyncpg

from tongshang.app.backup import files, manifest
from tongshang.app.backup.dump import dump
from tongshang.app.backup.manifest import FORMAT, SUMS, Manifest
from tongshang.app.backup.progress import Progress
from tongshang.app.standing import standing
from tongshang.app.terminal import Stop, say
from tongshang.app.world import make_world
from tongshang.media.checks import digest_of
from tongshang.platform.clock import SystemClock
from tongshang.platform.config import Settings
from tongshang.platform.world import World

APPLIED = "select array(select migration_id::text from _yoyo_migration order by migration_id)"


def main(settings: Settings, *, to: Path | None, with_key: bool) -> None:
    """Write a backup and print how it goes; raises Stop with the reason when it cannot be written."""
    now = SystemClock().now()
    target = (to or settings.var / "backups" / f"{now:%Y%m%d-%H%M%S}").resolve()
    if not settings.keys_path.exists():
        raise Stop(
            f"没有 {settings.keys_path}，这里还没有安装。",
            f"There is no {settings.keys_path}: nothing is installed here.",
        )
    try:
        asyncio.run(_main(settings, target, with_key))
    except OSError as error:
        raise Stop(f"备份没有写完：{error}。", f"The backup was not written: {error}.") from None
    say(f"备份完成 / the backup is whole: {target}")
    if not with_key:
        say(f"主密钥不在其中：请另外保管 {settings.keys_path}，没有它，备份里的密钥与凭证都解不开。")
        say("The master key is not in it: keep a copy elsewhere; without it no secret in the backup can be opened.")


async def _main(settings: Settings, target: Path, with_key: bool) -> None:
    with standing(settings) as dsn:
        world = await make_world(settings, dsn, clock=SystemClock())
        try:
            await write(world, dsn, target, with_key=with_key, tell=say)
        finally:
            await world.close()


async def write(
    world: World, dsn: str, target: Path, *, with_key: bool = False, tell: Callable[[str], None] = lambda line: None
) -> Manifest:
    """Write a backup of a world; `target` is there only when all of it is. Raises Stop when it is there already."""
    draft = _draft(target)
    try:
        made = await _fill(world, dsn, draft, with_key, tell)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    draft.rename(target)
    return made


def _draft(target: Path) -> Path:
    """Make the folder a backup is written in; what a killed one left there goes."""
    if target.exists():
        raise Stop(f"{target} 已经存在，请换一个地方。", f"{target} is there already: choose another place.")
    draft = target.with_name(f"{target.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    draft.chmod(0o700)
    (draft / "tables").mkdir()
    return draft


async def _fill(world: World, dsn: str, draft: Path, with_key: bool, tell: Callable[[str], None]) -> Manifest:
    told = Progress(tell)
    owner = await asyncpg.connect(dsn)
    try:
        applied, version = await owner.fetchval(APPLIED), await owner.fetchval("show server_version")
    finally:
        await owner.close()
    tables, journal = await dump(world, draft / "tables", progress=told.table)
    tell(f"· 数据库 / database: {len(tables)} 张表 / tables, {told.rows} 行 / rows")
    # Files come second: a row always has its files, and they never change nor go.
    listed, size = await asyncio.to_thread(_files, world, draft, with_key, told)
    tell(f"· 文件 / files: {listed}, {size / 2**20:.1f} MB")
    made = Manifest(
        format=FORMAT, made_at=f"{world.clock.now():%Y-%m-%dT%H:%M:%SZ}", postgres=version, migrations=applied,
        master_keys=world.secrets.ids, with_key=with_key, journal=journal, tables=tables, files=listed, bytes=size,
        sums=digest_of(draft / SUMS),
    )  # fmt: skip
    return manifest.write(draft, made, world.secrets)


def _files(world: World, draft: Path, with_key: bool, told: Progress) -> tuple[int, int]:
    """Copy what is kept of var/ and list the hash of every file; give how many were copied, and their bytes."""
    settings, many, whole = world.settings, 0, 0
    with (draft / SUMS).open("x") as sums:
        for path in sorted((draft / "tables").iterdir()):
            sums.write(f"{digest_of(path)}  tables/{path.name}\n")
        for name in files.found(settings.var):
            try:
                digest, size = files.copy(settings.var / name, draft / name)
            except FileNotFoundError:
                continue  # dropped meanwhile, after the last row that named it
            sums.write(f"{digest}  {name.as_posix()}\n")
            many, whole = many + 1, whole + size
            told.file(many)
        if with_key:
            digest, _ = files.copy(settings.keys_path, draft / "keys" / "master.json", mode=0o600)
            sums.write(f"{digest}  keys/master.json\n")
        sums.flush()
        os.fsync(sums.fileno())
    return many, whole
