"""Promotions at placing: priced as declared, counted under locks, given back with the order."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from make import shops
from tongshang.app.seed import deals
from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import CouponAsked
from tongshang.campaigns.promotions import declared, labels, standing
from tongshang.campaigns.promotions.claims import EnoughOfIt, Gone
from tongshang.campaigns.promotions.model import PromotionAsked
from tongshang.campaigns.promotions.standing import Policy
from tongshang.platform.clock import ManualClock
from tongshang.platform.work import settle
from tongshang.platform.world import World
from tongshang.trade import orders, place, quotes
from tongshang.trade.model import PAY_WINDOW, Delivery, Order, OrderLine
from tongshang.trade.prices.rules import Addon, Gift, Kind, Scope, Special, Step
from tongshang.trade.prices.tokens import Tampered
from tongshang.trade.quotes import PriceChanged, Quote, Wanted

USES = "select coalesce(sum(used), 0) from promotion_count where merchant_id = $1"


async def declare(world: World, merchant: UUID, kind: Kind, **more: Any) -> UUID:
    """Put a promotion on."""
    async with world.tx(merchant) as tx:
        promotion = tx.new_id()
        await declared.put(tx, promotion=promotion, asked=PromotionAsked(kind=kind, name="活动", **more))
        await declared.move(tx, promotion=promotion, what="start")
    return promotion


async def quoted(world: World, merchant: UUID, fan: UUID, wanted: Wanted) -> Quote:
    async with world.tx(merchant) as tx:
        return await quotes.make(tx, fan=fan, wanted=wanted)


async def ordered(world: World, merchant: UUID, fan: UUID, wanted: Wanted) -> tuple[Order, list[OrderLine]]:
    """Quote and order; give the order and its lines as they are kept."""
    quote = await quoted(world, merchant, fan, wanted)
    asked = place.Asked(order_id=uuid4(), fan_id=fan, wanted=wanted, quote_token=quote.quote_token)
    order = await place.place(world, merchant, asked)
    async with world.tx(merchant) as tx:
        return order, await orders.lines(tx, order=order.id)


async def lapse(world: World) -> None:
    assert isinstance(world.clock, ManualClock)
    world.clock.advance(PAY_WINDOW)
    await settle(world)


async def used(world: World, merchant: UUID) -> int:
    async with world.tx(merchant) as tx:
        return int(await tx.value(USES, merchant))


def wanted(variant: UUID, quantity: int = 1, **more: Any) -> Wanted:
    return Wanted(variant_id=variant, quantity=quantity, delivery=Delivery.PICKUP, **more)


async def test_an_order_keeps_each_benefits_share_and_says_why(world: World, merchant: UUID) -> None:
    product, (variant,) = await shops.make_product(world, merchant)
    fan = await shops.make_fan(world, merchant)
    full = await declare(
        world,
        merchant,
        Kind.FULL,
        steps=[Step(min_fen=20_000, minus_fen=3_000)],
        scope=Scope("products", [str(product)]),
    )
    async with world.tx(merchant) as tx:
        coupon = tx.new_id()
        asked = CouponAsked(name="九折券", kind="percent", percent=90, minus_fen=1_000, min_spend_fen=0, total=5)
        await coupons.put(tx, coupon=coupon, asked=asked)
        piece = (await coupons.claim(tx, coupon=coupon, fan=fan)).id
    order, (line,) = await ordered(world, merchant, fan, wanted(variant, 3, coupon_id=piece))
    assert (order.goods_fen, order.discount_fen, order.total_fen) == (29_700, 4_000, 25_700)
    assert [(one.kind, one.fen) for one in line.reasons] == [("full", -3_000), ("coupon", -1_000)]
    assert line.reasons[0].rule == str(full)
    told = {reason.kind: reason for reason in order.explanation}
    assert told["full"].zh == "满减：满 200 元减 30 元"
    assert "297.00" in told["full"].clerk_zh
    assert told["full"].facts == {"base_fen": 29_700, "pieces": 3, "step": 1, "times": 1}


async def test_gifts_come_with_the_line_that_earned_them_and_stop_when_they_are_gone(
    world: World, merchant: UUID
) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    _, (cup,) = await shops.make_product(world, merchant, title="品茗杯", prices=(2_000,), stock=1)
    fan = await shops.make_fan(world, merchant)
    await declare(world, merchant, Kind.GIFT, steps=[Step(min_pieces=2, gifts=[Gift(cup)])])
    order, lines = await ordered(world, merchant, fan, wanted(tea, 2))
    assert (order.total_fen, order.goods_fen, order.discount_fen) == (19_800, 21_800, 2_000)
    assert [(one.gift, one.paid_fen, one.parent_id) for one in lines] == [(False, 19_800, None), (True, 0, lines[0].id)]
    quote = await quoted(world, merchant, fan, wanted(tea, 2))
    assert [line.gift for line in quote.price.lines] == [False]
    assert "赠品已送完：品茗杯" in [reason.zh for reason in quote.price.explanation]
    await lapse(world)  # nobody paid: the cup is there again
    assert len((await quoted(world, merchant, fan, wanted(tea, 2))).price.lines) == 2


async def test_what_is_added_on_has_its_price_and_needs_its_threshold(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    _, (cup,) = await shops.make_product(world, merchant, title="品茗杯", prices=(2_000,))
    fan = await shops.make_fan(world, merchant)
    special = [Special(variant_id=cup, price_fen=990)]
    promotion = await declare(world, merchant, Kind.ADDON, steps=[Step(min_fen=19_000)], specials=special)
    chosen = (Addon(promotion, cup),)
    short = await quoted(world, merchant, fan, wanted(tea, 1, addons=chosen))
    assert [line.variant_id for line in short.price.lines] == [tea]
    assert [(one.short_fen, one.reached) for one in short.near] == [(9_100, False)]
    assert (await quoted(world, merchant, fan, wanted(tea, 2))).near[0].addons[0].price_fen == 990
    order, lines = await ordered(world, merchant, fan, wanted(tea, 2, addons=chosen))
    assert (order.total_fen, [one.paid_fen for one in lines]) == (20_790, [19_800, 990])


async def test_a_flash_price_ends_with_its_share_of_the_stock_and_a_persons_limit(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant, stock=50)
    fans = [await shops.make_fan(world, merchant, name=f"f{n}") for n in range(6)]
    await declare(
        world, merchant, Kind.FLASH, specials=[Special(variant_id=tea, price_fen=1_000, stock=5, per_person=2)]
    )
    order, _ = await ordered(world, merchant, fans[0], wanted(tea, 3))
    assert order.total_fen == 2 * 1_000 + 9_900  # two for the flash price, the third by its tag
    order, _ = await ordered(world, merchant, fans[0], wanted(tea, 1))
    assert order.total_fen == 9_900
    shown = [await quoted(world, merchant, fan, wanted(tea)) for fan in fans[1:]]
    asked = [
        place.Asked(order_id=uuid4(), fan_id=fan, wanted=wanted(tea), quote_token=quote.quote_token)
        for fan, quote in zip(fans[1:], shown, strict=True)
    ]
    answers = await asyncio.gather(*(place.place(world, merchant, one) for one in asked), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Gone", "Gone", "Order", "Order", "Order"]
    assert any(isinstance(answer, Gone) for answer in answers)
    assert (await quoted(world, merchant, fans[5], wanted(tea))).price.total_fen == 9_900
    assert await used(world, merchant) == 5
    await lapse(world)
    assert await used(world, merchant) == 0
    assert (await quoted(world, merchant, fans[0], wanted(tea))).price.total_fen == 1_000


async def test_a_person_uses_a_promotion_as_often_as_it_says_also_at_once(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    fan = await shops.make_fan(world, merchant)
    await declare(world, merchant, Kind.FULL, steps=[Step(min_fen=5_000, minus_fen=1_000)], per_person=1)
    token = (await quoted(world, merchant, fan, wanted(tea))).quote_token
    asked = [place.Asked(order_id=uuid4(), fan_id=fan, wanted=wanted(tea), quote_token=token) for _ in range(3)]
    answers = await asyncio.gather(*(place.place(world, merchant, one) for one in asked), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["EnoughOfIt", "EnoughOfIt", "Order"]
    assert any(isinstance(answer, EnoughOfIt) for answer in answers)
    assert (await quoted(world, merchant, fan, wanted(tea))).price.total_fen == 9_900


async def test_a_promotion_that_ended_meanwhile_is_told_in_words(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    fan = await shops.make_fan(world, merchant)
    promotion = await declare(world, merchant, Kind.PERCENT, steps=[Step(percent=80)])
    quote = await quoted(world, merchant, fan, wanted(tea))
    assert quote.price.total_fen == 7_920
    async with world.tx(merchant) as tx:
        await declared.move(tx, promotion=promotion, what="pause")
    asked = place.Asked(order_id=uuid4(), fan_id=fan, wanted=wanted(tea), quote_token=quote.quote_token)
    with pytest.raises(PriceChanged) as told:
        await place.place(world, merchant, asked)
    assert told.value.changes == [("折扣优惠已失效，少减 19.80 元", "Percent off is over: 19.80 yuan no longer off")]
    digest, summary, seal = quote.quote_token.split(".")
    for wrong in ("", "0" * 32, f"{digest}.{summary}.{seal[:-1]}x", f"{digest[::-1]}.{summary}.{seal}"):
        with pytest.raises(Tampered):
            await place.place(
                world, merchant, place.Asked(order_id=uuid4(), fan_id=fan, wanted=wanted(tea), quote_token=wrong)
            )


async def test_members_pay_their_price_where_the_merchant_says_who_they_are(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    fan = await shops.make_fan(world, merchant)
    async with world.tx(merchant) as tx:
        await tx.run("update variant set member_price_fen = 8800 where merchant_id = $1 and id = $2", merchant, tea)
        await tx.run("update fan set subscribed = true where merchant_id = $1 and id = $2", merchant, fan)
    assert (await quoted(world, merchant, fan, wanted(tea))).price.total_fen == 9_900
    async with world.tx(merchant) as tx:
        await standing.set_policy(tx, asked=Policy("followers"))
    assert (await quoted(world, merchant, fan, wanted(tea))).price.total_fen == 8_800
    stranger = await shops.make_fan(world, merchant, name="stranger")
    assert (await quoted(world, merchant, stranger, wanted(tea))).price.total_fen == 9_900


async def test_the_best_coupon_is_what_makes_it_cheapest(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    fan = await shops.make_fan(world, merchant)
    await declare(world, merchant, Kind.FULL, steps=[Step(min_fen=5_000, minus_fen=2_000)], stacks_with=())
    async with world.tx(merchant) as tx:
        for minus, other in ((1_500, False), (2_500, False), (4_000, True)):
            coupon = tx.new_id()
            scope = Scope("products", [str(uuid4())]) if other else Scope()
            await coupons.put(tx, coupon=coupon, asked=CouponAsked(
                name=f"减{minus}", minus_fen=minus, min_spend_fen=5_000, total=9, scope=scope))  # fmt: skip
            await coupons.claim(tx, coupon=coupon, fan=fan)
    quote = await quoted(world, merchant, fan, wanted(tea, best_coupon=True))
    assert quote.price.total_fen == 7_400  # 25 off by the coupon is better than 20 off by the promotion
    assert [(one.name, one.usable) for one in quote.coupons] == [("减2500", True), ("减1500", True), ("减4000", False)]
    assert quote.coupons[2].why_zh == "不适用于所选商品"


async def test_a_promotion_waits_for_its_time(world: World, merchant: UUID) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    fan = await shops.make_fan(world, merchant)
    starts = world.clock.now() + timedelta(hours=1)
    await declare(
        world, merchant, Kind.PERCENT, steps=[Step(percent=80)], starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    assert isinstance(world.clock, ManualClock)
    totals = []
    for _ in range(3):
        totals.append((await quoted(world, merchant, fan, wanted(tea))).price.total_fen)
        world.clock.advance(timedelta(hours=1))
    assert totals == [9_900, 7_920, 9_900]


async def test_what_the_demos_shops_have_on_is_well_formed(world: World, merchant: UUID) -> None:
    await deals.declare(world, [merchant])
    async with world.tx(merchant) as tx:
        found = await declared.listed(tx)
    assert sorted((one.now, one.zh) for one in found) == [
        ("draft", "第 2 件半价，不与其他优惠同享"),
        ("running", "满 200 元减 20 元，满 400 元减 50 元，可与优惠券、会员价同享"),
    ]


async def test_a_shops_first_page_knows_its_flash_prices_and_forgets_those_that_are_used_up(
    world: World, merchant: UUID
) -> None:
    product, (tea, cup) = await shops.make_product(world, merchant, prices=(9_900, 5_000))
    fan = await shops.make_fan(world, merchant)
    async with world.tx(merchant) as tx:
        assert await labels.deals(tx) == labels.Deals([], False, False, tx.now)
        await standing.set_policy(tx, asked=Policy("followers"))
    specials = [Special(variant_id=tea, price_fen=1_000, stock=1), Special(variant_id=cup, price_fen=900)]
    await declare(world, merchant, Kind.FLASH, specials=specials)
    soon = world.clock.now() + timedelta(days=1)
    await declare(world, merchant, Kind.FLASH, starts_at=soon, specials=[Special(variant_id=cup, price_fen=500)])
    async with world.tx(merchant) as tx:
        found = await labels.deals(tx)
    assert [(one.variant_id, one.price_fen, one.left, one.soon) for one in found.flash] == [
        (tea, 1_000, 1, False), (cup, 900, None, False), (cup, 500, None, True),
    ]  # fmt: skip
    assert ({one.product_id for one in found.flash}, found.members, found.more) == ({product}, True, True)
    await ordered(world, merchant, fan, wanted(tea))
    async with world.tx(merchant) as tx:
        assert [one.variant_id for one in (await labels.deals(tx)).flash] == [cup, cup]
