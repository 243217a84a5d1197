"""Refunds shared among the ways their money came: exact for any sequence, explained to the fen."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tongshang.platform.money import allocate
from tongshang.trade.model import OrderLine, Share
from tongshang.trade.parts import breaking
from tongshang.trade.parts.model import Fulfilment, Item, OrderPart, P
from tongshang.trade.prices.refunds import refundable
from tongshang.trade.unwinding import explain, gifts
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


def part_of(variant: int, per_piece: int, quantity: int, paid: int) -> OrderPart:
    """Make a part that has arrived and holds one item of a bundle."""
    item = Item(
        line_id=UUID(int=1), product_id=UUID(int=9), variant_id=UUID(int=variant), title="龙井", options=[],
        kind="physical", per_piece=per_piece, quantity=per_piece * quantity, paid_fen=paid,
    )  # fmt: skip
    return OrderPart(UUID(int=2), list(Fulfilment)[variant % len(Fulfilment)], P.DONE, [item], None)


@given(st.data())
def test_bundles_go_whole_or_part_by_part_and_bring_what_was_paid(data: st.DataObject) -> None:
    quantity, paid = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 99_999))
    made_of = data.draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    parts = [
        part_of(10 + n, per_piece, quantity, share)
        for n, (per_piece, share) in enumerate(zip(made_of, allocate(paid, made_of), strict=True))
    ]
    line = OrderLine(
        UUID(int=1), UUID(int=2), 0, UUID(int=3), UUID(int=4), "套装", [], None, paid, quantity, paid, 0, paid, 0, 0,
    )  # fmt: skip
    taken, money, whole = breaking.begin([line], parts), 0, 0
    while taken.bundles[line.id]:
        keys = [key for key in taken.items if taken.left(key)]
        key = data.draw(st.none() | st.sampled_from(keys))
        if key is None:
            count = data.draw(st.integers(1, taken.bundles[line.id]))
            before = quantity - taken.bundles[line.id]
            breaking.take_whole(taken, line=line.id, count=count)
            amount = refundable(
                paid_fen=paid, quantity=quantity, refunded_quantity=before, refunded_fen=money, more=count
            )  # fmt: skip
            whole += count
        else:
            count = data.draw(st.integers(1, taken.left(key)))
            amount = breaking.take_apart(taken, line=line.id, variant=key[1], count=count)
        assert 0 <= amount <= paid - money
        money, taken.fen[line.id] = money + amount, taken.fen[line.id] - amount
        assert all(taken.left(one) >= 0 and taken.apart[one] >= 0 for one in taken.items)
    # To the last fen and the last piece, whatever the order; every bundle counts once, whole or broken.
    assert (money, whole + taken.whole[line.id]) == (paid, quantity)
    assert [taken.gone[one] for one in taken.items] == [per_piece * quantity for per_piece in made_of]


def gift(quantity: int, *, parent: int | None, sent: int = 0, refunded: int = 0, id: int = 7) -> OrderLine:
    """Make a line that came with another one."""
    return OrderLine(
        UUID(int=id), UUID(int=2), 1, UUID(int=3), UUID(int=5), "品茗杯", [], None, 0, quantity, 0, 0, 0, refunded, 0,
        gift=parent is not None, parent_id=UUID(int=parent) if parent else None, sent=sent,
    )  # fmt: skip


def test_a_gift_is_orphaned_when_nothing_of_its_goods_stays() -> None:
    tea, cup = gift(3, parent=None, id=1), gift(2, parent=1)
    assert gifts.orphaned([tea, cup], gone={tea.id: 2}) == {}
    assert gifts.orphaned([tea, cup], gone={tea.id: 3}) == {cup.id: 2}
    assert gifts.orphaned([tea, cup], gone={tea.id: 3, cup.id: 1}) == {cup.id: 1}
    assert gifts.orphaned([tea, cup], gone={tea.id: 3}, kept={cup.id}) == {}
    assert gifts.orphaned([tea, gift(2, parent=1, sent=1)], gone={tea.id: 3}) == {cup.id: 1}
    assert gifts.orphaned([tea, gift(2, parent=1, refunded=2)], gone={tea.id: 3}) == {}
    assert gifts.of([tea, cup], wanted={tea.id: 3}, left={tea.id: 3, cup.id: 2}) == {cup.id: 2}
    assert gifts.of([tea, cup], wanted={tea.id: 2}, left={tea.id: 3, cup.id: 2}) == {}
