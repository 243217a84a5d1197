"""Picking up: where, and with which code. A code is twelve digits, unguessable enough, verified exactly once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from tongshang.fulfilment.facts import PickupUndone, PickupVerified
from tongshang.fulfilment.tickets.use import TooLateToUndo
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.trade import orders
from tongshang.trade.model import S
from tongshang.trade.parts import progress
from tongshang.trade.parts.model import Fulfilment

PLACE = "select enabled, place, address, hours, phone from pickup_place where merchant_id = $1"
PUT_PLACE = """insert into pickup_place (merchant_id, enabled, place, address, hours, phone)
values ($1, $2, $3, $4, $5, $6)
on conflict (merchant_id) do update set enabled = $2, place = $3, address = $4, hours = $5, phone = $6"""
# Tickets have codes of the same kind: what is read at the counter means one thing only.
MAKE = """insert into pickup (merchant_id, order_id, code, created_at) select $1, $2, $3, $4
where not exists (select 1 from ticket where merchant_id = $1 and code = $3) on conflict do nothing"""
COLUMNS = "order_id, code, created_at, verified_at, verified_by"
OF_ORDER = f"select {COLUMNS} from pickup where merchant_id = $1 and order_id = $2"
BY_CODE = f"select {COLUMNS} from pickup where merchant_id = $1 and code = $2"
VERIFY = """update pickup set verified_at = $3, verified_by = $4
where merchant_id = $1 and code = $2 and verified_at is null"""

UNDO = "update pickup set verified_at = null, verified_by = null where merchant_id = $1 and code = $2"


class AlreadyPickedUp(Refused):
    """This code was used at {at}. Do not hand the goods out again."""

    code, status, zh = "pickup.already", 409, "该核销码已于 {at} 使用过，请勿重复交付。"


class NotToBeHandedOut(Refused):
    """This order was refunded or closed. Do not hand the goods out."""

    code, status, zh = "pickup.refunded", 409, "订单已退款或关闭，请勿交付商品。"


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where goods are picked up, and when."""

    enabled: bool = False
    place: str = ""
    address: str = ""
    hours: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Pickup:
    """An order's code."""

    order_id: UUID
    code: str
    created_at: datetime
    verified_at: datetime | None
    verified_by: UUID | None


async def place(tx: Tx) -> Place:
    """Say where goods are picked up."""
    return await tx.first(Place, PLACE, tx.merchant) or Place()


async def set_place(tx: Tx, *, place: Place) -> None:
    """Say where goods are picked up from now on."""
    if place.enabled and not (place.place.strip() and place.address.strip()):
        raise Invalid(field="address", problem="required")
    await tx.run(PUT_PLACE, tx.merchant, place.enabled, place.place, place.address, place.hours, place.phone)


async def make_code(tx: Tx, *, order: UUID) -> None:
    """Make an order's code. Harmless when repeated; a code that is taken is drawn again."""
    for _ in range(5):
        if await of_order(tx, order=order) is not None:
            return
        await tx.run(MAKE, tx.merchant, order, f"{tx.rng.randrange(10**12):012d}", tx.now)
    assert await of_order(tx, order=order), "no free pick-up code in five draws"


async def of_order(tx: Tx, *, order: UUID) -> Pickup | None:
    """Give an order's code, if it has one."""
    return await tx.first(Pickup, OF_ORDER, tx.merchant, order)


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
    if found.verified_at is not None:
        raise AlreadyPickedUp(at=f"{found.verified_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
    if order.state != S.PAID or order.refund == "all":
        raise NotToBeHandedOut
    if not await tx.run(VERIFY, tx.merchant, found.code, tx.now, staff):
        raise AlreadyPickedUp(at="")
    if not await progress.finish(tx, order=order.id, how=Fulfilment.PICKUP):
        raise NotToBeHandedOut
    await tx.emit(PickupVerified(order.id, order.fan_id, order.number, staff))
    return await by_code(tx, code=code)


async def undo(tx: Tx, *, code: str, staff: UUID, within: timedelta) -> Pickup:
    """Take a mistaken hand-over back: the code is good once more. Asking twice is asking once.

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
    await tx.run(UNDO, tx.merchant, found.code)
    await progress.undo(tx, order=order.id, how=Fulfilment.PICKUP)
    await tx.emit(PickupUndone(order.id, order.fan_id, order.number, staff))
    return await by_code(tx, code=code)
