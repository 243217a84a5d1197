"""Telling the merchant what runs low: once per falling below, and again only after there was more in between."""

from uuid import UUID

import msgspec

from tongshang.catalog.facts import LowStock
from tongshang.catalog.model import LOW
from tongshang.catalog.stock import HERE
from tongshang.platform.db import Tx
from tongshang.platform.world import World

MERCHANTS = "select array(select distinct merchant_id from shelf_version)"
TOLD = f"""
with low as (
  select s.variant_id, s.place_id, v.product_id, p.title, v.options,
    greatest(s.on_hand - s.reserved - s.safety, 0) as left
  from stock s join variant v on v.merchant_id = s.merchant_id and v.id = s.variant_id
  join product p on p.merchant_id = v.merchant_id and p.id = v.product_id
  where s.merchant_id = $1 and s.place_id = {HERE} and not v.gone and p.state = 'on'
    and s.on_hand - s.reserved - s.safety <= coalesce(s.warn_at, $2)),
refilled as (
  delete from low_stock k where k.merchant_id = $1 and not exists (
    select 1 from low l where l.variant_id = k.variant_id and l.place_id = k.place_id)),
fresh as (
  insert into low_stock (merchant_id, variant_id, place_id, told_at)
  select $1, l.variant_id, l.place_id, $3 from low l on conflict do nothing returning variant_id)
select l.product_id, l.variant_id, l.title, l.options, l.left from low l join fresh f on f.variant_id = l.variant_id
order by l.variant_id"""


class _Low(msgspec.Struct, frozen=True):
    product_id: UUID
    variant_id: UUID
    title: str
    options: list[str]
    left: int


async def look(tx: Tx) -> None:
    """Tell what has run low since the last look; `warn_at` of a variant decides, else as everybody."""
    for one in await tx.all(_Low, TOLD, tx.merchant, LOW, tx.now):
        name = " ".join([one.title, *one.options])
        await tx.emit(LowStock(one.product_id, one.variant_id, name, one.left))


async def look_everywhere(world: World) -> None:
    """Look at each merchant's shelf."""
    async with world.system_tx() as tx:
        merchants: list[UUID] = await tx.value(MERCHANTS)
    for merchant in merchants:
        async with world.tx(merchant) as tx:
            await look(tx)
