"""The movements of stock: what happened to each variant, how much, why and by whom; newest first, never changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.catalog.stock import HERE
from tongshang.platform.db import Tx

LIST = f"""
select m.variant_id || '-' || m.nth as id, m.variant_id, m.nth, m.kind, m.quantity, m.balance, m.subject_id,
  m.staff_id, s.name as staff_name, m.note, m.at,
  p.title, v.options, v.product_id
from stock_move m join variant v on v.merchant_id = m.merchant_id and v.id = m.variant_id
join product p on p.merchant_id = v.merchant_id and p.id = v.product_id
left join staff s on s.merchant_id = m.merchant_id and s.id = m.staff_id
where m.merchant_id = $1 and m.place_id = {HERE}"""
OF_ONE = f"""{LIST} and m.variant_id = $2 and ($3 = '' or m.kind = $3) and ($4::integer is null or m.nth < $4)
order by m.nth desc limit $5"""
OF_ALL = f"""{LIST} and ($2 = '' or m.kind = $2)
  and ($3::timestamptz is null or (m.at, m.variant_id, m.nth) < ($3, $4, $5))
order by m.at desc, m.variant_id desc, m.nth desc limit $6"""
BROKEN = """
select array(select distinct variant_id from (
  select m.variant_id,
    m.balance - m.quantity <> coalesce(lag(m.balance) over w, 0) or m.nth <> row_number() over w as off
  from stock_move m where m.merchant_id = $1 window w as (partition by m.variant_id, m.place_id order by m.nth)) x
  where off
union
select s.variant_id from stock s left join lateral (
  select coalesce(sum(m.quantity), 0) as total, count(*) as n from stock_move m
  where m.merchant_id = s.merchant_id and m.variant_id = s.variant_id and m.place_id = s.place_id) l on true
where s.merchant_id = $1 and (s.on_hand <> l.total or s.moves <> l.n))"""
ENDLESS = """
select array(select distinct h.holder_id from stock_hold h where h.merchant_id = $1 and h.state in ('held', 'open')
  and not h.holder_id = any($2))"""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One movement: `quantity` is what came (or, below zero, went), `balance` what was there then."""

    id: str
    variant_id: UUID
    nth: int
    kind: str
    quantity: int
    balance: int
    subject_id: UUID | None
    staff_id: UUID | None
    staff_name: str | None
    note: str
    at: datetime
    title: str
    options: list[str]
    product_id: UUID


async def of_variant(tx: Tx, *, variant: UUID, kind: str, before: int | None, limit: int) -> list[Move]:
    """List a variant's movements; one more than asked for tells that there are more."""
    return await tx.all(Move, OF_ONE, tx.merchant, variant, kind, before, limit + 1)


async def latest(
    tx: Tx, *, kind: str, before: tuple[datetime, UUID, int] | None, limit: int
) -> list[Move]:  # fmt: skip
    """List all movements of the shop; one more than asked for tells that there are more."""
    return await tx.all(Move, OF_ALL, tx.merchant, kind, *(before or (None, None, None)), limit + 1)


async def broken(tx: Tx) -> list[UUID]:
    """Say of which variants the ledger does not add up: there are none, or somebody changed stock behind its back."""
    found: list[UUID] = await tx.value(BROKEN, tx.merchant)
    return found


async def endless(tx: Tx, *, waiting: Sequence[UUID]) -> list[UUID]:
    """Say who holds stock though he is not among those who still may: a reservation without end. There are none."""
    found: list[UUID] = await tx.value(ENDLESS, tx.merchant, list(waiting))
    return found
