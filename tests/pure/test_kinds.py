"""Kinds of goods, without a database: terms, bundles' shares, how baskets split, and no state without a way out."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tongshang
from tongshang.catalog.forms import FormField
from tongshang.catalog.kinds import bundles, terms
from tongshang.catalog.kinds.bundles import BundlePart
from tongshang.catalog.kinds.terms import Visits
from tongshang.platform.clock import SHANGHAI
from tongshang.platform.machine import Machine
from tongshang.trade.model import ORDER, BasketLine, Delivery, OrderLine, S
from tongshang.trade.parts import forms, holding
from tongshang.trade.parts.model import PART, Fulfilment, NeedsDelivery, P, delivery_of, split
from tongshang.trade.presales.model import BALANCE, B

FRIDAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
KINDS = ("physical", "ticket", "service", "virtual")


def machines() -> Iterator[tuple[str, Machine[Any]]]:
    for module in pkgutil.walk_packages(tongshang.__path__, "tongshang."):
        if module.name.endswith(".model"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, Machine):
                    yield f"{module.name}.{name}", value


def test_no_life_cycle_has_a_state_without_an_exit() -> None:
    found = dict(machines())
    assert {
        "tongshang.trade.model.ORDER",
        "tongshang.trade.parts.model.PART",
        "tongshang.fulfilment.model.TICKET",
    } <= set(found)
    for name, machine in found.items():
        ends = machine.ends()
        steps = {(a, b) for move in machine.moves.values() for a, b in move.items()}
        saved = set(ends)
        while more := {a for a, b in steps if b in saved} - saved:
            saved |= more
        # Some cycles never end on purpose: they turn. Then every state must lead back to the start.
        turning = not ends and machine.start in {b for _, b in steps}
        assert turning or saved == set(machine.states), (name, set(machine.states) - saved)


def test_no_reservation_outlives_its_order() -> None:
    """The order's machine beside what it does to its stock: whatever happens, a hold is used or released."""
    # What mark_all_paid and finish_closing do, and for presales money_came and finish, and nobody else.
    holds = {"pay": "used", "settle": "used", "closed": "released", "forfeit": "released"}
    seen, open_ = set[tuple[S, str]](), [(ORDER.start, "held")]
    while open_:
        state, hold = open_.pop()
        if (state, hold) in seen:
            continue
        seen.add((state, hold))
        for name, move in ORDER.moves.items():
            if state in move:
                after = holds.get(name, hold)
                assert hold == "held" or after == hold or name not in holds, (name, state, hold)
                open_.append((move[state], after))
    assert {hold for state, hold in seen if state in ORDER.ends()} == {"used", "released"}
    assert {state for state, hold in seen if hold == "held"} == {S.UNPAID, S.CLOSING, S.DEPOSIT}


def test_no_balance_is_open_when_its_order_has_ended() -> None:
    """Order and balance side by side: what moves one moves the other, and both come to an end together."""
    # The order's move, and the balance's that goes with it in the same commit (none before the deposit is paid).
    together = {"deposit": None, "close": None, "closed": "drop", "settle": "pay", "forfeit": "miss", "pay": "none"}
    seen, open_ = set[tuple[S, B]](), [(ORDER.start, BALANCE.start)]
    while open_:
        order, due = open_.pop()
        if (order, due) in seen:
            continue
        seen.add((order, due))
        if BALANCE.may("close", due) and order is S.DEPOSIT:
            open_.append((order, BALANCE.move("close", due)))
        for name, move in ORDER.moves.items():
            with_it = together.get(name)
            if order not in move or with_it == "none":  # a presale is never paid in one go
                continue
            assert with_it is None or BALANCE.may(with_it, due), (order, due, name)
            open_.append((move[order], BALANCE.move(with_it, due) if with_it else due))
            if name == "forfeit":  # the merchant let it go
                open_.append((move[order], BALANCE.move("drop", due)))
    assert {order for order, due in seen if due not in BALANCE.ends()} == {S.UNPAID, S.CLOSING, S.DEPOSIT}
    assert {due for order, due in seen if order in ORDER.ends()} == {B.PAID, B.MISSED, B.DROPPED}


def test_an_order_can_end_with_every_mix_of_parts() -> None:
    ends = {P.DONE, P.DROPPED}
    assert PART.ends() == {P.DROPPED}
    assert PART.sources("undo") == [P.DONE]  # only a hand-over that was a mistake is not the end
    for first in ends:
        for second in ends:
            # Some part handed over: complete, from wherever the order stands; none: it was cancelled before that.
            moves = ["complete"] if P.DONE in (first, second) else ["cancel"]
            assert all(ORDER.may(move, S.PAID) for move in moves)
    assert ORDER.may("complete", S.SHIPPED)


@given(
    st.integers(1, 3650),
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_days_end_at_midnight_in_shanghai(days: int, bought: datetime) -> None:
    start, end = Visits(days=days).window(bought)
    assert start == bought
    assert (end.astimezone(SHANGHAI).hour, end.astimezone(SHANGHAI).minute) == (0, 0)
    assert timedelta(days=days) < end - start <= timedelta(days=days + 1)


def test_a_range_counts_both_of_its_days() -> None:
    range_ = Visits(from_day=date(2026, 11, 21), until_day=date(2026, 11, 22))
    start, end = range_.window(FRIDAY)
    assert (start, end) == (datetime(2026, 11, 20, 16, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC))
    assert not range_.over(end - timedelta(seconds=1))
    assert range_.over(end)
    late, late_end = range_.window(end + timedelta(days=9))
    assert late_end > late  # even what should never have been sold has a window that is one


def test_terms_survive_being_written_down() -> None:
    given_ = {"days": 30, "uses": 10, "closed_weekdays": [6, 7], "closed_hours": [["11:30", "13:30"]], "note": "预约"}
    found = terms.read("ticket", given_)
    assert isinstance(found, Visits)
    assert found == terms.visits(given_)
    assert not found.closed(FRIDAY)
    assert found.closed(FRIDAY + timedelta(days=1))
    assert found.closed(datetime(2026, 11, 20, 4, 0, tzinfo=UTC))  # noon


def part(number: int, **more: Any) -> BundlePart:
    fields = {
        "bundle_id": UUID(int=0), "variant_id": UUID(int=number), "product_id": UUID(int=number + 1000),
        "title": f"part {number}", "options": [], "kind": "physical", "terms": {}, "quantity": 1, "price_fen": 100,
        "picture_id": None, "weight_g": 0, "left": 9,
    }  # fmt: skip
    return BundlePart(**(fields | more))


PARTS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 10**6), st.integers(0, 99)), min_size=1, max_size=9)


@given(st.integers(0, 10**8), PARTS)
def test_a_bundles_shares_add_up(paid: int, made_of: list[tuple[int, int, int]]) -> None:
    parts = [part(n, quantity=count, price_fen=fen, left=left) for n, (count, fen, left) in enumerate(made_of)]
    shares = bundles.shares(paid, parts)
    assert sum(shares) == paid
    assert all(share >= 0 for share in shares)
    left = bundles.left_of(parts)
    assert all(one.quantity * left <= one.left for one in parts)
    assert any(one.quantity * (left + 1) > one.left for one in parts)


def line(number: int, kind: str, quantity: int = 1, **more: Any) -> BasketLine:
    return BasketLine(
        variant_id=UUID(int=number), product_id=UUID(int=number), title=f"line {number}", options=[], picture_id=None,
        unit_price_fen=100, quantity=quantity, left=99, on_shelf=True, kind=kind, **more,
    )  # fmt: skip


def ordered(line: BasketLine) -> OrderLine:
    fen = line.goods_fen
    return OrderLine(
        id=UUID(int=line.variant_id.int + 10**6), order_id=UUID(int=1), position=0, product_id=line.product_id,
        variant_id=line.variant_id, title=line.title, options=[], picture_id=None, unit_price_fen=100,
        quantity=line.quantity, goods_fen=fen, discount_fen=0, paid_fen=fen, refunded_quantity=0, refunded_fen=0,
        kind=line.kind,
    )  # fmt: skip


BASKETS = st.lists(st.tuples(st.sampled_from((*KINDS, "bundle")), st.integers(1, 5)), min_size=1, max_size=6)


@given(BASKETS, st.sampled_from((Delivery.EXPRESS, Delivery.PICKUP)))
def test_every_piece_and_fen_is_in_exactly_one_part(wanted: list[tuple[str, int]], delivery: Delivery) -> None:
    inside = [part(500 + n, kind=kind, quantity=n + 1) for n, kind in enumerate(KINDS)]
    basket = [
        line(n, kind, count, **({"parts": inside} if kind == "bundle" else {}))
        for n, (kind, count) in enumerate(wanted)
    ]
    how = delivery_of(delivery, basket)
    goods = {one.variant_id: one for one in basket}
    lines = [ordered(one) for one in basket]
    found = split(how, lines, goods)
    if all(one.kind == "physical" for one in basket):
        assert found == {}  # an order of one plain part is its own part
        return
    assert sum(item.paid_fen for items in found.values() for item in items) == sum(one.paid_fen for one in lines)
    needed = holding.taken([], {})
    for one in basket:
        needed.update({x.variant_id: x.quantity * one.quantity for x in one.parts} or {one.variant_id: one.quantity})
    promised = holding.taken([], {})
    for items in found.values():
        promised.update({})
        for item in items:
            promised[item.variant_id] += item.quantity
    assert promised == needed
    travels = any(one.kind in ("physical", "bundle") for one in basket)
    assert (how == Delivery.NONE) == (not travels)
    assert {Fulfilment(how)} <= set(found) if travels else not {Fulfilment.EXPRESS, Fulfilment.PICKUP} & set(found)


def test_goods_that_travel_must_be_told_how() -> None:
    with pytest.raises(NeedsDelivery):
        delivery_of(Delivery.NONE, [line(1, "physical"), line(2, "ticket")])
    assert delivery_of(Delivery.EXPRESS, [line(1, "ticket"), line(2, "virtual")]) == Delivery.NONE


def test_the_same_question_is_asked_once() -> None:
    name, when = FormField("a", "刻字"), FormField("b", "日期", "date")
    cup = line(1, "physical", form=[name])
    pot = line(2, "physical", form=[when, FormField("z", "刻字", required=True)])
    merged = forms.merged([cup, pot])
    assert [(one.key, one.name, one.required) for one in merged] == [("f1", "刻字", True), ("f2", "日期", False)]
    assert forms.answered([cup, pot], {"f1": "王"}) == {"刻字": "王"}
