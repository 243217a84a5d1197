"""Prices: every fen accounted for, whatever is declared and bought, and whatever comes back."""

import random
from itertools import combinations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from make.offers import BASKETS, FREIGHTS, rules
from tongshang.trade.model import BasketLine, Price
from tongshang.trade.prices.engine import Nothing, price
from tongshang.trade.prices.players import gather, quarrel
from tongshang.trade.prices.refunds import refundable
from tongshang.trade.prices.rules import Freight, Kind, Rules, Unsent
from tongshang.trade.prices.telling import rule_of

PAID = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, 10**9), st.just(n)))
NO_GIFTS = tuple(kind for kind in Kind if kind != Kind.GIFT)


@settings(deadline=None, max_examples=150)
@given(BASKETS, rules(), FREIGHTS)
def test_every_sum_is_exact_and_nothing_is_negative(lines: list[BasketLine], known: Rules, rates: Freight) -> None:
    made = price(lines, rules=known, rates=rates)
    assert made.goods_fen == sum(one.goods_fen for one in made.lines)
    assert made.discount_fen == sum(one.discount_fen for one in made.lines)
    assert made.total_fen == made.goods_fen - made.discount_fen + made.freight_fen
    assert made.total_fen == sum(reason.fen for reason in made.explanation)
    assert made.total_fen >= 1
    assert made.freight_fen >= 0
    for one in made.lines:
        assert 0 <= one.discount_fen <= one.goods_fen
        assert one.paid_fen == one.goods_fen - one.discount_fen
        assert -sum(share.fen for share in one.reasons) == one.discount_fen  # each fen off has its reason
        assert all(share.fen < 0 for share in one.reasons)


@settings(deadline=None, max_examples=100)
@given(BASKETS, rules(), FREIGHTS)
def test_each_reason_names_the_fen_it_took_from_each_line(
    lines: list[BasketLine], known: Rules, rates: Freight
) -> None:
    made = price(lines, rules=known, rates=rates)
    off = [0] * len(made.lines)
    for reason in made.explanation:
        if reason.kind not in ("goods", "freight", "free_freight"):
            assert sum(fen for _, fen in reason.lines) == reason.fen
        assert reason.zh
        assert reason.en
        assert reason.kind in ("goods", "freight") or (reason.clerk_zh and reason.clerk_en)
        for place, fen in reason.lines:
            off[place] -= fen
    assert off == [one.discount_fen for one in made.lines]


@settings(deadline=None, max_examples=100)
@given(BASKETS, rules(), FREIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(
    lines: list[BasketLine], known: Rules, rates: Freight, rng: random.Random
) -> None:
    mixed = list(lines)
    rng.shuffle(mixed)
    one, other = (price(some, rules=known, rates=rates) for some in (lines, mixed))
    assert (one.goods_fen, one.discount_fen, one.freight_fen, one.total_fen) == (
        other.goods_fen, other.discount_fen, other.freight_fen, other.total_fen,
    )  # fmt: skip
    assert [(r.kind, r.fen, r.rule) for r in one.explanation] == [(r.kind, r.fen, r.rule) for r in other.explanation]
    paid = {found.variant_id: found.paid_fen for found in one.lines[: len(lines)]}
    assert paid == {found.variant_id: found.paid_fen for found in other.lines[: len(lines)]}


def steps(made: Price) -> set[tuple[str, int, int]]:
    """Say which rules took part in a price, with the declared step that each has reached, and how often."""
    taking_part = [one for one in made.explanation if one.kind not in ("goods", "freight")]
    return {(one.rule or one.kind, one.facts.get("step", 0), one.facts.get("times", 0)) for one in taking_part}


def freed(before: Price, after: Price, lines: list[BasketLine], known: Rules) -> set[tuple[str, int]]:
    """Say which rules take from which lines that are theirs because one they may not stand beside has gone."""
    by_rule = {rule_of(player): player for player in gather(lines, known)}
    was, now = ({(r.rule, n) for r in made.explanation for n, _ in r.lines if r.rule} for made in (before, after))
    return {
        (rule, n)
        for rule, n in now - was
        for other, line in was - now
        if line == n and {rule, other} <= by_rule.keys() and quarrel(by_rule[rule], by_rule[other])
    }


@settings(deadline=None, max_examples=200, derandomize=True)
@given(BASKETS, rules(most=3, kinds=NO_GIFTS), st.integers(0, 2_000), st.data())
def test_buying_more_costs_less_only_where_a_declared_step_is_reached(
    lines: list[BasketLine], known: Rules, flat: int, data: st.DataObject
) -> None:
    """Stated precisely: one more piece of anything never lowers the total, unless a rule took part that had not before
    (a lower price of its own, too), in a step it had not reached, or once more in one that it had (each N pieces), or
    on a line that another one has left, beside which it may not stand (N pieces for a price found theirs elsewhere).
    """
    nth = data.draw(st.integers(0, len(lines) - 1))
    more = [msgspec.structs.replace(one, quantity=one.quantity + (n == nth)) for n, one in enumerate(lines)]
    before, after = (price(some, rules=known, rates=Freight(flat)) for some in (lines, more))
    if after.total_fen < before.total_fen:
        told = steps(after) - steps(before) or freed(before, after, lines, known)
        assert told, (before.explanation, after.explanation)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(BASKETS, rules(most=3, kinds=NO_GIFTS), FREIGHTS)
def test_no_choice_of_the_promotions_would_have_been_better(
    lines: list[BasketLine], known: Rules, rates: Freight
) -> None:
    if known.coupon is not None:  # a coupon that was chosen is used where it can be, whatever it costs
        known = msgspec.structs.replace(known, coupon=None)
    best = price(lines, rules=known, rates=rates).total_fen
    for count in range(len(known.promotions)):
        for some in combinations(known.promotions, count):
            for member in {known.member, False}:
                fewer = msgspec.structs.replace(known, promotions=some, member=member)
                assert best <= price(lines, rules=fewer, rates=rates).total_fen


@settings(deadline=None, max_examples=100)
@given(BASKETS, rules(), FREIGHTS, st.data())
def test_a_refund_of_everything_returns_everything_in_any_sequence(
    lines: list[BasketLine], known: Rules, rates: Freight, data: st.DataObject
) -> None:
    made = price(lines, rules=known, rates=rates)
    gone, back = [0] * len(made.lines), [0] * len(made.lines)
    pieces = [n for n, one in enumerate(made.lines) for _ in range(one.quantity)]
    for n in data.draw(st.permutations(pieces)):
        one = made.lines[n]
        fen = refundable(
            paid_fen=one.paid_fen, quantity=one.quantity, refunded_quantity=gone[n], refunded_fen=back[n], more=1
        )  # fmt: skip
        assert fen >= 0
        gone[n], back[n] = gone[n] + 1, back[n] + fen
    assert back == [one.paid_fen for one in made.lines]
    assert sum(back) + made.freight_fen == made.total_fen


@settings(deadline=None)
@given(BASKETS, FREIGHTS)
def test_freight_is_flat_or_free_and_picking_up_costs_nothing(lines: list[BasketLine], rates: Freight) -> None:
    sent = price(lines, rates=rates)
    free = rates.free_over_fen is not None and sent.goods_fen >= rates.free_over_fen
    assert sent.freight_fen == (0 if free else rates.flat_fen)
    assert price(lines, rates=Unsent()).freight_fen == 0


@settings(deadline=None)
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


@settings(deadline=None)
@given(PAID, st.data())
def test_the_last_piece_brings_the_rest_after_a_free_amount(paid: tuple[int, int], data: st.DataObject) -> None:
    paid_fen, quantity = paid
    given_fen = data.draw(st.integers(0, paid_fen))
    count = data.draw(st.integers(0, quantity - 1))
    rest = refundable(
        paid_fen=paid_fen, quantity=quantity, refunded_quantity=count, refunded_fen=given_fen, more=quantity - count
    )  # fmt: skip
    assert given_fen + rest == paid_fen


@settings(deadline=None)
@given(PAID, st.integers(-5, 0), st.integers(1, 99))
def test_no_pieces_and_more_than_there_are_bring_nothing(paid: tuple[int, int], none: int, over: int) -> None:
    paid_fen, quantity = paid
    for more in (none, quantity + over):
        assert not refundable(paid_fen=paid_fen, quantity=quantity, refunded_quantity=0, refunded_fen=0, more=more)


def test_an_empty_basket_has_no_price() -> None:
    with pytest.raises(Nothing):
        price([])
