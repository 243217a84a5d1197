"""Authorization codes that arrive, twice and in any order: kept first, exchanged once, and what they grant recorded.

The redirect of the administrator's browser and the `authorized` push race. Both keep the code under its hash, so
there is one grant; whoever takes its lease exchanges it. A crash after WeChat's answer heals from the account's own
authorization info, because the code cannot be exchanged twice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import structlog

from tongshang.platform.db import Tx
from tongshang.platform.world import World
from tongshang.wechat import accounts, clients
from tongshang.wechat.facts import GrantCame
from tongshang.wechat.model import GrantState, digest
from tongshang.wechat.vault import refresh_tokens, store, tokens, withdrawal
from tongshang.wechat.vault.store import Kept, Key, Kind
from tongshang.wechat.vault.withdrawal import WITHDRAWN
from weixin.errors import Unreachable, WeixinError
from weixin.products import open as platform
from weixin.products.open import AccountInfo, Authorization

PLACE = "authorization_grant.code_sealed"
CODE_SPENT = frozenset({61009, 61010})
PATIENCE_SECONDS = 20

KEEP = """
insert into authorization_grant as g
  (merchant_id, id, component_appid, appid, code_hash, code_sealed, state, created_at)
values ($1, $2, $3, $4, $5, $6, 'new', $7)
on conflict (merchant_id, code_hash) do update set appid = coalesce(g.appid, excluded.appid),
  state = case when g.state = 'lost' and g.appid is null and excluded.appid is not null then 'new' else g.state end
returning id"""
ONE = """select id, component_appid, appid, code_sealed, state, fence from authorization_grant
where merchant_id = $1 and id = $2"""
TAKE = """update authorization_grant set fence = fence + 1, leased_until = now() + interval '20 seconds'
where merchant_id = $1 and id = $2 and state = 'new' and (leased_until is null or leased_until < now())
returning id, component_appid, appid, code_sealed, state, fence"""
END = """update authorization_grant set state = $4, appid = coalesce($5, appid), done_at = $6, leased_until = null
where merchant_id = $1 and id = $2 and fence = $3 and state = 'new'"""
GIVE_BACK = """update authorization_grant set leased_until = null
where merchant_id = $1 and id = $2 and fence = $3 and state = 'new'"""
T = TypeVar("T")
log = structlog.get_logger("grants")


@dataclass(frozen=True)
class Grant:
    """A grant as it is kept."""

    id: UUID
    component_appid: str
    appid: str | None
    code_sealed: bytes
    state: GrantState
    fence: int


async def keep(tx: Tx, *, component: str, code: str, appid: str | None) -> UUID:
    """Keep a code that arrived and have it exchanged; the second arrival finds the first, and may name the account."""
    sealed = tx.seal(PLACE, code.encode())
    grant: UUID = await tx.value(KEEP, tx.merchant, tx.new_id(), component, appid, digest(code), sealed, tx.now)
    await tx.emit(GrantCame(grant))
    return grant


async def complete(world: World, merchant: UUID, grant_id: UUID) -> GrantState:
    """Exchange a kept code and record what it grants; whoever comes second waits and gets the same answer."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    while loop.time() < deadline:
        async with world.tx(merchant) as tx:
            taken = await tx.first(Grant, TAKE, merchant, grant_id)
            known = await tx.one(Grant, ONE, merchant, grant_id) if taken is None else taken
            code = tx.unseal(PLACE, known.code_sealed).decode()
        if taken is not None:
            return await asyncio.shield(asyncio.create_task(_exchange(world, merchant, taken, code)))
        if known.state is not GrantState.NEW:
            return known.state
        await asyncio.sleep(0.1)
    raise Unreachable("the authorization is still being exchanged")


async def _exchange(world: World, merchant: UUID, grant: Grant, code: str) -> GrantState:
    asked_at = world.clock.now()
    try:
        granted = await _granted(world, grant, code)
    except WeixinError as error:
        log.warning("grant.failed", errcode=error.errcode, grant=str(grant.id))
        async with world.tx(merchant) as tx:
            if error.retry:
                await tx.run(GIVE_BACK, merchant, grant.id, grant.fence)
            else:
                await tx.run(END, merchant, grant.id, grant.fence, GrantState.LOST, None, tx.now)
        if error.retry:
            raise
        return GrantState.LOST
    try:
        async with world.tx(merchant) as tx:
            await accounts.authorize(
                tx, appid=granted.appid, component=grant.component_appid, permissions=granted.permissions
            )
            await _keep_tokens(tx, granted, asked_at)
            await tx.run(END, merchant, grant.id, grant.fence, GrantState.DONE, granted.appid, tx.now)
        return GrantState.DONE
    except (accounts.AccountTaken, accounts.OtherAccount):
        await _refuse(world, merchant, grant, granted, asked_at)
        return GrantState.REFUSED


async def _refuse(world: World, merchant: UUID, grant: Grant, granted: Authorization, asked_at: datetime) -> None:
    """End a claim on somebody else's account; its tokens are still that account's, and the newest it has."""
    async with world.tx(merchant) as tx:
        owner = await accounts.owner(tx, appid=granted.appid)
        await tx.run(END, merchant, grant.id, grant.fence, GrantState.REFUSED, granted.appid, tx.now)
    log.warning("grant.refused", appid=granted.appid)
    if owner is not None and owner != merchant:
        async with world.tx(owner) as tx:
            await _keep_tokens(tx, granted, asked_at)


async def _keep_tokens(tx: Tx, granted: Authorization, asked_at: datetime) -> None:
    if granted.refresh_token is not None:
        await refresh_tokens.keep(tx, appid=granted.appid, token=granted.refresh_token, source="grant")
    if granted.access_token is not None:
        key = Key(tx.merchant, Kind.AUTHORIZER, granted.appid)
        await store.given(tx, key, token=granted.access_token, asked_at=asked_at)


async def _granted(world: World, grant: Grant, code: str) -> Authorization:
    client = clients.client(world, appid=grant.component_appid)
    component = grant.component_appid
    try:
        return await _as_component(
            world,
            component,
            lambda t: platform.query_auth(client, component=component, component_token=t.value, code=code),
        )
    except WeixinError as error:
        if error.errcode not in CODE_SPENT or grant.appid is None:
            raise
    # Exchanged by us before a crash: what it granted can still be read.
    info = await read_info(world, component, grant.appid)
    return Authorization(grant.appid, None, info.refresh_token, info.permissions)


async def read_info(world: World, component: str, appid: str) -> AccountInfo:
    """Ask WeChat for an account's public face, its grants and its refresh token."""
    client = clients.client(world, appid=component)
    return await _as_component(
        world,
        component,
        lambda t: platform.authorizer_info(client, component=component, component_token=t.value, appid=appid),
    )


async def _as_component(world: World, component: str, ask: Callable[[Kept], Awaitable[T]]) -> T:
    return await tokens.healed(ask, lambda rejected: tokens.of_component(world, component, rejected=rejected))


async def describe(world: World, merchant: UUID, appid: str) -> None:
    """Fetch an account's name, picture and grants, and keep them; or learn here that it withdrew."""
    asked_at = world.clock.now()
    async with world.tx(merchant) as tx:
        account = await accounts.of_appid(tx, appid=appid)
    if account.component_appid is None:
        return
    try:
        info = await read_info(world, account.component_appid, appid)
    except WeixinError as error:
        if error.errcode != WITHDRAWN:
            raise
        await withdrawal.discover(world, merchant, appid=appid, asked_at=asked_at)
        return
    async with world.tx(merchant) as tx:
        await accounts.describe(tx, info)


async def withdraw(world: World, *, component: str, appid: str, created_at: int) -> UUID | None:
    """Record that an account took its authorization back, by WeChat's push; give the merchant it belongs to.

    An account that moved to another of our components, or to its own secret, stays what it is.
    """
    async with world.system_tx() as tx:
        owner = await accounts.owner(tx, appid=appid)
    if owner is None:
        return None
    async with world.tx(owner) as tx:
        if (await accounts.of_appid(tx, appid=appid)).component_appid != component:
            return owner
        await withdrawal.record(tx, appid=appid, at=datetime.fromtimestamp(created_at, UTC))
    return owner
