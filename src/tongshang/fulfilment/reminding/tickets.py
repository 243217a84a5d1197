"""Whoever holds a ticket is told once before it ends, of all his tickets that end then."""

from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import msgspec

from tongshang.fulfilment import telling as orders_told
from tongshang.messages.notices import telling
from tongshang.messages.notices.model import Occasion
from tongshang.messages.notices.rules import ReminderRules
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.tenancy import merchants
from tongshang.trade import orders

# Of one that is good for less than twice the days, in the middle of its time: nobody is warned of what he just bought.
ENDING = """update ticket set reminded_at = $2 where merchant_id = $1 and id = any(array(
  select id from ticket where merchant_id = $1 and state = 'valid' and reminded_at is null and valid_until > $2
    and (valid_until <= $4 or valid_until <= $2 + $3 and valid_from + (valid_until - valid_from) / 2 <= $2)
  order by valid_until limit 500 for update skip locked))
returning id, order_id, fan_id, title, uses - used as left, valid_until"""
PAGE = "pages/tickets/tickets"


class Ending(msgspec.Struct, frozen=True):
    """A ticket that ends soon, and how often it could still be used."""

    id: UUID
    order_id: UUID
    fan_id: UUID
    title: str
    left: int
    valid_until: datetime


async def remind(tx: Tx, *, rules: ReminderRules, last_chance: datetime) -> None:
    """Tell everybody whose tickets end within the merchant's days, or before anybody may be told again."""
    if not rules.ticket_days or not await telling.planned(tx, occasion=Occasion.EXPIRING):
        return
    found = await tx.all(Ending, ENDING, tx.merchant, tx.now, timedelta(days=rules.ticket_days), last_chance)
    found.sort(key=lambda one: (one.fan_id, one.valid_until, one.id))
    for (fan, until), some in groupby(found, key=lambda one: (one.fan_id, one.valid_until)):
        await _tell(tx, fan, until, list(some))


async def _tell(tx: Tx, fan: UUID, until: datetime, some: list[Ending]) -> None:
    first = some[0]
    title = first.title[: orders_told.GOODS_MOST]
    values = {
        "goods": f"{title} 等 {len(some)} 张" if len(some) > 1 else title,
        "left": str(sum(one.left for one in some)),
        # Midnight is the end of the day before, to everybody.
        "until": f"{(until - timedelta(minutes=1)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "number": str((await orders.get(tx, order=first.order_id)).number),
        "shop": (await merchants.get(tx)).name,
    }
    await telling.tell(tx, occasion=Occasion.EXPIRING, subject=first.id, fan_id=fan, values=values, page=PAGE)
