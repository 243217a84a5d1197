"""Lexemes and words: what is indexed and what is asked agree, whatever is typed."""

from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongshang.catalog.search import asking, filters, lexemes, readings, words
from tongshang.catalog.search.lexemes import Part

SHOP = UUID(int=7)
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12)


@given(st.text(max_size=200), st.sampled_from("ABCD"))
def test_any_text_makes_well_formed_lexemes(text: str, weight: lexemes.Weight) -> None:
    for made in (
        lexemes.vector(SHOP, [Part(weight, text, read=True), Part("B", text, code=True)]),
        (asking.read(SHOP, text) or asking.Asked("", "", "", "")).every,
    ):
        assert made.count("'") % 2 == 0
        assert all(one.isalnum() or one in "=+-" for one in "".join(made.split("'")[1::2]))


@given(CHINESE)
def test_what_a_title_has_is_asked_for_as_it_is_indexed(title: str) -> None:
    indexed = set(lexemes.vector(SHOP, [Part("A", title, read=True)]).split("'")[1::2])
    asked = asking.read(SHOP, title)
    assert asked is not None
    assert set(asked.every.split("'")[1::2]) <= indexed
    if all(one in readings.table() for one in title):  # and so it is when somebody types how it is read
        spoken, initials = lexemes.spoken(title)
        for typed in (spoken[:6], initials[:4]):
            if len(typed) > 1:
                parts = set((asking.read(SHOP, typed) or asked).every.split("'")[1::2])
                assert any(one.startswith(part) for part in parts for one in indexed)


def test_characters_are_read_as_they_are_used() -> None:
    assert readings.of("重庆", most=4) == [["zhong", "qing"], ["chong", "qing"]]
    assert lexemes.spoken("龙井 50g") == ("longjing50g", "lj5")
    assert asking.syllables("longjinglvcha") == ["long", "jing", "lv", "cha"]
    assert asking.read(SHOP, " ,.!？") is None


def test_words_are_what_titles_have_in_common_and_keep_together() -> None:
    titles = [
        "特级龙井绿茶",
        "特级毛尖",
        "一级龙井",
        "大红袍礼盒",
        "特级大红袍",
        "龙井礼盒",
        "手工毛尖",
        "iPhone 壳",
        "iphone 线",
    ]
    found = words.common(titles)
    assert set(found) == {"特级", "龙井", "毛尖", "大红袍", "礼盒", "iphone"}
    assert found["龙井"] == 3


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [("", "", 0), ("abc", "abd", 1), ("abc", "acb", 1), ("longjing", "logjing", 1), ("a", "bc", 2)],
)
def test_a_distance_counts_letters(one: str, other: str, far: int) -> None:
    assert words.distance(one, other) == words.distance(other, one) == far


@given(st.dictionaries(st.integers(1, len(filters.LADDER)), st.integers(1, 1000), max_size=10))
def test_bands_hold_every_price_once(steps: dict[int, int]) -> None:
    made = filters.bands(steps)
    assert sum(band.count for band in made) == sum(steps.values())
    assert len(made) <= filters.MOST_BANDS
    for band, following in pairwise(made):
        assert band.most_fen is not None
        assert following.least_fen == band.most_fen + 1
    assert not made or (made[0].least_fen, made[-1].most_fen) == (0, None)
