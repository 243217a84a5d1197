"""`tongshang merchant export|import`: a merchant into a file, and out of one, on the command line."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from tongshang.app.moving.bringing import bring_in
from tongshang.app.moving.writing import Wanted, whole
from tongshang.app.standing import standing
from tongshang.app.terminal import Stop, say
from tongshang.app.world import make_world
from tongshang.platform.clock import SystemClock
from tongshang.platform.config import Settings
from tongshang.platform.errors import Refused
from tongshang.platform.passphrases import carrier, salted
from tongshang.platform.secrets import Unsealable
from tongshang.platform.world import World
from tongshang.tenancy import merchants


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line."""

    file: Path
    slug: str
    new_id: bool
    passphrase_file: Path | None


def export(settings: Settings, asked: Asked) -> None:
    """Write the merchant of a shop's address into a file; raises Stop with the reason when that cannot be."""
    if asked.file.exists():
        raise Stop(f"{asked.file} 已经存在，请换一个名字。", f"{asked.file} is there already: choose another name.")
    words = _passphrase(asked, twice=True)
    _run(settings, lambda world: _export(world, asked, words))


async def _export(world: World, asked: Asked, words: str) -> None:
    salt, merchant = salted(), await merchants.by_slug(world, asked.slug)
    wanted = Wanted(world, merchant, await asyncio.to_thread(carrier, words, salt), salt)
    draft = asked.file.with_name(f"{asked.file.name}.part")

    async def tell(rows_all: int, rows: int, files: int) -> None:
        say(f"  {rows}/{rows_all} 行 / rows, {files} 个文件 / files")

    await whole(wanted, draft, asked.file, tell)
    say(f"已导出 / written: {asked.file}")
    say("里面有顾客的个人信息，请妥善保管；密钥与凭证只有用口令才能解开。")
    say("It holds customers' personal data: keep it safe. Its secrets open with the passphrase alone.")


def bring(settings: Settings, asked: Asked) -> None:
    """Bring the merchant of a file in; raises Stop with the reason when that cannot be."""
    words = _passphrase(asked, twice=False)
    _run(settings, lambda world: _bring(world, asked, words))


async def _bring(world: World, asked: Asked, words: str) -> None:
    merchant = UUID(int=world.rng.getrandbits(128), version=4) if asked.new_id else None
    done = await bring_in(world, asked.file, passphrase=words, merchant=merchant, slug=asked.slug, tell=say)
    say(f"已导入 / brought in: {done.manifest.name} ({done.merchant})")
    if done.lost:
        say(f"原处已缺失或损坏的文件 / files lost already where they came from: {', '.join(done.lost)}")
    for appid in done.withdrawn:
        say(f"公众号 {appid} 需要重新授权：本站的第三方平台是另一个。")
        say(f"The account {appid} has to be authorized again: this install's third-party platform is another one.")


def _run(settings: Settings, work: Callable[[World], Awaitable[None]]) -> None:
    async def inside() -> None:
        with standing(settings) as dsn:
            world = await make_world(settings, dsn, clock=SystemClock())
            try:
                await work(world)
            finally:
                await world.close()

    try:
        asyncio.run(inside())
    except Refused as refused:
        raise Stop(refused.sentence("zh"), refused.sentence("en")) from None
    except Unsealable as error:
        raise Stop(f"有密钥无法解开：{error}。", f"A secret does not open: {error}.") from None
    except OSError as error:
        raise Stop(f"文件读写失败：{error}。", f"The file could not be read or written: {error}.") from None


def _passphrase(asked: Asked, *, twice: bool) -> str:
    if asked.passphrase_file is not None:
        try:
            return asked.passphrase_file.read_text().rstrip("\r\n")
        except OSError as error:
            raise Stop(f"口令文件无法读取：{error}。", f"The passphrase's file cannot be read: {error}.") from None
    words = getpass.getpass("口令 / passphrase: ")
    if twice and getpass.getpass("再输入一次 / once more: ") != words:
        raise Stop("两次输入的口令不同。", "The two passphrases differ.")
    return words
