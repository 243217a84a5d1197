"""Using tickets at the counter, once each time, and taking a mistaken use back within its time."""

from datetime import datetime, timedelta
from uuid import UUID

from tongshang.catalog.kinds import terms
from tongshang.fulfilment.facts import TicketUsed, TicketUseUndone
from tongshang.fulfilment.model import COLUMNS, TICKET, USE_COLUMNS, T, Ticket, Use
from tongshang.fulfilment.tickets import issue
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Mismatch, NotFound, Refused
from tongshang.trade import orders

BY_CODE = f"select {COLUMNS} from ticket where merchant_id = $1 and code = $2"
LOCKED = f"{BY_CODE} for update"
ONE_USE = f"select {USE_COLUMNS} from ticket_use where merchant_id = $1 and id = $2"
USES = f"select {USE_COLUMNS} from ticket_use where merchant_id = $1 and ticket_id = $2 order by at desc, id desc"
USE = """update ticket set used = used + $3, state = case when used + $3 = uses then 'used' else state end,
  ended_at = case when used + $3 = uses then $4 else ended_at end
where merchant_id = $1 and id = $2 and state = 'valid' and used + $3 <= uses"""
UNDO = """update ticket set used = used - $3, state = case when valid_until <= $4 then 'expired' else 'valid' end,
  ended_at = case when valid_until <= $4 then $4 end
where merchant_id = $1 and id = $2 and state = any($5) and used >= $3"""
UNDO_USE = """update ticket_use set undone_at = $3, undone_by = $4
where merchant_id = $1 and id = $2 and undone_at is null"""


class UsedUp(Refused):
    """This code was used up at {at}. Do not serve it again."""

    code, status, zh = "ticket.used_up", 409, "该券已于 {at} 用完，请勿重复核销。"


class Expired(Refused):
    """This code was good until {at}."""

    code, status, zh = "ticket.expired", 409, "该券已于 {at} 过期。"


class Returned(Refused):
    """This code was refunded. Do not serve it."""

    code, status, zh = "ticket.refunded", 409, "该券已退款，请勿核销。"


class NotYet(Refused):
    """This code is good from {at} on."""

    code, status, zh = "ticket.not_yet", 409, "该券自 {at} 起可用。"


class ClosedNow(Refused):
    """By its terms this code is not taken at this weekday or hour."""

    code, status, zh = "ticket.closed_now", 409, "按使用规则，该券在当前星期或时段不可用。"


class TooMany(Refused):
    """This code is good for {left} more."""

    code, status, zh = "ticket.too_many", 409, "该券仅剩 {left} 次。"


class TooLateToUndo(Refused):
    """A use can be taken back within {minutes} minutes only; after that a manager decides, within a day."""

    code, status, zh = "ticket.too_late_to_undo", 409, "核销已超过 {minutes} 分钟，无法撤销（店长可在 24 小时内撤销）。"


async def by_code(tx: Tx, *, code: str) -> Ticket:
    """Find a ticket by its code, or raise NotFound."""
    return await tx.one(Ticket, BY_CODE, tx.merchant, code.replace(" ", ""))


async def uses(tx: Tx, *, ticket: UUID) -> list[Use]:
    """List when a ticket was used, last first."""
    return await tx.all(Use, USES, tx.merchant, ticket)


async def use(tx: Tx, *, code: str, use_id: UUID, count: int, staff: UUID) -> Ticket:
    """Use a ticket so many times at once; under the same id, asking twice is asking once."""
    if not 1 <= count <= 999:
        raise Invalid(field="count", problem="1-999")
    found = await _locked(tx, code)
    if known := await tx.first(Use, ONE_USE, tx.merchant, use_id):
        if (known.ticket_id, known.count) != (found.id, count):
            raise Mismatch
        return found
    if refusal := why_not(found, tx.now, count):
        raise refusal
    assert await tx.run(USE, tx.merchant, found.id, count, tx.now), "a locked ticket changed"
    await tx.insert("ticket_use", Use(use_id, found.id, count, tx.now, staff, None, None))
    order = await orders.get(tx, order=found.order_id)
    left = found.uses - found.used - count
    await tx.emit(TicketUsed(order.id, order.fan_id, order.number, found.id, found.title, count, left, staff))
    await issue.settle(tx, order=order.id)
    return await by_code(tx, code=code)


async def _locked(tx: Tx, code: str) -> Ticket:
    """Lock a ticket after its order, as everybody does who locks both."""
    found = await by_code(tx, code=code)
    await orders.locked(tx, order=found.order_id)
    return await tx.one(Ticket, LOCKED, tx.merchant, found.code)


def why_not(found: Ticket, now: datetime, count: int = 1) -> Refused | None:
    """Say why a ticket is not taken now, if it is not."""
    if found.state == T.REFUNDED:
        return Returned()
    if found.state == T.USED:
        return UsedUp(at=_when(found.ended_at or now))
    if found.state == T.EXPIRED or found.valid_until <= now:
        return Expired(at=_when(found.valid_until))
    if now < found.valid_from:
        return NotYet(at=_when(found.valid_from))
    if terms.visits(found.terms).closed(now):
        return ClosedNow()
    left = found.uses - found.used
    return TooMany(left=left) if count > left else None


async def undo(tx: Tx, *, code: str, use_id: UUID, staff: UUID, within: timedelta) -> Ticket:
    """Take a use back that was a mistake; asking twice is asking once. Raises TooLateToUndo, and Returned."""
    found = await _locked(tx, code)
    known = await tx.first(Use, ONE_USE, tx.merchant, use_id)
    if known is None or known.ticket_id != found.id:
        raise NotFound
    if known.undone_at is not None:
        return found
    if found.state == T.REFUNDED:
        raise Returned
    if tx.now - known.at > within:
        raise TooLateToUndo(minutes=int(within.total_seconds() // 60))
    states = [*TICKET.sources("undo"), T.EXPIRED]
    assert await tx.run(UNDO, tx.merchant, found.id, known.count, tx.now, states), "a locked ticket changed"
    await tx.run(UNDO_USE, tx.merchant, use_id, tx.now, staff)
    order = await orders.get(tx, order=found.order_id)
    await tx.emit(TicketUseUndone(order.id, order.fan_id, order.number, found.id, found.title, known.count, staff))
    return await by_code(tx, code=code)


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
