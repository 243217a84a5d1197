"""Whoever paid a deposit is told when the balance can be paid, and once more before it is too late."""

from datetime import datetime, timedelta
from uuid import UUID

from tongshang.fulfilment import telling as orders_told
from tongshang.messages.notices import rules as reminder_rules
from tongshang.messages.notices import telling
from tongshang.messages.notices.model import Occasion
from tongshang.messages.notices.rules import ReminderRules
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.trade.presales import balances, ending
from tongshang.trade.presales.model import B


async def tell_open(tx: Tx, *, order: UUID) -> timedelta:
    """Tell the buyer that the balance can be paid now; says how long to wait when it is night."""
    if not await telling.planned(tx, occasion=Occasion.BALANCE):
        return timedelta()
    due = await balances.of_order(tx, order=order)
    if due.state != B.OWED or tx.now >= due.pay_by:
        return timedelta()
    if still := (await reminder_rules.get(tx)).quiet(tx.now):
        return still
    await _tell(tx, Occasion.BALANCE, due.order_id, due.amount_fen, due.pay_by)
    return timedelta()


async def remind(tx: Tx, *, rules: ReminderRules, last_chance: datetime) -> None:
    """Tell everybody whose balance ends within the merchant's hours, or before anybody may be told again."""
    if not rules.balance_hours or not await telling.planned(tx, occasion=Occasion.BALANCE_ENDING):
        return
    before = timedelta(hours=rules.balance_hours)
    for one in await ending.soon(tx, before=before, last_chance=last_chance):
        await _tell(tx, Occasion.BALANCE_ENDING, one.order_id, one.amount_fen, one.pay_by)


async def _tell(tx: Tx, occasion: Occasion, order: UUID, amount_fen: int, pay_by: datetime) -> None:
    until = f"{pay_by.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    await orders_told.tell(
        tx, order=order, occasion=occasion, subject=order, amount_fen=amount_fen, until=until
    )  # fmt: skip
