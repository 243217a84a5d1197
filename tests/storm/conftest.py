"""Which seeds there is time for, which of them played, and a file for each that failed."""

import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import databases
from storm.shelter import Shelter, own
from storm.test_storm import FIRST

SEED = re.compile(r"test_storm\.py::\w+\[(\d+)\]$")
NO_TIME = "no time for more seeds"
FOUND = Path(__file__).parent / "found"
TEST = '''"""Found by the storm on {day}: {what}"""

from pathlib import Path

import pytest

from storm.test_storm import weathered


async def test_{slug}_seed_{seed}(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    await weathered({seed}, request, tmp_path)
'''
played: dict[int, str] = {}


def seed_of(nodeid: str) -> int | None:
    """Say which seed a test plays, if any."""
    found = SEED.search(nodeid)
    return int(found[1]) if found else None


@pytest.fixture(scope="session")
def own_shelter() -> Iterator[Shelter]:
    """A server of this process's own, made when it is first needed."""
    with own() as made:
        yield made


@pytest.fixture
def shelter_that_falls(own_shelter: Shelter) -> Shelter:
    """A migrated database with nothing in it, in a server that may be killed."""
    databases.empty(own_shelter.dsn)
    return own_shelter


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave seeds beyond the first ones out when the time is up, before anything is made ready for them."""
    until, seed = os.environ.get("STORM_UNTIL"), seed_of(item.nodeid)
    if until and seed is not None and seed > FIRST and time.time() > float(until):
        pytest.skip(NO_TIME)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Say nothing of seeds that did not play: which did is said at the end."""
    return ("", "", "") if report.skipped and NO_TIME in str(report.longrepr) else None


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember how a seed went; where a range was asked for, write down what failed as a test of its own."""
    seed = seed_of(report.nodeid)
    if seed is None or report.skipped or (report.passed and report.when != "call"):
        return
    played[seed] = report.outcome
    if report.failed and os.environ.get("STORM_FOUND"):
        write(seed, message_of(report))


def message_of(report: pytest.TestReport) -> str:
    """Say in one line why a seed failed."""
    crash = getattr(report.longrepr, "reprcrash", None)
    lines = (crash.message if crash else str(report.longrepr)).strip().splitlines()
    return re.sub(r"^AssertionError: seed \d+: ", "", (lines or ["unknown"])[0])


def write(seed: int, what: str) -> Path:
    """Write a failing seed as a short test, named for what was wrong."""
    words = re.findall(r"[a-z]+", re.sub(r"[0-9a-f-]{32,36}", "", what.split(";")[0].lower()))[:6]
    FOUND.mkdir(exist_ok=True)
    file = FOUND / f"test_seed_{seed}.py"
    day = datetime.now(UTC).date()
    said = what.replace("\\", "/").replace('"""', "'''")[:90].rstrip('"')
    file.write_text(TEST.format(day=day, what=said, slug="_".join(words) or "broken", seed=seed))
    return file


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which seeds played, and which of them failed."""
    if played:
        failed = [seed for seed, how in sorted(played.items()) if how == "failed"]
        terminalreporter.write_line(f"storm: {len(played)} seeds, {spans(sorted(played))}")
        if failed:
            terminalreporter.write_line(f"storm: failed {spans(failed)}")


def spans(numbers: list[int]) -> str:
    """Write numbers shortly, as in 1-16, 18."""
    parts: list[list[int]] = []
    for one in numbers:
        if parts and one == parts[-1][-1] + 1:
            parts[-1][1:] = [one]
        else:
            parts.append([one])
    return ", ".join("-".join(map(str, part)) for part in parts)
