"""Where reviews show pictures."""

from collections.abc import Sequence
from uuid import UUID

from tongshang.media.uses import Use
from tongshang.platform.db import Tx

USED = """select w.id as picture_id, 'review' as kind, r.id, r.nick as title from unnest($2::uuid[]) as w(id)
join review r on r.merchant_id = $1 and (r.pictures ? w.id::text or r.more_pictures ? w.id::text)"""


async def in_reviews(tx: Tx, wanted: Sequence[UUID]) -> list[Use]:
    """Fill media's USES seam: the reviews that show these pictures."""
    return await tx.all(Use, USED, tx.merchant, list(wanted))
