"""Reading the catalog: lists for the console and the shelf, a product whole."""

from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.catalog import products
from tongshang.catalog.model import LOW, Axis
from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.db import Tx

ROW = """select p.id, p.title, p.subtitle, p.category_id, (p.pictures ->> 0)::uuid as picture_id, p.low_fen, p.high_fen,
  p.sold, p.state, p.updated_at, v.stock, v.variants, v.market_price_fen
from product p left join lateral (
  select coalesce(sum(s.on_hand - s.reserved), 0)::integer as stock, count(*)::integer as variants,
    min(v.market_price_fen) as market_price_fen
  from variant v left join stock s on s.merchant_id = v.merchant_id and s.variant_id = v.id
  where v.merchant_id = p.merchant_id and v.product_id = p.id and not v.gone) v on true"""
# "low" is a state only to those who look: on the shelf, with a variant that is nearly gone.
LIST = f"""{ROW} where p.merchant_id = $1 and (($2 = '' and p.state <> 'gone') or p.state = $2
    or ($2 = 'low' and p.state = 'on' and exists (select 1 from variant w
        join stock s on s.merchant_id = w.merchant_id and s.variant_id = w.id
        where w.merchant_id = p.merchant_id and w.product_id = p.id and not w.gone and s.on_hand - s.reserved <= $7)))
  and ($3::uuid is null or p.category_id = $3) and ($4 = '' or p.title ilike '%' || $4 || '%')
  and ($5::uuid is null or p.id < $5) order by p.id desc limit $6"""
BEST = f"""{ROW} where p.merchant_id = $1 and p.state = 'on' order by p.sold desc, p.id desc limit $2"""
THESE = f"""{ROW} where p.merchant_id = $1 and p.state = 'on' and p.id = any($2)"""


class _Row(msgspec.Struct, frozen=True):
    id: UUID
    title: str
    subtitle: str
    category_id: UUID | None
    picture_id: UUID | None
    low_fen: int
    high_fen: int
    sold: int
    state: str
    updated_at: datetime
    stock: int
    variants: int
    market_price_fen: int | None


class ProductCard(msgspec.Struct, frozen=True):
    """A product in a list."""

    id: UUID
    title: str
    subtitle: str
    category_id: UUID | None
    picture: Picture | None
    price_fen: int
    price_max_fen: int
    market_price_fen: int | None
    stock: int
    sold_out: bool
    sold: int
    variants: int
    state: str
    updated_at: datetime


class VariantView(msgspec.Struct, frozen=True):
    """A variant of a product."""

    id: UUID
    options: list[str]
    price_fen: int
    market_price_fen: int | None
    stock: int
    sku_code: str
    picture_id: UUID | None
    picture: Picture | None


class ProductView(msgspec.Struct, frozen=True):
    """A product, whole."""

    id: UUID
    title: str
    subtitle: str
    category_id: UUID | None
    pictures: list[Picture]
    detail: str
    options: list[Axis]
    variants: list[VariantView]
    state: str
    sold: int
    version: int


async def cards(
    tx: Tx, *, state: str = "", category: UUID | None = None, text: str = "", before: UUID | None = None, limit: int
) -> list[ProductCard]:
    """List products, newest first; one more than asked for tells that there are more."""
    text = text.strip().replace("%", "").replace("_", "")
    return await _cards(tx, await tx.all(_Row, LIST, tx.merchant, state, category, text, before, limit + 1, LOW))


async def best(tx: Tx, *, limit: int) -> list[ProductCard]:
    """List what is on the shelf, best sellers first."""
    return await _cards(tx, await tx.all(_Row, BEST, tx.merchant, limit))


async def these(tx: Tx, *, ids: list[UUID]) -> list[ProductCard]:
    """List the named products that are on the shelf, in the order they were named."""
    found = {card.id: card for card in await _cards(tx, await tx.all(_Row, THESE, tx.merchant, ids))}
    return [found[one] for one in ids if one in found]


async def _cards(tx: Tx, found: list[_Row]) -> list[ProductCard]:
    shown = await pictures.find(tx, (row.picture_id for row in found))
    return [
        ProductCard(
            row.id, row.title, row.subtitle, row.category_id, shown.get(row.picture_id) if row.picture_id else None,
            row.low_fen, row.high_fen, row.market_price_fen, row.stock, row.stock <= 0, row.sold, row.variants,
            row.state, row.updated_at,
        )
        for row in found
    ]  # fmt: skip


async def whole(tx: Tx, *, product: UUID) -> ProductView:
    """Show a product with its variants and pictures, or raise NotFound."""
    head, variants = await products.get(tx, product=product)
    shown = await pictures.find(tx, [*head.pictures, *(v.picture_id for v in variants)])
    rows = [
        VariantView(
            v.id, v.options, v.price_fen, v.market_price_fen, v.stock, v.sku_code, v.picture_id,
            shown.get(v.picture_id) if v.picture_id else None,
        )
        for v in variants
    ]  # fmt: skip
    own = [shown[one] for one in head.pictures if one in shown]
    return ProductView(
        head.id, head.title, head.subtitle, head.category_id, own, head.detail, head.options, rows, head.state,
        head.sold, head.version,
    )  # fmt: skip
