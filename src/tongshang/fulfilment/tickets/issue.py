"""Issuing tickets when an order is paid, ending them when their time is up, taking them back when it is refunded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tongshang.catalog.kinds import terms
from tongshang.fulfilment.facts import TicketsExpired, TicketsIssued
from tongshang.fulfilment.model import COLUMNS, T, Ticket
from tongshang.platform.db import Tx
from tongshang.platform.errors import Refused
from tongshang.trade import orders
from tongshang.trade.model import Order
from tongshang.trade.parts import breaking, progress
from tongshang.trade.parts.model import Fulfilment, Item, P

SHOWN = (Fulfilment.TICKET, Fulfilment.SERVICE)
# A code at the counter means one thing only, so it is nobody's pick-up code either.
ISSUE = """insert into ticket (merchant_id, id, order_id, line_id, fan_id, product_id, variant_id, kind, title, options,
    code, uses, state, terms, valid_from, valid_until, issued_at)
  select $1, x.id, $2, x.line_id, $3, x.product_id, x.variant_id, x.kind, x.title, x.options, x.code, x.uses, 'valid',
    x.terms, x.valid_from, x.valid_until, $5
  from jsonb_to_recordset($4::jsonb) as x(id uuid, line_id uuid, product_id uuid, variant_id uuid, kind text,
    title text, options jsonb, code text, uses integer, terms jsonb, valid_from timestamptz, valid_until timestamptz)
  where not exists (select 1 from pickup p where p.merchant_id = $1 and p.code = x.code)
on conflict do nothing"""
ANY = "select 1 from ticket where merchant_id = $1 and order_id = $2 limit 1"
COUNT = "select count(*)::integer from ticket where merchant_id = $1 and order_id = $2"
OF_LINE = f"""select {COLUMNS} from ticket where merchant_id = $1 and order_id = $2 and line_id = $3
and variant_id = $4 order by id for update"""
REFUND = """update ticket set state = 'refunded', ended_at = coalesce(ended_at, $3)
where merchant_id = $1 and id = any($2) and state <> 'refunded'"""
FEWER = """update ticket set uses = uses - $3, state = case when used = uses - $3 then 'used' else state end,
  ended_at = case when used = uses - $3 then coalesce(ended_at, $4) else ended_at end
where merchant_id = $1 and id = $2 and uses - used >= $3 and uses > $3"""
EXPIRE = """update ticket set state = 'expired', ended_at = $3
where merchant_id = $1 and order_id = $2 and state = 'valid' and valid_until <= $3"""
NEXT = "select min(valid_until) from ticket where merchant_id = $1 and order_id = $2 and valid_until > $3"
OPEN = "select 1 from ticket where merchant_id = $1 and order_id = $2 and kind = $3 and state = 'valid' limit 1"


class NotReturnable(Refused):
    """By its own terms, {title} is not taken back now. The merchant may decide otherwise."""

    code, status = "refund.not_returnable", 409
    zh = "“{title}” 按售出时的约定现在不可退（已使用、已查看、已过期或不支持退款），商家可选择仍然退款。"


async def issue(tx: Tx, *, order: UUID) -> None:
    """Issue the tickets of an order that was paid, less what was refunded since. Harmless when repeated."""
    head = await orders.locked(tx, order=order)
    waiting = [part for part in await progress.of_order(tx, order=head) if part.state == P.WAITING]
    items = [item for part in waiting if part.fulfilment in SHOWN for item in part.items]
    if not items or await tx.value(ANY, tx.merchant, order):
        return
    lines = {line.id: line for line in await orders.lines(tx, order=order)}
    wanted = [row for item in items for row in _rows(tx, head, item, breaking.left_of(item, lines))]
    for _ in range(5):
        await tx.run(ISSUE, tx.merchant, order, head.fan_id, wanted, tx.now)
        if await tx.value(COUNT, tx.merchant, order) == len(wanted):
            break
        wanted = [{**row, "code": _code(tx)} for row in wanted]  # those that were issued stay as they are
    assert await tx.value(COUNT, tx.merchant, order) == len(wanted), "no free ticket code in five draws"
    if wanted:
        await tx.emit(TicketsIssued(order, head.fan_id, head.number, len(wanted)))


def _rows(tx: Tx, order: Order, item: Item, pieces: int) -> list[dict[str, Any]]:
    """Say what tickets an item stands for: one for each piece, or one for all pieces of a service."""
    found = terms.visits(item.terms)
    start, end = found.window(order.paid_at or tx.now)
    many, uses = (pieces, found.uses) if item.kind == Fulfilment.TICKET else (min(pieces, 1), pieces)
    return [
        {
            "id": tx.new_id(), "line_id": item.line_id, "product_id": item.product_id, "variant_id": item.variant_id,
            "kind": item.kind, "title": item.title, "options": item.options, "code": _code(tx), "uses": uses,
            "terms": item.terms, "valid_from": start, "valid_until": end,
        }
        for _ in range(many)
    ]  # fmt: skip


def _code(tx: Tx) -> str:
    return f"{tx.rng.randrange(10**12):012d}"


async def expire(tx: Tx, *, order: UUID) -> datetime | None:
    """End the tickets whose time is up, or say when there will be some; TicketsExpired says to look again."""
    head = await orders.locked(tx, order=order)
    if count := await tx.run(EXPIRE, tx.merchant, order, tx.now):
        await tx.emit(TicketsExpired(order, head.fan_id, head.number, count))
        await settle(tx, order=order)
        return None
    found: datetime | None = await tx.value(NEXT, tx.merchant, order, tx.now)
    return found


async def settle(tx: Tx, *, order: UUID) -> None:
    """Finish the parts of an order whose tickets have all ended."""
    if not await tx.value(ANY, tx.merchant, order):
        return
    for how in SHOWN:
        if not await tx.value(OPEN, tx.merchant, order, how):
            await progress.finish(tx, order=order, how=how)


async def take_back(tx: Tx, *, order: UUID, items: Sequence[tuple[Item, int]], anyway: bool) -> dict[UUID, int]:
    """Make tickets worthless whose money goes back; says how many pieces of each variant can be sold again.

    Raises NotReturnable where the terms speak against it, unless the merchant wants it `anyway`.
    """
    back: dict[UUID, int] = {}
    issued = bool(await tx.value(ANY, tx.merchant, order))
    for item, count in items:
        found = await tx.all(Ticket, OF_LINE, tx.merchant, order, item.line_id, item.variant_id)
        if not issued:
            free = count  # paid a moment ago: what is refunded is not issued
        elif item.kind == Fulfilment.SERVICE:
            free = await _fewer(tx, item, found, count, anyway)
        else:
            free = await _gone(tx, item, found, count, anyway)
        back[item.variant_id] = back.get(item.variant_id, 0) + free
    return back


async def _gone(tx: Tx, item: Item, found: Sequence[Ticket], count: int, anyway: bool) -> int:
    """Take whole tickets back, those that nobody has used first."""
    rule = terms.visits(item.terms).refund
    states = {"anytime": (T.VALID, T.EXPIRED), "unexpired": (T.VALID,), "never": ()}[rule]
    live = [one for one in found if one.state != T.REFUNDED]
    unused = [one for one in live if not one.used and one.state in states]
    if len(unused) < count and not anyway:
        raise NotReturnable(title=item.title)
    order = sorted(live, key=lambda one: (one not in unused, one.used > 0, one.id))
    taken = order[:count]
    await tx.run(REFUND, tx.merchant, [one.id for one in taken], tx.now)
    return sum(1 for one in taken if not one.used and one.state == T.VALID)


async def _fewer(tx: Tx, item: Item, found: Sequence[Ticket], count: int, anyway: bool) -> int:
    """Take pieces of a service back: its one code is good for fewer of them."""
    rule = terms.visits(item.terms).refund
    service = next((one for one in found if one.state != T.REFUNDED), None)
    open_states = {"anytime": (T.VALID, T.EXPIRED), "unexpired": (T.VALID,), "never": ()}[rule]
    unused = service.uses - service.used if service else 0
    if not anyway and (service is None or service.state not in open_states or unused < count):
        raise NotReturnable(title=item.title)
    if service is None:
        return 0
    free = min(unused, count) if service.state == T.VALID else 0
    if service.uses <= count:
        await tx.run(REFUND, tx.merchant, [service.id], tx.now)
    elif unused >= count:
        await tx.run(FEWER, tx.merchant, service.id, count, tx.now)
    return free
