"""The list of goods as staff work with it: filters, orders, and how many each state has."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from tongshang.catalog import groups, queries
from tongshang.catalog.model import LOW
from tongshang.catalog.queries import ProductCard
from tongshang.catalog.stock import HERE
from tongshang.platform.db import Tx
from tongshang.platform.paging import Page, page_of, read_cursor

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
State = Literal["", "on", "off", "low", "out", "scheduled", "ended"]
Sort = Literal["new", "updated", "sold", "price_up", "price_down", "stock_up"]

LEFT = f"""exists (select 1 from variant w join stock s on s.merchant_id = w.merchant_id and s.variant_id = w.id
      and s.place_id = {HERE}
    where w.merchant_id = p.merchant_id and w.product_id = p.id and not w.gone
      and s.on_hand - s.reserved - s.safety <= coalesce(s.warn_at, {LOW}))"""
IS_LOW, IS_OUT = f"p.state = 'on' and {LEFT}", "p.state = 'on' and coalesce(v.stock, 0) <= 0"
IS_SCHEDULED, IS_ENDED = "p.state = 'on' and p.on_sale_from > $2", "p.state = 'on' and p.on_sale_until <= $2"
STATE = f"""(p.state <> 'gone' and case $3 when '' then true when 'low' then {IS_LOW} when 'out' then {IS_OUT}
    when 'scheduled' then {IS_SCHEDULED} when 'ended' then {IS_ENDED} else p.state = $3 end)"""
# The group's own goods, or those its rule names; without a group, all.
NARROW = """($4::uuid is null or p.category_id = $4) and ($5 = '' or p.tags ? $5)
  and ($6 = '' or p.title ilike '%' || $6 || '%' or exists (select 1 from variant w where w.merchant_id = p.merchant_id
    and w.product_id = p.id and not w.gone and (w.sku_code ilike $6 || '%' or w.barcode = $6)))
  and ($7::uuid is null or exists (select 1 from product_group_member m where m.merchant_id = p.merchant_id
    and m.group_id = $7 and m.product_id = p.id))
  and ($8::text[] is null or p.tags ?| $8 or p.category_id = any($9))"""
KEYS: dict[str, str] = {
    "updated": "(extract(epoch from p.updated_at) * 1000000)::bigint",
    "sold": "p.sold::bigint",
    "price_up": "-p.low_fen",
    "price_down": "p.low_fen",
    "stock_up": "-v.stock::bigint",
}
NEW = f"""{queries.ROW} where p.merchant_id = $1 and {STATE} and {NARROW}
  and ($10::uuid is null or p.id < $10) order by p.id desc limit $11"""
SORTED: dict[str, str] = {
    name: f"""{queries.ROW} where p.merchant_id = $1 and {STATE} and {NARROW}
  and ($10::uuid is null or ({key}, p.id) < ($12, $10)) order by {key} desc, p.id desc limit $11"""
    for name, key in KEYS.items()
}
COUNTS = f"""select count(*) as all, count(*) filter (where p.state = 'on') as on,
  count(*) filter (where p.state = 'off') as off, count(*) filter (where {IS_LOW}) as low,
  count(*) filter (where {IS_OUT}) as out, count(*) filter (where {IS_SCHEDULED}) as scheduled,
  count(*) filter (where {IS_ENDED}) as ended
from product p left join lateral (
  select coalesce(sum(greatest(s.on_hand - s.reserved - s.safety, 0)), 0)::integer as stock from variant v
  left join stock s on s.merchant_id = v.merchant_id and s.variant_id = v.id and s.place_id = {HERE}
  where v.merchant_id = p.merchant_id and v.product_id = p.id and not v.gone) v on true
where p.merchant_id = $1 and p.state <> 'gone' and $3 = '' and {NARROW}"""
TAGS = """select t.tag, count(*)::integer as products from product p, jsonb_array_elements_text(p.tags) as t(tag)
where p.merchant_id = $1 and p.state <> 'gone' group by 1 order by 2 desc, 1 limit 200"""


class Filters(msgspec.Struct, frozen=True):
    """What is looked for."""

    state: State = ""
    category: UUID | None = None
    tag: str = ""
    group: UUID | None = None
    text: str = ""


class Counts(msgspec.Struct, frozen=True):
    """How many goods of what is looked for are in each state."""

    all: int
    on: int
    off: int
    low: int
    out: int
    scheduled: int
    ended: int


class TagCount(msgspec.Struct, frozen=True):
    """A tag, and how many goods have it."""

    tag: str
    products: int


async def page(tx: Tx, *, filters: Filters, sort: Sort, after: str | None, limit: int) -> Page[ProductCard]:
    """List goods in an order, from where the page before ended."""
    value, start = read_cursor(after, int, UUID) if after else (0, None)
    args = [*(await _args(tx, filters)), start, limit + 1]
    rows = await tx.all(queries.Row, NEW if sort == "new" else SORTED[sort], *args, *([] if sort == "new" else [value]))
    return page_of(await queries.carded(tx, rows), limit, lambda card: (_key(sort, card), card.id))


async def counts(tx: Tx, *, filters: Filters) -> Counts:
    """Count what is looked for by its state."""
    return await tx.one(Counts, COUNTS, *(await _args(tx, msgspec.structs.replace(filters, state=""))))


async def tags(tx: Tx) -> list[TagCount]:
    """List the tags that goods have, the most used first."""
    return await tx.all(TagCount, TAGS, tx.merchant)


async def _args(tx: Tx, filters: Filters) -> list[Any]:
    text = filters.text.strip().replace("%", "").replace("_", "")
    by_hand, some_tags, some_categories = filters.group, None, None
    if filters.group is not None:
        group = await groups.get(tx, group=filters.group)
        if group.by_rule:
            by_hand, some_tags, some_categories = None, group.tags, group.categories
    return [
        tx.merchant, tx.now, filters.state, filters.category, filters.tag, text, by_hand, some_tags, some_categories,
    ]  # fmt: skip


def _key(sort: Sort, card: ProductCard) -> int:
    match sort:
        case "updated":
            return _micros(card.updated_at)
        case "sold":
            return card.sold
        case "price_up":
            return -card.price_fen
        case "price_down":
            return card.price_fen
        case "stock_up":
            return -card.stock
    return 0


def _micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)
