"""How much there is of everything, what is running low, and how much is kept back."""

from datetime import datetime
from uuid import UUID

import msgspec

from tongshang.catalog import stock
from tongshang.catalog.kinds import keeping
from tongshang.catalog.model import LOW
from tongshang.catalog.stock import HERE, PLACE, Why
from tongshang.media import pictures
from tongshang.media.pictures import Picture
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, NotFound

LEVELS = f"""
select v.id, v.id as variant_id, v.product_id, p.title, v.options, v.sku_code, v.barcode,
  coalesce(v.picture_id, (p.pictures ->> 0)::uuid) as picture_id, p.state, p.kind,
  coalesce(s.on_hand, 0) as on_hand, coalesce(s.reserved, 0) as reserved, coalesce(s.safety, 0) as safety,
  s.warn_at, greatest(coalesce(s.on_hand - s.reserved - s.safety, 0), 0) as left, m.at as moved_at
from variant v join product p on p.merchant_id = v.merchant_id and p.id = v.product_id
left join stock s on s.merchant_id = v.merchant_id and s.variant_id = v.id and s.place_id = {HERE}
left join stock_move m on m.merchant_id = v.merchant_id and m.variant_id = v.id and m.place_id = s.place_id
  and m.nth = s.moves
where v.merchant_id = $1 and not v.gone and p.state <> 'gone' and p.kind <> 'bundle'
  and ($2 = '' or p.title ilike '%' || $2 || '%' or v.sku_code ilike $2 || '%' or v.barcode = $2)
  and ($3 = '' or ($3 = 'low' and p.state = 'on'
      and coalesce(s.on_hand - s.reserved - s.safety, 0) <= coalesce(s.warn_at, $4))
    or ($3 = 'out' and p.state = 'on' and coalesce(s.on_hand - s.reserved - s.safety, 0) <= 0))
  and ($5::uuid is null or (v.product_id, v.position, v.id) < (
    select w.product_id, w.position, w.id from variant w where w.merchant_id = $1 and w.id = $5))
order by v.product_id desc, v.position desc, v.id desc limit $6"""
ONE = f"select * from ({LEVELS.partition('where')[0]} where v.merchant_id = $1 and v.id = $2) l"
KEEP_BACK = """insert into stock (merchant_id, variant_id, place_id, on_hand, safety, warn_at)
select $1, v.id, $5, 0, $3, $4 from variant v where v.merchant_id = $1 and v.id = $2
on conflict (merchant_id, variant_id, place_id) do update set safety = $3, warn_at = $4"""
PRODUCT = "select product_id from variant where merchant_id = $1 and id = $2"


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """How much there is of one variant."""

    id: UUID
    variant_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    sku_code: str
    barcode: str
    picture_id: UUID | None
    state: str
    on_hand: int
    reserved: int
    safety: int
    warn_at: int | None
    left: int
    kind: str
    moved_at: datetime | None
    picture: Picture | None = None


async def listed(tx: Tx, *, text: str, section: str, after: UUID | None, limit: int) -> list[Level]:
    """List variants with their stock, newest goods first; `section` is all, low or out. One more tells of more."""
    if section not in ("", "low", "out"):
        raise Invalid(field="state", problem=section)
    found = await tx.all(Level, LEVELS, tx.merchant, text.strip(), section, LOW, after, limit + 1)
    shown = await pictures.find(tx, (level.picture_id for level in found))
    return [
        msgspec.structs.replace(level, picture=shown.get(level.picture_id) if level.picture_id else None)
        for level in found
    ]


async def one(tx: Tx, *, variant: UUID) -> Level:
    """Give the stock of one variant."""
    found = await tx.one(Level, ONE, tx.merchant, variant)
    shown = await pictures.find(tx, [found.picture_id])
    return msgspec.structs.replace(found, picture=shown.get(found.picture_id) if found.picture_id else None)


async def keep_back(tx: Tx, *, variant: UUID, safety: int, warn_at: int | None) -> None:
    """Keep some pieces back from the online shop, and say from how few left on to warn (None: as everybody)."""
    if not 0 <= safety <= 1_000_000 or not (warn_at is None or 0 <= warn_at <= 1_000_000):
        raise Invalid(field="safety", problem="0-1000000")
    if not await tx.run(KEEP_BACK, tx.merchant, variant, safety, warn_at, PLACE):
        raise NotFound
    await stock.changed(tx, products=[await tx.value(PRODUCT, tx.merchant, variant)])


async def adjust(tx: Tx, *, variant: UUID, more: int, why: Why) -> None:
    """Add pieces, or take some away, with the reason why; refuses to go below what unpaid orders hold."""
    if not why.note.strip():
        raise Invalid(field="note", problem="required")
    if not -1_000_000 <= more <= 1_000_000 or more == 0:
        raise Invalid(field="quantity", problem="≠ 0")
    await one(tx, variant=variant)
    await keeping.refuse_by_hand(tx, variant=variant)
    await stock.move(tx, items={variant: more}, why=why)
