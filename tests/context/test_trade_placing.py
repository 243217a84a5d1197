"""Placing orders: never oversold, placed once, priced as shown, undone when nobody pays."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from make import shops
from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import CouponAsked, NotUsable
from tongshang.catalog import products, stock
from tongshang.catalog.stock import Reserved
from tongshang.platform.clock import ManualClock
from tongshang.platform.errors import Mismatch, NotFound
from tongshang.platform.work import settle
from tongshang.platform.world import World
from tongshang.trade import carts, orders, place, quotes
from tongshang.trade.model import PAY_WINDOW, Delivery, Order, S
from tongshang.trade.quotes import OffShelf, PriceChanged, SoldOut, Wanted

COUPON = CouponAsked(name="新客满减", minus_fen=1_000, min_spend_fen=5_000, total=3)


async def left(world: World, merchant: UUID, variant: UUID) -> tuple[int, int]:
    """Say what is on hand and what of it is reserved."""
    sql = "select on_hand, reserved from stock where merchant_id = $1 and variant_id = $2"
    async with world.tx(merchant) as tx:
        row = await tx.value(f"select array[on_hand, reserved] from ({sql}) s", merchant, variant)
    return row[0], row[1]


async def later(world: World, merchant: UUID, by: timedelta) -> None:
    """Let time pass and everything happen that it brings."""
    assert isinstance(world.clock, ManualClock)
    world.clock.advance(by)
    await settle(world)


async def test_an_order_holds_its_stock_and_gives_it_back_when_nobody_pays(world: World, merchant: UUID) -> None:
    _, (variant,) = await shops.make_product(world, merchant, stock=5)
    fan = await shops.make_fan(world, merchant)
    placed = await shops.order(world, merchant, fan, variant, quantity=2)
    assert (placed.state, placed.number, placed.total_fen) == (S.UNPAID, 100_001, 19_800)
    assert await left(world, merchant, variant) == (5, 2)
    await later(world, merchant, PAY_WINDOW)
    async with world.tx(merchant) as tx:
        closed = await orders.get(tx, order=placed.id)
    assert (closed.state, closed.close_reason) == (S.CLOSED, "expired")
    assert await left(world, merchant, variant) == (5, 0)


async def test_five_hundred_buyers_of_a_hundred_get_a_hundred(world: World, merchant: UUID) -> None:
    _, (variant,) = await shops.make_product(world, merchant, stock=100)
    fans = [await shops.make_fan(world, merchant, name=f"buyer{n}") for n in range(20)]
    asked = [shops.order(world, merchant, fans[n % 20], variant) for n in range(500)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    sold = [answer for answer in answers if isinstance(answer, Order)]
    refused = [answer for answer in answers if isinstance(answer, SoldOut)]
    assert (len(sold), len(refused)) == (100, 400)
    assert len({order.number for order in sold}) == 100
    assert await left(world, merchant, variant) == (100, 100)


async def test_the_last_piece_goes_to_one_of_two_carts_that_share_two_goods(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant, stock=1)
    _, (cup,) = await shops.make_product(world, merchant, title="白瓷盖碗", stock=1)
    fans = [await shops.make_fan(world, merchant, name=name) for name in ("a", "b")]
    wanted = Wanted(delivery=Delivery.PICKUP)
    asked = []
    for fan, wishes in zip(fans, ({tea: 1, cup: 1}, {cup: 1, tea: 1}), strict=True):
        await shops.fill_cart(world, merchant, fan, wishes)
        async with world.tx(merchant) as tx:
            quote = await quotes.make(tx, fan=fan, wanted=wanted)
        asked.append(place.Asked(order_id=uuid4(), fan_id=fan, wanted=wanted, quote_token=quote.quote_token))
    answers = await asyncio.gather(*(place.place(world, merchant, one) for one in asked), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Order", "SoldOut"]
    assert await left(world, merchant, tea) == await left(world, merchant, cup) == (1, 1)
    async with world.tx(merchant) as tx:
        loser = fans[0] if isinstance(answers[0], SoldOut) else fans[1]
        assert len(await carts.lines(tx, fan=loser)) == 2  # nothing was taken from the cart of who got nothing


async def test_asking_twice_is_asking_once_and_other_words_are_refused(world: World, merchant: UUID) -> None:
    _, (variant,) = await shops.make_product(world, merchant)
    fan, thief = await shops.make_fan(world, merchant), await shops.make_fan(world, merchant, name="thief")
    mine = uuid4()
    doubled = await asyncio.gather(*(shops.order(world, merchant, fan, variant, order_id=mine) for _ in range(4)))
    assert len({order.number for order in doubled}) == 1
    assert await left(world, merchant, variant) == (10, 1)
    with pytest.raises(Mismatch):
        await shops.order(world, merchant, fan, variant, quantity=2, order_id=mine)
    with pytest.raises(NotFound):
        await shops.order(world, merchant, thief, variant, order_id=mine)


async def test_a_price_that_changed_since_it_was_shown_is_not_charged(world: World, merchant: UUID) -> None:
    _, (variant,) = await shops.make_product(world, merchant)
    fan = await shops.make_fan(world, merchant)
    wanted = Wanted(variant_id=variant, delivery=Delivery.PICKUP)
    async with world.tx(merchant) as tx:
        quote = await quotes.make(tx, fan=fan, wanted=wanted)
        await tx.run("update variant set price_fen = 12000 where merchant_id = $1 and id = $2", merchant, variant)
    with pytest.raises(PriceChanged) as told:
        await place.place(
            world, merchant, place.Asked(order_id=uuid4(), fan_id=fan, wanted=wanted, quote_token=quote.quote_token)
        )
    assert "120.00" in told.value.sentence("zh")
    assert await left(world, merchant, variant) == (10, 0)


async def test_goods_off_the_shelf_cannot_be_ordered(world: World, merchant: UUID) -> None:
    product, (variant,) = await shops.make_product(world, merchant)
    fan = await shops.make_fan(world, merchant)
    async with world.tx(merchant) as tx:
        await products.shelve(tx, product=product, state="off")
    with pytest.raises(OffShelf):
        await shops.order(world, merchant, fan, variant)


async def test_stock_cannot_be_counted_below_what_orders_hold(world: World, merchant: UUID) -> None:
    _, (variant,) = await shops.make_product(world, merchant, stock=5)
    await shops.order(world, merchant, await shops.make_fan(world, merchant), variant, quantity=3)
    with pytest.raises(Reserved):
        async with world.tx(merchant) as tx:
            await stock.set_on_hand(tx, counts={variant: 2})
    assert await left(world, merchant, variant) == (5, 3)


async def test_a_coupon_is_held_once_and_comes_back_with_the_order(world: World, merchant: UUID) -> None:
    _, (variant,) = await shops.make_product(world, merchant)
    fan = await shops.make_fan(world, merchant)
    async with world.tx(merchant) as tx:
        coupon = tx.new_id()
        await coupons.put(tx, coupon=coupon, asked=COUPON)
        piece = (await coupons.claim(tx, coupon=coupon, fan=fan)).id
    both = [shops.order(world, merchant, fan, variant, coupon=piece) for _ in range(2)]
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["NotUsable", "Order"]
    assert await left(world, merchant, variant) == (10, 1)
    won = next(answer for answer in answers if isinstance(answer, Order))
    assert (won.total_fen, won.discount_fen) == (8_900, 1_000)
    await later(world, merchant, PAY_WINDOW)
    async with world.tx(merchant) as tx:
        assert [one.state for one in await coupons.pieces(tx, fan=fan)] == ["unused"]


async def test_somebody_elses_coupon_is_not_there(world: World, merchant: UUID) -> None:
    _, (variant,) = await shops.make_product(world, merchant)
    fan, thief = await shops.make_fan(world, merchant), await shops.make_fan(world, merchant, name="thief")
    async with world.tx(merchant) as tx:
        coupon = tx.new_id()
        await coupons.put(tx, coupon=coupon, asked=COUPON)
        piece = (await coupons.claim(tx, coupon=coupon, fan=fan)).id
    with pytest.raises((NotFound, NotUsable)):
        await shops.order(world, merchant, thief, variant, coupon=piece)


async def test_no_more_coupons_are_given_than_there_are(world: World, merchant: UUID) -> None:
    fans = [await shops.make_fan(world, merchant, name=f"f{n}") for n in range(8)]
    async with world.tx(merchant) as tx:
        coupon = tx.new_id()
        await coupons.put(tx, coupon=coupon, asked=COUPON)

    async def claim(fan: UUID) -> None:
        async with world.tx(merchant) as tx:
            await coupons.claim(tx, coupon=coupon, fan=fan)

    answers = await asyncio.gather(*(claim(fan) for fan in fans), return_exceptions=True)
    assert [type(answer).__name__ for answer in answers].count("NoneType") == 3
    assert [type(answer).__name__ for answer in answers].count("AllGone") == 5
