"""Comparing two answers by their shape: the same keys, the same types, the same codes. Values may differ."""

from collections.abc import Iterator
from typing import Any, NamedTuple


class Difference(NamedTuple):
    """Where an answer of the simulator is not like WeChat's."""

    where: str
    recorded: str
    answered: str


def differences(recorded: Any, answered: Any, where: str = "$") -> Iterator[Difference]:
    """Compare what was recorded with what is answered now."""
    if type_of(recorded) != type_of(answered):
        yield Difference(where, type_of(recorded), type_of(answered))
    elif isinstance(recorded, dict):
        yield from _objects(recorded, answered, where)
    elif isinstance(recorded, list):
        yield from _lists(recorded, answered, where)


def type_of(value: Any) -> str:
    """Name a JSON type; whole and broken numbers are one."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    names: tuple[tuple[Any, str], ...] = (((int, float), "number"), (str, "string"), (list, "list"), (dict, "object"))
    return next(name for kind, name in names if isinstance(value, kind))


def _objects(recorded: dict[str, Any], answered: dict[str, Any], where: str) -> Iterator[Difference]:
    for key in recorded.keys() | answered.keys():
        place = f"{where}.{key}"
        if key not in answered:
            yield Difference(place, type_of(recorded[key]), "missing")
        elif key not in recorded:
            yield Difference(place, "missing", type_of(answered[key]))
        elif key == "errcode" and recorded[key] != answered[key]:
            yield Difference(place, str(recorded[key]), str(answered[key]))
        else:
            yield from differences(recorded[key], answered[key], place)


def _lists(recorded: list[Any], answered: list[Any], where: str) -> Iterator[Difference]:
    if bool(recorded) != bool(answered):
        yield Difference(where, f"{len(recorded)} items", f"{len(answered)} items")
    # Elements of one list may differ among themselves: each recorded one has to find one that is like it.
    for n, one in enumerate(recorded):
        found = [list(differences(one, other, f"{where}[{n}]")) for other in answered]
        if found and all(found):
            yield from min(found, key=len)
            return
