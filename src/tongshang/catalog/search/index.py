"""Writing the index: what each product on the shelf is found by, in the transaction that writes the product."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.catalog.search import lexemes
from tongshang.catalog.search.lexemes import VERSION, Part
from tongshang.catalog.stock import HERE
from tongshang.platform.db import Tx

GOODS = f"""select p.id, p.title, p.subtitle, p.tags, c.name as category, p.category_id, p.low_fen, p.sold,
  p.created_at, p.kind = 'bundle' or exists (select 1 from variant w join stock s on s.merchant_id = w.merchant_id
    and s.variant_id = w.id and s.place_id = {HERE}
    where w.merchant_id = p.merchant_id and w.product_id = p.id and not w.gone
    and s.on_hand - s.reserved > s.safety) as in_stock,
  array(select distinct code from variant v, unnest(array[v.sku_code, v.barcode]) as code
    where v.merchant_id = p.merchant_id and v.product_id = p.id and not v.gone and code <> '' limit 40) as codes
from product p left join category c on c.merchant_id = p.merchant_id and c.id = p.category_id
where p.merchant_id = $1 and p.id = any($2) and p.state = 'on' order by p.id"""
PUT = """insert into product_search (merchant_id, product_id, words, category_id, tags, low_fen, sold, in_stock,
  created_at, made) values ($1, $2, $3::text::tsvector, $4, $5, $6, $7, $8, $9, $10)
on conflict (merchant_id, product_id) do update set words = excluded.words, category_id = excluded.category_id,
  tags = excluded.tags, low_fen = excluded.low_fen, sold = excluded.sold, in_stock = excluded.in_stock,
  created_at = excluded.created_at, made = excluded.made"""
DROP = "delete from product_search where merchant_id = $1 and product_id = any($2) and not (product_id = any($3))"
STALE = """update product_search set made = 0 where merchant_id = $1 and category_id = $2"""
OWED = """select array(select p.id from product p
  left join product_search s on s.merchant_id = p.merchant_id and s.product_id = p.id
  where p.merchant_id = $1 and p.id > $2 and p.state = 'on' and (s.made is null or s.made <> $3)
  order by p.id limit $4)"""
FOLLOW = f"""update product_search s set sold = f.sold, in_stock = f.in_stock
from (select p.id, p.sold, p.kind = 'bundle' or coalesce(v.some, false) as in_stock
  from product p left join (select w.product_id, bool_or(k.on_hand - k.reserved > k.safety) as some
    from variant w join stock k on k.merchant_id = w.merchant_id and k.variant_id = w.id
      and k.place_id = {HERE}
    where w.merchant_id = $1 and not w.gone group by w.product_id) v on v.product_id = p.id
  where p.merchant_id = $1 and p.state = 'on') f
where s.merchant_id = $1 and s.product_id = f.id and (s.sold <> f.sold or s.in_stock <> f.in_stock)"""


class _Goods(msgspec.Struct, frozen=True):
    id: UUID
    title: str
    subtitle: str
    tags: list[str]
    category: str | None
    category_id: UUID | None
    low_fen: int
    sold: int
    created_at: datetime
    in_stock: bool
    codes: list[str]


async def put(tx: Tx, *, products: Sequence[UUID]) -> None:
    """Write down what products are found by; those that are not on the shelf are not found."""
    goods = await tx.all(_Goods, GOODS, tx.merchant, list(products))
    rows = [
        (
            tx.merchant, one.id, lexemes.vector(tx.merchant, _parts(one)), one.category_id, one.tags, one.low_fen,
            one.sold, one.in_stock, one.created_at, VERSION,
        )
        for one in goods
    ]  # fmt: skip
    await tx.run_many(PUT, rows)
    if len(goods) < len(products):
        await tx.run(DROP, tx.merchant, list(products), [one.id for one in goods])


def _parts(one: _Goods) -> list[Part]:
    parts = [Part("A", one.title, read=True), Part("D", one.subtitle)]
    parts += [Part("B", tag, read=True) for tag in one.tags]
    parts += [Part("C", code, code=True) for code in one.codes]
    return [*parts, Part("B", one.category, read=True)] if one.category else parts


async def category_changed(tx: Tx, *, category: UUID) -> None:
    """Have the products of a category written down anew, as its name is one of their words; within a minute."""
    await tx.run(STALE, tx.merchant, category)


async def catch_up(tx: Tx, *, after: UUID, most: int) -> UUID | None:
    """Write down products that are not in the index yet, or in an older way; give the last one, or None at the end."""
    owed: list[UUID] = await tx.value(OWED, tx.merchant, after, VERSION, most)
    if owed:
        await put(tx, products=owed)
    return owed[-1] if len(owed) == most else None


async def follow(tx: Tx) -> None:
    """Let the index know what was sold since, and what is sold out."""
    await tx.run(FOLLOW, tx.merchant)
