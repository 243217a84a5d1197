"""An account takes its authorization back: told by WeChat's push, or by an answer to something that we asked."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from tongshang.platform.db import Tx
from tongshang.platform.world import World
from tongshang.wechat import accounts
from tongshang.wechat.vault import store

# WeChat's word for it when a token or the account's authorization is asked for.
WITHDRAWN = 61003
log = structlog.get_logger("vault")


async def record(tx: Tx, *, appid: str, at: datetime) -> bool:
    """Record a withdrawal at WeChat's time, and forget the account's tokens; False for old news."""
    if not await accounts.withdraw(tx, appid=appid, at=at):
        return False
    await store.void(tx, appid=appid)
    return True


async def discover(world: World, merchant: UUID, *, appid: str, asked_at: datetime) -> None:
    """Record what the push that we missed would have said; `asked_at`: when we asked what WeChat refused."""
    async with world.tx(merchant) as tx:
        # Whole seconds are WeChat's; an authorization that came while we asked is newer news.
        if await record(tx, appid=appid, at=asked_at - timedelta(seconds=1)):
            log.warning("account.withdrawn", appid=appid)
