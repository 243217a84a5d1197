"""A price for a group of customers: who wears a tag has it, nobody else sees it or pays it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from make import shops
from make.worlds import Browser
from tongshang.app.cards import card
from tongshang.campaigns import coupons
from tongshang.campaigns.coupons import CouponAsked
from tongshang.campaigns.gifts import give_coupon
from tongshang.campaigns.promotions import declared, labels, offers, standing
from tongshang.campaigns.promotions.model import PromotionAsked
from tongshang.campaigns.promotions.standing import Policy
from tongshang.platform.world import World
from tongshang.trade import quotes
from tongshang.trade.model import Delivery
from tongshang.trade.prices.rules import Kind, Special, Step
from tongshang.trade.quotes import Quote, Wanted

TAG = """insert into tag (merchant_id, id, appid, name, state, created_at)
values ($1, $2, 'wx00000000000000a1', $3, 'kept', $4)"""
WEAR = "insert into fan_tag (merchant_id, tag_id, fan_id) values ($1, $2, $3)"


async def tagged(world: World, merchant: UUID, name: str, *fans: UUID) -> UUID:
    """Have a tag that some people wear."""
    async with world.tx(merchant) as tx:
        tag = tx.new_id()
        await tx.run(TAG, merchant, tag, name, tx.now)
        for fan in fans:
            await tx.run(WEAR, merchant, tag, fan)
    return tag


async def declare(world: World, merchant: UUID, kind: Kind, **more: Any) -> UUID:
    """Put a promotion on."""
    async with world.tx(merchant) as tx:
        promotion = tx.new_id()
        await declared.put(tx, promotion=promotion, asked=PromotionAsked(kind=kind, name="老客专享", **more))
        await declared.move(tx, promotion=promotion, what="start")
    return promotion


async def quoted(world: World, merchant: UUID, fan: UUID, variant: UUID) -> Quote:
    wanted = Wanted(variant_id=variant, delivery=Delivery.PICKUP)
    async with world.tx(merchant) as tx:
        return await quotes.make(tx, fan=fan, wanted=wanted)


async def test_who_wears_the_tag_pays_the_groups_price_and_nobody_else_sees_it(world: World, merchant: UUID) -> None:
    product, (tea, cup) = await shops.make_product(world, merchant, prices=(9_900, 5_000))
    old, new = [await shops.make_fan(world, merchant, name=name) for name in ("old", "new")]
    tag = await tagged(world, merchant, "老客", old)
    await declare(
        world, merchant, Kind.GROUP, audience=[tag], specials=[Special(variant_id=tea, price_fen=7_900)],
        stacks_with=("promotions", "coupons"),
    )  # fmt: skip
    price = (await quoted(world, merchant, old, tea)).price
    assert (price.total_fen, [(one.kind, one.fen) for one in price.lines[0].reasons]) == (7_900, [("group", -2_000)])
    told = next(one for one in price.explanation if one.kind == "group")
    assert (told.zh, told.en) == ("客群价：老客专享", "Group price: 老客专享")
    assert (await quoted(world, merchant, new, tea)).price.total_fen == 9_900
    assert (await quoted(world, merchant, old, cup)).price.total_fen == 5_000
    async with world.tx(merchant) as tx:
        shown = {fan: await offers.of(tx, product=product, fan=fan) for fan in (old, new, None)}
        assert (await labels.deals(tx)).flash == []
    assert [(one.kind_zh, one.zh) for one in shown[old].promotions] == [("客群价", "专享价 79 元起")]
    assert (shown[new].promotions, shown[None].promotions) == ([], [])
    # Whoever loses the tag loses the price, at the very next look.
    async with world.tx(merchant) as tx:
        await tx.run("delete from fan_tag where merchant_id = $1 and tag_id = $2", merchant, tag)
    assert (await quoted(world, merchant, old, tea)).price.total_fen == 9_900


async def test_the_lowest_of_member_flash_and_group_price_counts_and_any_kind_may_be_for_a_group(
    world: World, merchant: UUID
) -> None:
    _, (tea,) = await shops.make_product(world, merchant, prices=(10_000,))
    old, new = [await shops.make_fan(world, merchant, name=name) for name in ("old", "new")]
    tag = await tagged(world, merchant, "老客", old)
    async with world.tx(merchant) as tx:
        await tx.run("update variant set member_price_fen = 9000 where merchant_id = $1 and id = $2", merchant, tea)
        await tx.run("update fan set subscribed = true where merchant_id = $1", merchant)
        await standing.set_policy(tx, asked=Policy("followers"))
    special = [Special(variant_id=tea, price_fen=8_000)]
    await declare(world, merchant, Kind.GROUP, audience=[tag], specials=special, stacks_with=("promotions",))
    assert [(await quoted(world, merchant, fan, tea)).price.total_fen for fan in (old, new)] == [8_000, 9_000]
    flash = await declare(world, merchant, Kind.FLASH, specials=[Special(variant_id=tea, price_fen=7_000)])
    assert [(await quoted(world, merchant, fan, tea)).price.total_fen for fan in (old, new)] == [7_000, 7_000]
    async with world.tx(merchant) as tx:
        await declared.move(tx, promotion=flash, what="end")
    steps = [Step(min_fen=1_000, minus_fen=500)]
    await declare(world, merchant, Kind.FULL, audience=[tag], steps=steps, stacks_with=("member",))
    assert [(await quoted(world, merchant, fan, tea)).price.total_fen for fan in (old, new)] == [7_500, 9_000]


async def test_a_flash_price_for_members_is_shown_to_those_who_would_pay_it(world: World, merchant: UUID) -> None:
    product, (tea,) = await shops.make_product(world, merchant, prices=(10_000,))
    member, other = [await shops.make_fan(world, merchant, name=name) for name in ("member", "other")]
    async with world.tx(merchant) as tx:
        await tx.run("update fan set subscribed = true where merchant_id = $1 and id = $2", merchant, member)
        await standing.set_policy(tx, asked=Policy("followers"))
    special = [Special(variant_id=tea, price_fen=100)]
    await declare(world, merchant, Kind.FLASH, specials=special, members_only=True)
    for fan, total in ((member, 100), (other, 10_000), (None, 10_000)):
        async with world.tx(merchant) as tx:
            shown = await offers.of(tx, product=product, fan=fan)
        assert [one.price_fen for one in shown.flash] == ([100] if total == 100 else [])
        assert fan is None or (await quoted(world, merchant, fan, tea)).price.total_fen == total


async def test_the_calculator_tries_a_draft_when_it_would_run_and_for_whom_it_is_meant(
    owner: Browser, world: World, merchant: UUID
) -> None:
    _, (tea,) = await shops.make_product(world, merchant)
    tag = str(await tagged(world, merchant, "老客"))
    begins = world.clock.now() + timedelta(days=2)
    draft = {"kind": "group", "name": "老客专享", "audience": [tag], "starts_at": begins.isoformat(),
             "specials": [{"variant_id": str(tea), "price_fen": 7_900}]}  # fmt: skip
    basket = {"lines": [{"variant_id": str(tea), "quantity": 1}], "draft": draft, "member": True}
    status, tried = await owner("POST", "/api/console/calculations", basket)
    assert (status, tried["price"]["total_fen"], tried["drafted"]["total_fen"]) == (200, 9_900, 7_900)
    assert (tried["later"], tried["at"][:16]) == (True, begins.isoformat()[:16])
    stranger = (await owner("POST", "/api/console/calculations", basket | {"member": False}))[1]
    assert stranger["drafted"]["total_fen"] == 9_900
    now = basket | {"at": world.clock.now().isoformat()}
    tried = (await owner("POST", "/api/console/calculations", now))[1]
    assert (tried["later"], tried["drafted"]["total_fen"]) == (False, 9_900)
    for wrong in ({"audience": []}, {"audience": [tag, tag]}, {"specials": []}):
        assert (await owner("POST", "/api/console/promotion-sentences", draft | wrong))[0] == 400
    path = f"/api/console/promotions/{uuid4()}"
    status, answer = await owner("PUT", path, draft | {"audience": [str(uuid4())]})
    assert (status, answer["code"], answer["field"]) == (400, "invalid", "audience")
    status, made = await owner("PUT", path, draft)
    assert (status, made["zh"]) == (200, "指定人群：专享价 79 元起，可与优惠券、会员价同享")
    assert [one["variant_id"] for one in made["goods"]] == [str(tea)]


async def test_a_percent_coupon_says_its_percent_and_its_cap_wherever_it_is_told_of(
    world: World, merchant: UUID
) -> None:
    fan = await shops.make_fan(world, merchant)
    terms = "满 100 元 9 折，最多减 30 元"
    async with world.tx(merchant) as tx:
        coupon = tx.new_id()
        asked = CouponAsked(name="九折券", kind="percent", percent=90, minus_fen=3_000, min_spend_fen=10_000, total=9)
        await coupons.put(tx, coupon=coupon, asked=asked)
        assert f"「九折券」：{terms}，" in await give_coupon(tx, fan, coupon)
        told = await card(tx, "coupon", coupon)
    assert told is not None
    assert f"{terms}，点击领取" in msgspec.json.encode(told).decode()
