"""When WeChat refuses a call for want of a grant, what we believe of the account's grants is asked for again."""

from datetime import datetime, timedelta
from uuid import UUID

from tongshang.platform.world import World
from tongshang.wechat.facts import GrantDoubted
from weixin.errors import WeixinError

# Not authorized any more; the set was not granted; the account's type has no such call, or the set is missing.
DOUBTFUL = frozenset({61003, 61007, 48001})
PAUSE = timedelta(minutes=1)


async def raise_doubt(world: World, merchant: UUID, appid: str, error: WeixinError) -> None:
    """Have an account's grants read again if this error speaks against them; at most once a minute."""
    if error.errcode not in DOUBTFUL:
        return
    asked: dict[str, datetime] = world.shelf.setdefault("wechat.doubts", {})
    async with world.tx(merchant) as tx:
        if appid in asked and tx.now - asked[appid] < PAUSE:
            return
        asked[appid] = tx.now
        await tx.emit(GrantDoubted(appid))
