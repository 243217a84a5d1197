"""A batch of orders is decided order by order, in one call: who misses one thing gets nothing, and leaves all of it."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import msgspec

from make import shops
from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import CouponAsked
from tongshang.campaigns.promotions import declared
from tongshang.campaigns.promotions.model import PromotionAsked
from tongshang.catalog.forms import FormField
from tongshang.catalog.stocks import levels
from tongshang.platform.world import World
from tongshang.trade import carts, place, quotes
from tongshang.trade.model import Delivery
from tongshang.trade.prices.rules import Kind, Step
from tongshang.trade.quotes import Wanted

BOOKS = """select jsonb_build_object(
  'numbers', (select array_agg(number order by number) from orders where merchant_id = $1),
  'held', (select sum(reserved) from stock where merchant_id = $1),
  'holds', (select coalesce(sum(quantity), 0) from stock_hold where merchant_id = $1),
  'lines', (select count(*) from order_line where merchant_id = $1),
  'pieces', (select array_agg(state order by state) from coupon_piece where merchant_id = $1),
  'used', (select coalesce(sum(used), 0) from promotion_count where merchant_id = $1),
  'person', (select coalesce(sum(used), 0) from promotion_person where merchant_id = $1),
  'uses', (select count(*) from promotion_use where merchant_id = $1),
  'bought', (select array_agg(upto order by fan_id, nth) from purchase where merchant_id = $1))"""
COUPON = CouponAsked(name="新客满减", minus_fen=1_000, min_spend_fen=5_000, total=9, per_person=9)


async def asked(world: World, merchant: UUID, fan: UUID, wanted: Wanted) -> place.Asked:
    """Look at the price, and ask for an order as it was shown."""
    async with world.tx(merchant) as tx:
        quote = await quotes.make(tx, fan=fan, wanted=wanted)
    return place.Asked(order_id=uuid4(), fan_id=fan, wanted=wanted, quote_token=quote.quote_token)


async def decided(world: World, merchant: UUID, batch: list[place.Asked]) -> tuple[list[str], dict[str, Any]]:
    """Place orders in one transaction; say how each went, and what the books say then."""
    async with world.tx(merchant) as tx:
        answers = await place.place_all(tx, batch)
    async with world.tx(merchant) as tx:
        return [getattr(one, "code", "placed") for one in answers], await tx.value(BOOKS, merchant)


def wanted(variant: UUID, quantity: int = 1, coupon: UUID | None = None) -> Wanted:
    return Wanted(variant_id=variant, quantity=quantity, delivery=Delivery.PICKUP, coupon_id=coupon)


async def give(world: World, merchant: UUID, fan: UUID, coupon: UUID) -> UUID:
    """Put a piece of a coupon into somebody's hand."""
    async with world.tx(merchant) as tx:
        return (await coupons.claim(tx, coupon=coupon, fan=fan)).id


async def test_who_misses_the_stock_leaves_coupon_and_promotion_to_be_used(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant, stock=3)
    async with world.tx(merchant) as tx:
        coupon, promotion = tx.new_id(), tx.new_id()
        await coupons.put(tx, coupon=coupon, asked=COUPON)
        steps = [Step(min_fen=9_000, minus_fen=500)]
        deal = PromotionAsked(kind=Kind.FULL, name="满减", steps=steps, budget=5, per_person=2)
        await declared.put(tx, promotion=promotion, asked=deal)
        await declared.move(tx, promotion=promotion, what="start")
    batch = []
    for name, quantity in (("ann", 2), ("bob", 2), ("cat", 1)):
        fan = await shops.make_fan(world, merchant, name=name)
        piece = await give(world, merchant, fan, coupon)
        batch.append(await asked(world, merchant, fan, wanted(tea, quantity, piece)))
    answers, books = await decided(world, merchant, batch)
    # Bob could not have two of the one that was left; Cat, who came after him, has it.
    assert answers == ["placed", "basket.sold_out", "placed"]
    assert books["numbers"] == [100_001, 100_002]
    assert (books["held"], books["holds"], books["lines"]) == (3, 3, 2)
    assert books["pieces"] == ["held", "held", "unused"]
    assert (books["used"], books["person"], books["uses"]) == (2, 2, 2)


async def test_two_orders_of_one_batch_want_one_coupon_and_the_earlier_has_it(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    fan = await shops.make_fan(world, merchant)
    async with world.tx(merchant) as tx:
        coupon = tx.new_id()
        await coupons.put(tx, coupon=coupon, asked=COUPON)
    piece = await give(world, merchant, fan, coupon)
    batch = [await asked(world, merchant, fan, wanted(tea, n, piece)) for n in (2, 1)]
    answers, books = await decided(world, merchant, batch)
    assert answers == ["placed", "coupon.not_usable"]
    assert (books["held"], books["pieces"], books["numbers"]) == (2, ["held"], [100_001])


async def test_a_batch_counts_what_one_person_may_have_and_knows_what_was_before(world: World, merchant: UUID) -> None:
    _, (small, large) = await shops.make_product(world, merchant, prices=(100, 200), limit_person=4)
    ann, bob = [await shops.make_fan(world, merchant, name=name) for name in ("ann", "bob")]
    first, books = await decided(world, merchant, [await asked(world, merchant, ann, wanted(small, 1))])
    assert (first, books["bought"]) == (["placed"], [1])
    batch = [
        await asked(world, merchant, ann, wanted(large, 2)),
        await asked(world, merchant, ann, wanted(small, 2)),
        await asked(world, merchant, bob, wanted(small, 4)),
        await asked(world, merchant, ann, wanted(large, 1)),
    ]
    answers, books = await decided(world, merchant, batch)
    assert answers == ["placed", "basket.limit_person", "placed", "placed"]
    assert sorted(books["bought"]) == [1, 3, 4, 4]
    assert (books["held"], books["numbers"]) == (8, [100_001, 100_002, 100_003, 100_004])


async def test_what_is_taken_when_paid_stays_for_others_until_then(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant, stock=2, deduct="paying")
    fan = await shops.make_fan(world, merchant)
    answers, books = await decided(
        world, merchant, [await asked(world, merchant, fan, wanted(tea, n)) for n in (2, 1, 2)]
    )
    assert answers == ["placed", "placed", "placed"]
    assert (books["held"], books["holds"]) == (0, 5)


async def test_a_cart_is_emptied_by_its_order_alone(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant, stock=1)
    batch, fans = [], [await shops.make_fan(world, merchant, name=name) for name in ("ann", "bob")]
    for fan in fans:
        await shops.fill_cart(world, merchant, fan, {tea: 1})
        batch.append(await asked(world, merchant, fan, Wanted(delivery=Delivery.PICKUP)))
    answers, _ = await decided(world, merchant, batch)
    assert answers == ["placed", "basket.sold_out"]
    async with world.tx(merchant) as tx:
        assert [len(await carts.lines(tx, fan=fan)) for fan in fans] == [0, 1]


async def test_two_processes_decide_about_the_same_goods_one_after_the_other(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant, stock=1)
    first, second = [
        await asked(world, merchant, await shops.make_fan(world, merchant, name=name), wanted(tea))
        for name in ("ann", "bob")
    ]
    async with world.tx(merchant) as tx:
        (won,) = await place.place_all(tx, [first])
        assert isinstance(won, place.Placed)
        other = asyncio.create_task(decided(world, merchant, [second]))
        assert not (await asyncio.wait([other], timeout=0.5))[0]
    answers, books = await other
    assert (answers, books["held"]) == (["basket.sold_out"], 1)


async def test_what_is_kept_back_meanwhile_is_not_sold(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant, stock=2)
    order = await asked(world, merchant, await shops.make_fan(world, merchant), wanted(tea))
    async with world.tx(merchant) as tx:
        await levels.keep_back(tx, variant=tea, safety=2, warn_at=None)
        other = asyncio.create_task(decided(world, merchant, [order]))  # it has read what was left, and waits
        assert not (await asyncio.wait([other], timeout=0.5))[0]
    answers, books = await other
    assert (answers, books["held"]) == (["basket.sold_out"], 0)


async def test_one_order_asked_for_at_two_processes_keeps_its_coupon(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    fan = await shops.make_fan(world, merchant)
    async with world.tx(merchant) as tx:
        coupon = tx.new_id()
        await coupons.put(tx, coupon=coupon, asked=COUPON)
    order = await asked(world, merchant, fan, wanted(tea, 1, await give(world, merchant, fan, coupon)))
    async with world.tx(merchant) as tx:
        await place.place_all(tx, [order])
        other = asyncio.create_task(decided(world, merchant, [order]))  # the same click, at another process
        assert not (await asyncio.wait([other], timeout=0.5))[0]
    answers, books = await other
    assert (answers, books["pieces"], books["held"], books["numbers"]) == (["placed"], ["held"], 1, [100_001])


async def test_what_no_database_keeps_is_refused_to_whoever_wrote_it_and_to_nobody_beside_him(
    world: World, merchant: UUID
) -> None:
    question = FormField(key="who", name="称呼")
    _, (tea,) = await shops.make_product(world, merchant, stock=9, form=[question])
    batch = []
    for remark, answer in (("", "小\x00茶"), ("轻\x00放", "小茶"), ("轻放", "小茶")):
        one = await asked(world, merchant, await shops.make_fan(world, merchant), wanted(tea))
        batch.append(msgspec.structs.replace(one, remark=remark, form={"f1": answer}))
    codes, books = await decided(world, merchant, batch)
    assert codes == ["form.wrong_answer", "invalid", "placed"]
    assert (books["holds"], books["lines"]) == (1, 1)
