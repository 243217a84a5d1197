"""What a shop allows itself to give at once and in a day; who promises holds this row, so no day is overrun."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tongshang.payments.payouts import rules
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused
from tongshang.platform.money import Fen, yuan

OPEN = """insert into payout_terms (merchant_id, most_fen, day_fen, updated_at) values ($1, $2, $3, $4)
on conflict (merchant_id) do nothing"""
ONE = "select most_fen, day_fen from payout_terms where merchant_id = $1"
HELD = ONE + " for update"
SAVE = "update payout_terms set most_fen = $2, day_fen = $3, updated_at = $4 where merchant_id = $1"
# What came back does not count.
GIVEN = """select coalesce(sum(amount_fen), 0)::bigint from payout
where merchant_id = $1 and promised_at >= $2 and promised_at < $3 and state not in ('failed', 'expired', 'canceled')"""
HIGHEST_FEN = 100_000_000


class DayFull(Refused):
    """Only ¥{left} may still be paid out today."""

    code, status, zh = "payout.day_full", 409, "今日可付款额度仅剩 ¥{left}。"


@dataclass(frozen=True)
class Terms:
    """The most at once, and in a day (fen)."""

    most_fen: Fen
    day_fen: Fen


async def current(tx: Tx) -> Terms:
    """Give what is allowed."""
    law = rules.at(tx.now)
    return await tx.first(Terms, ONE, tx.merchant) or Terms(law.most_fen, law.day_fen)


async def hold(tx: Tx) -> Terms:
    """Give what is allowed, and hold it to the end of the transaction."""
    law = rules.at(tx.now)
    await tx.run(OPEN, tx.merchant, law.most_fen, law.day_fen, tx.now)
    return await tx.one(Terms, HELD, tx.merchant)


async def save(tx: Tx, *, most_fen: Fen, day_fen: Fen) -> Terms:
    """Set what is allowed, as WeChat's own desk allows it."""
    if not (least := rules.at(tx.now).least_fen) <= most_fen <= HIGHEST_FEN:
        raise Invalid(field="most_fen", problem=f"{least}-{HIGHEST_FEN}")
    if not most_fen <= day_fen <= HIGHEST_FEN * 100:
        raise Invalid(field="day_fen", problem="at least one pay-out's most", zh="不能低于单笔上限")
    await hold(tx)
    await tx.run(SAVE, tx.merchant, most_fen, day_fen, tx.now)
    return Terms(most_fen, day_fen)


async def given_today(tx: Tx) -> Fen:
    """Say how much was promised on this day of Shanghai and did not come back."""
    start = datetime.combine(tx.now.astimezone(SHANGHAI).date(), time(0), SHANGHAI)
    found: Fen = await tx.value(GIVEN, tx.merchant, start, start + timedelta(days=1))
    return found


async def check_day(tx: Tx, allowed: Terms, amount: Fen) -> None:
    """Refuse what would be too much for one day; the terms must be held."""
    if amount > (left := allowed.day_fen - await given_today(tx)):
        raise DayFull(left=yuan(max(left, 0)))
