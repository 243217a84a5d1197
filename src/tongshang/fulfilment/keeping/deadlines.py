"""The end of a pickup's time: reached, put off, or of no meaning any more because the money went back."""

from datetime import datetime
from uuid import UUID

from tongshang.fulfilment import pickups
from tongshang.fulfilment.facts import PickupExpired, PickupExtended
from tongshang.fulfilment.model import PICKUP, K
from tongshang.fulfilment.pickups import AlreadyPickedUp, NotToBeHandedOut, Pickup
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.trade import orders
from tongshang.trade.parts import progress
from tongshang.trade.parts.model import Fulfilment, P

EXPIRE = """update pickup set state = 'expired'
where merchant_id = $1 and order_id = $2 and state = any($4) and due_at <= $3"""
EXTEND = """update pickup set state = 'waiting', due_at = $3, reminded_at = null
where merchant_id = $1 and order_id = $2 and state = any($4)"""
REFUND = "update pickup set state = 'refunded' where merchant_id = $1 and order_id = $2 and state = any($3)"


class Shorter(Refused):
    """The goods are kept until {at} already; what was promised is not taken back."""

    code, status, zh = "pickup.shorter", 409, "已保留至 {at}，只能延长，不能提前。"


class NoEnd(Refused):
    """These goods are kept for ever; there is nothing to extend."""

    code, status, zh = "pickup.no_end", 409, "该自提单没有截止时间，无需延期。"


async def expire(tx: Tx, *, order: UUID) -> datetime | None:
    """End a pickup whose time is up, or say when that will be. Harmless when repeated."""
    found = await pickups.of_order(tx, order=order)
    if found is None or found.due_at is None or found.state in (K.EXPIRED, K.REFUNDED):
        return None
    if found.due_at > tx.now:
        return found.due_at  # handed out or not: that may be taken back until then, and after that `undo` ends it
    head = await orders.locked(tx, order=order)
    await settle(tx, order=order)
    if await tx.run(EXPIRE, tx.merchant, order, tx.now, PICKUP.sources("expire")):
        await tx.emit(PickupExpired(order, head.fan_id, head.number, pickups.said(found.due_at)))
    return None


async def settle(tx: Tx, *, order: UUID) -> None:
    """Note of goods that nobody will get any more, because their money went back, that they do not wait."""
    found = await pickups.of_order(tx, order=order)
    if found is None or not PICKUP.may("refund", found.state):
        return
    parts = await progress.of_order(tx, order=await orders.locked(tx, order=order))
    if any(part.fulfilment == Fulfilment.PICKUP and part.state == P.DROPPED for part in parts):
        await tx.run(REFUND, tx.merchant, order, PICKUP.sources("refund"))


async def extend(tx: Tx, *, order: UUID, days: int, staff: UUID) -> Pickup:
    """Keep the goods until the end of the day so many days from today; the code is good again.

    Asking twice on one day is asking once. Raises NoEnd, Shorter, AlreadyPickedUp and NotToBeHandedOut.
    """
    if not 1 <= days <= pickups.DAYS_MOST:
        raise Invalid(field="days", problem=f"1-{pickups.DAYS_MOST}")
    head = await orders.locked(tx, order=order)
    found = await pickups.of_order(tx, order=order)
    if found is None:
        raise NotFound
    refusal = pickups.why_not(found, head, tx.now)
    if isinstance(refusal, AlreadyPickedUp | NotToBeHandedOut):
        raise refusal
    if found.due_at is None:
        raise NoEnd
    due = pickups.midnight(tx.now, days=days)
    if due < found.due_at:
        raise Shorter(at=pickups.said(found.due_at))
    if due > found.due_at:
        assert await tx.run(EXTEND, tx.merchant, order, due, PICKUP.sources("extend")), "a held pickup changed"
        await tx.emit(PickupExtended(order, head.fan_id, head.number, pickups.said(due), staff))
    return await pickups.by_code(tx, code=found.code)
