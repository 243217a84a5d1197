"""Each rule of prices by itself, at its edge: what would still pass if the rule were forgotten is no test of it."""

from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest

from make.offers import GIFT, line, promotion
from tongshang.trade.freights.model import Local, Place
from tongshang.trade.prices.engine import price
from tongshang.trade.prices.rules import (
    Addon,
    Coupon,
    Freight,
    Gift,
    Hours,
    Kind,
    Promotion,
    Rules,
    Scope,
    Special,
    Step,
    Unsent,
)  # fmt: skip
from tongshang.trade.prices.sent import Brought

HERE = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=HERE)
TEN_OFF = Coupon(id=GIFT, coupon_id=GIFT, name="券", minus_fen=1_000)


def off(*found: Promotion, fen: int = 10_000, count: int = 1, **more: object) -> int:
    """Say what is taken off so many pieces."""
    rules = Rules(promotions=found, **more)  # type: ignore[arg-type]
    return price([line(0, fen, count, member_price_fen=fen - 100)], rules=rules).discount_fen


def tenth(**more: object) -> Promotion:
    return promotion(1, Kind.PERCENT, steps=[Step(percent=90)], **more)


@pytest.mark.parametrize(("least", "taken"), [(10_000, 1_000), (10_001, 0)])
def test_a_coupon_asks_for_its_least_spend(least: int, taken: int) -> None:
    coupon = Coupon(id=GIFT, coupon_id=GIFT, name="券", minus_fen=1_000, min_spend_fen=least)
    assert off(coupon=coupon) == taken


def test_a_coupons_least_spend_is_of_its_own_goods() -> None:
    coupon = Coupon(
        id=GIFT, coupon_id=GIFT, name="券", minus_fen=1_000, min_spend_fen=6_000, scope=Scope("tags", ["a"])
    )
    lines = [line(0, 5_000, tags=["a"]), line(1, 5_000)]
    assert price(lines, rules=Rules(coupon=coupon)).discount_fen == 0


@pytest.mark.parametrize(("member", "taken"), [(True, 1_090), (False, 0)])
def test_what_is_for_members_only_is_nobody_elses(member: bool, taken: int) -> None:
    assert off(tenth(members_only=True), member=member) == taken  # of the member's price


@pytest.mark.parametrize(("more", "taken"), [
    ({"starts_at": MONDAY}, 1_000), ({"starts_at": MONDAY + timedelta(seconds=1)}, 0),
    ({"ends_at": MONDAY}, 0), ({"ends_at": MONDAY + timedelta(seconds=1)}, 1_000),
    ({"hours": [Hours(1, 600, 660)]}, 1_000), ({"hours": [Hours(1, 540, 600)]}, 0),
    ({"hours": [Hours(2, 600, 660)]}, 0),
])  # fmt: skip
def test_a_promotion_runs_in_its_days_and_hours(more: dict[str, object], taken: int) -> None:
    assert off(tenth(**more), moment=MONDAY) == taken


@pytest.mark.parametrize(("scope", "taken"), [
    (Scope(), 1_000), (Scope("products", [str(UUID(int=101))]), 1_000), (Scope("products", [str(UUID(int=102))]), 0),
    (Scope(without=[str(UUID(int=101))]), 0), (Scope("tags", ["x"]), 0),
])  # fmt: skip
def test_a_promotion_keeps_to_its_goods(scope: Scope, taken: int) -> None:
    assert off(tenth(scope=scope)) == taken


def test_what_is_used_up_is_over() -> None:
    assert off(tenth(), closed=frozenset({tenth().id})) == 0


def test_what_excludes_a_coupon_is_not_had_with_it() -> None:
    assert off(tenth(stacks_with=()), coupon=TEN_OFF) == 1_000  # the coupon was chosen; the rest stands back
    assert off(tenth(stacks_with=("coupons",)), coupon=TEN_OFF) == 2_000


@pytest.mark.parametrize(("fen", "added"), [(4_999, 0), (5_000, 2)])
def test_what_is_added_on_needs_its_threshold_and_has_its_most(fen: int, added: int) -> None:
    extra = promotion(3, Kind.ADDON, steps=[Step(min_fen=5_000)], most=2,
                      specials=[Special(variant_id=GIFT, price_fen=300)])  # fmt: skip
    goods = {GIFT: line(900, 2_000, variant_id=GIFT, left=9)}
    made = price([line(0, fen)], rules=Rules(promotions=[extra], goods=goods, addons=[Addon(extra.id, GIFT, 5)]))
    assert sum(one.quantity for one in made.lines[1:]) == added
    assert made.total_fen == fen + 300 * added


def test_gifts_come_as_often_as_their_threshold_is_full() -> None:
    gift = promotion(1, Kind.GIFT, steps=[Step(min_pieces=2, gifts=[Gift(GIFT)])], each=True, most=2)
    goods = {GIFT: line(900, 2_000, variant_id=GIFT, left=9)}
    counts = [
        sum(one.quantity for one in price([line(0, 100, n)], rules=Rules(promotions=[gift], goods=goods)).lines[1:])
        for n in (1, 2, 4, 9)
    ]
    assert counts == [0, 1, 2, 2]


def test_a_groups_price_is_as_a_members_and_the_lowest_counts() -> None:
    special = [Special(variant_id=line(0, 1).variant_id, price_fen=8_000)]
    group = promotion(1, Kind.GROUP, specials=special, stacks_with=("promotions",))
    flash = promotion(2, Kind.FLASH, specials=[Special(variant_id=special[0].variant_id, price_fen=7_500)])
    assert [off(group), off(group, member=True), off(group, flash)] == [2_000, 2_000, 2_500]
    assert off(group, tenth(stacks_with=("member",))) == 2_800
    assert off(group, tenth(stacks_with=())) == 2_000  # together they may not be; the group's is less
    assert off(group, closed=frozenset({group.id})) == 0


LOCAL = Local(enabled=True, regions=["330106"], fee_fen=600, minimum_fen=5_000, free_over_fen=20_000)
THERE, ELSEWHERE = Place(["西湖区"], ["330106"]), Place(["鄞州区"], ["330212"])


@pytest.mark.parametrize(("fen", "fee"), [(19_999, 600), (20_000, 0)])
def test_the_shops_own_people_bring_for_a_fee_and_free_from_an_amount_on(fen: int, fee: int) -> None:
    assert price([line(0, fen)], rates=Brought(LOCAL, THERE)).freight_fen == fee


@pytest.mark.parametrize(("fen", "place", "code"), [
    (4_999, THERE, "local.too_little"), (5_000, THERE, None), (5_000, ELSEWHERE, "local.not_served"),
])  # fmt: skip
def test_the_shops_own_people_go_where_it_says_from_its_amount_on(fen: int, place: Place, code: str | None) -> None:
    refused = Brought(LOCAL, place).refused([line(0, fen)])
    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(("fen", "fee"), [(9_999, 800), (10_000, 0)])
def test_freight_is_free_from_an_amount_on_and_for_who_fetches(fen: int, fee: int) -> None:
    assert price([line(0, fen)], rates=Freight(800, 10_000)).freight_fen == fee
    assert price([line(0, fen)], rates=Unsent()).freight_fen == 0
