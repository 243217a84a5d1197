"""Where after-sales shows pictures."""

from collections.abc import Sequence
from uuid import UUID

from tongshang.media.uses import Use
from tongshang.platform.db import Tx

USED = """select w.id as picture_id, 'aftersale' as kind, a.id, a.number::text as title from unnest($2::uuid[]) as w(id)
join aftersale a on a.merchant_id = $1 and (a.pictures ? w.id::text or exists (
  select 1 from aftersale_entry e where e.merchant_id = $1 and e.case_id = a.id and e.pictures ? w.id::text))"""


async def in_cases(tx: Tx, wanted: Sequence[UUID]) -> list[Use]:
    """Fill media's USES seam: the cases that show these pictures."""
    return await tx.all(Use, USED, tx.merchant, list(wanted))
