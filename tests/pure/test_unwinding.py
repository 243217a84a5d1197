"""Refunds shared among the ways their money came: exact for any sequence, explained to the fen."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tongshang.trade.model import OrderLine, Share
from tongshang.trade.prices.refunds import refundable
from tongshang.trade.unwinding import explain
from tongshang.trade.unwinding.model import split

AMOUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=6)


@given(AMOUNTS, st.data())
def test_any_sequence_of_refunds_empties_every_source_and_none_twice(paid: list[int], data: st.DataObject) -> None:
    turns = data.draw(st.lists(st.integers(0, 2), min_size=len(paid), max_size=len(paid)))
    left = list(paid)
    for _ in range(data.draw(st.integers(0, 12))):
        amount = data.draw(st.integers(0, sum(left)))
        parts = split(amount, left=left, turns=turns)
        assert sum(parts) == amount
        assert all(0 <= part <= rest for part, rest in zip(parts, left, strict=True))
        touched = [turn for part, turn in zip(parts, turns, strict=True) if part]
        left = [rest - part for rest, part in zip(left, parts, strict=True)]
        for turn in touched:  # whatever came before in turn is empty
            assert all(rest == 0 for rest, other in zip(left, turns, strict=True) if other < turn)
    assert split(sum(left), left=left, turns=turns) == left


def test_the_largest_remainder_decides_and_the_earlier_of_equals() -> None:
    assert split(100, left=[2_000, 1_000], turns=[1, 1]) == [67, 33]
    assert split(1, left=[500, 500], turns=[1, 1]) == [1, 0]
    assert split(700, left=[500, 500], turns=[1, 0]) == [200, 500]


@given(st.data())
def test_every_fen_of_a_lines_refunds_is_explained(data: st.DataObject) -> None:
    quantity, unit = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 99_999))
    minus = [data.draw(st.integers(0, unit * quantity // 3)) for _ in range(data.draw(st.integers(0, 3)))]
    paid, back, money = unit * quantity - sum(minus), 0, 0
    shares = [Share("coupon", "优惠券", "Coupon", -fen) for fen in minus]
    while back < quantity:
        line = OrderLine(
            UUID(int=1), UUID(int=2), 0, UUID(int=3), UUID(int=4), "龙井", [], None, unit, quantity, unit * quantity,
            sum(minus), paid, back, money, reasons=shares,
        )  # fmt: skip
        asked = data.draw(st.none() | st.integers(0, paid - money))
        more = data.draw(st.integers(1 if asked is None else 0, quantity - back))
        amount = asked if asked is not None else refundable(
            paid_fen=paid, quantity=quantity, refunded_quantity=back, refunded_fen=money, more=more
        )  # fmt: skip
        steps = explain.of_line(line, quantity=more, asked_fen=asked, amount=amount)
        assert sum(step.fen for step in steps) == amount
        assert all(step.zh and step.en and step.fen for step in steps)
        back, money = back + more, money + amount
        if asked is not None and more == 0:
            break
