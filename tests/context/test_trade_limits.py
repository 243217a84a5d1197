"""Purchase limits and the time on sale: counted where orders are placed, whoever else is placing at that moment."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from make import shops
from tongshang.catalog import stock
from tongshang.platform.clock import ManualClock
from tongshang.platform.work import settle
from tongshang.platform.world import World
from tongshang.trade import orders, place, quotes
from tongshang.trade.limits import LimitReached, LimitReachedInDays, NotOnSale, SaleOver, TooManyAtOnce
from tongshang.trade.model import PAY_WINDOW, Delivery, Order
from tongshang.trade.quotes import Wanted

COUNTED = "select coalesce(sum(quantity), 0)::integer from purchase where merchant_id = $1 and fan_id = $2"


async def counted(world: World, merchant: UUID, fan: UUID) -> int:
    """Say how many limited pieces somebody has."""
    async with world.tx(merchant) as tx:
        return int(await tx.value(COUNTED, merchant, fan))


async def later(world: World, by: timedelta) -> None:
    """Let time pass."""
    assert isinstance(world.clock, ManualClock)
    world.clock.advance(by)
    await settle(world)


async def test_one_order_takes_no_more_than_its_limit_all_variants_together(world: World, merchant: UUID) -> None:
    _, (small, large) = await shops.make_product(world, merchant, prices=(100, 200), limit_order=3)
    fan = await shops.make_fan(world, merchant)
    with pytest.raises(TooManyAtOnce) as told:
        await shops.order(world, merchant, fan, small, quantity=4)
    assert told.value.sentence("zh") == "“明前龙井” 每单限购 3 件。"
    await shops.fill_cart(world, merchant, fan, {small: 2, large: 2})
    async with world.tx(merchant) as tx:
        quote = await quotes.make(tx, fan=fan, wanted=Wanted(delivery=Delivery.PICKUP))
    assert {problem["code"] for problem in quote.problems} == {"basket.limit_order"}
    assert (await shops.order(world, merchant, fan, small, quantity=3)).total_fen == 300


async def test_a_person_has_his_limit_once_and_gets_it_back_with_an_unpaid_order(world: World, merchant: UUID) -> None:
    _, (one, other) = await shops.make_product(world, merchant, prices=(100, 200), stock=50, limit_person=3)
    fan, friend = [await shops.make_fan(world, merchant, name=name) for name in ("fan", "friend")]
    await shops.order(world, merchant, fan, one, quantity=2)
    with pytest.raises(LimitReached) as told:
        await shops.order(world, merchant, fan, other, quantity=2)
    assert told.value.params["left"] == 1
    assert "还可购买 1 件" in told.value.sentence("zh")
    await shops.order(world, merchant, friend, other, quantity=3)
    paid = await shops.order(world, merchant, fan, other, quantity=1)
    async with world.tx(merchant) as tx:
        await orders.mark_paid(tx, order=paid.id)
    await later(world, PAY_WINDOW)  # the first was never paid
    assert await counted(world, merchant, fan) == 1
    assert (await shops.order(world, merchant, fan, one, quantity=2)).total_fen == 200
    with pytest.raises(LimitReached):
        await shops.order(world, merchant, fan, one)


async def test_a_limit_of_some_days_counts_the_days(world: World, merchant: UUID) -> None:
    _, (one,) = await shops.make_product(world, merchant, stock=50, limit_person=1, limit_days=7)
    fan = await shops.make_fan(world, merchant)
    first = await shops.order(world, merchant, fan, one)
    async with world.tx(merchant) as tx:
        await orders.mark_paid(tx, order=first.id)
    await later(world, timedelta(days=6, hours=23))
    with pytest.raises(LimitReachedInDays) as told:
        await shops.order(world, merchant, fan, one)
    assert "每人 7 天内限购 1 件" in told.value.sentence("zh")
    await later(world, timedelta(hours=2))
    await shops.order(world, merchant, fan, one)


async def test_many_orders_of_one_moment_do_not_pass_a_limit(world: World, merchant: UUID) -> None:
    _, (one, other) = await shops.make_product(world, merchant, prices=(100, 200), stock=100, limit_person=2)
    fan = await shops.make_fan(world, merchant)
    wants = [shops.order(world, merchant, fan, (one, other)[n % 2]) for n in range(20)]
    answers = await asyncio.gather(*wants, return_exceptions=True)
    assert sum(isinstance(answer, Order) for answer in answers) == 2
    assert sum(isinstance(answer, LimitReached) for answer in answers) == 18


async def test_two_processes_at_one_moment_do_not_pass_a_limit(world: World, merchant: UUID) -> None:
    """Each variant's row is locked by another; that only one order can be the nth of a person decides."""
    _, variants = await shops.make_product(world, merchant, prices=(100, 200), stock=9, limit_person=1)
    fan = await shops.make_fan(world, merchant)
    asked = []
    for variant in variants:
        wanted = Wanted(variant_id=variant, delivery=Delivery.PICKUP)
        async with world.tx(merchant) as tx:
            quote = await quotes.make(tx, fan=fan, wanted=wanted)
            asked.append(place.Asked(order_id=tx.new_id(), fan_id=fan, wanted=wanted, quote_token=quote.quote_token))
    async with world.tx(merchant) as first:
        assert isinstance((await place.place_all(first, [asked[0]]))[0], place.Placed)
        second = asyncio.create_task(place.placed(world, merchant, asked[1]))
        await asyncio.sleep(0.2)  # it has read what the person bought, and waits at the key
        assert not second.done()
    with pytest.raises(LimitReached):
        await second
    assert await counted(world, merchant, fan) == 1


async def test_who_decides_about_stock_is_alone_with_it(world: World, merchant: UUID) -> None:
    _, (one,) = await shops.make_product(world, merchant, stock=1)

    async def look() -> dict[UUID, int]:
        async with world.tx(merchant) as tx:
            return await stock.locked(tx, variants=[one])

    async with world.tx(merchant) as tx:
        assert await stock.locked(tx, variants=[one]) == {one: 1}
        second = asyncio.create_task(look())
        assert not (await asyncio.wait([second], timeout=1))[0]
    assert await second == {one: 1}


async def test_orders_of_one_batch_share_the_last_piece(world: World, merchant: UUID) -> None:
    _, (one,) = await shops.make_product(world, merchant, stock=1)
    asked = []
    for name in ("ann", "bob"):
        fan = await shops.make_fan(world, merchant, name=name)
        wanted = Wanted(variant_id=one, delivery=Delivery.PICKUP)
        async with world.tx(merchant) as tx:
            quote = await quotes.make(tx, fan=fan, wanted=wanted)
            asked.append(place.Asked(order_id=tx.new_id(), fan_id=fan, wanted=wanted, quote_token=quote.quote_token))
    async with world.tx(merchant) as tx:
        answers = await place.place_all(tx, asked)
    assert [type(answer) for answer in answers] == [place.Placed, quotes.SoldOut]


async def test_goods_are_sold_from_when_and_until_when_they_are_on_sale(world: World, merchant: UUID) -> None:
    now = world.clock.now()
    on_sale = {"on_sale_from": now + timedelta(hours=1), "on_sale_until": now + timedelta(hours=2)}
    _, (one,) = await shops.make_product(world, merchant, **on_sale)
    fan = await shops.make_fan(world, merchant)
    with pytest.raises(NotOnSale) as early:
        await shops.order(world, merchant, fan, one)
    assert early.value.code == "basket.not_on_sale"
    await later(world, timedelta(hours=1))
    await shops.order(world, merchant, fan, one)
    await later(world, timedelta(hours=1))
    with pytest.raises(SaleOver):
        await shops.order(world, merchant, fan, one)
