"""Each kind of promotion at its edges: what it takes off, from which pieces, and in which words."""

import msgspec
import pytest

from make.offers import GIFT, line, promotion
from tongshang.platform.errors import Invalid
from tongshang.trade.model import BasketLine, Price
from tongshang.trade.prices.coupons import why_not
from tongshang.trade.prices.engine import price
from tongshang.trade.prices.near import near
from tongshang.trade.prices.rules import Addon, Coupon, Freight, Gift, Kind, Promotion, Rules, Scope, Special, Step
from tongshang.trade.prices.tokens import Tampered, changes, token

FRIENDLY = ("promotions", "coupons", "member", "flash")


def of(lines: list[BasketLine], *found: Promotion, **more: object) -> Price:
    return price(lines, rules=Rules(promotions=found, **more))  # type: ignore[arg-type]


def off(made: Price) -> list[int]:
    return [one.discount_fen for one in made.lines]


@pytest.mark.parametrize(("fen", "each", "taken"), [
    (19_999, False, 0), (20_000, False, 3_000), (29_999, False, 3_000), (30_000, False, 6_000), (90_000, False, 6_000),
    (19_999, True, 0), (20_000, True, 3_000), (40_000, True, 6_000), (90_000, True, 9_000),
])  # fmt: skip
def test_full_reduction_counts_from_its_threshold_on(fen: int, each: bool, taken: int) -> None:
    steps = [Step(min_fen=20_000, minus_fen=3_000)] + ([] if each else [Step(min_fen=30_000, minus_fen=6_000)])
    made = of([line(0, fen)], promotion(1, Kind.FULL, steps=steps, each=each, most=3 if each else None))
    assert made.discount_fen == taken


def test_percent_is_rounded_down_and_shared_by_largest_remainder() -> None:
    made = of([line(0, 333), line(1, 333), line(2, 335)], promotion(1, Kind.PERCENT, steps=[Step(percent=90)]))
    assert (made.discount_fen, off(made)) == (100, [33, 33, 34])


@pytest.mark.parametrize(("prices", "taken"), [
    ([100], 0), ([100, 60], 30), ([100, 60, 50], 30), ([100, 60, 50, 40], 50), ([40, 100, 60, 50], 50), ([99, 99], 49),
])  # fmt: skip
def test_the_second_piece_at_half_price_is_the_cheaper_of_each_two(prices: list[int], taken: int) -> None:
    made = of([line(n, fen) for n, fen in enumerate(prices)], promotion(1, Kind.NTH, pieces=2, percent=50))
    assert made.discount_fen == taken


@pytest.mark.parametrize(("prices", "most", "taken"), [
    ([50, 50], None, 0), ([50, 50, 50], None, 51), ([20, 20, 20], None, 0), ([50] * 6, None, 102), ([50] * 6, 1, 51),
    ([50, 50, 50, 20, 20, 20], None, 51),
])  # fmt: skip
def test_three_for_a_price_takes_the_dearest_and_never_makes_dearer(
    prices: list[int], most: int | None, taken: int
) -> None:
    made = of(
        [line(n, fen) for n, fen in enumerate(prices)], promotion(1, Kind.N_FOR, pieces=3, price_fen=99, most=most)
    )
    assert made.discount_fen == taken


def test_what_excludes_each_other_is_chosen_for_the_customer_line_by_line() -> None:
    lines = [line(0, 10_000, tags=["a"]), line(1, 10_000)]
    whole = promotion(1, Kind.FULL, steps=[Step(min_fen=10_000, minus_fen=1_000)], stacks_with=())
    tea = promotion(2, Kind.PERCENT, steps=[Step(percent=85)], scope=Scope("tags", ["a"]), stacks_with=())
    assert off(of(lines, whole, tea)) == [1_500, 1_000]  # the tea by percent, and the rest still reaches the threshold
    assert off(of(lines, whole)) == [500, 500]
    friends = [
        promotion(n, Kind.FULL, steps=[Step(min_fen=100, minus_fen=n)], group="g", stacks_with=FRIENDLY) for n in (3, 7)
    ]
    assert of(lines, *friends).discount_fen == 7  # of one group only one


def test_a_coupon_stays_off_what_does_not_go_with_it() -> None:
    lines = [line(0, 10_000, tags=["a"]), line(1, 10_000)]
    alone = promotion(1, Kind.PERCENT, steps=[Step(percent=50)], scope=Scope("tags", ["a"]), stacks_with=())
    coupon = Coupon(id=GIFT, coupon_id=GIFT, name="券", minus_fen=2_000, min_spend_fen=5_000)
    made = of(lines, alone, coupon=coupon)
    assert (off(made), made.coupon_used) == ([5_000, 2_000], True)
    dear = Coupon(id=GIFT, coupon_id=GIFT, name="券", minus_fen=2_000, min_spend_fen=30_000, scope=Scope("tags", ["b"]))
    assert not of(lines, alone, coupon=dear).coupon_used
    assert why_not(dear, lines, Rules()) == ("不适用于所选商品", "it is not for these goods")
    fold = Coupon(id=GIFT, coupon_id=GIFT, name="券", kind="percent", percent=80, cap_fen=1_500)
    assert of(lines, coupon=fold).discount_fen == 1_500


def test_one_fen_of_an_order_always_remains_to_be_paid() -> None:
    coupon = Coupon(id=GIFT, coupon_id=GIFT, name="券", minus_fen=99_999)
    assert of([line(0, 1_000)], coupon=coupon).total_fen == 1
    sent = price([line(0, 1_000)], rules=Rules(coupon=coupon), rates=Freight(800))
    assert (sent.total_fen, sent.lines[0].paid_fen) == (800, 0)


def test_a_flash_price_ends_where_its_pieces_do_and_the_lowest_price_wins() -> None:
    flash = promotion(
        1, Kind.FLASH, specials=[Special(variant_id=line(0, 1).variant_id, price_fen=500)], stacks_with=()
    )
    lines = [line(0, 1_000, 3, member_price_fen=900)]
    pieces = {(flash.id, lines[0].variant_id): 2}
    made = of(lines, flash, member=True, pieces=pieces)
    assert made.total_fen == 2 * 500 + 900
    assert [(one.kind, one.fen) for one in made.lines[0].reasons] == [("member", -100), ("flash", -1_000)]
    assert [(use.variant_id, use.pieces) for use in made.uses] == [(None, 0), (lines[0].variant_id, 2)]
    assert of(lines, flash, pieces={(flash.id, lines[0].variant_id): 0}).total_fen == 3_000


def test_gifts_and_free_freight_and_what_is_missing_to_them() -> None:
    goods = {GIFT: line(900, 2_000, variant_id=GIFT, left=1)}
    gift = promotion(1, Kind.GIFT, steps=[Step(min_pieces=2, gifts=[Gift(GIFT)])], stacks_with=FRIENDLY)
    free = promotion(2, Kind.FREE_FREIGHT, steps=[Step(min_fen=5_000)], stacks_with=FRIENDLY)
    extra = promotion(3, Kind.ADDON, steps=[Step(min_fen=5_000)], specials=[Special(variant_id=GIFT, price_fen=1)],
                      stacks_with=FRIENDLY)  # fmt: skip
    known = Rules(promotions=(gift, free), goods=goods)
    short = price([line(0, 3_000)], rules=known, rates=Freight(800))
    assert (short.total_fen, len(short.lines)) == (3_800, 1)
    assert [(one.zh, one.en) for one in near([line(0, 3_000)], known)] == [
        ("再买 1 件送赠品", "1 piece more: a gift"), ("再买 20 元包邮", "20 yuan more: free freight"),
    ]  # fmt: skip
    made = price([line(0, 3_000, 2)], rules=known, rates=Freight(800))
    assert (made.total_fen, made.lines[1].gift, made.lines[1].paid_fen, made.lines[1].parent) == (6_000, True, 0, 0)
    # The last piece goes into the gift, so that nothing is left to be added on.
    both = Rules(promotions=(gift, extra), goods=goods, addons=[Addon(extra.id, GIFT)])
    assert [one.gift for one in price([line(0, 3_000, 2)], rules=both).lines] == [False, True]
    more = msgspec.structs.replace(both, goods={GIFT: msgspec.structs.replace(goods[GIFT], left=2)})
    assert [one.gift for one in price([line(0, 3_000, 2)], rules=more).lines] == [False, True, False]
    # What the gift excludes is not offered either.
    apart = msgspec.structs.replace(extra, stacks_with=())
    offered = [near([line(0, 3_000, 2)], msgspec.structs.replace(more, promotions=some)) for some in
               ((gift, extra), (gift, apart), (apart,))]  # fmt: skip
    assert [[one.promotion_id for one in some] for some in offered] == [[extra.id], [], [apart.id]]


def test_a_token_says_what_changed_and_cannot_be_made_up() -> None:
    key, rule = b"key", promotion(1, Kind.FULL, steps=[Step(min_fen=100, minus_fen=50)])
    shown = of([line(0, 1_000)], rule)
    sealed = token(shown, key=key)
    assert token(of([line(0, 1_000)], rule), key=key) == sealed
    assert changes(sealed, shown, key=key) == []
    dearer = changes(sealed, of([line(0, 1_200)], rule), key=key)
    assert dearer == [("“茶0” 由 10.00 元变为 12.00 元", "茶0 changed from 10.00 to 12.00 yuan")]
    over = changes(sealed, of([line(0, 1_000)]), key=key)
    assert over[0][0] == "满减优惠已失效，少减 0.50 元"
    for wrong in (sealed[:-1], "x" + sealed, sealed.replace(".", "", 1), "", "..", token(shown, key=b"other")):
        with pytest.raises((Tampered, Invalid)):
            changes(wrong, shown, key=key)


def test_a_members_price_stands_back_where_that_is_cheaper_on_the_whole() -> None:
    # One fen less would cost the freight that is free from there on.
    dear = [line(0, 10_000, member_price_fen=9_990)]
    assert price(dear, rules=Rules(member=True), rates=Freight(800, free_over_fen=10_000)).total_fen == 10_000
    # The member's price lies on both lines; what the flash sale gives on one of them anyway is not lost by leaving it.
    lines = [line(0, 100), line(4, 200, member_price_fen=100), line(5, 200, member_price_fen=100)]
    flash = promotion(1, Kind.FLASH, specials=[Special(variant_id=lines[2].variant_id, price_fen=100)], stacks_with=())
    pair = [str(lines[0].product_id), str(lines[1].product_id)]
    two = promotion(2, Kind.N_FOR, pieces=2, price_fen=100, scope=Scope("products", pair), stacks_with=())
    assert of(lines, flash, two, member=True).total_fen == 200
