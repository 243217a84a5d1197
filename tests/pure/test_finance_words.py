"""Every way in which books and bills may differ has a proposal and a name people understand; every posting has one."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from make.standings import BILLED, CYCLES, ROWS, Money
from tongshang.payments import ledger
from tongshang.payments.bills import fetch, proposals, resolving
from tongshang.payments.bills.days import Found
from tongshang.payments.bills.lines import Kind

WORDS = (Path(__file__).parents[2] / "web/console/src/pages/bills/words.ts").read_text()
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def keys(name: str) -> set[str]:
    """Read the keys of one of the page's tables of words."""
    body = WORDS.split(f"export const {name}:", 1)[1].split("\nexport const", 1)[0]
    return set(re.findall(r"[{,\s](\w+): \[", body))


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_difference_is_named_and_has_a_way_out(kind: Kind) -> None:
    ours = {"amount_fen": 100, "net_fen": 100, "due_fen": 100, "booked_fen": None, "debit": ledger.CASH}
    theirs = {"amount_fen": 90, "net_fen": 90, "fee_fen": 1, "count": 2}
    found = Found(
        UUID(int=1), date(2026, 11, 22), UUID(int=2), kind, UUID(int=3).hex, ours, theirs, None, "open", "", "", NOW,
        None, 0, 0, False,
    )  # fmt: skip
    done = proposals.propose(found)
    assert kind.value in keys("KINDS")
    assert (done.action in keys("ACTIONS")) != (done.action == "asked")
    assert done.zh
    assert done.en
    # What is proposed can be done: there is an amount to book, there is something to post.
    assert done.action != "booked" or resolving.worth(found) != 0
    assert (done.action == "posted") == (kind in resolving.POSTED)


def test_every_posting_and_every_place_to_clear_to_is_named() -> None:
    moneys = [*(one.money for one in CYCLES.values() if isinstance(one.money, Money)), *ROWS.values()]
    kinds = {kind for money in moneys for some in money.kinds.values() for kind in some} | set(BILLED)
    assert {*kinds, "correction"} - keys("POSTING") == set()
    assert keys("CLEAR_TO") == set(resolving.CLEAR_TO)
    assert set(resolving.CLEAR_TO) <= set(ledger.CHART)
    assert keys("PROBLEM") == {fetch.LOST, fetch.CLOSED}
    assert keys("REFUSED") == {"signature", "stale", "serial"}
