"""Where messages show pictures: the library of materials, and the answers of automatic replies."""

from collections.abc import Sequence
from uuid import UUID

from tongshang.media.uses import Use
from tongshang.platform.db import Tx

USED = """select w.id as picture_id, 'material' as kind, m.id, m.name as title from unnest($2::uuid[]) as w(id)
join material m on m.merchant_id = $1 and m.picture_id = w.id
union all
select w.id, 'reply', r.id, r.name from unnest($2::uuid[]) as w(id)
join reply_rule r on r.merchant_id = $1 and r.messages::text like '%' || w.id::text || '%'"""


async def in_messages(tx: Tx, wanted: Sequence[UUID]) -> list[Use]:
    """Fill media's USES seam: the materials and automatic replies that show these pictures."""
    return await tx.all(Use, USED, tx.merchant, list(wanted))
