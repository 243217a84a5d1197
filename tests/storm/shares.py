"""Profit sharing in the storm: partners get parts of what is paid, give them back before refunds; and the audit."""

from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID

from make import sharings
from make.sharings import Partners
from make.tills import Shop
from tongshang.payments.sharing import returns, splits
from tongshang.platform.errors import Refused
from wxsandbox.pay.rows import PayMerchant, PayOrder

if TYPE_CHECKING:
    from storm.books import Audit
    from storm.people import Actor
    from storm.scene import Scene

STUCK = "select array(select id from sharing_split where merchant_id = $1 and state = 'stuck' order by id)"
FAILED = "select array(select id from sharing_return where merchant_id = $1 and state = 'failed' order by id)"
SPLITS = "select id, attempt_id, state from sharing_split where merchant_id = $1"
SHARES = """select s.state, s.purpose, s.amount_fen, s.asked_back_fen, s.returned_fen, r.account
from sharing_share s join sharing_receiver r on r.merchant_id = s.merchant_id and r.id = s.receiver_id
where s.merchant_id = $1"""
RETURNS = "select id, state from sharing_return where merchant_id = $1"
OBSTACLES = ("", "", "", "RECEIVER_HIGH_RISK")


async def agree(shop: Shop, *, seed: int) -> Partners | None:
    """Have a supplier and a provider get parts of every payment, in two of three seeds."""
    return await sharings.agree(shop) if seed % 3 else None


async def turn(scene: "Scene", lucky: float) -> None:
    """Let a partner be somebody WeChat pays nothing to for a while, or spend what he got."""
    if scene.partners is None:
        return
    if lucky < 0.08:
        obstacle = OBSTACLES[int(lucky * 50)]
        await scene.partners.setting(scene.partners.supplier, sharing_obstacle=obstacle)
        scene.say(f"-- the supplier: {obstacle or 'fine again'}")
    elif lucky > 0.92 and (has := await scene.partners.money(scene.partners.supplier)) > 0:
        await scene.shop.sandbox.take_out(scene.partners.supplier, has)
        scene.spent += has
        scene.say(f"-- the supplier spends {has} fen")


async def clear_up(scene: "Scene") -> None:
    """Let the partner be paid again, and have his money back."""
    if scene.partners is not None:
        await scene.partners.setting(scene.partners.supplier, sharing_obstacle="")
        await scene.shop.sandbox.take_out(scene.partners.supplier, -scene.spent)
        scene.spent = 0


async def decide(who: "Actor") -> str:
    """Decide about what a partner did not get, or did not give back: once more, or let it be; two decide at once."""
    async with who.world.tx(who.merchant) as tx:
        stuck: list[UUID] = await tx.value(STUCK, tx.merchant)
        failed: list[UUID] = await tx.value(FAILED, tx.merchant)
    for one in stuck:
        verb = splits.again if who.rng.random() < 0.6 else splits.give_up
        async with who.world.tx(who.merchant) as tx:
            await verb(tx, split_id=one)
    for one in failed:
        last = returns.again if who.rng.random() < 0.8 else returns.leave
        for _ in range(who.rng.choice((1, 2))):
            try:
                async with who.world.tx(who.merchant) as tx:
                    await last(tx, return_id=one)
            except Refused as no:  # somebody else was faster
                who.scene.say(f"{one}: {no.code}")
    return f"{len(stuck)} splits, {len(failed)} returns" if stuck or failed else "nothing to decide"


async def audit(books: "Audit", accounts_left: dict[str, int]) -> None:
    """Every payment that was held is free, each partner has what the shop says, and the ledger what it cost."""
    for row in await books.rows(SPLITS):
        books.same(f"split {row['id']}", row["state"], "done")
    for row in await books.rows(RETURNS):
        books.check(row["state"] in ("returned", "left"), f"return {row['id']} is still {row['state']}")
    cost: Counter[str] = Counter()
    has: Counter[str] = Counter()
    for row in await books.rows(SHARES):
        books.check(row["state"] in ("paid", "dropped"), f"a share is still {row['state']}")
        books.same("shares on their way back", row["asked_back_fen"], 0)
        if row["state"] == "paid":
            cost[row["purpose"]] += row["amount_fen"] - row["returned_fen"]
            has[row["account"]] += row["amount_fen"] - row["returned_fen"]
    books.same("the provider's fee", accounts_left.pop("platform_fee", 0), cost["platform_fee"])
    books.same("partners' shares", accounts_left.pop("partner_shares", 0), cost["partner"])
    partners = books.scene.partners
    for row in books.shop.box.table(PayMerchant):
        if partners is not None and row.id in (partners.supplier, partners.provider):
            books.same(f"money of partner {row.id}", row.balance_fen, has[row.id])
        books.same(f"held of {row.id}", row.held_fen, 0)
    held = [row.out_trade_no for row in books.shop.box.table(PayOrder) if row.unsplit_fen and row.held]
    books.same("payments still held", held, [])
