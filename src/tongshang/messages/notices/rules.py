"""When people are reminded: how long before something ends, and never in the merchant's quiet hours."""

from datetime import datetime, timedelta

import msgspec

from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid

DAYS_MOST, HOURS_MOST, DAY_MINUTES = 90, 168, 24 * 60
COLUMNS = "ticket_days, balance_hours, quiet_from, quiet_until"
GET = f"select {COLUMNS} from reminder_rules where merchant_id = $1"
PUT = f"""insert into reminder_rules (merchant_id, {COLUMNS}, updated_at) values ($1, $2, $3, $4, $5, $6)
on conflict (merchant_id) do update set ticket_days = $2, balance_hours = $3, quiet_from = $4, quiet_until = $5,
  updated_at = $6"""


class ReminderRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How early people are reminded (0: not at all), and when not; minutes of Shanghai's day, over midnight, too."""

    ticket_days: int = 3
    balance_hours: int = 24
    quiet_from: int = 22 * 60
    quiet_until: int = 9 * 60

    def quiet(self, now: datetime) -> timedelta:
        """Say how long the quiet still lasts; nothing when it is not quiet."""
        local = now.astimezone(SHANGHAI)
        minute = local.hour * 60 + local.minute
        if (minute - self.quiet_from) % DAY_MINUTES >= (self.quiet_until - self.quiet_from) % DAY_MINUTES:
            return timedelta()
        into = timedelta(seconds=local.second, microseconds=local.microsecond)
        return timedelta(minutes=(self.quiet_until - minute) % DAY_MINUTES) - into

    def last_chance(self, now: datetime, *, every: timedelta) -> datetime:
        """Say until when what ends has to be told of now: the quiet's end, when it begins before the next look."""
        still = self.quiet(now + every)
        return now + every + still if still else now


async def get(tx: Tx) -> ReminderRules:
    """Give the merchant's rules, or those everybody begins with."""
    return await tx.first(ReminderRules, GET, tx.merchant) or ReminderRules()


async def put(tx: Tx, *, rules: ReminderRules) -> None:
    """Keep the merchant's rules."""
    limits = {"ticket_days": DAYS_MOST, "balance_hours": HOURS_MOST}
    limits |= {"quiet_from": DAY_MINUTES - 1, "quiet_until": DAY_MINUTES - 1}
    for field, most in limits.items():
        if not 0 <= getattr(rules, field) <= most:
            raise Invalid(field=field, problem=f"0-{most}")
    await tx.run(PUT, tx.merchant, rules.ticket_days, rules.balance_hours, rules.quiet_from, rules.quiet_until, tx.now)
