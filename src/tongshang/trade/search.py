"""The few facts of other floors that are shown beside orders: who bought, and how it was paid."""

from typing import Any
from uuid import UUID

from tongshang.payments import charges
from tongshang.platform.db import Tx

NAMES = """select coalesce(jsonb_object_agg(id, nickname), '{}'::jsonb) from fan
where merchant_id = $1 and id = any($2) and nickname is not null"""


async def fan_names(tx: Tx, *, ids: list[UUID]) -> dict[UUID, str]:
    """Say what customers call themselves, where they told us."""
    found: dict[str, str] = await tx.value(NAMES, tx.merchant, ids)
    return {UUID(fan): name for fan, name in found.items()}


async def charge(tx: Tx, *, subject: UUID) -> dict[str, Any] | None:
    """Tell how an order was paid."""
    found = await charges.of_subject(tx, subject=subject)
    if found is None:
        return None
    return {
        "number": found.id.hex,
        "transaction_id": getattr(found, "transaction_id", None),
        "state": found.state,
        "amount_fen": found.amount_fen,
        "paid_at": getattr(found, "paid_at", None),
    }
