"""The sums by which two installs tell that a merchant is the same here and there."""

import msgspec

from tongshang.payments import ledger
from tongshang.platform.db import Tx
from tongshang.platform.schema import Table

NAMED = """select
  (select count(*) from orders where merchant_id = $1) as orders,
  (select coalesce(sum(total_fen), 0)::bigint from orders
   where merchant_id = $1 and paid_at is not null) as orders_paid_fen,
  (select coalesce(sum(refunded_fen), 0)::bigint from orders where merchant_id = $1) as orders_refunded_fen,
  (select coalesce(sum(on_hand), 0)::bigint from stock where merchant_id = $1) as stock_on_hand,
  (select coalesce(sum(reserved), 0)::bigint from stock where merchant_id = $1) as stock_reserved,
  (select coalesce(sum(principal_fen), 0)::bigint from wallet where merchant_id = $1) as wallet_principal_fen,
  (select coalesce(sum(bonus_fen), 0)::bigint from wallet where merchant_id = $1) as wallet_bonus_fen"""
WHOLE = ("integer", "bigint", "smallint")


class Named(msgspec.Struct, frozen=True):
    """The sums a person asks for."""

    orders: int
    orders_paid_fen: int
    orders_refunded_fen: int
    stock_on_hand: int
    stock_reserved: int
    wallet_principal_fen: int
    wallet_bonus_fen: int


async def named(tx: Tx) -> dict[str, int]:
    """Give the merchant's sums by name: orders, stock, wallets, and the trial balance account by account."""
    found = msgspec.structs.asdict(await tx.one(Named, NAMED, tx.merchant))
    trial = await ledger.trial_balance(tx)
    return {**found, **{f"ledger_{one.account}_fen": one.balance_fen for one in trial.balances}}


async def of_table(tx: Tx, table: Table, where: str = "") -> tuple[int, dict[str, str]]:
    """Count the merchant's rows of a table, and add up each of its columns of whole numbers."""
    columns = [column.name for column in table.columns if column.type in WHOLE]
    picked = "".join(f", coalesce(sum({name}::numeric), 0)::text" for name in columns)
    sql = f"select array[count(*)::text{picked}] from {table.name} where merchant_id = $1{where}"
    rows, *sums = await tx.value(sql, tx.merchant)
    return int(rows), dict(zip(columns, sums, strict=True))
