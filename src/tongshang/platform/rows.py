"""Rows to nouns and back: how a record becomes a frozen dataclass or Struct, and how one becomes an insert."""

import dataclasses
import types
import typing
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, cast

import msgspec

K = TypeVar("K")
_ABSENT = object()
_PLAIN = frozenset({"int", "str", "bool", "bytes", "float", "UUID", "datetime", "date", "Decimal"})


@lru_cache(maxsize=1024)
def _plan(kind: Any) -> tuple[tuple[str, Any], ...]:
    """List the fields of a kind with the type each needs converting to (None where the driver's value will do)."""
    info = msgspec.inspect.type_info(kind)
    if not isinstance(info, msgspec.inspect.StructType | msgspec.inspect.DataclassType):
        raise TypeError(f"{kind} is neither a dataclass nor a Struct")
    hints = typing.get_type_hints(kind)
    plan = []
    for field in info.fields:
        hint = hints[field.name]
        # The parts of "UUID | None"; those of list[UUID] do not count, its items come as JSON's strings.
        union = typing.get_origin(hint) in (typing.Union, types.UnionType)
        parts = [a for a in (typing.get_args(hint) if union else (hint,)) if a is not type(None)]
        plain = len(parts) == 1 and getattr(parts[0], "__name__", "") in _PLAIN
        plan.append((field.name, None if plain or hint is Any else hint))
    return tuple(plan)


def load(kind: type[K], record: Any) -> K:
    """Make a noun of a record; every field of the noun must be a column, other columns are ignored."""
    values: dict[str, Any] = {}
    for name, hint in _plan(kind):  # type: ignore[arg-type]  # a type is hashable; a cast would cost a call a row
        value = record.get(name, _ABSENT)
        if value is not _ABSENT:  # a column that was not asked for keeps the field's default
            values[name] = value if hint is None or value is None else msgspec.convert(value, hint)
    return kind(**values)


@lru_cache(maxsize=256)
def _insert_sql(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(("merchant_id", *columns))
    holes = ", ".join(f"${i}" for i in range(1, len(columns) + 2))
    return f"insert into {table} ({names}) values ({holes})"


def insert(table: str, row: Any) -> tuple[str, list[Any]]:
    """Make the insert of a noun: the statement (merchant_id is $1) and its other arguments."""
    columns = tuple(_columns(cast(Any, type(row))))
    return _insert_sql(table, columns), [_plain(getattr(row, name)) for name in columns]


@lru_cache(maxsize=256)
def _columns(kind: Any) -> tuple[str, ...]:
    if dataclasses.is_dataclass(kind):
        return tuple(f.name for f in dataclasses.fields(kind) if f.name != "merchant_id")
    return tuple(name for name in kind.__struct_fields__ if name != "merchant_id")


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
