"""People who pay ahead, and what must be true of every wallet whatever happened."""

from typing import Any
from uuid import uuid4

from make.customers import Customer, Till
from tongshang.payments import ledger
from tongshang.platform.db import Tx

PEOPLE = """select count(*) from wallet w where merchant_id = $1 and not (
  (principal_fen, bonus_fen) = (select coalesce(sum(principal_left_fen), 0), coalesce(sum(bonus_left_fen), 0)
    from recharge r where r.merchant_id = $1 and r.fan_id = w.fan_id)
  and (principal_fen, bonus_fen, moves) = (select coalesce(sum(m.principal_fen), 0), coalesce(sum(m.bonus_fen), 0),
    count(*) from wallet_move m where m.merchant_id = $1 and m.fan_id = w.fan_id))"""
GAPS = """select count(*) from (select principal_fen, bonus_fen, principal_after_fen as p, bonus_after_fen as b,
    lag(principal_after_fen, 1, 0::bigint) over w as p0, lag(bonus_after_fen, 1, 0::bigint) over w as b0
  from wallet_move where merchant_id = $1 window w as (partition by fan_id order by nth)) m
where p <> p0 + principal_fen or b <> b0 + bonus_fen"""
SUMS = """select (select coalesce(sum(principal_fen), 0)::bigint from wallet where merchant_id = $1) as principal,
  (select coalesce(sum(bonus_fen), 0)::bigint from wallet where merchant_id = $1) as bonus,
  (select coalesce(sum(amount_fen), 0)::bigint from order_tender where merchant_id = $1 and state = 'held') as held,
  (select count(*) from orders o where merchant_id = $1 and tendered_fen <> (
    select coalesce(sum(amount_fen), 0) from order_tender t where t.merchant_id = $1 and t.order_id = o.id)) as torn"""


async def check(tx: Tx) -> None:
    """Every wallet is the sum of its lots and of its moves; all wallets are what the ledger says is owed."""
    assert await tx.value(PEOPLE, tx.merchant) == 0, "a wallet is not the sum of its lots or of its moves"
    assert await tx.value(GAPS, tx.merchant) == 0, "a move does not follow from the one before it"
    (sums,) = await tx._connection.fetch(SUMS, tx.merchant)
    booked = {one.account: -one.balance_fen for one in await ledger.balances(tx)}
    assert sums["torn"] == 0, "an order's tenders are not what the order says"
    assert sums["principal"] == booked[ledger.STORED_PRINCIPAL]
    assert sums["bonus"] == booked[ledger.STORED_BONUS]
    assert sums["held"] == booked[ledger.TENDERS_HELD]
    assert (await ledger.trial_balance(tx)).agrees


async def agrees(till: Till) -> None:
    """Check the books of a till."""
    async with till.shop.world.tx(till.shop.merchant) as tx:
        await check(tx)


async def offer(till: Till, pay_fen: int, bonus_fen: int) -> str:
    """Offer a recharge in the console; give its id."""
    asked = {"pay_fen": pay_fen, "bonus_fen": bonus_fen}
    return str((await till.do("PUT", f"/recharge-offers/{uuid4()}", asked))["id"])


async def recharge(till: Till, offer: str, *, by: Customer | None = None) -> dict[str, Any]:
    """Recharge as somebody does: ask, pay at the cashier, look."""
    customer, id = by or till.lily, str(uuid4())
    await customer.do("PUT", f"/recharges/{id}", {"offer_id": offer})
    bill = await customer.do("POST", f"/recharges/{id}/payment")
    assert (await till.shop.pay(bill))["result"] == "ok"
    await till.shop.settle()
    return dict(await customer.do("GET", f"/recharges/{id}"))


async def purse(customer: Customer) -> tuple[int, int]:
    """Say somebody's principal and bonus."""
    shown = await customer.do("GET", "/wallet")
    return shown["principal_fen"], shown["bonus_fen"]
