"""Asking a merchant for authorization: a promise with an unguessable state, and the links that keep it.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Authorization_Process_Technical_Description.html
(2026-11). The redirect carries our state; the push carries the pre-authorization code: either finds the promise.
WeChat opens its PC page only from the authorization domain, so the computer gets a launch page of ours first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import segno

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.world import World
from tongshang.wechat import accounts, clients, components
from tongshang.wechat.authorization import permissions
from tongshang.wechat.model import Mode, digest
from tongshang.wechat.vault import tokens
from tongshang.wechat.vault.store import Kept
from weixin.products import open as platform
from weixin.tokens import Token

PLACE = "authorization_promise.links_sealed"
ONE = (
    "select id, component_appid, links_sealed, expires_at from authorization_promise where merchant_id = $1 and id = $2"
)
BY_STATE = "select id from authorization_promise where merchant_id = $1 and id = $2 and state_hash = $3"
COMPONENT_OF = "select component_appid from authorization_promise where merchant_id = $1 and id = $2"
ADD = """insert into authorization_promise
  (merchant_id, id, component_appid, state_hash, links_sealed, expires_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (merchant_id, id) do update set component_appid = $3, state_hash = $4, links_sealed = $5, expires_at = $6
where authorization_promise.expires_at <= $7"""
# The push may come long after the page was opened; the code itself is dead by then, but whose it was stays known.
NAME = """insert into preauth_directory (code_hash, merchant_id, promise_id, expires_at) values ($1, $2, $3, $4)
on conflict do nothing"""
WHOSE = "select merchant_id from preauth_directory where code_hash = $1"
KEPT_FOR = timedelta(days=30)


class UnknownState(Refused):
    """This authorization was not started here, or long ago. Please start it again in the console."""

    code, status, zh = "wechat.unknown_state", 403, "该授权链接无效或已过期，请在后台重新发起授权。"


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """What to ask for; `again` pins the account we have and asks for what it granted and what our features lack."""

    again: bool = False
    auth_type: int = platform.OFFICIAL_ACCOUNTS
    category_ids: list[int] = []


class Links(msgspec.Struct):
    """Where the account's administrator agrees: with a computer (begin at the launch page), or on the phone itself."""

    launch_url: str
    pc_url: str
    phone_url: str
    phone_qr_svg: str
    expires_at: datetime


@dataclass(frozen=True)
class Row:
    """A promise as it is kept."""

    id: UUID
    component_appid: str
    links_sealed: bytes
    expires_at: datetime


@dataclass(frozen=True)
class Wish:
    """What a link asks for, through which component."""

    component: str
    auth_type: int
    biz_appid: str | None
    category_ids: tuple[int, ...]


async def promise(world: World, merchant: UUID, promise_id: UUID, asked: Asked) -> Links:
    """Make the links of an authorization; asking again under one id gives the same ones until they expire."""
    async with world.tx(merchant) as tx:
        if known := await _known(tx, promise_id):
            return known
        wish = await _wish(tx, asked)
    if wish is None:
        current = await components.current(world)
        wish = Wish(current.appid, asked.auth_type, None, tuple(asked.category_ids))
    component = wish.component
    client = clients.client(world, merchant, component)

    async def ask(token: Kept) -> Token:
        return await platform.create_preauthcode(client, component=component, component_token=token.value)

    async def take(rejected: int | None) -> Kept:
        return await tokens.of_component(world, component, rejected=rejected)

    code = await tokens.healed(ask, take)
    async with world.tx(merchant) as tx:
        state = f"{merchant.hex}{promise_id.hex}{tx.token(16)}"
        expires_at = tx.now + timedelta(seconds=code.expires_in_seconds)
        made_links = links(world, wish, code=code.value, state=state)
        sealed = tx.seal(PLACE, msgspec.json.encode(made_links))
        args = (merchant, promise_id, component, digest(state), sealed, expires_at, tx.now)
        if await tx.run(ADD, *args):
            await tx.run(NAME, digest(code.value), merchant, promise_id, tx.now + KEPT_FOR)
        # Of two who asked at once under one id, both get the links of the first.
        made = await _known(tx, promise_id)
    assert made is not None, "a promise that was just made"
    return made


async def _wish(tx: Tx, asked: Asked) -> Wish | None:
    """Turn a request to authorize again into what it asks for; None for a first authorization."""
    if asked.auth_type not in platform.AUTH_TYPES:
        raise Invalid(field="auth_type", problem="unknown")
    account = await accounts.latest(tx) if asked.again else None
    if account is None or account.mode is Mode.OWN or account.component_appid is None:
        return None
    sets = asked.category_ids or permissions.to_ask(account)
    # WeChat lets a pinned account win over auth_type, and its administrator alone may agree.
    return Wish(account.component_appid, asked.auth_type, account.appid, tuple(sets))


def links(world: World, wish: Wish, *, code: str, state: str) -> tuple[str, str, str]:
    """Write the three links down; WeChat adds auth_code to our redirect address."""
    bases, ours = world.settings.wx, world.settings.public_url
    options: dict[str, Any] = {
        "component": wish.component,
        "pre_auth_code": code,
        "redirect_uri": f"{ours}/wechat/authorized?state={state}",
        "auth_type": wish.auth_type,
        "biz_appid": wish.biz_appid,
        "category_ids": wish.category_ids,
    }
    launch = f"{ours}/wechat/authorization?state={state}"
    return launch, platform.pc_link(bases.mp, **options), platform.phone_link(bases.open, **options)


async def launched(tx: Tx, *, promise_id: UUID, state: str) -> Links | None:
    """Give the links that a launch page shows, or None once they expired; refuses a foreign state."""
    await check_state(tx, promise_id=promise_id, state=state)
    return await _known(tx, promise_id)


async def _known(tx: Tx, promise_id: UUID) -> Links | None:
    row = await tx.first(Row, ONE, tx.merchant, promise_id)
    if row is None or row.expires_at <= tx.now:
        return None
    launch, pc, phone = msgspec.json.decode(tx.unseal(PLACE, row.links_sealed), type=tuple[str, str, str])
    svg = segno.make(phone, error="m").svg_inline(scale=4, border=2, omitsize=True)
    return Links(launch, pc, phone, svg, row.expires_at)


def read_state(state: str) -> tuple[UUID, UUID]:
    """Take merchant and promise out of a state, or refuse."""
    try:
        if len(state) != 96:
            raise ValueError
        return UUID(hex=state[:32]), UUID(hex=state[32:64])
    except ValueError:
        raise UnknownState from None


async def check_state(tx: Tx, *, promise_id: UUID, state: str) -> str:
    """Refuse a state that we did not make; give the component it was made for."""
    if await tx.value(BY_STATE, tx.merchant, promise_id, digest(state)) is None:
        raise UnknownState
    component: str = await tx.value(COMPONENT_OF, tx.merchant, promise_id)
    return component


async def whose(tx: Tx, *, code: str) -> UUID | None:
    """Say for which merchant a pre-authorization code was made."""
    found: UUID | None = await tx.value(WHOSE, digest(code))
    return found
