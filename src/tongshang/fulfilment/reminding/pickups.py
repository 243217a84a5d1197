"""Whoever has goods waiting in a shop is told once before they wait no longer, and once more after an extension."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec

from tongshang.fulfilment import pickups
from tongshang.fulfilment import telling as orders_told
from tongshang.messages.notices import telling
from tongshang.messages.notices.model import Occasion
from tongshang.messages.notices.rules import ReminderRules
from tongshang.platform.db import Tx

# Of goods that wait for less than twice the days, in the middle of their time: nobody is warned of what he just bought.
# After an extension that is over: it is told of at the next look, and is news.
ENDING = """update pickup set reminded_at = $2 where merchant_id = $1 and order_id = any(array(
  select order_id from pickup where merchant_id = $1 and state = 'waiting' and reminded_at is null and due_at > $2
    and (due_at <= $4 or due_at <= $2 + $3 and created_at + (due_at - created_at) / 2 <= $2)
  order by due_at limit 500 for update skip locked))
returning order_id, due_at"""


class Ending(msgspec.Struct, frozen=True):
    """Goods that wait no longer soon."""

    order_id: UUID
    due_at: datetime


async def remind(tx: Tx, *, rules: ReminderRules, last_chance: datetime) -> None:
    """Tell everybody whose goods wait no longer within the merchant's days, or before anybody may be told again."""
    if not rules.ticket_days or not await telling.planned(tx, occasion=Occasion.PICKUP_ENDING):
        return
    found = await tx.all(Ending, ENDING, tx.merchant, tx.now, timedelta(days=rules.ticket_days), last_chance)
    if not found:
        return
    where = await pickups.place(tx)
    for one in sorted(found, key=lambda one: (one.due_at, one.order_id)):
        # Each time that is promised is told of by itself: an extended one is a new one.
        subject = uuid5(one.order_id, one.due_at.isoformat())
        await orders_told.tell(
            tx, order=one.order_id, occasion=Occasion.PICKUP_ENDING, subject=subject, place=where.place,
            until=pickups.said(one.due_at),
        )  # fmt: skip
