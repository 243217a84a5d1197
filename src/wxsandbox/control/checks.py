"""What a request type checks, read from the type itself: fields with their kinds and limits, and which must be."""

from typing import Any

import msgspec
from msgspec import inspect

DEEPEST = 4
KINDS = {
    "StrType": "string", "IntType": "integer", "FloatType": "number", "BoolType": "boolean", "AnyType": "any",
    "NoneType": "null", "DictType": "object", "BytesType": "bytes",
}  # fmt: skip


class Check(msgspec.Struct, frozen=True):
    """A field by its dotted name; a list's elements come after `[]`."""

    field: str
    kind: str
    required: bool


def checks(body: Any) -> list[Check]:
    """List the fields of a request type, outer ones before those within."""
    if body is None:
        return []
    return _within(inspect.type_info(body), "", 0)


def _within(kind: inspect.Type, place: str, depth: int) -> list[Check]:
    if depth > DEEPEST:  # a menu's button holds buttons
        return []
    if isinstance(kind, inspect.StructType):
        found = []
        for field in kind.fields:
            name = f"{place}.{field.encode_name}" if place else field.encode_name
            found.append(Check(name, describe(field.type), field.required))
            found += _within(field.type, name, depth + 1)
        return found
    if isinstance(kind, inspect.ListType):
        return _within(kind.item_type, f"{place}[]", depth)
    if isinstance(kind, inspect.UnionType):
        return [one for inner in kind.types for one in _within(inner, place, depth)]
    return []


def describe(kind: inspect.Type) -> str:
    """Say a type with its limits, in the words of JSON."""
    if isinstance(kind, inspect.UnionType):
        return " or ".join(describe(one) for one in kind.types)
    if isinstance(kind, inspect.ListType):
        return f"list of {describe(kind.item_type)}{_limits(kind)}"
    if isinstance(kind, inspect.LiteralType):
        return " | ".join(str(value) for value in kind.values)
    name = type(kind).__name__
    return KINDS.get(name, "object") + _limits(kind)


def _limits(kind: inspect.Type) -> str:
    names = {"min_length": "≥", "max_length": "≤", "ge": "≥", "gt": ">", "le": "≤", "lt": "<", "pattern": "~"}
    given = [(sign, getattr(kind, name, None)) for name, sign in names.items()]
    said = [f"{sign} {value}" for sign, value in given if value is not None]
    return f" ({', '.join(said)})" if said else ""
