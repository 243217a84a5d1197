"""Bundles: sold as one, made of other variants; so many are left as their scarcest part allows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from tongshang.catalog.kinds.terms import Part
from tongshang.catalog.stock import HERE
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.platform.money import allocate

PARTS = f"""
select b.bundle_id, b.variant_id, v.product_id, p.title, v.options, p.kind, p.terms, b.quantity, v.price_fen,
  coalesce(v.picture_id, (p.pictures ->> 0)::uuid) as picture_id, v.weight_g,
  case when v.gone or p.state = 'gone' then 0
    else greatest(coalesce(s.on_hand - s.reserved - s.safety, 0), 0) end as left
from bundle_part b join variant v on v.merchant_id = b.merchant_id and v.id = b.variant_id
join product p on p.merchant_id = v.merchant_id and p.id = v.product_id
left join stock s on s.merchant_id = v.merchant_id and s.variant_id = v.id and s.place_id = {HERE}
where b.merchant_id = $1 and b.bundle_id = any($2) order by b.bundle_id, b.position"""
EMPTY = "delete from bundle_part where merchant_id = $1 and bundle_id = $2"
ADD = """insert into bundle_part (merchant_id, bundle_id, variant_id, position, quantity)
select $1, $2, v.id, x.position, x.quantity
from jsonb_to_recordset($3::jsonb) as x(variant_id uuid, position integer, quantity integer)
join variant v on v.merchant_id = $1 and v.id = x.variant_id and not v.gone
join product p on p.merchant_id = $1 and p.id = v.product_id and p.kind <> 'bundle' and p.state <> 'gone'
  and p.terms -> 'presale' is null"""


class BundlePart(msgspec.Struct, frozen=True):
    """A part of a bundle as the catalog has it now; `left` counts pieces of the part, not bundles."""

    bundle_id: UUID
    variant_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    kind: str
    terms: dict[str, Any]
    quantity: int
    price_fen: int
    picture_id: UUID | None
    weight_g: int
    left: int


async def put(tx: Tx, *, bundle: UUID, parts: Sequence[Part]) -> None:
    """Say what a bundle is made of; refuses what is not there, and bundles within bundles."""
    await tx.run(EMPTY, tx.merchant, bundle)
    if not parts:
        return
    rows = [
        {"variant_id": part.variant_id, "position": position, "quantity": part.quantity}
        for position, part in enumerate(parts)
    ]
    if await tx.run(ADD, tx.merchant, bundle, rows) != len(parts):
        raise Invalid(field="terms.parts", problem="unknown")


async def parts_of(tx: Tx, *, bundles: Sequence[UUID]) -> dict[UUID, list[BundlePart]]:
    """List what bundles are made of, each with what is left of it."""
    found: dict[UUID, list[BundlePart]] = {}
    for part in await tx.all(BundlePart, PARTS, tx.merchant, list(bundles)) if bundles else []:
        found.setdefault(part.bundle_id, []).append(part)
    return found


def left_of(parts: Sequence[BundlePart]) -> int:
    """Say how many bundles can be made of what is left of the parts."""
    return min((part.left // part.quantity for part in parts), default=0)


async def left(tx: Tx, *, bundles: Sequence[UUID]) -> dict[UUID, int]:
    """Say how many of each bundle can be sold."""
    found = await parts_of(tx, bundles=bundles)
    return {bundle: left_of(found.get(bundle, [])) for bundle in bundles}


def shares(paid_fen: int, parts: Sequence[BundlePart]) -> list[int]:
    """Share what was paid for bundles among their parts, by the parts' own prices; the sum is exact."""
    return allocate(paid_fen, [part.price_fen * part.quantity for part in parts])
