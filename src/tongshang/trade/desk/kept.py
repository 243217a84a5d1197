"""Views of the order list that are looked at often: a name, and the filters it stands for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound, Refused
from tongshang.trade.desk.filters import Filters

MOST = 20
LONGEST_NAME = 20
LIST = """select id, staff_id, name, filters, created_at from order_view
where merchant_id = $1 and (staff_id = $2 or staff_id is null) order by created_at, id"""
PUT = """insert into order_view (merchant_id, id, staff_id, name, filters, created_at)
values ($1, $2, $3, $4, $5, $6)
on conflict (merchant_id, id) do update set name = $4, filters = $5, staff_id = $3
where order_view.staff_id = $7 or order_view.staff_id is null"""
DROP = "delete from order_view where merchant_id = $1 and id = $2 and (staff_id = $3 or staff_id is null)"
OTHERS = """select count(*) from order_view
where merchant_id = $1 and (staff_id = $2 or staff_id is null) and id <> $3"""


class TooMany(Refused):
    """Twenty views are the most; remove one first."""

    code, status, zh = "order_view.too_many", 409, "最多保存 20 个视图，请先删除一个。"


@dataclass(frozen=True)
class View:
    """A view that is kept; without a member of staff it is everybody's."""

    id: UUID
    staff_id: UUID | None
    name: str
    filters: Filters
    created_at: datetime


async def listed(tx: Tx, *, staff: UUID) -> list[View]:
    """List one's own views and everybody's, in the order they were made."""
    return await tx.all(View, LIST, tx.merchant, staff)


async def put(tx: Tx, *, view: UUID, staff: UUID, name: str, filters: Filters, shared: bool) -> None:
    """Keep a view under a name, for oneself or for everybody; somebody else's own is not found."""
    if not 1 <= len(name := name.strip()) <= LONGEST_NAME:
        raise Invalid(field="name", problem=f"1-{LONGEST_NAME}")
    if await tx.value(OTHERS, tx.merchant, staff, view) >= MOST:
        raise TooMany
    whose = None if shared else staff
    if not await tx.run(PUT, tx.merchant, view, whose, name, msgspec.to_builtins(filters), tx.now, staff):
        raise NotFound


async def drop(tx: Tx, *, view: UUID, staff: UUID) -> None:
    """Forget a view; somebody else's own is not found."""
    if not await tx.run(DROP, tx.merchant, view, staff):
        raise NotFound
