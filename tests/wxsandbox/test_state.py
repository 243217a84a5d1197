"""The state: rows, indexes and draws survive a restart, a snapshot and a full disk."""

import sqlite3
from pathlib import Path

import msgspec
import pytest

from wxsandbox.state import DataInUse, State


class Leaf(msgspec.Struct):
    id: str
    seq: int
    colour: str = "green"
    veins: list[int] = []


def grown(path: Path | None) -> State:
    state = State(path)
    for n in range(3):
        state.table(Leaf).put(Leaf(str(n), state.next("leaf"), veins=[n]))
    state.commit()
    return state


def test_rows_counters_and_draws_survive(tmp_path: Path) -> None:
    state = grown(tmp_path)
    state.table(Leaf).delete("1")
    drawn = [state.dice.hex(8) for _ in range(3)]
    state.set_meta("x", 1)
    state.close()
    again = State(tmp_path)
    assert [leaf.id for leaf in again.table(Leaf)] == ["0", "2"]
    assert again.next("leaf") == 4
    assert again.dice.hex(8) not in drawn
    again.close()


def test_what_was_not_committed_is_gone(tmp_path: Path) -> None:
    state = grown(tmp_path)
    state.table(Leaf).put(Leaf("9", 9))
    state._pending.clear()  # as if the process had been killed before the commit
    state.close()
    again = State(tmp_path)
    assert again.table(Leaf).get("9") is None
    again.close()


def test_an_index_follows_changes() -> None:
    leaves = grown(None).table(Leaf)
    assert len(leaves.by("colour", "green")) == 3
    one = leaves.get("0")
    assert one
    one.colour = "red"
    leaves.put(one)
    assert [leaf.id for leaf in leaves.by("colour", "red")] == ["0"]
    assert [leaf.id for leaf in leaves.by("colour", "green")] == ["1", "2"]
    leaves.delete("0")
    assert leaves.by("colour", "red") == []


@pytest.mark.parametrize("durable", [True, False])
def test_snapshots(tmp_path: Path, durable: bool) -> None:
    state = grown(tmp_path if durable else None)
    state.save_snapshot("three")
    state.table(Leaf).delete("0")
    state.table(Leaf).put(Leaf("7", 7))
    state.commit()
    kept = state.snapshot("three")
    assert kept
    state.replace(kept)
    assert [leaf.id for leaf in state.table(Leaf)] == ["0", "1", "2"]
    assert state.snapshot("never") is None
    assert state.snapshots() == ["three"]
    state.close()
    if durable:
        again = State(tmp_path)
        # Tables nobody has opened yet are restored as well.
        again.replace(again.snapshot("three"))
        assert len(again.table(Leaf)) == 3
        again.replace(None)
        assert len(again.table(Leaf)) == 0
        again.close()


def test_a_full_disk_fails_aloud_and_is_made_good(tmp_path: Path) -> None:
    state = grown(tmp_path)
    database = state._db
    assert database
    (pages,) = database.execute("pragma page_count").fetchone()
    database.execute(f"pragma max_page_count={pages}")
    state.table(Leaf).put(Leaf("big", 10, colour="x" * 500_000))
    with pytest.raises(sqlite3.OperationalError, match="full"):
        state.commit()
    database.execute("pragma max_page_count=1000000")
    state.commit()
    state.close()
    again = State(tmp_path)
    assert again.table(Leaf).get("big")
    again.close()


def test_one_directory_has_one_simulator(tmp_path: Path) -> None:
    state = grown(tmp_path)
    with pytest.raises(DataInUse):
        State(tmp_path)
    state.close()
