"""WeChat's customer-service desk over HTTP: accounts, invitations, sessions, who waits, and what was said."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import msgspec
from litestar import delete, get, put

from tongshang.fans import people
from tongshang.platform.errors import Invalid
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import calls
from weixin.client import Client
from weixin.products.mp import kf
from weixin.products.mp.kf import Account, Online, Record, Session

MANAGER, CLERK = {"role": Role.MANAGER}, {"role": Role.CLERK}
DAY = timedelta(days=1)
RECORDS_MOST = 500
T = TypeVar("T")


class Waiting(msgspec.Struct):
    """Somebody nobody has taken on yet; unix seconds."""

    openid: str
    since: int


class Desk(msgspec.Struct):
    """Who answers, who of them is there, whom they talk to, and who waits."""

    accounts: list[Account]
    online: list[Online]
    sessions: list[Session]
    waiting: list[Waiting]
    waiting_count: int


class AccountAsked(msgspec.Struct, forbid_unknown_fields=True):
    """An account's name, and (to invite somebody) their WeChat id."""

    nick: str
    wechat: str = ""


class HandAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Into whose hands a person is given."""

    kf_account: str


async def _ask(who: Staff, call: Callable[[Client, str], Awaitable[T]]) -> T:
    return await calls.ask(who.world, who.merchant, call)


async def _openid(who: Staff, fan_id: UUID) -> str:
    async with who.tx() as tx:
        return (await people.get(tx, fan_id=fan_id)).openid


@get("/desk", operation_id="get_desk", opt=CLERK)
async def get_desk(who: Staff) -> Desk:
    """Show the desk as it is."""
    accounts = await _ask(who, lambda client, token: kf.listed(client, token=token))
    online = await _ask(who, lambda client, token: kf.online(client, token=token))
    waiting, count = await _ask(who, lambda client, token: kf.waiting(client, token=token))
    sessions: list[Session] = []
    for name in [one.kf_account for one in online if one.cases]:
        sessions += await _ask(who, _sessions_of(name))
    return Desk(accounts, online, sessions, [Waiting(*one) for one in waiting], count)


def _sessions_of(name: str) -> Callable[[Client, str], Awaitable[list[Session]]]:
    return lambda client, token: kf.sessions(client, token=token, kf_account=name)


@put("/desk/accounts/{kf_account:str}", operation_id="put_desk_account", opt=MANAGER, status_code=204)
async def put_desk_account(who: Staff, kf_account: str, data: AccountAsked) -> None:
    """Add an account or rename it, and invite somebody to answer under it."""
    if not 1 <= len(data.nick.strip()) <= 16:
        raise Invalid(field="nick", problem="1-16")
    async with who.tx():
        pass  # audited before anything is asked of WeChat
    known = {one.kf_account for one in await _ask(who, lambda client, token: kf.listed(client, token=token))}
    write = kf.update if kf_account in known else kf.add
    await _ask(who, lambda client, token: write(client, token=token, kf_account=kf_account, nick=data.nick.strip()))
    if wechat := data.wechat.strip():
        await _ask(who, lambda client, token: kf.invite(client, token=token, kf_account=kf_account, wechat=wechat))


@delete("/desk/accounts/{kf_account:str}", operation_id="drop_desk_account", opt=MANAGER, status_code=204)
async def drop_desk_account(who: Staff, kf_account: str) -> None:
    """Remove an account."""
    async with who.tx():
        pass
    await _ask(who, lambda client, token: kf.delete(client, token=token, kf_account=kf_account))


@put("/desk/sessions/{fan_id:uuid}", operation_id="put_desk_session", opt=CLERK, status_code=204)
async def put_desk_session(who: Staff, fan_id: UUID, data: HandAsked) -> None:
    """Hand a person over to somebody at the desk."""
    openid, name = await _openid(who, fan_id), data.kf_account
    await _ask(who, lambda client, token: kf.open_session(client, token=token, kf_account=name, openid=openid))


@delete("/desk/sessions/{fan_id:uuid}", operation_id="drop_desk_session", opt=CLERK, status_code=204)
async def drop_desk_session(who: Staff, fan_id: UUID) -> None:
    """End a person's session; without one nothing happens."""
    openid = await _openid(who, fan_id)
    found = await _ask(who, lambda client, token: kf.session(client, token=token, openid=openid))
    if found is not None:
        name = found.kf_account
        await _ask(who, lambda client, token: kf.close_session(client, token=token, kf_account=name, openid=openid))


@get("/desk/records", operation_id="list_desk_records", opt=CLERK)
async def list_desk_records(who: Staff, until: datetime | None = None) -> list[Record]:
    """List what was said in the 24 hours before a moment, at most the first 500 lines."""
    end = until or who.world.clock.now()
    span = {"start": int((end - DAY).timestamp()), "end": int(end.timestamp())}
    found, _ = await _ask(who, lambda client, token: kf.records(client, token=token, **span, number=RECORDS_MOST))
    return found


console = [get_desk, put_desk_account, drop_desk_account, put_desk_session, drop_desk_session, list_desk_records]
