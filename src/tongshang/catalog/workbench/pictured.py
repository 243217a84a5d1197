"""Where the catalog shows pictures: on products, on variants, in descriptions."""

from collections.abc import Sequence
from uuid import UUID

from tongshang.media.uses import Use
from tongshang.platform.db import Tx

USED = """select distinct w.id as picture_id, 'product' as kind, p.id, p.title from unnest($2::uuid[]) as w(id)
join product p on p.merchant_id = $1 and p.state <> 'gone' and (p.pictures ? w.id::text
  or p.detail like '%' || replace(w.id::text, '-', '') || '%'
  or exists (select 1 from variant v where v.merchant_id = p.merchant_id and v.product_id = p.id and not v.gone
    and v.picture_id = w.id))"""


async def in_goods(tx: Tx, wanted: Sequence[UUID]) -> list[Use]:
    """Fill media's USES seam: the goods that show these pictures."""
    return await tx.all(Use, USED, tx.merchant, list(wanted))
