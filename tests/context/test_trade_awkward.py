"""Awkward combinations at placing: goods that are bought, given and added on at once, and one id asked for twice."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest

from make import shops
from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import CouponAsked
from tongshang.campaigns.promotions import declared
from tongshang.campaigns.promotions.model import PromotionAsked
from tongshang.catalog import products
from tongshang.catalog.forms import FormField, WrongAnswer
from tongshang.platform.errors import Mismatch
from tongshang.platform.world import World
from tongshang.trade import carts, orders, place, quotes
from tongshang.trade.limits import LimitReached, TooManyAtOnce
from tongshang.trade.model import Delivery, OrderLine
from tongshang.trade.prices.rules import Addon, Gift, Kind, Special, Step
from tongshang.trade.quotes import SoldOut, Wanted
from tongshang.trade.waiting import door
from tongshang.trade.waiting.line import Line

CART = Wanted(delivery=Delivery.PICKUP)
STUCK = "select count(*) from pg_locks where not granted"


async def declare(world: World, merchant: UUID, kind: Kind, **more: Any) -> UUID:
    """Put a promotion on that begins with the first piece."""
    async with world.tx(merchant) as tx:
        promotion, steps = tx.new_id(), more.pop("steps", [Step(min_pieces=1)])
        asked = PromotionAsked(kind=kind, name="活动", steps=steps, **more)
        await declared.put(tx, promotion=promotion, asked=asked)
        await declared.move(tx, promotion=promotion, what="start")
    return promotion


async def asked(world: World, merchant: UUID, fan: UUID, wanted: Wanted, order: UUID | None = None) -> place.Asked:
    """Look at the price, and ask for an order as it was shown."""
    async with world.tx(merchant) as tx:
        quote = await quotes.make(tx, fan=fan, wanted=wanted)
    return place.Asked(order_id=order or uuid4(), fan_id=fan, wanted=wanted, quote_token=quote.quote_token)


async def ordered(world: World, merchant: UUID, fan: UUID, wanted: Wanted) -> list[OrderLine]:
    """Order as it was shown; give the order's lines."""
    placed = await place.place(world, merchant, await asked(world, merchant, fan, wanted))
    async with world.tx(merchant) as tx:
        return await orders.lines(tx, order=placed.id)


async def problems(world: World, merchant: UUID, fan: UUID, wanted: Wanted) -> list[str]:
    """Say what a quote names as being in the way."""
    async with world.tx(merchant) as tx:
        return [one["en"] for one in (await quotes.make(tx, fan=fan, wanted=wanted)).problems]


def wanted(variant: UUID, quantity: int = 1, **more: Any) -> Wanted:
    return Wanted(variant_id=variant, quantity=quantity, delivery=Delivery.PICKUP, **more)


async def test_a_gift_that_the_baskets_bundle_is_made_of_is_gone_and_not_in_the_way(
    world: World, merchant: UUID
) -> None:
    _, (tea,) = await shops.make_product(world, merchant, stock=3)
    parts = [{"variant_id": str(tea), "quantity": 1}]
    box = await shops.make_kind(world, merchant, "bundle", terms={"parts": parts}, title="茶礼")
    fan = await shops.make_fan(world, merchant)
    await declare(world, merchant, Kind.GIFT, steps=[Step(min_pieces=1, gifts=[Gift(tea)])], budget=9)
    assert [(one.title, one.quantity) for one in await ordered(world, merchant, fan, wanted(box, 3))] == [("茶礼", 3)]
    async with world.tx(merchant) as tx:  # and what nobody was given is not counted as used
        assert await tx.value("select sum(used) from promotion_count where merchant_id = $1", merchant) == 0


async def test_lines_that_share_stock_are_told_before_they_are_ordered(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant, stock=3)
    parts = [{"variant_id": str(tea), "quantity": 2}]
    box = await shops.make_kind(world, merchant, "bundle", terms={"parts": parts}, title="茶礼")
    fan = await shops.make_fan(world, merchant)
    await shops.fill_cart(world, merchant, fan, {box: 1, tea: 1})
    assert await problems(world, merchant, fan, CART) == []
    await shops.fill_cart(world, merchant, fan, {tea: 2})
    (said,) = await problems(world, merchant, fan, CART)
    with pytest.raises(SoldOut) as refused:
        await place.place(world, merchant, await asked(world, merchant, fan, CART))
    assert said == refused.value.sentence("en")
    assert said in ("Only 1 of 明前龙井 left.", "Only 0 of 茶礼 left.")


async def test_a_wish_for_what_came_as_a_gift_stays_in_the_cart(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    _, (cup,) = await shops.make_product(world, merchant, title="品茗杯")
    fan = await shops.make_fan(world, merchant)
    await declare(world, merchant, Kind.GIFT, steps=[Step(min_pieces=1, gifts=[Gift(cup)])])
    await shops.fill_cart(world, merchant, fan, {tea: 1})
    async with world.tx(merchant) as tx:
        await carts.put(tx, fan=fan, variant=cup, quantity=3, selected=False)
    assert [one.variant_id for one in await ordered(world, merchant, fan, CART)] == [tea, cup]
    async with world.tx(merchant) as tx:
        assert [(one.variant_id, one.quantity) for one in await carts.lines(tx, fan=fan)] == [(cup, 3)]


async def test_what_is_added_on_counts_as_bought_and_must_be_on_sale(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant, stock=99)
    limits = {"limit_order": 3, "limit_person": 4}
    product, (cup,) = await shops.make_product(world, merchant, title="品茗杯", stock=99, **limits)
    fan = await shops.make_fan(world, merchant)
    specials = [Special(variant_id=cup, price_fen=100)]
    deal = await declare(world, merchant, Kind.ADDON, specials=specials, most=9)

    def with_cups(count: int) -> Wanted:
        return wanted(tea, addons=(Addon(deal, cup, count),))

    assert await problems(world, merchant, fan, with_cups(4)) == ["At most 3 of 品茗杯 in one order."]
    with pytest.raises(TooManyAtOnce):
        await ordered(world, merchant, fan, with_cups(4))
    assert [one.quantity for one in await ordered(world, merchant, fan, with_cups(3))] == [1, 3]
    assert await problems(world, merchant, fan, with_cups(2)) == [
        "Each person may buy 4 of 品茗杯; you can still buy 1."
    ]
    with pytest.raises(LimitReached):
        await ordered(world, merchant, fan, with_cups(2))
    async with world.tx(merchant) as tx:
        await products.shelve(tx, product=product, state="off")
    assert [one.variant_id for one in await ordered(world, merchant, fan, with_cups(1))] == [tea]


async def test_what_is_added_on_asks_its_questions_too(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    form = [FormField(key="words", name="刻字", required=True)]
    _, (cup,) = await shops.make_product(world, merchant, title="品茗杯", form=form)
    fan = await shops.make_fan(world, merchant)
    deal = await declare(world, merchant, Kind.ADDON, specials=[Special(variant_id=cup, price_fen=100)])
    plain, with_cup = wanted(tea), wanted(tea, addons=(Addon(deal, cup, 1),))
    async with world.tx(merchant) as tx:
        forms = [(await quotes.make(tx, fan=fan, wanted=one)).form for one in (plain, with_cup)]
    assert [[one.name for one in form] for form in forms] == [[], ["刻字"]]
    ask = await asked(world, merchant, fan, with_cup)
    with pytest.raises(WrongAnswer):
        await place.place(world, merchant, ask)
    placed = await place.place(world, merchant, msgspec.structs.replace(ask, form={forms[1][0].key: "王"}))
    async with world.tx(merchant) as tx:
        assert (await orders.get(tx, order=placed.id)).form == {"刻字": "王"}


async def test_other_words_under_an_id_placed_this_moment_leave_its_coupon_alone(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant, limit_person=1)
    _, (cup,) = await shops.make_product(world, merchant, title="品茗杯")
    ann, bob = [await shops.make_fan(world, merchant, name=name) for name in ("ann", "bob")]
    async with world.tx(merchant) as tx:
        coupon, order = tx.new_id(), tx.new_id()
        terms = CouponAsked(name="新客满减", minus_fen=1_000, min_spend_fen=5_000, total=9)
        await coupons.put(tx, coupon=coupon, asked=terms)
        mine, his = [(await coupons.claim(tx, coupon=coupon, fan=fan)).id for fan in (ann, bob)]
    with_it = await asked(world, merchant, ann, wanted(tea, coupon_id=mine), order)
    without = await asked(world, merchant, ann, wanted(tea), order)
    bobs = await asked(world, merchant, bob, wanted(cup, coupon_id=his))

    async def at_another_process() -> None:
        async with world.tx(merchant) as tx:
            await place.place_all(tx, [without, bobs])

    async with world.tx(merchant) as tx:
        await place.place_all(tx, [with_it])
        other = asyncio.create_task(at_another_process())
        for _ in range(500):  # it has looked, found no such order, and waits for ours
            if await tx.value(STUCK):
                break
            await asyncio.sleep(0.01)
    with pytest.raises(asyncpg.UniqueViolationError):  # asked again it finds the order
        await other
    with pytest.raises(Mismatch):
        await place.place(world, merchant, without)
    async with world.tx(merchant) as tx:
        (piece,) = await coupons.pieces(tx, fan=ann)
    assert (piece.state, piece.order_id) == ("held", order)


async def test_what_ones_own_goods_take_of_each_other_is_not_sold_out_for_who_waits(
    world: World, merchant: UUID
) -> None:
    _, (tea,) = await shops.make_product(world, merchant, stock=3)
    parts = [{"variant_id": str(tea), "quantity": 2}]
    box = await shops.make_kind(world, merchant, "bundle", terms={"parts": parts}, title="茶礼")
    ann, bob = [await shops.make_fan(world, merchant, name=name) for name in ("ann", "bob")]
    await shops.fill_cart(world, merchant, ann, {box: 1, tea: 2})
    both = await asked(world, merchant, ann, CART)
    line = door.of(world).lines[merchant] = Line()
    line.stand(uuid4(), now=world.clock.now().timestamp())  # somebody waits
    with pytest.raises(SoldOut) as refused:
        await door.placed(world, merchant, both)
    one = await asked(world, merchant, bob, wanted(refused.value.params["variant"]))
    assert (await door.placed(world, merchant, one)).order.fan_id == bob
