"""How Chinese characters are read: every syllable a character is commonly read as, the usual one first."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def table() -> Mapping[str, Sequence[str]]:
    """Give the readings of each character, in order of use; ü is v, as people type it."""
    found: dict[str, list[str]] = {}
    text = files("tongshang.catalog.search").joinpath("readings.txt").read_text(encoding="utf-8")
    for line in text.splitlines():  # ordered by rank
        if not line.startswith("#"):
            _, syllable, characters = line.split(" ")
            for one in characters:
                found.setdefault(one, []).append(syllable)
    return MappingProxyType(found)


@cache
def syllables() -> frozenset[str]:
    """Give all syllables there are."""
    return frozenset(one for some in table().values() for one in some)


def of(text: str, *, most: int) -> list[list[str]]:
    """Give up to `most` ways to read a run of characters: the usual one, then each other reading in its place.

    A character nobody knows how to read ends the run.
    """
    known = table()
    each: list[Sequence[str]] = []
    for one in text:
        if one not in known:
            break
        each.append(known[one])
    usual = [some[0] for some in each]
    ways = [usual] if usual else []
    for place, some in enumerate(each):
        for other in some[1:]:
            if len(ways) >= most:
                return ways
            ways.append([*usual[:place], other, *usual[place + 1 :]])
    return ways
