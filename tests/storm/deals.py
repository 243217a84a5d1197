"""Promotions in the storm: what is on, who meddles with it, and the audit of what was used and taken off."""

from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from make.tills import Shop
from tongshang.campaigns.promotions import declared
from tongshang.campaigns.promotions.model import PromotionAsked
from tongshang.platform.ids import NIL
from tongshang.trade.prices.rules import Gift, Kind, Scope, Special, Step

if TYPE_CHECKING:
    from storm.books import Audit

FLASH, BUDGET, EACH = 10, 12, 2
COUNTS = "select promotion_id, variant_id, total, per_person, used from promotion_count where merchant_id = $1"
PERSONS = "select promotion_id, variant_id, fan_id, used from promotion_person where merchant_id = $1"
USES = "select order_id, promotion_id, variant_id, fan_id, pieces, fen from promotion_use where merchant_id = $1"
LINES = """select order_id, variant_id, gift, goods_fen, discount_fen, paid_fen, reasons from order_line
where merchant_id = $1"""
ORDERS = "select id, goods_fen, discount_fen, freight_fen, total_fen, explanation from orders where merchant_id = $1"
TOGETHER = ("coupons", "promotions", "member")


async def declare(shop: Shop, *, flash: UUID, half: UUID, gift: UUID) -> list[UUID]:
    """Put promotions on: few flash pieces, a reduction with a budget, a second piece at half price, a scarce gift."""
    asked = [
        PromotionAsked(
            kind=Kind.FLASH, name="秒杀", stacks_with=(),
            specials=[Special(variant_id=flash, price_fen=1_900, stock=FLASH, per_person=EACH)],
        ),
        PromotionAsked(
            kind=Kind.FULL, name="满减", budget=BUDGET, per_person=EACH, stacks_with=TOGETHER,
            steps=[Step(min_fen=9_000, minus_fen=777), Step(min_fen=30_000, minus_fen=3_333)],
        ),
        PromotionAsked(
            kind=Kind.NTH, name="第二件半价", pieces=2, percent=50, stacks_with=("coupons",),
            scope=Scope("products", [str(half)]),
        ),
        PromotionAsked(
            kind=Kind.GIFT, name="满赠", steps=[Step(min_fen=15_000, gifts=[Gift(gift)])], stacks_with=TOGETHER
        ),
    ]  # fmt: skip
    made = []
    async with shop.world.tx(shop.merchant) as tx:
        for one in asked:
            made.append(tx.new_id())
            await declared.put(tx, promotion=made[-1], asked=one)
            await declared.move(tx, promotion=made[-1], what="start")
    return made


async def meddle(shop: Shop, promotion: UUID) -> str:
    """Pause a promotion, or let it go on, while people are at the till."""
    async with shop.world.tx(shop.merchant) as tx:
        known = await declared.get(tx, promotion=promotion)
        moved = await declared.move(tx, promotion=promotion, what="pause" if known.state == "on" else "start")
    return f"{moved.promotion.name} {moved.state}"


async def audit(books: "Audit", orders: dict[UUID, Any]) -> None:
    """What was counted is what live orders use, within every limit; each fen off has its reason."""
    counts, uses = await books.rows(COUNTS), await books.rows(USES)
    live = {key for key, order in orders.items() if order["state"] != "closed"}
    books.check({use["order_id"] for use in uses} <= live, "a closed order still uses a promotion")
    used: Counter[tuple[UUID, UUID]] = Counter()
    mine: Counter[tuple[UUID, UUID, UUID]] = Counter()
    for use in uses:
        used[use["promotion_id"], use["variant_id"]] += use["pieces"]
        mine[use["promotion_id"], use["variant_id"], use["fan_id"]] += use["pieces"]
    for row in counts:
        place = (row["promotion_id"], row["variant_id"])
        books.same(f"uses of {place}", row["used"], used[place])
        books.check(row["total"] is None or row["used"] <= row["total"], f"{place} used {row['used']} times")
        most = max((n for (p, v, _), n in mine.items() if (p, v) == place), default=0)
        books.check(row["per_person"] is None or most <= row["per_person"], f"{place}: {most} by one person")
    for row in await books.rows(PERSONS):
        key = (row["promotion_id"], row["variant_id"], row["fan_id"])
        books.same(f"uses of {key}", row["used"], mine[key])
    await _fen(books, {(use["order_id"], use["promotion_id"]): use["fen"] for use in uses if use["variant_id"] == NIL})


async def _fen(books: "Audit", told: dict[tuple[UUID, UUID], int]) -> None:
    """Each line's discount is the sum of its reasons, each order's total that of its explanation."""
    off: Counter[tuple[UUID, UUID]] = Counter()
    sums: Counter[UUID] = Counter()
    for line in await books.rows(LINES):
        sums[line["order_id"]] += line["discount_fen"]
        books.same("reasons of a line", -sum(one["fen"] for one in line["reasons"]), line["discount_fen"])
        books.check(not line["gift"] or line["paid_fen"] == 0, "a gift was paid for")
        for one in line["reasons"]:
            if one["kind"] not in ("coupon", "member", "gift"):
                off[line["order_id"], UUID(one["rule"])] -= one["fen"]
    for order in await books.rows(ORDERS):
        books.same("explanation", sum(one["fen"] for one in order["explanation"]), order["total_fen"])
        books.same("shares of a discount", sums[order["id"]], order["discount_fen"])
    books.check(all(off[place] == fen for place, fen in told.items()), "a promotion took something else than it says")
