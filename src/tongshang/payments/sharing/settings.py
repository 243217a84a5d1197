"""Whether a merchant shares what is paid, how long after the payment, and how much at most."""

from dataclasses import dataclass
from datetime import datetime

from tongshang.payments import limits
from tongshang.platform.db import Tx
from tongshang.platform.errors import Invalid, Refused

ONE = "select enabled, hold_days, max_per_myriad, changed_at from sharing_setting where merchant_id = $1"
BEGIN = """
insert into sharing_setting (merchant_id, enabled, hold_days, max_per_myriad, changed_at)
values ($1, false, $2, $3, $4) on conflict (merchant_id) do nothing"""
SAVE = """
update sharing_setting set enabled = $2, hold_days = $3, max_per_myriad = $4, changed_at = $5 where merchant_id = $1"""
RATIO = """
update sharing_setting set max_per_myriad = $2, changed_at = $3 where merchant_id = $1 and max_per_myriad > $2"""
# Orders are placed for sharing while it is on and somebody would get something.
FLAG = """
update pay_account a set sharing = not a.sharing, version = a.version + 1
where a.merchant_id = $1 and a.sharing <> ($2 and exists (
  select from sharing_receiver r where r.merchant_id = a.merchant_id and r.account_id = a.id and r.state = 'active'
    and r.per_myriad > 0))"""
SUM = """
select coalesce(sum(r.per_myriad), 0)::int from sharing_receiver r
join pay_account a on a.merchant_id = r.merchant_id and a.id = r.account_id and a.in_use
where r.merchant_id = $1 and r.state in ('adding', 'active')"""
HOLD_DAYS, MOST_DAYS = 7, 28


class TooGenerous(Refused):
    """All rules together may share {most} of every 10,000 at most; these are {asked}."""

    code, status, zh = "sharing.too_generous", 409, "所有接收方的比例合计不能超过万分之 {most}，现在是万分之 {asked}。"


@dataclass(frozen=True)
class Setting:
    """How a merchant shares; `max_per_myriad` as agreed with WeChat."""

    enabled: bool
    hold_days: int
    max_per_myriad: int
    changed_at: datetime


async def current(tx: Tx) -> Setting:
    """Give how the merchant shares."""
    return await tx.first(Setting, ONE, tx.merchant) or Setting(
        False, HOLD_DAYS, limits.at(tx.now).share_per_myriad, tx.now
    )


async def hold(tx: Tx) -> Setting:
    """Give how the merchant shares, and hold it: whoever changes rules stands in line here."""
    await tx.run(BEGIN, tx.merchant, HOLD_DAYS, limits.at(tx.now).share_per_myriad, tx.now)
    return await tx.one(Setting, ONE + " for update", tx.merchant)


async def save(tx: Tx, *, enabled: bool, hold_days: int, max_per_myriad: int) -> Setting:
    """Set how the merchant shares; new orders follow it at once. Raises Invalid, TooGenerous."""
    if not 0 <= hold_days <= MOST_DAYS:
        raise Invalid(field="hold_days", problem=f"0-{MOST_DAYS}")
    if not 0 < max_per_myriad <= 10_000:
        raise Invalid(field="max_per_myriad", problem="1-10000")
    await hold(tx)
    await tx.run(SAVE, tx.merchant, enabled, hold_days, max_per_myriad, tx.now)
    await check(tx, most=max_per_myriad)
    await apply(tx)
    return await current(tx)


async def check(tx: Tx, *, most: int) -> None:
    """Refuse rules that share more than may be shared; raises TooGenerous."""
    asked: int = await tx.value(SUM, tx.merchant)
    if asked > most:
        raise TooGenerous(most=most, asked=asked)


async def lower(tx: Tx, *, ratio: int) -> None:
    """Take WeChat's own word for the highest part, where it is lower than what somebody typed."""
    await hold(tx)
    await tx.run(RATIO, tx.merchant, ratio, tx.now)


async def apply(tx: Tx) -> None:
    """Have orders placed for sharing from now on, or no longer."""
    await tx.run(FLAG, tx.merchant, (await current(tx)).enabled)
