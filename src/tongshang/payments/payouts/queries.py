"""What the console and a fan read of pay-outs, in pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tongshang.payments.payouts.rules import ENDINGS
from tongshang.platform.db import Tx
from tongshang.platform.paging import Page, limit_of, page_of, read_cursor

LIST = """
select p.id, p.round_id, p.fan_id, f.nickname, f.avatar, p.face, p.reason, p.origin, p.amount_fen, p.remark, p.state,
  p.problem, p.wx_state, p.wx_bill_no, p.promised_at, p.expires_at, p.ended_at, r.staff_name,
  p.name_sealed is not null as named
from payout p join fan f on f.merchant_id = p.merchant_id and f.id = p.fan_id
left join payout_round r on r.merchant_id = p.merchant_id and r.id = p.round_id
where p.merchant_id = $1 and ($2::text = '' or p.state = any(string_to_array($2, ',')))
  and ($3::timestamptz is null or (p.promised_at, p.id) < ($3, $4))
order by p.promised_at desc, p.id desc limit $5"""
COUNTS = """
select coalesce(jsonb_object_agg(state, n), '{}') from
  (select state, count(*) as n from payout where merchant_id = $1 group by state) c"""
MINE = """
select id, face, amount_fen, remark, state, problem, promised_at, expires_at, ended_at from payout
where merchant_id = $1 and fan_id = $2 and state not in ('promised', 'sent', 'stalled')
  and ($3::timestamptz is null or (promised_at, id) < ($3, $4))
order by promised_at desc, id desc limit $5"""
ONE_OF_MINE = """
select id, face, amount_fen, remark, state, problem, promised_at, expires_at, ended_at from payout
where merchant_id = $1 and fan_id = $2 and id = $3"""
ANY = "select exists (select 1 from payout where merchant_id = $1)"
HELD = """
select coalesce(sum(amount_fen), 0)::bigint from payout
where merchant_id = $1 and locked_at is not null and state in ('sent', 'waiting', 'taking', 'canceling')"""


class PayoutRow(msgspec.Struct, frozen=True):
    """A pay-out in the console's list; `why_zh` and `why_en` say what happened and what to do."""

    id: UUID
    round_id: UUID | None
    fan_id: UUID
    nickname: str | None
    avatar: str | None
    face: str
    reason: str
    origin: str
    amount_fen: int
    remark: str
    state: str
    problem: str
    wx_state: str
    wx_bill_no: str | None
    promised_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    staff_name: str | None
    named: bool
    why_zh: str = ""
    why_en: str = ""


class PayoutPage(msgspec.Struct, frozen=True):
    """A page of pay-outs, and how many there are in each state."""

    items: list[PayoutRow]
    next: str | None
    counts: dict[str, int]


class MyPayout(msgspec.Struct, frozen=True):
    """A pay-out as its person sees it."""

    id: UUID
    face: str
    amount_fen: int
    remark: str
    state: str
    problem: str
    promised_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None


async def listed(tx: Tx, *, state: str = "", after: str | None = None, limit: int | None = None) -> PayoutPage:
    """List pay-outs, newest first; `state` may name several, with commas."""
    most = limit_of(limit)
    at, id = read_cursor(after, datetime, UUID) if after else (None, None)
    found = await tx.all(PayoutRow, LIST, tx.merchant, state, at, id, most + 1)
    page: Page[PayoutRow] = page_of(found, most, lambda row: (row.promised_at, row.id))
    return PayoutPage([_said(row) for row in page.items], page.next, await tx.value(COUNTS, tx.merchant))


def _said(row: PayoutRow) -> PayoutRow:
    zh, en = ENDINGS.get(row.problem, (row.problem, row.problem))
    return msgspec.structs.replace(row, why_zh=zh, why_en=en)


async def mine(tx: Tx, *, fan: UUID, after: str | None = None, limit: int | None = None) -> Page[MyPayout]:
    """List what somebody was given, newest first; what is not there for him yet is left out."""
    most = limit_of(limit)
    at, id = read_cursor(after, datetime, UUID) if after else (None, None)
    found = await tx.all(MyPayout, MINE, tx.merchant, fan, at, id, most + 1)
    return page_of(found, most, lambda row: (row.promised_at, row.id))


async def one_of_mine(tx: Tx, *, fan: UUID, payout: UUID) -> MyPayout:
    """Give one of somebody's own; raises NotFound."""
    return await tx.one(MyPayout, ONE_OF_MINE, tx.merchant, fan, payout)


async def held_fen(tx: Tx) -> int:
    """Say how much WeChat holds for people who have not taken it yet."""
    found: int = await tx.value(HELD, tx.merchant)
    return found


class PayoutsOnBoot:
    """Fills the storefront's BOOT_PARTS seam: whether this shop gives people money, so that a page for it is shown."""

    async def of(self, tx: Tx) -> dict[str, Any]:
        """Say it."""
        return {"payouts": await tx.value(ANY, tx.merchant)}
