"""Reading the catalog: lists for the console and the shelf, a product whole."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from tongshang.catalog import products
from tongshang.catalog.forms import FormField
from tongshang.catalog.kinds import bundles
from tongshang.catalog.kinds.bundles import BundlePart
from tongshang.catalog.model import LOW, Axis, Deduct, Kind, Product, Variant
from tongshang.catalog.stock import HERE
from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.db import Tx
from tongshang.platform.errors import NotFound
from tongshang.platform.ids import NIL

K = TypeVar("K", bound=msgspec.Struct)
ROW = f"""select p.id, p.title, p.subtitle, p.category_id, (p.pictures ->> 0)::uuid as picture_id, p.low_fen,
  p.high_fen, p.sold, p.state, p.updated_at, p.kind, p.tags, p.on_sale_from, p.on_sale_until, v.stock, v.variants,
  v.market_price_fen, v.member_price_fen
from product p left join lateral (
  select coalesce(sum(greatest(s.on_hand - s.reserved - s.safety, 0)), 0)::integer as stock,
    count(*)::integer as variants,
    min(v.market_price_fen) as market_price_fen, min(v.member_price_fen) as member_price_fen
  from variant v left join stock s on s.merchant_id = v.merchant_id and s.variant_id = v.id
    and s.place_id = {HERE}
  where v.merchant_id = p.merchant_id and v.product_id = p.id and not v.gone) v on true"""
# "low" is a state only to those who look: on the shelf, with a variant that is nearly gone.
LIST = f"""{ROW} where p.merchant_id = $1 and (($2 = '' and p.state <> 'gone') or p.state = $2
    or ($2 = 'low' and p.state = 'on' and exists (select 1 from variant w
        join stock s on s.merchant_id = w.merchant_id and s.variant_id = w.id
          and s.place_id = {HERE}
        where w.merchant_id = p.merchant_id and w.product_id = p.id and not w.gone
          and s.on_hand - s.reserved - s.safety <= coalesce(s.warn_at, $7))))
  and ($3::uuid is null or p.category_id = $3) and ($4 = '' or p.title ilike '%' || $4 || '%')
  and ($5::uuid is null or p.id < $5) order by p.id desc limit $6"""
BEST = f"""{ROW} where p.merchant_id = $1 and p.state = 'on' order by p.sold desc, p.id desc limit $2"""
# By hand: in the order in which they were put there; by rule: newest first.
GROUP = f"""{ROW} join product_group g on g.merchant_id = p.merchant_id and g.id = $2
left join product_group_member m on m.merchant_id = g.merchant_id and m.group_id = g.id and m.product_id = p.id
where p.merchant_id = $1 and p.state = 'on' and (m.product_id is not null or (g.by_rule and (
  p.tags ?| array(select jsonb_array_elements_text(g.tags))
  or p.category_id = any(array(select jsonb_array_elements_text(g.categories)::uuid)))))
order by m.position, p.id desc limit $3"""
THESE = f"""{ROW} where p.merchant_id = $1 and p.state = 'on' and p.id = any($2)"""


class Row(msgspec.Struct, frozen=True):
    """A product in a list, as the database has it."""

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
    kind: Kind
    tags: list[str]
    on_sale_from: datetime | None
    on_sale_until: datetime | None
    stock: int
    variants: int
    market_price_fen: int | None
    member_price_fen: int | None


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
    kind: Kind
    tags: list[str]
    on_sale_from: datetime | None
    on_sale_until: datetime | None
    member_price_fen: int | None


class VariantShown(msgspec.Struct, frozen=True):
    """A variant as customers see it."""

    id: UUID
    options: list[str]
    price_fen: int
    market_price_fen: int | None
    member_price_fen: int | None
    stock: int
    picture_id: UUID | None
    picture: Picture | None


class VariantView(VariantShown, frozen=True, kw_only=True):
    """A variant with what is the merchant's own business."""

    sku_code: str
    barcode: str
    weight_g: int
    cost_fen: int | None


class PartShown(msgspec.Struct, frozen=True):
    """What is in a bundle, and how many pieces of it."""

    variant_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    quantity: int
    price_fen: int
    kind: str
    picture: Picture | None


class _Common(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    title: str
    subtitle: str
    category_id: UUID | None
    pictures: list[Picture]
    detail: str
    options: list[Axis]
    state: str
    sold: int
    version: int
    kind: Kind
    tags: list[str]
    on_sale_from: datetime | None
    on_sale_until: datetime | None
    limit_order: int | None
    limit_person: int | None
    limit_days: int | None
    form: list[FormField]
    terms: dict[str, Any]
    parts: list[PartShown]


class ProductShown(_Common, frozen=True, kw_only=True):
    """A product as customers see it: what it costs the merchant, and his codes, are not in it."""

    variants: list[VariantShown]


class ProductView(_Common, frozen=True, kw_only=True):
    """A product, whole, as the merchant wrote it down."""

    variants: list[VariantView]
    deduct: Deduct
    freight_template_id: UUID | None
    updated_at: datetime


async def cards(
    tx: Tx, *, state: str = "", category: UUID | None = None, text: str = "", before: UUID | None = None, limit: int
) -> list[ProductCard]:
    """List products, newest first; one more than asked for tells that there are more."""
    text = text.strip().replace("%", "").replace("_", "")
    return await carded(tx, await tx.all(Row, LIST, tx.merchant, state, category, text, before, limit + 1, LOW))


async def best(tx: Tx, *, limit: int) -> list[ProductCard]:
    """List what is on the shelf, best sellers first."""
    return await carded(tx, await tx.all(Row, BEST, tx.merchant, limit))


async def of_group(tx: Tx, *, group: UUID, limit: int) -> list[ProductCard]:
    """List what of a group is on the shelf, in the group's order; a group that is gone has nothing."""
    return await carded(tx, await tx.all(Row, GROUP, tx.merchant, group, limit))


async def these(tx: Tx, *, ids: list[UUID]) -> list[ProductCard]:
    """List the named products that are on the shelf, in the order they were named."""
    found = {card.id: card for card in await carded(tx, await tx.all(Row, THESE, tx.merchant, ids))}
    return [found[one] for one in ids if one in found]


async def carded(tx: Tx, found: list[Row]) -> list[ProductCard]:
    """Make cards of rows, with their pictures."""
    shown = await pictures.find(tx, (row.picture_id for row in found))
    made = await bundles.left(tx, bundles=[row.id for row in found if row.kind == "bundle"])
    found = [msgspec.structs.replace(row, stock=made[row.id]) if row.id in made else row for row in found]
    return [
        ProductCard(
            row.id, row.title, row.subtitle, row.category_id, shown.get(row.picture_id) if row.picture_id else None,
            row.low_fen, row.high_fen, row.market_price_fen, row.stock, row.stock <= 0, row.sold, row.variants,
            row.state, row.updated_at, row.kind, row.tags, row.on_sale_from, row.on_sale_until, row.member_price_fen,
        )
        for row in found
    ]  # fmt: skip


async def whole(tx: Tx, *, product: UUID) -> ProductView:
    """Show the merchant a product with its variants and pictures, or raise NotFound."""
    found = await _parts(tx, product)
    rows = [_fields(VariantView, one, picture=found.seen.get(one.picture_id or NIL)) for one in found.variants]
    return _fields(ProductView, found.head, pictures=found.pictures(), variants=rows, parts=found.made_of())


async def shown(tx: Tx, *, product: UUID) -> ProductShown:
    """Show customers a product on the shelf, or raise NotFound."""
    found = await _parts(tx, product)
    if found.head.state != "on":
        raise NotFound
    rows = [_fields(VariantShown, one, picture=found.seen.get(one.picture_id or NIL)) for one in found.variants]
    return _fields(ProductShown, found.head, pictures=found.pictures(), variants=rows, parts=found.made_of())


class _Parts(msgspec.Struct, frozen=True):
    head: Product
    variants: list[Variant]
    seen: dict[UUID, Picture]
    parts: list[BundlePart]

    def pictures(self) -> list[Picture]:
        return [self.seen[one] for one in self.head.pictures if one in self.seen]

    def made_of(self) -> list[PartShown]:
        return [_fields(PartShown, one, picture=self.seen.get(one.picture_id or NIL)) for one in self.parts]


async def _parts(tx: Tx, product: UUID) -> _Parts:
    head, variants = await products.get(tx, product=product)
    parts: list[BundlePart] = []
    if head.kind == "bundle":
        parts = (await bundles.parts_of(tx, bundles=[product])).get(product, [])
        left = bundles.left_of(parts)
        variants = [msgspec.structs.replace(one, stock=left) for one in variants]
    ids = [*head.pictures, *(one.picture_id for one in variants), *(part.picture_id for part in parts)]
    return _Parts(head, variants, await pictures.find(tx, ids), parts)


def _fields(kind: type[K], row: Any, **more: Any) -> K:
    """Take what a view shows from a row, by name: a field that a view does not name cannot get into it."""
    return kind(**{name: more.get(name, getattr(row, name, None)) for name in kind.__struct_fields__})
