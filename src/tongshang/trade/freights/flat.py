"""The flat rate: what a shop charges for sending where no template says otherwise."""

from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid
from tongshang.trade.prices.rules import Freight

FREIGHT = "select flat_fen, free_over_fen from freight where merchant_id = $1"
PUT_FREIGHT = """insert into freight (merchant_id, flat_fen, free_over_fen) values ($1, $2, $3)
on conflict (merchant_id) do update set flat_fen = $2, free_over_fen = $3"""
MAX_FREIGHT = 100_000


async def get(tx: Tx) -> Freight:
    """Say what the merchant charges for sending."""
    return await tx.first(Freight, FREIGHT, tx.merchant) or Freight()


async def put(tx: Tx, *, flat_fen: int, free_over_fen: int | None) -> None:
    """Set a flat rate, and from what amount of goods on it is free (fen; None: never)."""
    if not 0 <= flat_fen <= MAX_FREIGHT or (free_over_fen is not None and free_over_fen < 1):
        raise Invalid(field="flat_fen", problem=f"0-{MAX_FREIGHT}")
    await tx.run(PUT_FREIGHT, tx.merchant, flat_fen, free_over_fen)
