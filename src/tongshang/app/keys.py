"""`tongshang keys`: show which master key is in use, or put a new one in front and seal everything under it."""

import asyncio

from tongshang.app.terminal import Stop, say
from tongshang.app.web import database_url
from tongshang.app.world import make_world
from tongshang.platform import secrets
from tongshang.platform.clock import SystemClock
from tongshang.platform.config import Settings
from tongshang.platform.rotation import reseal
from tongshang.platform.secrets import Unsealable


def main(settings: Settings, *, action: str) -> None:
    """Show the id of the key, never the key; `rotate` adds a key, and `reseal` moves every value to it.

    Rotating takes two steps, since running processes must know the new key before they meet a value under it:
    rotate, restart, reseal.
    """
    if action == "rotate":
        secrets.load(settings.keys_path)
        secrets.add_key(settings.keys_path)
    current = secrets.load(settings.keys_path).current
    say(f"{settings.keys_path}: {current}")
    if action == "rotate":
        say("新密钥已启用：请重启全部进程，再运行 tongshang keys reseal。旧密钥继续保留。")
        say("The new key is in use: restart every process, then run tongshang keys reseal. Old keys stay readable.")
    if action == "reseal":
        try:
            done = asyncio.run(_reseal(settings))
        except Unsealable as lost:
            raise Stop(
                f"有数据用 {settings.keys_path} 里没有的密钥加密（{lost}）：请把旧密钥文件找回来再运行。",
                f"Something is sealed under a key that {settings.keys_path} lacks ({lost}): bring the old file back.",
            ) from None
        for column, count in done.items():
            say(f"  {column}: {count}")


async def _reseal(settings: Settings) -> dict[str, int]:
    world = await make_world(settings, database_url(settings), clock=SystemClock())
    try:
        return await reseal(world)
    finally:
        await world.close()
