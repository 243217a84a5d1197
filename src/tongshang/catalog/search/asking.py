"""From what somebody typed to a tsquery: every word of it has to be found, as text, as it is read, or as initials."""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from uuid import UUID

import msgspec

from tongshang.catalog.search import lexemes, readings
from tongshang.catalog.search.lexemes import INITIALS, LONGEST_RUN, MOST_SYLLABLES, READ, TEXT, Run

CODE = re.compile(
    r"[A-Za-z0-9]*\d[A-Za-z0-9]*(?:[-_./][A-Za-z0-9]+)+|[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]*\d[A-Za-z0-9]*)+"
)
MOST_RUNS = 6
LONGEST = 40
LONGEST_SYLLABLE = 6


class Asked(msgspec.Struct, frozen=True):
    """A query as the index understands it: all of it anywhere, all of it in the title, and what comes near it."""

    text: str
    every: str
    title: str
    near: str


def read(merchant: UUID, text: str, *, synonyms: Sequence[Sequence[str]] = ()) -> Asked | None:
    """Understand a query; None when there is nothing in it that could be looked for."""
    text = text.strip()[:LONGEST]
    runs = lexemes.runs(text)[:MOST_RUNS]
    if not runs:
        return None
    start = lexemes.key(merchant)
    if CODE.fullmatch(text):  # a code with its hyphens: as one, for its parts alone would be in every code
        runs = [Run("".join(run.text for run in runs), False)]
    ways = [runs, *_meaning_the_same(runs, synonyms)]
    every = "|".join(f"({'&'.join(_found(start, run, '') for run in way)})" for way in ways)
    title = "|".join(f"({'&'.join(_found(start, run, 'A') for run in way)})" for way in ways)
    return Asked(text, every, title, "|".join(_near(start, run) for run in runs))


def tagged(merchant: UUID, tag: str) -> str:
    """Ask for what has the words of a tag: all goods with the tag do, and few others; nothing for a tag of no words."""
    start = lexemes.key(merchant)
    found = [
        _lexeme(start, TEXT, one, "")
        for run in lexemes.runs(tag)[:MOST_RUNS]
        for one in (lexemes.grams(run.text[:LONGEST]) if run.chinese else [run.text[:LONGEST_RUN]])
    ]
    return "&".join(found)


def both(one: str, other: str) -> str:
    """Ask for what answers two queries; an empty one asks for nothing."""
    return f"({one})&({other})" if one and other else one or other


def _meaning_the_same(runs: Sequence[Run], synonyms: Sequence[Sequence[str]]) -> list[list[Run]]:
    """Say a query in other words: a word of it, or all of it, exchanged for another one of its group."""
    whole = "".join(run.text for run in runs)
    ends = list(accumulate(len(run.text) for run in runs))
    found: list[list[Run]] = []
    for group in synonyms:
        for word, other in ((one, two) for one in lexemes.same(group) for two in lexemes.same(group) if one != two):
            if word and other and word in whole and len(found) < 2 * MOST_RUNS:
                at = whole.index(word)
                left, right = _cut(whole, ends, 0, at), _cut(whole, ends, at + len(word), len(whole))
                found.append(lexemes.runs(f"{left} {other} {right}")[:MOST_RUNS])
    return [one for one in found if one]


def _cut(whole: str, ends: Sequence[int], start: int, stop: int) -> str:
    """Take a part out of a query with its words apart, as they were typed."""
    places = [start, *(end for end in ends if start < end < stop), stop]
    return " ".join(whole[one:other] for one, other in pairwise(places))


def _found(start: str, run: Run, weight: str) -> str:
    """Ask for a run: each of its bigrams, or a latin word as the beginning of a text, a reading, or initials."""
    if run.chinese:
        return f"({'&'.join(_lexeme(start, TEXT, one, weight) for one in lexemes.grams(run.text))})"
    text = run.text
    ways = [_lexeme(start, TEXT, text, f"*{weight}")]
    if text.isalpha() and len(text) > 1:
        ways.append(_spelled(start, syllables(text), weight))
        ways.append("&".join(_lexeme(start, INITIALS, one, f"*{weight}") for one in _windows(list(text))))
    return f"({'|'.join(f'({way})' for way in ways)})"


def _spelled(start: str, spelled: Sequence[str], weight: str) -> str:
    return "&".join(_lexeme(start, READ, one, f"*{weight}") for one in _windows(spelled))


def _windows(parts: Sequence[str]) -> list[str]:
    """Join parts as far as lexemes go; longer ones as overlapping windows."""
    if len(parts) <= MOST_SYLLABLES:
        return ["".join(parts)]
    return ["".join(parts[n : n + MOST_SYLLABLES]) for n in range(len(parts) - MOST_SYLLABLES + 1)]


def syllables(text: str) -> list[str]:
    """Cut spelled text into syllables, the longest first; what is none stands by itself."""
    known, found, at = readings.syllables(), [], 0
    while at < len(text):
        size = next((n for n in range(LONGEST_SYLLABLE, 0, -1) if text[at : at + n] in known), 0)
        size = size or len(text) - at
        found.append(text[at : at + size])
        at += size
    return found


def _near(start: str, run: Run) -> str:
    """Ask for what comes near a run: any of its bigrams, or what is read alike."""
    if not run.chinese:
        return _found(start, run, "")
    ways = [_lexeme(start, TEXT, one, "") for one in lexemes.grams(run.text)]
    if len(run.text) > 1:
        ways += [f"({_spelled(start, way, '')})" for way in readings.of(run.text, most=4)]
        parts = [one + two for one, two in pairwise(run.text)] if len(run.text) > 2 else []
        ways += [_lexeme(start, READ, "".join(way), "*") for part in parts for way in readings.of(part, most=1)]
    return "|".join(ways)


def _lexeme(start: str, kind: str, text: str, mark: str) -> str:
    """Quote a lexeme; its characters are letters and digits only, so nothing in it needs escaping."""
    return f"'{start}{kind}{text}'" + (f":{mark}" if mark else "")
