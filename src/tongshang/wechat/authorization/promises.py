"""Asking a merchant for authorization: a promise with an unguessable state, and the links that keep it.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Authorization_Process_Technical_Description.html
(2026-11). The redirect carries our state; the push carries the pre-authorization code: either finds the promise.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import segno

from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.wechat import clients, components
from tongshang.wechat.model import digest
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


class Links(msgspec.Struct):
    """Where the account's administrator agrees: with a computer, or on the phone itself."""

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


async def promise(world: World, merchant: UUID, promise_id: UUID) -> Links:
    """Make the links of an authorization; asking again under one id gives the same ones until they expire."""
    async with world.tx(merchant) as tx:
        if known := await _known(tx, promise_id):
            return known
    component = await components.current(world)
    client = clients.client(world, merchant, component.appid)

    async def ask(token: Kept) -> Token:
        return await platform.create_preauthcode(client, component=component.appid, component_token=token.value)

    async def take(rejected: int | None) -> Kept:
        return await tokens.of_component(world, component.appid, rejected=rejected)

    code = await tokens.healed(ask, take)
    async with world.tx(merchant) as tx:
        state = f"{merchant.hex}{promise_id.hex}{tx.token(16)}"
        expires_at = tx.now + timedelta(seconds=code.expires_in_seconds)
        pair = links(world, component=component.appid, code=code.value, state=state)
        sealed = tx.seal(PLACE, msgspec.json.encode(pair))
        args = (merchant, promise_id, component.appid, digest(state), sealed, expires_at, tx.now)
        if await tx.run(ADD, *args):
            await tx.run(NAME, digest(code.value), merchant, promise_id, tx.now + KEPT_FOR)
        # Of two who asked at once under one id, both get the links of the first.
        made = await _known(tx, promise_id)
    assert made is not None, "a promise that was just made"
    return made


def links(world: World, *, component: str, code: str, state: str) -> tuple[str, str]:
    """Write the two links down; WeChat adds auth_code to our redirect address."""
    bases = world.settings.wx
    options: dict[str, Any] = {
        "component": component,
        "pre_auth_code": code,
        "redirect_uri": f"{world.settings.public_url}/wechat/authorized?state={state}",
        "auth_type": platform.OFFICIAL_ACCOUNTS,
    }
    return platform.pc_link(bases.mp, **options), platform.phone_link(bases.open, **options)


async def _known(tx: Tx, promise_id: UUID) -> Links | None:
    row = await tx.first(Row, ONE, tx.merchant, promise_id)
    if row is None or row.expires_at <= tx.now:
        return None
    pc, phone = msgspec.json.decode(tx.unseal(PLACE, row.links_sealed), type=tuple[str, str])
    svg = segno.make(phone, error="m").svg_inline(scale=4, border=2, omitsize=True)
    return Links(pc, phone, svg, row.expires_at)


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
