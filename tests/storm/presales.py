"""Presales in the storm: deposits, balances while their window is open, orders let go; the audit of both payments."""

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from make.shops import make_product
from make.tills import Shop
from tongshang.payments import paying
from tongshang.trade.presales import balances, returning

if TYPE_CHECKING:
    from storm.books import Audit
    from storm.people import Actor, Customer

PRICE, DEPOSIT, STOCK = 30_000, 5_000, 8
OPENS, OPEN_FOR = timedelta(minutes=8), timedelta(hours=2)
BALANCES = """select id, order_id, amount_fen, state, refund_id from order_balance where merchant_id = $1"""
DEPOSITS = """select id, deposit_fen from orders where merchant_id = $1 and deposit_fen > 0"""
OWED = "select array(select id from orders where merchant_id = $1 and state = 'deposit' order by number)"
ENDED = (
    "select array(select id from orders where merchant_id = $1 and deposit_fen > 0 and state = 'closed' order by id)"
)
WAITING = "select array(select id from orders where merchant_id = $1 and state = 'deposit' and fan_id = $2 order by id)"


async def offer(shop: Shop) -> UUID:
    """Sell something ahead: a deposit now, the rest within two hours that begin soon."""
    now = shop.world.clock.now()
    terms = {
        "deposit_fen": DEPOSIT,
        "balance_from": (now + OPENS).isoformat(),
        "balance_until": (now + OPENS + OPEN_FOR).isoformat(),
        "ships_by": (now + timedelta(days=20)).date().isoformat(),
    }
    _, (variant,) = await make_product(
        shop.world, shop.merchant, title="头采龙井（预售）", prices=(PRICE,), stock=STOCK, terms={"presale": terms}
    )
    return variant


async def pay_balance(who: "Customer") -> str:
    """Pay what is still owed for an order; sometimes at two cashiers."""
    async with who.world.tx(who.merchant) as tx:
        owed: list[UUID] = await tx.value(WAITING, tx.merchant, who.fan)
    if not owed:
        return "nothing owed"
    order = who.rng.choice(owed)

    async def bill() -> dict[str, str]:
        async with who.world.tx(who.merchant) as tx:
            charge, promised = await balances.promise(tx, order=order, fan=who.fan)
        made = await paying.prepare(who.world, who.merchant, charge=charge.id, promised=promised)
        who.bills.append(made)
        return made

    if who.rng.random() < 0.1:
        await bill()
        return "left the cashier"
    return "; ".join([await who.cashier(await bill()) for _ in range(who.rng.choice((1, 1, 1, 2)))])


async def let_go(who: "Actor") -> str:
    """Let somebody's presale go, or give the deposit of one that has ended back; a double click is one."""
    async with who.world.tx(who.merchant) as tx:
        some = [*await tx.value(OWED, tx.merchant), *await tx.value(ENDED, tx.merchant)]
    if not some:
        return "no presale"
    order, refund = who.rng.choice(some), who.shop.id()
    for _ in range(who.rng.choice((1, 1, 2))):
        async with who.world.tx(who.merchant) as tx:
            await returning.let_go(tx, order=order, refund=refund)
    return str(order)


async def audit(books: "Audit", orders: dict[UUID, Any], paid: Counter[UUID]) -> dict[UUID, tuple[UUID, int]]:
    """Each presale has ended: both payments, or the deposit alone, or none; gives the deposits that went back."""
    deposits = {row["id"]: row["deposit_fen"] for row in await books.rows(DEPOSITS)}
    due = {row["order_id"]: row for row in await books.rows(BALANCES)}
    books.same("presales and what they owe", set(due), set(deposits))
    back = dict[UUID, tuple[UUID, int]]()
    for order, one in due.items():
        number, state = orders[order]["number"], one["state"]
        books.check(state in ("paid", "missed", "dropped"), f"the balance of {number} is still {state}")
        books.same(f"{number} paid", orders[order]["paid"], state == "paid")
        books.same(f"balances of {number}", paid.pop(one["id"], 0), int(state == "paid"))
        books.same(f"parts of {number}", deposits[order] + one["amount_fen"], orders[order]["total_fen"])
        came = paid[order]
        books.check(came == 1 or (state == "dropped" and not came), f"{number}: {came} deposits")
        if state != "paid" and one["refund_id"] is not None:
            back[one["refund_id"]] = (order, deposits[order])
            books.check(came == 1, f"{number}: a deposit went back that never came")
        elif state == "dropped":
            books.check(not came, f"{number}: dropped, and its deposit kept")
    return back


async def kept(books: "Audit") -> int:
    """Say how much of all deposits the merchant keeps."""
    fen = {row["id"]: row["deposit_fen"] for row in await books.rows(DEPOSITS)}
    rows = await books.rows(BALANCES)
    return sum(fen[row["order_id"]] for row in rows if row["state"] == "missed" and row["refund_id"] is None)
