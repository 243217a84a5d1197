"""Third-party platforms: their keys, their tickets, and which one new authorizations are asked under.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/component_verify_ticket.html
(2026-11): pushed every ten minutes, good for twelve hours, and the last one stays usable.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.ids import NIL
from tongshang.platform.world import World
from tongshang.wechat import clients
from tongshang.wechat.model import TICKET_LIFE, Component
from weixin.crypto import decode_aes_key
from weixin.products import open as platform

CURRENT = "select appid from component where merchant_id = $1 order by chosen_at desc limit 1"
ONE = """select appid, secret_sealed, token_sealed, aes_key_sealed, previous_aes_key_sealed, previous_token_sealed,
  ticket_sealed, ticket_at from component where merchant_id = $1 and appid = $2"""
PUT = """
insert into component as c (merchant_id, appid, secret_sealed, token_sealed, aes_key_sealed, chosen_at, name)
values ($1, $2, $3, $4, $5, $6, $8)
on conflict (merchant_id, appid) do update set secret_sealed = $3, token_sealed = $4, aes_key_sealed = $5,
  previous_aes_key_sealed = coalesce($7, c.previous_aes_key_sealed),
  previous_token_sealed = coalesce($9, c.previous_token_sealed), name = coalesce(nullif($8, ''), c.name)"""
# Two choices in one moment: the later one counts.
CHOOSE = """update component set chosen_at = greatest($3, (select max(c.chosen_at) + interval '1 microsecond'
  from component c where c.merchant_id = $1)) where merchant_id = $1 and appid = $2"""
ALL = "select appid from component where merchant_id = $1 order by chosen_at desc, appid"
# One that was never chosen stands behind all that were.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Tickets may arrive out of order and twice: only a younger one counts.
TICKET = """update component set ticket_sealed = $3, ticket_at = $4, ticket_second = $5
where merchant_id = $1 and appid = $2 and coalesce(ticket_second, 0) <= $5"""
ASKED = "update component set ticket_asked_at = $3 where merchant_id = $1 and appid = $2"
STATUS = """select appid, name, ticket_at, ticket_asked_at, chosen_at from component where merchant_id = $1
order by chosen_at desc, appid"""


class NoComponent(Refused):
    """The provider has not set up the third-party platform yet."""

    code, status, zh = "wechat.no_component", 409, "服务商尚未配置微信第三方平台。"


class UnknownComponent(Refused):
    """There is no third-party platform with this AppID here."""

    code, status, zh = "wechat.unknown_component", 404, "没有这个 AppID 的第三方平台。"


class NoTicket(Refused):
    """WeChat has not sent the platform's verify ticket yet. Ask for one, it comes within minutes."""

    code, status, zh = (
        "wechat.no_ticket",
        409,
        "尚未收到微信推送的 component_verify_ticket，请点击“请求推送”，几分钟内即可收到。",
    )


@dataclass(frozen=True)
class Named:
    """A component by its AppID."""

    appid: str


@dataclass(frozen=True)
class Row:
    """A component as it is kept."""

    appid: str
    secret_sealed: bytes
    token_sealed: bytes
    aes_key_sealed: bytes
    previous_aes_key_sealed: bytes | None
    previous_token_sealed: bytes | None
    ticket_sealed: bytes | None
    ticket_at: datetime | None


class Status(msgspec.Struct):
    """What may be shown of a component."""

    appid: str
    name: str
    ticket_at: datetime | None
    ticket_asked_at: datetime | None
    chosen_at: datetime
    ticket_ok: bool = False
    # New authorizations are asked for under this one.
    chosen: bool = False


async def configure(tx: Tx, *, appid: str, secret: str, token: str, aes_key: str, name: str = "") -> None:
    """Add a component, or change its keys; the old AES key and token stay good for what is under way (nil merchant).

    The first one is in use at once; a later one waits until it is chosen.
    """
    try:
        decode_aes_key(aes_key)
    except ValueError as error:
        raise Invalid(field="aes_key", problem=str(error)) from None
    known = await tx.first(Row, ONE, tx.merchant, appid)
    new = {"token": token, "aes_key": aes_key}
    previous: dict[str, bytes] = {}
    for what, value in new.items() if known else ():
        old = tx.unseal(f"component.{what}_sealed", getattr(known, f"{what}_sealed"))
        if old.decode() != value:
            previous[what] = tx.seal(f"component.previous_{what}_sealed", old)
    first = await tx.value(CURRENT, tx.merchant) is None
    await tx.run(
        PUT,
        tx.merchant,
        appid,
        tx.seal("component.secret_sealed", secret.encode()),
        tx.seal("component.token_sealed", token.encode()),
        tx.seal("component.aes_key_sealed", aes_key.encode()),
        tx.now if first else NEVER,
        previous.get("aes_key"),
        name.strip(),
        previous.get("token"),
    )


async def choose(tx: Tx, *, appid: str) -> None:
    """Ask for new authorizations under this component from now on; accounts of the others stay where they are."""
    if not await tx.run(CHOOSE, tx.merchant, appid, tx.now):
        raise UnknownComponent


async def opened(tx: Tx, *, appid: str) -> Component | None:
    """Open a component's keys (nil merchant)."""
    row = await tx.first(Row, ONE, tx.merchant, appid)
    if row is None:
        return None

    def plain(name: str) -> str | None:
        sealed = getattr(row, name)
        return None if sealed is None else tx.unseal(f"component.{name}", sealed).decode()

    return Component(
        appid=row.appid,
        secret=plain("secret_sealed") or "",
        token=plain("token_sealed") or "",
        aes_key=plain("aes_key_sealed") or "",
        previous_aes_key=plain("previous_aes_key_sealed"),
        previous_token=plain("previous_token_sealed"),
        ticket=plain("ticket_sealed"),
        ticket_at=row.ticket_at,
    )


async def current(world: World) -> Component:
    """Give the component under which new authorizations are asked for, or refuse."""
    async with world.tx(NIL) as tx:
        appid = await tx.value(CURRENT, NIL)
        found = await opened(tx, appid=appid) if appid else None
    if found is None:
        raise NoComponent
    return found


async def of_appid(world: World, appid: str) -> Component:
    """Give a component with its keys, or refuse."""
    async with world.tx(NIL) as tx:
        found = await opened(tx, appid=appid)
    if found is None:
        raise UnknownComponent
    return found


async def appids(world: World) -> list[str]:
    """List the components, the one in use first."""
    async with world.tx(NIL) as tx:
        return [row.appid for row in await tx.all(Named, ALL, NIL)]


async def receive_ticket(world: World, *, appid: str, ticket: str, created_at: int) -> None:
    """Keep the ticket WeChat pushed, unless a younger one is here."""
    async with world.tx(NIL) as tx:
        await tx.run(TICKET, NIL, appid, tx.seal("component.ticket_sealed", ticket.encode()), tx.now, created_at)


async def request_ticket(world: World, *, appid: str | None = None) -> None:
    """Ask WeChat to push a ticket (of the component in use); it comes by the callback, not with the answer."""
    component = await (current(world) if appid is None else of_appid(world, appid))
    client = clients.client(world, appid=component.appid)
    await platform.start_push_ticket(client, component=component.appid, secret=component.secret)
    async with world.tx(NIL) as tx:
        await tx.run(ASKED, NIL, component.appid, tx.now)


async def statuses(world: World) -> list[Status]:
    """Show the components without their secrets, the one in use first."""
    async with world.tx(NIL) as tx:
        found = await tx.all(Status, STATUS, NIL)
        return [
            msgspec.structs.replace(s, ticket_ok=is_fresh(s.ticket_at, tx.now), chosen=n == 0)
            for n, s in enumerate(found)
        ]


def is_fresh(ticket_at: datetime | None, now: datetime) -> bool:
    """Say whether a ticket of that age is still good."""
    return ticket_at is not None and now - ticket_at < TICKET_LIFE
