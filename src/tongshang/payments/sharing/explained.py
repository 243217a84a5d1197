"""What refunds took of shares, for whoever has to explain a refund fen by fen."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx
from tongshang.platform.money import Fen

OF_REFUNDS = """
select r.refund_id, v.label, r.amount_fen, r.state from sharing_return r
join sharing_share s on s.merchant_id = r.merchant_id and s.id = r.share_id
join sharing_receiver v on v.merchant_id = s.merchant_id and v.id = s.receiver_id
where r.merchant_id = $1 and r.refund_id = any($2) order by r.asked_at, r.id"""


class ShareBack(msgspec.Struct, frozen=True):
    """A part of a share that comes back because of a refund: asked, returned, failed, or left with its receiver."""

    refund_id: UUID
    label: str
    amount_fen: Fen
    state: str


async def of_refunds(tx: Tx, *, refunds: Sequence[UUID]) -> list[ShareBack]:
    """List what some refunds took of shares, oldest first."""
    return await tx.all(ShareBack, OF_REFUNDS, tx.merchant, list(refunds)) if refunds else []
