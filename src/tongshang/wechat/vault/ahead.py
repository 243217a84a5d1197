"""Refreshing ahead of expiry, and how healthy the tokens are."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import structlog

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.wechat.vault import tokens
from tongshang.wechat.vault.store import Key, Kind
from weixin.errors import BadMessage, WeixinError

# What nobody has used for a day need not be kept fresh.
DUE = """select merchant_id, kind, appid from wechat_token
where refresh_at <= $1 and expires_at > $2 and (failed_at is null or failed_at < $3) order by refresh_at limit $4"""
HEALTH = """select expires_at, fetched_at as refreshed_at, last_error, failed_at from wechat_token
where merchant_id = $1 and kind = any($2) and appid = $3"""
BATCH, ROUNDS = 500, 40
# At WeChat's pace this is enough for ten thousand accounts in a minute.
HANDS = 16
log = structlog.get_logger("vault")


class Due(msgspec.Struct, frozen=True):
    """A token whose time has come."""

    merchant_id: UUID
    kind: Kind
    appid: str


class Health(msgspec.Struct):
    """How a token is, as the console shows it."""

    expires_at: datetime | None
    refreshed_at: datetime | None
    last_error: str | None
    failed_at: datetime | None = None
    healthy: bool = False


async def refresh(world: World) -> None:
    """Refresh every token that is due, some at a time; one that fails is tried again in a minute."""
    for _ in range(ROUNDS):
        async with world.system_tx() as tx:
            due = await tx.all(Due, DUE, tx.now, tx.now - timedelta(days=1), tx.now - timedelta(seconds=50), BATCH)
        turns = iter(due)
        await asyncio.gather(*(_hand(world, turns) for _ in range(HANDS)))
        if len(due) < BATCH:
            return


async def _hand(world: World, turns: Iterator[Due]) -> None:
    for one in turns:
        try:
            await tokens.get(world, Key(one.merchant_id, one.kind, one.appid))
        except (WeixinError, BadMessage, Refused) as error:
            log.warning("token.not_refreshed", kind=one.kind, appid=one.appid, error=str(error))


async def health(tx: Tx, *, appid: str) -> Health:
    """Say how an account's access token is."""
    found = await tx.first(Health, HEALTH, tx.merchant, [Kind.AUTHORIZER, Kind.OWN], appid)
    if found is None:
        return Health(None, None, None)
    found.healthy = found.last_error is None and found.expires_at is not None and found.expires_at > tx.now
    return found
