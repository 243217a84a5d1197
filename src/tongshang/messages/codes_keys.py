"""Short keys: WeChat keeps a longer text under 15 characters, which fit into a scene or on a printed card.

https://developers.weixin.qq.com/doc/offiaccount/Account_Management/KEY_Shortener.html (2026-11)
"""

from uuid import UUID

from tongshang.platform.errors import Invalid, NotFound
from tongshang.platform.world import World
from tongshang.wechat import calls
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import shortkeys
from weixin.products.mp.shortkeys import Kept

UNKNOWN = 40097


async def keep(world: World, merchant: UUID, *, data: str, expire_seconds: int) -> str:
    """Have WeChat keep up to 4 KB for up to 30 days; give the key."""
    if not 1 <= len(data.encode()) <= shortkeys.LONGEST_BYTES:
        raise Invalid(field="data", problem=f"{shortkeys.LONGEST_BYTES} bytes")
    if not 1 <= expire_seconds <= shortkeys.LONGEST_SECONDS:
        raise Invalid(field="expire_seconds", problem=f"1-{shortkeys.LONGEST_SECONDS}")
    return await calls.ask(
        world,
        merchant,
        lambda client, token: shortkeys.make(client, token=token, data=data, expire_seconds=expire_seconds),
    )


async def fetch(world: World, merchant: UUID, *, key: str) -> Kept:
    """Fetch what is behind a key; NotFound for one that is unknown or over."""
    try:
        return await calls.ask(world, merchant, lambda client, token: shortkeys.fetch(client, token=token, key=key))
    except Unreachable:
        raise
    except WeixinError as refusal:
        if refusal.errcode == UNKNOWN:
            raise NotFound from None
        raise
