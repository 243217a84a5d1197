"""How a payment is shared, and how much of it comes back: no fen lost, never above the cap, nor more than is there."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongshang.payments.sharing.model import Base, Purpose, Rule
from tongshang.payments.sharing.receivers import shown
from tongshang.payments.sharing.rules import plan, unwind

RULES = st.lists(
    st.builds(Rule, st.uuids(), st.sampled_from(Purpose), st.integers(0, 10_000), st.sampled_from(Base)), max_size=6
)


def rule(per_myriad: int, base: Base = Base.PAID) -> Rule:
    return Rule(UUID(int=per_myriad), Purpose.PARTNER, per_myriad, base)


@given(RULES, st.integers(0, 10**9), st.integers(0, 10**7), st.integers(0, 10_000))
def test_shares_never_exceed_the_cap_nor_what_is_there(rules: list[Rule], base: int, fee: int, cap: int) -> None:
    fee = min(fee, base)
    parts = plan(rules, base_fen=base, fee_fen=fee, cap_per_myriad=cap)
    assert len(parts) == len(rules)
    assert all(part >= 0 for part in parts)
    assert sum(parts) <= min(base * cap // 10_000, base - fee)
    wants = [one.per_myriad * (base if one.base is Base.PAID else base - fee) for one in rules]
    wanted = sum(wants) // 10_000
    assert sum(parts) == min(wanted, base * cap // 10_000, base - fee)
    if sum(parts) == wanted:  # nothing was cut: everybody has his part, give or take the odd fen
        assert all(want // 10_000 <= part <= -(-want // 10_000) for want, part in zip(wants, parts, strict=True))


@given(RULES, st.integers(1, 10**8), st.data())
def test_any_sequence_of_refunds_brings_every_share_back_and_no_fen_twice(
    rules: list[Rule], base: int, data: st.DataObject
) -> None:
    there = plan(rules, base_fen=base, fee_fen=base * 6 // 1000, cap_per_myriad=3_000)
    left = base
    for _ in range(data.draw(st.integers(0, 8))):
        if not left:
            break
        amount = data.draw(st.integers(1, left))
        parts = unwind(amount, left=left, there=there)
        assert all(0 <= part <= kept for part, kept in zip(parts, there, strict=True))
        assert sum(parts) == sum(there) * amount // left
        assert sum(parts) <= amount
        there, left = [kept - part for kept, part in zip(there, parts, strict=True)], left - amount
    if left:
        assert unwind(left, left=left, there=there) == there
    else:
        assert sum(there) == 0


def test_everybody_gets_his_part_and_the_odd_fen_goes_to_the_largest_remainder() -> None:
    rules = [rule(1_000), rule(200, Base.NET)]
    assert plan(rules, base_fen=9_900, fee_fen=59, cap_per_myriad=3_000) == [990, 196]
    assert plan([rule(3_333), rule(3_333)], base_fen=100, fee_fen=0, cap_per_myriad=10_000) == [33, 33]
    assert plan([rule(50), rule(50)], base_fen=100, fee_fen=0, cap_per_myriad=3_000) == [1, 0]
    assert plan([rule(2_000), rule(2_000)], base_fen=1_001, fee_fen=6, cap_per_myriad=3_000) == [150, 150]
    assert plan([], base_fen=100, fee_fen=0, cap_per_myriad=3_000) == []
    assert unwind(3_000, left=9_900, there=[990, 196]) == [300, 59]


def test_more_than_is_left_cannot_be_unwound() -> None:
    for amount in (0, -1, 101):
        with pytest.raises(ValueError, match="left"):
            unwind(amount, left=100, there=[10])


def test_of_a_name_no_more_is_shown_than_its_ends() -> None:
    assert [shown(name) for name in ("", "李", "李丽", "云上茶园有限公司")] == ["", "李*", "李*", "云******司"]
