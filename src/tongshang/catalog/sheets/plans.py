"""What a sheet would make of the goods there are: each product as it is to be written, or why it cannot be."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from tongshang.catalog import products
from tongshang.catalog.model import Axis, Product, ProductAsked, Variant, VariantAsked
from tongshang.catalog.sheets.columns import BY_KEY, as_written
from tongshang.catalog.sheets.parsing import Goods, Line, Problem, problem
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.ids import NIL

HEADS = f"select {products.COLUMNS} from product where merchant_id = $1 and id = any($2) and state <> 'gone'"
CATEGORIES = "select coalesce(jsonb_object_agg(name, id), '{}'::jsonb) from category where merchant_id = $1"
BY_CODE = """select coalesce(jsonb_object_agg(sku_code, product_id), '{}'::jsonb) from (
  select v.sku_code, (array_agg(v.product_id))[1] as product_id from variant v
  join product p on p.merchant_id = v.merchant_id and p.id = v.product_id and p.state <> 'gone'
  where v.merchant_id = $1 and v.sku_code = any($2) and not v.gone group by v.sku_code
  having count(distinct v.product_id) = 1) c"""
OF_PRODUCT = ("title", "subtitle", "tags", "kind", "state", "pictures", "detail", "on_sale_from", "on_sale_until",
              "limit_order", "limit_person", "limit_days", "deduct")  # fmt: skip
OF_VARIANT = (
    "price_fen",
    "market_price_fen",
    "member_price_fen",
    "cost_fen",
    "stock",
    "sku_code",
    "barcode",
    "weight_g",
)
NAMES_VARIANT = (*OF_VARIANT, "options", "variant_id")
# An empty cell leaves these as they are; it empties the others.
STAYS = ("title", "kind", "state", "deduct", "price_fen", "stock")
# What a cell holds less exactly than the goods do.
ROUNDED = ("tags", "detail", "on_sale_from", "on_sale_until")
EMPTY: dict[str, Any] = {
    "subtitle": "",
    "detail": "",
    "tags": [],
    "pictures": [],
    "sku_code": "",
    "barcode": "",
    "weight_g": 0,
}


class Change(msgspec.Struct, frozen=True):
    """A field that would be another: `row` is 0 for what is said of the whole product."""

    row: int
    field: str
    before: str
    after: str


class Plan(msgspec.Struct, frozen=True):
    """A product as it is to be, or what is wrong; `seen` is the version it would be written over (0: new)."""

    product_id: UUID
    title: str
    rows: list[int]
    fresh: bool
    problems: list[Problem]
    changes: list[Change]
    asked: ProductAsked | None
    seen: int
    places: list[int]

    @property
    def state(self) -> str:
        """Say good, bad, or that nothing would change."""
        if self.problems or self.asked is None:
            return "bad"
        return "good" if self.fresh or self.changes else "same"


async def plan(tx: Tx, *, some: Sequence[Goods]) -> list[Plan]:
    """Compare products of a sheet with those there are."""
    codes = [line.values["sku_code"] for one in some for line in one.lines if line.values.get("sku_code")]
    by_code = {code: UUID(found) for code, found in (await tx.value(BY_CODE, tx.merchant, codes)).items()}
    meant = [one.product or _by_code(one, by_code) for one in some]
    ids = [one for one in meant if one]
    heads = {head.id: head for head in await tx.all(Product, HEADS, tx.merchant, ids)}
    variants: dict[UUID, list[Variant]] = {}
    for variant in await products.variants(tx, products=ids):
        variants.setdefault(variant.product_id, []).append(variant)
    categories: dict[str, str] = await tx.value(CATEGORIES, tx.merchant)
    return [
        _planned(tx, one, heads.get(found or NIL), variants.get(found or NIL, []), categories)
        for one, found in zip(some, meant, strict=True)
    ]


def _by_code(one: Goods, by_code: dict[str, UUID]) -> UUID | None:
    found = {by_code[code] for line in one.lines if (code := line.values.get("sku_code")) in by_code}
    return found.pop() if len(found) == 1 else None


def _planned(tx: Tx, one: Goods, head: Product | None, before: list[Variant], categories: dict[str, str]) -> Plan:
    first, row, problems = one.whole, one.lines[0].row, list(one.problems)
    if one.product and head is None:
        problems.append(
            problem(row, "product_id", "没有这件商品，新商品请留空", "no such goods; leave it empty for new ones")
        )
    known = products.as_asked(head, before) if head else None
    fields: dict[str, Any] = {name: _said(first, name, known) for name in OF_PRODUCT}
    fields["category_id"] = _category(first, row, known, categories, problems)
    if known is None and not fields["title"] and not any(p.field == "title" for p in problems):
        problems.append(problem(row, "title", "不能为空", "is needed"))
    axes, rows, where = _variants(tx, one, known, problems)
    title = str(fields["title"] or "")
    asked = None
    if not problems:
        base = known or ProductAsked(title="", variants=[])
        given = {name: value for name, value in fields.items() if value is not None or name not in STAYS}
        asked = msgspec.structs.replace(base, **given, options=axes, variants=rows)
    changes = _changes(known, asked, where) if known and asked else []
    if known and asked:
        asked = _unmoved(known, asked)
    fresh = head is None
    return Plan(
        head.id if head else one.product or tx.new_id(), title[:60], [line.row for line in one.lines], fresh, problems,
        changes, asked, head.version if head else 0, [where.get(variant.id, row) for variant in rows],
    )  # fmt: skip


def _said(values: dict[str, Any], name: str, known: Any) -> Any:
    """Give what a row says of a field: what is written, nothing where it is left empty, else what is known."""
    default = getattr(known, name) if known is not None else EMPTY.get(name)
    if name not in values:
        return default
    said = values[name]
    if known is not None and name in ROUNDED and as_written(name, said, default):
        return default
    return (default if name in STAYS else EMPTY.get(name)) if said is None else said


def _category(
    first: dict[str, Any], row: int, known: ProductAsked | None, categories: dict[str, str], problems: list[Problem]
) -> UUID | None:
    if "category" not in first:
        return known.category_id if known else None
    name = first["category"]
    if name is None:
        return None
    if name not in categories:
        problems.append(
            problem(
                row, "category", f"没有名为“{name[:20]}”的分类，请先新建", f'there is no category "{name[:20]}" yet'
            )
        )
        return None
    return UUID(categories[name])


def _variants(
    tx: Tx, one: Goods, known: ProductAsked | None, problems: list[Problem]
) -> tuple[list[Axis], list[VariantAsked], dict[UUID, int]]:
    """Put rows over the variants there are; those a sheet does not name stay as they are. Give who is in which row."""
    axes = {axis.name: list(axis.values) for axis in known.options} if known else {}
    left = {variant.id: variant for variant in known.variants} if known else {}
    made: list[VariantAsked] = []
    where: dict[UUID, int] = {}
    for line in one.lines:
        if known is not None and all(line.values.get(name) is None for name in NAMES_VARIANT):
            continue  # only of the product is spoken here
        chosen = line.values.get("options")
        options = None if chosen is None else _options(axes, chosen, line.row, known, problems)
        base = _meant(line, options, left, problems)
        if base is not None and (above := where.get(base.id)):
            problems.append(
                problem(line.row, "options", f"与第 {above} 行是同一规格", f"the same variant as in row {above}")
            )
        if base is None and not line.values.get("price_fen") and not _told(problems, line.row, "price_fen"):
            problems.append(problem(line.row, "price_fen", "不能为空", "is needed"))
        fields = {name: _said(line.values, name, base) for name in OF_VARIANT}
        fields = {name: value for name, value in fields.items() if value is not None or name not in STAYS}
        if base is None:
            base = VariantAsked(id=tx.new_id(), options=options or [], price_fen=1)
        made.append(msgspec.structs.replace(base, **fields, options=base.options if options is None else options))
        where[base.id] = line.row
    if known is None:
        wanted = next((len(one.options) for one in made), 0)
        for line, variant in zip(one.lines, made, strict=True):
            if len(variant.options) != wanted or wanted != len(axes):
                problems.append(
                    problem(
                        line.row,
                        "options",
                        "同一商品每行的规格项要一致",
                        "all rows of one product need the same options",
                    )
                )
    changed = {variant.id: variant for variant in made}
    kept = [changed.pop(variant.id, left[variant.id]) for variant in (known.variants if known else [])]
    return [Axis(name, values) for name, values in axes.items()], kept + list(changed.values()), where


def _told(problems: list[Problem], row: int, name: str) -> bool:
    return any(one.row == row and one.field == name for one in problems)


def _options(
    axes: dict[str, list[str]],
    chosen: list[tuple[str, str]],
    row: int,
    known: ProductAsked | None,
    problems: list[Problem],
) -> list[str]:
    for name, value in chosen:
        if name not in axes and known is not None:
            problems.append(
                problem(row, "options", f"商品没有“{name}”这一规格项", f'the goods have no option "{name}"')
            )
            continue
        values = axes.setdefault(name, [])
        if value not in values:
            values.append(value)
    said = dict(chosen)
    return [said[name] for name in axes if name in said]


def _meant(
    line: Line, options: list[str] | None, left: dict[UUID, VariantAsked], problems: list[Problem]
) -> VariantAsked | None:
    """Find the variant a row means: by its id, its code, or its options."""
    if (named := line.values.get("variant_id")) is not None:
        if named not in left:
            problems.append(
                problem(
                    line.row,
                    "variant_id",
                    "商品没有这个规格，新规格请留空",
                    "no such variant; leave it empty for new ones",
                )
            )
        return left.get(named)
    if (code := line.values.get("sku_code")) and len(
        same := [one for one in left.values() if one.sku_code == code]
    ) == 1:
        return same[0]
    wanted = [] if options is None else options
    return next((one for one in left.values() if list(one.options) == wanted), None)


def _unmoved(known: ProductAsked, asked: ProductAsked) -> ProductAsked:
    """Leave stock alone that the sheet does not change: some of it may be sold before the sheet is applied."""
    counts = {variant.id: variant.stock for variant in known.variants}
    rows = [
        msgspec.structs.replace(one, stock=None) if counts.get(one.id) == one.stock else one for one in asked.variants
    ]
    return msgspec.structs.replace(asked, variants=rows)


def _changes(known: ProductAsked, asked: ProductAsked, where: dict[UUID, int]) -> list[Change]:
    found = [
        Change(0, name, _shown(getattr(known, name)), _shown(getattr(asked, name)))
        for name in (*OF_PRODUCT, "category_id")
        if getattr(known, name) != getattr(asked, name)
    ]
    before = {variant.id: variant for variant in known.variants}
    for variant in asked.variants:
        old, row = before.get(variant.id), where.get(variant.id, 0)
        for name in (*OF_VARIANT, "options"):
            if old is None or getattr(old, name) != getattr(variant, name):
                found.append(
                    Change(row, name, _shown(getattr(old, name)) if old else "", _shown(getattr(variant, name)))
                )
    return found[:40]


def _shown(value: Any) -> str:
    return "" if value is None else "、".join(map(str, value))[:60] if isinstance(value, list) else str(value)[:60]


def refusal(rows: Sequence[int], refused: Refused) -> Problem:
    """Say in which row what the catalog refuses is written, and in which column."""
    name = str(refused.params.get("field", "")).removeprefix("variants.")
    at = int(refused.params.get("variant", 0))
    key = {"category_id": "category", "id": "variant_id"}.get(name, name)
    zh, en = refused.sentence("zh"), refused.sentence("en")
    if key in BY_KEY and isinstance(refused, Invalid):  # the column's name stands before it
        zh, en = refused.words()
    return problem(rows[at] if at < len(rows) else rows[0], key, zh, en)
