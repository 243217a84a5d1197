"""Balances that nobody has paid and that end soon, each given once."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from tongshang.platform.db import Tx

# Of a window shorter than twice the time, in its middle: it has only just been said that it is open.
SOON = """update order_balance set reminded_at = $2 where merchant_id = $1 and id = any(array(
  select id from order_balance where merchant_id = $1 and state = 'owed' and reminded_at is null
    and opens_at <= $2 and pay_by > $2
    and (pay_by <= $4 or pay_by <= $2 + $3 and opens_at + (pay_by - opens_at) / 2 <= $2)
  order by pay_by limit 500 for update skip locked))
returning order_id, amount_fen, pay_by"""


class Ending(msgspec.Struct, frozen=True):
    """What is still owed, and until when."""

    order_id: UUID
    amount_fen: int
    pay_by: datetime


async def soon(tx: Tx, *, before: timedelta, last_chance: datetime) -> list[Ending]:
    """Take note of open balances that end within `before`, or by `last_chance`; each is given once."""
    return await tx.all(Ending, SOON, tx.merchant, tx.now, before, last_chance)
