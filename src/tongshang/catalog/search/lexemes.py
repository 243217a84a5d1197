"""From text to lexemes: pure functions shared by what is indexed and what is asked, so that both agree.

Chinese is cut into single characters and bigrams, which need no dictionary and miss nothing; of every character, what
follows is also kept as it is read and as its initials, so that "longj" and "lj" find 龙井 wherever it stands.
"""

import re
import unicodedata
from base64 import b32encode
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from tongshang.catalog.search import readings

VERSION = 1
"""Counts changes of what is kept of a product; rows of an older version are made anew by themselves."""
Weight = Literal["A", "B", "C", "D"]
RUN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]+|[a-z0-9]+")
CODE = re.compile(r"[^a-z0-9]+")
TEXT, READ, INITIALS = "=", "+", "-"
MOST_SYLLABLES = 4
MOST_READINGS = 4
LONGEST_RUN = 60


class Run(NamedTuple):
    """Some text of one kind: Chinese characters, or latin letters and digits."""

    text: str
    chinese: bool


class Part(NamedTuple):
    """A part of a product: how much it says (A most), and whether it is also found by how it is read."""

    weight: Weight
    text: str
    read: bool = False
    code: bool = False


def key(merchant: UUID) -> str:
    """Give what every lexeme of a merchant begins with; two may share it, for rows are still told apart by id."""
    return b32encode(merchant.bytes[-3:]).decode()[:5].lower()


def runs(text: str) -> list[Run]:
    """Cut text into runs, in small letters and half width."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return [Run(one, one[0] > "\u3000") for one in RUN.findall(plain)]


def grams(text: str) -> list[str]:
    """Give the bigrams of a run of Chinese, or the one character it is."""
    return [text[n : n + 2] for n in range(len(text) - 1)] or [text]


def vector(merchant: UUID, parts: Iterable[Part]) -> str:
    """Write a product's parts as a tsvector; a lexeme keeps the weight of where it says most."""
    found: dict[str, str] = {}
    for part in sorted(parts, key=lambda one: one.weight):
        for lexeme in _code(part.text) if part.code else _lexemes(part):
            found.setdefault(lexeme, part.weight)
    start = key(merchant)
    return " ".join(f"'{start}{lexeme}':{ord(weight) - 64}{weight}" for lexeme, weight in found.items())


def _lexemes(part: Part) -> Iterable[str]:
    for run in runs(part.text):
        text = run.text[:LONGEST_RUN]
        if not run.chinese:
            yield TEXT + text
            continue
        for one in (*text, *grams(text)):
            yield TEXT + one
        if part.read:
            yield from _read(text)


def _read(text: str) -> Iterable[str]:
    """Give how a run is read from each of its characters on, and the initials of that."""
    for start in range(len(text)):
        for way in readings.of(text[start : start + MOST_SYLLABLES], most=MOST_READINGS):
            yield READ + "".join(way)
            yield INITIALS + "".join(syllable[0] for syllable in way)


def _code(text: str) -> Iterable[str]:
    """Give a code whole, without what stands between its parts, and its parts."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if whole := CODE.sub("", plain):
        yield TEXT + whole
    for run in runs(plain):
        yield TEXT + run.text


def spoken(text: str) -> tuple[str, str]:
    """Give how a word is usually read, and its initials; latin letters stay as they are."""
    whole, initials = "", ""
    for run in runs(text):
        if not run.chinese:
            whole, initials = whole + run.text, initials + run.text[0]
        elif ways := readings.of(run.text, most=1):
            whole += "".join(ways[0])
            initials += "".join(syllable[0] for syllable in ways[0])
    return whole, initials


def same(words: Sequence[str]) -> list[str]:
    """Write words so that equal ones are equal: small letters, half width, nothing between."""
    return ["".join(run.text for run in runs(word)) for word in words]
