"""Where the shop shows pictures: its sign, and its pages as they are published now."""

from collections.abc import Sequence
from uuid import UUID

from tongshang.media.uses import Use
from tongshang.platform.db import Tx

USED = """select w.id as picture_id, 'shop' as kind, null::uuid as id, s.name as title from unnest($2::uuid[]) as w(id)
join shop s on s.merchant_id = $1 and s.logo_id = w.id
union all
select w.id, 'page', null, '首页 / Home page' from unnest($2::uuid[]) as w(id)
join page p on p.merchant_id = $1
join page_rev r on r.merchant_id = p.merchant_id and r.kind = p.kind and r.rev = p.rev
  and r.doc::text like '%' || w.id::text || '%'"""


async def in_shop(tx: Tx, wanted: Sequence[UUID]) -> list[Use]:
    """Fill media's USES seam: the sign and the pages that show these pictures."""
    return await tx.all(Use, USED, tx.merchant, list(wanted))
