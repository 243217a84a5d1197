"""Products and variants, and what makes them well formed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.platform.errors import Invalid

# Of a variant on the shelf, so few are worth a word to the merchant.
LOW = 5
MOST_VARIANTS = 100
MOST_AXES = 3
MOST_PICTURES = 9
MOST_VALUES = 100
MOST_STOCK = 10_000_000
HIGHEST_FEN = 100_000_000


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
    stock: int | None = None
    sku_code: str = ""
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
    if len(asked.detail) > 20_000 or len(asked.subtitle) > 100:
        raise Invalid(field="detail", problem="too long")
    _check_axes(asked.options)
    _check_variants(asked)


def _check_axes(axes: Sequence[Axis]) -> None:
    if len(axes) > MOST_AXES or len({axis.name for axis in axes}) != len(axes):
        raise Invalid(field="options", problem=f"≤ {MOST_AXES}, distinct")
    for axis in axes:
        distinct = len(set(axis.values)) == len(axis.values)
        if not axis.name.strip() or not 1 <= len(axis.values) <= MOST_VALUES or not distinct:
            raise Invalid(field="options", problem=axis.name)


def _check_variants(asked: ProductAsked) -> None:
    if not 1 <= len(asked.variants) <= MOST_VARIANTS:
        raise Invalid(field="variants", problem=f"1-{MOST_VARIANTS}")
    chosen = [tuple(variant.options) for variant in asked.variants]
    if len(set(chosen)) != len(chosen) or not all(_is_choice(choice, asked.options) for choice in chosen):
        raise Invalid(field="variants.options", problem="one of each combination")
    if len({variant.id for variant in asked.variants}) != len(asked.variants):
        raise Invalid(field="variants.id", problem="distinct")
    for variant in asked.variants:
        if not 1 <= variant.price_fen <= HIGHEST_FEN:
            raise Invalid(field="variants.price_fen", problem=f"1-{HIGHEST_FEN}")
        if variant.market_price_fen is not None and variant.market_price_fen < variant.price_fen:
            raise Invalid(field="variants.market_price_fen", problem="< price_fen")
        check_stock(variant.stock)


def _is_choice(choice: Sequence[str], axes: Sequence[Axis]) -> bool:
    return len(choice) == len(axes) and all(one in axis.values for one, axis in zip(choice, axes, strict=True))


def check_stock(count: int | None) -> None:
    """Refuse a count that nobody can have counted; None leaves the count as it is."""
    if count is not None and not 0 <= count <= MOST_STOCK:
        raise Invalid(field="variants.stock", problem=f"0-{MOST_STOCK}")
