"""What can be said of a life cycle: which states may last, who leads on from the others, what is booked behind each."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import tongshang
from tongshang.platform.machine import Machine

PERSON = "a person"
"""Somebody has to decide, and a page shows him that he has to."""
Kinds = tuple[str, ...]


@dataclass(frozen=True)
class Money:
    """Which postings stand behind a row in each state, and the SQL that lists them: (state, source, kind, fen).

    `by` is the posting's column that is compared with the source; unless it is `whole`, older tries of the same row,
    which nothing remembers, have postings beside those that are listed.
    """

    kinds: Mapping[str, Kinds]
    owed: str
    by: str = "source_id"
    whole: bool = True


@dataclass(frozen=True)
class Cycle:
    """What is declared of a machine.

    `rests` are the states that may last for ever; `led` says of every other one who leads on from it: reactions and
    duties by their names, or a person. `money` is a reason, in words, where the machine moves none.
    """

    rests: Kinds
    led: Mapping[str, Kinds]
    money: Money | str


def every() -> dict[str, Machine[StrEnum]]:
    """Find every machine of the platform, by context and name."""
    found = {}
    for module in pkgutil.walk_packages(tongshang.__path__, "tongshang."):
        if module.name.endswith(".model"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, Machine):
                    found[f"{module.name.split('.')[1]}.{name}"] = value
    return found
