"""Goods that wait to be picked up, in the merchant's list: found by code or order, counted by where they stand."""

from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.fulfilment.model import K
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.trade import search

LIST = """select p.order_id, o.number, o.fan_id, p.code, p.state, p.created_at, p.due_at, p.verified_at, o.total_fen,
  (select l.title from order_line l where l.merchant_id = p.merchant_id and l.order_id = p.order_id
   order by l.position limit 1) as title,
  (select coalesce(sum(l.quantity - l.refunded_quantity), 0)::integer from order_line l
   where l.merchant_id = p.merchant_id and l.order_id = p.order_id) as pieces
from pickup p join orders o on o.merchant_id = p.merchant_id and o.id = p.order_id
where p.merchant_id = $1 and ($2 = '' or p.state = $2) and ($3 = '' or p.code = $3 or o.number::text = $3)
  and ($4::timestamptz is null or (p.created_at, p.order_id) < ($4, $5))
order by p.created_at desc, p.order_id desc limit $6"""
COUNTS = """select coalesce(jsonb_object_agg(state, n), '{}'::jsonb)
from (select state, count(*) as n from pickup where merchant_id = $1 group by 1) c"""
TODAY = "select count(*)::integer from pickup where merchant_id = $1 and verified_at >= $2"


class _Row(msgspec.Struct, frozen=True):
    order_id: UUID
    number: int
    fan_id: UUID
    code: str
    state: K
    created_at: datetime
    due_at: datetime | None
    verified_at: datetime | None
    total_fen: int
    title: str | None
    pieces: int


class KeptView(msgspec.Struct, frozen=True):
    """Goods that wait, or waited, for somebody, under their order's id; `until` is their end, None: never."""

    id: UUID
    number: str
    buyer: str
    code: str
    state: str
    title: str
    pieces: int
    total_fen: int
    created_at: datetime
    until: datetime | None
    verified_at: datetime | None


async def listed(
    tx: Tx, *, section: str, text: str, before: tuple[datetime, UUID] | None, limit: int
) -> list[KeptView]:
    """List pickups, newest first, found by code or order number; one more than asked for tells that there are more."""
    at, last = before or (None, None)
    found = await tx.all(_Row, LIST, tx.merchant, section, text.replace(" ", ""), at, last, limit + 1)
    names = await search.fan_names(tx, ids=[one.fan_id for one in found])
    return [
        KeptView(
            one.order_id, str(one.number), names.get(one.fan_id, ""), one.code, one.state, one.title or "",
            one.pieces, one.total_fen, one.created_at, one.due_at, one.verified_at,
        )
        for one in found
    ]  # fmt: skip


async def counts(tx: Tx) -> dict[str, int]:
    """Count pickups by state, and `today`: how many were handed out since midnight in Shanghai."""
    found: dict[str, int] = await tx.value(COUNTS, tx.merchant)
    midnight = tx.now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return {**found, "today": await tx.value(TODAY, tx.merchant, midnight)}
