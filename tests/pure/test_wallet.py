"""Stored value taken from lots and given back to them: exact, in proportion, never below nothing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tongshang.wallet import rules
from tongshang.wallet.model import Piece, give_back, spend, total

LOTS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=6)


@given(LOTS, st.data())
def test_what_is_spent_is_taken_oldest_first_and_in_proportion(
    sizes: list[tuple[int, int]], data: st.DataObject
) -> None:
    lots = [Piece(UUID(int=nth), *size) for nth, size in enumerate(sizes)]
    amount = data.draw(st.integers(0, sum(map(sum, sizes))))
    taken = spend(amount, lots)
    assert -sum(total(taken)) == amount
    left = {lot.lot: lot for lot in lots}
    for nth, piece in enumerate(taken):
        lot = left[piece.lot]
        assert 0 <= -piece.principal_fen <= lot.principal_fen
        assert 0 <= -piece.bonus_fen <= lot.bonus_fen
        whole, part = lot.principal_fen + lot.bonus_fen, -piece.principal_fen - piece.bonus_fen
        assert abs(-piece.principal_fen * whole - lot.principal_fen * part) < whole  # within a fen of the proportion
        assert nth == len(taken) - 1 or part == whole  # none is begun before the older one is empty


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.data())
def test_what_comes_back_never_exceeds_what_was_taken(taken: list[int], data: st.DataObject) -> None:
    left = list(taken)
    for _ in range(5):
        amount = data.draw(st.integers(0, sum(left)))
        back = give_back(amount, left)
        assert sum(back) == amount
        left = [rest - part for rest, part in zip(left, back, strict=True)]
        assert min(left) >= 0
    assert give_back(sum(left), left) == left


def test_the_right_to_return_begins_on_the_day_the_law_says() -> None:
    first = datetime(2025, 4, 30, 16, tzinfo=UTC)
    assert rules.at(first - timedelta(seconds=1)).return_within == timedelta(0)
    assert rules.at(first).return_within == timedelta(days=7)
    assert all(one.sources and one.bearer_most_fen < one.named_most_fen for one in rules.HISTORY)
