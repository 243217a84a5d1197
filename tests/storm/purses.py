"""Stored value in the storm: people pay ahead, pay orders with it, take some of it back; and the audit of every fen."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from make import wallets
from make.tills import Shop
from tongshang.payments import paying
from tongshang.wallet import accounts, offers, recharges, returns
from tongshang.wallet.offers import OfferAsked

if TYPE_CHECKING:
    from storm.books import Audit
    from storm.people import Customer

DEALS = ((2_000, 0), (10_000, 1_700), (30_000, 9_999))
RECHARGES = "select id, state, pay_fen, bonus_fen, returned_fen, voided_fen from recharge where merchant_id = $1"
RETURNS = "select id, state, amount_fen, voided_fen from recharge_return where merchant_id = $1"
TENDERS = """select t.order_id, sum(t.amount_fen)::bigint as fen, min(t.state) as state, max(t.state) as last
from order_tender t where t.merchant_id = $1 group by 1"""


async def offer(shop: Shop) -> list[UUID]:
    """Offer recharges, one of them with an odd gift."""
    made = []
    async with shop.world.tx(shop.merchant) as tx:
        for pay, bonus in DEALS:
            made.append(tx.new_id())
            await offers.put(tx, offer=made[-1], asked=OfferAsked(pay_fen=pay, bonus_fen=bonus))
    return made


async def pay_ahead(who: "Customer") -> str:
    """Top up, and leave the cashier now and then."""
    recharge = who.shop.id()
    async with who.world.tx(who.merchant) as tx:
        await recharges.open(tx, recharge=recharge, fan=who.fan, offer=who.rng.choice(who.scene.offers))
    async with who.world.tx(who.merchant) as tx:
        promised = await recharges.promise(tx, recharge=recharge, fan=who.fan)
    bill = await paying.prepare(who.world, who.merchant, charge=recharge, promised=promised)
    who.bills.append(bill)
    who.recharges.append(recharge)
    return "left the cashier" if who.rng.random() < 0.1 else await who.cashier(bill)


async def take_back(who: "Customer") -> str:
    """Take back what is left of a recharge."""
    if not who.recharges:
        return "nothing paid ahead"
    async with who.world.tx(who.merchant) as tx:
        made = await returns.ask(
            tx, return_id=who.shop.id(), recharge=who.rng.choice(who.recharges), fan=who.fan, reason="不想要了"
        )
    return f"{made.amount_fen} fen back, {made.voided_fen} void"


async def wish(who: "Customer", total: int) -> int:
    """Say how much of an order somebody pays from his balance: all he can, or some."""
    async with who.world.tx(who.merchant) as tx:
        has = (await accounts.of_fan(tx, fan=who.fan)).balance_fen
    most = min(has, total)
    return most if who.rng.random() < 0.6 else who.rng.randint(0, most)


async def audit(books: "Audit", orders: dict[UUID, Any], accounts_left: dict[str, int]) -> None:
    """Wallets are the sum of lots and moves, the ledger says the same, and no order is between two states."""
    async with books.shop.world.tx(books.shop.merchant) as tx:
        try:
            await wallets.check(tx)
        except AssertionError as wrong:
            books.check(False, str(wrong))
    tenders = {row["order_id"]: row for row in await books.rows(TENDERS)}
    for order, row in orders.items():
        told = tenders.get(order)
        books.same(f"tenders of {row['number']}", told["fen"] if told else 0, row["tendered_fen"])
        if told:
            ended = "taken" if row["paid"] else "given_back"
            books.same(f"tenders of {row['number']} end", {told["state"], told["last"]}, {ended})
    given = sum(row["bonus_fen"] - row["voided_fen"] for row in await books.rows(RECHARGES) if row["state"] == "paid")
    books.same("cost of what was given", accounts_left.pop("bonus_given", 0), given)
    for name in ("stored_principal", "stored_bonus"):  # checked above, wallet by wallet
        accounts_left.pop(name, None)
    for row in await books.rows(RETURNS):
        books.same(f"return {row['id']}", row["state"], "settled")
