"""Picking up: where, until when, and with which code: twelve digits, unguessable enough, verified exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

import msgspec

from tongshang.fulfilment.facts import PickupExpired, PickupKept, PickupUndone, PickupVerified
from tongshang.fulfilment.model import PICKUP, K
from tongshang.fulfilment.tickets.use import TooLateToUndo
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.trade import orders
from tongshang.trade.model import Order, S
from tongshang.trade.parts import progress
from tongshang.trade.parts.model import Fulfilment
from tongshang.trade.presales import balances

DAYS_MOST = 90
PLACE = "select enabled, place, address, hours, phone, days from pickup_place where merchant_id = $1"
PUT_PLACE = """insert into pickup_place (merchant_id, enabled, place, address, hours, phone, days)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (merchant_id) do update set enabled = $2, place = $3, address = $4, hours = $5, phone = $6, days = $7"""
# Tickets have codes of the same kind: what is read at the counter means one thing only.
MAKE = """insert into pickup (merchant_id, order_id, code, created_at, due_at) select $1, $2, $3, $4, $5
where not exists (select 1 from ticket where merchant_id = $1 and code = $3) on conflict do nothing"""
COLUMNS = "order_id, code, state, created_at, due_at, verified_at, verified_by"
OF_ORDER = f"select {COLUMNS} from pickup where merchant_id = $1 and order_id = $2"
OF_ORDERS = f"select {COLUMNS} from pickup where merchant_id = $1 and order_id = any($2)"
BY_CODE = f"select {COLUMNS} from pickup where merchant_id = $1 and code = $2"
VERIFY = """update pickup set state = 'verified', verified_at = $3, verified_by = $4
where merchant_id = $1 and code = $2 and state = any($5) and (due_at is null or due_at > $3)"""
UNDO = """update pickup set verified_at = null, verified_by = null,
  state = case when due_at <= $3 then 'expired' else 'waiting' end
where merchant_id = $1 and code = $2 and state = any($4)"""


class AlreadyPickedUp(Refused):
    """This code was used at {at}. Do not hand the goods out again."""

    code, status, zh = "pickup.already", 409, "该核销码已于 {at} 使用过，请勿重复交付。"


class NotToBeHandedOut(Refused):
    """This order was refunded or closed. Do not hand the goods out."""

    code, status, zh = "pickup.refunded", 409, "订单已退款或关闭，请勿交付商品。"


class Expired(Refused):
    """These goods were kept until {at} and nobody came. Extend the pickup first, or refund the order."""

    code, status = "pickup.expired", 409
    zh = "该自提码已于 {at} 过期，暂不能核销。请先为顾客延期，或为订单退款。"


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where goods are picked up, and when; `days`: so long they are kept once they are paid, 0 for ever."""

    enabled: bool = False
    place: str = ""
    address: str = ""
    hours: str = ""
    phone: str = ""
    days: int = 7


@dataclass(frozen=True)
class Pickup:
    """An order's code; `due_at` is when the goods are kept no longer, None: never."""

    order_id: UUID
    code: str
    state: K
    created_at: datetime
    due_at: datetime | None
    verified_at: datetime | None
    verified_by: UUID | None

    def stands(self, now: datetime) -> K:
        """Say where it stands; what is over is over, whether the clock's job has come by or not."""
        over = self.due_at is not None and self.due_at <= now
        return K.EXPIRED if over and self.state == K.WAITING else self.state


async def place(tx: Tx) -> Place:
    """Say where goods are picked up."""
    return await tx.first(Place, PLACE, tx.merchant) or Place()


async def set_place(tx: Tx, *, place: Place) -> None:
    """Say where goods are picked up from now on."""
    if place.enabled and not (place.place.strip() and place.address.strip()):
        raise Invalid(field="address", problem="required")
    if not 0 <= place.days <= DAYS_MOST:
        raise Invalid(field="days", problem=f"0-{DAYS_MOST}")
    await tx.run(
        PUT_PLACE, tx.merchant, place.enabled, place.place, place.address, place.hours, place.phone, place.days
    )


async def make_codes(tx: Tx, *, paid: Sequence[UUID]) -> None:
    """Make orders' codes, good for as long as the shop keeps goods now. Harmless when repeated."""
    days = (await place(tx)).days if paid else 0
    for order in paid:
        await _make_code(tx, order, days)


async def _make_code(tx: Tx, order: UUID, days: int) -> None:
    """Make an order's code; one that is taken is drawn again."""
    if await of_order(tx, order=order) is not None:
        return
    head = await orders.get(tx, order=order)
    due = midnight(await _ready(tx, head), days=days) if days else None
    for _ in range(5):
        if await tx.run(MAKE, tx.merchant, order, f"{tx.rng.randrange(10**12):012d}", tx.now, due):
            break
    else:
        raise AssertionError("no free pick-up code in five draws")
    if due is not None:
        await tx.emit(PickupKept(order, head.fan_id, head.number, said(due)))


async def _ready(tx: Tx, order: Order) -> datetime:
    """Say when the goods are there: of a presale, not before the day that it named."""
    if not order.deposit_fen:
        return tx.now
    ships = (await balances.of_order(tx, order=order.id)).ships_by
    return max(tx.now, datetime.combine(ships, time(), SHANGHAI))


def midnight(moment: datetime, *, days: int) -> datetime:
    """Give the end of the day so many days after a moment, in Shanghai."""
    return datetime.combine(moment.astimezone(SHANGHAI).date() + timedelta(days=days + 1), time(), SHANGHAI)


def said(due: datetime) -> str:
    """Say until when goods are kept: midnight is the end of the day before, to everybody."""
    return f"{(due - timedelta(minutes=1)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


async def of_order(tx: Tx, *, order: UUID) -> Pickup | None:
    """Give an order's code, if it has one."""
    return await tx.first(Pickup, OF_ORDER, tx.merchant, order)


async def of_orders(tx: Tx, *, orders: Sequence[UUID]) -> list[Pickup]:
    """Give the codes of some orders, in no order; not every order has one."""
    return await tx.all(Pickup, OF_ORDERS, tx.merchant, list(orders))


async def by_code(tx: Tx, *, code: str) -> Pickup:
    """Find an order by its code, or raise NotFound."""
    found = await tx.first(Pickup, BY_CODE, tx.merchant, code.replace(" ", ""))
    if found is None:
        raise NotFound
    return found


async def verify(tx: Tx, *, code: str, staff: UUID) -> Pickup:
    """Hand the goods out: the code is used up and the order complete, once."""
    found = await by_code(tx, code=code)
    order = await orders.locked(tx, order=found.order_id)
    found = await by_code(tx, code=code)
    if refusal := why_not(found, order, tx.now):
        raise refusal
    assert await tx.run(VERIFY, tx.merchant, found.code, tx.now, staff, PICKUP.sources("verify")), (
        "a pickup changed whose order is held"
    )
    if not await progress.finish(tx, order=order.id, how=Fulfilment.PICKUP):
        raise NotToBeHandedOut
    await tx.emit(PickupVerified(order.id, order.fan_id, order.number, staff))
    return await by_code(tx, code=code)


def why_not(found: Pickup, order: Order, now: datetime) -> Refused | None:
    """Say why goods are not handed out now, if they are not."""
    if found.verified_at is not None:
        return AlreadyPickedUp(at=f"{found.verified_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
    if order.state != S.PAID or order.refund == "all" or found.state == K.REFUNDED:
        return NotToBeHandedOut()
    if found.due_at is not None and found.stands(now) == K.EXPIRED:
        return Expired(at=said(found.due_at))
    return None


async def undo(tx: Tx, *, code: str, staff: UUID, within: timedelta) -> Pickup:
    """Take a mistaken hand-over back: the code is good once more, unless its time is up. Asking twice is asking once.

    Raises TooLateToUndo, and NotToBeHandedOut for an order of which money went back since.
    """
    found = await by_code(tx, code=code)
    order = await orders.locked(tx, order=found.order_id)
    found = await by_code(tx, code=code)
    if found.verified_at is None:
        return found
    if tx.now - found.verified_at > within:
        raise TooLateToUndo(minutes=int(within.total_seconds() // 60))
    if order.refunded_fen or order.state not in (S.COMPLETED, S.PAID):
        raise NotToBeHandedOut
    assert await tx.run(UNDO, tx.merchant, found.code, tx.now, PICKUP.sources("undo")), "a held pickup changed"
    await progress.undo(tx, order=order.id, how=Fulfilment.PICKUP)
    await tx.emit(PickupUndone(order.id, order.fan_id, order.number, staff))
    found = await by_code(tx, code=code)
    if found.state == K.EXPIRED and found.due_at is not None:
        await tx.emit(PickupExpired(order.id, order.fan_id, order.number, said(found.due_at)))
    return found
