"""Life cycles as data: a machine knows its states, its moves, and draws itself."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from tongshang.platform.errors import Refused

S = TypeVar("S", bound=StrEnum)


class IllegalMove(Refused):
    """This cannot be done while the state is {state}."""

    code, status, zh = "state.illegal_move", 409, "当前状态（{state}）不允许此操作。"


class Machine(Generic[S]):
    """A life cycle: where it starts and which move leads from where to where.

    Refuses to be made when a state cannot be reached, so a forgotten move is found at import.
    """

    def __init__(self, *, start: S, moves: Mapping[str, Mapping[S, S]]) -> None:
        self.start = start
        self.moves = moves
        self.states: type[S] = type(start)
        reached = {start}
        while True:
            more = {b for move in moves.values() for a, b in move.items() if a in reached} - reached
            if not more:
                break
            reached |= more
        if lost := set(self.states) - reached:
            raise ValueError(f"{self.states.__name__}: cannot reach {sorted(lost)}")

    def move(self, name: str, state: S) -> S:
        """Say where the move leads from `state`, or refuse."""
        try:
            return self.moves[name][state]
        except KeyError:
            raise IllegalMove(move=name, state=str(state)) from None

    def may(self, name: str, state: S) -> bool:
        """Say whether the move is allowed from `state`."""
        return state in self.moves[name]

    def sources(self, name: str) -> list[str]:
        """List the states a move may start from, for `where state = any($n)`."""
        return [str(state) for state in self.moves[name]]

    def ends(self) -> set[S]:
        """List the states that nothing leaves."""
        left = {a for move in self.moves.values() for a, b in move.items() if a != b}
        return set(self.states) - left

    def mermaid(self) -> str:
        """Draw the machine as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        for name, move in self.moves.items():
            lines += [f"    {a} --> {b}: {name}" for a, b in move.items()]
        lines += [f"    {state} --> [*]" for state in self.states if state in self.ends()]
        return "\n".join(lines) + "\n"
