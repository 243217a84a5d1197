"""Reading cases: one's own, the desk's with its counts, and what they come to by reason and by goods."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from tongshang.aftersales import moving, terms
from tongshang.aftersales.model import COLUMNS, ENDED, ONE, Case, Entry, Kind, S
from tongshang.fulfilment.tracking import shown as tracked
from tongshang.fulfilment.tracking.shown import TrackView
from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound

A_COLUMNS = ", ".join(f"a.{name.strip()}" for name in COLUMNS.split(","))
OF_FAN = f"""select {COLUMNS} from aftersale where merchant_id = $1 and fan_id = $2
  and ($3::bigint is null or number < $3) order by number desc limit $4"""
OF_ORDER = f"select {COLUMNS} from aftersale where merchant_id = $1 and order_id = $2 order by number desc"
DESK = f"""select {A_COLUMNS} from aftersale a
join orders o on o.merchant_id = a.merchant_id and o.id = a.order_id
join fan f on f.merchant_id = a.merchant_id and f.id = a.fan_id
where a.merchant_id = $1 and ($2::text[] = '{{}}' or a.state = any($2)) and ($3::bigint is null or a.number < $3)
  and ($4 = '' or a.number::text = $4 or o.number::text = $4 or a.parcel_number = $4
    or f.nickname ilike '%' || $4 || '%'
    or exists (select 1 from jsonb_array_elements(a.lines) l where l ->> 'title' ilike '%' || $4 || '%'))
order by a.number desc limit $5"""
OPEN = "select exists (select 1 from aftersale where merchant_id = $1 and order_id = $2 and not state = any($3))"
COUNTS = """select coalesce(jsonb_object_agg(state, n), '{}'::jsonb) from (
  select state, count(*)::integer as n from aftersale where merchant_id = $1 group by state) x"""
NAMES = """select f.id, f.nickname from fan f where f.merchant_id = $1 and f.id = any($2)"""
NUMBERS = "select id, number from orders where merchant_id = $1 and id = any($2)"
REFUNDS = "select id, state, settled_at from order_refund where merchant_id = $1 and id = any($2)"
WHOLE = """select count(*)::integer as asked, (count(*) filter (where state = 'done'))::integer as done,
  (count(*) filter (where called_at is not null))::integer as called,
  coalesce(sum(amount_fen) filter (where state in ('refunding', 'done') and replacement_id is null), 0)::bigint
    as back_fen,
  coalesce(extract(epoch from avg(ended_at - asked_at)), 0)::bigint as seconds,
  (select count(*)::integer from orders o where o.merchant_id = $1 and o.paid_at >= $2) as paid_orders
from aftersale where merchant_id = $1 and asked_at >= $2"""
BY_REASON = """select reason as key, count(*)::integer as cases,
  coalesce(sum(amount_fen) filter (where state in ('refunding', 'done') and replacement_id is null), 0)::bigint
    as back_fen, 0 as pieces, '' as title
from aftersale where merchant_id = $1 and asked_at >= $2 group by reason order by 2 desc, 1"""
BY_PRODUCT = """select l ->> 'product_id' as key, max(l ->> 'title') as title, count(distinct id)::integer as cases,
  sum((l ->> 'quantity')::integer)::integer as pieces,
  coalesce(sum((l ->> 'amount_fen')::bigint) filter (where state in ('refunding', 'done') and replacement_id is null),
    0)::bigint as back_fen
from aftersale, jsonb_array_elements(lines) l where merchant_id = $1 and asked_at >= $2
group by 1 order by 3 desc, 1 limit 20"""


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """Pieces of a line in a case."""

    line_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture: Picture | None
    quantity: int
    amount_fen: int
    wanted: list[str]


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a case's story."""

    id: UUID
    at: datetime
    actor: str
    actor_name: str
    what: str
    words: str
    pictures: list[Picture]
    data: dict[str, Any]


class CaseCard(msgspec.Struct, frozen=True, kw_only=True):
    """A case in a list."""

    id: UUID
    number: str
    order_id: UUID
    order_number: str
    kind: Kind
    state: S
    reason: str
    reason_zh: str
    reason_en: str
    words: str
    lines: list[LineView]
    amount_fen: int
    worth_fen: int
    freight_fen: int
    offer_fen: int | None
    asked_at: datetime
    moved_at: datetime
    due_at: datetime | None
    left_seconds: int | None
    ended_at: datetime | None
    ended_because: str
    called_by: str | None
    fan_id: UUID
    fan_name: str


class CaseView(CaseCard, frozen=True, kw_only=True):
    """A case, whole; `note` is the merchant's own and empty for everybody else."""

    pictures: list[Picture]
    return_to: dict[str, Any] | None
    parcel_company: str
    parcel_number: str
    track: TrackView | None
    checked_at: datetime | None
    condition: str
    ruled_for: str | None
    ruling: str
    refund_state: str | None
    refunded_at: datetime | None
    note: str
    entries: list[EntryView]


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What a time's cases come to."""

    asked: int
    done: int
    called: int
    back_fen: int
    seconds: int
    paid_orders: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One reason, or one product."""

    key: str
    title: str
    title_en: str = ""
    cases: int
    pieces: int
    back_fen: int


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """Cases asked within some days: in all, by reason, by product."""

    days: int
    figures: Figures
    reasons: list[Row]
    products: list[Row]


class _Named(msgspec.Struct, frozen=True):
    id: UUID
    nickname: str | None


class _Numbered(msgspec.Struct, frozen=True):
    id: UUID
    number: int


class _Refund(msgspec.Struct, frozen=True):
    id: UUID
    state: str
    settled_at: datetime | None


async def contested(tx: Tx, order: UUID) -> bool:
    """Fill trade's CONTESTED seam: say whether a case about an order is open."""
    return bool(await tx.value(OPEN, tx.merchant, order, list(ENDED)))


async def of_fan(tx: Tx, *, fan: UUID, before: int | None, limit: int) -> list[CaseCard]:
    """List somebody's cases, newest first; one more than asked for tells that there are more."""
    return await cards(tx, await tx.all(Case, OF_FAN, tx.merchant, fan, before, limit + 1))


async def of_order(tx: Tx, *, order: UUID) -> list[CaseCard]:
    """List an order's cases, newest first."""
    return await cards(tx, await tx.all(Case, OF_ORDER, tx.merchant, order))


async def at_desk(tx: Tx, *, states: Sequence[str], text: str, before: int | None, limit: int) -> list[CaseCard]:
    """List cases for staff, newest first; `text` is a number, a parcel's number, a customer's name or goods."""
    text = text.strip().replace("%", "").replace("_", "")
    return await cards(tx, await tx.all(Case, DESK, tx.merchant, list(states), before, text, limit + 1))


async def counts(tx: Tx) -> dict[str, int]:
    """Count cases by state."""
    found: dict[str, int] = await tx.value(COUNTS, tx.merchant)
    return {state: found.get(state, 0) for state in S}


async def whole(tx: Tx, *, case: UUID, fan: UUID | None = None, noted: bool = False) -> CaseView:
    """Show a case with its story; one customer's eyes see only his own."""
    found = await tx.one(Case, ONE, tx.merchant, case)
    if fan is not None and found.fan_id != fan:
        raise NotFound
    (card,) = await cards(tx, [found])
    told = await moving.entries(tx, case=case)
    seen = await pictures.find(tx, [one for some in (found.pictures, *(e.pictures for e in told)) for one in some])
    refund = await tx.first(_Refund, REFUNDS, tx.merchant, [found.refund_id])
    return CaseView(
        **msgspec.structs.asdict(card),
        pictures=[seen[one] for one in found.pictures if one in seen], return_to=found.return_to,
        parcel_company=found.parcel_company, parcel_number=found.parcel_number,
        track=await tracked.of_number(tx, company=found.parcel_company, number=found.parcel_number),
        checked_at=found.checked_at,
        condition=found.condition, ruled_for=found.ruled_for, ruling=found.ruling,
        refund_state=refund.state if refund else None, refunded_at=refund.settled_at if refund else None,
        note=found.note if noted else "", entries=[_entry(one, seen) for one in told],
    )  # fmt: skip


def _entry(one: Entry, seen: dict[UUID, Picture]) -> EntryView:
    shown = [seen[picture] for picture in one.pictures if picture in seen]
    return EntryView(id=one.id, at=one.at, actor=one.actor, actor_name=one.actor_name, what=one.what, words=one.words,
                     pictures=shown, data=one.data)  # fmt: skip


async def cards(tx: Tx, found: Sequence[Case]) -> list[CaseCard]:
    """Show cases in a list, with the names, numbers and pictures that belong to them."""
    names = {one.id: one.nickname for one in await tx.all(_Named, NAMES, tx.merchant, [c.fan_id for c in found])}
    orders = {one.id: one.number for one in await tx.all(_Numbered, NUMBERS, tx.merchant, [c.order_id for c in found])}
    seen = await pictures.find(tx, [line.picture_id for case in found for line in case.lines])
    return [_card(tx, case, str(orders[case.order_id]), names.get(case.fan_id) or "", seen) for case in found]


def _card(tx: Tx, case: Case, order_number: str, fan_name: str, seen: dict[UUID, Picture]) -> CaseCard:
    reason = terms.BY_CODE.get(case.reason)
    left = max(0, int((case.due_at - tx.now).total_seconds())) if case.due_at else None
    lines = [
        LineView(
            line_id=line.line_id, product_id=line.product_id, title=line.title, options=line.options,
            picture=seen.get(line.picture_id) if line.picture_id else None, quantity=line.quantity,
            amount_fen=line.amount_fen, wanted=line.wanted,
        )
        for line in case.lines
    ]  # fmt: skip
    return CaseCard(
        id=case.id, number=str(case.number), order_id=case.order_id, order_number=order_number, kind=case.kind,
        state=case.state, reason=case.reason, reason_zh=reason.zh if reason else case.reason,
        reason_en=reason.en if reason else case.reason, words=case.words, lines=lines, amount_fen=case.amount_fen,
        worth_fen=case.worth_fen, freight_fen=case.freight_fen, offer_fen=case.offer_fen, asked_at=case.asked_at,
        moved_at=case.moved_at, due_at=case.due_at, left_seconds=left, ended_at=case.ended_at,
        ended_because=case.ended_because, called_by=case.called_by, fan_id=case.fan_id, fan_name=fan_name,
    )  # fmt: skip


async def statistics(tx: Tx, *, days: int) -> Statistics:
    """Say what the cases of the last days come to, by reason and by product."""
    since = tx.now - timedelta(days=days)
    reasons = [
        msgspec.structs.replace(row, title=terms.BY_CODE[row.key].zh, title_en=terms.BY_CODE[row.key].en)
        for row in await tx.all(Row, BY_REASON, tx.merchant, since)
        if row.key in terms.BY_CODE
    ]
    return Statistics(
        days=days, figures=await tx.one(Figures, WHOLE, tx.merchant, since), reasons=reasons,
        products=await tx.all(Row, BY_PRODUCT, tx.merchant, since),
    )  # fmt: skip
