"""Writing products down, putting them on the shelf and taking them off."""

from collections.abc import Mapping
from uuid import UUID

from tongshang.catalog import stock
from tongshang.catalog.facts import ProductChanged
from tongshang.catalog.model import Product, ProductAsked, Variant, check, check_stock
from tongshang.media import pictures
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound

COLUMNS = """id, title, subtitle, category_id, pictures, detail, options, state, low_fen, high_fen, sold, version,
created_at, updated_at"""
ONE = f"select {COLUMNS} from product where merchant_id = $1 and id = $2 and state <> 'gone'"
VARIANTS = """select v.id, v.product_id, v.options, v.price_fen, v.market_price_fen, v.sku_code, v.picture_id,
  coalesce(s.on_hand - s.reserved, 0) as stock
from variant v left join stock s on s.merchant_id = v.merchant_id and s.variant_id = v.id
where v.merchant_id = $1 and v.product_id = any($2) and not v.gone order by v.product_id, v.position"""
PUT = """
insert into product (merchant_id, id, title, subtitle, category_id, pictures, detail, options, state, low_fen, high_fen,
  created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
on conflict (merchant_id, id) do update set title = $3, subtitle = $4, category_id = $5, pictures = $6, detail = $7,
  options = $8, state = $9, low_fen = $10, high_fen = $11, updated_at = $12, version = product.version + 1
where product.state <> 'gone'"""
PUT_VARIANT = """
insert into variant (merchant_id, id, product_id, position, options, price_fen, market_price_fen, sku_code, picture_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (merchant_id, id) do update set position = $4, options = $5, price_fen = $6, market_price_fen = $7,
  sku_code = $8, picture_id = $9, gone = false
where variant.product_id = $3"""
DROP_VARIANTS = """update variant set gone = true
where merchant_id = $1 and product_id = $2 and not (id = any($3)) and not gone"""
MOVE = """update product set state = $3, updated_at = $4, version = version + 1
where merchant_id = $1 and id = $2 and state <> 'gone' and state <> $3"""
KNOWN_CATEGORY = "select 1 from category where merchant_id = $1 and id = $2"
OWN_VARIANTS = "select count(*) from variant where merchant_id = $1 and product_id = $2 and id = any($3)"
ON_HAND = """select coalesce(jsonb_object_agg(variant_id, reserved), '{}'::jsonb) from stock
where merchant_id = $1 and variant_id = any($2)"""


async def get(tx: Tx, *, product: UUID) -> tuple[Product, list[Variant]]:
    """Give a product and its variants."""
    return await tx.one(Product, ONE, tx.merchant, product), await variants(tx, products=[product])


async def variants(tx: Tx, *, products: list[UUID]) -> list[Variant]:
    """List the variants of products, each with what is left of it."""
    return await tx.all(Variant, VARIANTS, tx.merchant, products)


async def put(tx: Tx, *, product: UUID, asked: ProductAsked) -> None:
    """Write a product down: new, or as a whole in place of what it was."""
    check(asked)
    await _check_references(tx, asked)
    prices = [variant.price_fen for variant in asked.variants]
    written = await tx.run(
        PUT, tx.merchant, product, asked.title.strip(), asked.subtitle.strip(), asked.category_id,
        [str(one) for one in asked.pictures], asked.detail, asked.options, asked.state, min(prices),
        max(prices), tx.now,
    )  # fmt: skip
    if not written:
        raise NotFound
    for position, variant in enumerate(asked.variants):
        done = await tx.run(
            PUT_VARIANT, tx.merchant, variant.id, product, position, variant.options, variant.price_fen,
            variant.market_price_fen, variant.sku_code[:40], variant.picture_id,
        )  # fmt: skip
        if not done:
            raise NotFound  # the id is another product's
    await tx.run(DROP_VARIANTS, tx.merchant, product, [variant.id for variant in asked.variants])
    await set_stock(tx, product=product, left={v.id: v.stock for v in asked.variants if v.stock is not None})
    await stock.changed(tx, products=[product])
    await tx.emit(ProductChanged(product))


async def _check_references(tx: Tx, asked: ProductAsked) -> None:
    if asked.category_id is not None and not await tx.value(KNOWN_CATEGORY, tx.merchant, asked.category_id):
        raise Invalid(field="category_id", problem="unknown")
    wanted = {*asked.pictures, *(v.picture_id for v in asked.variants if v.picture_id)}
    if len(await pictures.find(tx, wanted)) < len(wanted):
        raise Invalid(field="pictures", problem="unknown")


async def set_stock(tx: Tx, *, product: UUID, left: Mapping[UUID, int]) -> None:
    """Set how many of each variant can be bought; what unpaid orders hold is kept on top of it."""
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
        await stock.changed(tx, products=[product])
        await tx.emit(ProductChanged(product))
