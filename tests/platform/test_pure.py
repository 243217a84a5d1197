"""The ground floor's pure parts: money, machines, ids, pages, secrets."""

import os
import random
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongshang.platform import secrets
from tongshang.platform.chance import Chance
from tongshang.platform.errors import Invalid, NotFound, TooMany
from tongshang.platform.ids import Ids, uuid7
from tongshang.platform.log import redact
from tongshang.platform.machine import IllegalMove, Machine
from tongshang.platform.money import allocate, yuan
from tongshang.platform.paging import cursor, page_of, read_cursor

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_no_fen_is_lost_or_made(total: int, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    assert all(part * total >= 0 for part in parts)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_no_part_is_a_whole_fen_off_its_share(total: int, weights: list[int]) -> None:
    for part, weight in zip(allocate(total, weights), weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


def test_ten_yuan_among_three_is_exact() -> None:
    assert allocate(1000, [1, 1, 1]) == [334, 333, 333]
    assert (yuan(1990), yuan(-5), yuan(0)) == ("19.90", "-0.05", "0.00")


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


def test_a_machine_with_an_unreachable_state_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot reach"):
        Machine(start=Light.RED, moves={"stay": {Light.RED: Light.RED}})


def test_a_machine_moves_refuses_and_draws_itself() -> None:
    machine = Machine(start=Light.RED, moves={"go": {Light.RED: Light.GREEN}})
    assert machine.move("go", Light.RED) == Light.GREEN
    with pytest.raises(IllegalMove):
        machine.move("go", Light.GREEN)
    assert "red --> green: go" in machine.mermaid()
    assert machine.sources("go") == ["red"]
    assert machine.ends() == {Light.GREEN}


@given(st.integers(0, 2**40))
def test_ids_sort_by_time(millis: int) -> None:
    rng = random.Random(millis)
    earlier, later = uuid7(NOW, rng), uuid7(NOW + timedelta(milliseconds=millis + 1), rng)
    assert earlier < later
    assert earlier.version == 7


def test_ids_of_one_millisecond_sort_in_the_order_they_were_made() -> None:
    ids = Ids(random.Random(7))
    made = [ids.new(NOW) for _ in range(500)]
    assert made == sorted(set(made))
    assert ids.new(NOW + timedelta(seconds=1)) > made[-1] > ids.new(NOW - timedelta(seconds=1))


@given(st.uuids(), st.datetimes(timezones=st.just(UTC)))
def test_a_cursor_reads_back(key: UUID, at: datetime) -> None:
    assert read_cursor(cursor(key, at), UUID, datetime) == (key, at)


@given(st.text(max_size=60))
def test_a_strange_cursor_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_cursor(text, UUID)


def test_a_page_ends_where_there_is_no_more() -> None:
    assert page_of([1, 2, 3], 3, lambda n: (n,)).next is None
    more = page_of([1, 2, 3, 4], 3, lambda n: (n,))
    assert (more.items, read_cursor(more.next or "", int)) == ([1, 2, 3], (3,))


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_only_in_its_place(plain: bytes, place: str) -> None:
    box = secrets.Secrets({"00000001": bytes(32)}, "00000001")
    sealed = box.seal(plain, bound_to=place)
    assert box.open(sealed, bound_to=place) == plain
    with pytest.raises(secrets.Unsealable):
        box.open(sealed, bound_to=place + "x")
    with pytest.raises(secrets.Unsealable):
        box.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), bound_to=place)


def test_the_master_key_is_made_once_and_only_for_us(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.json"
    first = secrets.load(path)
    assert path.stat().st_mode & 0o777 == 0o600
    sealed = first.seal(b"secret", bound_to="here")
    rotated = secrets.add_key(path)
    assert rotated.open(sealed, bound_to="here") == b"secret"
    assert not rotated.is_current(sealed)
    assert rotated.is_current(rotated.seal(b"x", bound_to="here"))
    assert secrets.load(path).derive("roles") == first.derive("roles")
    assert "secret" not in repr(rotated)


def test_a_refusal_speaks_both_languages() -> None:
    refusal = TooMany(seconds=30)
    assert refusal.sentence("zh") == "操作太频繁，请 30 秒后再试。"
    assert refusal.sentence("en") == "Too many attempts. Try again in 30 seconds."
    assert NotFound().status == 404


def test_logs_carry_no_secrets_at_any_depth() -> None:
    event = {"event": "token refreshed", "appid": "wx1", "access_token": "s3cret", "data": [{"PASSWORD": "s3cret"}]}
    assert "s3cret" not in str(redact(None, "info", event))
    assert event["event"] == "token refreshed"


def test_fetched_randomness_is_used_once_and_not_shared_with_a_child() -> None:
    chance = Chance()
    assert len({chance.getrandbits(64) for _ in range(5_000)}) == 5_000
    assert {chance.getrandbits(3) for _ in range(200)} == set(range(8))
    assert len(chance.randbytes(10_000)) == 10_000
    reader, writer = os.pipe()
    if not (child := os.fork()):
        os.write(writer, chance.randbytes(16))
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 16) != chance.randbytes(16)
    os.close(reader)
    os.close(writer)
