"""Tickets as people see them: the buyer's wallet, an order's page, the merchant's list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.fulfilment.drawing import qr
from tongshang.fulfilment.model import COLUMNS, T, Ticket
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx

OF_ORDER = f"select {COLUMNS} from ticket where merchant_id = $1 and order_id = $2 order by id"
OF_FAN = f"""select {COLUMNS} from ticket where merchant_id = $1 and fan_id = $2
  and ($3 = '' or (state = 'valid') = ($3 = 'valid')) and ($4::uuid is null or id < $4) order by id desc limit $5"""
LIST = f"""select {COLUMNS} from ticket t where merchant_id = $1 and ($2 = '' or state = $2)
  and ($3 = '' or code = $3 or title ilike '%' || $3 || '%' or exists (select 1 from orders o
    where o.merchant_id = t.merchant_id and o.id = t.order_id and o.number::text = $3))
  and ($4::uuid is null or id < $4) order by id desc limit $5"""
COUNTS = """select coalesce(jsonb_object_agg(state, n), '{}'::jsonb)
from (select state, count(*) as n from ticket where merchant_id = $1 group by 1) c"""
TODAY = """select coalesce(sum(count), 0)::integer from ticket_use
where merchant_id = $1 and at >= $2 and undone_at is null"""
MOST_DRAWN = 20


class TicketShown(msgspec.Struct, frozen=True):
    """A ticket with its code; the drawing of it only where it is still good."""

    id: UUID
    order_id: UUID
    line_id: UUID
    kind: str
    title: str
    options: list[str]
    code: str
    qr_svg: str | None
    uses: int
    used: int
    state: str
    terms: dict[str, Any]
    valid_from: datetime
    valid_until: datetime
    issued_at: datetime
    ended_at: datetime | None


async def of_order(tx: Tx, *, order: UUID) -> list[TicketShown]:
    """List an order's tickets."""
    return view(await tx.all(Ticket, OF_ORDER, tx.merchant, order), drawn=True)


async def of_fan(tx: Tx, *, fan: UUID, section: str, before: UUID | None, limit: int) -> list[TicketShown]:
    """List somebody's tickets, newest first; one more than asked for tells that there are more."""
    return view(await tx.all(Ticket, OF_FAN, tx.merchant, fan, section, before, limit + 1), drawn=True)


async def listed(tx: Tx, *, section: str, text: str, before: UUID | None, limit: int) -> list[TicketShown]:
    """List the merchant's tickets, newest first, found by code, title or order number."""
    text = text.strip().replace("%", "").replace("_", "")
    squeezed = text.replace(" ", "")
    text = squeezed if squeezed.isdigit() else text
    return view(await tx.all(Ticket, LIST, tx.merchant, section, text, before, limit + 1), drawn=False)


async def counts(tx: Tx) -> dict[str, int]:
    """Count tickets by state, and `today`: how often any was used since midnight in Shanghai."""
    found: dict[str, int] = await tx.value(COUNTS, tx.merchant)
    midnight = tx.now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return {**found, "today": await tx.value(TODAY, tx.merchant, midnight)}


def view(found: Sequence[Ticket], *, drawn: bool) -> list[TicketShown]:
    """Show tickets; so many of those that are good are drawn as people can want to scan at once."""
    live = [one.id for one in found if one.state == T.VALID][:MOST_DRAWN] if drawn else []
    return [
        TicketShown(
            one.id, one.order_id, one.line_id, one.kind, one.title, one.options, one.code,
            qr(one.code) if one.id in live else None, one.uses,
            one.used, one.state, one.terms, one.valid_from, one.valid_until, one.issued_at, one.ended_at,
        )
        for one in found
    ]  # fmt: skip
