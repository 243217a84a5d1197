"""Prices: every fen accounted for, whatever is bought, in whatever order it comes back."""

import random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongshang.trade.model import BasketLine
from tongshang.trade.pricing import Benefit, Freight, Nothing, price, refundable


def line(number: int, unit_fen: int, quantity: int) -> BasketLine:
    return BasketLine(
        variant_id=UUID(int=number + 1), product_id=UUID(int=1), title="茶", options=[], picture_id=None,
        unit_price_fen=unit_fen, quantity=quantity, left=quantity, on_shelf=True,
    )  # fmt: skip


BASKETS = st.lists(
    st.tuples(st.integers(1, 100_000_000), st.integers(1, 999)), min_size=1, max_size=12
).map(lambda found: [line(n, unit, quantity) for n, (unit, quantity) in enumerate(found)])  # fmt: skip
FREIGHTS = st.builds(Freight, st.integers(0, 100_000), st.none() | st.integers(1, 10**9))
BENEFITS = st.lists(
    st.builds(Benefit, st.just("coupon"), st.just("券"), st.just("c"), st.integers(0, 10**12)), max_size=3
)
PAID = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, 10**9), st.just(n)))


@given(BASKETS, FREIGHTS, st.booleans(), BENEFITS)
def test_every_sum_is_exact_and_nothing_is_negative(
    lines: list[BasketLine], freight: Freight, express: bool, benefits: list[Benefit]
) -> None:
    made = price(lines, freight=freight, express=express, benefits=benefits)
    assert made.goods_fen == sum(one.goods_fen for one in made.lines) == sum(one.goods_fen for one in lines)
    assert made.discount_fen == sum(one.discount_fen for one in made.lines)
    assert made.total_fen == sum(one.paid_fen for one in made.lines) + made.freight_fen
    assert made.total_fen == sum(reason.fen for reason in made.explanation)
    assert made.freight_fen >= 0
    for one in made.lines:
        assert 0 <= one.discount_fen <= one.goods_fen
        assert one.paid_fen == one.goods_fen - one.discount_fen


@given(BASKETS, FREIGHTS, st.booleans(), BENEFITS)
def test_a_benefit_leaves_at_least_one_fen_to_pay(
    lines: list[BasketLine], freight: Freight, express: bool, benefits: list[Benefit]
) -> None:
    made = price(lines, freight=freight, express=express, benefits=benefits)
    assert made.total_fen >= 1
    assert made.discount_fen <= sum(one.minus_fen for one in benefits)
    wanted = min(sum(one.minus_fen for one in benefits), made.goods_fen, made.goods_fen + made.freight_fen - 1)
    assert made.discount_fen == wanted  # and no fen less than that


@given(BASKETS, FREIGHTS, st.booleans(), BENEFITS, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter_for_totals(
    lines: list[BasketLine], freight: Freight, express: bool, benefits: list[Benefit], rng: random.Random
) -> None:
    mixed = list(lines)
    rng.shuffle(mixed)
    one, other = (price(some, freight=freight, express=express, benefits=benefits) for some in (lines, mixed))
    assert (one.goods_fen, one.discount_fen, one.freight_fen, one.total_fen, one.explanation) == (
        other.goods_fen, other.discount_fen, other.freight_fen, other.total_fen, other.explanation,
    )  # fmt: skip
    shares = {found.variant_id: found.discount_fen for found in one.lines}
    for found in other.lines:  # who gets the odd fen may differ, nothing else
        assert abs(shares[found.variant_id] - found.discount_fen) <= 1


@given(BASKETS, FREIGHTS)
def test_freight_is_flat_or_free_and_picking_up_costs_nothing(lines: list[BasketLine], freight: Freight) -> None:
    sent = price(lines, freight=freight, express=True)
    free = freight.free_over_fen is not None and sent.goods_fen >= freight.free_over_fen
    assert sent.freight_fen == (0 if free else freight.flat_fen)
    assert price(lines, freight=freight, express=False).freight_fen == 0


@given(PAID, st.data())
def test_pieces_that_come_back_in_any_order_add_up_to_what_was_paid(paid: tuple[int, int], data: st.DataObject) -> None:
    paid_fen, quantity = paid
    back = count = 0
    while count < quantity:
        more = data.draw(st.integers(1, quantity - count))
        piece = refundable(
            paid_fen=paid_fen, quantity=quantity, refunded_quantity=count, refunded_fen=back, more=more
        )  # fmt: skip
        assert piece >= 0
        back, count = back + piece, count + more
        assert back <= paid_fen
    assert back == paid_fen


@given(PAID, st.data())
def test_the_last_piece_brings_the_rest_after_a_free_amount(paid: tuple[int, int], data: st.DataObject) -> None:
    paid_fen, quantity = paid
    given_fen = data.draw(st.integers(0, paid_fen))
    count = data.draw(st.integers(0, quantity - 1))
    rest = refundable(
        paid_fen=paid_fen, quantity=quantity, refunded_quantity=count, refunded_fen=given_fen, more=quantity - count
    )  # fmt: skip
    assert given_fen + rest == paid_fen


@given(BASKETS, FREIGHTS, st.booleans(), BENEFITS)
def test_a_refund_of_everything_returns_everything(
    lines: list[BasketLine], freight: Freight, express: bool, benefits: list[Benefit]
) -> None:
    made = price(lines, freight=freight, express=express, benefits=benefits)
    back = sum(
        refundable(paid_fen=one.paid_fen, quantity=one.quantity, refunded_quantity=0, refunded_fen=0, more=one.quantity)
        for one in made.lines
    )
    assert back + made.freight_fen == made.total_fen


@given(PAID, st.integers(-5, 0), st.integers(1, 99))
def test_no_pieces_and_more_than_there_are_bring_nothing(paid: tuple[int, int], none: int, over: int) -> None:
    paid_fen, quantity = paid
    for more in (none, quantity + over):
        assert not refundable(paid_fen=paid_fen, quantity=quantity, refunded_quantity=0, refunded_fen=0, more=more)


def test_an_empty_basket_has_no_price() -> None:
    with pytest.raises(Nothing):
        price([], freight=Freight(), express=True)
