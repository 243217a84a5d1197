"""Every life cycle, as declared: no state without an exit, no money state without a posting, no hold without an end."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from make.bookings import moneys
from make.cycles import PERSON, Money, every
from make.standings import BILLED, CYCLES
from tongshang.app import contexts
from tongshang.payments.bills import resolving
from tongshang.trade.model import ORDER, S
from tongshang.trade.orders import WAITING

SRC = Path(__file__).resolve().parents[2] / "src" / "tongshang"
MACHINES = every()
REGISTRY = contexts.registry()
LEADERS = {*REGISTRY.by_name, *(duty.name for duty in REGISTRY.duties), PERSON}


def reached(name: str, start: str) -> set[str]:
    """Say where a machine can get from a state, that state included."""
    found: set[str] = {start}
    while True:
        more = {str(b) for moves in MACHINES[name].moves.values() for a, b in moves.items() if str(a) in found} - found
        if not more:
            return found
        found |= more


def states(name: str) -> set[str]:
    """Name a machine's states."""
    return {str(state) for state in MACHINES[name].states}


def test_every_machine_is_declared() -> None:
    """A new life cycle says who leads on from each state, and what it books, before it can be merged."""
    assert set(MACHINES) == set(CYCLES), "add it to tests/make/standings.py"
    declared = sum(len(re.findall(r"= Machine\(", file.read_text())) for file in SRC.rglob("*.py"))
    assert declared == len(MACHINES), "a Machine outside a model module is drawn nowhere and checked by nobody"


@pytest.mark.parametrize("name", sorted(CYCLES))
def test_no_state_is_without_an_exit(name: str) -> None:
    cycle = CYCLES[name]
    assert {*cycle.rests, *cycle.led} == states(name), "a state that neither rests nor is led on from"
    assert not set(cycle.rests) & set(cycle.led)
    assert {str(end) for end in MACHINES[name].ends()} <= set(cycle.rests)
    for state, leaders in cycle.led.items():
        assert reached(name, state) & set(cycle.rests), f"from {state} nothing ever comes to rest"
        assert leaders
        assert set(leaders) <= LEADERS, f"nobody is called {set(leaders) - LEADERS}"


@pytest.mark.parametrize("name", sorted(moneys()))
def test_every_money_state_says_what_is_booked_behind_it(name: str) -> None:
    money = moneys()[name]
    if name in MACHINES:
        assert set(money.kinds) == states(name)
        # Where money can be, getting there has to be booked: what stands behind a state and not behind every state
        # before it is booked by the move between them.
        for moves in MACHINES[name].moves.values():
            for a, b in moves.items():
                gone = set(money.kinds[str(a)]) - set(money.kinds[str(b)])
                assert not gone, f"{a} -> {b} would take postings back: {gone}"
    assert any(money.kinds.values())


def booked() -> set[str]:
    """Name the kinds of postings that occur in the sources, put together where they are."""
    found: set[str] = set()
    for file in SRC.rglob("*.py"):
        text = file.read_text()
        if "ledger" in text:
            found |= set(re.findall(r'"([a-z_]+)"', text))
    changes = ("recharge", "hold", "release", "refund", "return", "taken")
    return found | {f"{account}_{what}" for account in ("stored_principal", "stored_bonus") for what in changes}


def test_what_is_declared_is_booked_somewhere() -> None:
    kinds = {kind for money in moneys().values() for some in money.kinds.values() for kind in some}
    assert kinds - booked() == set()
    assert set(BILLED) <= booked()
    assert resolving.ACTIONS  # what a person books to settle a difference is BILLED's own kind


def sources(moves: Iterable[str]) -> set[str]:
    """Say from which states of an order some moves lead."""
    return {state for move in moves for state in ORDER.sources(move)}


def test_no_reservation_is_without_an_end() -> None:
    """Who holds stock is named by one statement; from each such state a clock leads on to where nothing is held."""
    holding = set(re.findall(r"'([a-z]+)'", WAITING.split(" in ")[1]))
    assert holding == {S.UNPAID, S.CLOSING, S.DEPOSIT}
    for state in holding:
        clocks = [one for one in CYCLES["trade.ORDER"].led[state] if one != PERSON]
        assert clocks, f"{state} holds stock until a person comes"
        assert reached("trade.ORDER", state) - holding
    # Where goods are sold or let go, they are not held any more.
    assert sources(["pay", "closed", "deposit", "settle", "forfeit"]) == holding
    assert isinstance(CYCLES["trade.BALANCE"].money, Money)
