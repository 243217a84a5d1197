"""Patterns that merchants write: regular expressions of which no sentence can make trouble.

Matching takes time in proportion to pattern times sentence, whatever they are: all ways through the pattern are walked
at once (Thompson's construction), so nothing is tried again. What would need more (look-around, references) is refused.
Letters match in either case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tongshang.platform.errors import Refused

STATES_MOST = 400
TEXT_MOST = 600
REPEAT_MOST = 100
Test: TypeAlias = Callable[[str], bool]
CLASSES: dict[str, Test] = {
    "d": str.isdigit,
    "D": lambda c: not c.isdigit(),
    "w": lambda c: c.isalnum() or c == "_",
    "W": lambda c: not (c.isalnum() or c == "_"),
    "s": str.isspace,
    "S": lambda c: not c.isspace(),
}


class BadPattern(Refused):
    """The pattern “{pattern}” cannot be used: {problem}."""

    code, status, zh = "reply.bad_pattern", 400, "无法使用表达式“{pattern}”：{problem_zh}。"


@dataclass(frozen=True, slots=True)
class State:
    """One place in a pattern: pass a character (`test`), fork (`ways`), or hold at an edge (`edge`: ^ or $)."""

    test: Test | None = None
    ways: tuple[int, ...] = ()
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern ready to be matched; the last state is the end."""

    states: list[State]
    start: int

    def search(self, text: str) -> bool:
        """Say whether the pattern is found anywhere in a sentence; its first 600 characters count."""
        text = text[:TEXT_MOST]
        now: set[int] = set()
        for n in range(len(text) + 1):
            self._enter(self.start, n, len(text), now)
            if 0 in now:
                return True
            if n < len(text):
                after: set[int] = set()
                for place in now:
                    state = self.states[place]
                    if state.test is not None and state.test(text[n]):
                        self._enter(state.ways[0], n + 1, len(text), after)
                now = after
        return False

    def _enter(self, place: int, n: int, length: int, into: set[int]) -> None:
        waiting = [place]
        while waiting:
            one = waiting.pop()
            if one in into:
                continue
            into.add(one)
            state = self.states[one]
            if state.test is None and (not state.edge or n == (0 if state.edge == "^" else length)):
                waiting += state.ways


def compile_pattern(pattern: str) -> Pattern:
    """Make a pattern ready; raises BadPattern."""
    reader = _Reader(pattern)
    # State 0 is the end; everything is built backwards, each part knowing what follows it.
    start = reader.choice()(0)
    if reader.place != len(pattern):
        raise reader.bad("unexpected )", "多余的 )")
    return Pattern(reader.states, start)


Build: TypeAlias = Callable[[int], int]
"""Makes a part of a pattern in front of a state, and gives the state to enter it by."""


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.place = pattern, 0
        self.states = [State()]

    def bad(self, problem: str, problem_zh: str) -> BadPattern:
        return BadPattern(pattern=self.pattern[:60], problem=problem, problem_zh=problem_zh)

    def peek(self) -> str:
        return self.pattern[self.place : self.place + 1]

    def take(self) -> str:
        found = self.peek()
        if not found:
            raise self.bad("it ends too early", "表达式不完整")
        self.place += 1
        return found

    def add(self, state: State) -> int:
        if len(self.states) >= STATES_MOST:
            raise self.bad("it is too long", "表达式过长")
        self.states.append(state)
        return len(self.states) - 1

    def choice(self) -> Build:
        several = [self.sequence()]
        while self.peek() == "|":
            self.place += 1
            several.append(self.sequence())
        if len(several) == 1:
            return several[0]
        return lambda after: self.add(State(ways=tuple(one(after) for one in several)))

    def sequence(self) -> Build:
        parts: list[Build] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeated(self.atom()))

        def build(after: int) -> int:
            for part in reversed(parts):
                after = part(after)
            return after

        return build

    def repeated(self, one: Build) -> Build:
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self.peek(), (1, 1))
        if self.peek() in ("*", "+", "?"):
            self.place += 1
        elif self.peek() == "{":
            least, most = self.bounds()
        else:
            return one
        if self.peek() == "?":  # as little as possible: the same, where only yes or no is asked
            self.place += 1
        if self.peek() in ("*", "+", "{"):
            raise self.bad("two repeats in a row", "重复符号连用")

        def build(after: int) -> int:
            if most is None:
                loop = self.add(State())
                body = one(loop)
                self.states[loop] = State(ways=(body, after))
                after = loop
            else:
                for _ in range(most - least):
                    after = self.add(State(ways=(one(after), after)))
            for _ in range(least):
                after = one(after)
            return after

        return build

    def bounds(self) -> tuple[int, int | None]:
        end = self.pattern.find("}", self.place)
        low, comma, high = self.pattern[self.place + 1 : end].partition(",") if end > 0 else ("", "", "")
        numbers = [part for part in (low, high) if part]
        if not low or any(not (n.isascii() and n.isdigit()) or int(n[:4]) > REPEAT_MOST for n in numbers):
            raise self.bad(
                f"a repeat is {{m}}, {{m,}} or {{m,n}}, up to {REPEAT_MOST}", "重复次数写法为 {m,n}，最多 100"
            )
        self.place = end + 1
        most = int(low) if not comma else int(high) if high else None
        if most is not None and most < int(low):
            raise self.bad("a repeat from more to less", "重复次数前大后小")
        return int(low), most

    def atom(self) -> Build:
        first = self.take()
        if first == "(":
            if self.peek() == "?":
                if self.pattern[self.place : self.place + 2] != "?:":
                    raise self.bad("(?…) is not supported", "不支持 (?…) 语法")
                self.place += 2
            inner = self.choice()
            if self.take() != ")":
                raise self.bad("a bracket is not closed", "括号不匹配")
            return inner
        if first in "*+?{":
            raise self.bad("nothing to repeat", "重复符号前没有内容")
        if first in "^$":
            return lambda after: self.add(State(ways=(after,), edge=first))
        if first == "[":
            return self.passing(self.among())
        if first == ".":
            return self.passing(lambda c: c != "\n")
        return self.passing(self.escaped() if first == "\\" else _same(first))

    def passing(self, test: Test) -> Build:
        return lambda after: self.add(State(test=test, ways=(after,)))

    def escaped(self) -> Test:
        name = self.take()
        if name in CLASSES:
            return CLASSES[name]
        if name in "nt":
            return _same({"n": "\n", "t": "\t"}[name])
        if name.isalnum():
            raise self.bad(f"\\{name} is not supported", f"不支持 \\{name}")
        return _same(name)

    def among(self) -> Test:
        negated = self.peek() == "^"
        self.place += negated
        tests: list[Test] = []
        while (first := self.take()) != "]" or not tests:
            if first == "\\":
                tests.append(self.escaped())
                continue
            if self.peek() == "-" and self.pattern[self.place + 1 : self.place + 2] not in ("", "]"):
                self.place += 1
                tests.append(_between(first, self.take()))
            else:
                tests.append(_same(first))
        return lambda c: any(test(c) for test in tests) != negated


def _same(wanted: str) -> Test:
    folded = wanted.casefold()
    return lambda c: c.casefold() == folded


def _between(low: str, high: str) -> Test:
    return lambda c: low <= c <= high or low <= c.swapcase() <= high
