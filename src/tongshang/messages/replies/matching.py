"""Which rule answers, and why: pure, so that the console's try-out and the answer itself cannot differ."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from unicodedata import normalize
from uuid import UUID

import msgspec

from tongshang.messages.replies.model import Choice, Choices, Occasion, Rule, Window, Word
from tongshang.messages.replies.patterns import Pattern, compile_pattern
from tongshang.platform.clock import SHANGHAI

WEEKDAYS = "一二三四五六日"
TRIGGERS: dict[str, tuple[str, ...]] = {
    "follow": ("follow",),
    "text": ("keyword", "default"),
    "other": ("default",),
    "tap": ("tap",),
    "scan": ("scan",),
}
"""Which triggers an occasion asks, in turn."""


class Step(msgspec.Struct, frozen=True):
    """What was found when one rule was tried."""

    rule_id: UUID
    name: str
    fits: bool
    zh: str
    en: str


class Verdict(msgspec.Struct, frozen=True):
    """The rule that answers, if any, and all that were tried before it; `then`: what a tapped choice of it says."""

    rule: Rule | None
    steps: list[Step]
    then: str = ""


def decide(rules: Sequence[Rule], synonyms: Sequence[Sequence[str]], occasion: Occasion) -> Verdict:
    """Find the first rule that fits; a default is asked when no keyword fitted. A tapped choice is asked first."""
    steps: list[Step] = []
    if occasion.kind == "text" and occasion.key and (found := _chosen(rules, occasion.key)):
        rule, choice = found
        step = Step(rule.id, rule.name, True, f"点选了“{choice.text}”", f'tapped "{choice.text}"')
        return Verdict(rule, [step], choice.then)
    for trigger in TRIGGERS[occasion.kind]:
        for rule in sorted((r for r in rules if r.trigger == trigger), key=lambda r: (r.position, r.id)):
            fits, zh, en = _try(rule, synonyms, occasion)
            steps.append(Step(rule.id, rule.name, fits, zh, en))
            if fits:
                return Verdict(rule, steps)
    return Verdict(None, steps)


def _chosen(rules: Sequence[Rule], number: str) -> tuple[Rule, Choice] | None:
    """Find the choice that was tapped, if it has an answer of its own."""
    for rule in rules:
        for message in rule.messages if rule.enabled else ():
            for choice in message.choices if isinstance(message, Choices) else ():
                if choice.id == number and choice.then:
                    return rule, choice
    return None


def _try(rule: Rule, synonyms: Sequence[Sequence[str]], occasion: Occasion) -> tuple[bool, str, str]:
    if not rule.enabled:
        return False, "未启用", "switched off"
    if rule.windows and not any(open_at(window, occasion.at) for window in rule.windows):
        local = occasion.at.astimezone(SHANGHAI)
        when = f"周{WEEKDAYS[local.weekday()]} {local:%H:%M}"
        return False, f"不在生效时间内（{when}）", f"not at this time ({local:%a %H:%M})"
    if rule.trigger == "keyword":
        for word in rule.words:
            if (via := _meets(word, synonyms, occasion.text)) is not None:
                return True, *_told(word, via)
        return False, "没有命中关键词", "no keyword fits"
    if rule.keys and occasion.key not in rule.keys:
        return False, f"不是“{occasion.key}”", f'not for "{occasion.key}"'
    return True, "命中", "fits"


def _told(word: Word, via: str) -> tuple[str, str]:
    if word.how == "pattern":
        return f"符合表达式 {word.text}", f"matches {word.text}"
    known = "" if via == word.text else f"（同义词“{via}”）"
    also = "" if via == word.text else f' (as "{via}")'
    zh, en = {"exact": ("等于", "is"), "contains": ("包含", "contains")}[word.how]
    return f"{zh}“{word.text}”{known}", f'{en} "{word.text}"{also}'


def _meets(word: Word, synonyms: Sequence[Sequence[str]], text: str) -> str | None:
    """Give the words by which a sentence fits: the keyword itself or a synonym."""
    if word.how == "pattern":
        return word.text if _compiled(word.text).search(normalize("NFKC", text).strip()) else None
    said = plain(text)
    for one in (word.text, *_same(word.text, synonyms)):
        wanted = plain(one)
        if wanted and (said == wanted if word.how == "exact" else wanted in said):
            return one
    return None


def _same(text: str, synonyms: Sequence[Sequence[str]]) -> list[str]:
    wanted = plain(text)
    groups = [group for group in synonyms if any(plain(one) == wanted for one in group)]
    return [one for group in groups for one in group if plain(one) != wanted]


def plain(text: str) -> str:
    """Write a sentence so that width, case and blanks around it do not matter."""
    return normalize("NFKC", text).strip().casefold()


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Pattern:
    return compile_pattern(pattern)


def open_at(window: Window, at: datetime) -> bool:
    """Say whether a time is within a window; the hours after midnight belong to the day they began on."""
    local = at.astimezone(SHANGHAI)
    day, hour = local.date(), f"{local:%H:%M}"
    start, end = window.from_time, window.to_time
    if start is not None and end is not None and start > end:
        if not (hour >= start or hour < end):
            return False
        if hour < end:
            day = day.fromordinal(day.toordinal() - 1)
    elif (start is not None and hour < start) or (end is not None and hour >= end):
        return False
    if window.weekdays and day.isoweekday() not in window.weekdays:
        return False
    return not (window.from_date and day < window.from_date) and not (window.to_date and day > window.to_date)
