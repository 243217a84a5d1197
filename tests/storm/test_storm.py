"""One seed, one history: forty actors under faults and kills; after each the books of shop and simulator agree.

The first seeds always play; more of them as long as there is time (STORM_UNTIL, which the ring of `make test` sets).
STORM_SEEDS=17 or 1-200,305 plays exactly those. A seed that fails prints its history.
"""

import os
from pathlib import Path

import pytest

from storm.books import Audit
from storm.history import play
from storm.scene import opened
from storm.shelter import Shelter

FIRST, MOST = 30, 240
FALLS = 7
"""Every so many seeds the database's own processes are killed; in the others its connections are."""


def seeds(given: str) -> list[int]:
    """Read numbers and ranges of them, as in 3,7-9."""
    found: list[int] = []
    for part in filter(None, given.split(",")):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def chosen() -> list[int]:
    """Say which seeds may play."""
    if given := os.environ.get("STORM_SEEDS"):
        return seeds(given)
    return list(range(1, (MOST if os.environ.get("STORM_UNTIL") else FIRST) + 1))


async def weathered(seed: int, request: pytest.FixtureRequest, var: Path) -> None:
    """Play a seed's history to its end, and compare the books."""
    falls = seed % FALLS == 0
    shelter = (
        request.getfixturevalue("shelter_that_falls") if falls else Shelter(request.getfixturevalue("database_url"))
    )
    async with opened(shelter, var, seed=seed) as scene:
        try:
            await play(scene)
            wrong = await Audit(scene).run()
        except BaseException:
            print(*scene.told, sep="\n")
            raise
        if wrong:
            print(*scene.told, sep="\n")
        assert wrong == [], f"seed {seed}: {'; '.join(wrong)}"


@pytest.mark.parametrize("seed", chosen())
async def test_the_books_agree_after_the_storm(seed: int, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    await weathered(seed, request, tmp_path)
