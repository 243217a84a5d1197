"""The console's reconciliation: days of a month, a day's differences, what was done about them."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.types import ControllerRouterHandler

from tongshang.payments.bills import days, proposals, resolving, settled
from tongshang.payments.bills.days import BillDay, Found, HeldDay
from tongshang.payments.bills.settled import FundDay, Holding
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.errors import Invalid, NotFound
from tongshang.tenancy.access import Staff
from tongshang.tenancy.model import Role

MANAGER = {"role": Role.MANAGER}
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


class DayView(msgspec.Struct):
    """A day in the list."""

    date: date
    state: str
    paid_fen: int = 0
    refund_fen: int = 0
    fee_fen: int = 0
    differences: int = 0
    problem: str = ""


class Proposed(msgspec.Struct):
    """What could be done about a difference at a click, and why."""

    action: str
    zh: str
    en: str


class Fixed(msgspec.Struct):
    """What was done at a click; `said` is the state WeChat told, where it was asked."""

    action: str
    said: str


class DifferenceView(msgspec.Struct):
    """A difference with both sides, and what was done about it.

    `suspense_fen` was booked to follow the bill and is not cleared yet; `healed`: the bill was mended since.
    """

    id: UUID
    kind: str
    number: str
    ours: dict[str, Any] | None
    theirs: dict[str, Any] | None
    moved: dict[str, Any] | None
    proposal: Proposed
    suspense_fen: int
    healed: bool
    state: str
    resolution: str | None
    note: str | None
    resolved_at: datetime | None


class ReportView(msgspec.Struct):
    """A day with all its differences."""

    date: date
    state: str
    paid_fen: int
    refund_fen: int
    fee_fen: int
    problem: str
    asked_at: datetime | None
    compared_at: datetime | None
    differences: list[DifferenceView]


class Days(msgspec.Struct):
    """A month's days, the newest first; `suspense` are the days, of any month, whose suspense is not cleared."""

    items: list[DayView]
    suspense: list[HeldDay]
    next: None = None


class Settlements(msgspec.Struct):
    """A month of the account at WeChat, by day, and what is there now."""

    items: list[FundDay]
    now: Holding
    next: None = None


class Resolution(msgspec.Struct, forbid_unknown_fields=True):
    """What was done about a difference: explained, booked, reported or refunded; and why."""

    action: str
    note: str


class Clearance(msgspec.Struct, forbid_unknown_fields=True):
    """Where what stands in suspense belongs (an account of the ledger), and why."""

    to: str
    note: str


class Asked(msgspec.Struct):
    """A comparison is on its way."""

    date: date
    state: str = "waiting"


@get("/reconciliation", operation_id="list_reconciliation", opt=MANAGER)
async def list_days(who: Staff, month: str = "") -> Days:
    """List the days of a month (YYYY-MM, this one by default) up to yesterday."""
    today = who.world.clock.now().astimezone(SHANGHAI).date()
    first = _first(month) if month else today.replace(day=1)
    end = min((first + timedelta(days=32)).replace(day=1), today)
    async with who.tx() as tx:
        known = {day.day: _day(day) for day in await days.month(tx, first=first, end=end)}
        held = await days.in_suspense(tx)
    every = [first + timedelta(days=n) for n in range(max((end - first).days, 0))]
    if known:
        every = [day for day in every if day >= min(known)]
    shown = [known.get(day) or DayView(day, "waiting") for day in reversed(every)]
    return Days(shown if known else [], held)


@get("/reconciliation/{day:date}", operation_id="get_reconciliation", opt=MANAGER)
async def get_day(who: Staff, day: date) -> ReportView:
    """Show a day and its differences."""
    async with who.tx() as tx:
        try:
            known = await days.one(tx, day=day)
        except NotFound:
            if day >= tx.now.astimezone(SHANGHAI).date():
                raise
            return ReportView(day, "waiting", 0, 0, 0, "", None, None, [])
        found = await days.differences(tx, day=day)
    shown = [_difference(one) for one in found]
    sums = (known.paid_fen, known.refund_fen, known.fee_fen)
    return ReportView(day, known.state, *sums, known.problem, known.asked_at, known.compared_at, shown)


@post("/reconciliation/{day:date}/run", operation_id="run_reconciliation", opt=MANAGER, status_code=202)
async def run_day(who: Staff, day: date) -> Asked:
    """Have a day's bill fetched and compared once more."""
    async with who.tx() as tx:
        await days.ask(tx, day=day)
    return Asked(day)


@put(
    "/reconciliation/{day:date}/differences/{difference_id:uuid}/resolution",
    operation_id="resolve_difference",
    opt=MANAGER,
)
async def resolve(who: Staff, day: date, difference_id: UUID, data: Resolution) -> DifferenceView:
    """Settle a difference, with a note for whoever audits."""
    async with who.tx() as tx:
        return _difference(
            await resolving.resolve(tx, day=day, difference=difference_id, action=data.action, note=data.note)
        )


@put(
    "/reconciliation/{day:date}/differences/{difference_id:uuid}/clearance",
    operation_id="clear_difference",
    opt=MANAGER,
)
async def clear(who: Staff, day: date, difference_id: UUID, data: Clearance) -> DifferenceView:
    """Take what was booked of a difference out of suspense, to where it belongs."""
    async with who.tx() as tx:
        return _difference(await resolving.clear(tx, day=day, difference=difference_id, to=data.to, note=data.note))


@put(
    "/reconciliation/{day:date}/differences/{difference_id:uuid}/fix",
    operation_id="fix_difference",
    opt=MANAGER,
)
async def fix(who: Staff, day: date, difference_id: UUID) -> Fixed:
    """Do what is proposed about a difference; the audit keeps who did."""
    async with who.tx() as tx:
        await days.find(tx, day=day, difference=difference_id)
    done, said = await proposals.fix(who.world, who.merchant, day=day, difference=difference_id)
    return Fixed(done.action, said)


@get("/settlements", operation_id="list_settlements", opt=MANAGER)
async def list_settlements(who: Staff, month: str = "") -> Settlements:
    """Show what WeChat holds, paid out and took, by day of a month (YYYY-MM, this one by default)."""
    today = who.world.clock.now().astimezone(SHANGHAI).date()
    first = _first(month) if month else today.replace(day=1)
    end = (first + timedelta(days=32)).replace(day=1)
    async with who.tx() as tx:
        return Settlements(await settled.month(tx, first=first, end=end), await settled.holding(tx))


def _first(month: str) -> date:
    if not MONTH.fullmatch(month):
        raise Invalid(field="month", problem="YYYY-MM")
    return date.fromisoformat(f"{month}-01")


def _day(day: BillDay) -> DayView:
    return DayView(day.day, day.state, day.paid_fen, day.refund_fen, day.fee_fen, day.differences, day.problem)


def _difference(one: Found) -> DifferenceView:
    done = one.state == "resolved"
    return DifferenceView(
        one.id,
        one.kind.value,
        one.number,
        one.ours,
        one.theirs,
        one.moved,
        Proposed(*proposals.propose(one)),
        one.suspense_fen,
        one.healed,
        one.state,
        one.action if done else None,
        one.note if done else None,
        one.resolved_at,
    )


console: list[ControllerRouterHandler] = [list_days, get_day, run_day, resolve, clear, fix, list_settlements]
