"""What the console reads of payments: refunds and suspicious notices, in pages."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor
from tongshang.platform.world import Seam


class Named(NamedTuple):
    """Where somebody finds what was paid for, and what people call it."""

    order_id: UUID
    number: str


# Asked of whoever stands above: a payment's subject need not be the order's own, as with the balance of a presale.
NameSubjects = Callable[[Tx, Sequence[UUID]], Awaitable[Mapping[UUID, Named]]]
SUBJECT_NAMES: Seam[NameSubjects] = Seam("payments.subject_names")

REFUNDS = """
select r.id, r.subject_id, r.charge_id, r.origin, r.amount_fen, r.reason, r.state, r.problem, r.tries,
  r.asked_at as requested_at, r.settled_at,
  (select n.id from refund_attempt n where n.merchant_id = r.merchant_id and n.refund_id = r.id
    order by n.number desc limit 1) as number
from refund r where r.merchant_id = $1 and ($2::text = '' or r.state = $2)
  and ($3::timestamptz is null or (r.asked_at, r.id) < ($3, $4)) order by r.asked_at desc, r.id desc limit $5"""
COUNTS = """
select coalesce(jsonb_object_agg(state, n), '{}') from
  (select state, count(*) as n from refund where merchant_id = $1 group by state) c"""
NOTICES = """
select id, event_type, number, problem, resource, received_at from pay_notice
where merchant_id = $1 and state = 'suspicious' and reviewed_at is null order by received_at desc limit 100"""
REFUSED = """
select why, sum(times)::bigint as times, max(last_at) as last_at,
  (array_agg(last_serial order by last_at desc))[1] as last_serial
from pay_notice_refused where merchant_id = $1 and hour >= $2 group by why order by why"""
STUCK = """
select (select count(*) from refund where merchant_id = $1 and state = 'abnormal')::int as refunds_stuck,
  (select count(*) from bill_difference where merchant_id = $1 and state = 'open')::int as differences,
  (select count(*) from pay_notice
   where merchant_id = $1 and state = 'suspicious' and reviewed_at is null)::int as suspicious"""


class RefundRow(msgspec.Struct, frozen=True):
    """A refund in the console's list; `order_id` is where its order is found, `order_number` what people call it.

    What was no order's, such as a top-up or the test of an account, has neither.
    """

    id: UUID
    subject_id: UUID
    charge_id: UUID
    origin: str
    amount_fen: int
    reason: str
    state: str
    problem: str
    tries: int
    requested_at: datetime
    settled_at: datetime | None
    number: UUID
    order_id: UUID | None = None
    order_number: str = ""


class RefundPage(msgspec.Struct, frozen=True):
    """A page of refunds, and how many there are in each state."""

    items: list[RefundRow]
    next: str | None
    counts: dict[str, int]


class SuspiciousNotice(msgspec.Struct, frozen=True):
    """Something well signed that does not agree with what we asked for."""

    id: str
    event_type: str
    number: str
    problem: str
    resource: dict[str, Any]
    received_at: datetime


class RefusedNotices(msgspec.Struct, frozen=True):
    """How many notices were turned away lately and why: signature, stale, or serial (a key nobody here knows)."""

    why: str
    times: int
    last_at: datetime
    last_serial: str


class Troubles(msgspec.Struct, frozen=True):
    """How much waits for a person."""

    refunds_stuck: int
    differences: int
    suspicious: int


async def refunds(tx: Tx, *, state: str = "", after: str | None = None, limit: int | None = None) -> RefundPage:
    """List refunds, newest first, with the names of what they are for."""
    most = limit_of(limit)
    at, id = read_cursor(after, datetime, UUID) if after else (None, None)
    found = await tx.all(RefundRow, REFUNDS, tx.merchant, state, at, id, most + 1)
    page: Page[RefundRow] = page_of(found, most, lambda row: (row.requested_at, row.id))
    names = await named(tx, [row.subject_id for row in page.items])
    items = [
        msgspec.structs.replace(row, order_id=name.order_id, order_number=name.number) if name else row
        for row in page.items
        for name in (names.get(row.subject_id),)
    ]
    return RefundPage(items, page.next, await tx.value(COUNTS, tx.merchant))


async def named(tx: Tx, subjects: Sequence[UUID]) -> Mapping[UUID, Named]:
    """Say where people find what payments were for."""
    names: dict[UUID, Named] = {}
    for ask in tx.world.at(SUBJECT_NAMES):
        names |= await ask(tx, subjects)
    return names


async def suspicious(tx: Tx) -> list[SuspiciousNotice]:
    """List what is parked because it does not agree and nobody has looked at, newest first."""
    return await tx.all(SuspiciousNotice, NOTICES, tx.merchant)


async def refused_notices(tx: Tx) -> list[RefusedNotices]:
    """Count the notices that were turned away in the last thirty days, by reason."""
    return await tx.all(RefusedNotices, REFUSED, tx.merchant, tx.now - timedelta(days=30))


async def troubles(tx: Tx) -> Troubles:
    """Count what waits for a person: stuck refunds, open differences, suspicious notices."""
    return await tx.one(Troubles, STUCK, tx.merchant)
