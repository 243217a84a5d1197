"""Products and variants, and what makes them well formed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from tongshang.catalog import forms
from tongshang.catalog.forms import FormField
from tongshang.platform.errors import Invalid

Kind = Literal["physical", "service", "ticket", "virtual", "bundle"]
Deduct = Literal["placing", "paying"]

# Of a variant on the shelf, so few are worth a word to the merchant.
LOW = 5
MOST_VARIANTS = 100
MOST_AXES = 3
MOST_PICTURES = 9
MOST_VALUES = 100
MOST_STOCK = 10_000_000
HIGHEST_FEN = 100_000_000
MOST_TAGS = 10
MOST_PIECES = 9_999
MOST_DAYS = 3_650
MOST_GRAMS = 10_000_000
MOST_TERMS = 20_000
LONGEST_DETAIL = 20_000
MOST_CODE = 40
# In which goods are sold; at its ends a calendar cannot be read on another clock.
YEARS = (2000, 2999)


class Axis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An option to choose on, such as weight, and its values."""

    name: str
    values: list[str]


class VariantAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What can be bought: one value of each axis, at a price. `stock` None leaves the count as it is."""

    id: UUID
    options: list[str] = []
    price_fen: int
    market_price_fen: int | None = None
    member_price_fen: int | None = None
    cost_fen: int | None = None
    stock: int | None = None
    sku_code: str = ""
    barcode: str = ""
    weight_g: int = 0
    picture_id: UUID | None = None


class ProductAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A product as the merchant writes it down."""

    title: str
    subtitle: str = ""
    category_id: UUID | None = None
    pictures: list[UUID] = []
    detail: str = ""
    options: list[Axis] = []
    variants: list[VariantAsked]
    state: str = "off"
    kind: Kind = "physical"
    deduct: Deduct = "placing"
    tags: list[str] = []
    on_sale_from: datetime | None = None
    on_sale_until: datetime | None = None
    limit_order: int | None = None
    limit_person: int | None = None
    limit_days: int | None = None
    freight_template_id: UUID | None = None
    form: list[FormField] = []
    terms: dict[str, Any] = {}


class Product(msgspec.Struct, frozen=True):
    """A row of product."""

    id: UUID
    title: str
    subtitle: str
    category_id: UUID | None
    pictures: list[UUID]
    detail: str
    options: list[Axis]
    state: str
    low_fen: int
    high_fen: int
    sold: int
    version: int
    created_at: datetime
    updated_at: datetime
    kind: Kind
    deduct: Deduct
    tags: list[str]
    on_sale_from: datetime | None
    on_sale_until: datetime | None
    limit_order: int | None
    limit_person: int | None
    limit_days: int | None
    freight_template_id: UUID | None
    form: list[FormField]
    terms: dict[str, Any]


class Variant(msgspec.Struct, frozen=True):
    """A variant with what is left of it."""

    id: UUID
    product_id: UUID
    options: list[str]
    price_fen: int
    market_price_fen: int | None
    sku_code: str
    picture_id: UUID | None
    stock: int
    member_price_fen: int | None
    cost_fen: int | None
    barcode: str
    weight_g: int


def check(asked: ProductAsked) -> None:
    """Refuse a product that could not be shown or sold, naming the field."""
    if not 1 <= len(asked.title.strip()) <= 60:
        raise Invalid(field="title", problem="1-60")
    if asked.state not in ("on", "off"):
        raise Invalid(field="state", problem=asked.state)
    if len(asked.pictures) > MOST_PICTURES:
        raise Invalid(field="pictures", problem=f"≤ {MOST_PICTURES}")
    if asked.state == "on" and not asked.pictures:
        raise Invalid(field="pictures", problem="≥ 1")
    if len(asked.detail) > LONGEST_DETAIL or len(asked.subtitle) > 100:
        raise Invalid(field="detail", problem="too long")
    _check_axes(asked.options)
    _check_variants(asked)
    _check_selling(asked)
    forms.check(asked.form)
    if len(msgspec.json.encode(asked.terms)) > MOST_TERMS:
        raise Invalid(field="terms", problem="too long")


def _check_selling(asked: ProductAsked) -> None:
    """Refuse tags, times and limits that could not be kept."""
    given = [tag.strip() for tag in asked.tags]
    if len(given) > MOST_TAGS or len(set(given)) != len(given) or any(not 1 <= len(tag) <= 20 for tag in given):
        raise Invalid(field="tags", problem=f"≤ {MOST_TAGS}, each 1-20, distinct")
    for name in ("on_sale_from", "on_sale_until"):
        moment: datetime | None = getattr(asked, name)
        if moment is not None and moment.tzinfo is None:
            raise Invalid(field=name, problem="time zone")
        if moment is not None and not YEARS[0] <= moment.year <= YEARS[1]:
            raise Invalid(field=name, problem=f"{YEARS[0]}-{YEARS[1]}", zh=f"须在 {YEARS[0]} 年到 {YEARS[1]} 年之间")
    if asked.on_sale_from and asked.on_sale_until and asked.on_sale_until <= asked.on_sale_from:
        raise Invalid(field="on_sale_until", problem="> on_sale_from")
    for name, most in (("limit_order", MOST_PIECES), ("limit_person", MOST_PIECES), ("limit_days", MOST_DAYS)):
        limit: int | None = getattr(asked, name)
        if limit is not None and not 1 <= limit <= most:
            raise Invalid(field=name, problem=f"1-{most}")
    if asked.limit_days is not None and asked.limit_person is None:
        raise Invalid(field="limit_person", problem="required")


def _check_axes(axes: Sequence[Axis]) -> None:
    if len(axes) > MOST_AXES or len({axis.name for axis in axes}) != len(axes):
        raise Invalid(field="options", problem=f"≤ {MOST_AXES}, distinct")
    for axis in axes:
        distinct = len(set(axis.values)) == len(axis.values)
        if not axis.name.strip() or not 1 <= len(axis.values) <= MOST_VALUES or not distinct:
            raise Invalid(
                field="options",
                problem=f"each has a name and 1 to {MOST_VALUES} values, no two alike",
                zh=f"每个规格须有名称和 1 到 {MOST_VALUES} 个不重复的值",
            )


def _check_variants(asked: ProductAsked) -> None:
    if not 1 <= len(asked.variants) <= MOST_VARIANTS:
        raise Invalid(field="variants", problem=f"1-{MOST_VARIANTS}")
    chosen = [tuple(variant.options) for variant in asked.variants]
    if len(set(chosen)) != len(chosen) or not all(_is_choice(choice, asked.options) for choice in chosen):
        raise Invalid(field="variants.options", problem="one of each combination")
    if len({variant.id for variant in asked.variants}) != len(asked.variants):
        raise Invalid(field="variants.id", problem="distinct")
    for at, variant in enumerate(asked.variants):
        if problem := _problem(variant):
            raise Invalid(field=f"variants.{problem[0]}", problem=problem[1], variant=at)


def _problem(asked: VariantAsked) -> tuple[str, str] | None:
    """Name the first field of a variant that will not do, and what it must be."""
    if not 1 <= asked.price_fen <= HIGHEST_FEN:
        return "price_fen", f"1-{HIGHEST_FEN}"
    if asked.market_price_fen is not None and not asked.price_fen <= asked.market_price_fen <= HIGHEST_FEN:
        return "market_price_fen", "≥ price_fen" if asked.market_price_fen < asked.price_fen else f"≤ {HIGHEST_FEN}"
    if asked.member_price_fen is not None and not 1 <= asked.member_price_fen <= asked.price_fen:
        return "member_price_fen", "≤ price_fen" if asked.member_price_fen > 0 else "positive"
    if asked.cost_fen is not None and not 0 <= asked.cost_fen <= HIGHEST_FEN:
        return "cost_fen", f"0-{HIGHEST_FEN}"
    if not 0 <= asked.weight_g <= MOST_GRAMS:
        return "weight_g", f"0-{MOST_GRAMS}"
    if asked.stock is not None and not 0 <= asked.stock <= MOST_STOCK:
        return "stock", f"0-{MOST_STOCK}"
    for name, code in (("sku_code", asked.sku_code), ("barcode", asked.barcode)):
        if len(code) > MOST_CODE or not (code.isprintable() or not code):
            return name, f"0-{MOST_CODE}"
    return None


def _is_choice(choice: Sequence[str], axes: Sequence[Axis]) -> bool:
    return len(choice) == len(axes) and all(one in axis.values for one, axis in zip(choice, axes, strict=True))


def check_stock(count: int | None) -> None:
    """Refuse a count that nobody can have counted; None leaves the count as it is."""
    if count is not None and not 0 <= count <= MOST_STOCK:
        raise Invalid(field="variants.stock", problem=f"0-{MOST_STOCK}")
