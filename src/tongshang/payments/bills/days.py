"""Where each day's comparison stands, and what it found; what a person does about it is `resolving`."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from tongshang.payments import ledger, limits
from tongshang.payments.bills.lines import Comparison, Fee, Kind
from tongshang.payments.facts import BillCompared, BillDue
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound, Refused
from tongshang.platform.ids import NIL
from tongshang.platform.world import World

FROM_HOUR = 10
# The provider's own number stands under the nil merchant, and has nothing of its own to compare.
DUE_MERCHANTS = f"""select coalesce(array_agg(distinct p.merchant_id), '{{}}') from pay_account p
where p.in_use and p.merchant_id <> '{NIL}' and p.private_key_sealed is not null and p.apiv3_key_sealed is not null
  and p.serial <> '' and not exists (select 1 from bill_day b where b.merchant_id = p.merchant_id and b.day = $1)"""
FIRST_DAY = """
select least(min(a.paid_at), (select min(created_at) from pay_account where merchant_id = $1))
from charge_attempt a where a.merchant_id = $1"""
KNOWN_DAYS = "select coalesce(array_agg(day), '{}') from bill_day where merchant_id = $1 and day >= $2"
ASK = """
insert into bill_day (merchant_id, day, state, asked_at) values ($1, $2, 'waiting', $3)
on conflict (merchant_id, day) do update set asked_at = $3, problem = ''"""
NOT_OURS = """
insert into bill_day (merchant_id, day, state, asked_at) values ($1, $2, 'none', $3) on conflict do nothing"""
MAKING = "update bill_day set state = $4, problem = $3 where merchant_id = $1 and day = $2"
COMPARED = """
update bill_day set state = $3, paid_fen = $4, refund_fen = $5, fee_fen = $6, problem = $8, compared_at = $7
where merchant_id = $1 and day = $2"""
DIFFER = """
insert into bill_difference (merchant_id, id, day, account_id, kind, number, ours, theirs, moved, state, found_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10)
on conflict (merchant_id, day, account_id, kind, number) do update set ours = excluded.ours,
  theirs = excluded.theirs, moved = excluded.moved, healed = false,
  -- What a person has settled stays settled, as long as both sides still say the same.
  state = case when bill_difference.state = 'resolved' and bill_difference.ours is not distinct from excluded.ours
    and bill_difference.theirs is not distinct from excluded.theirs then 'resolved' else 'open' end,
  action = case when bill_difference.state = 'resolved' and bill_difference.ours is not distinct from excluded.ours
    and bill_difference.theirs is not distinct from excluded.theirs then bill_difference.action else '' end,
  resolved_at = case when bill_difference.state = 'resolved'
    and bill_difference.ours is not distinct from excluded.ours
    and bill_difference.theirs is not distinct from excluded.theirs then bill_difference.resolved_at end"""
GONE = """
update bill_difference set state = 'gone' where merchant_id = $1 and day = $2 and state = 'open' and suspense_fen = 0
  and not (account_id::text || '/' || kind || '/' || number = any($3))"""
# The bill was mended, and what was booked to follow it still stands in suspense: that has to go back.
HEALED = """
update bill_difference set healed = true, state = 'open', action = '', resolved_at = null
where merchant_id = $1 and day = $2 and state = 'resolved' and suspense_fen <> 0 and account_id = any($4)
  and not (account_id::text || '/' || kind || '/' || number = any($3))"""
BILLED = "update charge_attempt set billed_on = $3 where merchant_id = $1 and id = any($2)"
BILLED_REFUNDS = "update refund_attempt set billed_on = $3 where merchant_id = $1 and id = any($2)"
OPEN_COUNT = "select count(*) from bill_difference where merchant_id = $1 and day = $2 and state = 'open'"
DAY = """
select b.day, b.state, b.paid_fen, b.refund_fen, b.fee_fen, b.problem, b.asked_at, b.compared_at,
  (select count(*) from bill_difference d where d.merchant_id = b.merchant_id and d.day = b.day
    and d.state = 'open')::int as differences
from bill_day b where b.merchant_id = $1 and """
MONTH = DAY + "b.day >= $2 and b.day < $3 order by b.day desc"
ONE_DAY = DAY + "b.day = $2"
FOUND = """select id, day, account_id, kind, number, ours, theirs, moved, state, action, note, found_at, resolved_at,
  suspense_fen, entries, healed
from bill_difference where merchant_id = $1 and day = $2 and """
DIFFERENCES = FOUND + "state <> 'gone' order by kind, number"
ONE_DIFFERENCE = FOUND + "id = $3 for update"
AGREED = "update bill_day set state = 'agreed' where merchant_id = $1 and day = $2 and state = 'differences'"
HELD = """
select day as date, count(*)::integer as differences, sum(abs(suspense_fen))::bigint as fen from bill_difference
where merchant_id = $1 and suspense_fen <> 0 group by day order by day limit 100"""


class NotOver(Refused):
    """This day is not over yet; its bill comes at ten the next morning."""

    code, status, zh = "bill.not_over", 409, "这一天还没有结束，账单次日上午十点后才有。"


class Settled(Refused):
    """This difference has been settled already."""

    code, status, zh = "bill.settled", 409, "该差异已处理。"


@dataclass(frozen=True)
class BillDay:
    """Where a day's comparison stands; `differences` are those still open."""

    day: date
    state: str
    paid_fen: int
    refund_fen: int
    fee_fen: int
    problem: str
    asked_at: datetime
    compared_at: datetime | None
    differences: int


@dataclass(frozen=True)
class Found:
    """A difference, both sides, and what was done about it.

    `suspense_fen` is what was booked to follow the bill and is not cleared yet: positive where WeChat has more.
    `entries` counts its postings; `healed`: the bill was mended since it was booked.
    """

    id: UUID
    day: date
    account_id: UUID
    kind: Kind
    number: str
    ours: dict[str, Any] | None
    theirs: dict[str, Any] | None
    moved: dict[str, Any] | None
    state: str
    action: str
    note: str
    found_at: datetime
    resolved_at: datetime | None
    suspense_fen: int
    entries: int
    healed: bool


@dataclass(frozen=True)
class HeldDay:
    """A day of which something stands in suspense: how many differences, and how much of them (fen, without signs)."""

    date: date
    differences: int
    fen: int


def newest_billed(now: datetime) -> date:
    """Say which is the newest day whose bill may be asked for: yesterday from ten o'clock on, Shanghai."""
    local = now.astimezone(SHANGHAI)
    return local.date() - timedelta(days=1 if local.time() >= time(FROM_HOUR) else 2)


async def due_merchants(world: World) -> list[UUID]:
    """List the merchants, of all, whose newest bill was not asked for yet."""
    async with world.system_tx() as tx:
        return list(await tx.value(DUE_MERCHANTS, newest_billed(tx.now)))


async def due_days(tx: Tx) -> list[date]:
    """Ask for every bill that is due and was not asked for, back to the first payment; harmless when repeated."""
    last = newest_billed(tx.now)
    since: datetime | None = await tx.value(FIRST_DAY, tx.merchant)
    if since is None:
        return []
    first = max(since.astimezone(SHANGHAI).date(), last - limits.at(tx.now).bill_reach)
    known = set(await tx.value(KNOWN_DAYS, tx.merchant, first))
    if first > last:
        # Before this merchant was paid through us, nothing of a bill is ours to compare.
        await tx.run(NOT_OURS, tx.merchant, last, tx.now)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    missing = [day for day in days if day not in known]
    for day in missing:
        await ask(tx, day=day)
    return missing


async def ask(tx: Tx, *, day: date) -> None:
    """Have a day compared, once more if need be. Raises NotOver."""
    if day > newest_billed(tx.now):
        raise NotOver
    await tx.run(ASK, tx.merchant, day, tx.now)
    await tx.emit(BillDue(day))


async def mark_making(tx: Tx, *, day: date, problem: str = "", state: str = "making") -> None:
    """Note that WeChat is still making the bill, or why it could not be had (yet: making, for good: unavailable)."""
    await tx.run(MAKING, tx.merchant, day, problem[:300], state)


async def record(tx: Tx, *, day: date, found: dict[UUID, Comparison], problem: str = "") -> str:
    """Write down what was found per account: fees, differences, which lines are billed; gives the day's state.

    `problem` says what could not be compared.
    """
    keys = []
    for account, comparison in found.items():
        await _book_fees(tx, comparison)
        await tx.run(BILLED, tx.merchant, comparison.payments, day)
        await tx.run(BILLED_REFUNDS, tx.merchant, comparison.refunds, day)
        for d in comparison.differences:
            keys.append(f"{account}/{d.kind}/{d.number}")
            words = (day, account, d.kind.value, d.number, d.ours, d.theirs, d.moved)
            await tx.run(DIFFER, tx.merchant, tx.new_id(), *words, tx.now)
    await tx.run(GONE, tx.merchant, day, keys)
    await tx.run(HEALED, tx.merchant, day, keys, list(found))
    sums = [sum(getattr(c, name) for c in found.values()) for name in ("paid_fen", "refund_fen", "fee_fen")]
    still_open: int = await tx.value(OPEN_COUNT, tx.merchant, day)
    empty = not any(c.lines or c.differences for c in found.values())
    state = "differences" if still_open else "none" if empty else "agreed"
    await tx.run(COMPARED, tx.merchant, day, state, *sums, tx.now, problem)
    await tx.emit(BillCompared(day, state, still_open))
    return state


async def _book_fees(tx: Tx, comparison: Comparison) -> None:
    if comparison.fees:
        await ledger.post_all(tx, [_fee(one) for one in comparison.fees])


def _fee(one: Fee) -> ledger.Entry:
    if one.amount_fen > 0:
        return ledger.Entry(ledger.FEES, ledger.CASH, one.amount_fen, "fee", one.source, one.charge)
    return ledger.Entry(ledger.CASH, ledger.FEES, -one.amount_fen, "fee_back", one.source, one.charge)


async def month(tx: Tx, *, first: date, end: date) -> list[BillDay]:
    """List the days from `first` up to, not including, `end`; the newest first."""
    return await tx.all(BillDay, MONTH, tx.merchant, first, end)


async def one(tx: Tx, *, day: date) -> BillDay:
    """Give one day; raises NotFound."""
    return await tx.one(BillDay, ONE_DAY, tx.merchant, day)


async def differences(tx: Tx, *, day: date) -> list[Found]:
    """List what a day's comparison found."""
    return await tx.all(Found, DIFFERENCES, tx.merchant, day)


async def find(tx: Tx, *, day: date, difference: UUID) -> Found:
    """Give one difference, and hold it; raises NotFound."""
    found = await tx.first(Found, ONE_DIFFERENCE, tx.merchant, day, difference)
    if found is None or found.state == "gone":
        raise NotFound
    return found


async def in_suspense(tx: Tx) -> list[HeldDay]:
    """List the days of which something stands in suspense, the oldest first."""
    return await tx.all(HeldDay, HELD, tx.merchant)


async def agree(tx: Tx, *, day: date) -> None:
    """Call a day agreed when nothing of it is open any more."""
    if not await tx.value(OPEN_COUNT, tx.merchant, day):
        await tx.run(AGREED, tx.merchant, day)
