"""Tickets: the merchant's list, the assistant's counter, the buyer's wallet and his codes."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.params import Parameter

from tongshang.catalog.kinds.codes import Shown
from tongshang.fans.access import Shopper
from tongshang.fulfilment import giving
from tongshang.fulfilment.model import UNDO_BY_MANAGER_WITHIN, UNDO_WITHIN, T
from tongshang.fulfilment.tickets import shown, use
from tongshang.fulfilment.tickets.shown import TicketShown
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.platform.paging import Page, cursor, limit_of, page_of, read_cursor
from tongshang.platform.web import AnyRequest, language_of
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role
from tongshang.trade import orders, search


class TicketPage(msgspec.Struct):
    """Tickets, where the next page starts, and how many there are of each state and were used today."""

    items: list[TicketShown]
    next: str | None
    counts: dict[str, int]


class UseView(msgspec.Struct):
    """One time that a ticket was used."""

    id: UUID
    count: int
    at: datetime
    undone_at: datetime | None
    undoable: bool


class CounterView(msgspec.Struct):
    """A ticket at the counter: whether it is taken now, and if not, why; and when it was used."""

    ticket: TicketShown
    number: str
    buyer: str
    left: int
    why: str | None
    log: list[UseView]


class UseAsked(msgspec.Struct, forbid_unknown_fields=True):
    """How many times at once."""

    count: int = 1


@get("/tickets", operation_id="list_tickets")
async def list_tickets(
    who: Staff,
    section: Annotated[str, Parameter(query="state")] = "",
    q: str = "",
    after: str | None = None,
    limit: int | None = None,
) -> TicketPage:
    """List tickets, newest first; `q` is a code, a title or an order's number."""
    if section and section not in {*T}:
        raise Invalid(field="section", problem=section)
    most = limit_of(limit, default=20)
    start = read_cursor(after, UUID)[0] if after else None
    async with who.tx() as tx:
        found = await shown.listed(tx, section=section, text=q, before=start, limit=most)
        counts = await shown.counts(tx)
    return TicketPage(found[:most], cursor(found[most - 1].id) if len(found) > most else None, counts)


@get("/tickets/{code:str}", operation_id="get_ticket", opt={"role": Role.ASSISTANT})
async def get_ticket(request: AnyRequest, who: Staff, code: str) -> CounterView:
    """Show what a code stands for, before it is taken."""
    async with who.tx() as tx:
        return await _counter(tx, who, code, language_of(request))


@put("/tickets/{code:str}/uses/{use_id:uuid}", operation_id="use_ticket", opt={"role": Role.ASSISTANT})
async def use_ticket(request: AnyRequest, who: Staff, code: str, use_id: UUID, data: UseAsked) -> CounterView:
    """Take a ticket, so many times at once; asking twice is asking once."""
    async with who.tx() as tx:
        await use.use(tx, code=code, use_id=use_id, count=data.count, staff=who.id)
        return await _counter(tx, who, code, language_of(request))


@put("/tickets/{code:str}/uses/{use_id:uuid}/reversal", operation_id="undo_ticket_use", opt={"role": Role.ASSISTANT})
async def undo_ticket_use(request: AnyRequest, who: Staff, code: str, use_id: UUID) -> CounterView:
    """Take a mistaken use back, within its time."""
    async with who.tx() as tx:
        await use.undo(tx, code=code, use_id=use_id, staff=who.id, within=_within(who))
        return await _counter(tx, who, code, language_of(request))


def _within(who: Staff) -> timedelta:
    return UNDO_BY_MANAGER_WITHIN if who.may(Role.MANAGER) else UNDO_WITHIN


async def _counter(tx: Tx, who: Staff, code: str, language: str) -> CounterView:
    found = await use.by_code(tx, code=code)
    order = await orders.get(tx, order=found.order_id)
    names = await search.fan_names(tx, ids=[found.fan_id])
    refusal = use.why_not(found, tx.now)
    log = [
        UseView(
            one.id, one.count, one.at, one.undone_at,
            one.undone_at is None and found.state != T.REFUNDED and tx.now - one.at <= _within(who),
        )
        for one in await use.uses(tx, ticket=found.id)
    ]  # fmt: skip
    (view,) = shown.view([found], drawn=False)
    why = refusal.sentence(language) if refusal else None
    return CounterView(view, str(order.number), names.get(found.fan_id, ""), found.uses - found.used, why, log)


@get("/tickets", operation_id="list_my_tickets")
async def list_my_tickets(
    who: Shopper,
    section: Annotated[str, Parameter(query="state")] = "",
    after: str | None = None,
    limit: int | None = None,
) -> Page[TicketShown]:
    """List one's tickets, newest first; `section` is "valid", "ended" or empty."""
    if section not in ("", "valid", "ended"):
        raise Invalid(field="section", problem=section)
    most = limit_of(limit, default=20)
    start = read_cursor(after, UUID)[0] if after else None
    async with who.tx() as tx:
        found = await shown.of_fan(tx, fan=who.fan, section=section, before=start, limit=most)
    return page_of(found, most, lambda one: (one.id,))


@get("/orders/{order_id:uuid}/codes", operation_id="read_my_codes")
async def read_my_codes(who: Shopper, order_id: UUID) -> list[Shown]:
    """Read the codes of an order of one's own that one has looked at before."""
    async with who.tx() as tx:
        return await giving.read(tx, order=order_id, fan=who.fan)


@put("/orders/{order_id:uuid}/codes", operation_id="reveal_my_codes")
async def reveal_my_codes(who: Shopper, order_id: UUID) -> list[Shown]:
    """Look at the codes of an order of one's own; from now on they count as used."""
    async with who.tx() as tx:
        return await giving.reveal(tx, order=order_id, fan=who.fan)


console = [list_tickets, get_ticket, use_ticket, undo_ticket_use]
store = [list_my_tickets, read_my_codes, reveal_my_codes]
