"""Reminders go out by the clock, outside the merchant's quiet hours."""

from datetime import datetime, timedelta
from uuid import UUID

from tongshang.fulfilment.reminding import balances, pickups, tickets
from tongshang.messages.conversations import contacts
from tongshang.messages.notices import plans
from tongshang.messages.notices import rules as reminder_rules
from tongshang.messages.notices.model import Occasion
from tongshang.platform.db import Tx
from tongshang.platform.facts import Reactions
from tongshang.platform.jobs import Again
from tongshang.platform.world import World
from tongshang.trade.facts import BalanceOpened, DepositPaid

reactions = Reactions("reminding")
EVERY = timedelta(minutes=10)
ENDINGS = [Occasion.EXPIRING, Occasion.PICKUP_ENDING, Occasion.BALANCE_ENDING]


@reactions.inside(DepositPaid)
async def keep_contact(tx: Tx, fact: DepositPaid) -> None:
    """A deposit is a payment, too: WeChat lets the account write to whoever paid for two days after that."""
    await contacts.keep(tx, fan_id=fact.fan_id, kind="pay", at=tx.now)


@reactions.inside(BalanceOpened)
async def tell_of_balance(tx: Tx, fact: BalanceOpened) -> None:
    """Tell the buyer of a presale that the balance can be paid, in the morning if it is night."""
    if still := await balances.tell_open(tx, order=fact.order_id):
        raise Again(still.total_seconds())


@reactions.every(EVERY)
async def remind(world: World, due: datetime) -> None:
    """Tell of tickets, pickups and balances that end soon, for every merchant who wants it told."""
    async with world.system_tx() as tx:
        merchants: list[UUID] = await plans.merchants(tx, occasions=ENDINGS)
    for merchant in merchants:
        async with world.tx(merchant) as tx:
            rules = await reminder_rules.get(tx)
            if rules.quiet(tx.now):
                continue
            last_chance = rules.last_chance(tx.now, every=2 * EVERY)  # a look may come late
            await tickets.remind(tx, rules=rules, last_chance=last_chance)
            await pickups.remind(tx, rules=rules, last_chance=last_chance)
            await balances.remind(tx, rules=rules, last_chance=last_chance)
