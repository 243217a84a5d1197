"""Categories: how the shelf is sorted."""

from uuid import UUID

import asyncpg
import msgspec

from tongshang.catalog import stock
from tongshang.catalog.search import index
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, NotFound, Refused

LIST = """select c.id, c.name, c.position, (select count(*)::integer from product p
  where p.merchant_id = c.merchant_id and p.category_id = c.id and p.state <> 'gone') as products
from category c where c.merchant_id = $1 order by c.position, c.id"""
PUT = """insert into category (merchant_id, id, name, position) values ($1, $2, $3, $4)
on conflict (merchant_id, id) do update set name = $3, position = $4"""
EMPTY = """with emptied as (
  update product set category_id = null where merchant_id = $1 and category_id = $2 returning id)
select coalesce(array_agg(id), '{}') from emptied"""
DROP = "delete from category where merchant_id = $1 and id = $2"


class NameTaken(Refused):
    """There is a category of that name already."""

    code, status, zh = "category.name_taken", 409, "已有同名分类。"


class Category(msgspec.Struct, frozen=True):
    """A part of the shelf, and how many products are in it."""

    id: UUID
    name: str
    position: int
    products: int


async def listed(tx: Tx) -> list[Category]:
    """List the categories in the merchant's order."""
    return await tx.all(Category, LIST, tx.merchant)


async def put(tx: Tx, *, category: UUID, name: str, position: int) -> None:
    """Add a category, or change one."""
    name = name.strip()
    if not 1 <= len(name) <= 20:
        raise Invalid(field="name", problem="1-20")
    try:
        await tx.run(PUT, tx.merchant, category, name, position)
    except asyncpg.UniqueViolationError as error:
        if violates(error, "category_name_once"):
            raise NameTaken from None
        raise
    await index.category_changed(tx, category=category)
    await stock.changed(tx, products=[])  # customers read the list from the shelf


async def drop(tx: Tx, *, category: UUID) -> None:
    """Remove a category; its products stay, uncategorized."""
    emptied = await tx.value(EMPTY, tx.merchant, category)
    if not await tx.run(DROP, tx.merchant, category):
        raise NotFound
    await index.category_changed(tx, category=category)
    await stock.changed(tx, products=emptied)
