"""Tokens in force: taken from the vault, refreshed ahead of expiry by one asker while the others wait.

A crash between WeChat's answer and our commit heals by itself: the lease lapses, the next asker fetches again,
and a refresh token that WeChat changed meanwhile is read back from the account's authorization.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import structlog

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.ids import NIL
from tongshang.platform.world import World
from tongshang.wechat import accounts, clients, components
from tongshang.wechat.model import Account, Mode
from tongshang.wechat.vault import refresh_tokens, store, withdrawal
from tongshang.wechat.vault.store import LEASE_SECONDS, Kept, Key, Kind
from tongshang.wechat.vault.withdrawal import WITHDRAWN
from weixin.errors import BadMessage, Unreachable, WeixinError
from weixin.products import mp
from weixin.products import open as platform
from weixin.tokens import Token

POLL_SECONDS = 0.05
PATIENCE_SECONDS = LEASE_SECONDS + 5
BAD_REFRESH_TOKEN = 61023
log = structlog.get_logger("vault")
T = TypeVar("T")


async def get(world: World, key: Key, *, rejected: int | None = None) -> Kept:
    """Give a token that WeChat should take; `rejected` is the fence of one that it just refused.

    Raises Unreachable or WeixinError when it cannot be had, NoTicket when the component waits for its ticket.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    first_seen: int | None = None
    while loop.time() < deadline:
        async with world.hot_tx(key.merchant) as tx:
            row = await store.read(tx, key)
            old = store.kept(tx, row)
            usable = old is not None and old.fence != rejected and tx.now < old.expires_at
            if old and usable and tx.now < old.refresh_at:
                return old
            first_seen = row.fence if first_seen is None else first_seen
            if not usable and row.failed_fence is not None and row.failed_fence > first_seen:
                raise Unreachable(row.last_error or "no token")  # somebody just tried in vain: no storm
            fence = await store.take(tx, key, seen=row.value_fence)
        if fence is not None:
            # Its own task: a caller who goes away must not keep the lease.
            task = asyncio.create_task(_refresh(world, key, fence, forced=rejected is not None))
            try:
                if fresh := await asyncio.shield(task):
                    return fresh
            except Unreachable:
                if not (old and usable):
                    raise
        if old and usable:
            return old
        await asyncio.sleep(POLL_SECONDS)
    raise Unreachable("the token is still being refreshed")


async def at_hand(tx: Tx, *, account: Account) -> Kept | None:
    """Give an account's token if it is good for a while yet; the transaction that finds the account finds it, too."""
    found = store.kept(tx, await store.read(tx, _key(tx.merchant, account)))
    return found if found is not None and tx.now < found.refresh_at else None


async def of_account(world: World, merchant: UUID, account: Account, *, rejected: int | None = None) -> Kept:
    """Give the access token with which to speak for an account."""
    return await get(world, _key(merchant, account), rejected=rejected)


def _key(merchant: UUID, account: Account) -> Key:
    return Key(merchant, Kind.OWN if account.mode is Mode.OWN else Kind.AUTHORIZER, account.appid)


async def of_component(world: World, appid: str, *, rejected: int | None = None) -> Kept:
    """Give the platform's own token."""
    return await get(world, Key(NIL, Kind.COMPONENT, appid), rejected=rejected)


async def healed(ask: Callable[[Kept], Awaitable[T]], take: Callable[[int | None], Awaitable[Kept]]) -> T:
    """Ask with a token; if WeChat refuses the token, take a fresh one and ask once more."""
    token = await take(None)
    try:
        return await ask(token)
    except WeixinError as error:
        if not error.token_rejected:
            raise
        log.info("token.rejected", errcode=error.errcode)
    return await ask(await take(token.fence))


async def _refresh(world: World, key: Key, fence: int, *, forced: bool) -> Kept | None:
    asked_at = world.clock.now()
    try:
        token, refresh_token = await FETCH[key.kind](world, key, forced)
    except (WeixinError, BadMessage, Refused) as error:
        async with world.hot_tx(key.merchant) as tx:
            await store.fail(tx, key, fence=fence, error=str(error))
        if key.kind is Kind.AUTHORIZER and isinstance(error, WeixinError) and error.errcode == WITHDRAWN:
            await withdrawal.discover(world, key.merchant, appid=key.appid, asked_at=asked_at)
        raise
    async with world.hot_tx(key.merchant) as tx:
        if refresh_token is not None:
            # Whether or not the lease lapsed: what WeChat gave must not be lost.
            await refresh_tokens.keep(tx, appid=key.appid, token=refresh_token, source="refresh")
        return await store.put(tx, key, fence=fence, token=token, asked_at=asked_at)


async def _component(world: World, key: Key, forced: bool) -> tuple[Token, None]:
    async with world.hot_tx(NIL) as tx:
        component = await components.opened(tx, appid=key.appid)
    if component is None:
        raise components.NoComponent
    if component.ticket is None:
        raise components.NoTicket
    client = clients.client(world, appid=key.appid)
    token = await platform.component_token(
        client, component=component.appid, secret=component.secret, ticket=component.ticket
    )
    return token, None


async def _authorizer(world: World, key: Key, forced: bool) -> tuple[Token, str]:
    async with world.hot_tx(key.merchant) as tx:
        component = await accounts.component_of(tx, appid=key.appid)
        known = await refresh_tokens.current(tx, appid=key.appid)
    client = clients.client(world, key.merchant, key.appid)

    async def ask(token: Kept, refresh_token: str) -> tuple[Token, str]:
        return await platform.authorizer_token(
            client, component=component, component_token=token.value, appid=key.appid, refresh_token=refresh_token
        )

    async def take(rejected: int | None) -> Kept:
        return await of_component(world, component, rejected=rejected)

    if known is not None:
        try:
            return await healed(lambda token: ask(token, known), take)
        except WeixinError as error:
            if error.errcode not in (BAD_REFRESH_TOKEN, WITHDRAWN):
                raise

    # Ours is void (changed in an answer we never committed, or by a new authorization): WeChat knows the right one.
    # That the account withdrew is believed only when WeChat says it here, too.
    async def read_back(token: Kept) -> str | None:
        info = await platform.authorizer_info(client, component=component, component_token=token.value, appid=key.appid)
        return info.refresh_token

    found = await healed(read_back, take)
    if found is None or found == known:
        raise WeixinError(BAD_REFRESH_TOKEN, "no valid refresh token; the account must authorize again")
    log.warning("refresh_token.recovered", appid=key.appid)
    async with world.hot_tx(key.merchant) as tx:
        await refresh_tokens.keep(tx, appid=key.appid, token=found, source="recovery")
    return await healed(lambda token: ask(token, found), take)


async def _own(world: World, key: Key, forced: bool) -> tuple[Token, None]:
    async with world.hot_tx(key.merchant) as tx:
        secret = await accounts.own_secret(tx, appid=key.appid)
        # Without force the same token would come again that WeChat has just refused.
        forcing = await store.force(tx, key) if forced else store.Forcing.NO
        if forcing is store.Forcing.LATELY and (kept := store.kept(tx, await store.read(tx, key))):
            # WeChat would hand this very token out again, however hard it is pressed.
            left = int((kept.expires_at - tx.now).total_seconds())
            if left > 0:
                return Token(kept.value, left), None
    client = clients.client(world, key.merchant, key.appid)
    force = forcing is store.Forcing.YES
    return await mp.stable_token(client, appid=key.appid, secret=secret, force_refresh=force), None


async def _jsapi(world: World, key: Key, forced: bool) -> tuple[Token, None]:
    async with world.hot_tx(key.merchant) as tx:
        account = await accounts.of_appid(tx, appid=key.appid)
    client = clients.of_account(world, key.merchant, account)
    ticket = await healed(
        lambda token: mp.jsapi_ticket(client, token=token.value),
        lambda rejected: of_account(world, key.merchant, account, rejected=rejected),
    )
    return ticket, None


FETCH: dict[Kind, Callable[[World, Key, bool], Awaitable[tuple[Token, str | None]]]] = {
    Kind.COMPONENT: _component,
    Kind.AUTHORIZER: _authorizer,
    Kind.OWN: _own,
    Kind.JSAPI: _jsapi,
}
