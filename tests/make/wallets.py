"""People who pay ahead, and what must be true of every wallet whatever happened."""

from typing import Any
from uuid import uuid4

from make.customers import Customer, Till
from tongshang.payments import checks as payment_checks
from tongshang.platform.db import Tx
from tongshang.trade import checks as trade_checks
from tongshang.wallet import checks as wallet_checks


async def check(tx: Tx) -> None:
    """Have the money's own checks find nothing: wallets, orders, payments, ledger."""
    for one in (*wallet_checks.checks, *trade_checks.checks, *payment_checks.checks):
        assert await one.find(tx) == [], one.en


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
