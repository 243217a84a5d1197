"""Writing products down, putting them on the shelf and taking them off."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from tongshang.catalog import stock
from tongshang.catalog.facts import ProductChanged
from tongshang.catalog.kinds import keeping
from tongshang.catalog.model import Product, ProductAsked, Variant, VariantAsked, check, check_stock
from tongshang.catalog.search import index
from tongshang.catalog.stock import HERE
from tongshang.media import markup, pictures
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, NotFound, Refused

# As the store's page looks for it: to a browser, a byte order mark is white space too.
MARKUP = re.compile(r"[\s\ufeff]*<")
COLUMNS = """id, title, subtitle, category_id, pictures, detail, options, state, low_fen, high_fen, sold, version,
created_at, updated_at, kind, deduct, tags, on_sale_from, on_sale_until, limit_order, limit_person, limit_days,
freight_template_id, form, terms"""
ONE = f"select {COLUMNS} from product where merchant_id = $1 and id = $2 and state <> 'gone'"
VARIANTS = f"""select v.id, v.product_id, v.options, v.price_fen, v.market_price_fen, v.sku_code, v.picture_id,
  greatest(coalesce(s.on_hand - s.reserved - s.safety, 0), 0) as stock, v.member_price_fen, v.cost_fen, v.barcode,
  v.weight_g
from variant v left join stock s on s.merchant_id = v.merchant_id and s.variant_id = v.id
  and s.place_id = {HERE}
where v.merchant_id = $1 and v.product_id = any($2) and not v.gone order by v.product_id, v.position"""
PUT = """
insert into product (merchant_id, id, title, subtitle, category_id, pictures, detail, options, state, low_fen, high_fen,
  created_at, updated_at, kind, deduct, tags, on_sale_from, on_sale_until, limit_order, limit_person, limit_days,
  freight_template_id, form, terms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
on conflict (merchant_id, id) do update set title = $3, subtitle = $4, category_id = $5, pictures = $6, detail = $7,
  options = $8, state = $9, low_fen = $10, high_fen = $11, updated_at = $12, kind = $13, deduct = $14, tags = $15,
  on_sale_from = $16, on_sale_until = $17, limit_order = $18, limit_person = $19, limit_days = $20,
  freight_template_id = $21, form = $22, terms = $23, version = product.version + 1
where product.state <> 'gone'"""
PUT_VARIANT = """
insert into variant (merchant_id, id, product_id, position, options, price_fen, market_price_fen, sku_code, picture_id,
  member_price_fen, cost_fen, barcode, weight_g)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (merchant_id, id) do update set position = $4, options = $5, price_fen = $6, market_price_fen = $7,
  sku_code = $8, picture_id = $9, member_price_fen = $10, cost_fen = $11, barcode = $12, weight_g = $13, gone = false
where variant.product_id = $3"""
DROP_VARIANTS = """update variant set gone = true
where merchant_id = $1 and product_id = $2 and not (id = any($3)) and not gone"""
MOVE = """update product set state = $3, updated_at = $4, version = version + 1
where merchant_id = $1 and id = $2 and state <> 'gone' and state <> $3"""
VERSION = "select version from product where merchant_id = $1 and id = $2 for update"
KNOWN_CATEGORY = "select 1 from category where merchant_id = $1 and id = $2"
OWN_VARIANTS = "select count(*) from variant where merchant_id = $1 and product_id = $2 and id = any($3)"
ON_HAND = f"""select coalesce(jsonb_object_agg(variant_id, reserved + safety), '{{}}'::jsonb) from stock
where merchant_id = $1 and variant_id = any($2) and place_id = {HERE}"""


class ChangedMeanwhile(Refused):
    """Somebody else changed these goods meanwhile. Look at them again before saving."""

    code, status, zh = "product.changed_meanwhile", 409, "商品已被他人修改，请查看最新内容后再保存。"


async def get(tx: Tx, *, product: UUID) -> tuple[Product, list[Variant]]:
    """Give a product and its variants."""
    return await tx.one(Product, ONE, tx.merchant, product), await variants(tx, products=[product])


async def variants(tx: Tx, *, products: list[UUID]) -> list[Variant]:
    """List the variants of products, each with what is left of it."""
    return await tx.all(Variant, VARIANTS, tx.merchant, products)


def as_asked(head: Product, variants: Sequence[Variant]) -> ProductAsked:
    """Say what one would ask for to have a product as it is; counts of stock as they are now."""
    rows = [VariantAsked(**{name: getattr(one, name) for name in VariantAsked.__struct_fields__}) for one in variants]
    fields = {name: getattr(head, name) for name in ProductAsked.__struct_fields__ if name != "variants"}
    return ProductAsked(**fields, variants=rows)


async def put(tx: Tx, *, product: UUID, asked: ProductAsked, seen: int | None = None) -> None:
    """Write a product down: new, or as a whole in place of what it was (of the version that was `seen`, if said)."""
    check(asked)
    terms = await keeping.check(tx, product=product, asked=asked)
    becomes_codes = await keeping.becomes_codes(tx, product=product, asked=asked)
    await _check_references(tx, asked)
    if seen is not None and (await tx.value(VERSION, tx.merchant, product) or 0) != seen:
        raise ChangedMeanwhile
    if not await _write(tx, product, asked):
        raise NotFound
    for position, one in enumerate(asked.variants):
        done = await tx.run(
            PUT_VARIANT, tx.merchant, one.id, product, position, one.options, one.price_fen, one.market_price_fen,
            one.sku_code.strip(), one.picture_id, one.member_price_fen, one.cost_fen, one.barcode.strip(), one.weight_g,
        )  # fmt: skip
        if not done:
            raise NotFound  # the id is another product's
    await tx.run(DROP_VARIANTS, tx.merchant, product, [variant.id for variant in asked.variants])
    await keeping.keep(tx, product=product, found=terms)
    await _set_stock(tx, product, keeping.counted(asked, terms))
    if becomes_codes:
        await keeping.count_codes(tx, asked=asked)
    await index.put(tx, products=[product])
    await stock.changed(tx, products=[product])
    await tx.emit(ProductChanged(product))


async def _write(tx: Tx, product: UUID, asked: ProductAsked) -> int:
    prices = [variant.price_fen for variant in asked.variants]
    try:
        return await tx.run(
            PUT, tx.merchant, product, asked.title.strip(), asked.subtitle.strip(), asked.category_id,
            [str(one) for one in asked.pictures], _detail(tx, asked.detail), asked.options, asked.state, min(prices),
            max(prices), tx.now, asked.kind, asked.deduct, [tag.strip() for tag in asked.tags], asked.on_sale_from,
            asked.on_sale_until, asked.limit_order, asked.limit_person, asked.limit_days, asked.freight_template_id,
            asked.form, asked.terms,
        )  # fmt: skip
    except asyncpg.ForeignKeyViolationError as error:
        if violates(error, "product_freight_template_fk"):
            raise Invalid(field="freight_template_id", problem="unknown") from None
        raise


def _detail(tx: Tx, detail: str) -> str:
    """Keep plain words as they are, and of HTML what is allowed, with pictures of the merchant's own."""
    return markup.clean(detail, merchant=tx.merchant) if MARKUP.match(detail) else detail


async def _check_references(tx: Tx, asked: ProductAsked) -> None:
    if asked.category_id is not None and not await tx.value(KNOWN_CATEGORY, tx.merchant, asked.category_id):
        raise Invalid(field="category_id", problem="unknown")
    wanted = {*asked.pictures, *(v.picture_id for v in asked.variants if v.picture_id)}
    if len(await pictures.find(tx, wanted)) < len(wanted):
        raise Invalid(field="pictures", problem="unknown")


async def set_stock(tx: Tx, *, product: UUID, left: Mapping[UUID, int]) -> None:
    """Set how many of each variant can be bought; what orders hold and what is kept back comes on top of it."""
    await keeping.refuse_counted_elsewhere(tx, product=product)
    await _set_stock(tx, product, left)


async def _set_stock(tx: Tx, product: UUID, left: Mapping[UUID, int]) -> None:
    ids = list(left)
    for count in left.values():
        check_stock(count)
    if await tx.value(OWN_VARIANTS, tx.merchant, product, ids) != len(ids):
        raise NotFound
    reserved = await tx.value(ON_HAND, tx.merchant, ids)
    await stock.set_on_hand(tx, counts={one: count + int(reserved.get(str(one), 0)) for one, count in left.items()})


async def shelve(tx: Tx, *, product: UUID, state: str) -> None:
    """Put a product on the shelf, take it off, or remove it for good (orders keep their own copy)."""
    if state not in ("on", "off", "gone"):
        raise Invalid(field="state", problem=state)
    found = await tx.one(Product, ONE, tx.merchant, product)
    if state == "on" and not found.pictures:
        raise Invalid(field="pictures", problem="≥ 1")
    if await tx.run(MOVE, tx.merchant, product, state, tx.now):
        await index.put(tx, products=[product])
        await stock.changed(tx, products=[product])
        await tx.emit(ProductChanged(product))
