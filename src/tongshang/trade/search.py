"""Finding orders: filters, counts, and the few facts of other floors that a list shows beside them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.payments import charges
from tongshang.platform.db import Tx
from tongshang.trade.model import COLUMNS, Order

# By number, for an order's id is the customer's own and says nothing about when.
LIST = f"""select {COLUMNS} from orders o
where merchant_id = $1 and ($2 = '' or state = $2 or ($2 = 'closed' and state = 'closing'))
  and ($3 = '' or number::text = $3 or address ->> 'name' ilike '%' || $3 || '%'
       or address ->> 'phone' like '%' || $3 || '%' or exists (select 1 from order_line l
                  where l.merchant_id = o.merchant_id and l.order_id = o.id
                    and l.title ilike '%' || $3 || '%'))
  and ($4 = '' or delivery = $4)
  and ($5 = '' or ($5 = 'none' and refunded_fen = 0) or ($5 = 'part' and refunded_fen between 1 and total_fen - 1)
       or ($5 = 'all' and refunded_fen = total_fen))
  and ($6::timestamptz is null or placed_at >= $6) and ($7::timestamptz is null or placed_at < $7)
  and ($8::uuid is null or number < (select b.number from orders b where b.merchant_id = $1 and b.id = $8))
order by number desc limit $9"""
COUNTS = """select coalesce(jsonb_object_agg(state, n), '{}'::jsonb) from (
  select case when state = 'closing' then 'closed' else state end as state, count(*) as n
  from orders where merchant_id = $1 group by 1) c"""
NAMES = """select coalesce(jsonb_object_agg(id, nickname), '{}'::jsonb) from fan
where merchant_id = $1 and id = any($2) and nickname is not null"""


class Filter(msgspec.Struct, frozen=True):
    """Which orders somebody wants to see; an empty field means all."""

    state: str = ""
    text: str = ""
    delivery: str = ""
    refund: str = ""
    since: datetime | None = None
    until: datetime | None = None


async def orders(tx: Tx, *, wanted: Filter, before: UUID | None, limit: int) -> list[Order]:
    """List orders, newest first; one more than asked for tells that there are more."""
    text = wanted.text.replace("%", "").replace("_", "")
    return await tx.all(
        Order, LIST, tx.merchant, wanted.state, text, wanted.delivery, wanted.refund, wanted.since, wanted.until,
        before, limit + 1,
    )  # fmt: skip


async def counts(tx: Tx) -> dict[str, int]:
    """Count orders by state."""
    found: dict[str, int] = await tx.value(COUNTS, tx.merchant)
    return found


async def fan_names(tx: Tx, *, ids: list[UUID]) -> dict[UUID, str]:
    """Say what customers call themselves, where they told us."""
    found: dict[str, str] = await tx.value(NAMES, tx.merchant, ids)
    return {UUID(fan): name for fan, name in found.items()}


async def charge(tx: Tx, *, subject: UUID) -> dict[str, Any] | None:
    """Tell how an order was paid."""
    found = await charges.of_subject(tx, subject=subject)
    if found is None:
        return None
    return {
        "number": found.id.hex,
        "transaction_id": getattr(found, "transaction_id", None),
        "state": found.state,
        "amount_fen": found.amount_fen,
        "paid_at": getattr(found, "paid_at", None),
    }
