"""Pay-outs in the storm: the shop gives people money, who take it, or not within a day; and the audit of every fen."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tongshang.payments import accounts
from tongshang.payments.payouts import payouts, queries
from tongshang.payments.payouts.model import ENDED, Face, Payout
from weixin.products.pay import transfers
from wxsandbox.pay.transfer_rows import PayTransfer

if TYPE_CHECKING:
    from storm.books import Audit
    from storm.people import Actor, Customer

REWARD = {"活动名称": "茶友会", "奖励说明": "答题第一名"}
FANS = "select array(select id from fan where merchant_id = $1 order by openid)"
SOME = "select array(select id from payout where merchant_id = $1 and state = any($2) order by promised_at, id)"
MINE = "select array(select id from payout where merchant_id = $1 and fan_id = $2 and state = 'waiting' order by id)"
ROWS = "select id, state, amount_fen, wx_bill_no from payout where merchant_id = $1"
OPEN = ("promised", "sent", "waiting", "taking", "canceling")


async def give(who: "Actor") -> str:
    """Give somebody money, as a transfer or a red packet; a double click is one."""
    async with who.world.tx(who.merchant) as tx:
        fans: list[UUID] = await tx.value(FANS, tx.merchant)
    payout, fan, fen = who.shop.id(), who.rng.choice(fans), who.rng.randrange(30, 900)
    face = who.rng.choice((Face.TRANSFER, Face.RED_PACKET))

    async def once() -> Payout:
        async with who.world.tx(who.merchant) as tx:
            return await payouts.promise(
                tx, payout_id=payout, fan_id=fan, amount_fen=fen, reason="marketing", report=REWARD,
                remark="恭喜获奖", face=face,
            )  # fmt: skip

    for _ in range(who.rng.choice((1, 1, 2))):
        await who.insist(once)
    return f"{fen} fen {face}"


async def call_off(who: "Actor") -> str:
    """Take something back that nobody has taken."""
    async with who.world.tx(who.merchant) as tx:
        found: list[UUID] = await tx.value(SOME, tx.merchant, list(OPEN))
    if not found:
        return "nothing given"
    async with who.world.tx(who.merchant) as tx:
        return str((await payouts.call_off(tx, payout=who.rng.choice(found))).state)


async def take(who: "Customer") -> str:
    """Take what was given to one."""
    async with who.world.tx(who.merchant) as tx:
        waiting: list[UUID] = await tx.value(MINE, tx.merchant, who.fan)
        if not waiting:
            return "nobody gave anything"
        payout = who.rng.choice(waiting)
        await queries.one_of_mine(tx, fan=who.fan, payout=payout)
        row = await payouts.get(tx, payout=payout)
        till = await accounts.till(tx, account=row.account_id)
    sheet = transfers.sheet(till.client, appid=row.appid, package=row.package)
    said = await who.call("transfer/confirmation", **sheet)
    return f"{said['result']} {row.amount_fen} fen"


async def resolve(who: "Actor") -> None:
    """Let go what WeChat would not carry out: a person was asked, and says no."""
    async with who.world.tx(who.merchant) as tx:
        for payout in await tx.value(SOME, tx.merchant, ["stalled"]):
            await payouts.call_off(tx, payout=payout)


async def audit(books: "Audit", accounts_left: dict[str, int]) -> None:
    """Each pay-out has ended as WeChat says, and what was taken is what it cost."""
    theirs = {row.out_bill_no: row for row in books.shop.box.table(PayTransfer)}
    ours: dict[str, Any] = {row["id"].hex: row for row in await books.rows(ROWS)}
    books.check(set(theirs) <= set(ours), "a transfer that nobody asked for")
    for number, row in ours.items():
        books.check(row["state"] in ENDED, f"pay-out {number} is still {row['state']}")
        told = theirs.get(number)
        books.same(f"pay-out {number} taken", row["state"] == "paid", told is not None and told.state == "SUCCESS")
        if told:
            books.same(f"pay-out {number}", (row["amount_fen"], row["wx_bill_no"]), (told.amount_fen, told.bill_no))
    paid = sum(row["amount_fen"] for row in ours.values() if row["state"] == "paid")
    books.same("paid out", accounts_left.pop("payouts", 0), paid)
