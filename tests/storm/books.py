"""The audit at the end of a storm: what the shop wrote down, what the simulator did, line by line."""

from collections import Counter
from typing import Any
from uuid import UUID

from make import bookings
from make.tills import balances
from storm import cases, deals, gifts, presales, purses, shares
from storm.scene import Scene
from tongshang.app import checking
from tongshang.catalog.stocks import moves
from wxsandbox.pay.rows import PayMerchant, PayOrder, PayRefund

STOCK = "select variant_id, on_hand, reserved from stock where merchant_id = $1"
ORDERS = """select id, number, state, total_fen, tendered_fen, deposit_fen, refunded_fen, coupon_id, placed_at,
  paid_at is not null as paid from orders where merchant_id = $1"""
LINES = "select order_id, variant_id, quantity from order_line where merchant_id = $1"
TICKETS = "select id, order_id, code, state, used, uses from ticket where merchant_id = $1"
USES = "select ticket_id, count from ticket_use where merchant_id = $1 and undone_at is null"
OWED = """select p.order_id, sum((i ->> 'quantity')::integer)::integer as pieces,
  sum(l.refunded_quantity * (i ->> 'per_piece')::integer + coalesce((i ->> 'apart')::integer, 0))::integer as refunded
from order_part p cross join jsonb_array_elements(p.items) i
join order_line l on l.merchant_id = p.merchant_id and l.id = (i ->> 'line_id')::uuid
where p.merchant_id = $1 and p.fulfilment = 'ticket' group by 1"""
ATTEMPTS = """select a.id, a.state, a.amount_fen, a.paid_fen, a.refunded_fen, a.transaction_id, c.subject_id,
  c.state as charge from charge_attempt a
join charge c on c.merchant_id = a.merchant_id and c.id = a.charge_id where a.merchant_id = $1"""
REFUNDS = "select id, state, amount_fen, origin, subject_id from refund where merchant_id = $1"
ORDER_REFUNDS = "select id, order_id, amount_fen, state from order_refund where merchant_id = $1"
PIECES = "select id, coupon_id, fan_id, state, order_id from coupon_piece where merchant_id = $1"
COUPON = "select claimed, used, total, per_person from coupon where merchant_id = $1"
PURCHASES = "select product_id, fan_id, order_id, quantity, upto, most from purchase where merchant_id = $1"
JOBS = "select kind, coalesce(last_error, '') as error, parked_at is not null as parked from job where merchant_id = $1"
DAYS = """select b.day::text, b.state, (select count(*) from bill_difference d
  where d.merchant_id = b.merchant_id and d.day = b.day and d.state = 'open') as differences
from bill_day b where b.merchant_id = $1"""
# A parcel counts as received ten days after it was sent, goods wait a week in the shop, and a case that has ended had
# a clock, too.
STILL_TO_COME = {
    "trade.receive_order", "fulfilment.expire_tickets", "fulfilment.expire_pickup", "aftersales.decide_when_due",
}  # fmt: skip


class Audit:
    """Everything that does not agree, in words."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.shop, self.wrong = scene, scene.shop, list[str]()
        self.ahead = dict[UUID, tuple[UUID, int]]()

    def check(self, fine: bool, words: str) -> None:
        """Note what does not agree."""
        if not fine:
            self.wrong.append(words)

    def same(self, what: str, ours: Any, theirs: Any) -> None:
        """Compare two sides."""
        self.check(ours == theirs, f"{what}: {ours} != {theirs}")

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        """Read all rows of the merchant's."""
        return await self.shop.all(sql)

    async def run(self) -> list[str]:
        """Compare everything."""
        orders = {row["id"]: row for row in await self.rows(ORDERS)}
        await self.money(orders)
        await self.refunds(orders)
        await self.goods(orders)
        await self.stock_ledger(orders)
        await self.tickets(orders)
        await self.coupons(orders)
        await deals.audit(self, orders)
        await self.ledger(orders)
        await self.work()
        # What an operator looks through his install with finds nothing either.
        for one in await checking.look(self.shop.world, only="tea"):
            self.wrong.append(f"{one.check.name}: {', '.join(one.found)}")
        return self.wrong

    async def money(self, orders: dict[UUID, Any]) -> None:
        """Every payment the simulator took is one the shop knows, and the other way round."""
        self.check(set(self.scene.placed) == set(orders), f"orders: {len(self.scene.placed)} told, {len(orders)} kept")
        for order, total in self.scene.placed.items():
            if order in orders:
                self.same(f"total of {order}", orders[order]["total_fen"], total)
        theirs = {row.out_trade_no: row for row in self.shop.box.table(PayOrder) if row.transaction_id}
        ours = {row["id"].hex: row for row in await self.rows(ATTEMPTS)}
        for number, row in theirs.items():
            known = ours.get(number)
            self.check(known is not None, f"payment {number}: unknown to the shop")
            if known:
                told = (known["paid_fen"], known["transaction_id"], known["refunded_fen"])
                self.same(f"payment {number}", told, (row.total_fen, row.transaction_id, row.refunded_fen))
        for number, row in ours.items():
            self.check(row["state"] in ("closed", "paid", "stray"), f"attempt {number} is still {row['state']}")
            self.check((row["paid_fen"] > 0) == (number in theirs), f"attempt {number}: paid only here")
            if row["state"] == "stray":
                self.same(f"stray {number} given back", row["refunded_fen"], row["paid_fen"])
        paid = Counter(row["subject_id"] for row in ours.values() if row["state"] == "paid")
        self.ahead = await presales.audit(self, orders, paid)
        for order, row in orders.items():
            charged = row["paid"] and row["total_fen"] > row["tendered_fen"]  # else the balance paid it whole
            if not row["deposit_fen"]:
                self.same(f"payments of {row['number']}", paid[order], int(charged))
            waits = row["state"] in ("unpaid", "closing", "deposit")
            self.check(not waits, f"{row['number']} is still {row['state']}")
        heard = {row.transaction_id for row in theirs.values()}
        self.check(set(self.scene.paid) <= heard, "a receipt without a payment")

    async def refunds(self, orders: dict[UUID, Any]) -> None:
        """Every promise of money back was kept, once."""
        promised = {row["id"]: row for row in await self.rows(ORDER_REFUNDS)}
        kept = {refund: (row["order_id"], row["amount_fen"]) for refund, row in promised.items()}
        self.same("refunds told", kept, self.scene.refunded | await cases.audit(self) | self.ahead)
        sums: Counter[UUID] = Counter()
        for row in promised.values():
            self.same(f"refund {row['id']}", row["state"], "settled")
            sums[row["order_id"]] += row["amount_fen"]
        for order, row in orders.items():
            self.same(f"refunded of {row['number']}", row["refunded_fen"], sums[order])
        for row in await self.rows(REFUNDS):
            self.same(f"refund {row['id']} at WeChat", row["state"], "settled")
        done = sum(r.refund_fen for r in self.shop.box.table(PayRefund) if r.status == "SUCCESS")
        self.same("refunds in sum", sum(row["amount_fen"] for row in await self.rows(REFUNDS)), done)

    async def goods(self, orders: dict[UUID, Any]) -> None:
        """On hand is what there was, less what was sold, plus what came back; nothing is held any more."""
        sold: Counter[UUID] = Counter()
        for line in await self.rows(LINES):
            if orders[line["order_id"]]["paid"]:
                made_of = self.scene.parts.get(line["variant_id"], {line["variant_id"]: 1})
                sold.update({variant: count * line["quantity"] for variant, count in made_of.items()})
        back: Counter[UUID] = Counter()
        kept = {row["id"] for row in await self.rows(ORDER_REFUNDS)}
        for refund, one in self.scene.put_back.items():
            back.update(one if refund in kept else {})
        back.update(await cases.on_the_shelf(self))
        for row in await self.rows(STOCK):
            variant = row["variant_id"]
            expected = self.scene.initial[variant] + self.scene.restocked[variant] + back[variant] - sold[variant]
            self.same(f"stock of {variant}", row["on_hand"], expected)
            self.same(f"held of {variant}", row["reserved"], 0)

    async def tickets(self, orders: dict[UUID, Any]) -> None:
        """Paid orders have their tickets, each used so often as somebody was let in; closed orders have none left."""
        uses: Counter[UUID] = Counter()
        for row in await self.rows(USES):
            uses[row["ticket_id"]] += row["count"]
        issued: Counter[UUID] = Counter()
        for row in await self.rows(TICKETS):
            issued[row["order_id"]] += 1
            order = orders[row["order_id"]]
            self.same(f"uses of {row['code']}", row["used"], uses[row["id"]])
            self.check(order["paid"], f"ticket {row['code']} of {order['number']}, which nobody paid")
            self.check(order["state"] != "closed" or row["state"] == "refunded", f"{order['number']} has a live ticket")
        for row in await self.rows(OWED):
            owed = row["pieces"] if orders[row["order_id"]]["paid"] else 0
            # Money that went back before the tickets were issued has none.
            order, there = orders[row["order_id"]], issued[row["order_id"]]
            # Where all the money went back, for whatever reason, nothing is owed any more.
            back = owed if order["refunded_fen"] == order["total_fen"] else row["refunded"]
            what = f"{there} tickets of {order['number']}, which owed {owed}, {back} of them given up"
            self.check(max(0, owed - back) <= there <= owed, what)

    async def stock_ledger(self, orders: dict[UUID, Any]) -> None:
        """Every piece is accounted for, no reservation is without end, and nobody has more than he may."""
        async with self.shop.world.tx(self.shop.merchant) as tx:
            self.same("variants whose ledger does not add up", await moves.broken(tx), [])
            self.same("reservations without end", await moves.endless(tx, waiting=[]), [])
        live = {order for order, row in orders.items() if row["state"] != "closed"}
        counted = await self.rows(PURCHASES)
        self.same("orders whose pieces count", {row["order_id"] for row in counted} - live, set())
        for row in counted:
            self.check(row["upto"] <= row["most"], f"{row['fan_id']} bought {row['upto']} of {row['most']}")
        held = Counter((row["fan_id"], row["product_id"]) for row in counted for _ in range(row["quantity"]))
        most = max(held.values(), default=0)
        self.check(most <= 4, f"{most} limited pieces in one hand")
        lines = {row["order_id"] for row in await self.rows(LINES)}
        self.same("orders without lines, lines without orders", lines ^ set(orders), set())

    async def coupons(self, orders: dict[UUID, Any]) -> None:
        """A coupon is used by exactly the order that was paid with it."""
        pieces, (offer,) = await self.rows(PIECES), await self.rows(COUPON)
        self.same("coupons claimed", offer["claimed"], len(pieces))
        self.check(len(pieces) <= offer["total"], "more coupons than there are")
        self.check(self.scene.claimed <= {p["id"] for p in pieces}, "a coupon that was given is gone")
        most = max(Counter(p["fan_id"] for p in pieces).values(), default=0)
        self.check(most <= offer["per_person"], f"{most} coupons in one hand")
        used = {p["id"]: p["order_id"] for p in pieces if p["state"] == "used"}
        self.same("coupons used", offer["used"], len(used))
        self.same("coupons held", [p["id"] for p in pieces if p["state"] == "held"], [])
        live = {o["coupon_id"]: key for key, o in orders.items() if o["coupon_id"] and o["state"] != "closed"}
        self.same("coupons by order", used, live)

    async def ledger(self, orders: dict[UUID, Any]) -> None:
        """The ledger says what the simulator's merchant has, to the fen, fees included."""
        books = await balances(self.shop)
        merchants = [row for row in self.shop.box.table(PayMerchant) if row.id in self.scene.mchids]
        self.same("cash at WeChat", books.pop("cash_at_wechat", 0), sum(row.balance_fen for row in merchants))
        fees = sum(row.fee_kept_fen for row in self.shop.box.table(PayOrder) if row.transaction_id)
        self.same("fees", books.pop("fees", 0), fees)
        earned = sum(o["total_fen"] for o in orders.values() if o["paid"])
        self.same("sales", -books.pop("sales", 0), earned + sum(fen for _, fen in self.ahead.values()))
        self.same("deposits kept", -books.pop("forfeited", 0), await presales.kept(self))
        self.same("refunds", books.pop("refunds", 0), sum(o["refunded_fen"] for o in orders.values()))
        await purses.audit(self, orders, books)
        await gifts.audit(self, books)
        await shares.audit(self, books)
        self.same("other accounts", books, {})
        async with self.shop.world.tx(self.shop.merchant) as tx:
            self.wrong += await bookings.unbooked(tx)
        for day in await self.rows(DAYS):
            self.check(day["state"] in ("agreed", "none"), f"bill of {day['day']}: {day['state']} {day['differences']}")

    async def work(self) -> None:
        """Nothing is parked, nothing failed for good, nothing is left to do."""
        for job in await self.rows(JOBS):
            self.check(job["kind"] in STILL_TO_COME and not job["parked"], f"job {job['kind']}: {job['error']}")
