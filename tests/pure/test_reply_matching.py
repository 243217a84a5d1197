"""Which rule answers: keywords, synonyms, patterns that cannot be made slow, hours of Shanghai."""

import re
import time
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongshang.messages.replies.matching import decide, open_at
from tongshang.messages.replies.model import Occasion, Rule, Window, Word, Words
from tongshang.messages.replies.patterns import BadPattern, compile_pattern

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # a Friday, noon in Shanghai


def rule(n: int, trigger: str = "keyword", *words: Word, **more: object) -> Rule:
    base = Rule(UUID(int=n), f"规则{n}", "default", True, n, list(words), [], [], [Words(f"答{n}")], NOON)
    return msgspec.structs.replace(base, trigger=trigger, **more)


def text(words: str) -> Occasion:
    return Occasion("text", NOON, words)


RULES = [
    rule(1, "keyword", Word("exact", "价格")),
    rule(2, "keyword", Word("contains", "优惠券")),
    rule(3, "keyword", Word("pattern", r"^(几|多少)(点|时)|营业.{0,4}时间")),
    rule(9, "default"),
    rule(4, "tap", keys=["HOURS"]),
]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [("价格", 1), (" 价格 ", 1), ("价格？", 9), ("有没有优惠券啊", 2), ("给个红包", 2), ("几点开门", 3),
     ("营业到什么时间", 3), ("你们几点", 9), ("PRICE", 1), ("ｐｒｉｃｅ", 1)],
)  # fmt: skip
def test_the_first_rule_that_fits_answers(said: str, wanted: int) -> None:
    verdict = decide(RULES, [["优惠券", "红包", "券"], ["价格", "price"]], text(said))
    assert verdict.rule is not None
    assert verdict.rule.position == wanted
    assert [step.fits for step in verdict.steps] == [False] * (len(verdict.steps) - 1) + [True]


def test_order_decides_and_what_is_off_or_closed_is_passed_over() -> None:
    two = [rule(5, "keyword", Word("contains", "茶")), rule(6, "keyword", Word("contains", "茶"))]
    assert decide(two, [], text("喝茶")).rule == two[0]
    turned = [msgspec.structs.replace(two[0], position=7), two[1]]
    assert decide(turned, [], text("喝茶")).rule == two[1]
    closed = msgspec.structs.replace(two[0], windows=[Window(weekdays=[6, 7])])
    verdict = decide([closed, msgspec.structs.replace(two[1], enabled=False)], [], text("喝茶"))
    assert verdict.rule is None
    assert [step.zh for step in verdict.steps] == ["不在生效时间内（周五 12:00）", "未启用"]


def test_a_tap_asks_for_its_key_and_no_default() -> None:
    assert decide(RULES, [], Occasion("tap", NOON, key="HOURS")).rule == RULES[4]
    assert decide(RULES, [], Occasion("tap", NOON, key="OTHER")).rule is None


@pytest.mark.parametrize(
    ("window", "at", "inside"),
    [
        ({"from_time": "09:00", "to_time": "18:00"}, "2026-11-20T09:59:59+00:00", True),  # 17:59 there
        ({"from_time": "09:00", "to_time": "18:00"}, "2026-11-20T10:00:00+00:00", False),
        ({"from_time": "22:00", "to_time": "06:00", "weekdays": [5]}, "2026-11-20T20:00:00+00:00", True),  # Sat 4
        ({"from_time": "22:00", "to_time": "06:00", "weekdays": [6]}, "2026-11-20T20:00:00+00:00", False),
        ({"from_date": "2026-11-21", "to_date": "2026-11-21"}, "2026-11-20T16:00:00+00:00", True),
        ({"from_date": "2026-11-21", "to_date": "2026-11-21"}, "2026-11-21T16:00:00+00:00", False),
        ({"weekdays": [1]}, "2026-11-22T16:30:00+00:00", True),
    ],
)
def test_hours_are_shanghais(window: dict[str, object], at: str, inside: bool) -> None:
    assert open_at(msgspec.convert(window, Window), datetime.fromisoformat(at)) is inside


@pytest.mark.parametrize(
    "pattern",
    ["(", "a)", "*", "a**", "(?=a)", "(?P<n>a)", r"\1", "[a", "a{2,1}", "a{101}", "a{,3}", "(a{90}){90}", "\\"],
)
def test_what_cannot_be_matched_safely_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern) as refusal:
        compile_pattern(pattern)
    assert "{problem" not in refusal.value.sentence("zh") + refusal.value.sentence("en")


SMALL = st.recursive(
    st.sampled_from(["a", "b", "茶", ".", "[ab]", "[^a]", r"\d", "1"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}"])).map(lambda two: f"(?:{two[0]}){two[1]}"),
    ),
    max_leaves=6,
)


@given(SMALL, st.booleans(), st.booleans(), st.text("ab茶1\n", max_size=8))
def test_patterns_mean_what_they_mean_elsewhere(core: str, start: bool, end: bool, said: str) -> None:
    pattern = ("^" if start else "") + core
    # Python's $ also stands before a last newline; ours stands at the end.
    theirs = re.search(pattern + (r"\Z" if end else ""), said)
    try:
        ours = compile_pattern(pattern + ("$" if end else ""))
    except BadPattern as refusal:
        assert "too long" in refusal.sentence("en")  # noqa: PT017
        return
    assert ours.search(said) is bool(theirs)


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)*b", r"(.*){1,9}x", r"((a?){20}a{20})+c"])
def test_no_sentence_makes_a_pattern_slow(pattern: str) -> None:
    begun = time.process_time()
    assert not compile_pattern(pattern).search("a" * 599 + "!")
    assert time.process_time() - begun < 1
