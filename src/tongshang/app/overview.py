"""The console's first page: figures of several floors side by side, and what waits for somebody."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import get
from litestar.response import ServerSentEvent, ServerSentEventMessage

from tongshang.catalog.model import LOW
from tongshang.catalog.stock import HERE
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.ids import first_of
from tongshang.tenancy import sessions
from tongshang.tenancy.access import Staff

DAYS = 30
# A day is Shanghai's. Each figure reads its own table once for the whole month.
PAID = """select (paid_at at time zone 'Asia/Shanghai')::date as day, count(*)::integer as orders,
  sum(total_fen)::bigint as paid_fen from orders
where merchant_id = $1 and paid_at >= $2 group by 1"""
FANS = """select (followed_at at time zone 'Asia/Shanghai')::date as day, count(*)::integer as n from fan
where merchant_id = $1 and followed_at >= $2 group by 1"""
BACK = """select (settled_at at time zone 'Asia/Shanghai')::date as day, sum(amount_fen)::bigint as n
from order_refund where merchant_id = $1 and settled_at >= $2 group by 1"""
TODO = f"""select
  (select count(*)::integer from orders where merchant_id = $1 and state = 'paid' and delivery = 'express') as to_ship,
  (select count(*)::integer from orders where merchant_id = $1 and state = 'paid' and delivery = 'local') as to_deliver,
  (select count(*)::integer from orders
   where merchant_id = $1 and state = 'paid' and delivery = 'pickup') as to_pick_up,
  (select count(*)::integer from pickup
   where merchant_id = $1 and state = 'expired' and due_at is not null) as pickups_expired,
  (select count(*)::integer from order_refund
   where merchant_id = $1 and state in ('stalled', 'closed')) as refunds_stuck,
  (select count(*)::integer from aftersale
   where merchant_id = $1 and state in ('asked', 'returning', 'received')) as after_sales,
  (select count(*)::integer from bill_difference where merchant_id = $1 and state = 'open') as differences,
  (select count(*)::integer from stock s join variant v on v.merchant_id = s.merchant_id and v.id = s.variant_id
   join product p on p.merchant_id = v.merchant_id and p.id = v.product_id
   where s.merchant_id = $1 and s.place_id = {HERE} and not v.gone and p.state = 'on'
     and s.on_hand - s.reserved - s.safety <= coalesce(s.warn_at, $2)) as low_stock"""
SETUP = """select
  exists (select 1 from account where merchant_id = $1 and state = 'authorized') as account,
  exists (select 1 from pay_account where merchant_id = $1) as pay,
  exists (select 1 from product where merchant_id = $1 and state = 'on') as products,
  exists (select 1 from page where merchant_id = $1 and rev > 1) as home,
  exists (select 1 from welcome where merchant_id = $1 and enabled) as welcome,
  exists (select 1 from scene_code where merchant_id = $1) as code"""
# Facts of one moment are committed in any order: the last half minute is read again, without what was told.
NEWS = """select id, kind, at, data from fact
where merchant_id = $1 and id >= $2 and not id = any($3::uuid[]) order by id limit 100"""
LOOK_BACK = timedelta(seconds=30)
TOLD = ("order.placed", "order.paid", "order.closed", "order.shipped", "order.completed", "order.refund_asked",
        "order.refunded", "fan.followed", "refund.stalled", "bill.compared", "bill.difference_resolved", "fan.said",
        "message.sent", "message.not_sent", "aftersale.moved", "aftersale.said", "stock.low",
        "payout.waiting", "payout.paid", "payout.returned", "payout.stalled",
        "order.deposit_paid", "order.missed", "pickup.verified", "pickup.expired", "pickup.extended",
        "pickup.undone", "refund.settled", "refund.closed",
        "registration.ended", "pay.suspicious")  # fmt: skip
# A page needs to know that it must look again; what it announces by itself is said along, and nothing of anybody.
SAID = ("order_id", "number", "total_fen", "done", "name")


class Figures(msgspec.Struct):
    """What a day brought."""

    orders: int = 0
    paid_fen: int = 0
    new_fans: int = 0
    refund_fen: int = 0


class Day(msgspec.Struct):
    """A day of the chart."""

    date: date
    orders: int
    paid_fen: int
    new_fans: int


class Step(msgspec.Struct):
    """A step of setting a shop up."""

    key: str
    done: bool


class Overview(msgspec.Struct):
    """The console's first page."""

    today: Figures
    yesterday: Figures
    days: list[Day]
    todo: dict[str, int]
    setup: list[Step]


class _Count(msgspec.Struct):
    day: date
    n: int


class _Paid(msgspec.Struct):
    day: date
    orders: int
    paid_fen: int


class _Todo(msgspec.Struct):
    to_ship: int
    to_deliver: int
    to_pick_up: int
    pickups_expired: int
    refunds_stuck: int
    after_sales: int
    differences: int
    low_stock: int


class _Setup(msgspec.Struct):
    account: bool
    pay: bool
    products: bool
    home: bool
    welcome: bool
    code: bool


class _News(msgspec.Struct):
    id: UUID
    kind: str
    at: datetime
    data: dict[str, Any]


@get("/overview", operation_id="overview")
async def overview(who: Staff) -> Overview:
    """Show today beside yesterday, a month of days, and what waits for somebody."""
    async with who.tx() as tx:
        return await _gather(tx)


async def _gather(tx: Tx) -> Overview:
    today = tx.now.astimezone(SHANGHAI).date()
    first = today - timedelta(days=DAYS - 1)
    start = datetime(first.year, first.month, first.day, tzinfo=SHANGHAI)
    days = {first + timedelta(days=n): Figures() for n in range(DAYS)}
    for row in await tx.all(_Paid, PAID, tx.merchant, start):
        figures = days.setdefault(row.day, Figures())
        figures.orders, figures.paid_fen = row.orders, row.paid_fen
    for fans in await tx.all(_Count, FANS, tx.merchant, start):
        days.setdefault(fans.day, Figures()).new_fans = fans.n
    for back in await tx.all(_Count, BACK, tx.merchant, start):
        days.setdefault(back.day, Figures()).refund_fen = back.n
    todo = await tx.one(_Todo, TODO, tx.merchant, LOW)
    setup = await tx.one(_Setup, SETUP, tx.merchant)
    chart = [Day(day, f.orders, f.paid_fen, f.new_fans) for day, f in sorted(days.items()) if first <= day <= today]
    return Overview(
        today=days[today],
        yesterday=days.get(today - timedelta(days=1), Figures()),
        days=chart,
        todo=msgspec.structs.asdict(todo),
        setup=[Step(key, done) for key, done in msgspec.structs.asdict(setup).items()],
    )


@get("/events", operation_id="events", include_in_schema=False)
async def events(who: Staff) -> ServerSentEvent:
    """Tell the console what happens, while it listens and is logged in; a hint to look again, never the only word."""
    return ServerSentEvent(_tell(who))


async def _tell(who: Staff) -> AsyncIterator[ServerSentEventMessage]:
    told: set[UUID] = set()
    while known := await _news(who, told):  # what has happened by now is on the pages already
        told |= {one.id for one in known}
    quiet = 0
    while await _lasts(who):
        news = await _news(who, told)
        told |= {one.id for one in news}
        for one in news:
            if one.kind in TOLD:
                more = {name: one.data[name] for name in SAID if name in one.data}
                data = msgspec.json.encode({**more, "kind": one.kind, "at": one.at}).decode()
                yield ServerSentEventMessage(data=data, id=str(one.id))
        oldest = first_of(who.world.clock.now() - 2 * LOOK_BACK)
        told = {one for one in told if one >= oldest}
        quiet = 0 if news else quiet + 1
        if quiet % 10 == 9:
            yield ServerSentEventMessage(comment="still here")
        await asyncio.sleep(1.5)


async def _lasts(who: Staff) -> bool:
    async with who.world.tx(who.merchant) as tx:
        return await sessions.lasts(tx, session=who.session)


async def _news(who: Staff, told: set[UUID]) -> list[_News]:
    async with who.world.tx(who.merchant) as tx:
        return await tx.all(_News, NEWS, tx.merchant, first_of(tx.now - LOOK_BACK), list(told))


console = [overview, events]
