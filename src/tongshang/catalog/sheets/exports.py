"""Goods as a file, in the columns that can be brought in again; and the empty template."""

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import IO, Any
from uuid import UUID

from tongshang.catalog import categories, products
from tongshang.catalog.model import Product, Variant
from tongshang.catalog.sheets import columns, writing
from tongshang.catalog.sheets.columns import COLUMNS
from tongshang.catalog.sheets.writing import Format
from tongshang.media.pictures import address
from tongshang.platform.world import World

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
SOME = 200
PAGE = f"""select {products.COLUMNS} from product where merchant_id = $1 and state <> 'gone'
  and ($2::uuid is null or id < $2) order by id desc limit $3"""
EXAMPLE: list[dict[str, Any]] = [
    {"title": "明前龙井", "subtitle": "狮峰核心产区", "tags": "春茶，送礼", "kind": "实物", "state": "下架",
     "options": "规格:50g", "price_fen": 99, "market_price_fen": 128, "member_price_fen": 89, "stock": 100,
     "sku_code": "LJ-50", "weight_g": 80},
    {"title": "明前龙井", "options": "规格:100g", "price_fen": 188, "stock": 50, "sku_code": "LJ-100", "weight_g": 140},
]  # fmt: skip
Line = Sequence[writing.Cell]


def template(kind: Format) -> bytes:
    """Write the template: the first row, an example of a product with two variants, and what each column means."""
    with tempfile.SpooledTemporaryFile(max_size=1 << 20) as file:
        out = writing.writer(file, kind)
        out.sheet("商品")
        out.row(columns.head())
        for one in EXAMPLE:
            out.row([one.get(column.key, "") for column in COLUMNS])
        out.sheet("说明")
        out.row(("列 / Column", "说明", "What it is"))
        for column in COLUMNS:
            out.row((f"{column.zh} / {column.en}", column.told_zh, column.told_en))
        out.close()
        file.seek(0)
        return file.read()


async def write(world: World, merchant: UUID, *, file: IO[bytes], kind: Format) -> None:
    """Write all goods into a file, some at a time: what is held in memory does not grow with their number."""
    out = writing.writer(file, kind)
    out.sheet("商品")
    out.row(columns.head())
    async for lines in _pages(world, merchant):
        for line in lines:
            out.row(line)
    out.close()


async def _pages(world: World, merchant: UUID) -> AsyncIterator[list[Line]]:
    before: UUID | None = None
    while True:
        async with world.tx(merchant) as tx:
            names = {one.id: one.name for one in await categories.listed(tx)}
            heads = await tx.all(Product, PAGE, merchant, before, SOME)
            variants: dict[UUID, list[Variant]] = {}
            for one in await products.variants(tx, products=[head.id for head in heads]):
                variants.setdefault(one.product_id, []).append(one)
        if not heads:
            return
        yield [line for head in heads for line in _lines(world, merchant, head, variants.get(head.id, []), names)]
        before = heads[-1].id


def _lines(
    world: World, merchant: UUID, head: Product, variants: list[Variant], names: dict[UUID, str]
) -> Iterator[Line]:
    shown = [world.settings.public_url + address(merchant, one, 750) for one in head.pictures]
    of_product = {column.key: getattr(head, column.key, None) for column in COLUMNS if not column.of_variant}
    of_product |= {"product_id": head.id, "category": names.get(head.category_id) if head.category_id else "",
                   "pictures": shown}  # fmt: skip
    for nth, one in enumerate(variants):
        # What is said of the product stands in its first row; its id and name in each, so that sorting is no harm.
        whole = {key: value for key, value in of_product.items() if nth == 0 or key in ("product_id", "title")}
        chosen = [(axis.name, value) for axis, value in zip(head.options, one.options, strict=False)]
        values = whole | {"variant_id": one.id, "options": _options(chosen)}
        yield [_cell(column, values.get(column.key, getattr(one, column.key, None) if column.of_variant else None))
               for column in COLUMNS]  # fmt: skip


def _options(chosen: list[tuple[str, str]]) -> str:
    """Write options as they are read; where a name has a mark in it that parts them, nothing, which changes nothing."""
    written = "; ".join(f"{name}:{value}" for name, value in chosen)
    try:
        return written if columns.BY_KEY["options"].read(written) == chosen else ""
    except columns.Wrong:
        return ""


def _cell(column: columns.Column, value: Any) -> writing.Cell:
    written: writing.Cell = "" if value is None else column.write(value)
    return written
