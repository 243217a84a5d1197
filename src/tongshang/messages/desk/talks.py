"""Talks at the desk: who talks to whom, who waits, who takes whom over, and what was said.

WeChat gives nobody into other hands: a transfer ends the one session and begins another, so the other has to be there
before the first is ended.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from tongshang.platform.errors import Refused
from tongshang.platform.world import World
from tongshang.wechat import calls
from weixin.client import Client
from weixin.errors import Unreachable, WeixinError
from weixin.products.mp import kf
from weixin.products.mp.kf import Account, Online, Record, Session

DAY = timedelta(days=1)
RECORDS_MOST = 200
AT_ONCE = 5
ENDED = 65413
T = TypeVar("T")


class NobodyThere(Refused):
    """Nobody is at the desk under that account just now; choose somebody who is online."""

    code, status = "desk.nobody_there", 409
    zh = "该客服当前不在线，请选择在线的客服。"


@dataclass(frozen=True)
class Desk:
    """Who answers, who of them is there, whom they talk to, who waits since when, and how many wait."""

    accounts: list[Account]
    online: list[Online]
    sessions: list[Session]
    waiting: list[tuple[str, int]]
    waiting_count: int


async def look(world: World, merchant: UUID) -> Desk:
    """Read the desk as WeChat has it."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(call: Callable[[Client, str], Awaitable[T]]) -> T:
        async with gate:
            return await calls.ask(world, merchant, call)

    accounts, online, (waiting, count) = await asyncio.gather(
        ask(lambda client, token: kf.listed(client, token=token)),
        ask(lambda client, token: kf.online(client, token=token)),
        ask(lambda client, token: kf.waiting(client, token=token)),
    )
    # Who has left the desk may still hold sessions.
    lists = await asyncio.gather(*(ask(_sessions_of(one.kf_account)) for one in accounts if one.wechat))
    return Desk(accounts, online, [one for some in lists for one in some], waiting, count)


def _sessions_of(name: str) -> Callable[[Client, str], Awaitable[list[Session]]]:
    return lambda client, token: kf.sessions(client, token=token, kf_account=name)


async def of(world: World, merchant: UUID, *, openid: str) -> Session | None:
    """Say who talks to a person."""
    return await calls.ask(world, merchant, lambda client, token: kf.session(client, token=token, openid=openid))


async def hand(world: World, merchant: UUID, *, openid: str, name: str) -> None:
    """Give a person into somebody's hands, out of another's where needed. Raises NobodyThere, WeixinError."""
    held = await of(world, merchant, openid=openid)
    if held is not None and held.kf_account == name:
        return
    if held is not None:
        there = await calls.ask(world, merchant, lambda client, token: kf.online(client, token=token))
        if name not in {one.kf_account for one in there}:
            raise NobodyThere
        await _close(world, merchant, openid, held.kf_account)
    await calls.ask(
        world, merchant, lambda client, token: kf.open_session(client, token=token, kf_account=name, openid=openid)
    )


async def end(world: World, merchant: UUID, *, openid: str) -> None:
    """End a person's session; without one nothing happens."""
    held = await of(world, merchant, openid=openid)
    if held is not None:
        await _close(world, merchant, openid, held.kf_account)


async def _close(world: World, merchant: UUID, openid: str, name: str) -> None:
    try:
        await calls.ask(
            world, merchant, lambda client, token: kf.close_session(client, token=token, kf_account=name, openid=openid)
        )
    except Unreachable:
        raise
    except WeixinError as refusal:
        if refusal.errcode != ENDED:
            raise


async def records(world: World, merchant: UUID, *, until: datetime, after: int) -> tuple[list[Record], int | None]:
    """Read what was said in the 24 hours before a moment, in its order; give where to go on, if there is more."""
    span = {"start": int((until - DAY).timestamp()), "end": int(until.timestamp())}
    found, following = await calls.ask(
        world, merchant,
        lambda client, token: kf.records(client, token=token, **span, msgid=after, number=RECORDS_MOST),
    )  # fmt: skip
    return found, following if len(found) == RECORDS_MOST else None
