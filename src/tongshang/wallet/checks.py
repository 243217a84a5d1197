"""What must be true of stored value: a wallet is its lots and its moves, and all wallets are what the ledger owes."""

from dataclasses import dataclass

from tongshang.payments import ledger
from tongshang.platform.checks import Check, by_sql
from tongshang.platform.db import Tx

LOTS = """select w.fan_id from wallet w where w.merchant_id = $1 and not (
  (w.principal_fen, w.bonus_fen) = (select coalesce(sum(r.principal_left_fen), 0), coalesce(sum(r.bonus_left_fen), 0)
    from recharge r where r.merchant_id = $1 and r.fan_id = w.fan_id)
  and (w.principal_fen, w.bonus_fen, w.moves) = (select coalesce(sum(m.principal_fen), 0),
    coalesce(sum(m.bonus_fen), 0), count(*) from wallet_move m where m.merchant_id = $1 and m.fan_id = w.fan_id))"""
GAPS = """select m.fan_id || ' ' || m.nth from (
  select fan_id, nth, principal_fen, bonus_fen, principal_after_fen as p, bonus_after_fen as b,
    row_number() over w as n, lag(principal_after_fen, 1, 0::bigint) over w as p0,
    lag(bonus_after_fen, 1, 0::bigint) over w as b0
  from wallet_move where merchant_id = $1 window w as (partition by fan_id order by nth)) m
where m.p <> m.p0 + m.principal_fen or m.b <> m.b0 + m.bonus_fen or m.n <> m.nth"""
SUMS = """select
  (select coalesce(sum(principal_fen), 0)::bigint from wallet where merchant_id = $1) as principal_fen,
  (select coalesce(sum(bonus_fen), 0)::bigint from wallet where merchant_id = $1) as bonus_fen,
  (select coalesce(sum(amount_fen), 0)::bigint from order_tender
   where merchant_id = $1 and state = 'held') as held_fen"""


@dataclass(frozen=True)
class Owed:
    """What is in all wallets, and what is set aside for orders."""

    principal_fen: int
    bonus_fen: int
    held_fen: int


async def _owed(tx: Tx) -> list[str]:
    sums = await tx.one(Owed, SUMS, tx.merchant)
    booked = {one.account: -one.balance_fen for one in await ledger.balances(tx)}
    sides = {
        ledger.STORED_PRINCIPAL: sums.principal_fen,
        ledger.STORED_BONUS: sums.bonus_fen,
        ledger.TENDERS_HELD: sums.held_fen,
    }
    return [f"{account}: {fen} ≠ {booked[account]}" for account, fen in sides.items() if fen != booked[account]]


checks = [
    by_sql("wallets", "余额等于各笔充值剩余与变动之和", "a wallet is the sum of its lots and of its moves", LOTS),
    by_sql("wallet_moves", "余额变动首尾相接", "every move of a wallet follows from the one before", GAPS),
    Check("stored_value", "全部余额与账本一致", "all wallets are what the ledger says is owed", _owed),
]
