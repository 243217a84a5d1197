"""WeChat's customer-service desk over HTTP: accounts, invitations, sessions, who waits, and what was said."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get, put

from tongshang.fans import people
from tongshang.fans.model import Fan
from tongshang.messages.desk import seats, talks
from tongshang.platform.errors import NotFound
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.wechat import accounts as wechat_accounts
from weixin.products.mp.kf import SENT

MANAGER, CLERK = {"role": Role.MANAGER}, {"role": Role.CLERK}


class Guest(msgspec.Struct):
    """Who is talked to; without an id somebody we have not met."""

    openid: str
    fan_id: UUID | None = None
    name: str = ""
    avatar: str | None = None


class Seat(msgspec.Struct):
    """Somebody who answers: bound (`wechat`) or asked to be (`invited`: waiting, rejected, expired); online or not."""

    kf_account: str
    nick: str
    head_url: str
    wechat: str
    invited: str
    invite_status: str
    invite_until: datetime | None
    online: bool
    cases: int


class TalkView(msgspec.Struct):
    """Who is talked to by whom since when; nobody (empty) for those who wait."""

    guest: Guest
    kf_account: str
    since: datetime


class DeskView(msgspec.Struct):
    """Who answers, whom they talk to, who waits, and what a new account's name ends with."""

    seats: list[Seat]
    sessions: list[TalkView]
    waiting: list[TalkView]
    waiting_count: int
    suffix: str


class RecordView(msgspec.Struct):
    """One line that was said."""

    guest: Guest
    at: datetime
    text: str
    ours: bool
    worker: str


class RecordsView(msgspec.Struct):
    """Lines of a day in their order, when that day ends, and where to go on."""

    items: list[RecordView]
    next: int | None
    until: datetime


class AccountAsked(msgspec.Struct, forbid_unknown_fields=True):
    """An account's name, and (to invite somebody) their WeChat id."""

    nick: str
    wechat: str = ""


class FaceAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Which picture is the account's face."""

    picture_id: UUID


class HandAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Into whose hands a person is given."""

    kf_account: str


async def _openid(who: Staff, fan_id: UUID) -> str:
    async with who.tx() as tx:
        return (await people.get(tx, fan_id=fan_id)).openid


async def _guests(who: Staff, openids: Iterable[str]) -> dict[str, Guest]:
    wanted = set(openids)
    async with who.tx() as tx:
        account = await wechat_accounts.latest(tx)
        known = await people.of_openids(tx, appid=account.appid, openids=wanted) if account and wanted else []
    return {openid: Guest(openid) for openid in wanted} | {fan.openid: _guest(fan) for fan in known}


def _guest(fan: Fan) -> Guest:
    return Guest(fan.openid, fan.id, fan.remark or fan.nickname or "", fan.avatar)


@get("/desk", operation_id="get_desk", opt=CLERK)
async def get_desk(who: Staff) -> DeskView:
    """Show the desk as it is."""
    now = who.world.clock.now()
    found = await talks.look(who.world, who.merchant)
    guests = await _guests(who, [one.openid for one in found.sessions] + [openid for openid, _ in found.waiting])
    there = {one.kf_account: one.cases for one in found.online}
    rows = [
        Seat(
            one.kf_account, one.nick, one.head_url, one.wechat, one.invited, one.invite_status,
            _moment(one.invite_until, now), one.kf_account in there, there.get(one.kf_account, 0),
        )
        for one in found.accounts
    ]  # fmt: skip
    sessions = [TalkView(guests[one.openid], one.kf_account, _at(one.since, now)) for one in found.sessions]
    waiting = [TalkView(guests[openid], "", _at(since, now)) for openid, since in found.waiting]
    return DeskView(rows, sessions, waiting, found.waiting_count, await _suffix(who, rows))


async def _suffix(who: Staff, rows: list[Seat]) -> str:
    if rows:
        return rows[0].kf_account.partition("@")[2]
    async with who.tx() as tx:
        account = await wechat_accounts.latest(tx)
    return account.user_name if account else ""


def _at(second: int, like: datetime) -> datetime:
    return datetime.fromtimestamp(second, like.tzinfo)


def _moment(second: int, like: datetime) -> datetime | None:
    return _at(second, like) if second else None


@put("/desk/accounts/{kf_account:str}", operation_id="put_desk_account", opt=MANAGER, status_code=204)
async def put_desk_account(who: Staff, kf_account: str, data: AccountAsked) -> None:
    """Add an account or rename it, and invite somebody to answer under it."""
    async with who.tx():
        pass  # audited before anything is asked of WeChat
    await seats.put(who.world, who.merchant, name=kf_account, nick=data.nick, wechat=data.wechat)


@put("/desk/accounts/{kf_account:str}/face", operation_id="put_desk_face", opt=MANAGER, status_code=204)
async def put_desk_face(who: Staff, kf_account: str, data: FaceAsked) -> None:
    """Give an account a picture."""
    if kf_account not in {one.kf_account for one in await seats.listed(who.world, who.merchant)}:
        raise NotFound
    async with who.tx():
        pass
    await seats.give_face(who.world, who.merchant, name=kf_account, picture_id=data.picture_id)


@delete("/desk/accounts/{kf_account:str}", operation_id="drop_desk_account", opt=MANAGER, status_code=204)
async def drop_desk_account(who: Staff, kf_account: str) -> None:
    """Remove an account."""
    async with who.tx():
        pass
    await seats.drop(who.world, who.merchant, name=kf_account)


@put("/desk/sessions/{fan_id:uuid}", operation_id="put_desk_session", opt=CLERK, status_code=204)
async def put_desk_session(who: Staff, fan_id: UUID, data: HandAsked) -> None:
    """Hand a person over to somebody at the desk, out of another's hands where needed."""
    await talks.hand(who.world, who.merchant, openid=await _openid(who, fan_id), name=data.kf_account)


@delete("/desk/sessions/{fan_id:uuid}", operation_id="drop_desk_session", opt=CLERK, status_code=204)
async def drop_desk_session(who: Staff, fan_id: UUID) -> None:
    """End a person's session; without one nothing happens."""
    await talks.end(who.world, who.merchant, openid=await _openid(who, fan_id))


@get("/desk/records", operation_id="list_desk_records", opt=CLERK)
async def list_desk_records(who: Staff, until: datetime | None = None, after: int = 1) -> RecordsView:
    """List what was said in the 24 hours before a moment, in its order, some hundred lines at a time."""
    end = until or who.world.clock.now()
    found, following = await talks.records(who.world, who.merchant, until=end, after=after)
    guests = await _guests(who, [one.openid for one in found])
    lines = [RecordView(guests[one.openid], _at(one.at, end), one.text, one.code == SENT, one.worker) for one in found]
    return RecordsView(lines, following, end)


console = [
    get_desk, put_desk_account, put_desk_face, drop_desk_account, put_desk_session, drop_desk_session,
    list_desk_records,
]  # fmt: skip
