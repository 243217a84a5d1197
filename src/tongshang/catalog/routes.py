"""The goods pages of the console. What customers see of the catalog, the storefront serves."""

from typing import Literal
from uuid import UUID

import msgspec
from litestar import delete, get, put

from tongshang.catalog import categories, products, queries
from tongshang.catalog.categories import Category
from tongshang.catalog.model import ProductAsked
from tongshang.catalog.queries import ProductView
from tongshang.catalog.workbench import drafts
from tongshang.platform.errors import Invalid
from tongshang.platform.web import AnyRequest
from tongshang.tenancy.access import Staff


class Shelf(msgspec.Struct, forbid_unknown_fields=True):
    """On the shelf or off it."""

    state: Literal["on", "off"]


class Count(msgspec.Struct, forbid_unknown_fields=True):
    """How many of a variant can be bought."""

    id: UUID
    stock: int


class Counts(msgspec.Struct, forbid_unknown_fields=True):
    """Counted stock."""

    variants: list[Count]


class CategoryAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A category's name and place."""

    name: str
    position: int = 0


@get("/products/{product_id:uuid}", operation_id="get_product")
async def get_product(who: Staff, product_id: UUID) -> ProductView:
    """Show a product."""
    async with who.tx() as tx:
        return await queries.whole(tx, product=product_id)


@put("/products/{product_id:uuid}", operation_id="put_product")
async def put_product(request: AnyRequest, who: Staff, product_id: UUID, data: ProductAsked) -> ProductView:
    """Write a product down; If-Match, where it is sent, is the version that was edited."""
    seen = drafts.revision(request.headers.get("if-match", ""))
    if seen is None and request.headers.get("if-match", "*") != "*":
        raise Invalid(field="If-Match", problem="no revision", zh="不是有效的版本号")
    async with who.tx() as tx:
        await products.put(tx, product=product_id, asked=data, seen=seen)
        await drafts.done(tx, product=product_id)
        return await queries.whole(tx, product=product_id)


@put("/products/{product_id:uuid}/shelf", operation_id="shelve_product", status_code=204)
async def shelve_product(who: Staff, product_id: UUID, data: Shelf) -> None:
    """Put a product on the shelf, or take it off."""
    async with who.tx() as tx:
        await products.shelve(tx, product=product_id, state=data.state)


@put("/products/{product_id:uuid}/stock", operation_id="count_stock", status_code=204)
async def count_stock(who: Staff, product_id: UUID, data: Counts) -> None:
    """Set how many can be bought."""
    async with who.tx() as tx:
        await products.set_stock(tx, product=product_id, left={count.id: count.stock for count in data.variants})


@delete("/products/{product_id:uuid}", operation_id="drop_product")
async def drop_product(who: Staff, product_id: UUID) -> None:
    """Remove a product for good; orders keep their own copy."""
    async with who.tx() as tx:
        await products.shelve(tx, product=product_id, state="gone")


@get("/categories", operation_id="list_categories")
async def list_categories(who: Staff) -> list[Category]:
    """List the categories."""
    async with who.tx() as tx:
        return await categories.listed(tx)


@put("/categories/{category_id:uuid}", operation_id="put_category")
async def put_category(who: Staff, category_id: UUID, data: CategoryAsked) -> list[Category]:
    """Add a category, or change one."""
    async with who.tx() as tx:
        await categories.put(tx, category=category_id, name=data.name, position=data.position)
        return await categories.listed(tx)


@delete("/categories/{category_id:uuid}", operation_id="drop_category")
async def drop_category(who: Staff, category_id: UUID) -> None:
    """Remove a category; its products stay."""
    async with who.tx() as tx:
        await categories.drop(tx, category=category_id)


console = [
    get_product, put_product, shelve_product, count_stock, drop_product,
    list_categories, put_category, drop_category,
]  # fmt: skip
