"""Groups of goods: put together by hand and in an order, or by a rule: whatever has one of these tags or categories.

A group can be shown in the store, listed, and named by a promotion as what it is for.
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import msgspec

from tongshang.catalog import stock
from tongshang.platform.db import Tx, violates
from tongshang.platform.errors import Invalid, NotFound, Refused

MOST_GROUPS = 100
MOST_MEMBERS = 500
HAS = """(g.by_rule and (p.tags ?| array(select jsonb_array_elements_text(g.tags))
      or p.category_id = any(array(select jsonb_array_elements_text(g.categories)::uuid)))
    or exists (select 1 from product_group_member m where m.merchant_id = g.merchant_id and m.group_id = g.id
      and m.product_id = p.id))"""
LIST = f"""select g.id, g.name, g.position, g.by_rule, g.tags, g.categories, (select count(*)::integer from product p
    where p.merchant_id = g.merchant_id and p.state <> 'gone' and {HAS}) as products
from product_group g where g.merchant_id = $1 order by g.position, g.id"""
ONE = f"select * from ({LIST}) g where g.id = $2"
MEMBERS = """select array(select m.product_id from product_group_member m
  join product p on p.merchant_id = m.merchant_id and p.id = m.product_id and p.state <> 'gone'
  where m.merchant_id = $1 and m.group_id = $2 order by m.position, m.product_id)"""
PUT = """insert into product_group (merchant_id, id, name, position, by_rule, tags, categories)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (merchant_id, id) do update set name = $3, position = $4, by_rule = $5, tags = $6, categories = $7"""
EMPTY = "delete from product_group_member where merchant_id = $1 and group_id = $2"
JOIN = """insert into product_group_member (merchant_id, group_id, product_id, position)
select $1, $2, p.id, t.nth from unnest($3::uuid[]) with ordinality as t(id, nth)
join product p on p.merchant_id = $1 and p.id = t.id and p.state <> 'gone'"""
DROP = "delete from product_group where merchant_id = $1 and id = $2"
COUNT = "select count(*) from product_group where merchant_id = $1 and id <> $2"
OF = f"""select p.id as product_id, array_agg(g.id) as groups from product p
join product_group g on g.merchant_id = p.merchant_id
where p.merchant_id = $1 and p.id = any($2) and {HAS} group by p.id"""


class NameTaken(Refused):
    """There is a group of that name already."""

    code, status, zh = "group.name_taken", 409, "已有同名分组。"


class GroupAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group as the merchant writes it: either members, or tags and categories, or nothing yet."""

    name: str
    position: int = 0
    members: list[UUID] = []
    tags: list[str] = []
    categories: list[UUID] = []


class Group(msgspec.Struct, frozen=True):
    """A group, and how many goods are in it."""

    id: UUID
    name: str
    position: int
    by_rule: bool
    tags: list[str]
    categories: list[UUID]
    products: int


class _Of(msgspec.Struct, frozen=True):
    product_id: UUID
    groups: list[UUID]


async def listed(tx: Tx) -> list[Group]:
    """List the groups in the merchant's order."""
    return await tx.all(Group, LIST, tx.merchant)


async def get(tx: Tx, *, group: UUID) -> Group:
    """Give a group, or raise NotFound."""
    return await tx.one(Group, ONE, tx.merchant, group)


async def members(tx: Tx, *, group: UUID) -> list[UUID]:
    """List what was put into a group by hand, in its order."""
    found: list[UUID] = await tx.value(MEMBERS, tx.merchant, group)
    return found


async def of(tx: Tx, *, products: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """Say which groups each of these products is in."""
    return {row.product_id: set(row.groups) for row in await tx.all(_Of, OF, tx.merchant, list(products))}


async def put(tx: Tx, *, group: UUID, asked: GroupAsked) -> None:
    """Write a group down, as a whole."""
    name = asked.name.strip()
    if not 1 <= len(name) <= 20:
        raise Invalid(field="name", problem="1-20")
    if asked.members and (asked.tags or asked.categories):
        raise Invalid(
            field="members",
            problem="members or tags and categories, not both",
            zh="手动选择和按标签、分类自动归组只能二选一",
        )
    if len(asked.members) > MOST_MEMBERS or len(set(asked.members)) != len(asked.members):
        raise Invalid(field="members", problem=f"≤ {MOST_MEMBERS}, distinct")
    if len(asked.tags) > 20 or len(asked.categories) > 20 or any(not 1 <= len(tag) <= 20 for tag in asked.tags):
        raise Invalid(field="tags", problem="≤ 20, each 1-20")
    if await tx.value(COUNT, tx.merchant, group) >= MOST_GROUPS:
        raise Invalid(field="name", problem=f"{MOST_GROUPS} groups at most", zh=f"最多 {MOST_GROUPS} 个分组")
    by_rule = bool(asked.tags or asked.categories)
    categories = [str(one) for one in asked.categories]
    try:
        await tx.run(PUT, tx.merchant, group, name, asked.position, by_rule, asked.tags, categories)
    except asyncpg.UniqueViolationError as error:
        if violates(error, "product_group_name_once"):
            raise NameTaken from None
        raise
    await tx.run(EMPTY, tx.merchant, group)
    if await tx.run(JOIN, tx.merchant, group, asked.members) != len(asked.members):
        raise Invalid(field="members", problem="unknown")
    await stock.changed(tx, products=[])


async def drop(tx: Tx, *, group: UUID) -> None:
    """Remove a group; its goods stay."""
    if not await tx.run(DROP, tx.merchant, group):
        raise NotFound
    await stock.changed(tx, products=[])
