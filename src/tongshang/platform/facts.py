"""Facts and reactions: publish up. A fact is what happened; whoever reacts stands above whoever speaks.

*Inside* reactions get `(tx, fact)`, or with `together` `(tx, facts)`, and finish with their own transaction, so they
take effect once.
*Outside* ones get `(job, fact)`, reach out between two transactions, and are retried, then parked for a person.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from uuid import UUID

import msgspec

if TYPE_CHECKING:
    from tongshang.platform.db import Tx


class Fact(msgspec.Struct, frozen=True):
    """Something that happened: ids and what readers need, never rows; fields are only ever added.

    `kind` is the stored name; `zh` and `en` are the timeline's sentences, and may name fields.
    """

    kind: ClassVar[str]
    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""

    def subjects(self) -> tuple[UUID, ...]:
        """List whose timelines this belongs to."""
        return ()


F = TypeVar("F", bound=Fact)
ZERO = timedelta(0)


@dataclass(frozen=True)
class Reaction:
    """Who reacts to a fact, how, and how long after."""

    name: str
    fact: type[Fact]
    run: Callable[[Any, Any], Awaitable[None]]
    outside: bool
    after: timedelta
    moot: Callable[["Tx", Any], Awaitable[Sequence[bool]]] | None = None
    together: bool = False

    @property
    def in_one_job(self) -> bool:
        """Say whether facts of one commit share a job: those that are taken in sets, and not at once."""
        return self.together and self.after > ZERO


@dataclass(frozen=True)
class Duty:
    """What one process does every so often, for the whole install; `run(world, due)` is harmless when repeated."""

    name: str
    run: Callable[[Any, datetime], Awaitable[None]]
    every: timedelta


class Reactions:
    """The reactions declared by one context (`reactions = Reactions("trade")` at the top of its module)."""

    def __init__(self, context: str) -> None:
        self.context = context
        self.all: list[Reaction] = []
        self.duties: list[Duty] = []

    def inside(
        self, fact: type[F], *, after: timedelta = ZERO
    ) -> Callable[[Callable[["Tx", F], Awaitable[None]]], Any]:
        """Declare a reaction within the database."""

        def declare(run: Callable[["Tx", F], Awaitable[None]]) -> Any:
            self.all.append(Reaction(f"{self.context}.{run.__name__}", fact, run, False, after))
            return run

        return declare

    def together(
        self, fact: type[F], *, after: timedelta = ZERO
    ) -> Callable[[Callable[["Tx", Sequence[F]], Awaitable[None]]], Any]:
        """Declare a reaction within the database that takes facts in sets: those claimed together, or one."""

        def declare(run: Callable[["Tx", Sequence[F]], Awaitable[None]]) -> Any:
            self.all.append(Reaction(f"{self.context}.{run.__name__}", fact, run, False, after, together=True))
            return run

        return declare

    def outside(
        self,
        fact: type[F],
        *,
        after: timedelta = ZERO,
        moot: Callable[["Tx", Sequence[F]], Awaitable[Sequence[bool]]] | None = None,
    ) -> Callable[[Callable[[Any, F], Awaitable[None]]], Any]:
        """Declare a reaction that reaches out, unless `moot` finds, in the database alone, that it need not."""

        def declare(run: Callable[[Any, F], Awaitable[None]]) -> Any:
            self.all.append(Reaction(f"{self.context}.{run.__name__}", fact, run, True, after, moot))
            return run

        return declare

    def every(self, period: timedelta) -> Callable[[Callable[[Any, datetime], Awaitable[None]]], Any]:
        """Declare a duty of the whole install."""

        def declare(run: Callable[[Any, datetime], Awaitable[None]]) -> Any:
            self.duties.append(Duty(f"{self.context}.{run.__name__}", run, period))
            return run

        return declare


class Registry:
    """All reactions of all contexts, by fact and by name."""

    def __init__(self, groups: list[Reactions]) -> None:
        self.by_name: dict[str, Reaction] = {}
        self.by_fact: dict[type[Fact], list[Reaction]] = {}
        self.duties = [duty for group in groups for duty in group.duties]
        self.kinds = {kind.kind: kind for kind in _all_kinds(Fact)}
        for reaction in (reaction for group in groups for reaction in group.all):
            if reaction.name in self.by_name:
                raise ValueError(f"two reactions are called {reaction.name}")
            self.by_name[reaction.name] = reaction
            self.by_fact.setdefault(reaction.fact, []).append(reaction)

    def of(self, fact: Fact) -> list[Reaction]:
        """List who reacts to a fact."""
        return self.by_fact.get(type(fact), [])


def _all_kinds(root: type[Fact]) -> list[type[Fact]]:
    found = []
    for kind in root.__subclasses__():
        if hasattr(kind, "kind"):
            found.append(kind)
        found += _all_kinds(kind)
    return found


@dataclass(frozen=True)
class Pending:
    """A fact on its way into the database."""

    id: UUID
    fact: Fact

    def row(self, tx: "Tx", *, alone: bool = True) -> dict[str, Any]:
        """Write the fact down for app.emit: itself, its subjects, and the jobs that it wakes (alone) by itself."""
        jobs = [
            {"id": tx.new_id(), "kind": reaction.name, "due_at": tx.now + reaction.after}
            for reaction in tx.world.registry.of(self.fact)
            if alone or not reaction.in_one_job
        ]
        subjects = list(dict.fromkeys(self.fact.subjects()))
        return {"id": self.id, "kind": self.fact.kind, "data": self.fact, "subjects": subjects, "jobs": jobs}


MOST_IN_ONE_JOB = 50


def shared_jobs(tx: "Tx", batch: Sequence[Pending]) -> list[dict[str, Any]]:
    """Make the jobs that facts of one commit share; one fact alone has a job of its own kind, as ever."""
    of_kind: dict[type[Fact], list[Fact]] = {}
    for pending in batch:
        of_kind.setdefault(type(pending.fact), []).append(pending.fact)
    return [
        {"id": tx.new_id(), "kind": reaction.name, "due_at": tx.now + reaction.after,
         "data": {MANY: facts[start : start + MOST_IN_ONE_JOB]}}
        for kind, facts in of_kind.items()
        if len(facts) > 1
        for reaction in tx.world.registry.by_fact.get(kind, [])
        if reaction.in_one_job
        for start in range(0, len(facts), MOST_IN_ONE_JOB)
    ]  # fmt: skip


MANY = "+facts"
"""The key under which a job holds several facts; no field of a fact is called so."""


class Happening(msgspec.Struct, frozen=True):
    """One line of a timeline: what happened and when, in both languages."""

    id: UUID
    kind: str
    at: datetime
    data: dict[str, Any]
    zh: str = ""
    en: str = ""


TIMELINE = """
select f.id, f.kind, f.at, f.data from fact_subject s
join fact f on f.merchant_id = s.merchant_id and f.id = s.fact_id
where s.merchant_id = $1 and s.subject_id = $2 order by s.fact_id desc limit $3"""


async def timeline(tx: "Tx", *, subject: UUID, limit: int = 100) -> list[Happening]:
    """Tell what happened to somebody or something, newest first."""
    found = await tx.all(Happening, TIMELINE, tx.merchant, subject, limit)
    return [_worded(tx.world.registry, line) for line in found]


def _worded(registry: Registry, line: Happening) -> Happening:
    kind = registry.kinds.get(line.kind)
    if kind is None:
        return line
    fields = {name: line.data.get(name, "") for name in kind.__struct_fields__}
    # People read yuan: a sentence may name {amount_yuan} of a field amount_fen.
    yuan = {
        f"{name[:-4]}_yuan": f"{int(fen) / 100:.2f}"
        for name, fen in fields.items()
        if name.endswith("_fen") and fen != ""
    }
    fields |= yuan
    return msgspec.structs.replace(line, zh=kind.zh.format_map(fields), en=kind.en.format_map(fields))
