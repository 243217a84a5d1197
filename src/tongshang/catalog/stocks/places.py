"""The places where goods lie. Everybody has one without doing anything; what is sold online is sold from there."""

from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.catalog.stock import PLACE
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid

FIRST = """insert into stock_place (merchant_id, id, name, is_default, created_at) values ($1, $2, '店铺', true, $3)
on conflict do nothing"""
PUT = """insert into stock_place (merchant_id, id, name, created_at) values ($1, $2, $3, $4)
on conflict (merchant_id, id) do update set name = $3"""
LIST = """select id, name, is_default, created_at from stock_place where merchant_id = $1
order by is_default desc, created_at, id"""


class StockPlace(msgspec.Struct, frozen=True):
    """A place where goods lie."""

    id: UUID
    name: str
    is_default: bool
    created_at: datetime


async def add(tx: Tx, *, place: UUID, name: str) -> None:
    """Write a place down under the caller's own id, or give it another name (1-20 characters)."""
    if not 1 <= len(name.strip()) <= 20:
        raise Invalid(field="name", problem="1-20")
    await tx.run(FIRST, tx.merchant, PLACE, tx.now)
    await tx.run(PUT, tx.merchant, place, name.strip(), tx.now)


async def listed(tx: Tx) -> list[StockPlace]:
    """List the places, the default one first."""
    return await tx.all(StockPlace, LIST, tx.merchant)
